use crate::{
    dialect::Flavour::{Mariadb, Mysql, Sqlite},
    statement::{RowVerb, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, NOT_POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "replaced-rows",
    summary: "rows that are deleted because a new one is equal to them in a key",
    flavours: NOT_POSTGRES,
    why: "REPLACE and OR REPLACE delete each row that is equal to a new one in its primary key or in any unique key, \
          and then insert: columns that the statement does not name get their defaults, and rows of other tables \
          that refer to a deleted one with ON DELETE CASCADE are gone. Change the row that is there instead: `INSERT \
          … ON DUPLICATE KEY UPDATE` (MySQL, MariaDB), `INSERT … ON CONFLICT (…) DO UPDATE` (SQLite).",
    examples: &[
        Example::bad(Mysql, "REPLACE INTO settings (name, value) VALUES ('colour', 'red')"),
        Example::bad(Mariadb, "REPLACE settings SELECT * FROM defaults"),
        Example::bad(Mysql, "LOAD DATA INFILE 'settings.csv' REPLACE INTO TABLE settings"),
        Example::bad(Sqlite, "INSERT OR REPLACE INTO settings VALUES ('colour', 'red')"),
        Example::bad(Sqlite, "UPDATE OR REPLACE settings SET name = 'color' WHERE name = 'colour'"),
        Example::good(
            Mysql,
            "INSERT INTO settings VALUES ('colour', 'red') ON DUPLICATE KEY UPDATE value = 'red'",
        ),
        Example::good(Sqlite, "INSERT OR IGNORE INTO settings VALUES ('colour', 'red')"),
        Example::good(Sqlite, "UPDATE settings SET value = replace(value, 'a', 'b') WHERE name = 'colour'"),
        Example::good(Sqlite, "CREATE TABLE settings (name text); REPLACE INTO settings VALUES ('colour')"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::Rows(change) = context.statement else { return Vec::new() };
    let Some(table) = change.table.as_ref().filter(|table| context.in_use(table)) else { return Vec::new() };
    if !change.deletes_others || change.verb == RowVerb::Merge {
        return Vec::new();
    }
    let message =
        format!("rows of {table} that are equal to a new one in a key are deleted, and what refers to them");
    let help = match context.flavour {
        Sqlite => "INSERT … ON CONFLICT (…) DO UPDATE SET …",
        _ => "INSERT … ON DUPLICATE KEY UPDATE …",
    };
    vec![Found::new(Severity::Warning, message, help)]
}
