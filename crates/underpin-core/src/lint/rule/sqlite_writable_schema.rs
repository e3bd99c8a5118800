use crate::{dialect::Flavour::Sqlite, statement::Statement};

use super::{
    super::{
        Context, Found, Severity,
        context::{is_off, named},
    },
    Check, Example, Rule, SQLITE,
};

pub(super) static RULE: Rule = Rule {
    id: "sqlite-writable-schema",
    summary: "the table of the schema written by hand",
    flavours: SQLITE,
    why: "With `PRAGMA writable_schema` on, SQLite takes any text for the definition of a table, and finds out \
          later that the rows don't fit: a mistake makes the file unreadable (SQLite documentation, \"PRAGMA \
          writable_schema\"). A new table that takes the place of the old one does the same safely; \
          `underpin generate` writes it.",
    examples: &[
        Example::bad(Sqlite, "PRAGMA writable_schema = ON"),
        Example::bad(Sqlite, "UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a int)' WHERE name = 't'"),
        Example::bad(Sqlite, "DELETE FROM sqlite_master WHERE name = 't'"),
        Example::good(Sqlite, "PRAGMA writable_schema = OFF"),
        Example::good(Sqlite, "PRAGMA writable_schema"),
        Example::good(Sqlite, "UPDATE sqlite_sequence SET seq = 0 WHERE name = 't'"),
    ],
    check: Check::Statement(check),
};

/// The names of the table (SQLite documentation, "The Schema Table", 2).
const TABLES: &[&str] = &["sqlite_schema", "sqlite_master", "sqlite_temp_schema", "sqlite_temp_master"];

fn check(context: &Context<'_>) -> Vec<Found> {
    let writes = match context.statement {
        Statement::Set(setting) => {
            named(setting, "writable_schema") && !setting.value.is_empty() && !is_off(&setting.value)
        }
        Statement::Rows(change) => change
            .table
            .as_ref()
            .is_some_and(|table| TABLES.iter().any(|schema| schema.eq_ignore_ascii_case(&table.name))),
        _ => false,
    };
    let message = "a mistake in the table of the schema makes the file unreadable";
    let help = "a new table that takes the place of the old one, as underpin generate writes it";
    if writes { vec![Found::new(Severity::Error, message, help)] } else { Vec::new() }
}
