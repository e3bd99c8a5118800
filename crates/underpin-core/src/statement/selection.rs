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
    /// Whether nothing is said that could leave out a row of its one table: no `DISTINCT`, `WHERE` or join.
    pub every_row: bool,
}

impl Selection {
    /// Reads a `SELECT`, if one stands here, in parentheses or not.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        if let Some(mut inner) = cursor.clone().parenthesised() {
            return Self::read(&mut inner);
        }
        if !cursor.eat("SELECT") {
            return None;
        }
        let mut selection = Self::default();
        let distinct = cursor.eat("DISTINCT");
        cursor.eat("ALL");
        while !cursor.ended() && !cursor.is("FROM") {
            selection.columns.push(cursor.expression_until(&["FROM"]));
            cursor.eat_operator(",");
        }
        if cursor.eat("FROM") {
            selection.sources = cursor.names();
        }
        selection.every_row = !distinct && selection.sources.len() == 1 && cursor.ended();
        Some(selection)
    }

    /// Whether it takes every column as it is: `*`, `t.*`.
    pub fn every_column(&self) -> bool {
        matches!(self.columns.as_slice(), [only] if only.text == "*" || only.text.ends_with(".*"))
    }
}
