//! In which order tables come, so that each finds what it refers to.

use std::collections::{BTreeMap, BTreeSet};

use super::Side;
use crate::schema::{Body, ConstraintKind, Object, ObjectId};

type Tables<'a> = BTreeMap<&'a ObjectId, Vec<(Side<'a>, &'a Object)>>;

/// The tables, those that others refer to first; nothing where they refer to each other in a circle.
pub(super) fn referred_first<'t, 'a>(tables: &'t Tables<'a>) -> Option<Vec<&'t [(Side<'a>, &'a Object)]>> {
    let mut left: BTreeMap<&ObjectId, BTreeSet<&ObjectId>> =
        tables.iter().map(|(id, each)| (*id, referred(id, each))).collect();
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let free = |needed: &BTreeSet<&ObjectId>| !needed.iter().any(|id| left.contains_key(*id));
        let next = left.iter().find(|(_, needed)| free(needed)).map(|(id, _)| *id)?;
        left.remove(next);
        ordered.push(tables[next].as_slice());
    }
    Some(ordered)
}

fn referred<'a>(own: &ObjectId, each: &[(Side<'a>, &'a Object)]) -> BTreeSet<&'a ObjectId> {
    let mut referred = BTreeSet::new();
    for (_, object) in each {
        let Body::Table(table) = &object.body else { continue };
        for constraint in &table.constraints {
            if let ConstraintKind::ForeignKey(key) = &constraint.kind
                && key.table != *own
            {
                referred.insert(&key.table);
            }
        }
    }
    referred
}
