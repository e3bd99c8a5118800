//! Materialised views that keep the rows that they have: whether one is filled is no part of a schema, and a dump of
//! one always says `WITH NO DATA` ("CREATE MATERIALIZED VIEW" in the manual of PostgreSQL). Only one that can't be
//! read, and is to be, is filled.

use super::Renames;
use crate::schema::{Body, ObjectId, ObjectKind, Schema};

/// The option of a materialised view that has no rows yet.
const UNPOPULATED: &str = "unpopulated";

/// What is to be there, with the rows that are there already; nothing where that makes no difference.
pub(super) fn kept(from: &Schema, to: &Schema, renames: &Renames) -> Option<Schema> {
    let filled: Vec<ObjectId> = from
        .objects
        .values()
        .filter(|object| object.id.kind == ObjectKind::MaterializedView && !is_empty(&object.body))
        .map(|object| renames.new_id(&object.id))
        .filter(|id| to.objects.get(id).is_some_and(|object| is_empty(&object.body)))
        .collect();
    if filled.is_empty() {
        return None;
    }
    let mut kept = to.clone();
    for id in filled {
        if let Some(Body::View(view)) = kept.objects.get_mut(&id).map(|object| &mut object.body) {
            view.options.remove(UNPOPULATED);
        }
    }
    Some(kept)
}

fn is_empty(body: &Body) -> bool {
    matches!(body, Body::View(view) if view.options.contains_key(UNPOPULATED))
}

#[cfg(test)]
mod tests {
    use super::super::compare;
    use super::*;
    use crate::{
        dialect::Flavour,
        schema::{Object, ServerVersion, View},
    };

    fn schema(empty: bool) -> Schema {
        let mut schema = Schema::empty(Flavour::Postgres, ServerVersion::new(16, 0, 0));
        let mut view = View { query: "SELECT 1 AS a".to_owned(), ..View::default() };
        if empty {
            view.options.insert(UNPOPULATED.to_owned(), String::new());
        }
        let id = ObjectId::new(ObjectKind::MaterializedView, Some("public"), "m");
        schema.insert(Object::new(id, Body::View(view)));
        schema
    }

    #[test]
    fn nobody_empties_a_view_because_a_file_has_no_rows() {
        assert!(compare(&schema(false), &schema(true), &Renames::NONE).is_empty());
        let filled = compare(&schema(true), &schema(false), &Renames::NONE);
        let statements: Vec<_> = filled.statements().unwrap().into_iter().map(|it| it.sql).collect();
        assert_eq!(statements, ["REFRESH MATERIALIZED VIEW \"public\".\"m\""]);
        assert!(filled.reversed().statements().unwrap().is_empty());
    }
}
