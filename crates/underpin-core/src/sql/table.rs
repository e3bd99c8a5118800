//! The table that a statement creates, or adds an index or a trigger to. Not its columns.

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

/// The name of a table or type, as a statement has it and as the catalog would hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName {
    /// The schema (or database, or attached file), if the statement says so.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
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
    let TableName { schema, name } = table_name(dialect, codes, table + if if_not_exists { 4 } else { 1 })?;
    let temporary = codes[1..table].iter().any(|code| code.is_one_of(&["TEMP", "TEMPORARY"]));
    Some(CreatedTable { schema, name, if_not_exists, temporary })
}

/// What a statement makes that a program may have without revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreatedKind {
    /// A table.
    Table,
    /// An enumerated type, which PostgreSQL has for itself.
    Enum,
}

impl CreatedKind {
    /// What is made by statements that begin with this one.
    pub fn of(dialect: Dialect, statement: &str) -> Self {
        if created_enum(dialect, statement).is_some() { Self::Enum } else { Self::Table }
    }

    /// What people call it.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Enum => "type",
        }
    }

    /// What SQL calls it, as in `DROP TABLE`.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Table => "TABLE",
            Self::Enum => "TYPE",
        }
    }
}

/// The enumerated type that `statement` creates: PostgreSQL, CREATE TYPE … AS ENUM.
pub fn created_enum(dialect: Dialect, statement: &str) -> Option<TableName> {
    if dialect != Dialect::Postgres {
        return None;
    }
    let words = Words::new(dialect, statement);
    let codes = words.codes();
    if !(words.is(0, "CREATE") && words.is(1, "TYPE")) {
        return None;
    }
    let is_enum = codes.windows(2).skip(2).any(|pair| pair[0].is("AS") && pair[1].is("ENUM"));
    is_enum.then(|| table_name(dialect, codes, 2)).flatten()
}

/// What may stand between CREATE and INDEX or TRIGGER in any of the dialects.
const PART_MODIFIERS: &[&str] =
    &["OR", "REPLACE", "UNIQUE", "FULLTEXT", "SPATIAL", "CONSTRAINT", "TEMP", "TEMPORARY"];

/// The table that `statement` adds an index or a trigger to, if it is one of the two.
pub fn table_of_part(dialect: Dialect, statement: &str) -> Option<TableName> {
    let words = Words::new(dialect, statement);
    let codes = words.codes();
    if !words.is(0, "CREATE") {
        return None;
    }
    let part = 1 + codes.iter().skip(1).take_while(|code| code.is_one_of(PART_MODIFIERS)).count();
    if !words.is_one_of(part, &["INDEX", "TRIGGER"]) {
        return None;
    }
    let on = codes.iter().skip(part).position(|code| code.is("ON"))? + part;
    // PostgreSQL: CREATE INDEX … ON ONLY parent.
    let only = usize::from(words.is(on + 1, "ONLY") && dialect == Dialect::Postgres);
    table_name(dialect, codes, on + 1 + only)
}

/// The name that starts at the token `index`.
pub(crate) fn table_name(dialect: Dialect, codes: &[Code<'_>], mut index: usize) -> Option<TableName> {
    let mut parts = Vec::new();
    loop {
        parts.push(name(dialect, codes.get(index)?)?);
        if !codes.get(index + 1).is_some_and(|code| code.is_operator(".")) {
            break;
        }
        index += 2;
    }
    let name = parts.pop()?;
    Some(TableName { schema: parts.pop(), name })
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
    fn enumerated_types_are_found_where_there_are_some() {
        let found =
            |statement| created_enum(Dialect::Postgres, statement).map(|name| (name.schema, name.name));
        assert_eq!(found("create type Status as enum ('a', 'b')"), Some((None, "status".to_owned())));
        let quoted = found("CREATE TYPE shop.\"As enum\" /* so */ AS ENUM ()");
        assert_eq!(quoted, Some((Some("shop".to_owned()), "As enum".to_owned())));
        for other in
            ["CREATE TYPE pair AS (a int)", "CREATE TABLE type AS ENUM", "CREATE TYPE", "DROP TYPE status"]
        {
            assert_eq!(found(other), None, "{other}");
        }
        assert_eq!(created_enum(Dialect::Mysql, "CREATE TYPE a AS ENUM ('b')"), None);
    }

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

    #[test]
    fn an_index_or_trigger_is_found_with_its_table() {
        for (dialect, statement, schema, name) in [
            (Dialect::Sqlite, "CREATE UNIQUE INDEX IF NOT EXISTS i ON [My orders] (a)", None, "My orders"),
            (
                Dialect::Sqlite,
                "CREATE TRIGGER t AFTER UPDATE OF \"on\" ON orders BEGIN SELECT 1; END",
                None,
                "orders",
            ),
            (Dialect::Postgres, "create index concurrently on only Shop.Orders (a)", Some("shop"), "orders"),
            (Dialect::Mysql, "CREATE FULLTEXT INDEX i USING BTREE ON `d`.`t` (a)", Some("d"), "t"),
        ] {
            let expected = TableName { schema: schema.map(str::to_owned), name: name.to_owned() };
            assert_eq!(table_of_part(dialect, statement), Some(expected), "{statement}");
        }
        for statement in
            ["CREATE TABLE a (b)", "CREATE VIEW v AS SELECT 1", "DROP INDEX i ON t", "CREATE INDEX i"]
        {
            assert_eq!(table_of_part(Dialect::Mysql, statement), None, "{statement}");
        }
    }
}
