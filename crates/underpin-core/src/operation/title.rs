//! What an operation is called in a plan, a log and an error: `add column orders.note`.

use super::{Constraint, Operation};
use crate::model::ModelName;

impl Operation {
    /// What it does, in a few words.
    ///
    /// ```
    /// use underpin_core::operation::*;
    ///
    /// let operation = Operation::from(AddColumn::new("orders", Column::new("note", string())));
    /// assert_eq!(operation.title(), "add column orders.note");
    /// ```
    pub fn title(&self) -> String {
        match self {
            Self::CreateTable(table) => format!("create table {}", shown(&table.name)),
            Self::DropTable(table) => format!("drop table {}", shown(&table.name)),
            Self::RenameTable(table) => format!("rename table {} to {}", shown(&table.from), table.to),
            Self::AddColumn(add) => format!("add column {}.{}", shown(&add.table), add.column.model.name),
            Self::DropColumn(drop) => format!("drop column {}.{}", shown(&drop.table), drop.column),
            Self::AlterColumn(change) => format!("alter column {}.{}", shown(&change.table), change.column),
            Self::CreateIndex(index) => {
                let name = index.model.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
                let table = index.table.as_ref().map_or_else(|| "no table".to_owned(), shown);
                format!("create index{name} on {table}")
            }
            Self::DropIndex(drop) => format!("drop index {} on {}", drop.name, shown(&drop.table)),
            Self::AddConstraint(add) => format!("add {} to {}", kind(&add.constraint), shown(&add.table)),
            Self::DropConstraint(drop) => {
                let name = drop
                    .name
                    .as_ref()
                    .map_or_else(|| "primary key".to_owned(), |name| format!("constraint {name}"));
                format!("drop {name} of {}", shown(&drop.table))
            }
            Self::CreateEnum(made) => format!("create enum {}", shown(&made.model.name)),
            Self::AlterEnum(change) => format!("alter enum {}", shown(&change.name)),
            Self::DropEnum(drop) => format!("drop enum {}", shown(&drop.name)),
            Self::CreateSequence(made) => format!("create sequence {}", shown(&made.name)),
            Self::AlterSequence(change) => format!("alter sequence {}", shown(&change.name)),
            Self::DropSequence(drop) => format!("drop sequence {}", shown(&drop.name)),
            Self::CreateView(view) => format!("create view {}", shown(&view.name)),
            Self::ReplaceView(view) => format!("replace view {}", shown(&view.name)),
            Self::DropView(drop) => format!("drop view {}", shown(&drop.name)),
            Self::CreateFunction(made) => format!("create {} {}", routine(made.procedure), shown(&made.name)),
            Self::ReplaceFunction(made) => {
                format!("replace {} {}", routine(made.procedure), shown(&made.name))
            }
            Self::DropFunction(drop) => format!("drop {} {}", routine(drop.procedure), shown(&drop.name)),
            Self::CreateTrigger(made) => format!("create trigger {} on {}", made.name, shown(&made.table)),
            Self::ReplaceTrigger(made) => format!("replace trigger {} on {}", made.name, shown(&made.table)),
            Self::DropTrigger(drop) => format!("drop trigger {} on {}", drop.name, shown(&drop.table)),
            Self::CommentOnTable(comment) => format!("comment on table {}", shown(&comment.table)),
            Self::CommentOnColumn(comment) => {
                format!("comment on column {}.{}", shown(&comment.table), comment.column)
            }
            Self::Execute(_) => "execute SQL".to_owned(),
            Self::BulkInsert(rows) => format!("insert {} rows into {}", rows.rows.len(), shown(&rows.table)),
            Self::Batch(batch) => {
                format!("{} changes of table {}", batch.operations.len(), shown(&batch.table))
            }
        }
    }
}

/// A name with the namespace that it has anywhere.
fn shown(name: &ModelName) -> String {
    name.schema(crate::dialect::Flavour::Postgres)
        .map_or_else(|| name.name.clone(), |schema| format!("{schema}.{}", name.name))
}

const fn routine(procedure: bool) -> &'static str {
    if procedure { "procedure" } else { "function" }
}

fn kind(constraint: &Constraint) -> String {
    let (words, name) = match constraint {
        Constraint::PrimaryKey(key) => ("primary key", key.name.as_ref()),
        Constraint::Unique(unique) => ("unique constraint", unique.model.name.as_ref()),
        Constraint::Check(check) => ("check", check.model.name.as_ref()),
        Constraint::ForeignKey(key) => ("foreign key", key.model.name.as_ref()),
        Constraint::Exclusion(exclusion) => ("exclusion constraint", exclusion.name.as_ref()),
    };
    name.map_or_else(|| words.to_owned(), |name| format!("{words} {name}"))
}
