//! `SELECT` as another statement's source of rows: what it takes, from where, and whether it leaves any
//! out. Not its joins and conditions.

use super::{Expression, ObjectName, cursor::Cursor};

/// The rows that a `SELECT` gives to another statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// What it takes, one for each column; `*` is one.
    pub columns: Vec<Expression>,
    /// The tables behind `FROM`.
    pub sources: Vec<ObjectName>,
    /// Whether nothing is said that could leave out a row of its one table: no `DISTINCT`, no `WHERE` that
    /// chooses, no join but an outer one.
    pub every_row: bool,
}

impl Selection {
    /// Reads a `SELECT`, or the `TABLE t` that is short for one, if it stands here, in parentheses or not.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        if let Some(mut inner) = cursor.clone().parenthesised() {
            return Self::read(&mut inner);
        }
        let mut selection = Self::default();
        if cursor.eat("TABLE") {
            selection.columns = vec![Expression { text: "*".to_owned(), ..Expression::default() }];
            selection.sources.extend(cursor.name());
            selection.every_row = keeps_every_row(cursor);
            return Some(selection);
        }
        if !cursor.eat("SELECT") {
            return None;
        }
        let distinct = cursor.eat("DISTINCT");
        cursor.eat("ALL");
        while !cursor.ended() && !cursor.is("FROM") {
            selection.columns.push(cursor.expression_until(&["FROM"]));
            cursor.eat_operator(",");
        }
        if cursor.eat("FROM") {
            selection.sources = cursor.names();
        }
        selection.every_row = !distinct && selection.sources.len() == 1 && keeps_every_row(cursor);
        Some(selection)
    }

    /// Whether it takes every column as it is: `*`, `t.*`.
    pub fn every_column(&self) -> bool {
        matches!(self.columns.as_slice(), [only] if only.text == "*" || only.text.ends_with(".*"))
    }
}

/// What may follow the name of a table, and is no other name for it.
const CLAUSES: &[&str] = &[
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "JOIN",
    "LEFT",
    "RIGHT",
    "FULL",
    "INNER",
    "CROSS",
    "NATURAL",
    "ON",
    "RETURNING",
    "TABLESAMPLE",
    "FOR",
    "WITH",
];

/// Whether what stands behind the table of a `SELECT` leaves out none of its rows.
fn keeps_every_row(cursor: &mut Cursor<'_>) -> bool {
    other_name(cursor);
    while !cursor.ended() {
        if cursor.eat("LEFT") {
            let _ = cursor.eat("OUTER");
            let joined = cursor.eat("JOIN");
            cursor.advance();
            cursor.skip_until(|cursor| cursor.is_one_of(CLAUSES) && !cursor.is("ON"));
            if !joined {
                return false;
            }
        } else if cursor.eat("WHERE") {
            let condition = cursor.expression_until(CLAUSES);
            if !super::always_holds(cursor.dialect, &condition.text) {
                return false;
            }
        } else if cursor.eat("ORDER BY") {
            cursor.skip_until(|cursor| cursor.is_one_of(&["LIMIT", "OFFSET", "FETCH", "ON"]));
        } else {
            // Of a view WITH CHECK OPTION, of a table WITH [NO] DATA.
            return cursor.is("RETURNING") || (cursor.eat("WITH") && !cursor.is("NO"));
        }
    }
    true
}

/// Steps over another name of a table: `t AS u`, `t u`.
fn other_name(cursor: &mut Cursor<'_>) {
    if cursor.eat("AS") || !cursor.is_one_of(CLAUSES) {
        cursor.identifier();
    }
}
