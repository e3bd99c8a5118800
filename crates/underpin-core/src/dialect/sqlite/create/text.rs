//! SQL text in a form that is the same wherever only blanks, comments and quotes differ.
//! Not a comparison of meaning.

use std::borrow::Cow;

use super::{Reader, reader::name};
use crate::{
    dialect::Dialect,
    name::quote,
    sql::{Code, TokenKind},
};

/// Words that a parenthesis after them does not make a function of.
const APART: &[&str] = &[
    "ALL", "AND", "AS", "BETWEEN", "BY", "CASE", "CHECK", "COLLATE", "DISTINCT", "ELSE", "EXISTS", "FROM",
    "GLOB", "HAVING", "IN", "IS", "JOIN", "LIKE", "LIMIT", "NOT", "ON", "OR", "SELECT", "SET", "THEN",
    "UNION", "USING", "VALUES", "WHEN", "WHERE", "WITH",
];

/// Words that are no names without quotes (sqlite.org, "SQLite Keywords"; `parse.y` lets the others
/// be names).
const RESERVED: &[&str] = &[
    "ADD",
    "ALL",
    "ALTER",
    "AND",
    "AS",
    "AUTOINCREMENT",
    "BETWEEN",
    "CASE",
    "CHECK",
    "COLLATE",
    "COMMIT",
    "CONSTRAINT",
    "CREATE",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DEFAULT",
    "DEFERRABLE",
    "DELETE",
    "DISTINCT",
    "DROP",
    "ELSE",
    "ESCAPE",
    "EXISTS",
    "FALSE",
    "FOREIGN",
    "FROM",
    "GROUP",
    "HAVING",
    "IN",
    "INDEX",
    "INSERT",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "LIMIT",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "PRIMARY",
    "REFERENCES",
    "RETURNING",
    "SELECT",
    "SET",
    "TABLE",
    "THEN",
    "TO",
    "TRANSACTION",
    "TRUE",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
];

/// An expression with its blanks put in order, its comments left out, and quotes only around names
/// that need them: `ALTER TABLE RENAME` puts them around all.
pub(super) fn expression(codes: &[Code<'_>]) -> String {
    let mut text = String::new();
    let mut before: Option<&Code<'_>> = None;
    for code in codes {
        if before.is_some_and(|before| is_apart(before, code)) {
            text.push(' ');
        }
        text.push_str(&written(code));
        before = Some(code);
    }
    text
}

/// A token, with quotes only around a name that needs them.
fn written<'a>(code: &Code<'a>) -> Cow<'a, str> {
    match (code.kind, name(code)) {
        (TokenKind::QuotedIdentifier, Some(name)) if is_plain(&name) => name.into(),
        (TokenKind::QuotedIdentifier, Some(name)) => quote(Dialect::Sqlite, &name).into(),
        _ => code.text.into(),
    }
}

/// Whether a name can stand without quotes.
fn is_plain(name: &str) -> bool {
    let word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    name.starts_with(|first: char| word(first) && !first.is_ascii_digit())
        && name.chars().all(word)
        && !RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name))
}

fn is_apart(before: &Code<'_>, code: &Code<'_>) -> bool {
    let operator = |code: &Code<'_>, operators: &[&str]| {
        code.kind == TokenKind::Operator && operators.contains(&code.text)
    };
    if operator(before, &["(", "."]) || operator(code, &[")", ",", "."]) {
        return false;
    }
    if operator(code, &["("]) {
        let callable = matches!(before.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
        return !callable || before.is_one_of(APART);
    }
    true
}

/// A statement, or a part of one, in a form that is the same for all that have the same tokens;
/// in which quotes a name stands does not count.
fn normal(text: &str) -> String {
    normal_tokens(Reader::new(text).rest())
}

/// A statement that creates an object, without the words before its name and without its name: what
/// is left of it when the object is renamed, or was created `IF NOT EXISTS`.
///
/// ```
/// use underpin_core::dialect::sqlite::create::object_text;
///
/// let text = object_text("CREATE TRIGGER IF NOT EXISTS a AFTER INSERT ON \"t\" BEGIN SELECT 1; END");
/// assert_eq!(text, object_text("create trigger [a] AFTER INSERT\n ON t BEGIN SELECT 1; END"));
/// ```
pub fn object_text(create: &str) -> String {
    let mut reader = Reader::new(create);
    match head(&mut reader) {
        Some(_) => normal_tokens(reader.rest()),
        None => normal(create),
    }
}

/// Goes past `CREATE … name` and returns the name.
pub(super) fn head(reader: &mut Reader<'_>) -> Option<String> {
    if !reader.eat(&["CREATE"]) {
        return None;
    }
    while reader.is_one_of(&["TEMP", "TEMPORARY", "UNIQUE", "VIRTUAL"]) {
        reader.next();
    }
    if !reader.is_one_of(&["TABLE", "INDEX", "VIEW", "TRIGGER"]) {
        return None;
    }
    reader.next();
    reader.eat(&["IF", "NOT", "EXISTS"]);
    reader.qualified_name()
}

fn normal_tokens(codes: &[Code<'_>]) -> String {
    let mut text = String::new();
    for code in codes {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&written(code));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_reads_the_same_whatever_its_blanks() {
        let read = |text| expression(Reader::new(text).rest());
        assert_eq!(read("a>0 and(lower( b )='x  y')"), "a > 0 and (lower(b) = 'x  y')");
        assert_eq!(read("a >0 /* why */ and ( lower (b) = 'x  y' )"), "a > 0 and (lower(b) = 'x  y')");
    }

    #[test]
    fn an_expression_has_quotes_only_where_it_needs_them() {
        let read = |text| expression(Reader::new(text).rest());
        assert_eq!(read("\"a\" > [b c] + `order` + \"1\""), "a > \"b c\" + \"order\" + \"1\"");
    }

    #[test]
    fn a_string_is_not_the_name_of_its_text() {
        assert_ne!(normal("SELECT 'a'"), normal("SELECT a"));
        assert_eq!(normal("SELECT [a]"), normal("SELECT \"a\""));
        assert_eq!(normal("SELECT [x y]"), normal("SELECT \"x y\""));
        assert_ne!(normal("SELECT \"x y\""), normal("SELECT x y"), "a column, or one that is called y");
    }
}
