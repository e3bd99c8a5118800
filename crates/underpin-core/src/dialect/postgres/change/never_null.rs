//! That a domain is never null, which has a name as any condition has (PostgreSQL 18). Not columns.

use super::text::quote;
use crate::{
    name::chosen,
    schema::{Constraint, ConstraintKind, Domain, ObjectId},
};

/// What says so under a name of its own.
pub(super) fn said(domain: &Domain) -> Option<&Constraint> {
    domain.constraints.iter().find(|one| is_one(one))
}

/// The conditions that say something else.
pub(super) fn others(domain: &Domain) -> impl Iterator<Item = &Constraint> {
    domain.constraints.iter().filter(|one| !is_one(one))
}

const fn is_one(constraint: &Constraint) -> bool {
    matches!(constraint.kind, ConstraintKind::NotNull { .. })
}

/// The name that the server chooses.
pub(super) fn usual(id: &ObjectId) -> String {
    chosen(&id.name, "", "not_null")
}

/// A domain that says so under the name that the server would choose, which it would not while another one that
/// is out of the way has it.
pub(super) fn named(id: &ObjectId, domain: &Domain) -> Domain {
    let mut named = domain.clone();
    if !domain.nullable && said(domain).is_none() {
        let kind = ConstraintKind::NotNull { column: String::new() };
        named.constraints.push(Constraint {
            definition: Some("NOT NULL".to_owned()),
            ..Constraint::new(Some(usual(id)), kind)
        });
    }
    named
}

/// What is done to a domain for that to be as it is to be.
pub(super) fn alter(id: &ObjectId, from: &Domain, to: &Domain) -> Option<String> {
    let name = |domain: &Domain| said(domain).and_then(|one| one.name.clone()).unwrap_or_else(|| usual(id));
    match (from.nullable, to.nullable) {
        (true, true) => None,
        (false, true) => Some("DROP NOT NULL".to_owned()),
        (true, false) if said(to).is_some() => Some(format!("ADD CONSTRAINT {} NOT NULL", quote(&name(to)))),
        (true, false) => Some("SET NOT NULL".to_owned()),
        (false, false) => (name(from) != name(to))
            .then(|| format!("RENAME CONSTRAINT {} TO {}", quote(&name(from)), quote(&name(to)))),
    }
}
