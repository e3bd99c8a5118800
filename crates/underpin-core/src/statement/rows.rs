//! Statements that change rows: which table, and whether they say which rows. Not what they write.

use std::collections::VecDeque;

use super::{Expression, ObjectName, Selection, TableRead, cursor::Cursor, joined, reads::reads};
use crate::dialect::Dialect;

/// A statement that changes rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// What it does.
    pub verb: RowVerb,
    /// The table; of several that are joined, the first that is changed.
    pub table: Option<ObjectName>,
    /// Whether children and partitions keep their rows as they are: `ONLY` (PostgreSQL).
    pub only: bool,
    /// The others that a `DELETE` empties (MySQL, MariaDB).
    pub also: Vec<ObjectName>,
    /// Whether it chooses rows: with a `WHERE` that does not hold for all, a `LIMIT`, a join with itself or
    /// by a literal.
    pub chosen: bool,
    /// Whether its rows come from a query.
    pub from_query: bool,
    /// The columns that it names as written: of an `INSERT` in parentheses, of an `UPDATE` behind `SET`.
    pub columns: Vec<String>,
    /// Whether rows that are in the way are left out or replaced: `IGNORE`, `OR REPLACE`.
    pub ignore: bool,
    /// Whether it deletes rows besides those that it chooses: the ones that are in the way (`UPDATE OR REPLACE`,
    /// `REPLACE`), and those that a `MERGE` deletes without another condition than its join.
    pub deletes_others: bool,
    /// Whether it is about the versions that rows had before: `DELETE HISTORY` (MariaDB).
    pub history: bool,
    /// What an `INSERT` selects, where its rows come from a query.
    pub selection: Option<Selection>,
    /// The tables that its queries read besides.
    pub reads: Vec<TableRead>,
    /// What stands behind `WHERE`.
    pub condition: Option<Expression>,
    /// Whether it has a `LIMIT`.
    pub limited: bool,
    /// Texts in quotes that stand in it: values of an enum may be among them.
    pub texts: Vec<String>,
}

/// What is done to rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowVerb {
    /// `INSERT`, `REPLACE`, `COPY … FROM`, `LOAD DATA`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
    /// `MERGE`.
    Merge,
}

/// What may stand between the first word and the table.
const BEFORE_TABLE: [&str; 17] = [
    "INTO",
    "FROM",
    "ONLY",
    "OR",
    "IGNORE",
    "LOW_PRIORITY",
    "QUICK",
    "DELAYED",
    "HIGH_PRIORITY",
    "REPLACE",
    "ABORT",
    "FAIL",
    "ROLLBACK",
    "DATA",
    "LOCAL",
    "INFILE",
    "TABLE",
];

/// Reads a statement that changes rows, behind its first word.
pub(super) fn read(verb: RowVerb, cursor: &mut Cursor<'_>) -> RowChange {
    let mut deletes_others = match verb {
        RowVerb::Insert | RowVerb::Update => cursor.clone().eat("OR REPLACE"),
        RowVerb::Merge => merge_deletes(&mut cursor.clone()),
        RowVerb::Delete => false,
    };
    let history = verb == RowVerb::Delete && eat_history(cursor);
    let (mut ignore, mut only) = (false, false);
    while let Some(word) = cursor.eat_one_of(&BEFORE_TABLE) {
        only |= word == "ONLY";
        ignore |= matches!(word, "IGNORE" | "REPLACE");
    }
    // LOAD DATA INFILE 'file' INTO TABLE t
    if cursor.text().is_some() {
        deletes_others |= cursor.eat("REPLACE");
        cursor.eat("IGNORE");
        let _ = cursor.eat("INTO TABLE");
    }
    let mut joined = match (cursor.dialect, verb) {
        (Dialect::Mysql, RowVerb::Update) => joined::updated(&mut cursor.clone()).into_iter().collect(),
        (Dialect::Mysql, RowVerb::Delete) => joined::deleted(&mut cursor.clone()),
        (Dialect::Mysql, RowVerb::Insert | RowVerb::Merge) | (Dialect::Postgres | Dialect::Sqlite, _) => {
            VecDeque::new()
        }
    };
    let table = joined.pop_front().or(cursor.name());
    let mut change = RowChange {
        verb,
        table,
        only,
        also: joined.into(),
        chosen: false,
        from_query: false,
        columns: Vec::new(),
        ignore,
        deletes_others,
        history,
        selection: None,
        reads: reads(&mut cursor.clone()),
        condition: None,
        limited: false,
        texts: Vec::new(),
    };
    match verb {
        RowVerb::Insert => change.read_insert(&mut cursor.clone()),
        RowVerb::Update => change.read_update(&mut cursor.clone()),
        RowVerb::Delete | RowVerb::Merge => {}
    }
    change.read_condition(&mut cursor.clone());
    change.chosen = change.chooses(cursor) || (history && cursor.is("BEFORE"));
    change.read_rest(cursor, 0);
    change
}

impl RowChange {
    /// The tables that its rows come from, as far as they are known.
    pub fn sources(&self) -> &[ObjectName] {
        self.selection.as_ref().map_or(&[], |selection| &selection.sources)
    }

    fn read_insert(&mut self, cursor: &mut Cursor<'_>) {
        if cursor.is_operator("(") && !cursor.is_at(1, "SELECT") {
            self.columns = cursor.columns();
        }
        cursor.eat("OVERRIDING SYSTEM VALUE");
        self.selection = Selection::read(cursor);
    }

    fn read_update(&mut self, cursor: &mut Cursor<'_>) {
        cursor.skip_until(|cursor| cursor.is("SET"));
        cursor.advance();
        let ends = |cursor: &Cursor<'_>| cursor.is_one_of(&["WHERE", "FROM", "ORDER", "LIMIT", "RETURNING"]);
        while !cursor.ended() && !ends(cursor) {
            self.columns.extend(cursor.name().map(|name| name.name));
            cursor.skip_until(|cursor| cursor.is_operator(",") || ends(cursor));
            if !cursor.eat_operator(",") {
                return;
            }
        }
    }

    fn read_condition(&mut self, cursor: &mut Cursor<'_>) {
        cursor.skip_until(|cursor| cursor.is_one_of(&["WHERE", "LIMIT"]));
        if cursor.eat("WHERE") {
            self.condition = Some(cursor.expression_until(&["ORDER", "LIMIT", "RETURNING"]));
            cursor.skip_until(|cursor| cursor.is("LIMIT"));
        }
        self.limited = cursor.is("LIMIT");
    }

    fn read_rest(&mut self, cursor: &mut Cursor<'_>, depth: usize) {
        while !cursor.ended() {
            if let Some(mut inner) = cursor.parenthesised() {
                self.from_query |= inner.is("SELECT");
                self.read_rest(&mut inner, depth + 1);
            } else if let Some(text) = cursor.text() {
                self.texts.push(text);
            } else {
                self.from_query |= depth == 0 && cursor.is_one_of(&["SELECT", "TABLE"]);
                cursor.advance();
            }
        }
    }

    /// Whether it says which rows it changes.
    fn chooses(&self, cursor: &Cursor<'_>) -> bool {
        let condition = self.condition.as_ref();
        condition.is_some_and(|condition| !super::always_holds(cursor.dialect, &condition.text))
            || self.limited
            || (condition.is_none() && joins_some(&mut cursor.clone()))
    }
}

/// `REPLACE` deletes the rows that are equal to a new one in a key (MySQL 8.4 manual, 15.2.12; SQLite documentation,
/// "The ON CONFLICT Clause").
pub(super) fn read_replace(cursor: &mut Cursor<'_>) -> RowChange {
    RowChange { deletes_others: true, ..read(RowVerb::Insert, cursor) }
}

/// Whether a branch of a `MERGE` deletes, and says no more of its rows than the join does.
fn merge_deletes(cursor: &mut Cursor<'_>) -> bool {
    while !cursor.ended() {
        cursor.skip_until(|cursor| cursor.is("WHEN"));
        cursor.advance();
        let _ = cursor.eat("NOT MATCHED BY SOURCE") || cursor.eat("MATCHED");
        let chosen = cursor.eat("AND") && {
            let condition = cursor.expression_until(&["THEN"]);
            !super::always_holds(cursor.dialect, &condition.text)
        };
        if cursor.eat("THEN DELETE") && !chosen {
            return true;
        }
    }
    false
}

/// `DELETE HISTORY FROM t`, unless a table is called so that is joined there (MariaDB).
fn eat_history(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    if cursor.dialect != Dialect::Mysql || !ahead.eat("HISTORY FROM") || ahead.name().is_none() {
        return false;
    }
    if ahead.ended() || ahead.is("BEFORE") || ahead.is("PARTITION") {
        cursor.eat("HISTORY");
        return true;
    }
    false
}

/// Whether a join leaves out rows: with the same table, or where a literal is asked for.
fn joins_some(cursor: &mut Cursor<'_>) -> bool {
    const ENDS: &[&str] = &["JOIN", "LEFT", "INNER", "SET", "WHERE", "ORDER"];
    let mut names = Vec::new();
    let mut literal = false;
    while !cursor.ended() {
        if cursor.eat("FROM") || cursor.eat("JOIN") {
            names.extend(cursor.name());
        } else if cursor.eat("ON") {
            let condition = cursor.expression_until(ENDS);
            literal |= condition.literals;
        } else {
            cursor.advance();
        }
    }
    let count = names.len();
    names.sort();
    names.dedup();
    literal || names.len() < count
}
