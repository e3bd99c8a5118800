//! PostgreSQL: relations with their columns, constraints and indexes, types with their values,
//! functions, triggers, schemas and databases, from `pg_catalog`.

use underpin_core::{dialect::Dialect, sql};

use super::literals;
use crate::database::{DatabaseError, Row, Session};

pub(super) async fn rows(session: &mut dyn Session, names: &[String]) -> Result<Vec<Row>, DatabaseError> {
    // A concurrent build that was cut off leaves an invalid index, which is none yet; a concurrent
    // drop that was cut off leaves one as well, which is still there ("DROP INDEX" in the manual).
    let counts = if names.first().is_some_and(|word| word == "drop") { "true" } else { "i.indisvalid" };
    let names = literals(Dialect::Postgres, names);
    let sql = format!(
        "WITH named AS (SELECT c.oid, c.relname, c.relkind, c.relnamespace, c.reloptions, c.relispartition \
           FROM pg_catalog.pg_class c WHERE c.relname IN ({names})) \
         SELECT 'relation', n.oid::text, n.relkind::text, n.relnamespace::text, n.reloptions::text, n.relispartition::text FROM named n \
           WHERE n.relkind NOT IN ('i', 'I') \
         UNION ALL SELECT 'column', a.attrelid::text, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull::text, \
           pg_get_expr(d.adbin, d.adrelid) FROM named n JOIN pg_catalog.pg_attribute a ON a.attrelid = n.oid \
           LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
           WHERE n.relkind NOT IN ('i', 'I') AND a.attnum > 0 AND NOT a.attisdropped \
         UNION ALL SELECT 'constraint', k.conrelid::text, k.conname::text, pg_get_constraintdef(k.oid), k.convalidated::text, NULL \
           FROM named n JOIN pg_catalog.pg_constraint k ON k.conrelid = n.oid \
         UNION ALL SELECT 'index', i.indrelid::text, i.indexrelid::text, pg_get_indexdef(i.indexrelid), NULL, NULL \
           FROM pg_catalog.pg_index i WHERE {counts} AND (i.indrelid IN (SELECT oid FROM named) OR i.indexrelid IN (SELECT oid FROM named)) \
         UNION ALL SELECT 'view', v.oid::text, pg_get_viewdef(v.oid), NULL, NULL, NULL FROM named v WHERE v.relkind IN ('v', 'm') \
         UNION ALL SELECT 'trigger', t.tgrelid::text, pg_get_triggerdef(t.oid), t.tgenabled::text, NULL, NULL \
           FROM named n JOIN pg_catalog.pg_trigger t ON t.tgrelid = n.oid \
         UNION ALL SELECT 'partition', p.inhparent::text, p.inhrelid::text, NULL, NULL, NULL FROM pg_catalog.pg_inherits p \
           WHERE p.inhparent IN (SELECT oid FROM named) OR p.inhrelid IN (SELECT oid FROM named) \
         UNION ALL SELECT 'type', t.oid::text, t.typname::text, e.enumlabel::text, e.enumsortorder::text, NULL \
           FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid WHERE t.typname IN ({names}) \
         UNION ALL SELECT 'function', f.oid::text, f.prosrc, f.proargtypes::text, NULL, NULL FROM pg_catalog.pg_proc f WHERE f.proname IN ({names}) \
         UNION ALL SELECT 'schema', s.oid::text, s.nspname::text, NULL, NULL, NULL FROM pg_catalog.pg_namespace s WHERE s.nspname IN ({names}) \
         UNION ALL SELECT 'extension', x.oid::text, x.extversion, NULL, NULL, NULL FROM pg_catalog.pg_extension x WHERE x.extname IN ({names}) \
         UNION ALL SELECT 'publication', u.oid::text, u.pubname::text, NULL, NULL, NULL FROM pg_catalog.pg_publication u WHERE u.pubname IN ({names}) \
         UNION ALL SELECT 'database', b.oid::text, b.datname::text, NULL, NULL, NULL FROM pg_catalog.pg_database b WHERE b.datname IN ({names}) \
         ORDER BY 1, 2, 3, 4, 5, 6"
    );
    session.fetch(&sql).await
}

/// A concurrent build that failed or was killed leaves its index behind, invalid; the same build
/// can't begin again, or, with IF NOT EXISTS, believes it is done ("Building Indexes Concurrently"
/// in the manual).
pub(super) async fn drop_invalid_indexes(
    session: &mut dyn Session,
    statement: &str,
) -> Result<(), DatabaseError> {
    let names = sql::object_names(Dialect::Postgres, statement);
    let has = |word: &str| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    if !(has("create") && has("index") && has("concurrently")) {
        return Ok(());
    }
    let names = literals(Dialect::Postgres, &names);
    let sql = format!(
        "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_catalog.pg_index i \
         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class t ON t.oid = i.indrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE NOT i.indisvalid AND c.relname IN ({names}) AND t.relname IN ({names})"
    );
    for row in session.fetch(&sql).await? {
        let drop = format!("DROP INDEX CONCURRENTLY {}", row.text(0));
        session.execute(&drop).await.map_err(|failure| failure.error)?;
    }
    Ok(())
}
