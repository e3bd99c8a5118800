//! A change in stages that a busy database can live with: each becomes a revision of its own, in this
//! order. Which locks a server takes for what is the dialect's knowledge, not said here.

use serde::Serialize;

use super::Statement;
use crate::{
    dialect::{Dialect, Flavour, mysql},
    schema::ServerVersion,
};

/// What a stage is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// Everything that takes a strong lock for a moment only; and what has no better way.
    Change,
    /// The rows that were there before are held against the new constraints, while others write.
    Validate,
    /// Indexes are built and dropped, while others write.
    Index,
    /// Foreign keys that need a key of the stage before.
    ForeignKey,
    /// The rows that were there before are held against those.
    ValidateForeignKey,
}

/// Statements that belong into one revision, and those that take them back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// What it is about.
    pub kind: StageKind,
    /// Its statements.
    pub upgrade: Vec<Statement>,
    /// The statements of the way back.
    pub downgrade: Vec<Statement>,
    /// What of it blocks others though it is a stage, in sentences without a full stop.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

impl StageKind {
    /// Every kind, in the order in which they follow each other.
    pub const ALL: [Self; 5] =
        [Self::Change, Self::Validate, Self::Index, Self::ForeignKey, Self::ValidateForeignKey];

    /// What the message of a revision ends with that is not the first of its change.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Change => "change tables",
            Self::Validate => "validate constraints",
            Self::Index => "build indexes",
            Self::ForeignKey => "add foreign keys",
            Self::ValidateForeignKey => "validate foreign keys",
        }
    }
}

impl Stage {
    /// Whether a transaction can hold it, on its way up and on its way down.
    pub fn is_transactional(&self) -> bool {
        self.upgrade.iter().chain(&self.downgrade).all(|statement| statement.in_transaction)
    }

    /// Everything that blocks others for as long as it takes, each thing once.
    pub fn blocking(&self, flavour: Flavour) -> Vec<String> {
        let mut remarks = self.remarks.clone();
        if flavour.dialect() == Dialect::Mysql {
            remarks
                .extend(self.upgrade.iter().filter_map(|statement| mysql::change::blocking(&statement.sql)));
        }
        remarks.dedup();
        remarks
    }

    /// The whole of a change as one stage.
    pub(crate) fn whole(upgrade: Vec<Statement>, downgrade: Vec<Statement>) -> Self {
        Self { kind: StageKind::Change, upgrade, downgrade, remarks: Vec::new() }
    }
}

impl Statement {
    /// The same statement with a weaker assertion of how it is done, for a server that has refused this one;
    /// nothing where it asserts nothing. Only MySQL and MariaDB have such assertions (`ALGORITHM`, `LOCK`).
    #[must_use]
    pub fn asserting_less(&self, flavour: Flavour, version: ServerVersion) -> Option<Self> {
        match flavour.dialect() {
            Dialect::Mysql => mysql::change::weaker(flavour, version, &self.sql).map(Self::new),
            Dialect::Postgres | Dialect::Sqlite => None,
        }
    }
}
