//! Queries that count the rows which stand in the way of a change, while nothing is changed. They use the
//! names that there are before it; where those are not what the change says, there is no query.

use crate::{
    dialect::{Dialect, sqlite::change::rowid_alias},
    difference::{Alteration, Change},
    name::{quote, quote_in},
    schema::{Body, Column, ConstraintKind, ForeignKey, IndexPart, Key, Table},
    sql::{Requirement, RequirementKind},
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

    /// All rows: `column` has nothing for them.
    pub(super) fn all(&self, column: &str) -> String {
        self.count(RequirementKind::NoRows { column: self.quoted(column) })
    }

    /// The rows in which a column is null.
    pub(super) fn null(&self, column: &str) -> String {
        self.count(RequirementKind::NotNull { column: self.quoted(column) })
    }

    /// The rows that break a constraint.
    pub(super) fn against(&self, constraint: &ConstraintKind) -> Option<String> {
        match constraint {
            ConstraintKind::PrimaryKey { parts } | ConstraintKind::Unique { parts, .. } => self.alike(parts),
            ConstraintKind::Check { expression } if self.same_names => {
                Some(self.count(RequirementKind::Check { expression: expression.clone() }))
            }
            ConstraintKind::Check { .. } | ConstraintKind::Exclusion => None,
            ConstraintKind::ForeignKey(key) => self.orphans(key),
            ConstraintKind::NotNull { column } => self.there(column).map(|_| self.null(column)),
        }
    }

    /// The values that are there more than once; nothing where a column is not there yet.
    pub(super) fn alike(&self, parts: &[IndexPart]) -> Option<String> {
        let columns: Option<Vec<String>> = parts
            .iter()
            .map(|part| match &part.key {
                Key::Column(name) => self.there(name),
                Key::Expression(_) => None,
            })
            .collect();
        Some(self.count(RequirementKind::Unique { columns: columns? }))
    }

    /// The rows without a counterpart.
    fn orphans(&self, key: &ForeignKey) -> Option<String> {
        if key.referenced.len() != key.columns.len() {
            return None;
        }
        let columns: Option<Vec<String>> = key.columns.iter().map(|column| self.there(column)).collect();
        Some(self.count(RequirementKind::ForeignKey {
            columns: columns?,
            table: quote_in(self.dialect, key.table.schema.as_deref(), &key.table.name),
            referenced: key.referenced.iter().map(|column| self.quoted(column)).collect(),
        }))
    }

    fn count(&self, kind: RequirementKind) -> String {
        Requirement::new(&self.name, kind).count()
    }

    fn quoted(&self, column: &str) -> String {
        quote(self.dialect, column)
    }

    /// A column as SQL, if it is there before the change.
    fn there(&self, column: &str) -> Option<String> {
        self.table?.column(column).map(|_| self.quoted(column))
    }
}
