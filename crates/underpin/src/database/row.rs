//! A row as the history and the catalogs are read: every value as text. Not for users' data.

/// A row of nullable texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row(pub(crate) Vec<Option<String>>);

impl Row {
    /// The text in column `index`, or nothing for NULL and for a column that is not there.
    pub(crate) fn optional(&self, index: usize) -> Option<&str> {
        self.0.get(index)?.as_deref()
    }

    /// The text in column `index`; empty for NULL.
    pub(crate) fn text(&self, index: usize) -> &str {
        self.optional(index).unwrap_or_default()
    }

    /// The number in column `index`, if it is one.
    pub(crate) fn integer(&self, index: usize) -> Option<i64> {
        self.optional(index)?.parse().ok()
    }

    /// Whether column `index` holds what the engine calls true.
    pub(crate) fn truth(&self, index: usize) -> bool {
        matches!(self.text(index), "1" | "t" | "true" | "TRUE" | "on" | "yes")
    }
}
