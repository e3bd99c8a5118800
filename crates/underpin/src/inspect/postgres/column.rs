//! Columns of tables and views, with their defaults, identities and privileges. Not their constraints.

use underpin_core::schema::{Column, Generated, Identity, ObjectId, ObjectKind, Options};

use super::{
    catalog::{Catalog, add_options, filled, grants, number, packed, privileges, text, texts, unpacked},
    sequence::{self, SEQUENCE_OPTIONS},
};
use crate::database::{DatabaseError, Row};

/// Reads `pg_attribute` with `pg_attrdef` and the sequences of identities.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let compression = catalog.since(14, "a.attcompression", "''");
    let sql = format!(
        "SELECT a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, \
         a.attgenerated, d.oid, pg_catalog.pg_get_expr(d.adbin, d.adrelid), ds.description, \
         CASE WHEN a.attidentity <> '' OR a.attcollation <> t.typcollation OR a.attstorage <> t.typstorage \
         OR {compression} <> '' OR a.attstattarget >= 0 OR a.attinhcount > 0 OR a.attacl IS NOT NULL \
         OR a.attoptions IS NOT NULL THEN {} END \
         FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
         LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         LEFT JOIN pg_catalog.pg_description ds ON ds.classoid = 'pg_catalog.pg_class'::regclass \
         AND ds.objoid = a.attrelid AND ds.objsubid = a.attnum \
         WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm') AND {}",
        unusual(compression),
        catalog.in_scope(),
    );
    let mut rows = catalog.fetch(&sql).await?;
    rows.sort_by_cached_key(|row| (number(row, 0), number(row, 1)));
    for row in &rows {
        add(catalog, row);
    }
    Ok(())
}

/// The SQL that tells what few columns have.
fn unusual(compression: &str) -> String {
    let collation = "CASE WHEN a.attcollation <> t.typcollation THEN (SELECT \
         pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) \
         FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace \
         WHERE co.oid = a.attcollation) END";
    let sequence = format!(
        "CASE WHEN a.attidentity <> '' THEN (SELECT {} FROM pg_catalog.pg_depend sd \
         JOIN pg_catalog.pg_sequence s ON s.seqrelid = sd.objid JOIN pg_catalog.pg_class sc ON sc.oid = s.seqrelid \
         JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace \
         WHERE sd.classid = 'pg_catalog.pg_class'::regclass AND sd.refclassid = 'pg_catalog.pg_class'::regclass \
         AND sd.refobjid = a.attrelid AND sd.refobjsubid = a.attnum AND sd.deptype = 'i') END",
        packed(&[SEQUENCE_OPTIONS.as_slice(), &["sn.nspname", "sc.relname"]].concat()),
    );
    packed(&[
        "a.attidentity",
        collation,
        "CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END",
        compression,
        "a.attstattarget",
        "a.attislocal",
        "a.attinhcount",
        &privileges("a.attacl", "c.relowner"),
        "array_to_json(a.attoptions)",
        &sequence,
    ])
}

fn add(catalog: &mut Catalog<'_>, row: &Row) {
    let (relation, name) = (number(row, 0), row.text(2).to_owned());
    catalog.columns.insert((relation, number(row, 1)), name.clone());
    let Some(owner) = catalog.known("pg_class", relation).cloned() else { return };
    let unusual = unpacked(row, 9);
    let mut column = column(&owner, row, &unusual);
    let is_partition = catalog.schema.table(&owner).is_some_and(|table| table.partition_of.is_some());
    if let Some(inherited) = column.options.get_mut("inherited").filter(|_| unusual.truth(5) && !is_partition)
    {
        // The child said it too, and keeps it when the parent goes (`attislocal`).
        "local".clone_into(inherited);
    }
    let id = owner.part(ObjectKind::Column, &name);
    if let Some(oid) = row.integer(6) {
        let kind = if column.default.is_some() { ObjectKind::Default } else { ObjectKind::Column };
        catalog.know("pg_attrdef", oid, owner.part(kind, &name));
    }
    let sequence = unpacked(&unusual, 9);
    if let Some(name) = sequence.optional(8) {
        let sequence = catalog.id(ObjectKind::Sequence, sequence.text(7), name);
        add_sequence_name(catalog, relation, &owner, column, &sequence);
    } else if let Some(table) = catalog.table(relation) {
        table.columns.push(column);
    } else if let Some(view) = catalog.view(relation) {
        view.columns.push(column);
    }
    if number(&unusual, 6) > 0 {
        for parent in catalog.parents.get(&owner).cloned().unwrap_or_default() {
            catalog.schema.depends(id.clone(), parent.part(ObjectKind::Column, &name));
        }
    }
}

/// Keeps the name of an identity's sequence, where it is not the one that the server would choose.
fn add_sequence_name(
    catalog: &mut Catalog<'_>,
    relation: i64,
    owner: &ObjectId,
    mut column: Column,
    sequence: &ObjectId,
) {
    let usual = underpin_core::name::chosen(&owner.name, &column.name, "seq");
    if sequence.schema != owner.schema || sequence.name != usual {
        let name = underpin_core::name::quote_in(
            underpin_core::dialect::Dialect::Postgres,
            sequence.schema.as_deref(),
            &sequence.name,
        );
        column.options.insert("sequence_name".to_owned(), name);
    }
    if let Some(table) = catalog.table(relation) {
        table.columns.push(column);
    }
}

fn column(owner: &ObjectId, row: &Row, unusual: &Row) -> Column {
    let expression = text(row, 7);
    let generated = match row.text(5) {
        "s" => Some(true),
        "v" => Some(false),
        _ => None,
    };
    let generated = generated.zip(expression.clone());
    let is_table = owner.kind == ObjectKind::Table;
    Column {
        name: row.text(2).to_owned(),
        data_type: row.text(3).to_owned(),
        nullable: !(is_table && row.truth(4)),
        default: expression.filter(|_| generated.is_none()),
        generated: generated.map(|(stored, expression)| Generated { expression, stored }),
        identity: identity(unusual),
        collation: filled(unusual, 1),
        comment: text(row, 8),
        options: if is_table || owner.kind == ObjectKind::MaterializedView {
            options(unusual)
        } else {
            Options::new()
        },
        grants: grants(unusual, 7, &[]),
        ..Column::default()
    }
}

fn identity(unusual: &Row) -> Option<Identity> {
    let always = match unusual.text(0) {
        "a" => true,
        "d" => false,
        _ => return None,
    };
    Some(Identity { always, sequence: sequence::options(&unpacked(unusual, 9), 0) })
}

fn options(unusual: &Row) -> Options {
    let mut options = Options::new();
    let storage = match unusual.text(2) {
        "p" => Some("PLAIN"),
        "e" => Some("EXTERNAL"),
        "x" => Some("EXTENDED"),
        "m" => Some("MAIN"),
        _ => None,
    };
    options.extend(storage.map(|storage| ("storage".to_owned(), storage.to_owned())));
    let compression = match unusual.text(3) {
        "p" => Some("pglz"),
        "l" => Some("lz4"),
        _ => None,
    };
    options.extend(compression.map(|method| ("compression".to_owned(), method.to_owned())));
    if let Some(target) = unusual.integer(4).filter(|target| *target >= 0) {
        options.insert("statistics".to_owned(), target.to_string());
    }
    add_options(&mut options, "with.", texts(unusual, 8));
    if number(unusual, 6) > 0 {
        options.insert("inherited".to_owned(), String::new());
    }
    options
}
