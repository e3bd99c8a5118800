//! The table that a statement creates, if it creates one. Not its columns.

use super::{Code, TokenKind, names, words::Words};
use crate::dialect::Dialect;

/// The table that a CREATE TABLE statement creates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedTable {
    /// The schema (or database, or attached file) that it is created in, if the statement says so.
    pub schema: Option<String>,
    /// Its name, as the catalog would hold it.
    pub name: String,
    /// Whether an existing table of that name is left alone.
    pub if_not_exists: bool,
    /// Whether it ends with the session.
    pub temporary: bool,
}

/// What may stand between CREATE and TABLE in any of the dialects.
const MODIFIERS: &[&str] =
    &["OR", "REPLACE", "GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "FOREIGN", "VIRTUAL"];

/// The table that `statement` creates.
pub fn created_table(dialect: Dialect, statement: &str) -> Option<CreatedTable> {
    let words = Words::new(dialect, statement);
    let codes = words.codes();
    if !words.is(0, "CREATE") {
        return None;
    }
    let table = 1 + codes.iter().skip(1).take_while(|code| code.is_one_of(MODIFIERS)).count();
    if !words.is(table, "TABLE") {
        return None;
    }
    let if_not_exists =
        words.is(table + 1, "IF") && words.is(table + 2, "NOT") && words.is(table + 3, "EXISTS");
    let mut parts = Vec::new();
    let mut index = table + if if_not_exists { 4 } else { 1 };
    loop {
        parts.push(name(dialect, codes.get(index)?)?);
        if !codes.get(index + 1).is_some_and(|code| code.is_operator(".")) {
            break;
        }
        index += 2;
    }
    let name = parts.pop()?;
    let temporary = codes[1..table].iter().any(|code| code.is_one_of(&["TEMP", "TEMPORARY"]));
    Some(CreatedTable { schema: parts.pop(), name, if_not_exists, temporary })
}

fn name(dialect: Dialect, code: &Code<'_>) -> Option<String> {
    match code.kind {
        // SQLite takes a string for a name where only a name makes sense.
        TokenKind::String if dialect == Dialect::Sqlite => Some(names::unquote(code.text)),
        _ => names::name(dialect, code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_with_their_schemas() {
        let table = |schema: Option<&str>, name: &str, if_not_exists, temporary| {
            Some(CreatedTable {
                schema: schema.map(str::to_owned),
                name: name.to_owned(),
                if_not_exists,
                temporary,
            })
        };
        for (dialect, statement, expected) in [
            (Dialect::Sqlite, "CREATE TABLE a (b)", table(None, "a", false, false)),
            (
                Dialect::Sqlite,
                "create temp table if not exists main.[A b](c)",
                table(Some("main"), "A b", true, true),
            ),
            (Dialect::Sqlite, "CREATE TABLE 'it''s' (b)", table(None, "it's", false, false)),
            (Dialect::Sqlite, "CREATE VIRTUAL TABLE s USING fts5(b)", table(None, "s", false, false)),
            (
                Dialect::Postgres,
                "CREATE UNLOGGED TABLE Shop.\"Or.ders\" AS SELECT 1",
                table(Some("shop"), "Or.ders", false, false),
            ),
            (Dialect::Postgres, "CREATE TABLE db.s.t ()", table(Some("s"), "t", false, false)),
            (
                Dialect::Mysql,
                "/*!40101 CREATE */ TABLE IF NOT EXISTS `d`.`t` (x INT)",
                table(Some("d"), "t", true, false),
            ),
            (Dialect::Mysql, "CREATE OR REPLACE TEMPORARY TABLE 1a LIKE b", table(None, "1a", false, true)),
            (Dialect::Mysql, "CREATE TABLE", None),
            (Dialect::Mysql, "CREATE TABLE a.", None),
            (Dialect::Sqlite, "CREATE VIEW a AS SELECT 1", None),
            (Dialect::Sqlite, "DROP TABLE a", None),
            (Dialect::Postgres, "", None),
        ] {
            assert_eq!(created_table(dialect, statement), expected, "{statement}");
        }
    }
}
