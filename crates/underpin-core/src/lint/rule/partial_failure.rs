use std::collections::HashSet;

use crate::{
    dialect::Flavour::Mysql,
    statement::{AlterTable, ObjectClass, ObjectName, Statement},
};

use super::{
    super::{
        Found, Script, Severity, Wrapping,
        rebuild::{created, same},
    },
    Check, Example, MYSQL, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "partial-failure",
    summary: "several changes of the schema in a text that is no transaction",
    flavours: MYSQL,
    why: "On MySQL and MariaDB every change of the schema is committed by itself: where the second fails, \
          the first is done. Several actions in one ALTER TABLE are atomic. Underpin notes which \
          statements of a revision are done, and goes on behind them, so that there it is worth a note; so \
          it is for tables that the text makes itself.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE a ADD b int; ALTER TABLE c ADD d int"),
        Example::good(Mysql, "ALTER TABLE a ADD b int, ADD c int"),
    ],
    check: Check::Script(check),
};

fn check(script: &Script<'_>, statements: &[Statement]) -> Vec<Found> {
    let count = statements.iter().filter(|statement| statement.changes_schema()).count();
    if count < 2 {
        return Vec::new();
    }
    // The journal of a revision knows which of them are done.
    let journalled = script.wrapping != Wrapping::Plain;
    let severity = if halves(statements) && !journalled { Severity::Warning } else { Severity::Note };
    let message = format!("{count} statements change the schema, and each is committed by itself");
    vec![Found::new(severity, message, "one ALTER TABLE with several actions, or a revision for each")]
}

/// Whether two statements change tables that were there before, and could be one, or two revisions.
fn halves(statements: &[Statement]) -> bool {
    let made = |table: &ObjectName| created(statements, table).is_some();
    let old: Vec<(&ObjectName, &Statement)> = statements
        .iter()
        .filter_map(|statement| Some((changed(statement)?, statement)))
        .filter(|(table, _)| !made(table))
        .collect();
    let Some(((first, one), rest)) = old.split_first() else { return false };
    rest.iter().any(|(table, other)| !same(table, first) || alike(one, other))
}

/// The table that a statement changes.
fn changed(statement: &Statement) -> Option<&ObjectName> {
    match statement {
        Statement::AlterTable(alter) => Some(&alter.table),
        Statement::CreateIndex(index) => index.table.as_ref(),
        Statement::Drop(drop) if drop.class == ObjectClass::Index => drop.table.as_ref(),
        Statement::Drop(drop) if drop.class == ObjectClass::Table && !drop.temporary => drop.names.first(),
        Statement::RenameTables(renamed) => renamed.first().map(|(from, _)| from),
        Statement::Truncate { tables, .. } => tables.first(),
        _ => None,
    }
}

/// Whether two changes of one table are of the same kind, so that one statement does both as cheaply. What is
/// instant and what is not are better apart.
fn alike(one: &Statement, other: &Statement) -> bool {
    match (one, other) {
        (Statement::CreateIndex(_), Statement::CreateIndex(_)) => true,
        (Statement::AlterTable(one), Statement::AlterTable(other)) => {
            let kinds = |alter: &AlterTable| {
                alter
                    .actions
                    .iter()
                    .map(|action| std::mem::discriminant(&action.kind))
                    .collect::<HashSet<_>>()
            };
            kinds(one) == kinds(other)
        }
        _ => false,
    }
}
