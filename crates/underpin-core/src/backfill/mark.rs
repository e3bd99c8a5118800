//! Where `:batch` stands in a statement, and what is written there. Within strings and comments it is text.

use std::ops::Range;

use super::MARK;
use crate::{
    dialect::Dialect,
    sql::{Code, TokenKind, words::codes},
};

/// The words and signs that a condition may follow. PostgreSQL's slices of arrays have a colon before a name
/// as well: `prices[1:batch]`.
const BEFORE: &[&str] = &["WHERE", "AND", "OR", "NOT", "ON", "HAVING", "WHEN"];

/// Where the mark starts that the last of these tokens ends, if it ends one.
pub(crate) fn ends_mark(codes: &[Code<'_>]) -> Option<usize> {
    let (last, before) = codes.split_last()?;
    let (start, before) = if last.kind == TokenKind::Parameter && last.text.eq_ignore_ascii_case(MARK) {
        (last.start, before)
    } else if last.is("batch") {
        let (colon, before) = before.split_last()?;
        if !colon.is_operator(":") || colon.start + 1 != last.start {
            return None;
        }
        (colon.start, before)
    } else {
        return None;
    };
    let condition = before.last().is_some_and(|code| code.is_one_of(BEFORE) || code.is_operator("("));
    condition.then_some(start)
}

/// The bytes of each mark.
pub(super) fn places(codes: &[Code<'_>]) -> Vec<Range<usize>> {
    (1..=codes.len())
        .filter_map(|end| ends_mark(&codes[..end]))
        .map(|start| start..start + MARK.len())
        .collect()
}

/// The byte that the first mark starts at.
pub(super) fn first(dialect: Dialect, statement: &str) -> Option<usize> {
    let codes: Vec<_> = codes(dialect, statement).collect();
    places(&codes).first().map(|place| place.start)
}

pub(super) fn replaced(dialect: Dialect, statement: &str, condition: &str) -> String {
    let codes: Vec<_> = codes(dialect, statement).collect();
    let mut text = String::with_capacity(statement.len() + condition.len());
    let mut at = 0;
    for place in places(&codes) {
        text.push_str(&statement[at..place.start]);
        text.push('(');
        text.push_str(condition);
        text.push(')');
        at = place.end;
    }
    text.push_str(&statement[at..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_replaced_where_a_condition_can_stand() {
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql] {
            assert_eq!(
                replaced(
                    dialect,
                    "UPDATE t SET a = ':batch' -- :batch\nWHERE a IS NULL AND :batch",
                    "id > 1"
                ),
                "UPDATE t SET a = ':batch' -- :batch\nWHERE a IS NULL AND (id > 1)"
            );
            assert_eq!(
                replaced(dialect, "DELETE FROM t WHERE (:BATCH) OR NOT :batch", "x"),
                "DELETE FROM t WHERE ((x)) OR NOT (x)"
            );
        }
    }

    #[test]
    fn a_slice_of_an_array_is_no_mark() {
        for text in ["UPDATE t SET a = b[1:batch]", "SELECT a::batch", "UPDATE t SET a = x :batch"] {
            assert_eq!(first(Dialect::Postgres, text), None, "{text}");
        }
    }
}
