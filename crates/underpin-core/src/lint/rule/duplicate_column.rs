use crate::{
    dialect::Flavour::{Mysql, Postgres, Sqlite},
    statement::{Action, ActionKind, AlterTable, Statement},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-column",
    summary: "a column that is there twice",
    flavours: ALL,
    why: "The server refuses a second column of the same name. Where it may be there already, say IF NOT \
          EXISTS (PostgreSQL, MariaDB), or look what the revisions before it have made.",
    examples: &[
        Example::bad(Postgres, "CREATE TABLE orders (id int, note text, id bigint)"),
        Example::bad(Mysql, "CREATE TABLE orders (id int, ID bigint)"),
        Example::bad(Sqlite, "ALTER TABLE t ADD a int").after("CREATE TABLE t (a int)"),
        Example::good(Postgres, "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int")
            .after("CREATE TABLE t (a int)"),
        Example::good(Mysql, "ALTER TABLE t RENAME COLUMN a TO b, ADD a int AS (b)")
            .after("CREATE TABLE t (a int)"),
        Example::good(Postgres, "CREATE TABLE orders (id int, \"ID\" bigint)"),
    ],
    check: Check::Statement(check),
};

/// Whether the statement takes the name from the column that has it.
fn freed(context: &Context<'_>, alter: &AlterTable, name: &str) -> bool {
    alter.actions.iter().any(|action| match &action.kind {
        ActionKind::RenameColumn { from: column, .. } | ActionKind::DropColumn { column, .. } => {
            context.catalog.same(column, name)
        }
        ActionKind::Redefine { from, column } => {
            context.catalog.same(from, name) && !context.catalog.same(&column.name, name)
        }
        _ => false,
    })
}

fn check(context: &Context<'_>) -> Vec<Found> {
    let of = |name: &str| {
        let message = format!("there is a column {name} already");
        Found::new(Severity::Note, message, "another name, or IF NOT EXISTS where the server has it")
    };
    match context.statement {
        Statement::CreateTable(create) => {
            let twice = create.columns.iter().enumerate().filter(|(index, column)| {
                create.columns[..*index].iter().any(|other| context.catalog.same(&other.name, &column.name))
            });
            twice.map(|(_, column)| of(&column.name)).collect()
        }
        Statement::AlterTable(alter) => {
            let known = context.table(&alter.table);
            let twice = |action: &Action| match &action.kind {
                ActionKind::AddColumn { column, if_not_exists: false }
                    if !freed(context, alter, &column.name) =>
                {
                    let there = known.and_then(|table| table.column(&column.name));
                    there
                        .filter(|there| context.catalog.same(&there.name, &column.name))
                        .map(|_| of(&column.name).at(action))
                }
                _ => None,
            };
            alter.actions.iter().filter_map(twice).collect()
        }
        _ => Vec::new(),
    }
}
