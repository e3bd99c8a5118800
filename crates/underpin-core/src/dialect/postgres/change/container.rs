//! Types that columns hold, also within something else: in an array, a composite type, a range. Not what
//! becomes of them.

use std::collections::BTreeSet;

use super::{
    side::{Part, Side},
    types,
};
use crate::schema::{Body, ObjectId, ObjectKind};

impl Side<'_> {
    /// Whether a column holds values of a domain within others. The server checks no such value against
    /// a condition that is new, and refuses one ("ALTER DOMAIN" in the manual, Notes).
    pub(super) fn is_held_within(&self, domain: &ObjectId) -> bool {
        self.is_held(domain, false, &mut BTreeSet::new())
    }

    /// Whether a column is of a type, or of one that is made of it, however deep.
    pub(super) fn is_in_column(&self, id: &ObjectId) -> bool {
        self.is_held(id, true, &mut BTreeSet::new())
    }

    /// Whether a column is of a type, or of one that is made of it; `within` where that is enough, and
    /// otherwise something must lie between.
    fn is_held(&self, id: &ObjectId, within: bool, seen: &mut BTreeSet<(ObjectId, bool)>) -> bool {
        if !seen.insert((id.clone(), within)) {
            return false;
        }
        let users: Vec<&ObjectId> = self.needed_by(id).collect();
        users.into_iter().any(|user| {
            let within = within || self.is_container(user);
            match user.kind {
                ObjectKind::Column => within,
                kind => types::is_type(kind) && self.is_held(user, within, seen),
            }
        })
    }

    /// Whether what uses a type has values of it within its own.
    fn is_container(&self, user: &ObjectId) -> bool {
        let Some(unit) = self.units.get(user) else { return false };
        match (unit.part, &unit.object.body) {
            (Part::Column(column), _) => column.data_type.ends_with("[]"),
            (Part::Whole, Body::Domain(domain)) => domain.data_type.ends_with("[]"),
            _ => types::is_type(user.kind),
        }
    }
}
