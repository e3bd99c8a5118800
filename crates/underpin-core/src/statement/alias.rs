//! The other name that a statement gives a table: `orders AS o`, `orders o`. Not what it is used for.

use super::cursor::Cursor;

/// What may stand behind a table and is no other name for it.
pub(super) const CLAUSES: &[&str] = &[
    "CROSS",
    "EXCEPT",
    "FETCH",
    "FOR",
    "FORCE",
    "FULL",
    "GROUP",
    "HAVING",
    "IGNORE",
    "INNER",
    "INTERSECT",
    "JOIN",
    "LEFT",
    "LIMIT",
    "NATURAL",
    "OFFSET",
    "ON",
    "ORDER",
    "RETURNING",
    "RIGHT",
    "SET",
    "STRAIGHT_JOIN",
    "TABLESAMPLE",
    "UNION",
    "USE",
    "USING",
    "WHERE",
    "WINDOW",
    "WITH",
];

/// The other name of a table, if one stands here, stepped over.
pub(super) fn alias(cursor: &mut Cursor<'_>) -> Option<String> {
    if cursor.eat("AS") || !cursor.is_one_of(CLAUSES) { cursor.identifier() } else { None }
}
