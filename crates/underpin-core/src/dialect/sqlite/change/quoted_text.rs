//! Texts in double quotes: SQLite takes a name in them that is no column's for one (sqlite.org, "Quirks"), and writes
//! it in other quotes as soon as a column of any table goes or gets another name. Where this takes a name
//! for a text, a table is made anew that could have stayed.

use std::collections::BTreeSet;

use crate::{
    dialect::sqlite::create::Reader,
    schema::{Body, Object, Schema},
    sql::{Code, TokenKind, unquote},
};

/// Whether a statement of a schema holds one.
pub(super) fn any(schema: &Schema) -> bool {
    let names = names(schema);
    schema.objects.values().flat_map(statements).any(|text| holds(text, &names))
}

/// Whether this statement holds one.
pub(super) fn is_in(text: &str, schema: &Schema) -> bool {
    text.contains('"') && holds(text, &names(schema))
}

fn statements(object: &Object) -> Vec<&str> {
    match &object.body {
        Body::Table(table) => {
            let indexes = table.indexes.iter().filter_map(|index| index.create.as_deref());
            table.create.as_deref().into_iter().chain(indexes).collect()
        }
        Body::View(view) => vec![&view.query],
        Body::Trigger(trigger) => vec![&trigger.create],
        _ => Vec::new(),
    }
}

/// Everything that has a name, in small letters.
fn names(schema: &Schema) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for object in schema.objects.values() {
        names.insert(object.id.name.to_ascii_lowercase());
        let Body::Table(table) = &object.body else { continue };
        let constraints = table.constraints.iter().filter_map(|one| one.name.as_ref());
        let columns =
            table.columns.iter().flat_map(|column| [Some(&column.name), column.options.get("not_null_name")]);
        let indexes = table.indexes.iter().map(|index| &index.name);
        names.extend(
            columns.flatten().chain(constraints).chain(indexes).map(|name| name.to_ascii_lowercase()),
        );
    }
    names
}

fn holds(text: &str, names: &BTreeSet<String>) -> bool {
    if !text.contains('"') {
        return false;
    }
    let reader = Reader::new(text);
    let codes = reader.rest();
    let mut own: BTreeSet<String> = (0..codes.len()).filter_map(|at| given(&codes[at..])).collect();
    own.extend((0..codes.len()).flat_map(|at| referred(&codes[at..])));
    codes.iter().enumerate().any(|(at, code)| {
        let before = at.checked_sub(1).and_then(|before| codes.get(before));
        let name = unquote(code.text).to_ascii_lowercase();
        code.kind == TokenKind::QuotedIdentifier
            && code.text.starts_with('"')
            && !names.contains(&name)
            && !own.contains(&name)
            && !before.is_some_and(|before| before.is_one_of(&["DEFAULT", "COLLATE"]))
    })
}

/// The name that a statement gives here to something within itself: `AS "x"`, `"x".a`, `"x" AS (`, `"x" (`.
fn given(codes: &[Code<'_>]) -> Option<String> {
    let [first, second, rest @ ..] = codes else { return None };
    let is_quoted = |code: &Code<'_>| code.kind == TokenKind::QuotedIdentifier;
    let is_query = second.is("AS") && rest.first().is_some_and(|third| third.is_operator("("));
    let name = match () {
        () if first.is("AS") && is_quoted(second) => second,
        () if is_quoted(first) && (is_query || second.is_operator(".") || second.is_operator("(")) => first,
        () => return None,
    };
    Some(unquote(name.text).to_ascii_lowercase())
}

/// The names of another table and its columns that a statement refers to here.
fn referred(codes: &[Code<'_>]) -> Vec<String> {
    let [first, table, rest @ ..] = codes else { return Vec::new() };
    if !first.is("REFERENCES") {
        return Vec::new();
    }
    let is_list = rest.first().is_some_and(|open| open.is_operator("("));
    let columns = rest.iter().take_while(|code| is_list && !code.is_operator(")"));
    std::iter::once(table).chain(columns).map(|name| unquote(name.text).to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_double_quotes_that_is_nobody_s_is_a_text() {
        let names = BTreeSet::from(["a".to_owned(), "t".to_owned()]);
        for text in ["CREATE TABLE t (a CHECK (a <> \"x\"))", "CREATE VIEW v AS SELECT \"x\" AS y FROM \"t\""]
        {
            assert!(holds(text, &names), "{text}");
        }
        for text in [
            "CREATE TABLE \"t\" (\"a\" CHECK (\"a\" <> 'x') DEFAULT \"x\")",
            "CREATE TABLE t (a [x], b `y`)",
            "CREATE TABLE t (a REFERENCES \"u\" (\"x\", \"y\"))",
            "CREATE VIEW v AS SELECT a AS \"x\" FROM t AS \"y\" WHERE \"y\".a > 0 ORDER BY \"x\"",
        ] {
            assert!(!holds(text, &names), "{text}");
        }
    }
}
