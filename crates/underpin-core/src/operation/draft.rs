//! The schema that an operation edits: as it is, as it will be, and what was renamed. Where nobody can be asked
//! it begins with nothing, and grows by what the operation itself says on both sides.

use super::Known;
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    difference::{Rename, Renames},
    model::{ModelName, object},
    schema::{Body, Column, Constraint, Object, ObjectId, ObjectKind, Schema, ServerVersion, Table},
};

/// What stands for everything in a table that is not known: a statement that names it can't be written.
pub(super) const REST: &str = "underpin_everything_else";

/// A schema that is edited.
pub(super) struct Draft {
    pub(super) flavour: Flavour,
    pub(super) version: ServerVersion,
    /// Whether the schema before was read.
    pub(super) known: bool,
    pub(super) before: Schema,
    pub(super) after: Schema,
    renames: Vec<Rename>,
    /// What is not known and would be needed for the way back.
    pub(super) unknown: Option<String>,
    /// Constraints that stand beside a column that is added (SQLite).
    pub(super) beside: Vec<(ObjectId, String, Constraint)>,
}

impl Draft {
    pub(super) fn new(known: Known<'_>) -> Self {
        let (flavour, version) = (known.flavour(), known.version());
        let (before, known) = match known {
            Known::Nothing { .. } => (Schema::empty(flavour, version), false),
            Known::Schema(schema) => (schema.clone(), true),
        };
        let after = before.clone();
        Self {
            flavour,
            version,
            known,
            before,
            after,
            renames: Vec::new(),
            unknown: None,
            beside: Vec::new(),
        }
    }

    pub(super) const fn dialect(&self) -> Dialect {
        self.flavour.dialect()
    }

    /// What was renamed so far.
    pub(super) fn renames(&self) -> Renames {
        Renames(self.renames.clone())
    }

    /// The id of an object: in the namespace that was said, or else where the schema has such a thing.
    pub(super) fn id(&self, kind: ObjectKind, name: &ModelName) -> Result<ObjectId, Diagnostic> {
        let mut id = object::id(kind, name, self.flavour)?;
        if self.flavour != Flavour::Postgres {
            return Ok(id);
        }
        let is_there = |schema: Option<&str>| {
            let other = ObjectId { schema: schema.map(str::to_owned), ..id.clone() };
            let same = |known: &ObjectId| {
                (known.kind, &known.schema, &known.name) == (other.kind, &other.schema, &other.name)
            };
            self.after.objects.keys().any(same)
        };
        // Names in the connection's own namespace may be written without it.
        let short = self.after.objects.keys().any(|known| is_relation(known) && known.schema.is_none());
        match id.schema.as_deref() {
            Some("public") if !is_there(Some("public")) && short => id.schema = None,
            None if !is_there(None) && !short && self.is_namespace("public") => {
                id.schema = Some("public".to_owned());
            }
            _ => {}
        }
        Ok(id)
    }

    fn is_namespace(&self, name: &str) -> bool {
        let namespace = ObjectId::new(ObjectKind::Namespace, None, name);
        self.after.objects.contains_key(&namespace)
            || self.after.objects.keys().any(|id| id.schema.as_deref() == Some(name))
    }

    /// The table of this name; where nothing is known, one of which nothing is known.
    pub(super) fn table_id(&mut self, name: &ModelName) -> Result<ObjectId, Diagnostic> {
        let id = self.id(ObjectKind::Table, name)?;
        match self.after.table(&id) {
            Some(table) if table.options.contains_key("text") && self.dialect() == Dialect::Sqlite => {
                let message = format!("{id}: its statement is not understood, so that it can't be edited");
                return Err(Diagnostic::new(ErrorKind::Unsupported, message)
                    .hint("write the change as SQL of your own: op.execute(Sql::new(…))"));
            }
            Some(_) => {}
            None if self.known => return Err(self.missing(&id)),
            None => self.assume_object(stub(id.clone())),
        }
        Ok(id)
    }

    /// A table that is there and may be changed.
    pub(super) fn table_mut(&mut self, id: &ObjectId) -> Result<&mut Table, Diagnostic> {
        match self.after.objects.get_mut(id).map(|object| &mut object.body) {
            Some(Body::Table(table)) => Ok(table),
            _ => Err(not_there(id)),
        }
    }

    /// A table that is there.
    pub(super) fn table(&self, id: &ObjectId) -> Result<&Table, Diagnostic> {
        self.after.table(id).ok_or_else(|| not_there(id))
    }

    /// A column that is there and may be changed.
    pub(super) fn column_mut(&mut self, id: &ObjectId, name: &str) -> Result<&mut Column, Diagnostic> {
        let column = id.part(ObjectKind::Column, name);
        let table = self.table_mut(id)?;
        table.columns.iter_mut().find(|column| column.name == name).ok_or_else(|| not_there(&column))
    }

    /// Notes an object on both sides: it is there and was not known.
    pub(super) fn assume_object(&mut self, mut object: Object) {
        if self.flavour == Flavour::Postgres {
            object.grants = crate::dialect::postgres_grants(&object.id);
        }
        self.before.insert(object.clone());
        self.after.insert(object);
    }

    /// Changes a table on both sides, by what is there and was not known.
    pub(super) fn assume(&mut self, id: &ObjectId, change: impl Fn(&mut Table)) {
        for schema in [&mut self.before, &mut self.after] {
            if let Some(Body::Table(table)) = schema.objects.get_mut(id).map(|object| &mut object.body) {
                change(table);
            }
        }
    }

    /// Notes the first thing that is not known and that the way back would need.
    pub(super) fn note_unknown(&mut self, id: &ObjectId) {
        self.unknown.get_or_insert_with(|| format!("what {id} is was not known when this was written"));
    }

    /// What is to be said where something is not there.
    pub(super) fn missing(&self, id: &ObjectId) -> Diagnostic {
        let alike =
            self.after.objects.keys().filter(|other| other.kind == id.kind && other.table == id.table);
        let names: Vec<&str> = alike.map(|other| other.name.as_str()).collect();
        with_suggestion(not_there(id), &id.name, &names)
    }

    /// Notes that something is called otherwise, and calls it so on the side after.
    pub(super) fn rename(&mut self, to: ObjectId, from: &str) {
        let one = Renames(vec![Rename { to: to.clone(), from: from.to_owned(), schema: None }]);
        self.after = match self.dialect() {
            // What the server named after the old name keeps that.
            Dialect::Postgres => crate::dialect::postgres_renamed(&self.after, &one),
            Dialect::Sqlite | Dialect::Mysql => one.applied_to_schema(&self.after),
        };
        let old = to.renamed(from);
        match self.renames.iter_mut().find(|rename| rename.to == old) {
            Some(earlier) => earlier.to = to,
            None => self.renames.push(Rename { to, from: from.to_owned(), schema: None }),
        }
    }

    /// Makes an object. It has the privileges that the server gives to every such object, and those that default
    /// privileges add are left to the server.
    pub(super) fn create(&mut self, mut object: Object) {
        if self.flavour == Flavour::Postgres {
            object.grants = crate::dialect::postgres_grants(&object.id);
            for schema in [&mut self.before, &mut self.after] {
                schema.objects.retain(|id, _| id.kind != ObjectKind::DefaultPrivilege);
            }
        }
        self.after.insert(object);
    }

    /// Refuses to take away what a view of PostgreSQL is made of, because the server would. The other engines keep
    /// such a view, which fails when it is read.
    pub(super) fn refuse_viewed(&self, gone: &ObjectId) -> Result<(), Diagnostic> {
        if self.flavour != Flavour::Postgres {
            return Ok(());
        }
        let is_view = |id: &&ObjectId| matches!(id.kind, ObjectKind::View | ObjectKind::MaterializedView);
        let needs = self.after.dependencies.iter().filter(|one| one.on == *gone || is_part(&one.on, gone));
        match needs.map(|one| &one.dependent).find(is_view) {
            None => Ok(()),
            Some(view) => {
                let message = format!("{view} is made of {gone}, which can't go before");
                Err(Diagnostic::new(ErrorKind::Model, message).hint("drop or replace the view first"))
            }
        }
    }

    /// Takes an object away, with what can't be there without it.
    pub(super) fn remove(&mut self, id: &ObjectId) {
        self.after.objects.remove(id);
        let is_its = |object: &Object| match &object.body {
            Body::Trigger(trigger) => trigger.on == *id,
            Body::Policy(policy) => policy.on == *id,
            Body::Sequence(sequence) => sequence.owned_by.as_ref().is_some_and(|column| is_part(column, id)),
            _ => is_part(&object.id, id),
        };
        self.after.objects.retain(|_, object| !is_its(object));
        self.forget(|other| other == id || is_part(other, id));
    }

    /// Takes away what is known of dependencies of something that goes.
    pub(super) fn forget(&mut self, is_gone: impl Fn(&ObjectId) -> bool) {
        self.after
            .dependencies
            .retain(|dependency| !is_gone(&dependency.dependent) && !is_gone(&dependency.on));
    }

    /// The schema after, without what was only said to the renderer.
    pub(super) fn without_hints(mut self) -> Schema {
        for object in self.after.objects.values_mut() {
            let indexes = match &mut object.body {
                Body::Table(table) => {
                    table.columns.iter_mut().for_each(|column| drop(column.options.remove("using")));
                    &mut table.indexes
                }
                Body::View(view) => {
                    view.columns.retain(|column| column.name != REST);
                    &mut view.indexes
                }
                _ => continue,
            };
            indexes.iter_mut().for_each(|index| drop(index.options.remove("concurrently")));
        }
        self.after
    }

    /// What this engine does not have, or not in this version.
    pub(super) fn unsupported(&self, what: &str) -> Diagnostic {
        let message = format!("{} has no {what}", self.flavour.title());
        Diagnostic::new(ErrorKind::Unsupported, message)
    }

    /// Refuses what an engine does not have.
    pub(super) fn only_on(&self, flavours: &[Flavour], what: &str) -> Result<(), Diagnostic> {
        if flavours.contains(&self.flavour) { Ok(()) } else { Err(self.unsupported(what)) }
    }

    /// Refuses what this server does not have yet.
    pub(super) fn since(&self, major: u32, what: &str) -> Result<(), Diagnostic> {
        if self.version.major >= major {
            return Ok(());
        }
        let message = format!("{} {} has no {what}", self.flavour.title(), self.version);
        Err(Diagnostic::new(ErrorKind::Unsupported, message)
            .hint(format!("it came with {} {major}", self.flavour.title())))
    }
}

/// What is to be said where an operation can't do without the schema.
pub(super) fn needs_schema(what: &str, flavour: Flavour) -> Diagnostic {
    let message = format!("{} needs {what} as it is, and nobody can be asked here", flavour.title());
    Diagnostic::new(ErrorKind::Unsupported, message)
        .hint("run it with a connection, or give --scratch (UNDERPIN_SCRATCH_URL)")
        .hint("or say what it is with .existing(…), where that is enough")
}

/// What is to be said of something that is not there.
pub(super) fn not_there(id: &ObjectId) -> Diagnostic {
    Diagnostic::new(ErrorKind::Model, format!("there is no {id}"))
}

/// What is to be said of something that is there already.
pub(super) fn there_already(id: &ObjectId) -> Diagnostic {
    Diagnostic::new(ErrorKind::Model, format!("there is a {id} already"))
}

/// A hint at the name that was meant, or at those that there are.
pub(super) fn with_suggestion(diagnostic: Diagnostic, name: &str, names: &[&str]) -> Diagnostic {
    let close = names.iter().map(|other| (strsim::damerau_levenshtein(name, other), other)).min();
    match close {
        Some((distance, other)) if distance <= 2 => diagnostic.hint(format!("is {other} meant?")),
        Some(_) if names.len() <= 12 => diagnostic.hint(format!("there are {}", names.join(", "))),
        _ => diagnostic,
    }
}

/// A table of which nothing is known.
fn stub(id: ObjectId) -> Object {
    let rest = Column { name: REST.to_owned(), nullable: true, ..Column::default() };
    Object::new(id, Body::Table(Table { columns: vec![rest], ..Table::default() }))
}

/// Whether something is a part of this table.
fn is_part(id: &ObjectId, table: &ObjectId) -> bool {
    id.schema == table.schema && id.table.as_ref() == Some(&table.name)
}

const fn is_relation(id: &ObjectId) -> bool {
    matches!(
        id.kind,
        ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence
            | ObjectKind::Enum
            | ObjectKind::Function
    )
}
