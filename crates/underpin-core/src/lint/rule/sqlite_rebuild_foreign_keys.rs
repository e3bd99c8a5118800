use crate::{dialect::Flavour::Sqlite, statement::Statement};

use super::{
    super::{
        Context, Found, Severity, Wrapping,
        context::{is_off, named},
        rebuild::Rebuild,
    },
    Check, Example, Rule, SQLITE, transaction_nesting,
};

pub(super) static RULE: Rule = Rule {
    id: "sqlite-rebuild-foreign-keys",
    summary: "a rebuild that deletes the rows of other tables",
    flavours: SQLITE,
    why: "With `foreign_keys` on, DROP TABLE deletes every row first, and ON DELETE CASCADE deletes the \
          rows of every table that refers to them, silently. `PRAGMA foreign_keys = OFF` has no effect \
          within a transaction: say it before BEGIN, run `PRAGMA foreign_key_check` before COMMIT, and \
          switch it on again after. Underpin runs revisions with `foreign_keys` off, and checks the keys \
          at the end; there the PRAGMA is not needed.",
    examples: &[
        Example::bad(
            Sqlite,
            "BEGIN; CREATE TABLE n (a int); INSERT INTO n SELECT a FROM t; DROP \
            TABLE t; ALTER TABLE n RENAME TO t; COMMIT",
        ),
        Example::bad(Sqlite, "BEGIN; PRAGMA foreign_keys = OFF; COMMIT"),
        Example::bad(
            Sqlite,
            "BEGIN; PRAGMA foreign_keys=0; CREATE TABLE n (a int); INSERT INTO n \
            SELECT a FROM t; DROP TABLE t; \
        ALTER TABLE n RENAME TO t; COMMIT",
        ),
        Example::bad(
            Sqlite,
            "CREATE TABLE n (id INTEGER PRIMARY KEY); INSERT INTO n SELECT id FROM \
            t; DROP TABLE t; ALTER TABLE n RENAME TO t",
        )
        .after(
            "CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE TABLE c (t int REFERENCES t (id) ON \
            DELETE CASCADE)",
        ),
        Example::good(
            Sqlite,
            "PRAGMA foreign_keys=OFF; BEGIN IMMEDIATE; CREATE TABLE n (a int); \
            INSERT INTO n SELECT a FROM t; \
        DROP TABLE t; ALTER TABLE n RENAME TO t; PRAGMA foreign_key_check; COMMIT; PRAGMA foreign_keys=ON",
        ),
        Example::good(
            Sqlite,
            "CREATE TABLE n (a int); INSERT INTO n SELECT a FROM t; DROP TABLE t; \
            ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let managed = context.wrapping != Wrapping::Plain;
    if let Statement::Set(setting) = context.statement {
        let ineffective = named(setting, "foreign_keys") && !setting.value.is_empty() && context.moment.open;
        // A revision runs with foreign keys off, but who wrote this expects something of it.
        let severity = match (managed, is_off(&setting.value)) {
            (false, _) => Severity::Error,
            (true, true) => Severity::Warning,
            (true, false) => Severity::Note,
        };
        let found = Found::new(
            severity,
            "this has no effect, because a transaction is open",
            "PRAGMA foreign_keys = OFF; before BEGIN",
        );
        return if ineffective { vec![found] } else { Vec::new() };
    }
    let Some(rebuild) = Rebuild::at(context) else { return Vec::new() };
    let alone = context.catalog.is_complete() && context.catalog.referring(rebuild.old).is_empty();
    if managed || alone || off(context) || !context.in_use(rebuild.old) {
        return Vec::new();
    }
    let table = rebuild.old;
    let message =
        format!("with foreign_keys on, DROP TABLE deletes the rows of {table}, and those that refer to them");
    let help = "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; …; PRAGMA foreign_key_check; COMMIT; \
        PRAGMA foreign_keys = ON;";
    vec![Found::new(Severity::Error, message, help)]
}

/// Whether foreign keys were switched off where that has an effect.
fn off(context: &Context<'_>) -> bool {
    let mut off = false;
    for (index, statement) in context.earlier().iter().enumerate() {
        if let Statement::Set(setting) = statement
            && named(setting, "foreign_keys")
            && !setting.value.is_empty()
            && !transaction_nesting::open(&context.script[..index])
        {
            off = is_off(&setting.value);
        }
    }
    off
}
