//! Publications: what is sent to other servers. Not subscriptions, whose connections hold passwords.

use underpin_core::{
    dialect::Dialect,
    name::quote,
    schema::{Body, Definition, Object, ObjectId, ObjectKind, Options},
};

use super::catalog::{Catalog, number, text, texts};
use crate::database::{DatabaseError, Row};

/// Reads `pg_publication` and what belongs to it.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let root = catalog.since(13, "p.pubviaroot", "false");
    let schemas = catalog.since(
        15,
        "(SELECT json_agg(pg_catalog.quote_ident(n.nspname) ORDER BY n.nspname) \
         FROM pg_catalog.pg_publication_namespace m JOIN pg_catalog.pg_namespace n ON n.oid = m.pnnspid \
         WHERE m.pnpubid = p.oid)",
        "NULL",
    );
    let columns = catalog.since(
        15,
        "|| COALESCE((SELECT ' (' || string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')' \
         FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)), '') \
         || COALESCE(' WHERE (' || pg_catalog.pg_get_expr(r.prqual, r.prrelid) || ')', '')",
        "",
    );
    let sql = format!(
        "SELECT p.oid, p.pubname, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, {root}, \
         (SELECT json_agg(r.prrelid::regclass::text {columns} ORDER BY r.prrelid::regclass::text) \
          FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid), {schemas}, \
         (SELECT json_agg(r.oid::text) FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid), \
         pg_catalog.obj_description(p.oid, 'pg_publication') FROM pg_catalog.pg_publication p ORDER BY p.pubname"
    );
    for row in catalog.fetch(&sql).await? {
        let id = ObjectId::new(ObjectKind::Publication, None, row.text(1));
        for member in texts(&row, 10) {
            if let Ok(oid) = member.parse() {
                catalog.know("pg_publication_rel", oid, id.clone());
            }
        }
        let definition = Definition { create: create(&row), options: Options::new() };
        let object = Object::new(id, Body::Definition(definition)).with_comment(text(&row, 11));
        catalog.insert("pg_publication", number(&row, 0), object);
    }
    Ok(())
}

/// `CREATE PUBLICATION`; the manual's page of that name has the options.
fn create(row: &Row) -> String {
    let mut what: Vec<String> = Vec::new();
    if row.truth(2) {
        what.push("ALL TABLES".to_owned());
    }
    what.extend(texts(row, 8).into_iter().map(|table| format!("TABLE {table}")));
    what.extend(texts(row, 9).into_iter().map(|schema| format!("TABLES IN SCHEMA {schema}")));
    let what = if what.is_empty() { String::new() } else { format!(" FOR {}", what.join(", ")) };
    let published: Vec<&str> = ["insert", "update", "delete", "truncate"]
        .into_iter()
        .zip(3..)
        .filter_map(|(name, index)| row.truth(index).then_some(name))
        .collect();
    let mut options = Vec::new();
    if published.len() < 4 {
        options.push(format!("publish = '{}'", published.join(", ")));
    }
    if row.truth(7) {
        options.push("publish_via_partition_root = true".to_owned());
    }
    let options = if options.is_empty() { String::new() } else { format!(" WITH ({})", options.join(", ")) };
    format!("CREATE PUBLICATION {}{what}{options}", quote(Dialect::Postgres, row.text(1)))
}
