//! PostgreSQL's schema, from its catalogs, in the server's own words for each definition (manual, chapter 53).
//! Object ids, physical positions and the values of sequences are left out: two equal schemas may differ in them.

use super::{OWN, TestDatabase, lines};

/// The tables, views and sequences of a database, with the schemas that count.
const RELATIONS: &str = "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

/// The schema of a database.
pub(super) fn schema(database: &TestDatabase) -> String {
    let foreign = |name: &str| format!("left({name}, {}) <> '{OWN}'", OWN.len());
    let ours = format!("{} AND {}", foreign("c.relname"), foreign("n.nspname"));
    let queries = [
        format!(
            "SELECT 'relation', n.nspname, c.relname, c.relkind::text, c.relpersistence::text, \
             pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid) \
             FROM {RELATIONS} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND {ours} ORDER BY 2, 3"
        ),
        format!(
            "SELECT 'column', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), \
             CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END, a.attidentity::text, a.attgenerated::text, \
             pg_get_expr(d.adbin, d.adrelid) \
             FROM {RELATIONS} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
             LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {ours} ORDER BY 2, 3, a.attnum"
        ),
        format!(
            "SELECT 'index', n.nspname, c.relname, pg_get_indexdef(i.indexrelid), \
             CASE WHEN i.indisvalid THEN 'valid' ELSE 'invalid' END \
             FROM {RELATIONS} JOIN pg_index i ON i.indrelid = c.oid \
             WHERE {ours} AND n.nspname <> 'pg_toast' ORDER BY 2, 3, 4"
        ),
        format!(
            "SELECT 'constraint', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid), \
             CASE WHEN k.convalidated THEN 'valid' ELSE 'not valid' END \
             FROM {RELATIONS} JOIN pg_constraint k ON k.conrelid = c.oid WHERE {ours} ORDER BY 2, 3, 4"
        ),
        format!(
            "SELECT 'trigger', n.nspname, c.relname, pg_get_triggerdef(t.oid) \
             FROM {RELATIONS} JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal \
             WHERE {ours} ORDER BY 2, 3, t.tgname"
        ),
        format!(
            "SELECT 'view', n.nspname, c.relname, pg_get_viewdef(c.oid) \
             FROM {RELATIONS} WHERE c.relkind IN ('v', 'm') AND {ours} ORDER BY 2, 3"
        ),
        format!(
            "SELECT 'routine', n.nspname, p.proname, pg_get_functiondef(p.oid) \
             FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
             AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' \
             WHERE p.prokind IN ('f', 'p') AND {} AND {} AND NOT EXISTS \
             (SELECT FROM pg_depend x WHERE x.objid = p.oid AND x.deptype = 'e') ORDER BY 2, 3, 4",
            foreign("p.proname"),
            foreign("n.nspname")
        ),
        "SELECT 'enum', n.nspname, t.typname, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) \
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_enum e ON e.enumtypid = t.oid \
         GROUP BY 1, 2, 3 ORDER BY 2, 3"
            .to_owned(),
    ];
    lines(database.query(&queries.join(";\n")))
}
