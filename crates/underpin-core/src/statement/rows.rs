//! Statements that change rows: which table, and whether they say which rows. Not what they write.

use super::{Expression, ObjectName, Selection, cursor::Cursor};

/// A statement that changes rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// What it does.
    pub verb: RowVerb,
    /// The table.
    pub table: Option<ObjectName>,
    /// Whether it has a `WHERE`, a `LIMIT` or a join that chooses rows.
    pub chosen: bool,
    /// Whether its rows come from a query.
    pub from_query: bool,
    /// The columns that it names as written: of an `INSERT` in parentheses, of an `UPDATE` behind `SET`.
    pub columns: Vec<String>,
    /// Whether rows that are in the way are left out: `IGNORE`.
    pub ignore: bool,
    /// What an `INSERT` selects, where its rows come from a query.
    pub selection: Option<Selection>,
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
    let mut ignore = false;
    while let Some(word) = cursor.eat_one_of(&BEFORE_TABLE) {
        ignore |= word == "IGNORE";
    }
    // LOAD DATA INFILE 'file' INTO TABLE t
    if cursor.text().is_some() {
        let _ = cursor.eat("REPLACE") || cursor.eat("IGNORE");
        let _ = cursor.eat("INTO TABLE");
    }
    let table = cursor.name();
    let mut change = RowChange {
        verb,
        table,
        chosen: false,
        from_query: false,
        columns: Vec::new(),
        ignore,
        selection: None,
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
                let chooses = cursor.is_one_of(&["WHERE", "LIMIT", "JOIN", "USING"])
                    && !(cursor.is("WHERE") && (cursor.is_at(1, "TRUE") || one(cursor)));
                self.chosen |= depth == 0 && chooses;
                self.from_query |= depth == 0 && cursor.is_one_of(&["SELECT", "TABLE"]);
                cursor.advance();
            }
        }
    }
}

/// `WHERE 1`, `WHERE 1 = 1`: every row.
fn one(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    ahead.advance();
    let text = ahead.rest().text;
    matches!(text.replace(' ', "").as_str(), "1" | "1=1")
}
