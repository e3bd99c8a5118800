use crate::{
    dialect::Flavour::{Mysql, Postgres, Sqlite},
    statement::{ActionKind, AlterView, Drop, ObjectClass, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "drop-view",
    summary: "a view that old programs still read",
    flavours: ALL,
    why: "Programs of the release before run until all are replaced, and fail at the first query that names the \
          view. Release programs that don't read it first, and drop it in the release after that. A view that the \
          same file makes again is none that goes.",
    examples: &[
        Example::bad(Postgres, "DROP VIEW sold"),
        Example::bad(Postgres, "DROP MATERIALIZED VIEW IF EXISTS sold CASCADE"),
        Example::bad(Mysql, "DROP VIEW sold, bought"),
        Example::bad(Sqlite, "DROP VIEW sold"),
        Example::good(Postgres, "DROP VIEW sold; CREATE VIEW sold AS SELECT 1 AS a"),
        Example::good(Postgres, "DROP VIEW sold; ALTER VIEW bought RENAME TO sold"),
        Example::good(Mysql, "CREATE VIEW sold AS SELECT 1 AS a; DROP VIEW sold"),
        Example::good(Postgres, "DROP MATERIALIZED VIEW sold; CREATE TABLE sold (a int)"),
        Example::good(Sqlite, "DROP VIEW IF EXISTS sold").after("CREATE TABLE t (a int)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::Drop(drop) = context.statement else { return Vec::new() };
    if !matches!(drop.class, ObjectClass::View | ObjectClass::MaterializedView) {
        return Vec::new();
    }
    let gone = drop.names.iter().filter(|view| was_there(context, drop, view) && !made_again(context, view));
    gone.map(of).collect()
}

fn of(view: &ObjectName) -> Found {
    let message = format!("programs that read {view} fail from now on");
    let help = "first release programs that don't read it; drop it in the release after that";
    Found::new(Severity::Warning, message, help)
}

fn was_there(context: &Context<'_>, drop: &Drop, view: &ObjectName) -> bool {
    let absent = drop.if_exists && context.catalog.is_complete() && context.catalog.view(view).is_none();
    context.in_use(view) && !absent
}

/// Whether something of the same name takes its place.
fn made_again(context: &Context<'_>, view: &ObjectName) -> bool {
    let same = |name: &str| context.catalog.same(name, &view.name);
    context.later().iter().any(|statement| match statement {
        Statement::CreateView(create) => same(&create.view.name),
        Statement::CreateTable(create) => create.table.as_ref().is_some_and(|table| same(&table.name)),
        Statement::AlterView(AlterView { renamed: Some(to), .. }) => same(to),
        Statement::RenameTables(renamed) => renamed.iter().any(|(_, to)| same(&to.name)),
        Statement::AlterTable(alter) => alter.actions.iter().any(|action| match &action.kind {
            ActionKind::RenameTable { to } => same(&to.name),
            _ => false,
        }),
        _ => false,
    })
}
