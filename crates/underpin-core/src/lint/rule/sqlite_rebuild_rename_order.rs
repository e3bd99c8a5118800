use crate::{
    dialect::Flavour::Sqlite,
    statement::{ObjectClass, Statement},
};

use super::{
    super::{
        Context, Found, Severity,
        context::is_off,
        rebuild::{created, renamed, same},
    },
    Check, Example, Rule, SQLITE,
};

pub(super) static RULE: Rule = Rule {
    id: "sqlite-rebuild-rename-order",
    summary: "a rebuild that begins by renaming the old table, or renames the new one under a view",
    flavours: SQLITE,
    why: "From SQLite 3.26 on, ALTER TABLE … RENAME writes the new name into the foreign keys of other \
          tables, and into triggers and views. Once the old table is dropped they refer to what is gone. \
          Make the new table under another name, copy the rows, drop the old one, and rename the new one. \
          A view of the old table makes that last RENAME fail (`error in view`, from 3.25 on): drop the view \
          before, and make it again behind it.",
    examples: &[
        Example::bad(
            Sqlite,
            "ALTER TABLE t RENAME TO t_old; CREATE TABLE t (a int); INSERT INTO t \
            SELECT a FROM t_old; DROP TABLE t_old",
        ),
        Example::bad(
            Sqlite,
            "PRAGMA foreign_keys=off; alter table \"t\" rename to \"_t_old\"; \
            create table \"t\" (a int); \
        insert into t (a) select a from _t_old; drop table _t_old",
        ),
        Example::good(
            Sqlite,
            "ALTER TABLE t RENAME TO t_old; CREATE TABLE t (a int); INSERT INTO t \
            SELECT a FROM t_old; DROP TABLE t_old",
        )
        .on("3.25"),
        Example::good(
            Sqlite,
            "ALTER TABLE t RENAME TO t_old; CREATE TABLE t (a int); INSERT INTO t \
            SELECT a FROM t_old; DROP TABLE t_old",
        )
        .after("CREATE TABLE t (a int)"),
        Example::good(
            Sqlite,
            "PRAGMA legacy_alter_table=ON; PRAGMA foreign_keys=OFF; ALTER TABLE t \
            RENAME TO t_old; \
        CREATE TABLE t (a int); INSERT INTO t SELECT a FROM t_old; DROP TABLE t_old",
        ),
        Example::good(
            Sqlite,
            "CREATE TABLE n (a int); INSERT INTO n SELECT a FROM t; DROP TABLE t; \
            ALTER TABLE n RENAME TO t",
        ),
        Example::bad(
            Sqlite,
            "CREATE TABLE n (a int); INSERT INTO n SELECT a FROM t; DROP TABLE t; \
            ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t"),
        Example::good(
            Sqlite,
            "DROP VIEW v; CREATE TABLE n (a int); INSERT INTO n SELECT a FROM t; DROP TABLE t; \
            ALTER TABLE n RENAME TO t; CREATE VIEW v AS SELECT a FROM t",
        )
        .after("CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t"),
        Example::good(
            Sqlite,
            "PRAGMA legacy_alter_table=ON; CREATE TABLE n (a int); INSERT INTO n SELECT a FROM t; DROP TABLE t; \
            ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if let Some(found) = viewed(context) {
        return vec![found];
    }
    let Some((table, _)) = renamed(context.statement).filter(|(table, _)| context.in_use(table)) else {
        return Vec::new();
    };
    let legacy = legacy(context);
    let views = context.catalog.views_of(&table.name).next().is_some();
    let alone = context.catalog.is_complete() && context.catalog.referring(table).is_empty() && !views;
    if !context.at_least(3, 26) || legacy || alone || created(context.later(), table).is_none() {
        return Vec::new();
    }
    let message = format!(
        "foreign keys, triggers and views that name {table} will name the old table, and that is dropped"
    );
    let help = "create the new table, copy the rows, drop the old one, rename the new one";
    vec![Found::new(Severity::Error, message, help)]
}

/// Whether renames leave alone what other objects say.
fn legacy(context: &Context<'_>) -> bool {
    context.setting("legacy_alter_table").is_some_and(|value| !is_off(value))
}

/// A view of the table that was dropped, which the server reads when the new one gets its name (SQLite
/// documentation, "ALTER TABLE", section 7; measured on 3.40).
fn viewed(context: &Context<'_>) -> Option<Found> {
    let (new, old) = renamed(context.statement)?;
    let dropped = context.earlier().iter().any(|statement| match statement {
        Statement::Drop(drop) => {
            drop.class == ObjectClass::Table && drop.names.iter().any(|it| same(it, old))
        }
        _ => false,
    });
    let (view, _) = context.catalog.views_of(&old.name).next()?;
    let refused = dropped && context.at_least(3, 25) && !legacy(context) && context.table(old).is_none();
    let message = format!("SQLite does not rename {new} while the view {view} reads {old}, which is gone");
    let help = "DROP VIEW before it, and CREATE VIEW again behind it";
    refused.then(|| Found::new(Severity::Error, message, help))
}
