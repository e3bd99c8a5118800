//! Queries that count the rows which stand in the way of a change, while nothing is changed. They use the
//! names that there are before it; where those are not what the change says, there is no query.

use crate::{
    dialect::{Dialect, sqlite::change::rowid_alias},
    difference::{Alteration, Change},
    name::{quote, quote_in},
    schema::{Body, Column, ConstraintKind, ForeignKey, IndexPart, Key, Table},
};

/// A table before a change.
pub(super) struct Rows<'a> {
    pub(super) dialect: Dialect,
    /// Its name as SQL.
    name: String,
    table: Option<&'a Table>,
    /// The column that is the rowid under another name once the change is done (SQLite): where rows have
    /// no value, they get one.
    pub(super) rowid: Option<&'a str>,
    /// Whether no column gets another name, so that expressions mean the same before and after.
    same_names: bool,
}

impl<'a> Rows<'a> {
    pub(super) fn of(dialect: Dialect, alteration: &'a Alteration) -> Self {
        let renamed = |change: &Change<Column>| match change {
            Change::Alter { from, to } => from.name != to.name,
            Change::Add { .. } | Change::Drop { .. } => false,
        };
        let id = &alteration.from.id;
        Self {
            dialect,
            name: quote_in(dialect, id.schema.as_deref(), &id.name),
            table: match &alteration.from.body {
                Body::Table(table) => Some(table),
                _ => None,
            },
            rowid: match &alteration.to.body {
                Body::Table(table) if dialect == Dialect::Sqlite => rowid_alias(table),
                _ => None,
            },
            same_names: !alteration.columns.iter().any(renamed),
        }
    }

    /// All rows.
    pub(super) fn all(&self) -> String {
        format!("SELECT count(*) FROM {}", self.name)
    }

    /// The rows in which a column is null.
    pub(super) fn null(&self, column: &str) -> String {
        format!("SELECT count(*) FROM {} WHERE {} IS NULL", self.name, quote(self.dialect, column))
    }

    /// The rows that break a constraint.
    pub(super) fn against(&self, constraint: &ConstraintKind) -> Option<String> {
        match constraint {
            ConstraintKind::PrimaryKey { parts } | ConstraintKind::Unique { parts, .. } => self.alike(parts),
            ConstraintKind::Check { expression } if self.same_names => {
                Some(format!("SELECT count(*) FROM {} WHERE NOT ({expression})", self.name))
            }
            ConstraintKind::Check { .. } | ConstraintKind::Exclusion => None,
            ConstraintKind::ForeignKey(key) => self.orphans(key),
            ConstraintKind::NotNull { column } => self.there(column).map(|()| self.null(column)),
        }
    }

    /// The values that are there more than once; nothing where a column is not there yet.
    pub(super) fn alike(&self, parts: &[IndexPart]) -> Option<String> {
        let columns: Option<Vec<String>> = parts
            .iter()
            .map(|part| match &part.key {
                Key::Column(name) => self.there(name).map(|()| quote(self.dialect, name)),
                Key::Expression(_) => None,
            })
            .collect();
        let columns = columns?;
        let filled: Vec<String> = columns.iter().map(|column| format!("{column} IS NOT NULL")).collect();
        let columns = columns.join(", ");
        Some(format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} GROUP BY {columns} HAVING count(*) > 1) AS alike",
            self.name,
            filled.join(" AND ")
        ))
    }

    /// The rows without a counterpart.
    fn orphans(&self, key: &ForeignKey) -> Option<String> {
        if key.referenced.len() != key.columns.len() {
            return None;
        }
        let mut filled = Vec::new();
        let mut equal = Vec::new();
        for (column, referenced) in key.columns.iter().zip(&key.referenced) {
            self.there(column)?;
            let own = format!("one.{}", quote(self.dialect, column));
            equal.push(format!("other.{} = {own}", quote(self.dialect, referenced)));
            filled.push(format!("{own} IS NOT NULL"));
        }
        let other = quote_in(self.dialect, key.table.schema.as_deref(), &key.table.name);
        Some(format!(
            "SELECT count(*) FROM {} AS one WHERE {} AND NOT EXISTS (SELECT 1 FROM {other} AS other WHERE {})",
            self.name,
            filled.join(" AND "),
            equal.join(" AND ")
        ))
    }

    fn there(&self, column: &str) -> Option<()> {
        self.table?.column(column).map(drop)
    }
}
