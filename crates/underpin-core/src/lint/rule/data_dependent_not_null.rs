use crate::{
    dialect::Flavour::{Mariadb, Mysql, Sqlite},
    statement::{Action, ActionKind, ObjectName, RowChange, RowVerb, Statement},
};

use super::{
    super::{
        Context, Found, Severity,
        rebuild::{Rebuild, same},
    },
    Check, Example, NOT_POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "data-dependent-not-null",
    summary: "NOT NULL over rows that may be null",
    flavours: NOT_POSTGRES,
    why: "Rows that are null make it fail, and only where the data is: not on the machine on which it was \
          written. On MySQL and MariaDB what stood before it in the file is done then. Look for such rows \
          first, and fill them in a revision of its own. (On PostgreSQL this is `not-null-scan`.)",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE orders MODIFY note varchar(10) NOT NULL")
            .after("CREATE TABLE orders (note varchar(10))"),
        Example::bad(Mysql, "ALTER TABLE orders CHANGE note note varchar(10) NOT NULL"),
        Example::bad(Mariadb, "ALTER TABLE orders MODIFY COLUMN IF EXISTS total int NOT NULL DEFAULT 0"),
        Example::bad(Sqlite, "ALTER TABLE orders ALTER COLUMN note SET NOT NULL"),
        Example::bad(
            Sqlite,
            "PRAGMA foreign_keys = off; CREATE TABLE n (a int NOT NULL); INSERT \
            INTO n (a) SELECT a FROM t; \
        DROP TABLE t; ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int)"),
        Example::good(
            Sqlite,
            "PRAGMA foreign_keys = off; CREATE TABLE n (a int NOT NULL); INSERT \
            INTO n (a) SELECT ifnull(a, 0) \
        FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int)"),
        Example::good(
            Sqlite,
            "UPDATE t SET a = 1 WHERE a IS NULL; CREATE TABLE n (a int NOT NULL); INSERT INTO n (a) SELECT a \
            FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int)"),
        Example::good(Mysql, "ALTER TABLE t MODIFY a bigint NOT NULL").after(
            "CREATE TABLE t (a int \
            NOT NULL)",
        ),
        Example::good(Mysql, "ALTER TABLE orders MODIFY note varchar(20)"),
        Example::good(Mysql, "CREATE TABLE t (a int); ALTER TABLE t MODIFY a int NOT NULL"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if context.flavour == Sqlite && matches!(context.statement, Statement::Drop(_)) {
        return rebuilt(context);
    }
    let found = |(table, action): (&ObjectName, &Action)| {
        let column = narrowed(context, table, &action.kind)?;
        Some(of(context, table, column).at(action))
    };
    context.actions_in_use().filter_map(found).collect()
}

fn of(context: &Context<'_>, table: &ObjectName, column: &str) -> Found {
    let message = format!("it fails if a row of {table} is null in {column}");
    let help = format!(
        "UPDATE {} SET {} = … WHERE {} IS NULL; in a revision before",
        context.quoted(table),
        context.quoted_part(column),
        context.quoted_part(column)
    );
    Found::new(Severity::Warning, message, help)
}

/// The column that can't be null after the action, and may be before.
pub(super) fn narrowed<'a>(
    context: &Context<'_>,
    table: &ObjectName,
    action: &'a ActionKind,
) -> Option<&'a str> {
    let column = match action {
        ActionKind::SetNotNull { column } => column,
        ActionKind::Redefine { from, column } if column.not_null() => from,
        _ => return None,
    };
    let nullable = context.column(table, column).is_none_or(|column| column.nullable);
    (nullable && context.column_in_use(table, column)).then_some(column.as_str())
}

/// Whether a statement before has given a value to every row that had none.
fn filled(context: &Context<'_>, table: &ObjectName, column: &str) -> bool {
    let fills = |change: &RowChange| {
        let sets = change.columns.iter().any(|set| set.eq_ignore_ascii_case(column));
        let about = change.table.as_ref().is_some_and(|of| same(of, table));
        let nulls = change.condition.as_ref().is_some_and(|condition| {
            let [name, rest @ ..] = condition.names.as_slice() else { return false };
            let words: Vec<String> = rest.iter().map(|word| word.to_uppercase()).collect();
            name.eq_ignore_ascii_case(column) && words == ["IS", "NULL"]
        });
        change.verb == RowVerb::Update && about && sets && (nulls || !change.chosen)
    };
    let before = context.earlier().iter();
    before.into_iter().any(|earlier| matches!(earlier, Statement::Rows(change) if fills(change)))
}

fn rebuilt(context: &Context<'_>) -> Vec<Found> {
    let Some(rebuild) = Rebuild::at(context) else { return Vec::new() };
    let Some(before) = context.table(rebuild.old) else { return Vec::new() };
    let narrowed = rebuild.create.columns.iter().filter(|column| column.not_null() && !column.primary_key());
    narrowed
        .filter(|column| {
            let Some(source) = rebuild.source(&column.name) else { return false };
            let nullable = before.column(&source).is_some_and(|before| before.nullable);
            nullable && !filled(context, &before.name, &source)
        })
        .map(|column| of(context, rebuild.old, &column.name))
        .collect()
}
