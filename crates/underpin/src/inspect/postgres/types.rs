//! Types that users make: enumerated ones, domains, composite ones, ranges. Not the row types of tables.

use underpin_core::{
    dialect::Dialect,
    name::quote_in,
    schema::{
        Attribute, Body, Composite, Definition, Domain, EnumType, Object, ObjectId, ObjectKind, Options,
    },
};

use super::catalog::{Catalog, comment, filled, grants, number, privileges, text, texts};
use crate::database::{DatabaseError, Row};

/// Everybody may use a type unless that was taken away (the manual's section 5.8, "Privileges").
const USUAL: [&str; 1] = ["USAGE"];

/// Reads `pg_type`, `pg_enum`, `pg_range` and the attributes of composite types.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let multirange = catalog.since(14, "r.rngmultitypid", "0");
    let sql = format!(
        "SELECT t.oid, t.typarray, n.nspname, t.typname, t.typtype, \
         {}, {}, \
         (SELECT json_agg(l.enumlabel ORDER BY l.enumsortorder) FROM pg_catalog.pg_enum l WHERE l.enumtypid = t.oid), \
         CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END, t.typnotnull, \
         pg_catalog.pg_get_expr(t.typdefaultbin, 0), \
         CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation \
         THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END, \
         t.typrelid, {RANGE}, {multirange}, {ATTRIBUTES}, \
         (SELECT mn.nspname FROM pg_catalog.pg_type m JOIN pg_catalog.pg_namespace mn ON mn.oid = m.typnamespace \
          WHERE m.oid = {multirange}), \
         (SELECT m.typname FROM pg_catalog.pg_type m WHERE m.oid = {multirange}) \
         FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
         LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype \
         LEFT JOIN pg_catalog.pg_collation co ON co.oid = t.typcollation \
         LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace \
         LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid \
         LEFT JOIN pg_catalog.pg_class k ON k.oid = t.typrelid \
         WHERE {} AND {} AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND k.relkind = 'c' \
         OR t.typtype = 'b' AND t.typelem = 0) \
         ORDER BY n.nspname, t.typname",
        comment("pg_type", "t.oid"),
        privileges("t.typacl", "t.typowner"),
        catalog.in_scope(),
        Catalog::not_of_extension("pg_type", "t.oid"),
    );
    for row in catalog.fetch(&sql).await? {
        match kind(row.text(4)) {
            Some(kind) => add(catalog, kind, &row),
            None => {
                let name = format!("{}.{}", row.text(2), row.text(3));
                catalog.unsupported("base type", &name);
            }
        }
    }
    Ok(())
}

/// What `CREATE TYPE … AS RANGE` needs, but for what follows from the subtype.
const RANGE: &str = "CASE WHEN r.rngtypid IS NOT NULL THEN (SELECT json_build_array(\
    pg_catalog.format_type(r.rngsubtype, NULL), \
    CASE WHEN NOT oc.opcdefault THEN pg_catalog.quote_ident(ocn.nspname) || '.' || pg_catalog.quote_ident(oc.opcname) END, \
    CASE WHEN r.rngcollation <> st.typcollation THEN r.rngcollation::regcollation::text END, \
    NULLIF(r.rngcanonical::oid, 0)::regproc::text, NULLIF(r.rngsubdiff::oid, 0)::regproc::text) \
    FROM pg_catalog.pg_opclass oc JOIN pg_catalog.pg_namespace ocn ON ocn.oid = oc.opcnamespace, pg_catalog.pg_type st \
    WHERE oc.oid = r.rngsubopc AND st.oid = r.rngsubtype) END";

/// Names, types, collations and comments of a composite type's attributes.
const ATTRIBUTES: &str = "CASE WHEN t.typtype = 'c' THEN (SELECT json_agg(json_build_array(a.attname, \
    pg_catalog.format_type(a.atttypid, a.atttypmod), \
    CASE WHEN a.attcollation <> at.typcollation THEN a.attcollation::regcollation::text END, \
    pg_catalog.col_description(a.attrelid, a.attnum), a.attnum) ORDER BY a.attnum) \
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type at ON at.oid = a.atttypid \
    WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END";

fn kind(letter: &str) -> Option<ObjectKind> {
    match letter {
        "e" => Some(ObjectKind::Enum),
        "d" => Some(ObjectKind::Domain),
        "c" => Some(ObjectKind::Composite),
        "r" => Some(ObjectKind::Range),
        _ => None,
    }
}

fn add(catalog: &mut Catalog<'_>, kind: ObjectKind, row: &Row) {
    let id = catalog.id(kind, row.text(2), row.text(3));
    let body = match kind {
        ObjectKind::Enum => Body::Enum(EnumType { values: texts(row, 7) }),
        ObjectKind::Domain => Body::Domain(domain(row)),
        ObjectKind::Composite => Body::Composite(composite(catalog, row)),
        _ => Body::Definition(range(catalog, &id, row)),
    };
    let array = number(row, 1);
    let multirange = number(row, 14);
    let relation = number(row, 12);
    if array != 0 {
        catalog.know("pg_type", array, id.clone());
    }
    if multirange != 0 {
        catalog.know("pg_type", multirange, id.clone());
    }
    if relation != 0 {
        catalog.know("pg_class", relation, id.clone());
    }
    let mut object = Object::new(id, body).with_comment(text(row, 5));
    object.grants = grants(row, 6, &USUAL);
    catalog.insert("pg_type", number(row, 0), object);
}

fn domain(row: &Row) -> Domain {
    Domain {
        data_type: row.text(8).to_owned(),
        collation: filled(row, 11),
        default: text(row, 10),
        nullable: !row.truth(9),
        constraints: Vec::new(),
    }
}

fn composite(catalog: &mut Catalog<'_>, row: &Row) -> Composite {
    type Entry = (String, String, Option<String>, Option<String>, i64);
    let entries: Vec<Entry> =
        row.optional(15).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    let relation = number(row, 12);
    for (name, .., place) in &entries {
        catalog.columns.insert((relation, *place), name.clone());
    }
    let attributes = entries.into_iter().map(|(name, data_type, collation, comment, _)| Attribute {
        name,
        data_type,
        collation,
        comment,
    });
    Composite { attributes: attributes.collect() }
}

fn range(catalog: &Catalog<'_>, id: &ObjectId, row: &Row) -> Definition {
    let parts: Vec<Option<String>> =
        row.optional(13).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    let names = ["subtype", "subtype_opclass", "collation", "canonical", "subtype_diff"];
    let subtype = parts.first().cloned().flatten();
    let mut given: Vec<String> = names
        .into_iter()
        .zip(parts)
        .filter_map(|(name, value)| value.map(|value| format!("{name} = {value}")))
        .collect();
    // The functions that have the type's name are told apart by it.
    let mut options: Options = subtype.map(|subtype| ("subtype".to_owned(), subtype)).into_iter().collect();
    if let Some(name) = row.optional(17) {
        let namespace = catalog.namespace(row.text(16));
        let qualified = quote_in(Dialect::Postgres, namespace.as_deref(), name);
        given.push(format!("multirange_type_name = {qualified}"));
        options.insert("multirange".to_owned(), name.to_owned());
    }
    let name = quote_in(Dialect::Postgres, id.schema.as_deref(), &id.name);
    Definition { create: format!("CREATE TYPE {name} AS RANGE ({})", given.join(", ")), options }
}
