//! Types that become types of another kind under the same name while something is of them: the old one gets out of
//! the way, and what is of it goes over to the new one as to any other type. Not types that change within their kind.

use std::collections::BTreeSet;

use super::{
    rename,
    table::aside,
    text::{quote, target},
    types,
};
use crate::{
    difference::{Rename, Renames, Statement},
    schema::{Dependency, Object, ObjectId, ObjectKind, Schema},
};

/// A schema in which such types have other names, with the statements that give them these, and all that is
/// another one by that.
pub(super) struct Apart {
    pub(super) schema: Schema,
    pub(super) statements: Vec<Statement>,
    pub(super) touched: BTreeSet<ObjectId>,
}

/// Gets the types of which others take the names out of the way.
pub(super) fn apart(from: Schema, to: &Schema) -> Apart {
    let succeeded: Vec<&Object> =
        from.objects.values().filter(|object| is_succeeded(&object.id, &from, to)).collect();
    let renamed = |object: &&Object| Rename {
        to: object.id.renamed(&aside(&object.id.name)),
        from: object.id.name.clone(),
        schema: None,
    };
    let renames = Renames(succeeded.iter().map(renamed).collect());
    if renames.0.is_empty() {
        return Apart { schema: from, statements: Vec::new(), touched: BTreeSet::new() };
    }
    let statements = succeeded.into_iter().flat_map(set_aside).collect();
    let mut schema = rename::applied(&from, &renames);
    // A routine that takes values of the type is another one, and stays whose it was.
    let owners: Vec<_> = from.owners.iter().map(|(id, owner)| (id.clone(), owner.clone())).collect();
    schema.owners.extend(owners);
    let touched = from
        .objects
        .values()
        .map(|object| (object, renames.applied_to(object)))
        .filter(|(object, now)| *object != now)
        .flat_map(|(object, now)| [object.id.clone(), now.id])
        .collect();
    Apart { schema, statements, touched }
}

fn set_aside(object: &Object) -> Vec<Statement> {
    match types::is_type(object.id.kind) {
        true => types::set_aside(object, false),
        false => {
            let name = quote(&aside(&object.id.name));
            vec![Statement::new(format!("ALTER {} RENAME TO {name}", target(&object.id)))]
        }
    }
}

/// Whether something else has the name of a type afterwards, and something that stays is of it.
fn is_succeeded(id: &ObjectId, from: &Schema, to: &Schema) -> bool {
    let is_heir = |other: &ObjectId| {
        other != id && is_type(other.kind) && (&other.schema, &other.name) == (&id.schema, &id.name)
    };
    let is_of_it = |dependency: &&Dependency| {
        let is_own = dependency.dependent.table.as_ref() == Some(&id.name);
        dependency.on == *id && !is_own && stays(&dependency.dependent, to)
    };
    is_type(id.kind)
        && !to.objects.contains_key(id)
        && to.objects.keys().any(is_heir)
        && from.dependencies.iter().any(|dependency| is_of_it(&dependency))
}

/// Whether it is a column, or a type, that is there afterwards.
fn stays(dependent: &ObjectId, to: &Schema) -> bool {
    let name = dependent.table.as_ref().unwrap_or(&dependent.name);
    let is_home = |other: &ObjectId| {
        matches!(other.kind, ObjectKind::Table | ObjectKind::Composite | ObjectKind::Domain)
            && (&other.schema, &other.name) == (&dependent.schema, name)
    };
    matches!(dependent.kind, ObjectKind::Column | ObjectKind::Composite | ObjectKind::Domain)
        && to.objects.keys().any(is_home)
}

/// Whether columns can be of it.
const fn is_type(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Enum
            | ObjectKind::Domain
            | ObjectKind::Composite
            | ObjectKind::Range
            | ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
    )
}
