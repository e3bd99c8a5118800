//! The names of tables and types within texts that a server of PostgreSQL wrote: a table is the type of its rows, and
//! routines, columns, triggers and other types go on to mean it when it gets another name. Not what a routine does.

use super::{Rename, Renames};
use crate::{
    dialect::Dialect,
    name::quote_where_needed,
    schema::{Body, Object, ObjectId, ObjectKind},
    sql::{Code, catalog_name, codes},
};

impl Renames {
    /// The id that a routine has when the types of its arguments have their new names.
    pub(super) fn with_new_arguments(&self, id: &ObjectId) -> ObjectId {
        let arguments = id.arguments.as_ref().map(|arguments| self.with_new_types(arguments));
        ObjectId { arguments, ..id.clone() }
    }

    /// Types of columns, arguments, results and attributes.
    pub(super) fn apply_to_types(&self, object: &mut Object) {
        let each = |text: &mut String| *text = self.with_new_types(text);
        match &mut object.body {
            Body::Table(table) => table.columns.iter_mut().for_each(|column| each(&mut column.data_type)),
            Body::Domain(domain) => each(&mut domain.data_type),
            Body::Composite(composite) => {
                composite.attributes.iter_mut().for_each(|attribute| each(&mut attribute.data_type));
            }
            Body::Routine(routine) => {
                routine.options.get_mut("arguments").into_iter().for_each(each);
                routine.returns.iter_mut().for_each(each);
                each(&mut routine.signature);
            }
            Body::Definition(definition) if object.id.kind == ObjectKind::Aggregate => {
                each(&mut definition.create)
            }
            Body::Namespace
            | Body::Enum(_)
            | Body::View(_)
            | Body::Sequence(_)
            | Body::Trigger(_)
            | Body::Policy(_)
            | Body::Definition(_) => {}
        }
    }

    /// A text with the new names of types, which the server writes with their namespaces.
    pub(super) fn with_new_types(&self, text: &str) -> String {
        let mut renamed = text.to_owned();
        for Rename { to, from, .. } in self.0.iter().filter(|rename| rename.to.kind == ObjectKind::Namespace)
        {
            renamed = replaced(&renamed, &[from], &[&to.name]);
        }
        for rename in self.0.iter().filter(|rename| is_type(rename.to.kind) && rename.to.table.is_none()) {
            if let (Some(old), Some(new)) = (rename.old().schema, &rename.to.schema) {
                renamed = replaced(&renamed, &[&old, &rename.from], &[new, &rename.to.name]);
            }
        }
        renamed
    }
}

/// A text with other names in place of these, with a dot between or behind: `namespace.`, `namespace.name`.
fn replaced(text: &str, old: &[&String], new: &[&String]) -> String {
    let mut renamed = text.to_owned();
    let codes: Vec<Code<'_>> = codes(Dialect::Postgres, text).collect();
    let is = |code: &Code<'_>, name: &str| {
        catalog_name(Dialect::Postgres, code).is_some_and(|named| named == name)
    };
    let begins = |at: usize| at == 0 || !codes[at - 1].is_operator(".");
    let matches = |three: &[Code<'_>]| {
        is(&three[0], old[0])
            && three[1].is_operator(".")
            && old.get(1).is_none_or(|name| is(&three[2], name))
    };
    let meant = codes.windows(3).enumerate().filter(|(at, three)| begins(*at) && matches(three));
    let spans: Vec<_> = meant
        .map(|(_, three)| {
            let last = &three[2 * (old.len() - 1)];
            three[0].start..last.start + last.text.len()
        })
        .collect();
    let new: Vec<String> = new.iter().map(|name| quote_where_needed(name)).collect();
    for span in spans.into_iter().rev() {
        renamed.replace_range(span, &new.join("."));
    }
    renamed
}

/// Whether columns and arguments can be of it.
const fn is_type(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Enum
            | ObjectKind::Domain
            | ObjectKind::Composite
            | ObjectKind::Range
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_named_anew_wherever_a_text_means_it() {
        let to = ObjectId::new(ObjectKind::Table, Some("public"), "Client");
        let renames = Renames(vec![Rename { to, from: "customer".to_owned(), schema: None }]);
        for (text, renamed) in [
            ("public.customer", "public.\"Client\""),
            (
                "integer, public.customer[], \"public\".\"customer\"",
                "integer, public.\"Client\"[], public.\"Client\"",
            ),
            ("app.customer, customer, public.customers", "app.customer, customer, public.customers"),
        ] {
            assert_eq!(renames.with_new_types(text), renamed);
        }
        let namespace = ObjectId::new(ObjectKind::Namespace, None, "y");
        let moved = Renames(vec![Rename { to: namespace, from: "x".to_owned(), schema: None }]);
        assert_eq!(moved.with_new_types("x.e[], a.x.e, y.x"), "y.e[], a.x.e, y.x");
        let id = ObjectId::new(ObjectKind::Function, Some("public"), "f").with_arguments("public.customer");
        assert_eq!(renames.new_id(&id).arguments.as_deref(), Some("public.\"Client\""));
    }
}
