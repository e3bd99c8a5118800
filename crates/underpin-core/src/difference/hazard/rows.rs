//! Queries that count the rows which stand in the way of a change, while nothing is changed. They use the
//! names that there are before it; where those are not what the change says, there is no query.

use crate::{
    dialect::{Dialect, sqlite::change::rowid_alias},
    difference::{Alteration, Change},
    name::{quote, quote_in},
    schema::{Body, Column, ConstraintKind, ForeignKey, IndexPart, Key, Table},
    sql::{Requirement, RequirementKind},
    statement::Expression,
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
    /// The columns that come or will hold other values, about which nobody can be asked before.
    unsettled: Vec<&'a str>,
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
            unsettled: alteration.columns.iter().filter_map(unsettled).collect(),
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
            ConstraintKind::Check { expression } if self.same_names && !self.says_unsettled(expression) => {
                Some(self.count(RequirementKind::Check { expression: expression.clone() }))
            }
            ConstraintKind::Check { .. } | ConstraintKind::Exclusion => None,
            ConstraintKind::ForeignKey(key) => self.orphans(key),
            ConstraintKind::NotNull { column } => self.there(column).map(|_| self.null(column)),
        }
    }

    /// Whether an expression says a column that is not there yet, or holds other values then. SQLite would take the
    /// former for a text ("Double-quoted String Literals Are Accepted" in its documentation).
    fn says_unsettled(&self, expression: &str) -> bool {
        let expression = Expression::parse(self.dialect, expression);
        self.unsettled.iter().any(|column| expression.mentions(column))
    }

    /// The collation that a column has now, its own or the table's (MySQL, MariaDB).
    pub(super) fn collation<'c>(&'c self, column: &'c Column) -> Option<&'c str> {
        let of_table = || self.table?.options.get("collation");
        column.collation.as_ref().or_else(of_table).map(String::as_str)
    }

    /// The values that are there more than once; nothing where a column is not there yet, or otherwise.
    pub(super) fn alike(&self, parts: &[IndexPart]) -> Option<String> {
        let columns: Option<Vec<String>> = parts
            .iter()
            .map(|part| match &part.key {
                Key::Column(name) => self.settled(name),
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

    /// The same, if it holds the same values afterwards, and they are alike where they were.
    fn settled(&self, column: &str) -> Option<String> {
        self.there(column).filter(|_| !self.unsettled.contains(&column))
    }
}

/// A column that comes, or whose values may be others afterwards, or compared otherwise.
fn unsettled(change: &Change<Column>) -> Option<&str> {
    match change {
        Change::Add { to } => Some(&to.name),
        Change::Alter { from, to } => {
            let same = (&from.data_type, &from.collation, &from.generated, from.nullable)
                == (&to.data_type, &to.collation, &to.generated, to.nullable);
            (!same).then_some(&*to.name)
        }
        Change::Drop { .. } => None,
    }
}
