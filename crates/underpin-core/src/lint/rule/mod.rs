//! The rules: each in a file of its own, with its id, its reasons and examples that its tests run.

mod access_change;
mod auto_increment_column;
mod backfill_in_migration;
mod blocking_index;
mod blocking_index_drop;
mod blocking_refresh;
mod blocking_reindex;
mod blocking_repair;
mod blocking_vacuum_cluster;
mod cascade;
mod check_validate;
mod column_type;
mod concurrently_in_transaction;
mod data_dependent_not_null;
mod data_dependent_unique;
mod ddl_implicit_commit;
mod default_change;
mod delete_without_where;
mod domain_constraint;
mod drop_column;
mod drop_database;
mod drop_foreign_key;
mod drop_key;
mod drop_not_null;
mod drop_schema;
mod drop_sequence;
mod drop_table;
mod drop_view;
mod duplicate_column;
mod enum_order;
mod enum_value_used_same_tx;
mod exclusion_constraint_lock;
mod explicit_lock;
mod fk_validate;
mod identifier_too_long;
mod implicit_update;
mod index_corruption;
mod invalid_index;
mod lock_on_referenced_table;
mod lock_on_source_table;
mod mixed_data_and_schema;
mod mysql_copy_algorithm;
mod mysql_inline_references;
mod mysql_instant;
mod mysql_lock_option;
mod mysql_row_version_limit;
mod non_idempotent;
mod not_null_implicit_conversion;
mod not_null_scan;
mod partial_failure;
mod partition_attach_scan;
mod partition_detach;
mod partition_exchange;
mod pk_lock;
mod precision_loss;
mod rebuild_in_place;
mod rename_column;
mod rename_enum_value;
mod rename_schema;
mod rename_table;
mod replaced_rows;
mod required_column;
mod schema_unqualified;
mod sqlite_in_transaction;
mod sqlite_rebuild_foreign_keys;
mod sqlite_rebuild_loss;
mod sqlite_rebuild_rename_order;
mod sqlite_unsupported_alter;
mod sqlite_whole_file;
mod sqlite_writable_schema;
mod table_rewrite;
mod too_many_operations;
mod transaction_nesting;
mod triggers_off;
mod truncate;
mod truncate_cascade;
mod type_change;
mod uncommitted_transaction;
mod undescriptive_message;
mod unique_constraint_lock;
mod unsupported_syntax;
mod update_without_where;
mod validate_in_same_transaction;
mod wide_index;

use crate::{
    dialect::Flavour,
    statement::{ActionKind, ColumnDefinition, ObjectName, Statement},
};

use super::{Context, Example, Found, Script, Severity, Wrapping};

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

impl Rule {
    /// How bad its findings are where no setting says otherwise, the worst first: as the examples have it, in
    /// plain SQL and in a revision.
    pub fn severities(&self) -> Vec<Severity> {
        let examples = self.examples.iter().filter(|example| example.found);
        let findings = examples.flat_map(|example| {
            [Wrapping::Plain, Wrapping::Transaction]
                .into_iter()
                .flat_map(|wrapping| example.findings(wrapping))
        });
        let mut severities: Vec<Severity> =
            findings.filter(|finding| finding.rule == self.id).map(|finding| finding.severity).collect();
        severities.sort_unstable();
        severities.dedup();
        severities.reverse();
        severities
    }
}

/// Every flavour.
const ALL: &[Flavour] = &Flavour::ALL;
/// Those that run as servers.
const SERVERS: &[Flavour] = &[Flavour::Postgres, Flavour::Mysql, Flavour::Mariadb];
/// All but PostgreSQL.
const NOT_POSTGRES: &[Flavour] = &[Flavour::Sqlite, Flavour::Mysql, Flavour::Mariadb];
/// MySQL and MariaDB.
const MYSQL: &[Flavour] = &[Flavour::Mysql, Flavour::Mariadb];
/// MySQL alone.
const MYSQL_ONLY: &[Flavour] = &[Flavour::Mysql];
/// SQLite alone.
const SQLITE: &[Flavour] = &[Flavour::Sqlite];
/// PostgreSQL alone.
const POSTGRES: &[Flavour] = &[Flavour::Postgres];

/// Every rule, by id.
pub static RULES: &[&Rule] = &[
    &access_change::RULE,
    &auto_increment_column::RULE,
    &backfill_in_migration::RULE,
    &blocking_index::RULE,
    &blocking_index_drop::RULE,
    &blocking_refresh::RULE,
    &blocking_reindex::RULE,
    &blocking_repair::RULE,
    &blocking_vacuum_cluster::RULE,
    &cascade::RULE,
    &check_validate::RULE,
    &column_type::RULE,
    &concurrently_in_transaction::RULE,
    &data_dependent_not_null::RULE,
    &data_dependent_unique::RULE,
    &ddl_implicit_commit::RULE,
    &default_change::RULE,
    &delete_without_where::RULE,
    &domain_constraint::RULE,
    &drop_column::RULE,
    &drop_database::RULE,
    &drop_foreign_key::RULE,
    &drop_key::RULE,
    &drop_not_null::RULE,
    &drop_schema::RULE,
    &drop_sequence::RULE,
    &drop_table::RULE,
    &drop_view::RULE,
    &duplicate_column::RULE,
    &enum_order::RULE,
    &enum_value_used_same_tx::RULE,
    &exclusion_constraint_lock::RULE,
    &explicit_lock::RULE,
    &fk_validate::RULE,
    &identifier_too_long::RULE,
    &implicit_update::RULE,
    &index_corruption::RULE,
    &invalid_index::RULE,
    &lock_on_referenced_table::RULE,
    &lock_on_source_table::RULE,
    &mixed_data_and_schema::RULE,
    &mysql_copy_algorithm::RULE,
    &mysql_inline_references::RULE,
    &mysql_instant::RULE,
    &mysql_lock_option::RULE,
    &mysql_row_version_limit::RULE,
    &non_idempotent::RULE,
    &not_null_implicit_conversion::RULE,
    &not_null_scan::RULE,
    &partial_failure::RULE,
    &partition_attach_scan::RULE,
    &partition_detach::RULE,
    &partition_exchange::RULE,
    &pk_lock::RULE,
    &precision_loss::RULE,
    &rebuild_in_place::RULE,
    &rename_column::RULE,
    &rename_enum_value::RULE,
    &rename_schema::RULE,
    &rename_table::RULE,
    &replaced_rows::RULE,
    &required_column::RULE,
    &schema_unqualified::RULE,
    &sqlite_in_transaction::RULE,
    &sqlite_rebuild_foreign_keys::RULE,
    &sqlite_rebuild_loss::RULE,
    &sqlite_rebuild_rename_order::RULE,
    &sqlite_unsupported_alter::RULE,
    &sqlite_whole_file::RULE,
    &sqlite_writable_schema::RULE,
    &table_rewrite::RULE,
    &too_many_operations::RULE,
    &transaction_nesting::RULE,
    &triggers_off::RULE,
    &truncate::RULE,
    &truncate_cascade::RULE,
    &type_change::RULE,
    &uncommitted_transaction::RULE,
    &undescriptive_message::RULE,
    &unique_constraint_lock::RULE,
    &unsupported_syntax::RULE,
    &update_without_where::RULE,
    &validate_in_same_transaction::RULE,
    &wide_index::RULE,
];

/// The rules that are off until a setting says how bad their findings are: a matter of style.
const ASKED_FOR: &[&str] = &[non_idempotent::RULE.id, schema_unqualified::RULE.id];

impl Rule {
    /// Whether it is off until a setting says how bad its findings are.
    pub fn is_asked_for(&self) -> bool {
        ASKED_FOR.contains(&self.id)
    }

    /// The rule of this id.
    pub fn named(id: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.id == id).copied()
    }
}

/// The statement that adds a column without its constraints, which are then added one by one.
fn add_bare(context: &Context<'_>, table: &ObjectName, column: &ColumnDefinition) -> String {
    let data_type = column.data_type.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
    let default = column.default.as_ref().map(|it| format!(" DEFAULT {}", it.text)).unwrap_or_default();
    let not_null = if column.nullable == Some(false) { " NOT NULL" } else { "" };
    let (table, name) = (context.quoted(table), context.quoted_part(&column.name));
    format!("ALTER TABLE {table} ADD COLUMN {name}{data_type}{default}{not_null}; ")
}

/// The columns that a statement makes.
fn new_columns(statement: &Statement) -> Vec<&ColumnDefinition> {
    match statement {
        Statement::CreateTable(create) => create.columns.iter().collect(),
        Statement::AlterTable(alter) => {
            let added = alter.actions.iter().filter_map(|action| match &action.kind {
                ActionKind::AddColumn { column, .. } => Some(column),
                _ => None,
            });
            added.collect()
        }
        _ => Vec::new(),
    }
}
