//! `SELECT` as another statement's source of rows: what it takes, from where, and whether it leaves any
//! out. Not its joins and conditions.

use super::{
    Expression, ObjectName,
    alias::{CLAUSES, alias},
    cursor::Cursor,
};
use crate::{
    dialect::Dialect,
    sql::{Code, codes},
};

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
        let mut inner = cursor.clone();
        while let Some(within) = inner.parenthesised() {
            inner = within;
            if inner.is_one_of(&["TABLE", "SELECT"]) {
                return Self::read(&mut inner);
            }
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
        let one_row = selection.columns.iter().any(|column| aggregates(cursor.dialect, &column.text));
        selection.every_row =
            !distinct && !one_row && selection.sources.len() == 1 && keeps_every_row(cursor);
        Some(selection)
    }

    /// Whether it takes every column as it is: `*`, `t.*`.
    pub fn every_column(&self) -> bool {
        matches!(self.columns.as_slice(), [only] if only.text == "*" || only.text.ends_with(".*"))
    }
}

/// The functions that make one row of all of them.
const AGGREGATES: &[&str] = &[
    "COUNT",
    "SUM",
    "AVG",
    "TOTAL",
    "GROUP_CONCAT",
    "STRING_AGG",
    "ARRAY_AGG",
    "JSON_AGG",
    "JSONB_AGG",
    "JSON_GROUP_ARRAY",
    "JSON_ARRAYAGG",
    "BOOL_AND",
    "BOOL_OR",
    "EVERY",
];

/// Whether an expression makes one row of all: it calls such a function, outside of a query in parentheses and
/// without a window. `min` and `max` of several values are no such functions (SQLite manual, "Built-In Scalar SQL
/// Functions").
fn aggregates(dialect: Dialect, expression: &str) -> bool {
    let codes: Vec<Code<'_>> = codes(dialect, expression).collect();
    let mut within: Vec<usize> = Vec::new();
    let closing = |open: usize| {
        let mut depth = 0_usize;
        codes[open..].iter().position(|code| {
            depth += usize::from(code.is_operator("("));
            depth -= usize::from(code.is_operator(")")).min(depth);
            depth == 0
        })
    };
    for (index, code) in codes.iter().enumerate() {
        if code.is_operator("(") {
            within.push(index);
        } else if code.is_operator(")") {
            within.pop();
        }
        let is_open = codes.get(index + 1).is_some_and(|next| next.is_operator("("));
        let in_query = || within.iter().any(|open| codes.get(open + 1).is_some_and(|next| next.is("SELECT")));
        if !is_open || in_query() {
            continue;
        }
        let Some(length) = closing(index + 1) else { continue };
        let inner = &codes[index + 1..index + 1 + length];
        let windowed = codes.get(index + 2 + length).is_some_and(|next| next.is_one_of(&["OVER", "FILTER"]));
        let least = code.is_one_of(&["MIN", "MAX"]) && !inner.iter().any(|code| code.is_operator(","));
        if (least || code.is_one_of(AGGREGATES)) && !windowed {
            return true;
        }
    }
    false
}

/// Whether what stands behind the table of a `SELECT` leaves out none of its rows.
fn keeps_every_row(cursor: &mut Cursor<'_>) -> bool {
    alias(cursor);
    while !cursor.ended() {
        if cursor.eat("LEFT") {
            let _ = cursor.eat("OUTER");
            let joined = cursor.eat("JOIN");
            cursor.advance();
            cursor.skip_until(|cursor| cursor.is_one_of(CLAUSES) && !cursor.is_one_of(&["ON", "USING"]));
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
