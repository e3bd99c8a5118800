use crate::{
    dialect::Flavour::{Mariadb, Mysql, Sqlite},
    statement::{
        Action, ActionKind, ColumnDefinition, ConstraintDefinition, ConstraintKind, ObjectName, Statement,
    },
};

use super::{
    super::{Context, Found, Severity, rebuild::Rebuild},
    Check, Example, NOT_POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "data-dependent-unique",
    summary: "unique over rows that may be equal",
    flavours: NOT_POSTGRES,
    why: "Rows that are equal make it fail, and only where the data is. On MySQL and MariaDB what stood \
          before it in the file is done then; `ALTER IGNORE TABLE` of MariaDB deletes all but one of them \
          instead. Look for such rows first. (On PostgreSQL this is `unique-constraint-lock`; an index \
          that was built concurrently has found them.)",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE orders ADD UNIQUE KEY code (code)"),
        Example::bad(Mysql, "ALTER TABLE orders ADD CONSTRAINT code UNIQUE (code, `other`)"),
        Example::bad(Mysql, "CREATE UNIQUE INDEX code ON orders (code)"),
        Example::bad(Mysql, "ALTER TABLE orders DROP INDEX code, ADD UNIQUE INDEX code (code)")
            .after("CREATE TABLE orders (code int, KEY code (code))"),
        Example::bad(Mariadb, "ALTER IGNORE TABLE orders ADD UNIQUE (code)"),
        Example::bad(Mysql, "ALTER TABLE orders MODIFY code int UNIQUE"),
        Example::bad(Sqlite, "CREATE UNIQUE INDEX IF NOT EXISTS code ON orders (code)"),
        Example::bad(Mysql, "ALTER TABLE orders ADD PRIMARY KEY (code)"),
        Example::bad(
            Sqlite,
            "CREATE TABLE n (a int UNIQUE); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int)"),
        Example::good(
            Sqlite,
            "CREATE TABLE n (b int UNIQUE); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int UNIQUE)"),
        Example::good(Mysql, "ALTER TABLE orders DROP PRIMARY KEY, ADD PRIMARY KEY (code)"),
        Example::good(Mysql, "ALTER TABLE orders DROP PRIMARY KEY, ADD PRIMARY KEY (id, day)")
            .after("CREATE TABLE orders (id int PRIMARY KEY, day date NOT NULL)"),
        Example::bad(Mysql, "ALTER TABLE orders DROP PRIMARY KEY, ADD PRIMARY KEY (day)")
            .after("CREATE TABLE orders (id int PRIMARY KEY, day date NOT NULL)"),
        Example::good(Mysql, "ALTER TABLE orders ADD n int AUTO_INCREMENT, ADD PRIMARY KEY (n)"),
        Example::good(Sqlite, "CREATE INDEX code ON orders (code)"),
        Example::good(Sqlite, "CREATE TABLE orders (code int); CREATE UNIQUE INDEX code ON orders (code)"),
        Example::good(Mysql, "ALTER TABLE orders ADD COLUMN code int; ALTER TABLE orders ADD UNIQUE (code)"),
        Example::good(Mysql, "ALTER TABLE orders ADD COLUMN code int UNIQUE"),
        Example::good(Mysql, "ALTER TABLE t ADD UNIQUE (a, b)")
            .after("CREATE TABLE t (a int, b int, UNIQUE (a))"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if context.flavour == Sqlite && matches!(context.statement, Statement::Drop(_)) {
        return rebuilt(context);
    }
    if let Statement::CreateIndex(index) = context.statement {
        let Some(table) = index.table.as_ref().filter(|table| index.unique && context.in_use(table)) else {
            return Vec::new();
        };
        let columns: Vec<&str> = index.columns().collect();
        let whole = columns.len() == index.parts.len();
        return of(context, table, &columns, whole).into_iter().collect();
    }
    context.actions_in_use().filter_map(|(table, action)| added(context, table, action)).collect()
}

fn added(context: &Context<'_>, table: &ObjectName, action: &Action) -> Option<Found> {
    let found = match &action.kind {
        ActionKind::AddIndex(index) if index.unique => {
            let columns: Vec<&str> = index.columns().collect();
            of(context, table, &columns, columns.len() == index.parts.len())
        }
        ActionKind::AddConstraint(constraint) => match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } if !replaced(context, table, columns) => {
                of(context, table, &columns.iter().map(String::as_str).collect::<Vec<_>>(), true)
            }
            ConstraintKind::Unique { columns, .. } => {
                of(context, table, &columns.iter().map(String::as_str).collect::<Vec<_>>(), true)
            }
            _ => None,
        },
        ActionKind::Redefine { from, column } if column.unique() => of(context, table, &[from], true),
        // Every row gets the same value.
        ActionKind::AddColumn { column, .. } if column.unique() && column.not_null() && !counted(column) => {
            let help = "a nullable column, filled before it becomes unique";
            let message = format!(
                "it fails if {table} has more than one row, because all get the same {}",
                column.name
            );
            Some(Found::new(Severity::Warning, message, help))
        }
        _ => None,
    }?;
    Some(found.at(action))
}

/// Whether a primary key takes the place of another, or has a column that the server counts.
fn replaced(context: &Context<'_>, table: &ObjectName, columns: &[String]) -> bool {
    // What tells rows apart does so with more columns, too; whether it did is not known without the schema.
    let wider = context
        .table(table)
        .and_then(|table| table.primary_key())
        .is_none_or(|key| key.iter().all(|part| columns.iter().any(|name| context.catalog.same(name, part))));
    context.actions_in_use().any(|(_, action)| match &action.kind {
        ActionKind::DropPrimaryKey => wider,
        ActionKind::AddColumn { column, .. } => {
            counted(column) && columns.iter().any(|name| name.eq_ignore_ascii_case(&column.name))
        }
        _ => false,
    })
}

/// Keys that a rebuild of SQLite brings, over values that the old table had.
fn rebuilt(context: &Context<'_>) -> Vec<Found> {
    let Some(rebuild) = Rebuild::at(context) else { return Vec::new() };
    let copied = rebuild.copy.is_some_and(|copy| !copy.ignore);
    if !copied || !context.table(rebuild.old).is_some_and(|table| table.complete) {
        return Vec::new();
    }
    let key = |constraint: &ConstraintDefinition| {
        let (ConstraintKind::Unique { columns, .. } | ConstraintKind::PrimaryKey { columns, .. }) =
            &constraint.kind
        else {
            return None;
        };
        let sources: Option<Vec<String>> = columns.iter().map(|column| rebuild.source(column)).collect();
        let sources = sources?;
        of(context, rebuild.old, &sources.iter().map(String::as_str).collect::<Vec<_>>(), true)
    };
    rebuild.create.all_constraints().filter_map(key).collect()
}

fn counted(column: &ColumnDefinition) -> bool {
    column.auto_increment || column.serial()
}

/// Whether the columns, which are all that the index is of if it is `whole`, may be equal in two rows.
fn of(context: &Context<'_>, table: &ObjectName, columns: &[&str], whole: bool) -> Option<Found> {
    let fresh = |column: &&str| !context.column_in_use(table, column) && made_here(context, table, column);
    if whole && (columns.iter().any(fresh) || unique_already(context, table, columns)) {
        return None;
    }
    let of = columns.join(", ");
    let quoted = columns.iter().map(|column| context.quoted_part(column)).collect::<Vec<_>>().join(", ");
    let ignore = context.alter().is_some_and(|alter| alter.ignore);
    let message = if ignore {
        format!("rows of {table} that are equal in {of} are deleted but for one")
    } else {
        format!("it fails if two rows of {table} are equal in {of}")
    };
    let severity = if ignore { Severity::Error } else { Severity::Warning };
    let help = format!(
        "SELECT {quoted}, count(*) FROM {} GROUP BY {quoted} HAVING count(*) > 1; first",
        context.quoted(table)
    );
    Some(Found::new(severity, message, help))
}

/// A column without a value in any row: NULL is equal to nothing.
fn made_here(context: &Context<'_>, table: &ObjectName, column: &str) -> bool {
    context.column(table, column).is_some_and(|column| column.nullable && column.default.is_none())
}

fn unique_already(context: &Context<'_>, table: &ObjectName, columns: &[&str]) -> bool {
    let Some(table) = context.table(table) else { return false };
    table.indexes.iter().any(|index| {
        let of = index.columns();
        index.unique
            && !index.partial
            && of.len() == index.parts.len()
            && of.iter().all(|name| columns.iter().any(|column| column.eq_ignore_ascii_case(name)))
    })
}
