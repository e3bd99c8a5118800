//! What runs in a database: routines, triggers, row-level policies.

use serde::Serialize;

use super::{ObjectId, Options};

/// A function or a procedure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Routine {
    /// The statement that makes it, as the server writes it.
    pub create: String,
    /// What it gives back; `None` for a procedure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns: Option<String>,
    /// Its arguments with names and defaults: what forbids `CREATE OR REPLACE` when it changes.
    pub signature: String,
    /// `definer`, `sql_mode`, `security`, where they are not within the statement.
    #[serde(skip_serializing_if = "Options::is_empty")]
    pub options: Options,
}

/// A trigger of a table or a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// The table or view.
    pub on: ObjectId,
    /// The statement that makes it, as the server writes it.
    pub create: String,
    /// `enabled` (PostgreSQL: `always`, `replica`, `disabled`), `order`, `definer`, `sql_mode`.
    #[serde(skip_serializing_if = "Options::is_empty")]
    pub options: Options,
}

/// A row-level policy of a table (PostgreSQL).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// The table.
    pub on: ObjectId,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE`, `DELETE`.
    pub command: String,
    /// Whether it permits rather than restricts.
    pub permissive: bool,
    /// The roles that it is for, sorted; `public` for all.
    pub roles: Vec<String>,
    /// Which rows are seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// Which rows may be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_check: Option<String>,
}
