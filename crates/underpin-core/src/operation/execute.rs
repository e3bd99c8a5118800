//! Statements that somebody wrote, with values in them.

use super::Value;
use crate::{dialect::Flavour, model::PerFlavour};

/// One or more statements of SQL.
///
/// `:name` outside of strings and comments is a value that [`bind`](Self::bind) gives; `::` is PostgreSQL's cast
/// and stays. There is nothing to escape: a colon of another kind is written as a value or in a string.
///
/// ```
/// use underpin_core::operation::*;
///
/// Sql::new("UPDATE orders SET status = :status WHERE status IS NULL").bind("status", "open");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sql {
    pub(super) text: PerFlavour<String>,
    pub(super) values: Vec<(String, Value)>,
    pub(super) reverse: Option<PerFlavour<String>>,
    pub(super) outside_transaction: bool,
}

impl Sql {
    /// This text on every engine.
    pub fn new(text: &str) -> Self {
        Self {
            text: PerFlavour::every(text.to_owned()),
            values: Vec::new(),
            reverse: None,
            outside_transaction: false,
        }
    }

    /// A text for one engine alone; on the others nothing is done.
    pub fn only_on(flavour: Flavour, text: &str) -> Self {
        Self { text: PerFlavour::none().on(flavour, text.to_owned()), ..Self::new("") }
    }

    /// The text on this engine, where it is another one.
    #[must_use]
    pub fn on(mut self, flavour: Flavour, text: &str) -> Self {
        self.text = self.text.on(flavour, text.to_owned());
        self
    }

    /// The value of `:name`.
    #[must_use]
    pub fn bind(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.values.push((name.to_owned(), value.into()));
        self
    }

    /// What takes it back; without it, it is irreversible.
    #[must_use]
    pub fn reverse(mut self, text: &str) -> Self {
        self.reverse = Some(PerFlavour::every(text.to_owned()));
        self
    }

    /// What takes it back on this engine.
    #[must_use]
    pub fn reverse_on(mut self, flavour: Flavour, text: &str) -> Self {
        self.reverse = Some(self.reverse.unwrap_or_default().on(flavour, text.to_owned()));
        self
    }

    /// It can't run in a transaction with others: `VACUUM`, `ALTER SYSTEM`.
    #[must_use]
    pub const fn outside_transaction(mut self) -> Self {
        self.outside_transaction = true;
        self
    }
}
