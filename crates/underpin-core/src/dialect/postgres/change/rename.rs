//! Renames that a person said. They come first and everything else is done under the new names,
//! because the server follows a rename by itself wherever the old name is used.

use super::{
    column, identity, kin, never_null,
    text::{literal, qualified, quote, target},
};
use crate::{
    difference::{Alteration, Change, Difference, Operation, Rename, Renames, Statement},
    name::chosen,
    schema::{Body, Constraint, ConstraintKind, Dependency, Object, ObjectId, ObjectKind, Schema},
};

/// The renames that a difference holds.
pub(super) fn said(difference: &Difference) -> Renames {
    let is_namespace = |alteration: &&Alteration| alteration.to.id.kind == ObjectKind::Namespace;
    let mut renames: Vec<Rename> = Vec::new();
    for alteration in alterations(difference).filter(is_namespace) {
        let from = alteration.from.id.name.clone();
        if from != alteration.to.id.name {
            renames.push(Rename { to: alteration.to.id.clone(), from, schema: None });
        }
    }
    let namespaces = Renames(renames.clone());
    for alteration in alterations(difference).filter(|alteration| !is_namespace(alteration)) {
        let id = &alteration.to.id;
        let moves = moves(&namespaces, alteration);
        let old = namespaces.in_new_namespace(&alteration.from.id);
        if old.name != id.name || moves {
            let schema = old.schema.filter(|_| moves);
            renames.push(Rename { to: id.clone(), from: old.name, schema });
        }
        let columns = columns(alteration).map(|(from, to)| (from.to_owned(), to.to_owned()));
        for (from, to) in columns.chain(alteration.values.iter().cloned()) {
            renames.push(Rename { to: id.part(ObjectKind::Column, &to), from, schema: None });
        }
    }
    Renames(renames)
}

/// Whether it gets into another namespace by a statement of its own; what belongs to a table goes where that goes.
fn moves(namespaces: &Renames, alteration: &Alteration) -> bool {
    let to = &alteration.to;
    let is_owned = matches!(&to.body, Body::Sequence(sequence) if sequence.owned_by.is_some());
    let is_apart = namespaces.in_new_namespace(&alteration.from.id).schema != to.id.schema;
    is_apart && !is_owned && to.id.table.is_none()
}

/// The namespaces that something gets into and that are not there yet.
pub(super) fn namespaces(renames: &Renames, from: &Schema) -> Vec<Object> {
    let moved = renames.0.iter().filter(|rename| rename.schema.is_some());
    let ids = moved.filter_map(|rename| rename.to.schema.as_deref());
    let mut ids: Vec<ObjectId> = ids.map(|name| ObjectId::new(ObjectKind::Namespace, None, name)).collect();
    ids.sort();
    ids.dedup();
    let missing = ids.into_iter().filter(|id| !from.objects.contains_key(id));
    missing.map(|id| Object::new(id, Body::Namespace)).collect()
}

fn alterations(difference: &Difference) -> impl Iterator<Item = &Alteration> {
    difference.operations.iter().filter_map(|operation| match operation {
        Operation::Alter(alteration) => Some(&**alteration),
        Operation::Create(_) | Operation::Drop(_) => None,
    })
}

/// The old and the new names of columns.
fn columns(alteration: &Alteration) -> impl Iterator<Item = (&str, &str)> {
    alteration.columns.iter().filter_map(|change| match change {
        Change::Alter { from, to } if from.name != to.name => Some((from.name.as_str(), to.name.as_str())),
        _ => None,
    })
}

fn is_inherited(alteration: &Alteration, column: &str) -> bool {
    let Body::Table(table) = &alteration.from.body else { return false };
    table.column(column).is_some_and(column::is_inherited)
}

/// A schema as it is when everything has its new name.
pub(crate) fn applied(schema: &Schema, renames: &Renames) -> Schema {
    let mut renamed = schema.clone();
    if renames.0.is_empty() {
        return renamed;
    }
    renamed.objects.clear();
    for object in schema.objects.values() {
        let mut now = renames.applied_to(object);
        keep_sequence_names(object, &mut now);
        if schema.version.major >= 18 {
            keep_not_null_names(object, &mut now);
        }
        renamed.insert(now);
    }
    let moved = |dependency: &Dependency| Dependency {
        dependent: moved(&dependency.dependent, renames),
        on: moved(&dependency.on, renames),
    };
    renamed.dependencies = schema.dependencies.iter().map(moved).collect();
    let owned = |(id, owner): (&ObjectId, &String)| (renames.new_id(id), owner.clone());
    renamed.owners = schema.owners.iter().map(owned).collect();
    renamed
}

/// The sequences of identities keep their names.
fn keep_sequence_names(old: &Object, now: &mut Object) {
    let (Body::Table(before), Body::Table(after)) = (&old.body, &mut now.body) else { return };
    for (was, is) in before.columns.iter().zip(&mut after.columns) {
        identity::keep_sequence_name((&old.id, was), &now.id, is);
    }
}

/// A constraint that a column is never null keeps the name that the server chose for the old name of
/// the column or table, which is no usual one any more (PostgreSQL 18).
fn keep_not_null_names(old: &Object, now: &mut Object) {
    if let Body::Domain(domain) = &mut now.body
        && now.id.name != old.id.name
    {
        *domain = never_null::named(&old.id, domain);
    }
    let (Body::Table(before), Body::Table(after)) = (&old.body, &mut now.body) else { return };
    for (was, is) in before.columns.iter().zip(&after.columns) {
        let name = chosen(&old.id.name, &was.name, "not_null");
        let is_said = |constraint: &Constraint| matches!(&constraint.kind, ConstraintKind::NotNull { column } if *column == is.name);
        let is_own = !is.nullable && !is.options.contains_key("inherited");
        if is_own
            && name != chosen(&now.id.name, &is.name, "not_null")
            && !after.constraints.iter().any(is_said)
        {
            let kind = ConstraintKind::NotNull { column: is.name.clone() };
            after.constraints.push(Constraint {
                definition: Some(format!("NOT NULL {}", quote(&is.name))),
                ..Constraint::new(Some(name), kind)
            });
        }
    }
}

/// The id that something will have; that of a part follows its table's name, and then its own. A
/// default is named like its column.
fn moved(id: &ObjectId, renames: &Renames) -> ObjectId {
    let column = match id.kind {
        ObjectKind::Default => ObjectId { kind: ObjectKind::Column, ..id.clone() },
        _ => id.clone(),
    };
    let moved = renames.new_id(&renames.new_id(&column));
    ObjectId { kind: id.kind, ..moved }
}

/// The statements that rename.
pub(super) fn statements(difference: &Difference, renames: &Renames) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut alterations: Vec<&Alteration> = alterations(difference).collect();
    // Whatever is in them is called by their new names from then on.
    alterations.sort_by_key(|alteration| alteration.to.id.kind != ObjectKind::Namespace);
    for alteration in &alterations {
        let (from, to) = (renames.in_new_namespace(&alteration.from.id), &alteration.to.id);
        let mut old = ObjectId { table: to.table.clone(), ..from.clone() };
        if moves(renames, alteration) {
            let schema = quote(to.schema.as_deref().unwrap_or_default());
            statements.push(format!("ALTER {} SET SCHEMA {schema}", target(&old)));
        }
        old.schema.clone_from(&to.schema);
        if from.name != to.name {
            statements.push(format!("ALTER {} RENAME TO {}", target(&old), quote(&to.name)));
        }
    }
    let mut statements: Vec<Statement> = statements.into_iter().map(Statement::new).collect();
    // By now every table has its new name.
    for alteration in alterations {
        let to = &alteration.to.id;
        // The server gives a column that a parent has its new name there.
        for (old, new) in columns(alteration).filter(|(old, _)| !is_inherited(alteration, old)) {
            statements.extend(column_renamed(difference, renames, alteration, (old, new)));
        }
        for (old, new) in &alteration.values {
            let (name, old, new) = (qualified(to), literal(old), literal(new));
            statements.push(Statement::new(format!("ALTER TYPE {name} RENAME VALUE {old} TO {new}")));
        }
    }
    statements
}

/// Gives a column another name; where several tables have it in common, when it is the first one's turn.
fn column_renamed(
    difference: &Difference,
    renames: &Renames,
    alteration: &Alteration,
    (old, new): (&str, &str),
) -> Vec<Statement> {
    let kin = kin::outermost(&difference.from, &alteration.from.id, old);
    let column = difference.from.table(&alteration.from.id).and_then(|table| table.column(old));
    match (kin.first(), column) {
        (Some(first), Some(column)) if **first == alteration.from.id => {
            let kin: Vec<ObjectId> = kin.iter().map(|id| renames.new_id(id)).collect();
            kin::renamed(&kin.iter().collect::<Vec<_>>(), column, new)
        }
        (Some(_), _) => Vec::new(),
        (None, _) => {
            let rename = format!("RENAME COLUMN {} TO {}", quote(old), quote(new));
            vec![column::altering(&alteration.to.id, &rename)]
        }
    }
}
