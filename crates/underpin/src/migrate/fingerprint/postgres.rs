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
    let Some(names) = names_after(statement, &["create", "index", "concurrently"]) else { return Ok(()) };
    // An index without a name is called after its table and its columns, and once more with a number.
    let nameless = format!(
        "c.relname ~ '_idx[0-9]*$' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a \
         WHERE a.attrelid = t.oid AND a.attnum = ANY (i.indkey::int2[]) AND a.attname NOT IN ({names}))"
    );
    let named = match has_name(statement) {
        true => format!("c.relname IN ({names})"),
        false => nameless,
    };
    let idle = unless_building(session.server().major());
    let sql = format!(
        "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_catalog.pg_index i \
         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class t ON t.oid = i.indrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE NOT i.indisvalid AND c.relkind = 'i' AND t.relname IN ({names}) AND {named} AND {idle}"
    );
    drop_each(session, &sql).await
}

/// A condition on the table `t`: nobody is building an index of it right now, which is invalid until it is done.
/// Whoever does keeps a lock on the table that everybody may see, unlike the progress of others ("Explicit
/// Locking" and "Viewing Statistics" in the manual); a VACUUM and an ANALYZE keep the same one.
fn unless_building(major: u32) -> String {
    // Told since 13.
    let analyzing = if major >= 13 {
        " AND k.pid NOT IN (SELECT a.pid FROM pg_catalog.pg_stat_progress_analyze a)"
    } else {
        ""
    };
    format!(
        "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_locks k WHERE k.locktype = 'relation' AND k.relation = t.oid \
         AND k.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database()) \
         AND k.mode = 'ShareUpdateExclusiveLock' AND k.granted AND k.pid <> pg_catalog.pg_backend_pid() \
         AND k.pid NOT IN (SELECT v.pid FROM pg_catalog.pg_stat_progress_vacuum v){analyzing})"
    )
}

/// Whether CREATE INDEX CONCURRENTLY says how the index is to be called.
fn has_name(statement: &str) -> bool {
    let mut words = statement.split_whitespace();
    let after = words.find(|word| word.eq_ignore_ascii_case("concurrently")).and_then(|_| words.next());
    !after.is_some_and(|word| word.eq_ignore_ascii_case("on"))
}

/// A concurrent rebuild that was cut off leaves an index behind, invalid: the new one, which the next
/// rebuild does not use, or the old one, whose rebuild is done; either is to be dropped ("Rebuilding
/// Indexes Concurrently" in the manual, which also names the suffixes).
pub(super) async fn drop_rebuilt_indexes(
    session: &mut dyn Session,
    statement: &str,
) -> Result<(), DatabaseError> {
    let Some(names) = names_after(statement, &["reindex", "concurrently"]) else { return Ok(()) };
    let sql = format!(
        "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_catalog.pg_index i \
         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class t ON t.oid = i.indrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND n.nspname <> 'pg_toast' \
         AND (t.relname IN ({names}) OR n.nspname IN ({names}) OR i.indrelid IN \
         (SELECT o.indrelid FROM pg_catalog.pg_index o JOIN pg_catalog.pg_class oc ON oc.oid = o.indexrelid WHERE oc.relname IN ({names})))"
    );
    drop_each(session, &sql).await
}

/// A concurrent detachment is two transactions. One that was cut off between them can't be begun again,
/// only finished ("ALTER TABLE" in the manual, FINALIZE).
pub(super) async fn pending_detach(
    session: &mut dyn Session,
    statement: &str,
) -> Result<Option<String>, DatabaseError> {
    let Some(names) = names_after(statement, &["alter", "detach", "concurrently"]) else { return Ok(None) };
    // Before, there is no such statement, and no such column.
    if session.server().major() < 14 {
        return Ok(None);
    }
    let sql = format!(
        "SELECT quote_ident(pn.nspname) || '.' || quote_ident(p.relname), quote_ident(cn.nspname) || '.' || quote_ident(c.relname) \
         FROM pg_catalog.pg_inherits i \
         JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace \
         JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace \
         WHERE i.inhdetachpending AND p.relname IN ({names}) AND c.relname IN ({names}) LIMIT 1"
    );
    let rows = session.fetch(&sql).await?;
    let finish = rows
        .first()
        .map(|row| format!("ALTER TABLE {} DETACH PARTITION {} FINALIZE", row.text(0), row.text(1)));
    Ok(finish)
}

/// The names in a statement as literals, if all these words are among them.
fn names_after(statement: &str, words: &[&str]) -> Option<String> {
    let names = sql::object_names(Dialect::Postgres, statement);
    let has = |word: &&str| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    words.iter().all(has).then(|| literals(Dialect::Postgres, &names))
}

async fn drop_each(session: &mut dyn Session, sql: &str) -> Result<(), DatabaseError> {
    for row in session.fetch(sql).await? {
        let drop = format!("DROP INDEX CONCURRENTLY IF EXISTS {}", row.text(0));
        session.execute(&drop).await.map_err(|failure| failure.error)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::has_name;

    #[test]
    fn an_index_may_have_no_name() {
        assert!(has_name("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a ON t (x)"));
        assert!(has_name("create index\nconcurrently \"on\" on t (x)"));
        assert!(!has_name("CREATE INDEX concurrently\n ON t (x)"));
    }
}
