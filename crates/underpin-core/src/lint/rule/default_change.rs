use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres},
    statement::{Action, ActionKind, ColumnDefinition, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "default-change",
    summary: "another default, or none any more",
    flavours: ALL,
    why: "Rows that are there keep their value, and programs that insert without the column get another \
          one from now on, or fail where the column is NOT NULL and has none any more. MODIFY and CHANGE of MySQL and \
          MariaDB say a column again as a whole: a DEFAULT or an AUTO_INCREMENT that is left out is dropped. An ORM that names every column never sees the new default.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new'"),
        Example::bad(Postgres, "ALTER TABLE orders ALTER state DROP DEFAULT"),
        Example::bad(Mysql, "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new'"),
        Example::bad(
            Postgres,
            "ALTER TABLE orders ADD n int NOT NULL DEFAULT 1; ALTER TABLE orders ALTER n DROP DEFAULT",
        ),
        Example::bad(Mysql, "ALTER TABLE orders ADD n int NOT NULL DEFAULT 1, ALTER n DROP DEFAULT"),
        Example::bad(Postgres, "ALTER TABLE orders ALTER COLUMN id DROP IDENTITY"),
        Example::good(
            Postgres,
            "CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY); ALTER TABLE orders ALTER id DROP IDENTITY",
        ),
        Example::bad(Mysql, "ALTER TABLE t MODIFY a int NOT NULL")
            .after("CREATE TABLE t (a int NOT NULL DEFAULT 5)"),
        Example::bad(Mariadb, "ALTER TABLE t MODIFY id bigint NOT NULL")
            .after("CREATE TABLE t (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY)"),
        Example::good(Mysql, "ALTER TABLE t MODIFY a int NOT NULL DEFAULT 6")
            .after("CREATE TABLE t (a int NOT NULL DEFAULT 5)"),
        Example::good(Mariadb, "ALTER TABLE t MODIFY a bigint").after("CREATE TABLE t (a int DEFAULT 5)"),
        Example::good(
            Mariadb,
            "ALTER TABLE t MODIFY id bigint NOT NULL; ALTER TABLE t MODIFY id bigint NOT NULL AUTO_INCREMENT",
        )
        .after("CREATE TABLE t (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY)"),
        Example::good(
            Postgres,
            "ALTER TABLE orders ADD n int DEFAULT 1; ALTER TABLE orders ALTER n DROP DEFAULT",
        ),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let changed = |(table, action): (&ObjectName, &Action)| changed(context, table, action);
    context.actions_in_use().filter_map(changed).collect()
}

fn changed(context: &Context<'_>, table: &ObjectName, action: &Action) -> Option<Found> {
    let (column, severity, fails) = match &action.kind {
        ActionKind::SetDefault { column, .. } => (column, Severity::Note, false),
        ActionKind::DropDefault { column } => {
            let fails = wanted(context, table, column);
            (column, if fails { Severity::Warning } else { Severity::Note }, fails)
        }
        // A column that counts is never null.
        ActionKind::Identity { column, dropped: true } if !is_new(context, table, column) => {
            (column, Severity::Warning, true)
        }
        // Whoever says a column again says its default again, or forgets it.
        ActionKind::Redefine { from, column } if forgets(context, table, from, column) => {
            (from, Severity::Warning, true)
        }
        _ => return None,
    };
    let (message, help) = if fails {
        let message = format!("programs that insert into {table} without {column} fail from now on");
        (message, "keep the default until every program gives a value")
    } else {
        let message =
            format!("programs that insert into {table} without {column} get another value from now on");
        (message, "look at who inserts without the column")
    };
    let harmless = is_new(context, table, column) && !fails;
    (!harmless && !given_later(context, table, column))
        .then(|| Found::new(severity, message, help).at(action))
}

/// Whether a column is known to want a value that nothing gives once it has no default.
fn wanted(context: &Context<'_>, table: &ObjectName, column: &str) -> bool {
    let freed = |action: &Action| match &action.kind {
        ActionKind::DropNotNull { column: of } => context.catalog.same(of, column),
        _ => false,
    };
    if context.alter().is_some_and(|alter| alter.actions.iter().any(freed)) {
        return false;
    }
    if let Some(added) = added(context, column) {
        let given = added.generated.is_some() || added.identity || added.auto_increment || added.serial();
        return added.not_null() && !given;
    }
    context
        .column(table, column)
        .is_some_and(|known| !known.nullable && known.generated.is_none() && !known.counted)
}

/// Whether the text makes the column itself.
fn is_new(context: &Context<'_>, table: &ObjectName, column: &str) -> bool {
    added(context, column).is_some() || !context.column_in_use(table, column)
}

/// The column of this name that the same statement adds.
fn added<'a>(context: &Context<'a>, column: &str) -> Option<&'a ColumnDefinition> {
    context.alter()?.actions.iter().find_map(|action| match &action.kind {
        ActionKind::AddColumn { column: added, .. } => {
            Some(added).filter(|added| context.catalog.same(&added.name, column))
        }
        _ => None,
    })
}

/// Whether a column that wants a value is said again without what gave it one. (A `timestamp` may get one from
/// the server.)
fn forgets(context: &Context<'_>, table: &ObjectName, from: &str, to: &ColumnDefinition) -> bool {
    let Some(known) = context.column(table, from) else { return false };
    let given = known.default.as_ref().is_some_and(|default| !default.is_null());
    let gives = to.default.is_some() || to.generated.is_some() || to.auto_increment || to.serial();
    let timed = to.data_type.as_ref().is_some_and(|it| it.name == "timestamp");
    let wants = to.not_null() || known.counted && !known.nullable;
    (known.counted || given) && wants && !gives && !timed
}

/// Whether the rest of the file gives the column a default again.
fn given_later(context: &Context<'_>, table: &ObjectName, column: &str) -> bool {
    let gives = |kind: &ActionKind| match kind {
        ActionKind::SetDefault { column: of, .. } => context.catalog.same(of, column),
        ActionKind::Redefine { from, column: to } => {
            context.catalog.same(from, column) && (to.default.is_some() || to.auto_increment)
        }
        _ => false,
    };
    context.later().iter().any(|statement| match statement {
        Statement::AlterTable(alter) => {
            alter.table == *table && alter.actions.iter().any(|action| gives(&action.kind))
        }
        _ => false,
    })
}
