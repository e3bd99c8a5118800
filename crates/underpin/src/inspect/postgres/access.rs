//! Default privileges: what objects made later may be used for, and by whom. The privileges of what is
//! there are read with it.

use underpin_core::{
    dialect::Dialect,
    name::quote,
    schema::{Body, Definition, Object, ObjectId, ObjectKind, Options},
};

use super::catalog::{Catalog, grants, privileges};
use crate::database::DatabaseError;

/// Reads `pg_default_acl`. Without a namespace, the list stands in place of the server's own defaults;
/// with one, it is added to them.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let sql = format!(
        "SELECT pg_catalog.pg_get_userbyid(d.defaclrole), n.nspname, d.defaclobjtype, {} \
         FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace \
         WHERE n.oid IS NULL OR {} ORDER BY 1, 2, 3",
        privileges("d.defaclacl", "d.defaclrole"),
        catalog.in_scope(),
    );
    for row in catalog.fetch(&sql).await? {
        let kind = match row.text(2) {
            "r" => "TABLES",
            "S" => "SEQUENCES",
            "f" => "FUNCTIONS",
            "T" => "TYPES",
            "n" => "SCHEMAS",
            other => {
                catalog.unsupported("default privileges", other);
                continue;
            }
        };
        let namespace = row.optional(1);
        let place = namespace.map(|name| format!(" IN SCHEMA {}", quote(Dialect::Postgres, name)));
        let create = format!(
            "ALTER DEFAULT PRIVILEGES FOR ROLE {}{}",
            quote(Dialect::Postgres, row.text(0)),
            place.unwrap_or_default()
        );
        let id = ObjectId::new(ObjectKind::DefaultPrivilege, namespace, row.text(0)).with_arguments(kind);
        let options = Options::from([("on".to_owned(), kind.to_owned())]);
        let mut object = Object::new(id.clone(), Body::Definition(Definition { create, options }));
        object.grants = grants(&row, 3, &[]);
        catalog.schema.insert(object);
        if let Some(namespace) = namespace {
            catalog.schema.depends(id, ObjectId::new(ObjectKind::Namespace, None, namespace));
        }
    }
    Ok(())
}
