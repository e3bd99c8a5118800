//! Indexes as parts of statements.

use super::quoted;
use crate::{
    dialect::Flavour,
    name::mysql_string,
    schema::{Index, IndexPart, Key},
};

/// An index as `CREATE TABLE` and `ADD` take it: `UNIQUE KEY `u` (`a`, `b` DESC)`.
pub(super) fn definition(flavour: Flavour, index: &Index) -> String {
    let (kind, using) = match index.method.as_deref() {
        Some("fulltext") => ("FULLTEXT KEY", None),
        Some("spatial" | "rtree") => ("SPATIAL KEY", None),
        Some("vector") => ("VECTOR KEY", None),
        method if index.unique => ("UNIQUE KEY", method),
        method => ("KEY", method),
    };
    let mut sql = format!("{kind} {} ({})", quoted(&index.name), parts(&index.parts, period(index)));
    if let Some(using) = using {
        sql.push_str(&format!(" USING {}", using.to_ascii_uppercase()));
    }
    if let Some(size) = index.options.get("key_block_size") {
        sql.push_str(&format!(" KEY_BLOCK_SIZE={size}"));
    }
    if let Some(parser) = index.options.get("parser") {
        sql.push_str(&format!(" WITH PARSER {}", quoted(parser)));
    }
    for (option, word) in [("m", "M"), ("distance", "DISTANCE")] {
        if let Some(value) = index.options.get(option) {
            sql.push_str(&format!(" {word}={value}"));
        }
    }
    if let Some(comment) = &index.comment {
        sql.push_str(&format!(" COMMENT {}", mysql_string(comment)));
    }
    if index.invisible {
        sql.push(' ');
        sql.push_str(visibility(flavour, true));
    }
    sql
}

/// What makes the planner ignore an index, or look at it again.
pub(super) const fn visibility(flavour: Flavour, invisible: bool) -> &'static str {
    match (flavour, invisible) {
        (Flavour::Mariadb, true) => "IGNORED",
        (Flavour::Mariadb, false) => "NOT IGNORED",
        (_, true) => "INVISIBLE",
        (_, false) => "VISIBLE",
    }
}

fn period(index: &Index) -> Option<&str> {
    index.options.get("without_overlaps").map(String::as_str)
}

/// The parts of an index or key, and the period that may not overlap (MariaDB).
pub(super) fn parts(parts: &[IndexPart], period: Option<&str>) -> String {
    let parts = parts.iter().map(part);
    let period = period.map(|period| format!("{} WITHOUT OVERLAPS", quoted(period)));
    parts.chain(period).collect::<Vec<_>>().join(", ")
}

fn part(part: &IndexPart) -> String {
    let mut sql = match &part.key {
        Key::Column(column) => quoted(column),
        Key::Expression(expression) => format!("({expression})"),
    };
    if let Some(length) = part.length {
        sql.push_str(&format!("({length})"));
    }
    if part.descending {
        sql.push_str(" DESC");
    }
    sql
}

/// The columns that stand in these parts.
pub(super) fn columns(parts: &[IndexPart]) -> Vec<&str> {
    parts
        .iter()
        .filter_map(|part| match &part.key {
            Key::Column(column) => Some(column.as_str()),
            Key::Expression(_) => None,
        })
        .collect()
}

/// Whether two indexes differ in nothing but whether the planner looks at them.
pub(super) fn differ_in_visibility_only(from: &Index, to: &Index) -> bool {
    from.invisible != to.invisible && Index { invisible: to.invisible, ..from.clone() } == *to
}
