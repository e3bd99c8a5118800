//! The privileges of whole objects, and default privileges. Those of columns go with the columns.

use std::collections::BTreeSet;

use super::text::{granted, grants, quote};
use crate::{
    difference::Statement,
    schema::{Body, Column, Grant, Grantee, Object, ObjectId, ObjectKind, Schema},
};

/// The statements that give an object that was just made the privileges that it is to have. What it
/// has by then is what the server gives to every such object, and what default privileges add.
pub(super) fn make(object: &Object, from: &Schema) -> Vec<Statement> {
    let Some(on) = granted(&object.id) else { return Vec::new() };
    let defaults = defaults(from, &object.id);
    let everywhere = defaults.iter().any(|default| default.id.schema.is_none());
    let usual = usual(&object.id);
    let known = if everywhere { BTreeSet::new() } else { usual.clone() };
    let possible: BTreeSet<Grant> =
        usual.into_iter().chain(defaults.iter().flat_map(|default| default.grants.iter().cloned())).collect();
    let kept: BTreeSet<Grant> = possible.intersection(&object.grants).cloned().collect();
    let mut statements = grants("", &on, "", &possible, &kept);
    // Default privileges are one role's; who runs this may be another, and has none of them.
    let given: BTreeSet<Grant> = known.intersection(&object.grants).cloned().collect();
    statements.extend(grants("", &on, "", &given, &object.grants));
    statements
}

/// The statements that change the privileges of an object that stays.
pub(super) fn alter(from: &Object, to: &Object) -> Vec<Statement> {
    let Some(on) = granted(&to.id) else { return Vec::new() };
    let mut statements = grants("", &on, "", &from.grants, &to.grants);
    statements.extend(given_again(&on, from, to));
    statements
}

/// The privileges that columns keep: the server takes a privilege of a table from its columns as well.
fn given_again(on: &str, from: &Object, to: &Object) -> Vec<Statement> {
    let same = |grant: &Grant, other: &Grant| {
        (&grant.grantee, &grant.privilege) == (&other.grantee, &other.privilege)
    };
    let is_taken = |grant: &Grant| {
        from.grants.iter().any(|old| same(old, grant)) && !to.grants.iter().any(|new| same(new, grant))
    };
    let kept = |old: &Column, new: &Column| -> BTreeSet<Grant> {
        old.grants.intersection(&new.grants).filter(|grant| is_taken(grant)).cloned().collect()
    };
    columns(to)
        .iter()
        .filter_map(|new| Some((new, columns(from).iter().find(|old| old.name == new.name)?)))
        .flat_map(|(new, old)| {
            let behind = format!(" ({})", quote(&new.name));
            grants("", on, &behind, &BTreeSet::new(), &kept(old, new))
        })
        .collect()
}

fn columns(object: &Object) -> &[Column] {
    match &object.body {
        Body::Table(table) => &table.columns,
        Body::View(view) => &view.columns,
        _ => &[],
    }
}

/// What the server gives to everybody (the manual's section 5.8, "Privileges").
pub(crate) fn usual(id: &ObjectId) -> BTreeSet<Grant> {
    let privilege = match id.kind {
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => "EXECUTE",
        ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite | ObjectKind::Range => "USAGE",
        ObjectKind::Namespace if id.name == "public" => "USAGE",
        _ => return BTreeSet::new(),
    };
    let grant = Grant { grantee: Grantee::Public, privilege: privilege.to_owned(), grantable: false };
    BTreeSet::from([grant])
}

/// The default privileges that an object made now could get.
fn defaults<'a>(from: &'a Schema, id: &ObjectId) -> Vec<&'a Object> {
    let on = match id.kind {
        ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView => "TABLES",
        ObjectKind::Sequence => "SEQUENCES",
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => "FUNCTIONS",
        ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite | ObjectKind::Range => "TYPES",
        ObjectKind::Namespace => "SCHEMAS",
        _ => return Vec::new(),
    };
    let is_for = |object: &&Object| {
        object.id.kind == ObjectKind::DefaultPrivilege
            && object.id.arguments.as_deref() == Some(on)
            && (object.id.schema.is_none() || object.id.schema == id.schema)
    };
    from.objects.values().filter(is_for).collect()
}

/// The statements that make default privileges into others; what is not there is the server's own.
pub(super) fn of_defaults(from: Option<&Object>, to: Option<&Object>) -> Vec<Statement> {
    let Some(object) = to.or(from) else { return Vec::new() };
    let Body::Definition(definition) = &object.body else { return Vec::new() };
    let on = object.id.arguments.clone().unwrap_or_default();
    let usual = match (object.id.schema.is_none(), on.as_str()) {
        (true, "FUNCTIONS") => Some("EXECUTE"),
        (true, "TYPES") => Some("USAGE"),
        _ => None,
    };
    let usual: BTreeSet<Grant> = usual
        .map(|privilege| Grant {
            grantee: Grantee::Public,
            privilege: privilege.to_owned(),
            grantable: false,
        })
        .into_iter()
        .collect();
    let before = from.map_or(&usual, |object| &object.grants);
    let after = to.map_or(&usual, |object| &object.grants);
    grants(&format!("{} ", definition.create), &on, "", before, after)
}
