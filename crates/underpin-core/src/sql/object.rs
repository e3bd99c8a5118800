//! The object that a CREATE statement makes, whatever kind it is, and the name that stands at a
//! place of a statement. Not what the object consists of.

use super::{Code, TableName, TokenKind, names, table::table_name, words::Words};
use crate::dialect::Dialect;

/// What may stand between CREATE and the kind of the object, in any of the dialects.
const MODIFIERS: &[&str] = &[
    "OR",
    "REPLACE",
    "GLOBAL",
    "LOCAL",
    "TEMP",
    "TEMPORARY",
    "UNLOGGED",
    "FOREIGN",
    "VIRTUAL",
    "UNIQUE",
    "FULLTEXT",
    "SPATIAL",
    "MATERIALIZED",
    "RECURSIVE",
    "CONSTRAINT",
];

/// The kinds whose name stands right behind them.
const KINDS: &[&str] =
    &["TABLE", "VIEW", "TYPE", "DOMAIN", "SEQUENCE", "INDEX", "FUNCTION", "PROCEDURE", "TRIGGER", "SCHEMA"];

/// The name of the object that a CREATE statement makes, as the catalog would hold it.
pub(crate) fn created_object(dialect: Dialect, statement: &str) -> Option<TableName> {
    let words = Words::new(dialect, statement);
    if !words.is(0, "CREATE") {
        return None;
    }
    let codes = words.codes();
    let kind = 1 + codes.iter().skip(1).take_while(|code| code.is_one_of(MODIFIERS)).count();
    if !words.is_one_of(kind, KINDS) {
        return None;
    }
    let mut name = kind + 1;
    if words.is(name, "CONCURRENTLY") {
        name += 1;
    }
    if words.is(name, "IF") && words.is(name + 1, "NOT") && words.is(name + 2, "EXISTS") {
        name += 3;
    }
    table_name(dialect, codes, name)
}

/// The words before the name of a constraint or an index. The others may be names where no index
/// stands within a table.
const fn introducing(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Sqlite | Dialect::Postgres => &["CONSTRAINT", "UNIQUE"],
        Dialect::Mysql => &["CONSTRAINT", "INDEX", "KEY", "UNIQUE", "FULLTEXT", "SPATIAL"],
    }
}

/// What a line of a CREATE statement is about, told by its first tokens: the name of a column, of a
/// constraint or an index, or the text of an enumerated value.
pub(crate) fn part_name(dialect: Dialect, line: &[Code<'_>]) -> Option<String> {
    let mut codes = line.iter().skip_while(|code| matches!(code.text, "(" | ","));
    let first = codes.next()?;
    let introduces = introducing(dialect);
    if first.is_one_of(introduces) {
        return codes.find(|code| !code.is_one_of(introduces)).and_then(|code| names::name(dialect, code));
    }
    match first.kind {
        TokenKind::String => Some(names::unquote(first.text)),
        _ => names::name(dialect, first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::words::codes;

    #[test]
    fn the_name_behind_any_kind_is_found() {
        for (statement, schema, name) in [
            ("CREATE TABLE IF NOT EXISTS app.orders (i int)", Some("app"), "orders"),
            ("CREATE OR REPLACE VIEW \"Big\" AS SELECT 1", None, "Big"),
            ("CREATE TYPE Mood AS ENUM ('a')", None, "mood"),
            ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", None, "i"),
        ] {
            let found = created_object(Dialect::Postgres, statement).expect(statement);
            assert_eq!((found.schema.as_deref(), found.name.as_str()), (schema, name), "{statement}");
        }
        assert_eq!(created_object(Dialect::Postgres, "INSERT INTO t VALUES (1)"), None);
    }

    #[test]
    fn a_line_says_which_part_it_is_about() {
        let name = |line| {
            let codes: Vec<_> = codes(Dialect::Postgres, line).collect();
            part_name(Dialect::Postgres, &codes)
        };
        assert_eq!(name("Total numeric(12,2),").as_deref(), Some("total"));
        assert_eq!(name(", CONSTRAINT \"c\" CHECK (a > 0)").as_deref(), Some("c"));
        assert_eq!(name("key text,").as_deref(), Some("key"));
        assert_eq!(name("'it''s',").as_deref(), Some("it's"));
    }
}
