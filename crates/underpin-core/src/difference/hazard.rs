//! What is dangerous about a difference, for the person who reviews it. Decided from both ends of
//! each operation alone; what a server does while it runs (locks, rewrites by version) is for `lint`.

mod column;
mod rows;

use std::fmt;

use serde::Serialize;

use super::{Alteration, Change, Difference, Operation};
use crate::{
    dialect::Dialect,
    schema::{Body, Column, Constraint, ConstraintKind, Index, ObjectId, ObjectKind, Table, TableKind},
};

use rows::Rows;

/// In which way an operation is dangerous.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HazardKind {
    /// Data is gone afterwards, and its downgrade does not bring it back.
    DeletesData,
    /// Whether it succeeds depends on the rows that are there.
    DependsOnRows,
    /// The table may be written anew, during which it is locked.
    Rewrites,
    /// Programs that know the old name or form fail.
    BreaksReaders,
}

/// Something dangerous about an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hazard {
    /// In which way.
    pub kind: HazardKind,
    /// What it is about.
    pub object: ObjectId,
    /// The danger, in a sentence without a full stop.
    pub message: String,
    /// The query that counts the rows which stand in the way, as long as nothing is changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

impl Hazard {
    fn counted_by(self, query: Option<String>) -> Self {
        Self { query, ..self }
    }
}

impl HazardKind {
    /// In a few words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::DeletesData => "deletes data",
            Self::DependsOnRows => "depends on the rows",
            Self::Rewrites => "may rewrite",
            Self::BreaksReaders => "breaks who reads it",
        }
    }
}

/// `deletes data: table basket and all of its rows are gone`.
impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.words(), self.message)
    }
}

impl Difference {
    /// What is dangerous about it, the worst first.
    pub fn hazards(&self) -> Vec<Hazard> {
        let dialect = self.to.flavour.dialect();
        let mut hazards: Vec<Hazard> =
            self.operations.iter().flat_map(|operation| operation.hazards(dialect)).collect();
        hazards.sort();
        hazards
    }

    /// Whether data is gone afterwards.
    pub fn deletes_data(&self) -> bool {
        self.hazards().iter().any(|hazard| hazard.kind == HazardKind::DeletesData)
    }
}

impl Operation {
    /// What is dangerous about it.
    pub fn hazards(&self, dialect: Dialect) -> Vec<Hazard> {
        match self {
            // What was not there has no rows and no readers.
            Self::Create(_) => Vec::new(),
            Self::Drop(object) => dropped(&object.id, &object.body),
            Self::Alter(alteration) => alteration.hazards(dialect),
        }
    }
}

fn hazard(kind: HazardKind, object: &ObjectId, message: impl Into<String>) -> Hazard {
    Hazard { kind, object: object.clone(), message: message.into(), query: None }
}

fn dropped(id: &ObjectId, body: &Body) -> Vec<Hazard> {
    match body {
        Body::Table(table) if table.kind == TableKind::Foreign => {
            vec![hazard(HazardKind::BreaksReaders, id, format!("{id} is gone; its rows are elsewhere"))]
        }
        Body::Table(_) => {
            vec![hazard(HazardKind::DeletesData, id, format!("{id} and all of its rows are gone"))]
        }
        Body::Sequence(_) => {
            vec![hazard(HazardKind::DeletesData, id, format!("{id} is gone, and how far it has counted"))]
        }
        Body::Namespace
        | Body::Enum(_)
        | Body::Domain(_)
        | Body::Composite(_)
        | Body::View(_)
        | Body::Routine(_)
        | Body::Definition(_) => {
            vec![hazard(HazardKind::BreaksReaders, id, format!("whoever uses {id} fails"))]
        }
        Body::Trigger(_) | Body::Policy(_) => Vec::new(),
    }
}

impl Alteration {
    fn hazards(&self, dialect: Dialect) -> Vec<Hazard> {
        let id = &self.to.id;
        let mut hazards = Vec::new();
        if self.is_rename() {
            let [old, new] = self.names();
            let message = format!("programs that say {old} fail once it is {new}");
            hazards.push(hazard(HazardKind::BreaksReaders, id, message));
        }
        let rows = Rows::of(dialect, self);
        for change in &self.columns {
            hazards.extend(column::hazards(&rows, id, change));
        }
        hazards.extend(self.rewritten_as_numbers(dialect));
        for change in &self.constraints {
            hazards.extend(constraint(&rows, id, change).filter(|_| !self.adds_rowid(&rows, change)));
        }
        for change in &self.indexes {
            hazards.extend(index(&rows, id, change));
        }
        if let (Body::Enum(from), Body::Enum(to)) = (&self.from.body, &self.to.body) {
            for value in from.values.iter().filter(|value| !to.values.contains(value)) {
                let message = format!("rows that have the value {value} of {id} stand in the way");
                hazards.push(hazard(HazardKind::DependsOnRows, id, message));
            }
        }
        hazards
    }

    /// The columns of SQLite that take values of any type as they are, and numbers instead of their texts in a table
    /// that is not strict ("The ANY datatype" in its documentation of strict tables).
    fn rewritten_as_numbers(&self, dialect: Dialect) -> Vec<Hazard> {
        let (Body::Table(from), Body::Table(to)) = (&self.from.body, &self.to.body) else {
            return Vec::new();
        };
        let is_strict = |table: &Table| table.options.contains_key("strict");
        if dialect != Dialect::Sqlite || !is_strict(from) || is_strict(to) {
            return Vec::new();
        }
        let is_any = |column: &&Column| column.data_type.eq_ignore_ascii_case("any");
        let stays = |column: &&Column| from.column(&column.name).is_some_and(|column| is_any(&column));
        let columns = to.columns.iter().filter(is_any).filter(stays);
        let told = columns.map(|column| {
            let id = self.to.id.part(ObjectKind::Column, &column.name);
            let message = format!(
                "texts in {id} that look like numbers become numbers: its table is not strict any more"
            );
            hazard(HazardKind::DeletesData, &id, message)
        });
        told.collect()
    }

    /// Whether this is the key over a new column in which every row gets its own number.
    fn adds_rowid(&self, rows: &Rows<'_>, change: &Change<Constraint>) -> bool {
        let (Change::Add { to } | Change::Alter { to, .. }) = change else { return false };
        let ConstraintKind::PrimaryKey { .. } = &to.kind else { return false };
        let is_rowid = |column: &Change<Column>| match column {
            Change::Add { to } => rows.rowid == Some(to.name.as_str()),
            Change::Drop { .. } | Change::Alter { .. } => false,
        };
        self.columns.iter().any(is_rowid)
    }
}

fn constraint(rows: &Rows<'_>, table: &ObjectId, change: &Change<Constraint>) -> Option<Hazard> {
    let (Change::Add { to } | Change::Alter { to, .. }) = change else { return None };
    if !to.validated || !to.enforced {
        return None;
    }
    let id = table.part(ObjectKind::Constraint, to.shown_name());
    let why = match &to.kind {
        ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } => "rows that are alike",
        ConstraintKind::Check { .. } | ConstraintKind::Exclusion => "rows that break it",
        ConstraintKind::ForeignKey(_) => "rows without a counterpart",
        ConstraintKind::NotNull { .. } => "rows where it is null",
    };
    let message = format!("{why} stand in the way of {id}");
    Some(hazard(HazardKind::DependsOnRows, &id, message).counted_by(rows.against(&to.kind)))
}

fn index(rows: &Rows<'_>, table: &ObjectId, change: &Change<Index>) -> Option<Hazard> {
    let (Change::Add { to } | Change::Alter { to, .. }) = change else { return None };
    let id = table.part(ObjectKind::Index, &to.name);
    let whole = to.unique && to.predicate.is_none();
    to.unique.then(|| {
        let message = format!("rows that are alike stand in the way of {id}");
        let query = if whole { rows.alike(&to.parts) } else { None };
        hazard(HazardKind::DependsOnRows, &id, message).counted_by(query)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dialect::Flavour,
        difference::{Renames, compare},
        schema::{Object, Schema, ServerVersion, Table},
    };

    fn schema(columns: &[(&str, &str, bool)]) -> Schema {
        let mut schema = Schema::empty(Flavour::Postgres, ServerVersion::new(16, 0, 0));
        let columns = columns.iter().map(|(name, data_type, nullable)| Column {
            name: (*name).to_owned(),
            data_type: (*data_type).to_owned(),
            nullable: *nullable,
            ..Column::default()
        });
        let table = Table { columns: columns.collect(), ..Table::default() };
        schema.insert(Object::new(ObjectId::new(ObjectKind::Table, None, "orders"), Body::Table(table)));
        schema
    }

    fn kinds(from: &Schema, to: &Schema) -> Vec<HazardKind> {
        let hazards = compare(from, to, &Renames::NONE).hazards();
        hazards.into_iter().map(|hazard| hazard.kind).collect()
    }

    #[test]
    fn what_only_adds_is_harmless_and_what_takes_away_is_not() {
        let empty = Schema::empty(Flavour::Postgres, ServerVersion::new(16, 0, 0));
        let one = schema(&[("a", "int", true)]);
        let two = schema(&[("a", "int", true), ("b", "text", true)]);
        assert_eq!(kinds(&empty, &two), []);
        assert_eq!(kinds(&one, &two), []);
        assert_eq!(kinds(&two, &one), [HazardKind::DeletesData]);
        assert_eq!(kinds(&one, &empty), [HazardKind::DeletesData]);
        assert_eq!(kinds(&one, &schema(&[("a", "int", false)])), [HazardKind::DependsOnRows]);
        let strict = schema(&[("a", "int", true), ("b", "text", false)]);
        assert_eq!(kinds(&one, &strict), [HazardKind::DependsOnRows]);
    }

    #[test]
    fn the_rows_in_the_way_can_be_counted_before_anything_is_changed() {
        let query = |from: &Schema, to: &Schema| compare(from, to, &Renames::NONE).hazards()[0].query.clone();
        let one = schema(&[("a", "int", true)]);
        assert_eq!(
            query(&one, &schema(&[("a", "int", false)])).as_deref(),
            Some("SELECT count(*) FROM \"orders\" WHERE \"a\" IS NULL")
        );
        assert_eq!(
            query(&one, &schema(&[("a", "int", true), ("b", "int", false)])).as_deref(),
            Some("SELECT count(*) FROM \"orders\"")
        );
    }

    #[test]
    fn a_type_that_changes_names_the_column_and_both_types() {
        let difference =
            compare(&schema(&[("a", "int", true)]), &schema(&[("a", "bigint", true)]), &Renames::NONE);
        let hazards = difference.hazards();
        assert_eq!(
            hazards[0].to_string(),
            "depends on the rows: every value of column orders.a has to fit its new type (int -> bigint)"
        );
        assert_eq!(hazards[1].kind, HazardKind::Rewrites);
    }
}
