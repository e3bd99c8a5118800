//! Rows that are written with the schema: countries, currencies, the first user.

use super::{Known, Reverse, Value, WrittenOperation, draft::Draft};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    difference::Statement,
    model::ModelName,
    name::{quote, quote_in},
    schema::ObjectKind,
};

/// How many rows a statement has at most, and how many bytes: servers take more, and people read these.
const ROWS: usize = 500;
const BYTES: usize = 256 * 1024;

/// Rows for a table, as literals, so many to a statement as fit.
///
/// ```
/// use underpin_core::operation::*;
///
/// BulkInsert::new("countries", ["code", "name"])
///     .row(["at".into(), "Austria".into()])
///     .row(["ch".into(), "Switzerland".into()])
///     .keys(["code"]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BulkInsert {
    pub(super) table: ModelName,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Value>>,
    pub(super) keys: Vec<String>,
    pub(super) one_by_one: bool,
}

impl BulkInsert {
    /// Rows of these columns, of which there is none yet.
    pub fn new<C: Into<String>>(table: impl Into<ModelName>, columns: impl IntoIterator<Item = C>) -> Self {
        Self {
            table: table.into(),
            columns: columns.into_iter().map(Into::into).collect(),
            rows: Vec::new(),
            keys: Vec::new(),
            one_by_one: false,
        }
    }

    setters! {
        /// The namespace that the table is in (PostgreSQL).
        namespace schema of table;
    }

    /// A row, with a value for each column in their order.
    #[must_use]
    pub fn row(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.rows.push(values.into_iter().collect());
        self
    }

    /// The columns that tell the rows from all others: the way back deletes the rows with these values. Without
    /// them it is irreversible.
    #[must_use]
    pub fn keys<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.keys = columns.into_iter().map(Into::into).collect();
        self
    }

    setters! {
        /// Each row is a statement of its own.
        flag one_by_one;
    }

    /// The statements that write the rows, and those that delete them by their keys.
    pub(super) fn write(&self, known: Known<'_>) -> Result<WrittenOperation, Diagnostic> {
        let dialect = known.flavour().dialect();
        let draft = Draft::new(known);
        let id = draft.id(ObjectKind::Table, &self.table)?;
        self.check(&draft, &id)?;
        let table = quote_in(dialect, id.schema.as_deref(), &id.name);
        let columns = list(&self.columns, dialect);
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            rows.push(tuple(row.iter(), dialect)?);
        }
        let begin = format!("INSERT INTO {table} ({columns}) VALUES\n  ");
        let statements =
            self.chunks(&rows).map(|rows| Statement::new(format!("{begin}{}", rows.join(",\n  "))));
        let statements = statements.collect();
        if self.keys.is_empty() {
            let why = "the columns that tell the rows from others were not named: .keys([…])";
            return Ok(WrittenOperation { statements, reverse: Reverse::Irreversible(why.to_owned()) });
        }
        let mut gone = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            gone.push(self.condition(row, dialect)?);
        }
        let begin = format!("DELETE FROM {table} WHERE ");
        let back = self.chunks(&gone).map(|rows| Statement::new(format!("{begin}{}", rows.join("\n  OR "))));
        Ok(WrittenOperation { statements, reverse: Reverse::Statements(back.collect()) })
    }

    fn check(&self, draft: &Draft, id: &crate::schema::ObjectId) -> Result<(), Diagnostic> {
        let wrong = |message: String| Err(Diagnostic::new(ErrorKind::Model, message));
        if self.columns.is_empty() {
            return wrong("rows have columns".to_owned());
        }
        if let Some(at) = self.rows.iter().position(|row| row.len() != self.columns.len()) {
            let (has, wants) = (self.rows[at].len(), self.columns.len());
            return wrong(format!("row {} has {has} values for {wants} columns", at + 1));
        }
        if let Some(key) = self.keys.iter().find(|key| !self.columns.contains(key)) {
            return wrong(format!("{key} is a key and no column of the rows"));
        }
        if !draft.known {
            return Ok(());
        }
        let Some(table) = draft.after.table(id) else { return Err(draft.missing(id)) };
        let Some(column) = self
            .columns
            .iter()
            .find(|column| !table.columns.iter().any(|known| known.name.eq_ignore_ascii_case(column)))
        else {
            return Ok(());
        };
        Err(super::draft::not_there(&id.part(ObjectKind::Column, column)))
    }

    /// As many texts to a statement as fit.
    fn chunks<'a>(&self, texts: &'a [String]) -> impl Iterator<Item = &'a [String]> {
        let most = if self.one_by_one { 1 } else { ROWS };
        let mut rest = texts;
        std::iter::from_fn(move || {
            let mut size = 0;
            let fits = |text: &&String| {
                size += text.len();
                size <= BYTES
            };
            let count = rest.iter().take(most).take_while(fits).count().max(1);
            let (chunk, later) = rest.split_at_checked(count)?;
            rest = later;
            Some(chunk)
        })
    }

    /// What tells a row from all others.
    fn condition(&self, row: &[Value], dialect: Dialect) -> Result<String, Diagnostic> {
        let mut conditions = Vec::with_capacity(self.keys.len());
        for key in &self.keys {
            let value = self.columns.iter().position(|column| column == key).and_then(|at| row.get(at));
            let name = quote(dialect, key);
            conditions.push(match value {
                None | Some(Value::Null) => format!("{name} IS NULL"),
                Some(value) => format!("{name} = {}", value.literal(dialect)?),
            });
        }
        Ok(match &conditions[..] {
            [one] => one.clone(),
            several => format!("({})", several.join(" AND ")),
        })
    }
}

fn list(columns: &[String], dialect: Dialect) -> String {
    columns.iter().map(|column| quote(dialect, column)).collect::<Vec<_>>().join(", ")
}

fn tuple<'a>(values: impl Iterator<Item = &'a Value>, dialect: Dialect) -> Result<String, Diagnostic> {
    let values: Result<Vec<String>, Diagnostic> = values.map(|value| value.literal(dialect)).collect();
    Ok(format!("({})", values?.join(", ")))
}
