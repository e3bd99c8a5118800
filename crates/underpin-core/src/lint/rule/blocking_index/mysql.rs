//! Indexes that MySQL and MariaDB build while writers wait: of words, of places, of expressions.

use crate::{
    impact::Concurrency,
    statement::{Action, ActionKind, AlterTable, IndexDefinition, Statement},
};

use super::super::super::{Context, Found, Severity, mysql};

pub(super) fn check(context: &Context<'_>) -> Vec<Found> {
    match context.statement {
        Statement::AlterTable(alter) if context.in_use(&alter.table) => {
            let indexes = alter.actions.iter().filter_map(|action| match &action.kind {
                ActionKind::AddIndex(_) => built(context, alter, action).map(|found| found.at(action)),
                _ => None,
            });
            indexes.collect()
        }
        Statement::CreateIndex(index) => created(context, index).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn created(context: &Context<'_>, index: &IndexDefinition) -> Option<Found> {
    let table = index.table.clone().filter(|table| context.in_use(table))?;
    let alter = AlterTable {
        algorithm: index.algorithm.clone(),
        lock: index.lock.clone(),
        ..AlterTable::of(table, ActionKind::AddIndex(index.clone()))
    };
    built(context, &alter, &alter.actions[0])
}

fn built(context: &Context<'_>, alter: &AlterTable, action: &Action) -> Option<Found> {
    let way = mysql::way(context, alter, action);
    if way.concurrency == Concurrency::None || mysql::copies(way) {
        return None;
    }
    let table = &alter.table;
    if alter.lock.as_deref() == Some("NONE") {
        let message = "the server refuses this with LOCK=NONE";
        return Some(Found::new(Severity::Warning, message, "in a window, without LOCK"));
    }
    let message = format!("writers of {table} wait until the index is built");
    let help = "in a window: neither MySQL nor MariaDB builds a FULLTEXT or SPATIAL index, or MySQL \
        one of an \
                expression, while others write. Instead of an expression: a VIRTUAL column and an index on it";
    Some(Found::new(Severity::Warning, message, help).lock(format!("{way} on {table}")))
}
