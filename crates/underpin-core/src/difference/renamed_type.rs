//! The names of types within texts that a server of PostgreSQL wrote: a table is the type of its rows, and routines,
//! columns and other types go on to mean it when it gets another name. Not what a routine does.

use super::Renames;
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

    /// A text with the new names of types, which the server writes with their schemas.
    fn with_new_types(&self, text: &str) -> String {
        let mut renamed = text.to_owned();
        for rename in self.0.iter().filter(|rename| is_type(rename.to.kind) && rename.to.table.is_none()) {
            let Some(schema) = &rename.to.schema else { continue };
            let spans: Vec<_> = {
                let codes: Vec<Code<'_>> = codes(Dialect::Postgres, &renamed).collect();
                let is = |code: &Code<'_>, name: &str| {
                    catalog_name(Dialect::Postgres, code).is_some_and(|named| named == name)
                };
                let meant = codes.windows(3).filter(|three| {
                    is(&three[0], schema) && three[1].is_operator(".") && is(&three[2], &rename.from)
                });
                meant.map(|three| three[2].start..three[2].start + three[2].text.len()).collect()
            };
            for span in spans.into_iter().rev() {
                renamed.replace_range(span, &quote_where_needed(&rename.to.name));
            }
        }
        renamed
    }
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
    use super::super::Rename;
    use super::*;

    #[test]
    fn a_type_is_named_anew_wherever_a_text_means_it() {
        let to = ObjectId::new(ObjectKind::Table, Some("public"), "Client");
        let renames = Renames(vec![Rename { to, from: "customer".to_owned() }]);
        for (text, renamed) in [
            ("public.customer", "public.\"Client\""),
            (
                "integer, public.customer[], \"public\".\"customer\"",
                "integer, public.\"Client\"[], \"public\".\"Client\"",
            ),
            ("app.customer, customer, public.customers", "app.customer, customer, public.customers"),
        ] {
            assert_eq!(renames.with_new_types(text), renamed);
        }
        let id = ObjectId::new(ObjectKind::Function, Some("public"), "f").with_arguments("public.customer");
        assert_eq!(renames.new_id(&id).arguments.as_deref(), Some("public.\"Client\""));
    }
}
