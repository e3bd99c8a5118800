//! In which namespace something had its old name, where nobody says: the one that the new name is in, or else the
//! one that names without any mean.

use super::{Rename, Renames};
use crate::schema::{ObjectId, Schema};

/// The namespace of PostgreSQL that things are made in where none is said ("The Public Schema" in the manual).
pub(crate) const USUAL: &str = "public";

/// What was said, with the namespace of what was outside of that of its new name.
pub(super) fn found(said: &Renames, from: &Schema, to: &Schema) -> Renames {
    let was_usual = |rename: &Rename| {
        let old = ObjectId { schema: Some(USUAL.to_owned()), ..rename.old() };
        rename.schema.is_none()
            && rename.to.table.is_none()
            && rename.to.schema.as_deref().is_some_and(|schema| schema != USUAL)
            && !from.objects.contains_key(&rename.old())
            && from.objects.contains_key(&old)
            && !to.objects.contains_key(&old)
    };
    let with_namespace = |rename: &Rename| match was_usual(rename) {
        true => Rename { schema: Some(USUAL.to_owned()), ..rename.clone() },
        false => rename.clone(),
    };
    Renames(said.0.iter().map(with_namespace).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dialect::Flavour,
        schema::{Body, Object, ObjectKind, ServerVersion, Table},
    };

    #[test]
    fn a_name_without_a_namespace_is_a_usual_one_where_there_is_none_beside_the_new_one() {
        let schema = |names: &[(&str, &str)]| {
            let mut schema = Schema::empty(Flavour::Postgres, ServerVersion::new(16, 0, 0));
            for (namespace, name) in names {
                let id = ObjectId::new(ObjectKind::Table, Some(namespace), name);
                schema.insert(Object::new(id, Body::Table(Table::default())));
            }
            schema
        };
        let to = ObjectId::new(ObjectKind::Table, Some("app"), "u");
        let said = Renames(vec![Rename { to, from: "t".to_owned(), schema: None }]);
        let namespace = |before: &[(&str, &str)], after: &[(&str, &str)]| {
            found(&said, &schema(before), &schema(after)).0[0].schema.clone()
        };
        let moved = Some("public".to_owned());
        assert_eq!(namespace(&[("public", "t")], &[("app", "u")]), moved);
        assert_eq!(namespace(&[("public", "t"), ("app", "t")], &[("app", "u")]), None);
        assert_eq!(namespace(&[("public", "t")], &[("app", "u"), ("public", "t")]), None);
        assert_eq!(namespace(&[("other", "t")], &[("app", "u")]), None);
    }
}
