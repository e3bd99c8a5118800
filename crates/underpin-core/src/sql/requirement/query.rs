//! The queries that count the rows which stand in the way, and show one of them.

use super::{Requirement, RequirementKind};
use crate::dialect::Dialect;

impl Requirement {
    /// Counts what stands in the way: rows, or values that are there more than once.
    pub fn count(&self) -> String {
        match &self.kind {
            RequirementKind::Unique { .. } => {
                format!("SELECT count(*) FROM (SELECT 1{}) AS alike", self.in_the_way())
            }
            RequirementKind::NoRows { .. }
            | RequirementKind::NotNull { .. }
            | RequirementKind::Check { .. }
            | RequirementKind::ForeignKey { .. } => {
                format!("SELECT count(*){}", self.in_the_way())
            }
        }
    }

    /// Shows the values of [`Requirement::shown`] of one that stands in the way, as text.
    pub fn example(&self, dialect: Dialect, key: &[String]) -> Option<String> {
        let text = match dialect {
            Dialect::Sqlite => "TEXT",
            Dialect::Postgres => "text",
            Dialect::Mysql => "CHAR",
        };
        let own = match &self.kind {
            RequirementKind::ForeignKey { .. } => "one.",
            RequirementKind::NoRows { .. }
            | RequirementKind::NotNull { .. }
            | RequirementKind::Unique { .. }
            | RequirementKind::Check { .. } => "",
        };
        let shown = self.shown(key);
        let values: Vec<String> =
            shown.iter().map(|column| format!("CAST({own}{column} AS {text})")).collect();
        (!values.is_empty()).then(|| format!("SELECT {}{} LIMIT 1", values.join(", "), self.in_the_way()))
    }

    /// The columns that tell which row stands in the way; `key` is the table's primary key.
    pub fn shown<'a>(&'a self, key: &'a [String]) -> &'a [String] {
        match &self.kind {
            RequirementKind::Unique { columns } | RequirementKind::ForeignKey { columns, .. } => columns,
            RequirementKind::NoRows { .. }
            | RequirementKind::NotNull { .. }
            | RequirementKind::Check { .. } => key,
        }
    }

    fn in_the_way(&self) -> String {
        let table = self.source.as_ref().unwrap_or(&self.table);
        let conditions = match &self.kind {
            RequirementKind::NoRows { .. } => return format!(" FROM {table}"),
            RequirementKind::NotNull { column } => vec![format!("{column} IS NULL")],
            RequirementKind::Check { expression } => vec![format!("NOT ({expression})")],
            RequirementKind::Unique { columns } => {
                let mut conditions: Vec<String> =
                    columns.iter().map(|column| format!("{column} IS NOT NULL")).collect();
                conditions.extend(self.filter.iter().map(|filter| format!("({filter})")));
                let columns = columns.join(", ");
                let conditions = conditions.join(" AND ");
                return format!(" FROM {table} WHERE {conditions} GROUP BY {columns} HAVING count(*) > 1");
            }
            RequirementKind::ForeignKey { columns, table: other, referenced } => {
                let mut conditions: Vec<String> =
                    columns.iter().map(|column| format!("one.{column} IS NOT NULL")).collect();
                let pairs = columns.iter().zip(referenced);
                let equal: Vec<String> =
                    pairs.map(|(column, referenced)| format!("other.{referenced} = one.{column}")).collect();
                conditions.push(format!(
                    "NOT EXISTS (SELECT 1 FROM {other} AS other WHERE {})",
                    equal.join(" AND ")
                ));
                return format!(" FROM {table} AS one WHERE {}", conditions.join(" AND "));
            }
        };
        format!(" FROM {table} WHERE {}", conditions.join(" AND "))
    }
}
