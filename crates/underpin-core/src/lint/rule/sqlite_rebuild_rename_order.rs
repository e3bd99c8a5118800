use crate::dialect::Flavour::Sqlite;

use super::{
    super::{
        Context, Found, Severity,
        context::is_off,
        rebuild::{created, renamed},
    },
    Check, Example, Rule, SQLITE,
};

pub(super) static RULE: Rule = Rule {
    id: "sqlite-rebuild-rename-order",
    summary: "a rebuild that begins by renaming the old table",
    flavours: SQLITE,
    why: "From SQLite 3.26 on, ALTER TABLE … RENAME writes the new name into the foreign keys of other \
          tables, and into triggers and views. Once the old table is dropped they refer to what is gone. \
          Make the new table under another name, copy the rows, drop the old one, and rename the new one.",
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
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Some((table, _)) = renamed(context.statement).filter(|(table, _)| context.in_use(table)) else {
        return Vec::new();
    };
    let legacy = context.setting("legacy_alter_table").is_some_and(|value| !is_off(value));
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
