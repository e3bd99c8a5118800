//! The rules: each in a file of its own, with its id, its reasons and examples that its tests run.

mod access_change;
mod blocking_index;
mod blocking_index_drop;
mod blocking_refresh;
mod blocking_reindex;
mod blocking_vacuum_cluster;
mod check_validate;
mod concurrently_in_transaction;
mod domain_constraint;
mod enum_order;
mod enum_value_used_same_tx;
mod exclusion_constraint_lock;
mod fk_validate;
mod index_corruption;
mod invalid_index;
mod lock_on_referenced_table;
mod mixed_data_and_schema;
mod not_null_scan;
mod partition_attach_scan;
mod partition_detach;
mod pk_lock;
mod rename_enum_value;
mod retype;
mod table_rewrite;
mod type_change;
mod unique_constraint_lock;
mod validate_in_same_transaction;
mod volatile;

use crate::{dialect::Flavour, statement::Statement};

use super::{Context, Found, Script};

/// A rule.
pub struct Rule {
    /// Its id, as settings, notes and findings have it.
    pub id: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// The servers that it is for.
    pub flavours: &'static [Flavour],
    /// Why it is dangerous, and what to do, in Markdown.
    pub why: &'static str,
    /// Texts with and without a finding.
    pub examples: &'static [Example],
    /// How it is found.
    pub check: Check,
}

/// How a rule finds something.
#[derive(Clone, Copy)]
pub enum Check {
    /// It is asked about each statement.
    Statement(fn(&Context<'_>) -> Vec<Found>),
    /// It is asked about the script as a whole, once.
    Script(fn(&Script<'_>, &[Statement]) -> Vec<Found>),
}

/// A text with or without a finding.
pub struct Example {
    /// The server that it is for.
    pub flavour: Flavour,
    /// Its version, `16`; empty for the newest that is known.
    pub version: &'static str,
    /// The schema as it stands before; empty if nothing is known of it.
    pub before: &'static str,
    /// The statements.
    pub sql: &'static str,
    /// Whether the rule finds something.
    pub found: bool,
}

impl Example {
    /// Statements in which the rule finds something.
    pub const fn bad(flavour: Flavour, sql: &'static str) -> Self {
        Self { flavour, version: "", before: "", sql, found: true }
    }

    /// Statements in which the rule finds nothing.
    pub const fn good(flavour: Flavour, sql: &'static str) -> Self {
        Self { flavour, version: "", before: "", sql, found: false }
    }

    /// The same on a server of this version.
    #[must_use]
    pub const fn on(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// The same on a database that these statements made.
    #[must_use]
    pub const fn after(mut self, before: &'static str) -> Self {
        self.before = before;
        self
    }
}

/// Every flavour.
const ALL: &[Flavour] = &Flavour::ALL;
/// PostgreSQL alone.
const POSTGRES: &[Flavour] = &[Flavour::Postgres];

/// Every rule, by id.
pub static RULES: &[&Rule] = &[
    &access_change::RULE,
    &blocking_index::RULE,
    &blocking_index_drop::RULE,
    &blocking_refresh::RULE,
    &blocking_reindex::RULE,
    &blocking_vacuum_cluster::RULE,
    &check_validate::RULE,
    &concurrently_in_transaction::RULE,
    &domain_constraint::RULE,
    &enum_order::RULE,
    &enum_value_used_same_tx::RULE,
    &exclusion_constraint_lock::RULE,
    &fk_validate::RULE,
    &index_corruption::RULE,
    &invalid_index::RULE,
    &lock_on_referenced_table::RULE,
    &mixed_data_and_schema::RULE,
    &not_null_scan::RULE,
    &partition_attach_scan::RULE,
    &partition_detach::RULE,
    &pk_lock::RULE,
    &rename_enum_value::RULE,
    &table_rewrite::RULE,
    &type_change::RULE,
    &unique_constraint_lock::RULE,
    &validate_in_same_transaction::RULE,
];

impl Rule {
    /// The rule of this id.
    pub fn named(id: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.id == id).copied()
    }
}
