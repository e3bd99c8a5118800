//! What a database can hold and the vocabulary has no word for, by name. Nothing else is read of it.

use super::catalog::Catalog;
use crate::database::DatabaseError;

/// Reads the names of what can't be compared.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let in_namespaces = [
        ("text search configuration", "pg_ts_config", "cfgname", "cfgnamespace"),
        ("text search dictionary", "pg_ts_dict", "dictname", "dictnamespace"),
        ("text search parser", "pg_ts_parser", "prsname", "prsnamespace"),
        ("text search template", "pg_ts_template", "tmplname", "tmplnamespace"),
        ("operator class", "pg_opclass", "opcname", "opcnamespace"),
        ("operator family", "pg_opfamily", "opfname", "opfnamespace"),
        ("conversion", "pg_conversion", "conname", "connamespace"),
    ];
    let alone = [
        ("foreign-data wrapper", "pg_foreign_data_wrapper", "fdwname"),
        ("foreign server", "pg_foreign_server", "srvname"),
        ("language", "pg_language", "lanname"),
        ("access method", "pg_am", "amname"),
    ];
    let scope = catalog.in_scope();
    let mut queries: Vec<String> = in_namespaces
        .iter()
        .map(|(kind, table, name, namespace)| {
            format!(
                "SELECT '{kind}', n.nspname || '.' || x.{name} FROM pg_catalog.{table} x \
                 JOIN pg_catalog.pg_namespace n ON n.oid = x.{namespace} WHERE {scope} AND {}",
                Catalog::not_of_extension(table, "x.oid")
            )
        })
        .collect();
    queries.extend(alone.iter().map(|(kind, table, name)| {
        format!(
            "SELECT '{kind}', x.{name}::text FROM pg_catalog.{table} x WHERE x.oid >= 16384 AND {}",
            Catalog::not_of_extension(table, "x.oid")
        )
    }));
    queries.extend(
        [
            "SELECT 'subscription', s.subname::text FROM pg_catalog.pg_subscription s \
             JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()",
            "SELECT 'user mapping', 'for ' || m.usename || ' at ' || m.srvname FROM pg_catalog.pg_user_mappings m",
            "SELECT 'transform', 'for ' || pg_catalog.format_type(t.trftype, NULL) || ' in ' || l.lanname \
             FROM pg_catalog.pg_transform t JOIN pg_catalog.pg_language l ON l.oid = t.trflang \
             WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend e \
             WHERE e.classid = 'pg_catalog.pg_transform'::regclass AND e.objid = t.oid AND e.deptype = 'e')",
            "SELECT 'security label', 'of ' || s.provider || ' on ' || s.objtype || ' ' || s.objname \
             FROM pg_catalog.pg_seclabels s WHERE s.objtype NOT IN ('database', 'role', 'tablespace', 'large object')",
        ]
        .map(str::to_owned),
    );
    let sql = format!("{} ORDER BY 1, 2", queries.join(" UNION ALL "));
    for row in catalog.fetch(&sql).await? {
        catalog.unsupported(row.text(0), row.text(1));
    }
    Ok(())
}
