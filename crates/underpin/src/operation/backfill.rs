//! A change of many rows in batches, as a revision in Rust says it. How it is cut is decided in
//! `core::backfill`.

use std::time::Duration;

use underpin_core::{
    backfill::{self, Batches, Pace},
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    model::PerFlavour,
    sql::TableName,
};

/// A statement that is run in batches by a unique key of its table: each is one transaction with the place
/// that it has come to, so that a run that was cut off goes on there and every row is met once.
///
/// ```
/// use std::time::Duration;
/// use underpin::operation::*;
///
/// pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
///     let cents = Backfill::new("orders", ["id"], "UPDATE orders SET cents = total * 100 WHERE :batch");
///     op.backfill(cents.rows(500).time(Duration::from_millis(200))).await
/// }
/// ```
///
/// `:batch` is the condition on the key. The revision has to say `//! transaction: off`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backfill {
    table: TableName,
    key: Vec<String>,
    statement: PerFlavour<String>,
    pace: Pace,
}

impl Backfill {
    /// A statement in batches of a table, by the columns of one of its unique keys.
    pub fn new<C: Into<String>>(table: &str, key: impl IntoIterator<Item = C>, statement: &str) -> Self {
        Self {
            table: TableName { schema: None, name: table.to_owned() },
            key: key.into_iter().map(Into::into).collect(),
            statement: PerFlavour::every(statement.to_owned()),
            pace: Pace::default(),
        }
    }

    /// The namespace of the table (PostgreSQL).
    #[must_use]
    pub fn schema(mut self, schema: &str) -> Self {
        self.table.schema = Some(schema.to_owned());
        self
    }

    /// Another statement on this engine.
    #[must_use]
    pub fn on(self, flavour: Flavour, statement: &str) -> Self {
        Self { statement: self.statement.on(flavour, statement.to_owned()), ..self }
    }

    /// How many rows the first batch has: 1000, if nothing is said. Those after it are as large as the time
    /// allows.
    #[must_use]
    pub fn rows(mut self, rows: u64) -> Self {
        self.pace.rows = Some(rows);
        self
    }

    /// How long a batch is to take.
    #[must_use]
    pub fn time(mut self, time: Duration) -> Self {
        self.pace.time = Some(time);
        self
    }

    /// How long to wait between two batches, for others to come in.
    #[must_use]
    pub fn pause(mut self, pause: Duration) -> Self {
        self.pace.pause = Some(pause);
        self
    }

    /// What it does, in words.
    pub(crate) fn title(&self) -> String {
        format!("backfill {} by {}", self.table.name, self.key.join(", "))
    }

    /// What it is on an engine.
    pub(crate) fn on_engine(&self, flavour: Flavour) -> Result<backfill::Backfill, Diagnostic> {
        let refused =
            |why: String| Diagnostic::new(ErrorKind::RevisionFile, format!("{}: {why}", self.title()));
        let statement = self.statement.get(flavour).cloned().unwrap_or_default();
        let batches = Batches { pace: self.pace, ..Batches::new(self.table.clone(), self.key.clone()) };
        backfill::Backfill::new(flavour.dialect(), batches, statement).map_err(|error| {
            refused(error.to_string()).hint("write `:batch` where the condition on the key goes")
        })
    }
}
