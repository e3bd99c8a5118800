//! SQLite: one lock for the database, and which statements touch every row (manual: "ALTER TABLE",
//! "File Locking And Concurrency"). There are no versions to tell apart: what an older one can't do it
//! refuses.

use crate::statement::{
    ActionKind, AlterTable, ColumnDefinition, Maintenance, ObjectName, RowVerb, Statement, TransactionControl,
};

use super::{LockMode, gathering::Gathering};

/// What a statement does, of SQLite.
pub(super) fn gather(gathering: &mut Gathering<'_>, statement: &Statement) {
    if !writes(statement) {
        return;
    }
    gathering.lock_object(ObjectName::plain("main"), LockMode::Writer);
    match statement {
        Statement::AlterTable(alter) => altered(gathering, alter),
        Statement::CreateIndex(index) => {
            if let Some(table) = &index.table {
                gathering.build(table, 1);
            }
        }
        Statement::Rows(change) => {
            if let Some(table) = &change.table
                && !change.chosen
                && matches!(change.verb, RowVerb::Update | RowVerb::Delete)
            {
                gathering.scan(table);
            }
        }
        Statement::Maintenance(Maintenance::Vacuum { .. }) => {
            let tables: Vec<ObjectName> =
                gathering.catalog.tables().map(|table| table.name.clone()).collect();
            for table in tables {
                gathering.rewrite(&table);
            }
        }
        Statement::Other(_) => gathering.unknown(),
        _ => {}
    }
}

/// Whether it writes to the file. What is not known is taken to.
fn writes(statement: &Statement) -> bool {
    match statement {
        Statement::CreateTable(create) => !create.temporary,
        Statement::Transaction(
            TransactionControl::Begin
            | TransactionControl::Commit
            | TransactionControl::Rollback
            | TransactionControl::Savepoint,
        )
        | Statement::Set(_) => false,
        Statement::Other(words) => !words.starts_with("SELECT") && !words.starts_with("EXPLAIN"),
        _ => true,
    }
}

fn altered(gathering: &mut Gathering<'_>, alter: &AlterTable) {
    for action in &alter.actions {
        match &action.kind {
            ActionKind::AddColumn { column, .. } if looks_at_rows(column) => gathering.scan(&alter.table),
            ActionKind::DropColumn { .. } => gathering.rewrite(&alter.table),
            ActionKind::AddConstraint(_) | ActionKind::SetNotNull { .. } => gathering.scan(&alter.table),
            _ => {}
        }
    }
}

/// Rows are read only to be checked: the value of a new column stands in the schema.
fn looks_at_rows(column: &ColumnDefinition) -> bool {
    column.checked() || (column.not_null() && column.generated.is_some())
}
