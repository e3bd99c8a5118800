//! What was called otherwise: said by a person beside the model or the SQL, never guessed.

use serde::Serialize;

use crate::schema::{
    Body, Column, Constraint, ConstraintKind, ForeignKey, Index, IndexPart, Key, Object, ObjectId,
    ObjectKind, Schema, Table,
};

/// That something had another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rename {
    /// What it is called now. The value of an enumerated type is a `Column` of that type's name.
    pub to: ObjectId,
    /// The name that it had.
    pub from: String,
    /// The namespace that it was in, where that is another one than it is to be in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
}

impl Rename {
    /// What it was called, in the namespaces of now.
    pub fn old(&self) -> ObjectId {
        let id = self.to.renamed(&self.from);
        match &self.schema {
            Some(schema) => ObjectId { schema: Some(schema.clone()), ..id },
            None => id,
        }
    }
}

/// Everything that had another name.
///
/// A rename is void where there is nothing of the old name, or something of the new name already:
/// then it has been done, and the note beside the model may stay as long as it likes. Where the old
/// name is something else's now, it is not done and a [`Suggestion`](super::Suggestion) says so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Renames(pub Vec<Rename>);

impl Renames {
    /// Nothing had another name.
    pub const NONE: Self = Self(Vec::new());

    /// The id that this object had.
    pub fn old_id(&self, id: &ObjectId) -> Option<ObjectId> {
        self.0.iter().find(|rename| rename.to == *id).map(Rename::old)
    }

    /// The name that this part of a table, or value of a type, had.
    pub fn old_part(&self, owner: &ObjectId, kind: ObjectKind, name: &str) -> Option<&str> {
        let id = owner.part(kind, name);
        self.0.iter().find(|rename| rename.to == id).map(|rename| rename.from.as_str())
    }

    /// Those of these that are not void between these two sides.
    #[must_use]
    pub fn between(&self, from: &Schema, to: &Schema) -> Self {
        self.where_old_name_is_used_again(false, from, to)
    }

    /// Those that can't be done between these two sides, because something else has the old name now.
    #[must_use]
    pub fn displaced(&self, from: &Schema, to: &Schema) -> Self {
        self.where_old_name_is_used_again(true, from, to)
    }

    /// Those of which there is something of the old name and nothing of the new one yet.
    fn where_old_name_is_used_again(&self, again: bool, from: &Schema, to: &Schema) -> Self {
        let (parts, whole): (Vec<&Rename>, Vec<&Rename>) =
            self.0.iter().partition(|rename| rename.to.table.is_some());
        let (namespaces, whole): (Vec<&Rename>, Vec<&Rename>) =
            whole.into_iter().partition(|rename| rename.to.kind == ObjectKind::Namespace);
        let none = Self::NONE;
        let is_said = |rename: &Rename, owners: &Self, again: bool| {
            let old = rename.old();
            is_there(from, &old, owners)
                && !is_there(from, &rename.to, owners)
                && is_there(to, &rename.to, &none)
                && is_there(to, &old, &none) == again
        };
        let chosen = |renames: &[&Rename], owners: &Self, again: bool| {
            let chosen = renames.iter().filter(|rename| is_said(rename, owners, again));
            Self(chosen.map(|rename| (*rename).clone()).collect())
        };
        let spaces = chosen(&namespaces, &none, false);
        let mut owners = chosen(&whole, &spaces, false);
        owners.0.extend(spaces.0.iter().cloned());
        let mut all = chosen(&namespaces, &none, again);
        all.0.extend(chosen(&whole, &spaces, again).0);
        all.0.extend(chosen(&parts, &owners, again).0);
        all
    }

    /// The id of something in a namespace that gets another name.
    pub(crate) fn in_new_namespace(&self, id: &ObjectId) -> ObjectId {
        let is_its = |rename: &&Rename| {
            rename.to.kind == ObjectKind::Namespace && id.schema.as_ref() == Some(&rename.from)
        };
        match self.0.iter().find(is_its) {
            Some(rename) => ObjectId { schema: Some(rename.to.name.clone()), ..id.clone() },
            None => id.clone(),
        }
    }

    /// The id that this object will have.
    pub fn new_id(&self, id: &ObjectId) -> ObjectId {
        let id = &self.in_new_namespace(id);
        let own = self.0.iter().find(|rename| rename.old() == *id);
        if let Some(rename) = own {
            return rename.to.clone();
        }
        let Some(table) = &id.table else { return self.with_new_arguments(id) };
        let moved = self.0.iter().find(|rename| {
            rename.to.table.is_none()
                && rename.old().schema == id.schema
                && rename.from == *table
                && matches!(
                    rename.to.kind,
                    ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView
                )
        });
        match moved {
            Some(Rename { to, .. }) => {
                ObjectId { schema: to.schema.clone(), table: Some(to.name.clone()), ..id.clone() }
            }
            None => id.clone(),
        }
    }

    /// The name that this column will have.
    fn new_column(&self, table: &ObjectId, column: &str) -> String {
        let table = self.new_id(table);
        self.0
            .iter()
            .find(|rename| {
                rename.from == column && rename.to.renamed(column) == table.part(ObjectKind::Column, column)
            })
            .map_or_else(|| column.to_owned(), |rename| rename.to.name.clone())
    }

    /// This object as it will be when everything has its new name.
    #[must_use]
    pub fn applied_to(&self, object: &Object) -> Object {
        let mut renamed = object.clone();
        if self.0.is_empty() {
            return renamed;
        }
        renamed.id = self.new_id(&object.id);
        match &mut renamed.body {
            Body::Table(table) => self.apply_to_table(&object.id, table),
            Body::View(view) => {
                for index in &mut view.indexes {
                    self.apply_to_index(&object.id, index);
                }
            }
            Body::Trigger(trigger) => {
                trigger.on = self.new_id(&trigger.on);
                trigger.create = self.with_new_types(&trigger.create);
            }
            Body::Policy(policy) => policy.on = self.new_id(&policy.on),
            Body::Sequence(sequence) => {
                if let Some(owner) = &mut sequence.owned_by {
                    let is_beside = owner.schema == object.id.schema;
                    *owner = self.new_owner(owner);
                    // It goes where its table goes ("ALTER TABLE" in the manual of PostgreSQL).
                    if is_beside {
                        renamed.id.schema.clone_from(&owner.schema);
                    }
                }
            }
            Body::Enum(enumerated) => {
                for value in &mut enumerated.values {
                    *value = self.new_column(&object.id, value);
                }
            }
            Body::Namespace
            | Body::Domain(_)
            | Body::Composite(_)
            | Body::Routine(_)
            | Body::Definition(_) => {}
        }
        self.apply_to_types(&mut renamed);
        renamed
    }

    /// A schema as it will be when everything has its new name.
    #[must_use]
    pub fn applied_to_schema(&self, schema: &Schema) -> Schema {
        let mut renamed = Schema::empty(schema.flavour, schema.version);
        renamed.unsupported.clone_from(&schema.unsupported);
        schema.objects.values().for_each(|object| renamed.insert(self.applied_to(object)));
        for dependency in &schema.dependencies {
            renamed.depends(self.moved(&dependency.dependent), self.moved(&dependency.on));
        }
        renamed
    }

    /// The id that an object or a part of a table will have.
    fn moved(&self, id: &ObjectId) -> ObjectId {
        match (&id.table, id.kind) {
            (Some(table), ObjectKind::Column | ObjectKind::Default) => {
                let table = ObjectId::new(ObjectKind::Table, id.schema.as_deref(), table);
                self.new_id(&table).part(id.kind, &self.new_column(&table, &id.name))
            }
            _ => self.new_id(id),
        }
    }

    fn new_owner(&self, column: &ObjectId) -> ObjectId {
        let Some(table) = &column.table else { return column.clone() };
        let table = ObjectId::new(ObjectKind::Table, column.schema.as_deref(), table);
        self.new_id(&table).part(ObjectKind::Column, &self.new_column(&table, &column.name))
    }

    fn apply_to_table(&self, id: &ObjectId, table: &mut Table) {
        for column in &mut table.columns {
            self.apply_to_column(id, column);
        }
        for constraint in &mut table.constraints {
            self.apply_to_constraint(id, constraint);
        }
        for index in &mut table.indexes {
            self.apply_to_index(id, index);
        }
        if let Some(place) = &mut table.partition_of {
            place.parent = self.new_id(&place.parent);
        }
        for parent in &mut table.inherits {
            *parent = self.new_id(parent);
        }
    }

    fn apply_to_column(&self, id: &ObjectId, column: &mut Column) {
        column.name = self.new_column(id, &column.name);
        if let Some(generated) = &mut column.generated {
            self.apply_to_text(id, &mut generated.expression);
        }
    }

    fn apply_to_constraint(&self, id: &ObjectId, constraint: &mut Constraint) {
        match &mut constraint.kind {
            ConstraintKind::PrimaryKey { parts } | ConstraintKind::Unique { parts, .. } => {
                self.apply_to_parts(id, parts);
            }
            ConstraintKind::Check { expression } => self.apply_to_text(id, expression),
            ConstraintKind::ForeignKey(key) => self.apply_to_foreign_key(id, key),
            ConstraintKind::NotNull { column } => *column = self.new_column(id, column),
            ConstraintKind::Exclusion => {}
        }
        if let Some(definition) = &mut constraint.definition {
            *definition = self.with_new_types(definition);
            self.apply_to_text(id, definition);
            if let ConstraintKind::ForeignKey(key) = &constraint.kind {
                self.apply_to_text(&key.table, definition);
            }
        }
    }

    fn apply_to_foreign_key(&self, id: &ObjectId, key: &mut ForeignKey) {
        for column in key.columns.iter_mut().chain(&mut key.on_delete_columns) {
            *column = self.new_column(id, column);
        }
        for column in &mut key.referenced {
            *column = self.new_column(&key.table, column);
        }
        key.table = self.new_id(&key.table);
    }

    fn apply_to_index(&self, id: &ObjectId, index: &mut Index) {
        self.apply_to_parts(id, &mut index.parts);
        for column in &mut index.include {
            *column = self.new_column(id, column);
        }
        for text in index.predicate.iter_mut().chain(&mut index.create) {
            *text = self.with_new_types(text);
            self.apply_to_text(id, text);
        }
    }

    fn apply_to_parts(&self, id: &ObjectId, parts: &mut [IndexPart]) {
        for part in parts {
            match &mut part.key {
                Key::Column(column) => *column = self.new_column(id, column),
                Key::Expression(expression) => self.apply_to_text(id, expression),
            }
        }
    }

    /// Names within a text that the server wrote. Where this takes the wrong word, a constraint or an
    /// index is made anew that could have stayed; a change is missed only if it consists of the very
    /// words that are renamed.
    fn apply_to_text(&self, table: &ObjectId, text: &mut String) {
        let new = self.new_id(table);
        for rename in &self.0 {
            let is_column =
                rename.to.kind == ObjectKind::Column && rename.to.table.as_ref() == Some(&new.name);
            if is_column || rename.to == new {
                *text = with_word(text, &rename.from, &rename.to.name, !is_column);
            }
        }
    }
}

/// Whether a schema has this, once the owners of what is in it have their new names.
fn is_there(schema: &Schema, id: &ObjectId, owners: &Renames) -> bool {
    match (&id.table, id.kind) {
        (Some(table), ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Index) => {
            schema.objects.values().any(|object| {
                let owner = owners.new_id(&object.id);
                owner.schema == id.schema && owner.name == *table && holds(object, id)
            })
        }
        _ if owners.0.is_empty() => schema.objects.contains_key(id),
        _ => schema.objects.keys().any(|object| owners.in_new_namespace(object) == *id),
    }
}

/// Whether this object has that part.
fn holds(object: &Object, part: &ObjectId) -> bool {
    match (&object.body, part.kind) {
        (Body::Table(table), ObjectKind::Column) => table.column(&part.name).is_some(),
        (Body::Table(table), ObjectKind::Constraint) => table.constraint(&part.name).is_some(),
        (Body::Table(table), ObjectKind::Index) => table.index(&part.name).is_some(),
        (Body::View(view), ObjectKind::Index) => view.indexes.iter().any(|index| index.name == part.name),
        (Body::Enum(enumerated), ObjectKind::Column) => enumerated.values.contains(&part.name),
        _ => false,
    }
}

/// The text with one word in place of another, outside of strings. Before a parenthesis stands a table
/// (`REFERENCES t(a)`) or a function, and never a column.
fn with_word(text: &str, old: &str, new: &str, is_table: bool) -> String {
    let of_word = |character: char| character.is_alphanumeric() || character == '_' || character == '$';
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_string = false;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            in_string = !in_string;
        }
        let length = rest.find(|character| !of_word(character)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length.max(first.len_utf8()));
        let is_name = word == old && !in_string && (is_table || !after.starts_with('('));
        result.push_str(if is_name { new } else { word });
        rest = after;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_replaced_whole_and_outside_of_strings() {
        assert_eq!(
            with_word("(a > 0) AND ba <> 'a' AND \"a\" = 1", "a", "b", false),
            "(b > 0) AND ba <> 'a' AND \"b\" = 1"
        );
    }

    #[test]
    fn a_function_keeps_its_name_when_a_column_of_that_name_gets_another() {
        assert_eq!(with_word("lower(lower) <> ''", "lower", "name", false), "lower(name) <> ''");
        assert_eq!(with_word("REFERENCES t(id)", "t", "u", true), "REFERENCES u(id)");
    }
}
