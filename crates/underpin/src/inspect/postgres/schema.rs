//! Namespaces, extensions and collations: what other objects live in or are made of. Not the objects.

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote, quote_in},
    schema::{Body, Definition, Object, ObjectId, ObjectKind, Options},
};

use super::catalog::{Catalog, filled, grants, number, privileges, text};
use crate::database::{DatabaseError, Row};

/// Reads `pg_namespace`, `pg_extension` and `pg_collation`.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    namespaces(catalog).await?;
    extensions(catalog).await?;
    collations(catalog).await
}

async fn namespaces(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let sql = format!(
        "SELECT n.oid, n.nspname, pg_catalog.obj_description(n.oid, 'pg_namespace'), {} \
         FROM pg_catalog.pg_namespace n WHERE {} AND {} ORDER BY n.nspname",
        privileges("n.nspacl", "n.nspowner"),
        catalog.in_scope(),
        Catalog::not_of_extension("pg_namespace", "n.oid"),
    );
    for row in catalog.fetch(&sql).await? {
        let id = ObjectId::new(ObjectKind::Namespace, None, row.text(1));
        let mut object = Object::new(id, Body::Namespace).with_comment(text(&row, 2));
        object.grants = grants(&row, 3, &[]);
        catalog.insert("pg_namespace", number(&row, 0), object);
    }
    Ok(())
}

/// The comment of an extension, where it is not the one that its own files give it: an empty one where it has none
/// though they do.
fn extension_comment(said: Option<String>, usual: Option<&str>) -> Option<String> {
    if said.as_deref() == usual { None } else { Some(said.unwrap_or_default()) }
}

async fn extensions(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let sql = "SELECT e.oid, e.extname, n.nspname, e.extversion, \
               pg_catalog.obj_description(e.oid, 'pg_extension'), \
               (SELECT v.comment FROM pg_catalog.pg_available_extension_versions v \
                WHERE v.name = e.extname AND v.version = e.extversion) \
               FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace \
               WHERE e.extname <> 'plpgsql' ORDER BY e.extname";
    for row in catalog.fetch(sql).await? {
        let name = quote(Dialect::Postgres, row.text(1));
        let create = format!(
            "CREATE EXTENSION {name} WITH SCHEMA {} VERSION {}",
            quote(Dialect::Postgres, row.text(2)),
            literal(Dialect::Postgres, row.text(3)),
        );
        let options = Options::from([
            ("schema".to_owned(), row.text(2).to_owned()),
            ("version".to_owned(), row.text(3).to_owned()),
        ]);
        let id = ObjectId::new(ObjectKind::Extension, None, row.text(1));
        let comment = extension_comment(text(&row, 4), row.optional(5));
        let object = Object::new(id.clone(), Body::Definition(Definition { create, options }));
        catalog.insert("pg_extension", number(&row, 0), object.with_comment(comment));
        let namespace = ObjectId::new(ObjectKind::Namespace, None, row.text(2));
        if catalog.schema.objects.contains_key(&namespace) {
            catalog.schema.depends(id, namespace);
        }
    }
    Ok(())
}

async fn collations(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let locale = match catalog.major() {
        17.. => "c.colllocale",
        15 | 16 => "c.colliculocale",
        _ => "NULL",
    };
    let rules = catalog.since(16, "c.collicurules", "NULL");
    let sql = format!(
        "SELECT c.oid, n.nspname, c.collname, c.collprovider, c.collcollate, c.collctype, \
         c.collisdeterministic, {locale}, {rules}, pg_catalog.obj_description(c.oid, 'pg_collation') \
         FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace \
         WHERE {} AND {} ORDER BY 2, 3",
        catalog.in_scope(),
        Catalog::not_of_extension("pg_collation", "c.oid"),
    );
    for row in catalog.fetch(&sql).await? {
        let id = catalog.id(ObjectKind::Collation, row.text(1), row.text(2));
        let create = collation(&id, &row);
        let definition = Definition { create, options: Options::new() };
        let object = Object::new(id, Body::Definition(definition)).with_comment(text(&row, 9));
        catalog.insert("pg_collation", number(&row, 0), object);
    }
    Ok(())
}

/// `CREATE COLLATION`; the manual's page of that name has the options.
fn collation(id: &ObjectId, row: &Row) -> String {
    let provider = match row.text(3) {
        "i" => "icu",
        "b" => "builtin",
        _ => "libc",
    };
    let mut options = vec![format!("provider = {provider}")];
    let value = |text: String| literal(Dialect::Postgres, &text);
    match (filled(row, 7), filled(row, 4), filled(row, 5)) {
        (Some(locale), _, _) => options.push(format!("locale = {}", value(locale))),
        (None, Some(collate), Some(ctype)) if collate == ctype => {
            options.push(format!("locale = {}", value(collate)));
        }
        (None, collate, ctype) => {
            options.extend(collate.map(|collate| format!("lc_collate = {}", value(collate))));
            options.extend(ctype.map(|ctype| format!("lc_ctype = {}", value(ctype))));
        }
    }
    options.extend(filled(row, 8).map(|rules| format!("rules = {}", value(rules))));
    if !row.truth(6) {
        options.push("deterministic = false".to_owned());
    }
    let name = quote_in(Dialect::Postgres, id.schema.as_deref(), &id.name);
    format!("CREATE COLLATION {name} ({})", options.join(", "))
}
