//! A statement of a plan: the text that is sent, and where it stands in its file.

use std::borrow::Cow;

use crate::{
    backfill::{Backfill, Batches},
    diagnostic::Place,
    dialect::{Dialect, Flavour},
    sql::{self, Repeat},
};

/// A statement that a plan will send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStatement {
    /// What is sent, byte for byte.
    pub text: String,
    /// Its first line, in its file.
    pub place: Place,
    /// A query that tells whether it was run, written beside it as `-- probe: SELECT …`.
    pub probe: Option<String>,
    /// How it is cut into batches, if a note beside it says so: `-- batches: TABLE by KEY`.
    pub batches: Option<Batches>,
    /// The notes to lint that stand before it: `-- lint: ignore …`.
    pub lint_notes: Vec<String>,
}

impl PlannedStatement {
    /// The place of the character `index` of the statement, counted from 0.
    pub fn place_of_character(&self, index: usize) -> Place {
        let byte = self.text.char_indices().nth(index).map_or(self.text.len(), |(byte, _)| byte);
        let rest = &self.text[byte..];
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len()).max(1);
        let mut place = Place::in_text(&self.place.file, &self.text, byte..byte + length, self.place.line);
        if place.line == self.place.line {
            // The first line of the statement need not be the start of its line in the file.
            place.column += self.place.column - 1;
            place.text.clone_from(&self.place.text);
        }
        place
    }

    /// The statement in its batches, if it is cut into some.
    pub fn backfill(&self) -> Option<Backfill> {
        let batches = self.batches.clone()?;
        Some(Backfill { batches, statement: self.text.clone() })
    }

    /// The statement as a server reads it that is sent it as a whole.
    pub fn whole(&self, dialect: Dialect) -> Cow<'_, str> {
        match self.backfill() {
            Some(backfill) => Cow::Owned(backfill.whole(dialect)),
            None => Cow::Borrowed(&self.text),
        }
    }

    /// What is known of its fate when a run was killed while it was under way.
    pub fn repeat(&self, flavour: Flavour) -> Repeat {
        sql::repeat(flavour, &self.text)
    }
}
