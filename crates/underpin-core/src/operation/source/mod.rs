//! An operation as the Rust that makes it. What is written is the value and nothing else: an operation with a
//! property that has no words here is written as SQL by who asks.

mod chain;
mod column;
mod part;
mod value;

use self::{chain::Chain, column::column, part::constraint, value::name};
use super::{
    AddColumn, AlterEnum, Batch, DropColumn, DropConstraint, DropEnum, DropIndex, DropTable, Enumeration,
    Operation, RenameTable, Table, TableComment,
    constraint::DroppedKind,
    enumeration::{EnumChange, ValuePlace},
};
use crate::model::ModelOption;

impl Operation {
    /// The Rust that does it, from the method of `op` to its arguments; nothing where it has a property that is
    /// not written here.
    ///
    /// ```
    /// use underpin_core::operation::*;
    ///
    /// let added = Operation::from(AddColumn::new("orders", Column::new("note", text()).nullable()));
    /// let source = added.source().expect("all of it has words");
    /// assert_eq!(source, "add_column(\"orders\", Column::new(\"note\", text()).nullable())");
    /// ```
    pub fn source(&self) -> Option<String> {
        Some(match self {
            Self::CreateTable(made) => call("create_table", &[table(made)?.text()]),
            Self::DropTable(DropTable { name: gone, if_exists: false, existing: None }) => {
                call("drop_table", &[format!("DropTable::new({})", name(gone)?)])
            }
            Self::RenameTable(RenameTable { from, to }) => call("rename_table", &[name(from)?, quoted(to)]),
            Self::AddColumn(AddColumn { table, column: added, if_not_exists: false }) => {
                call("add_column", &[name(table)?, column(added)?.text()])
            }
            Self::DropColumn(DropColumn { table, column, if_exists: false, existing: None }) => {
                call("drop_column", &[name(table)?, quoted(column)])
            }
            Self::AlterColumn(change) => {
                let head = format!("AlterColumn::new({}, {})", name(&change.table)?, quoted(&change.column));
                call("alter_column", &[column::alteration(head, change)?.text()])
            }
            Self::CreateIndex(made) => call("create_index", &[part::index(made)?.text()]),
            Self::DropIndex(gone) => call("drop_index", &[drop_index(gone)?]),
            Self::AddConstraint(added) if !added.if_not_exists => {
                call("add_constraint", &[name(&added.table)?, constraint(&added.constraint)?.text()])
            }
            Self::DropConstraint(gone) => match drop_constraint(gone)? {
                Dropped::Named(own) => call("drop_constraint", &[name(&gone.table)?, quoted(own)]),
                Dropped::Key(whole) => call("perform", &[whole]),
            },
            Self::CreateEnum(made) => call("create_enum", &[enumeration(made)?.text()]),
            Self::AlterEnum(change) => call("alter_enum", &[alter_enum(change)?.text()]),
            Self::DropEnum(DropEnum { name: gone, if_exists: false, existing: None }) => {
                call("drop_enum", &[format!("DropEnum::new({})", name(gone)?)])
            }
            Self::CommentOnTable(comment) => call("comment_on_table", &[table_comment(comment)?]),
            Self::Batch(batch) => self::batch(batch)?,
            _ => return None,
        })
    }
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// A call, on one line or with an argument to each.
fn call(method: &str, arguments: &[String]) -> String {
    let inline = format!("{method}({})", arguments.join(", "));
    if inline.len() <= chain::WIDTH && !inline.contains('\n') {
        return inline;
    }
    let lines: Vec<String> = arguments.iter().map(|argument| chain::indented(argument)).collect();
    format!("{method}(\n{},\n)", lines.join(",\n"))
}

fn table(made: &Table) -> Option<Chain> {
    let Table {
        name: own,
        columns,
        primary_key,
        uniques,
        checks,
        foreign_keys,
        exclusions,
        indexes,
        comment,
        options,
        parameters,
        if_not_exists,
    } = made;
    if !exclusions.is_empty() || *if_not_exists {
        return None;
    }
    let mut chain = Chain::tall(format!("Table::new({})", name(own)?));
    for one in columns {
        chain.call("column", &column(one)?.text());
    }
    if let Some(key) = primary_key {
        chain.call("primary_key", &part::primary_key(key)?.text());
    }
    for unique in uniques {
        chain.call("unique", &part::unique(unique)?.text());
    }
    for check in checks {
        chain.call("check", &part::check(check)?.text());
    }
    for key in foreign_keys {
        chain.call("foreign_key", &part::foreign_key(key)?.text());
    }
    for index in indexes {
        chain.call("index", &part::index(index)?.text());
    }
    if let Some(comment) = comment {
        chain.call("comment", &quoted(comment));
    }
    for (flavour, option, value) in options {
        let option: &ModelOption = option;
        chain.call("option", &format!("Flavour::{flavour:?}, TableOption::{option:?}, {value:?}"));
    }
    for (flavour, option, value) in parameters {
        chain.call("parameter", &format!("Flavour::{flavour:?}, {option:?}, {value:?}"));
    }
    Some(chain)
}

fn drop_index(gone: &DropIndex) -> Option<String> {
    let DropIndex { table, name: own, concurrently, if_exists: false, existing: None } = gone else {
        return None;
    };
    let mut chain = Chain::new(format!("DropIndex::new({}, {own:?})", name(table)?));
    chain.flag(*concurrently, "concurrently");
    Some(chain.text())
}

/// A constraint that goes by its name, or the one that needs none.
enum Dropped<'a> {
    Named(&'a str),
    Key(String),
}

fn drop_constraint(gone: &DropConstraint) -> Option<Dropped<'_>> {
    let DropConstraint { table, name: own, kind, if_exists: false, existing: None } = gone else {
        return None;
    };
    match (own, kind) {
        (Some(own), None) => Some(Dropped::Named(own)),
        (None, Some(DroppedKind::PrimaryKey)) => {
            Some(Dropped::Key(format!("DropConstraint::primary_key({})", name(table)?)))
        }
        _ => None,
    }
}

fn enumeration(made: &Enumeration) -> Option<Chain> {
    let Enumeration { model, if_not_exists: false } = made else { return None };
    let mut chain = Chain::new(format!("Enumeration::new({}, {})", name(&model.name)?, value::values(model)));
    if let Some(comment) = &model.comment {
        chain.call("comment", &quoted(comment));
    }
    Some(chain)
}

fn alter_enum(change: &AlterEnum) -> Option<Chain> {
    let AlterEnum { name: own, changes, used_by, rename, existing } = change;
    if !used_by.is_empty() || rename.is_some() || existing.is_some() {
        return None;
    }
    let mut chain = Chain::new(format!("AlterEnum::new({})", name(own)?));
    for change in changes {
        match change {
            EnumChange::Add { value, place: ValuePlace::End } => chain.call("add", &quoted(value)),
            EnumChange::Add { value, place: ValuePlace::Before(other) } => {
                chain.call("add_before", &format!("{value:?}, {other:?}"));
            }
            EnumChange::Add { value, place: ValuePlace::After(other) } => {
                chain.call("add_after", &format!("{value:?}, {other:?}"));
            }
            EnumChange::Rename { from, to } => chain.call("rename", &format!("{from:?}, {to:?}")),
            EnumChange::Remove { value } => chain.call("remove", &quoted(value)),
        }
    }
    Some(chain)
}

fn table_comment(said: &TableComment) -> Option<String> {
    let TableComment { table, comment, existing: None } = said else { return None };
    Some(match comment {
        Some(comment) => format!("TableComment::new({}, {comment:?})", name(table)?),
        None => format!("TableComment::none({})", name(table)?),
    })
}

/// Several changes of a table, as calls on what the closure is given.
fn batch(said: &Batch) -> Option<String> {
    let mut chain = Chain::new("table".to_owned());
    for operation in &said.operations {
        match operation {
            Operation::AddColumn(added) if !added.if_not_exists => {
                chain.call("add_column", &column(&added.column)?.text());
            }
            Operation::DropColumn(DropColumn { column, if_exists: false, existing: None, .. }) => {
                chain.call("drop_column", &quoted(column));
            }
            Operation::AlterColumn(change) => {
                let change_of = column::alteration("column".to_owned(), change)?;
                chain.call("alter_column", &format!("{:?}, |column| {}", change.column, change_of.text()));
            }
            Operation::CreateIndex(made) => {
                let mut own = made.clone();
                own.table = None;
                chain.call("create_index", &part::index(&own)?.text());
            }
            Operation::DropIndex(gone) if !gone.concurrently => {
                drop_index(gone)?;
                chain.call("drop_index", &quoted(&gone.name));
            }
            Operation::AddConstraint(added) if !added.if_not_exists => {
                chain.call("add_constraint", &constraint(&added.constraint)?.text());
            }
            Operation::DropConstraint(gone) => match drop_constraint(gone)? {
                Dropped::Named(own) => chain.call("drop_constraint", &quoted(own)),
                Dropped::Key(whole) => chain.call("with", &whole),
            },
            Operation::CommentOnTable(comment) => chain.call("with", &table_comment(comment)?),
            _ => return None,
        }
    }
    Some(format!("batch({}, |table| {{\n{}\n}})", name(&said.table)?, chain::indented(&chain.text())))
}
