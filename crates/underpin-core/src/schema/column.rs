//! A column of a table.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Grant, Options, SequenceOptions};

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type with everything that belongs to it, as the server writes it: `numeric(12,2)`,
    /// `int unsigned`. On SQLite as declared, and empty where nothing was declared.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Whether it may be null.
    pub nullable: bool,
    /// Its default, as an expression of SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What it is computed from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
    /// The sequence behind it, where SQL calls that an identity (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// `AUTO_INCREMENT` (MySQL, MariaDB), `AUTOINCREMENT` (SQLite).
    #[serde(skip_serializing_if = "is_false")]
    pub auto_increment: bool,
    /// Its collation, where it is not the one that it would have anyway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// Its character set, where it is not the one that it would have anyway (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// What an update of the row sets it to (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_update: Option<String>,
    /// Whether `SELECT *` leaves it out.
    #[serde(skip_serializing_if = "is_false")]
    pub invisible: bool,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What one dialect alone knows: `storage`, `compression`, `srid`, `on_conflict`.
    #[serde(skip_serializing_if = "Options::is_empty")]
    pub options: Options,
    /// Who may do what with this column alone (PostgreSQL).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub grants: BTreeSet<Grant>,
}

/// What a column is computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Generated {
    /// The expression, without its outer parentheses.
    pub expression: String,
    /// Whether it is stored with the row rather than computed when it is read.
    pub stored: bool,
}

/// An identity: `GENERATED … AS IDENTITY`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Whether a value of one's own is refused: `ALWAYS` rather than `BY DEFAULT`.
    pub always: bool,
    /// The sequence behind it.
    pub sequence: SequenceOptions,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
const fn is_false(value: &bool) -> bool {
    !*value
}
