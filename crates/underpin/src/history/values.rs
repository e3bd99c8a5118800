//! The values of a row as SQL text, written one behind the other. A run on SQLite writes two rows for each small
//! revision, which took longer to write than their tables to make while each value was a text of its own.

use std::fmt::{Display, Write as _};

use underpin_core::{dialect::Dialect, name::push_literal};

/// Values with commas between them.
pub(super) struct Values {
    dialect: Dialect,
    text: String,
}

impl Values {
    /// No value.
    pub(super) fn new(dialect: Dialect) -> Self {
        // About as long as a row of the ledger with a short downgrade.
        Self { dialect, text: String::with_capacity(512) }
    }

    /// Adds a text.
    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        self.separate();
        push_literal(&mut self.text, self.dialect, value);
        self
    }

    /// Adds a text, or NULL.
    pub(super) fn optional(&mut self, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(value),
            None => self.sql("NULL"),
        }
    }

    /// Adds what is SQL already.
    pub(super) fn sql(&mut self, value: impl Display) -> &mut Self {
        self.separate();
        // Writing to a text does not fail.
        let _ = write!(self.text, "{value}");
        self
    }

    /// The values.
    pub(super) fn list(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// The values in parentheses.
    pub(super) fn row(&mut self) -> String {
        let mut row = self.list();
        row.insert(0, '(');
        row.push(')');
        row
    }

    fn separate(&mut self) {
        if !self.text.is_empty() {
            self.text.push_str(", ");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_a_row() {
        let mut values = Values::new(Dialect::Sqlite);
        values.text("it's").optional(None).optional(Some("")).sql(7);
        assert_eq!(values.row(), "('it''s', NULL, '', 7)");
    }
}
