use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres, Sqlite},
    statement::{Action, ActionKind, AlterType, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity, rebuild::Rebuild},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "drop-column",
    summary: "a column that is dropped with its values",
    flavours: ALL,
    why: "The values are gone, and programs of the release before, which run until all are replaced, fail \
          at the first query that names the column. First release programs that don't use it, then drop it \
          in a later release. A generated column that is not stored has no values, and one that the same \
          file has made has none either.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders DROP COLUMN IF EXISTS note"),
        Example::bad(Postgres, "alter table orders drop note, drop column \"Other\" cascade"),
        Example::bad(Postgres, "ALTER TYPE address DROP ATTRIBUTE zip CASCADE"),
        Example::bad(Mysql, "ALTER TABLE `orders` ADD a int, DROP `note`"),
        Example::bad(Mariadb, "ALTER TABLE orders DROP COLUMN IF EXISTS note"),
        Example::bad(Sqlite, "ALTER TABLE orders DROP COLUMN note"),
        Example::bad(
            Sqlite,
            "CREATE TABLE n (a int); INSERT INTO n (a) SELECT a FROM t; DROP TABLE t; \
        ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int, b int)"),
        Example::bad(
            Sqlite,
            "CREATE TABLE n (a int, b int); INSERT INTO n (a) SELECT a FROM t; DROP TABLE t; \
        ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int, b int)"),
        Example::good(
            Sqlite,
            "CREATE TABLE n (a int, b text); INSERT INTO n (a, b) SELECT a, b FROM t; DROP TABLE t; \
        ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int, b int)"),
        Example::good(Mysql, "ALTER TABLE t DROP COLUMN g")
            .after("CREATE TABLE t (a int, g int AS (a + 1) VIRTUAL)"),
        Example::bad(Mysql, "ALTER TABLE t DROP COLUMN g")
            .after("CREATE TABLE t (a int, g int AS (a + 1) STORED)"),
        Example::good(Postgres, "ALTER TABLE orders ADD note text; ALTER TABLE orders DROP note"),
        Example::good(Mysql, "CREATE TABLE t (a int, b int); ALTER TABLE t DROP b"),
        Example::good(
            Mysql,
            "ALTER TABLE t DROP INDEX i, DROP FOREIGN KEY f, DROP CHECK c, DROP PARTITION p",
        ),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if context.flavour == Sqlite && matches!(context.statement, Statement::Drop(_)) {
        return lost(context);
    }
    if let Statement::AlterType(AlterType::Other { name, what }) = context.statement
        && what == "DROP ATTRIBUTE"
    {
        let message = format!("the values of an attribute of {name} are lost in every column of that type");
        return vec![Found::new(Severity::Error, message, "first release programs without it")];
    }
    let found = |(table, action): (&ObjectName, &Action)| {
        let ActionKind::DropColumn { column, if_exists, .. } = &action.kind else { return None };
        let known = context.column(table, column);
        let computed = known.is_some_and(|column| column.generated == Some(false));
        let absent =
            *if_exists && known.is_none() && context.table(table).is_some_and(|table| table.complete);
        if computed || absent || !context.column_in_use(table, column) {
            return None;
        }
        Some(of(table, column).by(context, table, action))
    };
    context.actions_in_use().filter_map(found).collect()
}

fn of(table: &ObjectName, column: &str) -> Found {
    let message = format!(
        "the values of {column} in {table} are lost, and programs that name the column fail from now on"
    );
    Found::new(
        Severity::Error,
        message,
        "first release programs without it; drop it in the release after that",
    )
}

/// Columns that a rebuild of SQLite leaves behind.
fn lost(context: &Context<'_>) -> Vec<Found> {
    let Some(rebuild) = Rebuild::at(context) else { return Vec::new() };
    let Some(before) = context.table(rebuild.old) else { return Vec::new() };
    let left = before.columns.iter().filter(|column| column.generated != Some(false));
    let lost = left.filter(|column| !rebuild.keeps(&column.name));
    lost.map(|column| of(rebuild.old, &column.name).locking(context, rebuild.old)).collect()
}
