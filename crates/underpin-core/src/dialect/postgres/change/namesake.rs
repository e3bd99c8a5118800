//! Indexes and constraints that differ in nothing but their names: they are renamed, which spares the
//! building and whoever refers to them; conditions of domains as well. Not those of partitions and children, which follow their parents.

use super::{
    column::altering,
    identity,
    text::{quote, target},
};
use crate::{
    difference::Statement,
    name::quote_in,
    schema::{
        Body, Constraint, ConstraintKind, Dependency, Domain, Index, Object, ObjectId, ObjectKind, Schema,
        Table,
    },
};

/// A part of a table that gets another name: its old id, and its new name.
struct Renamed(ObjectId, String);

/// Gives the parts of `from` the names that they have in `to`, where that is all that differs, with the
/// statements that do the same at the server.
pub(super) fn renamed(from: Schema, to: &Schema) -> (Schema, Vec<Statement>) {
    let mut schema = from;
    let mut renames = Vec::new();
    let mut changed = Vec::new();
    for (id, after) in to.tables() {
        let Some(before) = schema.table(id).filter(|before| stands_alone(&schema, id, before)) else {
            continue;
        };
        let free = |name: &str| is_free(&schema, id, name);
        let mut table = before.clone();
        let old = renames.len();
        renames.extend(rename_constraints(id, &mut table, after, free));
        renames.extend(rename_indexes(id, &mut table, after, free));
        if renames.len() > old {
            changed.push((id.clone(), table));
        }
    }
    for (id, table) in changed {
        if let Some(object) = schema.objects.get_mut(&id) {
            object.body = Body::Table(table);
        }
    }
    follow(&mut schema, &renames);
    let mut statements: Vec<Statement> = renames.iter().map(statement).collect();
    for object in schema.objects.values_mut() {
        if let Body::Domain(domain) = &mut object.body
            && let Some(Body::Domain(after)) = to.objects.get(&object.id).map(|object| &object.body)
        {
            statements.extend(rename_conditions(&object.id, domain, after));
        }
    }
    (schema, statements)
}

/// Gives the conditions of a domain other names: one that goes would be missed by who has the domain within another
/// type, where none can come.
fn rename_conditions(id: &ObjectId, domain: &mut Domain, after: &Domain) -> Vec<Statement> {
    let mut statements = Vec::new();
    for to in &after.constraints {
        let named = |one: &Constraint| one.name == to.name;
        if domain.constraints.iter().any(named) || matches!(to.kind, ConstraintKind::NotNull { .. }) {
            continue;
        }
        let goes = |one: &Constraint| !after.constraints.iter().any(|other| other.name == one.name);
        let alike = |one: &Constraint| Constraint { name: to.name.clone(), ..one.clone() } == *to;
        let (Some(name), Some(one)) =
            (&to.name, domain.constraints.iter_mut().find(|one| goes(one) && alike(one)))
        else {
            continue;
        };
        if let Some(old) = one.name.replace(name.clone()) {
            let action = format!("RENAME CONSTRAINT {} TO {}", quote(&old), quote(name));
            statements.push(Statement::new(format!("ALTER {} {action}", target(id))));
        }
    }
    domain.constraints.sort_by(|one, other| one.name.cmp(&other.name));
    statements
}

/// Whether a table has neither parents nor children nor partitions.
fn stands_alone(schema: &Schema, id: &ObjectId, table: &Table) -> bool {
    table.partition_by.is_none()
        && table.partition_of.is_none()
        && table.inherits.is_empty()
        && !schema.tables().any(|(_, other)| other.inherits.contains(id))
}

/// Whether nothing in the namespace of a table has this name, of whatever kind.
pub(super) fn is_free(schema: &Schema, table: &ObjectId, name: &str) -> bool {
    let is_part = |object: &Object| match &object.body {
        Body::Table(table) => {
            table.index(name).is_some()
                || table.constraint(name).is_some()
                || table
                    .columns
                    .iter()
                    .any(|column| column.identity.is_some() && identity::sequence(&object.id, column) == name)
        }
        Body::View(view) => view.indexes.iter().any(|index| index.name == name),
        _ => false,
    };
    let is_taken = |object: &Object| object.id.name == name || is_part(object);
    !schema.objects.values().filter(|object| object.id.schema == table.schema).any(is_taken)
}

fn rename_constraints(
    id: &ObjectId,
    table: &mut Table,
    after: &Table,
    free: impl Fn(&str) -> bool,
) -> Vec<Renamed> {
    let mut renames = Vec::new();
    for to in &after.constraints {
        let Some(name) = to.name.as_deref().filter(|name| free(name)) else { continue };
        let goes =
            |one: &Constraint| one.name.as_deref().is_some_and(|name| after.constraint(name).is_none());
        let alike = |one: &Constraint| Constraint { name: to.name.clone(), ..one.clone() } == *to;
        if matches!(to.kind, ConstraintKind::NotNull { .. }) {
            continue;
        }
        if let Some(one) = table.constraints.iter_mut().find(|one| goes(one) && alike(one))
            && let Some(old) = one.name.replace(name.to_owned())
        {
            renames.push(Renamed(id.part(ObjectKind::Constraint, &old), name.to_owned()));
        }
    }
    renames
}

fn rename_indexes(
    id: &ObjectId,
    table: &mut Table,
    after: &Table,
    free: impl Fn(&str) -> bool,
) -> Vec<Renamed> {
    let mut renames = Vec::new();
    for to in after.indexes.iter().filter(|index| free(&index.name)) {
        let goes = |one: &Index| after.index(&one.name).is_none();
        if let Some(one) = table.indexes.iter_mut().find(|one| goes(one) && are_alike(one, to)) {
            renames.push(Renamed(id.part(ObjectKind::Index, &one.name), to.name.clone()));
            one.clone_from(to);
        }
    }
    renames
}

/// Whether two indexes differ in nothing but their names.
pub(super) fn are_alike(from: &Index, to: &Index) -> bool {
    let (Some(old), Some(new)) = (what(from), what(to)) else { return false };
    old == new && Index { name: to.name.clone(), create: to.create.clone(), ..from.clone() } == *to
}

/// What stands behind the name in the statement that makes an index.
fn what(index: &Index) -> Option<&str> {
    let (_, rest) = index.create.as_deref()?.split_once("INDEX ")?;
    let quoted = quote(&index.name);
    rest.strip_prefix(quoted.as_str()).or_else(|| rest.strip_prefix(index.name.as_str()))
}

/// Who needs a part needs it under its new name.
fn follow(schema: &mut Schema, renames: &[Renamed]) {
    if renames.is_empty() {
        return;
    }
    let moved = |id: &ObjectId| {
        let rename = renames.iter().find(|Renamed(old, _)| old == id);
        rename.map_or_else(|| id.clone(), |Renamed(old, name)| old.renamed(name))
    };
    let both = |dependency: &Dependency| Dependency {
        dependent: moved(&dependency.dependent),
        on: moved(&dependency.on),
    };
    schema.dependencies = schema.dependencies.iter().map(both).collect();
}

fn statement(Renamed(old, name): &Renamed) -> Statement {
    let schema = old.schema.as_deref();
    let own = quote_in(crate::dialect::Dialect::Postgres, schema, &old.name);
    match (&old.table, old.kind) {
        (Some(table), ObjectKind::Constraint) => {
            let table = ObjectId::new(ObjectKind::Table, schema, table);
            altering(&table, &format!("RENAME CONSTRAINT {} TO {}", quote(&old.name), quote(name)))
        }
        _ => Statement::new(format!("ALTER INDEX {own} RENAME TO {}", quote(name))),
    }
}
