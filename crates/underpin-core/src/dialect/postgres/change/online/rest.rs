//! What is left of a change when something is taken out of it to be done in another stage. What is taken
//! out is decided elsewhere.

use std::collections::BTreeSet;

use crate::{
    dialect::Dialect,
    difference::{Alteration, Change, Difference, Operation, comparable},
    schema::{Body, Constraint, Index, Object, ObjectId, ObjectKind, Table},
};

/// A change that things are taken out of. Of its operations, only which objects they are about and what is
/// renamed still counts; what becomes of each part is told by the two schemas.
#[derive(Debug)]
pub(super) struct Rest {
    pub(super) difference: Difference,
}

impl Rest {
    pub(super) fn of(difference: &Difference) -> Self {
        Self { difference: difference.clone() }
    }

    /// A constraint does not come yet; one of its name that is there goes nevertheless.
    pub(super) fn take_constraint(&mut self, table: &ObjectId, name: &str) {
        self.edit(table, |table| table.constraints.retain(|one| one.name.as_deref() != Some(name)));
        self.forget(&table.part(ObjectKind::Constraint, name));
        self.forget_names(table, name);
    }

    /// A constraint stays as it is for now.
    pub(super) fn keep_constraint(&mut self, table: &ObjectId, from: &Constraint) {
        self.edit(table, |table| {
            for one in table.constraints.iter_mut().filter(|one| one.name == from.name) {
                one.clone_from(from);
            }
        });
        self.remember(&table.part(ObjectKind::Constraint, from.shown_name()));
    }

    /// An index does not come yet.
    pub(super) fn take_index(&mut self, owner: &ObjectId, name: &str) {
        self.edit_indexes(owner, |indexes| indexes.retain(|index| index.name != name));
        self.forget(&owner.part(ObjectKind::Index, name));
        self.forget_names(owner, name);
    }

    /// The names that partitions are to give their parts of an index, which are not there yet.
    fn forget_names(&mut self, owner: &ObjectId, name: &str) {
        let key = format!("index_name.{name}");
        let parts: Vec<(ObjectId, String)> = self
            .difference
            .to
            .tables()
            .filter(|(_, table)| table.partition_of.as_ref().is_some_and(|place| place.parent == *owner))
            .filter_map(|(id, table)| Some((id.clone(), table.options.get(&key)?.clone())))
            .collect();
        for (part, own) in &parts {
            let before = self.difference.from.table(part).and_then(|table| table.options.get(&key)).cloned();
            self.edit(part, |table| match before {
                Some(name) => drop(table.options.insert(key.clone(), name)),
                None => drop(table.options.remove(&key)),
            });
            self.forget_names(part, own);
        }
    }

    /// An index stays as it is for now.
    pub(super) fn keep_index(&mut self, owner: &ObjectId, from: &Index) {
        self.edit_indexes(owner, |indexes| {
            indexes.retain(|index| index.name != from.name);
            indexes.push(from.clone());
            indexes.sort_by(|one, other| one.name.cmp(&other.name));
        });
        self.remember(&owner.part(ObjectKind::Index, &from.name));
    }

    /// A column may be null for now.
    pub(super) fn keep_nullable(&mut self, table: &ObjectId, column: &str) {
        self.edit(table, |table| {
            for one in table.columns.iter_mut().filter(|one| one.name == column) {
                one.nullable = true;
            }
        });
    }

    /// The change without what has nothing left to do.
    pub(super) fn finished(mut self) -> Difference {
        self.difference.operations.retain(|operation| match operation {
            Operation::Create(_) | Operation::Drop(_) => true,
            Operation::Alter(alteration) => !is_void(alteration),
        });
        self.difference
    }

    fn edit(&mut self, table: &ObjectId, change: impl FnOnce(&mut Table)) {
        self.edit_body(table, |body| {
            if let Body::Table(table) = body {
                change(table);
            }
        });
    }

    fn edit_indexes(&mut self, owner: &ObjectId, change: impl FnOnce(&mut Vec<Index>)) {
        self.edit_body(owner, |body| match body {
            Body::Table(table) => change(&mut table.indexes),
            Body::View(view) => change(&mut view.indexes),
            _ => {}
        });
    }

    fn edit_body(&mut self, id: &ObjectId, change: impl FnOnce(&mut Body)) {
        let Some(object) = self.difference.to.objects.get_mut(id) else { return };
        change(&mut object.body);
        let object = object.clone();
        for operation in &mut self.difference.operations {
            match operation {
                Operation::Create(created) if created.id == *id => created.clone_from(&object),
                Operation::Alter(alteration) if alteration.to.id == *id => alteration.to.clone_from(&object),
                Operation::Create(_) | Operation::Drop(_) | Operation::Alter(_) => {}
            }
        }
    }

    fn forget(&mut self, part: &ObjectId) {
        self.difference.to.dependencies.retain(|one| one.dependent != *part && one.on != *part);
    }

    /// What needs whom as long as a part stays as it is.
    fn remember(&mut self, part: &ObjectId) {
        self.forget(part);
        let all = self.difference.from.dependencies.iter();
        let own: BTreeSet<_> = all.filter(|one| one.dependent == *part || one.on == *part).cloned().collect();
        self.difference.to.dependencies.extend(own);
    }
}

fn is_void(alteration: &Alteration) -> bool {
    let renames = alteration.columns.iter().any(|change| match change {
        Change::Alter { from, to } => from.name != to.name,
        Change::Add { .. } | Change::Drop { .. } => false,
    });
    !alteration.is_rename()
        && !renames
        && alteration.values.is_empty()
        && plain(&alteration.from) == plain(&alteration.to)
}

/// An object without what doesn't count.
fn plain(object: &Object) -> Object {
    match &object.body {
        Body::Table(table) => {
            Object { body: Body::Table(comparable(Dialect::Postgres, table)), ..object.clone() }
        }
        _ => object.clone(),
    }
}
