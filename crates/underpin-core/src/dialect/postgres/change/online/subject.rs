//! A table that is there before and afterwards, and what can be asked of it. Nothing is decided here.

use std::collections::BTreeSet;

use super::super::{action::Action, column, table};
use crate::{
    difference::{Alteration, Change, Difference, Operation},
    schema::{Body, Column, Constraint, ConstraintKind, ObjectId, ObjectKind, Schema, Table, TableKind},
};

/// A table that is there before and afterwards, and that is not made anew.
pub(super) struct Subject<'a> {
    pub(super) id: &'a ObjectId,
    pub(super) alteration: &'a Alteration,
    pub(super) from: &'a Table,
    pub(super) to: &'a Table,
}

impl<'a> Subject<'a> {
    pub(super) fn of(operation: &'a Operation) -> Option<Self> {
        let Operation::Alter(alteration) = operation else { return None };
        let (Body::Table(from), Body::Table(to)) = (&alteration.from.body, &alteration.to.body) else {
            return None;
        };
        let (old, new) = (&alteration.from, &alteration.to);
        let stays = from.kind == TableKind::Ordinary
            && table::decide(old, new, from, to) != Action::Rebuild
            && from.partition_of == to.partition_of
            && from.inherits == to.inherits;
        stays.then_some(Self { id: &new.id, alteration, from, to })
    }

    /// Whether the table or a column of it gets another name, so that what was written of it before reads
    /// otherwise now.
    pub(super) fn renames_anything(&self) -> bool {
        self.alteration.is_rename()
            || self.alteration.columns.iter().any(|change| match change {
                Change::Alter { from, to } => from.name != to.name,
                Change::Add { .. } | Change::Drop { .. } => false,
            })
    }

    /// Whether a parent that says of its column that it is never null says so of its children's from now on
    /// (`NO INHERIT`, PostgreSQL 18).
    pub(super) fn is_passed_on(&self, difference: &Difference, column: &Column) -> bool {
        let passes = |table: &Table, schema: &Schema| {
            table::parent_column(table, &column.name, schema).is_some_and(|column| !column.nullable)
        };
        let mut parents = self.from.inherits.iter();
        let is_said = parents.any(|parent| {
            let parent = difference.from.table(parent).and_then(|table| table.column(&column.name));
            parent.is_some_and(|column| !column.nullable)
        });
        is_said && !passes(self.from, &difference.from) && passes(self.to, &difference.to)
    }

    /// Whether an index of this name is not the one that the table is replicated by.
    pub(super) fn is_no_identity(&self, name: &str) -> bool {
        [self.from, self.to].into_iter().all(|table| table::identity_index(table) != Some(name))
    }

    /// Whether it is a constraint that differs from one which goes in nothing but its name.
    pub(super) fn is_renamed_constraint(&self, change: &Change<Constraint>) -> bool {
        let Change::Add { to } = change else { return false };
        self.alteration.constraints.iter().any(|other| match other {
            Change::Drop { from } => Constraint { name: to.name.clone(), ..from.clone() } == *to,
            Change::Add { .. } | Change::Alter { .. } => false,
        })
    }

    /// Whether a column of a primary key may be null afterwards, which that key doesn't let it.
    pub(super) fn frees_columns_of(&self, key: &Constraint) -> bool {
        let is_free = |column: &&Column| column.nullable && is_primary_key_over(key, &column.name);
        self.to.columns.iter().any(|column| is_free(&column))
    }

    pub(super) fn keeps_columns_of(&self, difference: &Difference, constraint: &Constraint) -> bool {
        self.keeps_columns_of_part(difference, ObjectKind::Constraint, constraint.shown_name())
    }

    /// Whether everything that a part stands on is there afterwards, and as it was.
    pub(super) fn keeps_columns_of_part(
        &self,
        difference: &Difference,
        kind: ObjectKind,
        name: &str,
    ) -> bool {
        let part = self.alteration.from.id.part(kind, name);
        let stays = |on: &ObjectId| match on.kind {
            ObjectKind::Column if on.table.as_ref() == Some(&self.alteration.from.id.name) => {
                let columns = (self.from.column(&on.name), self.to.column(&on.name));
                matches!(columns, (Some(from), Some(to)) if from.generated == to.generated
                    && !column::changes_type(from, to))
            }
            ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Index => true,
            _ => {
                let (from, to) = (difference.from.objects.get(on), difference.to.objects.get(on));
                *on == self.alteration.from.id || from == to
            }
        };
        difference.from.dependencies.iter().filter(|one| one.dependent == part).all(|one| stays(&one.on))
    }

    /// The tables that it is a part or a child of.
    pub(super) fn parents(&self) -> impl Iterator<Item = &'a ObjectId> + use<'a> {
        self.to.partition_of.iter().map(|place| &place.parent).chain(&self.to.inherits)
    }

    /// The constraint that is to say by a name of its own that a column is never null.
    pub(super) fn not_null(&self, column: &str) -> Option<&'a Constraint> {
        self.to
            .constraints
            .iter()
            .find(|one| matches!(&one.kind, ConstraintKind::NotNull { column: other } if other == column))
    }

    /// Whether a column is of one of these primary keys, which tell it that it is never null.
    pub(super) fn is_of_key_among(&self, column: &Column, keys: &BTreeSet<ObjectId>) -> bool {
        self.to.constraints.iter().any(|one| {
            keys.contains(&self.id.part(ObjectKind::Constraint, one.shown_name()))
                && is_primary_key_over(one, &column.name)
        })
    }

    /// Whether a column is told that it is never null by that of a parent.
    pub(super) fn is_told_by_parent(
        &self,
        difference: &Difference,
        column: &Column,
        tables: &[Subject<'_>],
    ) -> bool {
        let tells = |parent: &ObjectId| {
            let parent = tables.iter().find(|other| other.id == parent);
            parent.is_some_and(|parent| {
                parent.columns_that_lose_null(difference).any(|other| other.name == column.name)
            })
        };
        column::is_inherited(column) && self.parents().any(tells)
    }

    /// The columns that were there and may be null no longer.
    pub(super) fn columns_that_lose_null(
        &self,
        difference: &Difference,
    ) -> impl Iterator<Item = &'a Column> + use<'a> {
        let version = difference.to.version;
        self.alteration.columns.iter().filter_map(move |change| {
            let Change::Alter { from, to } = change else { return None };
            let stays = column::decide(&Column { name: to.name.clone(), ..from.clone() }, to, version)
                == Action::Alter
                && to.generated.is_none()
                && (to.identity.is_none() || from.identity.is_some());
            (from.nullable && !to.nullable && stays).then_some(to)
        })
    }
}

/// Who can't be there without a part of a table, before or afterwards.
#[derive(Default)]
pub(super) struct Needs {
    /// Foreign keys that come.
    pub(super) foreign_keys: BTreeSet<ObjectId>,
    /// Everything else.
    pub(super) others: BTreeSet<ObjectId>,
}

impl Needs {
    pub(super) fn of(difference: &Difference, part: &ObjectId) -> Self {
        let mut needs = Self::default();
        for schema in [&difference.from, &difference.to] {
            for dependent in schema.dependents(part) {
                let comes =
                    is_foreign_key(&difference.to, dependent) && !is_foreign_key(&difference.from, dependent);
                match comes {
                    true => needs.foreign_keys.insert(dependent.clone()),
                    false => needs.others.insert(dependent.clone()),
                };
            }
        }
        needs
    }
}

pub(super) fn table_of(schema: &Schema, part: &ObjectId) -> Option<ObjectId> {
    let id = ObjectId::new(ObjectKind::Table, part.schema.as_deref(), part.table.as_deref()?);
    schema.table(&id).is_some().then_some(id)
}

pub(super) fn is_foreign_key(schema: &Schema, part: &ObjectId) -> bool {
    part.kind == ObjectKind::Constraint
        && table_of(schema, part)
            .and_then(|id| schema.table(&id)?.constraint(&part.name))
            .is_some_and(|one| matches!(one.kind, ConstraintKind::ForeignKey(_)))
}

pub(super) fn is_primary_key_over(constraint: &Constraint, column: &str) -> bool {
    let ConstraintKind::PrimaryKey { parts } = &constraint.kind else { return false };
    parts.iter().any(|part| matches!(&part.key, crate::schema::Key::Column(name) if name == column))
}

pub(super) fn has_children(difference: &Difference, id: &ObjectId) -> bool {
    let is_child = |table: &Table| {
        table.inherits.contains(id) || table.partition_of.as_ref().is_some_and(|place| place.parent == *id)
    };
    [&difference.from, &difference.to]
        .into_iter()
        .any(|schema| schema.tables().any(|(_, table)| is_child(table)))
}
