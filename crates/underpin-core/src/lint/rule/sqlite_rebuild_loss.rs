use crate::{
    catalog::{Index, Table, Trigger},
    dialect::Flavour::Sqlite,
    statement::{ConstraintKind, IndexPart, Statement},
};

use super::{
    super::{
        Context, Found, Severity,
        rebuild::{Rebuild, same},
    },
    Check, Example, Rule, SQLITE,
};

pub(super) static RULE: Rule = Rule {
    id: "sqlite-rebuild-loss",
    summary: "a rebuild that leaves rows, values, keys, indexes or triggers behind",
    flavours: SQLITE,
    why: "A rebuild copies what its author has thought of, and DROP TABLE takes the rest, without an error. A \
          WHERE, a LIMIT, a join or OR IGNORE in the copy leaves rows out; `SELECT *` gives values by their \
          place and not by their name; `CREATE TABLE … AS SELECT` knows no key, no default and no NOT NULL; \
          indexes and triggers go with the old table, a UNIQUE INDEX among them; without AUTOINCREMENT the numbers \
          of deleted rows are given again. Name the columns on both \
          sides, copy every row, and make indexes and triggers again. `underpin generate` writes all of \
          that. (A column that is lost is `drop-column`.)",
    examples: &[
        Example::bad(Sqlite, "CREATE TABLE n (a int, b int); INSERT INTO n SELECT a, b FROM t WHERE b > 0; DROP TABLE t; ALTER TABLE n RENAME TO t"),
        Example::bad(Sqlite, "CREATE TABLE n (a int); INSERT INTO n SELECT a FROM t LIMIT 1000; DROP TABLE t; ALTER TABLE n RENAME TO t"),
        Example::bad(Sqlite, "CREATE TABLE n (a int); INSERT INTO n SELECT x.a FROM t x JOIN o ON o.a = x.a; DROP TABLE t; ALTER TABLE n RENAME TO t"),
        Example::bad(Sqlite, "CREATE TABLE n (a int UNIQUE); INSERT OR IGNORE INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t"),
        Example::bad(Sqlite, "CREATE TABLE n (b int, a int); INSERT INTO n SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t").after("CREATE TABLE t (a int, b int)"),
        Example::bad(Sqlite, "CREATE TABLE n (a int, b int); INSERT INTO n (a, b) SELECT b, a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t"),
        Example::bad(Sqlite, "CREATE TABLE n AS SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t"),
        Example::bad(Sqlite, "CREATE TABLE n (a int); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t").after("CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a)"),
        Example::bad(Sqlite, "CREATE TABLE n (a int); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t").after("CREATE TABLE t (a int); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END"),
        Example::bad(Sqlite, "CREATE TABLE n (a int UNIQUE); REPLACE INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t"),
        Example::bad(Sqlite, "CREATE TABLE n (a integer PRIMARY KEY); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t").after("CREATE TABLE t (a integer PRIMARY KEY AUTOINCREMENT)"),
        Example::good(Sqlite, "CREATE TABLE n (a integer PRIMARY KEY AUTOINCREMENT); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t").after("CREATE TABLE t (a integer PRIMARY KEY AUTOINCREMENT)"),
        Example::good(Sqlite, "CREATE TABLE n (a int); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t; CREATE INDEX i ON t (a); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END")
            .after("CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (b); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END"),
        Example::good(Sqlite, "CREATE TABLE n (a int, c int); INSERT INTO n SELECT * FROM t x WHERE 1 ORDER BY a; DROP TABLE t; ALTER TABLE n RENAME TO t").after("CREATE TABLE t (a int, b int)"),
        Example::good(Sqlite, "CREATE TABLE n (a int, b int); INSERT INTO n (b, a) SELECT b, a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t").after("CREATE TABLE t (a int, b int)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Some(rebuild) = Rebuild::at(context).filter(|rebuild| context.in_use(rebuild.old)) else {
        return Vec::new();
    };
    let before = context.table(rebuild.old);
    let mut found: Vec<Found> = rows(context, &rebuild).into_iter().collect();
    found.extend(mixed_up(&rebuild, before));
    found.extend(keys(&rebuild, before));
    found.extend(counted(&rebuild, before));
    if let Some(table) = before {
        found.extend(indexes(context, &rebuild, table));
        found.extend(triggers(context, &rebuild, table));
    }
    found
}

/// Rows that the copy leaves out. Of several copies each may have a share.
fn rows(context: &Context<'_>, rebuild: &Rebuild<'_>) -> Option<Found> {
    let copy = rebuild.copy?;
    let another = context.script.iter().any(|statement| match statement {
        Statement::Rows(change) => change.from_query && change != copy && change.table == copy.table,
        _ => false,
    });
    let all = copy.selection.as_ref().is_none_or(|selection| selection.every_row)
        && !copy.ignore
        && !copy.deletes_others;
    let message = format!("rows of {} that the copy leaves out are lost", rebuild.old);
    let help = "copy every row; delete in a revision of its own what nobody needs";
    (!all && !another).then(|| Found::new(Severity::Error, message, help))
}

/// A column that gets the values of another one although the table had and has both.
fn mixed_up(rebuild: &Rebuild<'_>, before: Option<&Table>) -> Option<Found> {
    let pairs = rebuild.pairs();
    let source_of = |column: &str| pairs.iter().find(|(target, _)| target.eq_ignore_ascii_case(column));
    let had = |target: &str| match before.filter(|table| table.complete) {
        Some(table) => table.column(target).is_some(),
        // Not known: two that are exchanged are enough.
        None => {
            pairs.iter().any(|(_, source)| source.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(target)))
        }
    };
    let (target, source) = pairs.iter().find_map(|(target, source)| {
        let source = source.as_ref().filter(|source| !source.eq_ignore_ascii_case(target))?;
        let own = source_of(source).and_then(|(_, source)| source.as_ref());
        let elsewhere = own.is_some_and(|own| !own.eq_ignore_ascii_case(source));
        (elsewhere && had(target)).then_some((target, source))
    })?;
    let message = format!("{target} of {} gets the values of {source}", rebuild.old);
    Some(Found::new(Severity::Error, message, "the same columns in the same order on both sides, by name"))
}

/// Keys, defaults and NOT NULL, which a table made of a query does not have.
fn keys(rebuild: &Rebuild<'_>, before: Option<&Table>) -> Option<Found> {
    let plain = |table: &Table| {
        let bare = table.columns.iter().all(|column| column.nullable && column.default.is_none());
        table.complete && table.constraints.is_empty() && bare
    };
    let lost = rebuild.create.as_query && rebuild.copy.is_none() && !before.is_some_and(plain);
    let message = format!("the new {} has no key, no default and no NOT NULL", rebuild.old);
    let help = "CREATE TABLE with all columns and constraints, then INSERT INTO … SELECT";
    lost.then(|| Found::new(Severity::Warning, message, help))
}

/// AUTOINCREMENT that the new table does not have, so that a number may come to mean another row.
fn counted(rebuild: &Rebuild<'_>, before: Option<&Table>) -> Option<Found> {
    let column = before?.columns.iter().find(|column| column.counted)?;
    let counts = rebuild.create.as_query || rebuild.create.columns.iter().any(|it| it.auto_increment);
    if counts || !rebuild.has(&column.name) {
        return None;
    }
    let message = format!(
        "{} of {} no longer counts on: numbers of deleted rows are given again",
        column.name, rebuild.old
    );
    Some(Found::new(Severity::Warning, message, "AUTOINCREMENT in the new table, too"))
}

/// Indexes that nobody makes again, although their columns are still there.
fn indexes(context: &Context<'_>, rebuild: &Rebuild<'_>, before: &Table) -> Vec<Found> {
    let of_key =
        |index: &Index| before.constraints.iter().any(|it| it.name.eq_ignore_ascii_case(&index.name));
    let kept = |index: &Index| index.columns().iter().all(|column| rebuild.keeps(column));
    let lost = before
        .indexes
        .iter()
        .filter(|index| !of_key(index) && kept(index) && !again(context, rebuild, index));
    let found = |index: &Index| {
        let what = if index.unique { "unique index" } else { "index" };
        let message =
            format!("the {what} {} goes with the old {}, and is not made again", index.name, rebuild.old);
        Found::new(Severity::Warning, message, "CREATE INDEX once the new table has its name")
    };
    lost.map(found).collect()
}

/// Whether the text makes an index, or a key of the new table has the same columns.
fn again(context: &Context<'_>, rebuild: &Rebuild<'_>, index: &Index) -> bool {
    let alike = |parts: &[IndexPart]| {
        parts.len() == index.parts.len()
            && parts.iter().zip(&index.parts).all(|(one, other)| match (one, other) {
                (IndexPart::Column(one), IndexPart::Column(other))
                | (IndexPart::Expression(one), IndexPart::Expression(other)) => {
                    one.eq_ignore_ascii_case(other)
                }
                (IndexPart::Column(_), IndexPart::Expression(_))
                | (IndexPart::Expression(_), IndexPart::Column(_)) => false,
            })
    };
    let made = context.script.iter().any(|statement| match statement {
        Statement::CreateIndex(made) => {
            made.name.as_ref().is_some_and(|name| name.name.eq_ignore_ascii_case(&index.name))
                || alike(&made.parts)
        }
        _ => false,
    });
    made || rebuild.create.all_constraints().any(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
            index.unique && index.columns() == *columns
        }
        ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey { .. }
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => false,
    })
}

/// Triggers that nobody makes again.
fn triggers(context: &Context<'_>, rebuild: &Rebuild<'_>, before: &Table) -> Vec<Found> {
    let again = |trigger: &Trigger| {
        context.later().iter().any(|statement| match statement {
            Statement::CreateTrigger(made) => {
                let named =
                    made.name.as_ref().is_some_and(|name| name.name.eq_ignore_ascii_case(&trigger.name));
                named || made.table.as_ref().is_some_and(|table| same(table, rebuild.old))
            }
            _ => false,
        })
    };
    let found = |trigger: &Trigger| {
        let message =
            format!("the trigger {} goes with the old {}, and is not made again", trigger.name, rebuild.old);
        Found::new(Severity::Warning, message, "CREATE TRIGGER once the new table has its name")
    };
    before.triggers.iter().filter(|trigger| !again(trigger)).map(found).collect()
}
