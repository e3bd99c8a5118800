//! Sequences that stand by themselves or feed a column's default. Not those of identities.

use underpin_core::schema::{Body, Object, ObjectKind, Sequence, SequenceOptions};

use super::catalog::{Catalog, comment, grants, number, privileges, text};
use crate::database::{DatabaseError, Row};

/// Reads `pg_sequence`, with the columns that own the sequences.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let sql = format!(
        "SELECT c.oid, n.nspname, c.relname, c.relpersistence, {}, {}, {}, tn.nspname, t.relname, a.attname \
         FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid \
         AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') \
         LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid \
         LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace \
         LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
         WHERE {} AND {} AND d.deptype IS DISTINCT FROM 'i' ORDER BY n.nspname, c.relname",
        SEQUENCE_OPTIONS.join(", "),
        comment("pg_class", "c.oid"),
        privileges("c.relacl", "c.relowner"),
        catalog.in_scope(),
        Catalog::not_of_extension("pg_class", "c.oid"),
    );
    for row in catalog.fetch(&sql).await? {
        let id = catalog.id(ObjectKind::Sequence, row.text(1), row.text(2));
        let owner = row.optional(14).map(|table| {
            catalog.id(ObjectKind::Table, row.text(13), table).part(ObjectKind::Column, row.text(15))
        });
        let sequence =
            Sequence { options: options(&row, 4), owned_by: owner, logged: row.text(3) != "u", engine: None };
        let mut object = Object::new(id, Body::Sequence(sequence)).with_comment(text(&row, 11));
        object.grants = grants(&row, 12, &[]);
        catalog.insert("pg_class", number(&row, 0), object);
    }
    Ok(())
}

/// The columns that `options` reads; `s` is `pg_sequence`.
pub(super) const SEQUENCE_OPTIONS: [&str; 7] = [
    "pg_catalog.format_type(s.seqtypid, NULL)",
    "s.seqstart",
    "s.seqincrement",
    "s.seqmin",
    "s.seqmax",
    "s.seqcache",
    "s.seqcycle",
];

/// What a sequence counts and how, from seven columns.
pub(super) fn options(row: &Row, first: usize) -> SequenceOptions {
    let text = |index: usize| row.text(first + index).to_owned();
    SequenceOptions {
        data_type: text(0),
        start: text(1),
        increment: text(2),
        minimum: text(3),
        maximum: text(4),
        cache: text(5),
        cycle: row.truth(first + 6),
    }
}
