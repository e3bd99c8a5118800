//! Statements that change rows: which table, and whether they say which rows. Not what they write.

use super::{ObjectName, cursor::Cursor};

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

/// Reads a statement that changes rows, behind its first word.
pub(super) fn read(verb: RowVerb, cursor: &mut Cursor<'_>) -> RowChange {
    cursor.skip_until(|cursor| {
        !cursor.is_one_of(&[
            "INTO",
            "FROM",
            "ONLY",
            "OR",
            "IGNORE",
            "LOW_PRIORITY",
            "QUICK",
            "DELAYED",
            "HIGH_PRIORITY",
        ]) && !cursor.is_one_of(&["REPLACE", "ABORT", "FAIL", "ROLLBACK", "DATA", "LOCAL", "INFILE", "TABLE"])
    });
    // LOAD DATA INFILE 'file' INTO TABLE t
    if cursor.text().is_some() {
        let _ = cursor.eat("REPLACE") || cursor.eat("IGNORE");
        let _ = cursor.eat("INTO TABLE");
    }
    let table = cursor.name();
    let mut change = RowChange { verb, table, chosen: false, from_query: false, texts: Vec::new() };
    change.read_rest(cursor, 0);
    change
}

impl RowChange {
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
