//! Data in batches: one statement over a large table as many small ones, each over the next rows by a
//! unique key. What is said of it, the conditions that take its place, and how it goes on; not how it runs.

mod bounds;
mod cursor;
mod error;
mod mark;
mod note;
mod pace;
mod statement;

pub use bounds::{KeyColumn, KeyKind, Keys};
pub use cursor::Cursor;
pub use error::BatchesError;
pub use note::MOST_ROWS;
pub use pace::{Pace, next_rows};

pub(crate) use mark::ends_mark;

use crate::{
    dialect::Dialect,
    sql::{TableName, words::codes},
};

/// The word that stands in a statement for the condition on the key.
pub const MARK: &str = ":batch";

/// How a statement is cut into batches: by which key of which table, and how large they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batches {
    /// The table whose rows are counted.
    pub table: TableName,
    /// The name that the statement has for it, where the columns of the key need one.
    pub alias: Option<String>,
    /// The columns of one of its unique keys, in the key's order, as the catalog holds them.
    pub key: Vec<String>,
    /// How large and how fast.
    pub pace: Pace,
}

/// A statement and how it is cut into batches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backfill {
    /// The batches.
    pub batches: Batches,
    /// The statement, in which `:batch` stands for the condition on the key.
    pub statement: String,
}

impl Batches {
    /// Batches of a table by the columns of a unique key, with names as the catalog holds them.
    pub fn new(table: TableName, key: Vec<String>) -> Self {
        Self { table, alias: None, key, pace: Pace::default() }
    }

    /// Reads what stands behind `-- batches:`, such as `orders by id, rows 500, time 200ms`.
    ///
    /// # Errors
    /// If it names no table or no column, or holds a word or a value that means nothing.
    pub fn parse(dialect: Dialect, note: &str) -> Result<Self, BatchesError> {
        note::parse(dialect, note)
    }

    /// Checks that a statement can be run in these batches, as far as its words tell.
    ///
    /// # Errors
    /// If it is none that changes rows, lacks its `:batch`, or changes the key that it is cut by.
    pub fn check(&self, dialect: Dialect, statement: &str) -> Result<(), BatchesError> {
        let codes: Vec<_> = codes(dialect, statement).collect();
        if mark::places(&codes).is_empty() {
            return Err(BatchesError::NoMark);
        }
        statement::check(self, &codes)
    }

    /// The key, in words: `id`, `tenant, id`.
    pub fn key_in_words(&self) -> String {
        self.key.join(", ")
    }
}

impl std::fmt::Display for Batches {
    /// `in batches of orders by id`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "in batches of {} by {}", self.table.name, self.key_in_words())
    }
}

impl Backfill {
    /// A statement in batches.
    ///
    /// # Errors
    /// As [`Batches::check`].
    pub fn new(
        dialect: Dialect,
        batches: Batches,
        statement: impl Into<String>,
    ) -> Result<Self, BatchesError> {
        let statement = statement.into();
        batches.check(dialect, &statement)?;
        Ok(Self { batches, statement })
    }

    /// The statement with a condition in place of `:batch`.
    pub fn with_condition(&self, dialect: Dialect, condition: &str) -> String {
        mark::replaced(dialect, &self.statement, condition)
    }

    /// The statement over all rows at once, as a script has it that can't count.
    pub fn whole(&self, dialect: Dialect) -> String {
        self.with_condition(dialect, "1 = 1")
    }

    /// Where in the statement a character stands that a server points at in what it was sent: the same
    /// before the condition, nowhere in it or behind it.
    pub fn character(&self, dialect: Dialect, character: usize) -> Option<usize> {
        let first = mark::first(dialect, &self.statement)?;
        let before = self.statement.get(..first)?.chars().count();
        (character < before).then_some(character)
    }
}
