//! PostgreSQL's catalogs, fact by fact, in the server's own words (manual, "System Catalogs"). Object ids, physical
//! positions, owners and the values of sequences are left out: two equal schemas may differ in them.

use super::{TestDatabase, lines};

/// A namespace that is neither the server's nor ours.
const FOREIGN: &str = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

/// The facts of a database.
pub(super) fn facts(database: &TestDatabase) -> Vec<String> {
    let mut queries = vec!["SET search_path = ''".to_owned()];
    queries.extend(relations());
    queries.extend(types());
    queries.extend(programs());
    queries.extend(others());
    lines(database.query(&queries.join(";\n")))
}

/// Whether this object of this catalog belongs to an extension.
fn own(catalog: &str, id: &str) -> String {
    format!(
        "NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.classid = 'pg_catalog.{catalog}'::pg_catalog.regclass \
         AND x.objid = {id} AND x.deptype = 'e')"
    )
}

/// Privileges as text; those that nobody changed are the usual ones.
fn privileges(column: &str, kind: &str, owner: &str) -> String {
    format!(
        "(SELECT string_agg(CASE WHEN g.grantee = 0 THEN 'public' ELSE g.grantee::pg_catalog.regrole::text END \
         || ' ' || g.privilege_type || CASE WHEN g.is_grantable THEN '*' ELSE '' END, ',' \
         ORDER BY g.grantee::text, g.privilege_type) \
         FROM pg_catalog.aclexplode(coalesce({column}, pg_catalog.acldefault({kind}, {owner}))) g)"
    )
}

fn relations() -> Vec<String> {
    let tables = format!(
        "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND {FOREIGN} AND {}",
        own("pg_class", "c.oid")
    );
    vec![
        format!(
            "SELECT 'relation', n.nspname, c.relname, c.relkind::text, c.relpersistence::text, \
             pg_catalog.pg_get_partkeydef(c.oid), pg_catalog.pg_get_expr(c.relpartbound, c.oid), \
             (SELECT string_agg(o, ',' ORDER BY o) FROM unnest(c.reloptions) o), c.relrowsecurity::text, c.relforcerowsecurity::text, c.relreplident::text, \
             (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhparent::regclass::text) FROM pg_catalog.pg_inherits i \
              WHERE i.inhrelid = c.oid), {}, pg_catalog.obj_description(c.oid, 'pg_class') \
             FROM {tables} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')",
            privileges("c.relacl", "CASE c.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r' END", "c.relowner")
        ),
        format!(
            "SELECT 'column', n.nspname, c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), \
             a.attnotnull::text, a.attidentity::text, a.attgenerated::text, pg_catalog.pg_get_expr(d.adbin, d.adrelid), \
             a.attcollation::regcollation::text, a.attstorage::text, a.attislocal::text, \
             (SELECT string_agg(g::text, ',') FROM unnest(a.attacl) g), pg_catalog.col_description(c.oid, a.attnum) \
             FROM {tables} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
             LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')"
        ),
        format!(
            "SELECT 'index', n.nspname, c.relname, pg_catalog.pg_get_indexdef(i.indexrelid), i.indisvalid::text, \
             i.indisclustered::text, i.indisreplident::text, pg_catalog.obj_description(i.indexrelid, 'pg_class'), \
             (SELECT string_agg(a.attnum || '=' || a.attstattarget, ', ' ORDER BY a.attnum) \
              FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0) \
             FROM {tables} JOIN pg_catalog.pg_index i ON i.indrelid = c.oid"
        ),
        format!(
            "SELECT 'constraint', n.nspname, c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid), \
             k.convalidated::text, k.conislocal::text, pg_catalog.obj_description(k.oid, 'pg_constraint') \
             FROM {tables} JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND (k.contype <> 'n' \
             OR NOT EXISTS (SELECT FROM pg_catalog.pg_constraint p WHERE p.conrelid = c.oid AND p.contype = 'p' \
             AND k.conkey <@ p.conkey))"
        ),
        format!(
            "SELECT 'sequence', n.nspname, c.relname, s.seqtypid::regtype::text, s.seqstart::text, s.seqincrement::text, \
             s.seqmin::text, s.seqmax::text, s.seqcache::text, s.seqcycle::text, \
             (SELECT d.refobjid::regclass::text || '.' || a.attname || d.deptype::text FROM pg_catalog.pg_depend d \
              JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
              WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')) \
             FROM {tables} JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid"
        ),
        format!(
            "SELECT 'view', n.nspname, c.relname, pg_catalog.pg_get_viewdef(c.oid) \
             FROM {tables} WHERE c.relkind IN ('v', 'm')"
        ),
        format!(
            "SELECT 'trigger', n.nspname, c.relname, t.tgname, pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled::text, \
             pg_catalog.obj_description(t.oid, 'pg_trigger') \
             FROM {tables} JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal"
        ),
        format!(
            "SELECT 'rule', n.nspname, c.relname, r.rulename, pg_catalog.pg_get_ruledef(r.oid) \
             FROM {tables} JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN'"
        ),
        format!(
            "SELECT 'policy', n.nspname, c.relname, p.polname, p.polcmd::text, p.polpermissive::text, \
             (SELECT string_agg(CASE WHEN o = 0 THEN 'public' ELSE o::regrole::text END, ',' ORDER BY o) \
              FROM unnest(p.polroles) o), pg_catalog.pg_get_expr(p.polqual, p.polrelid), \
             pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), pg_catalog.obj_description(p.oid, 'pg_policy') \
             FROM {tables} JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid"
        ),
        format!(
            "SELECT 'statistics', n.nspname, e.stxname, pg_catalog.pg_get_statisticsobjdef(e.oid), \
             pg_catalog.obj_description(e.oid, 'pg_statistic_ext') \
             FROM pg_catalog.pg_statistic_ext e JOIN pg_catalog.pg_namespace n ON n.oid = e.stxnamespace AND {FOREIGN}"
        ),
    ]
}

fn types() -> Vec<String> {
    let types = format!(
        "pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace AND {FOREIGN} AND {}",
        own("pg_type", "t.oid")
    );
    vec![
        format!(
            "SELECT 'enum', n.nspname, t.typname, \
             (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e \
              WHERE e.enumtypid = t.oid), {}, pg_catalog.obj_description(t.oid, 'pg_type') \
             FROM {types} WHERE t.typtype = 'e'",
            privileges("t.typacl", "'T'", "t.typowner")
        ),
        format!(
            "SELECT 'domain', n.nspname, t.typname, pg_catalog.format_type(t.typbasetype, t.typtypmod), \
             t.typnotnull::text, pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typcollation::regcollation::text, \
             (SELECT string_agg(k.conname || ' ' || pg_catalog.pg_get_constraintdef(k.oid), ', ' ORDER BY k.conname) \
              FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype <> 'n'), \
             pg_catalog.obj_description(t.oid, 'pg_type') \
             FROM {types} WHERE t.typtype = 'd'"
        ),
        format!(
            "SELECT 'composite', n.nspname, t.typname, \
             (SELECT string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' \
              ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 \
              AND NOT a.attisdropped), pg_catalog.obj_description(t.oid, 'pg_type') FROM {types} \
             JOIN pg_catalog.pg_class c ON c.oid = t.typrelid AND c.relkind = 'c' WHERE t.typtype = 'c'"
        ),
        format!(
            "SELECT 'range', n.nspname, t.typname, r.rngsubtype::regtype::text FROM {types} \
             JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid"
        ),
    ]
}

fn programs() -> Vec<String> {
    let routines = format!(
        "pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace AND {FOREIGN} AND {}",
        own("pg_proc", "p.oid")
    );
    vec![
        format!(
            "SELECT 'routine', n.nspname, p.proname, pg_catalog.pg_get_functiondef(p.oid), {}, \
             pg_catalog.obj_description(p.oid, 'pg_proc') FROM {routines} WHERE p.prokind <> 'a'",
            privileges("p.proacl", "'f'", "p.proowner")
        ),
        format!(
            "SELECT 'aggregate', n.nspname, p.oid::regprocedure::text, a.aggtransfn::text, a.aggfinalfn::text, \
             a.agginitval FROM {routines} JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid"
        ),
        "SELECT 'event trigger', e.evtname, e.evtevent, e.evtfoid::regproc::text, e.evtenabled::text, \
         array_to_string(e.evttags, ',') FROM pg_catalog.pg_event_trigger e"
            .to_owned(),
    ]
}

fn others() -> Vec<String> {
    vec![
        format!(
            "SELECT 'namespace', n.nspname, {}, pg_catalog.obj_description(n.oid, 'pg_namespace') \
             FROM pg_catalog.pg_namespace n WHERE {FOREIGN} AND {}",
            privileges("n.nspacl", "'n'", "n.nspowner"),
            own("pg_namespace", "n.oid")
        ),
        "SELECT 'extension', e.extname, e.extversion, n.nspname FROM pg_catalog.pg_extension e \
         JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
            .to_owned(),
        "SELECT 'default privileges', d.defaclrole::regrole::text, n.nspname, d.defaclobjtype::text, \
         array_to_string(d.defaclacl, ',') FROM pg_catalog.pg_default_acl d \
         LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace"
            .to_owned(),
        format!(
            "SELECT 'collation', n.nspname, l.collname, l.collprovider::text, l.collisdeterministic::text \
             FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace AND {FOREIGN}"
        ),
        "SELECT 'publication', p.pubname, p.puballtables::text, p.pubinsert::text, p.pubupdate::text, \
         (SELECT string_agg(t.prrelid::regclass::text, ',' ORDER BY 1) FROM pg_catalog.pg_publication_rel t \
          WHERE t.prpubid = p.oid) FROM pg_catalog.pg_publication p"
            .to_owned(),
    ]
}
