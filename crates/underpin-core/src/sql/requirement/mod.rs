//! What a statement asks of the rows that are there already, and the queries that find those which
//! do not give it. Told from the statement's tokens; where they say less than that, nothing is told.

mod alter;
mod clause;
mod insert;
mod query;

use crate::dialect::Dialect;

/// What a statement asks of the rows of a table. All names are as the statement writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The table that the rows are from.
    table: String,
    /// What is asked for them instead, where they are changed on their way.
    source: Option<String>,
    /// What they have to be.
    kind: RequirementKind,
    /// The rows that are meant, where not all are.
    filter: Option<String>,
}

/// What rows have to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RequirementKind {
    /// There may be none: the column has nothing to put in them.
    NoRows { column: String },
    /// The column is not null.
    NotNull { column: String },
    /// No two have the same values.
    Unique { columns: Vec<String> },
    /// The expression is not false.
    Check { expression: String },
    /// The other table has a row for each.
    ForeignKey { columns: Vec<String>, table: String, referenced: Vec<String> },
}

impl Requirement {
    /// What a table, whose name is SQL, has to be.
    pub(crate) fn new(table: &str, kind: RequirementKind) -> Self {
        Self { table: table.to_owned(), source: None, kind, filter: None }
    }

    /// The table as the statement writes it.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// What stands in the way, in a sentence without a full stop; `example` is one of them.
    pub fn describe(&self, count: i64, example: Option<&str>) -> String {
        let Self { table, kind, source: _, filter: _ } = self;
        let rows = if count == 1 { "row" } else { "rows" };
        let have = if count == 1 { "has" } else { "have" };
        let words = match kind {
            RequirementKind::NoRows { column } => {
                format!("{count} {rows} of {table} {have} nothing for {column}")
            }
            RequirementKind::NotNull { column } => format!("{count} {rows} of {table} {have} no {column}"),
            RequirementKind::Unique { columns } => {
                let are = if count == 1 { "value is" } else { "values are" };
                format!("{count} {are} more than once in {} of {table}", columns.join(", "))
            }
            RequirementKind::Check { expression } => {
                let breaks = if count == 1 { "breaks" } else { "break" };
                format!("{count} {rows} of {table} {breaks} {expression}")
            }
            RequirementKind::ForeignKey { table: other, .. } => {
                format!("{count} {rows} of {table} {have} no counterpart in {other}")
            }
        };
        match example {
            Some(example) if count == 1 => format!("{words} ({example})"),
            Some(example) => format!("{words} (one of them: {example})"),
            None => words,
        }
    }
}

/// What `statement` asks of the rows that are there: nothing for most, several for an `ALTER TABLE` with
/// several clauses. What is added without being checked (`NOT VALID`, `NOT ENFORCED`) asks nothing.
pub fn requirements(dialect: Dialect, statement: &str) -> Vec<Requirement> {
    alter::requirements(dialect, statement)
}

/// What a statement of SQLite that copies rows from one table into another asks of them, told from the
/// error that it ended with: `NOT NULL constraint failed: orders_new.total`.
pub fn copied(statement: &str, error: &str) -> Option<Requirement> {
    insert::requirement(statement, error)
}

#[cfg(test)]
mod tests;
