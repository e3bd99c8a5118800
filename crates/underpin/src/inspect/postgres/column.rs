//! Columns of tables and views, with their defaults, identities and privileges. Not their constraints.

use underpin_core::schema::{Column, Generated, Identity, ObjectId, ObjectKind, Options};

use super::{
    catalog::{Catalog, add_options, filled, grants, number, privileges, text, texts},
    sequence::{self, SEQUENCE_OPTIONS},
};
use crate::database::{DatabaseError, Row};

/// Reads `pg_attribute` with `pg_attrdef` and the sequences of identities.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let compression = catalog.since(14, "a.attcompression", "''");
    let sql = format!(
        "SELECT a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, \
         a.attidentity, a.attgenerated, d.oid, pg_catalog.pg_get_expr(d.adbin, d.adrelid), \
         CASE WHEN a.attcollation <> t.typcollation \
         THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END, \
         CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, {compression}, a.attstattarget, \
         a.attislocal, a.attinhcount, ds.description, {}, array_to_json(a.attoptions), \
         sn.nspname, sc.relname, {SEQUENCE_OPTIONS} \
         FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
         LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation \
         LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace \
         LEFT JOIN pg_catalog.pg_description ds ON ds.classoid = 'pg_catalog.pg_class'::regclass \
         AND ds.objoid = a.attrelid AND ds.objsubid = a.attnum \
         LEFT JOIN pg_catalog.pg_depend sd ON a.attidentity <> '' AND sd.classid = 'pg_catalog.pg_class'::regclass \
         AND sd.refclassid = 'pg_catalog.pg_class'::regclass AND sd.refobjid = a.attrelid \
         AND sd.refobjsubid = a.attnum AND sd.deptype = 'i' \
         LEFT JOIN pg_catalog.pg_sequence s ON s.seqrelid = sd.objid \
         LEFT JOIN pg_catalog.pg_class sc ON sc.oid = s.seqrelid \
         LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace \
         WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm') AND {} \
         ORDER BY a.attrelid, a.attnum",
        privileges("a.attacl", "c.relowner"),
        catalog.in_scope(),
    );
    for row in catalog.fetch(&sql).await? {
        add(catalog, &row);
    }
    Ok(())
}

fn add(catalog: &mut Catalog<'_>, row: &Row) {
    let (relation, name) = (number(row, 0), row.text(2).to_owned());
    catalog.columns.insert((relation, number(row, 1)), name.clone());
    let Some(owner) = catalog.known("pg_class", relation).cloned() else { return };
    let mut column = column(&owner, row);
    let is_partition = catalog.schema.table(&owner).is_some_and(|table| table.partition_of.is_some());
    if let Some(inherited) = column.options.get_mut("inherited").filter(|_| row.truth(13) && !is_partition) {
        // The child said it too, and keeps it when the parent goes (`attislocal`).
        "local".clone_into(inherited);
    }
    let id = owner.part(ObjectKind::Column, &name);
    if let Some(oid) = row.integer(7) {
        let kind = if column.default.is_some() { ObjectKind::Default } else { ObjectKind::Column };
        catalog.know("pg_attrdef", oid, owner.part(kind, &name));
    }
    if let Some(sequence) = row.optional(19) {
        let sequence = catalog.id(ObjectKind::Sequence, row.text(18), sequence);
        add_sequence_name(catalog, relation, &owner, column, &sequence);
    } else if let Some(table) = catalog.table(relation) {
        table.columns.push(column);
    } else if let Some(view) = catalog.view(relation) {
        view.columns.push(column);
    }
    if row.integer(14).unwrap_or(0) > 0 {
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

fn column(owner: &ObjectId, row: &Row) -> Column {
    let expression = text(row, 8);
    let generated = match row.text(6) {
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
        identity: identity(row),
        collation: filled(row, 9),
        comment: text(row, 15),
        options: if is_table || owner.kind == ObjectKind::MaterializedView {
            options(row)
        } else {
            Options::new()
        },
        grants: grants(row, 16, &[]),
        ..Column::default()
    }
}

fn identity(row: &Row) -> Option<Identity> {
    let always = match row.text(5) {
        "a" => true,
        "d" => false,
        _ => return None,
    };
    Some(Identity { always, sequence: sequence::options(row, 20) })
}

fn options(row: &Row) -> Options {
    let mut options = Options::new();
    let storage = match row.text(10) {
        "p" => Some("PLAIN"),
        "e" => Some("EXTERNAL"),
        "x" => Some("EXTENDED"),
        "m" => Some("MAIN"),
        _ => None,
    };
    options.extend(storage.map(|storage| ("storage".to_owned(), storage.to_owned())));
    let compression = match row.text(11) {
        "p" => Some("pglz"),
        "l" => Some("lz4"),
        _ => None,
    };
    options.extend(compression.map(|method| ("compression".to_owned(), method.to_owned())));
    if let Some(target) = row.integer(12).filter(|target| *target >= 0) {
        options.insert("statistics".to_owned(), target.to_string());
    }
    add_options(&mut options, "with.", texts(row, 17));
    if row.integer(14).unwrap_or(0) > 0 {
        options.insert("inherited".to_owned(), String::new());
    }
    options
}
