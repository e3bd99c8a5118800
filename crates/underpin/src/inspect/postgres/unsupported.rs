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
            "SELECT 'privilege on the language', l.lanname::text FROM pg_catalog.pg_language l WHERE l.lanacl IS NOT NULL",
            "SELECT 'security label', 'of ' || s.provider || ' on ' || s.objtype || ' ' || s.objname \
             FROM pg_catalog.pg_seclabels s WHERE s.objtype NOT IN ('database', 'role', 'tablespace', 'large object')",
        ]
        .map(str::to_owned),
    );
    queries.extend(of_partitions(catalog));
    queries.extend(of_the_servers_own(catalog));
    queries.extend(of_owners(catalog));
    queries.push(shells(catalog));
    let sql = format!("{} ORDER BY 1, 2", queries.join(" UNION ALL "));
    for row in catalog.fetch(&sql).await? {
        catalog.unsupported(row.text(0), row.text(1));
    }
    Ok(())
}

/// What a partition has otherwise than its parent, of what it has from there: the comment on an index, and
/// that it is clustered by one.
fn of_partitions(catalog: &Catalog<'_>) -> [String; 2] {
    let scope = catalog.in_scope();
    [
        format!(
            "SELECT 'comment on the inherited index', n.nspname || '.' || c.relname \
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid \
             JOIN pg_catalog.pg_description d ON d.objoid = c.oid \
             AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0 \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('i', 'I') AND {scope} \
             AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid \
             AND k.contype IN ('p', 'u', 'x'))"
        ),
        format!(
            "SELECT 'inherited index that a partition is clustered by', n.nspname || '.' || c.relname \
             FROM pg_catalog.pg_index i JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.indexrelid \
             JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE i.indisclustered AND {scope}"
        ),
    ]
}

/// What is said of the triggers that keep foreign keys, and of the sequences of identities.
fn of_the_servers_own(catalog: &Catalog<'_>) -> [String; 3] {
    let scope = catalog.in_scope();
    let identities = format!(
        "FROM pg_catalog.pg_class x JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace \
         JOIN pg_catalog.pg_depend i ON i.classid = 'pg_catalog.pg_class'::regclass AND i.objid = x.oid \
         AND i.refclassid = 'pg_catalog.pg_class'::regclass AND i.deptype = 'i' WHERE x.relkind = 'S' AND {scope}"
    );
    [
        format!(
            "SELECT DISTINCT 'state of the foreign key triggers', 'of ' || n.nspname || '.' || c.relname \
             FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             JOIN pg_catalog.pg_constraint k ON k.oid = t.tgconstraint AND k.contype = 'f' \
             WHERE t.tgisinternal AND t.tgenabled <> 'O' AND {scope}"
        ),
        format!(
            "SELECT 'comment on the sequence of an identity', n.nspname || '.' || x.relname {identities} \
             AND pg_catalog.obj_description(x.oid, 'pg_class') IS NOT NULL"
        ),
        format!(
            "SELECT 'privilege on the sequence of an identity', n.nspname || '.' || x.relname {identities} \
             AND EXISTS (SELECT FROM pg_catalog.aclexplode(x.relacl) a WHERE a.grantee <> x.relowner)"
        ),
    ]
}

/// Types that are only announced (`CREATE TYPE name`).
fn shells(catalog: &Catalog<'_>) -> String {
    format!(
        "SELECT 'shell type', n.nspname || '.' || x.typname FROM pg_catalog.pg_type x \
         JOIN pg_catalog.pg_namespace n ON n.oid = x.typnamespace \
         WHERE x.typtype = 'p' AND NOT x.typisdefined AND {} AND {}",
        catalog.in_scope(),
        Catalog::not_of_extension("pg_type", "x.oid"),
    )
}

/// What an owner took from itself: only what others may is compared.
fn of_owners(catalog: &Catalog<'_>) -> [String; 4] {
    let relation = "CASE x.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\"";
    let relations = "x.relkind IN ('r', 'p', 'v', 'm', 'S')";
    [
        ("pg_class", "rel", relation, "n.nspname || '.' || x.relname", "relnamespace", relations),
        ("pg_proc", "pro", "'f'", "x.oid::regprocedure::text", "pronamespace", "true"),
        ("pg_type", "typ", "'T'", "n.nspname || '.' || x.typname", "typnamespace", "x.typtype <> 'p'"),
        ("pg_namespace", "nsp", "'n'", "'schema ' || n.nspname", "oid", "true"),
    ]
    .map(|(table, prefix, kind, name, namespace, which)| {
        format!(
            "SELECT 'privilege that the owner gave up', 'on ' || {name} \
             FROM pg_catalog.{table} x JOIN pg_catalog.pg_namespace n ON n.oid = x.{namespace} \
             WHERE x.{prefix}acl IS NOT NULL AND {which} AND {} AND {} AND EXISTS (\
             SELECT a.privilege_type FROM pg_catalog.aclexplode(pg_catalog.acldefault({kind}, x.{prefix}owner)) a \
             WHERE a.grantee = x.{prefix}owner \
             EXCEPT SELECT a.privilege_type FROM pg_catalog.aclexplode(x.{prefix}acl) a \
             WHERE a.grantee = x.{prefix}owner)",
            catalog.in_scope(),
            Catalog::not_of_extension(table, "x.oid"),
        )
    })
}
