//! Of a difference what only makes missing tables: nothing that is there is touched, and nothing goes.

use std::collections::BTreeSet;

use super::{Difference, Operation};
use crate::schema::{Body, Dependency, Object, ObjectId, ObjectKind};

impl Difference {
    /// The part of this difference that makes the tables that are not there, with what they need and
    /// what belongs to them: types, sequences and the functions that their defaults call before them,
    /// triggers and policies after them. Tables that are there stay as they are.
    ///
    /// ```
    /// use underpin_core::{
    ///     dialect::Flavour,
    ///     difference::{Renames, compare},
    ///     schema::{Body, Object, ObjectId, ObjectKind, Schema, ServerVersion, Table},
    /// };
    ///
    /// let table = |name| Object::new(ObjectId::new(ObjectKind::Table, None, name), Body::Table(Table::default()));
    /// let mut from = Schema::empty(Flavour::Sqlite, ServerVersion::new(3, 50, 0));
    /// let mut to = from.clone();
    /// from.insert(table("theirs"));
    /// to.insert(table("ours"));
    ///
    /// let missing = compare(&from, &to, &Renames::NONE).missing_tables();
    /// assert_eq!(missing.operations.len(), 1, "what is theirs is not dropped");
    /// ```
    #[must_use]
    pub fn missing_tables(&self) -> Self {
        let created: Vec<&Object> = self
            .operations
            .iter()
            .filter_map(|operation| match operation {
                Operation::Create(object) => Some(object),
                Operation::Drop(_) | Operation::Alter(_) => None,
            })
            .collect();
        let wanted = self.with_needs(&created);
        let made =
            created.into_iter().filter(|object| wanted.contains(&object.id) || belongs(object, &wanted));
        let mut to = self.from.clone();
        let mut operations = Vec::new();
        for object in made {
            to.insert(object.clone());
            operations.push(Operation::Create(object.clone()));
        }
        let there = |id: &ObjectId| to.objects.contains_key(id) || id.table.is_some();
        let both = |dependency: &&Dependency| there(&dependency.dependent) && there(&dependency.on);
        to.dependencies = self.from.dependencies.union(&self.to.dependencies).filter(both).cloned().collect();
        Self { from: self.from.clone(), to, operations, suggestions: Vec::new() }
    }

    /// The tables among these, and everything among these that they can't be there without.
    fn with_needs<'a>(&self, created: &[&'a Object]) -> BTreeSet<&'a ObjectId> {
        let tables = created.iter().filter(|object| object.id.kind == ObjectKind::Table);
        let mut wanted: BTreeSet<&ObjectId> = tables.map(|object| &object.id).collect();
        // Which types a column has, no server but PostgreSQL says, and a type does no harm.
        wanted.extend(created.iter().filter(|object| is_type(object)).map(|object| &object.id));
        loop {
            let of_wanted =
                |id: &ObjectId| wanted.contains(id) || wanted.iter().any(|table| is_part(id, table));
            let needed: BTreeSet<&ObjectId> = self
                .to
                .dependencies
                .iter()
                .filter(|dependency| of_wanted(&dependency.dependent))
                .map(|dependency| &dependency.on)
                .collect();
            let new: Vec<&ObjectId> = created
                .iter()
                .map(|object| &object.id)
                .filter(|id| !wanted.contains(id) && (needed.contains(id) || owns(created, id, &wanted)))
                .collect();
            if new.is_empty() {
                return wanted;
            }
            wanted.extend(new);
        }
    }
}

fn is_type(object: &Object) -> bool {
    match object.body {
        Body::Namespace | Body::Enum(_) | Body::Domain(_) | Body::Composite(_) => true,
        Body::Definition(_) => {
            matches!(object.id.kind, ObjectKind::Extension | ObjectKind::Collation | ObjectKind::Range)
        }
        Body::Sequence(_)
        | Body::Table(_)
        | Body::View(_)
        | Body::Routine(_)
        | Body::Trigger(_)
        | Body::Policy(_) => false,
    }
}

/// Whether this names a column, a constraint or an index of that table.
fn is_part(part: &ObjectId, table: &ObjectId) -> bool {
    part.table.as_ref() == Some(&table.name) && part.schema == table.schema
}

/// Whether this is a sequence of one of these tables.
fn owns(created: &[&Object], id: &ObjectId, wanted: &BTreeSet<&ObjectId>) -> bool {
    created.iter().filter(|object| object.id == *id).any(|object| match &object.body {
        Body::Sequence(sequence) => {
            sequence.owned_by.as_ref().is_some_and(|owner| wanted.iter().any(|table| is_part(owner, table)))
        }
        _ => false,
    })
}

/// Whether this is a trigger or a policy of one of these tables.
fn belongs(object: &Object, wanted: &BTreeSet<&ObjectId>) -> bool {
    match &object.body {
        Body::Trigger(trigger) => wanted.contains(&trigger.on),
        Body::Policy(policy) => wanted.contains(&policy.on),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        dialect::Flavour,
        difference::{Renames, compare},
        schema::{
            Body, Column, EnumType, Object, ObjectId, ObjectKind, Options, Schema, Sequence, SequenceOptions,
            ServerVersion, Table, Trigger, View,
        },
    };

    fn id(kind: ObjectKind, name: &str) -> ObjectId {
        ObjectId::new(kind, None, name)
    }

    fn table(name: &str, column: &str) -> Object {
        let columns = vec![Column { name: column.to_owned(), ..Column::default() }];
        Object::new(id(ObjectKind::Table, name), Body::Table(Table { columns, ..Table::default() }))
    }

    fn sequence(name: &str, owner: &str) -> Object {
        let owned_by = Some(id(ObjectKind::Table, owner).part(ObjectKind::Column, "id"));
        let sequence = Sequence { options: SequenceOptions::default(), owned_by, logged: true, engine: None };
        Object::new(id(ObjectKind::Sequence, name), Body::Sequence(sequence))
    }

    fn trigger(on: &str) -> Object {
        let on = id(ObjectKind::Table, on);
        let own = on.part(ObjectKind::Trigger, "touch");
        Object::new(own, Body::Trigger(Trigger { on, create: String::new(), options: Options::new() }))
    }

    #[test]
    fn only_missing_tables_come_with_what_is_theirs() {
        let mut from = Schema::empty(Flavour::Postgres, ServerVersion::new(16, 0, 0));
        from.insert(table("old", "a"));
        from.insert(table("gone", "a"));
        let mut to = Schema::empty(Flavour::Postgres, ServerVersion::new(16, 0, 0));
        to.insert(table("old", "b"));
        to.insert(table("new", "id"));
        to.insert(sequence("new_id_seq", "new"));
        to.insert(sequence("old_id_seq", "old"));
        to.insert(trigger("old"));
        to.insert(trigger("new"));
        to.insert(Object::new(id(ObjectKind::View, "v"), Body::View(View::default())));
        let mood = EnumType { values: vec!["glad".to_owned()] };
        to.insert(Object::new(id(ObjectKind::Enum, "mood"), Body::Enum(mood)));

        let missing = compare(&from, &to, &Renames::NONE).missing_tables();
        let names: Vec<String> =
            missing.operations.iter().map(|operation| operation.id().to_string()).collect();
        assert_eq!(names, ["enum mood", "sequence new_id_seq", "table new", "trigger new.touch"]);
        assert!(missing.to.objects.contains_key(&id(ObjectKind::Table, "gone")));
    }
}
