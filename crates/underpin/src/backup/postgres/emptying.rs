//! What empties a database of PostgreSQL before a backup is brought back: one block, in the restore's transaction.
//! Not what makes anything: that is the script of `pg_restore`.

/// Drops what is there, extensions with what belongs to them: `--clean` of `pg_restore` knows only what is in the
/// backup, and would stumble over what was made since. Default privileges would be given to what the backup makes.
/// Event triggers go first, because they hear of whatever else is dropped; `plpgsql` stays, because it runs this.
///
/// The schema `public` becomes what it is in a new database: a backup says only what is otherwise in it.
///
/// Extensions, publications, servers and whatever else can be another role's beside a schema of ours are left where
/// they are. Casts belong to who owns one of their types; parsers and templates of text search and access methods to
/// nobody, so that only superusers drop them ("DROP ACCESS METHOD" and others in the manual). What the server has by
/// itself has numbers below 16384 ("System Catalog Initial Data").
pub(super) const EMPTYING: &str = r#"SET client_min_messages = warning;
DO $underpin$
DECLARE
  statements text[]; one text;
  is_superuser boolean := (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user);
BEGIN
  SELECT array_agg(s ORDER BY place) INTO statements FROM (
    SELECT 1 AS place, format('ALTER DEFAULT PRIVILEGES%s REVOKE ALL ON %s FROM %s',
      CASE WHEN d.defaclnamespace <> 0 THEN format(' IN SCHEMA %s', d.defaclnamespace::regnamespace) END,
      CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END,
      CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END) AS s
    FROM pg_catalog.pg_default_acl d CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) a
    WHERE d.defaclrole = current_user::regrole AND d.defaclobjtype IN ('r', 'S', 'f', 'T', 'n')
    UNION
    SELECT 2, format('ALTER DEFAULT PRIVILEGES GRANT ALL ON %s TO %s', k.kind, g.grantee)
    FROM pg_catalog.pg_default_acl d
    JOIN (VALUES ('r', 'TABLES'), ('S', 'SEQUENCES'), ('f', 'FUNCTIONS'), ('T', 'TYPES'), ('n', 'SCHEMAS')) AS k (letter, kind)
      ON k.letter::"char" = d.defaclobjtype
    CROSS JOIN LATERAL (SELECT current_user::regrole::text AS grantee
      UNION ALL SELECT 'PUBLIC' WHERE d.defaclobjtype IN ('f', 'T')) g
    WHERE d.defaclrole = current_user::regrole AND d.defaclnamespace = 0
    UNION ALL
    SELECT 3, format('DROP PUBLICATION IF EXISTS %I', p.pubname)
    FROM pg_catalog.pg_publication p WHERE pg_catalog.pg_has_role(p.pubowner, 'USAGE')
    UNION ALL
    SELECT 4, format('DROP %s IF EXISTS %I.%I CASCADE', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
      WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, n.nspname, c.relname) AS s
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
        AND d.objid = c.oid AND d.deptype IN ('e', 'i'))
    UNION ALL
    SELECT 4, format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass
        AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
    UNION ALL
    SELECT 4, format('DROP TYPE IF EXISTS %I.%I CASCADE', n.nspname, t.typname)
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
    WHERE (t.typtype IN ('e', 'd', 'r', 'b', 'p') OR (t.typtype = 'c' AND c.relkind = 'c'))
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_type'::regclass
        AND d.objid = t.oid AND d.deptype IN ('e', 'i'))
    UNION ALL
    SELECT k.place, format('DROP %s IF EXISTS %s CASCADE', replace(o.type, '-', ' '), o.identity)
    FROM (
      SELECT 5, 'pg_catalog.pg_collation'::regclass, oid, collnamespace, true FROM pg_catalog.pg_collation
      UNION ALL
      SELECT 5, 'pg_catalog.pg_ts_config'::regclass, oid, cfgnamespace, true FROM pg_catalog.pg_ts_config
      UNION ALL
      SELECT 5, 'pg_catalog.pg_ts_dict'::regclass, oid, dictnamespace, pg_catalog.pg_has_role(dictowner, 'USAGE')
      FROM pg_catalog.pg_ts_dict
      UNION ALL
      SELECT 5, 'pg_catalog.pg_conversion'::regclass, oid, connamespace, pg_catalog.pg_has_role(conowner, 'USAGE')
      FROM pg_catalog.pg_conversion
      UNION ALL
      SELECT 5, 'pg_catalog.pg_operator'::regclass, oid, oprnamespace, pg_catalog.pg_has_role(oprowner, 'USAGE')
      FROM pg_catalog.pg_operator
      UNION ALL
      SELECT 5, 'pg_catalog.pg_opclass'::regclass, oid, opcnamespace, pg_catalog.pg_has_role(opcowner, 'USAGE')
      FROM pg_catalog.pg_opclass
      UNION ALL
      SELECT 5, 'pg_catalog.pg_opfamily'::regclass, oid, opfnamespace, pg_catalog.pg_has_role(opfowner, 'USAGE')
      FROM pg_catalog.pg_opfamily
      UNION ALL
      SELECT 5, 'pg_catalog.pg_ts_parser'::regclass, oid, prsnamespace, is_superuser FROM pg_catalog.pg_ts_parser
      UNION ALL
      SELECT 5, 'pg_catalog.pg_ts_template'::regclass, oid, tmplnamespace, is_superuser FROM pg_catalog.pg_ts_template
      UNION ALL
      SELECT 5, 'pg_catalog.pg_am'::regclass, oid, 0, is_superuser FROM pg_catalog.pg_am
      UNION ALL
      SELECT 5, 'pg_catalog.pg_cast'::regclass, c.oid, 0,
        pg_catalog.pg_has_role(s.typowner, 'USAGE') OR pg_catalog.pg_has_role(t.typowner, 'USAGE')
      FROM pg_catalog.pg_cast c JOIN pg_catalog.pg_type s ON s.oid = c.castsource JOIN pg_catalog.pg_type t ON t.oid = c.casttarget
      UNION ALL
      SELECT 5, 'pg_catalog.pg_language'::regclass, oid, 0, pg_catalog.pg_has_role(lanowner, 'USAGE') FROM pg_catalog.pg_language
      UNION ALL
      SELECT 5, 'pg_catalog.pg_foreign_server'::regclass, oid, 0, pg_catalog.pg_has_role(srvowner, 'USAGE')
      FROM pg_catalog.pg_foreign_server
      UNION ALL
      SELECT 5, 'pg_catalog.pg_foreign_data_wrapper'::regclass, oid, 0, pg_catalog.pg_has_role(fdwowner, 'USAGE')
      FROM pg_catalog.pg_foreign_data_wrapper
      UNION ALL
      SELECT 0, 'pg_catalog.pg_event_trigger'::regclass, oid, 0, pg_catalog.pg_has_role(evtowner, 'USAGE')
      FROM pg_catalog.pg_event_trigger
      UNION ALL
      SELECT 6, 'pg_catalog.pg_extension'::regclass, oid, 0, pg_catalog.pg_has_role(extowner, 'USAGE')
      FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'
    ) AS k (place, class, oid, namespace, is_ours)
    LEFT JOIN pg_catalog.pg_namespace n ON n.oid = k.namespace
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(k.class, k.oid, 0) o
    WHERE k.is_ours AND k.oid >= 16384 AND coalesce(n.nspname !~ '^pg_' AND n.nspname <> 'information_schema', true)
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = k.class AND d.objid = k.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 5, format('SELECT pg_catalog.lo_unlink(%s)', l.oid) FROM pg_catalog.pg_largeobject_metadata l
    UNION ALL
    SELECT 7, format('DROP SCHEMA IF EXISTS %I CASCADE', n.nspname) FROM pg_catalog.pg_namespace n
    WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_namespace'::regclass
        AND d.objid = n.oid AND d.deptype = 'e')
  ) AS all_of_it;
  FOREACH one IN ARRAY coalesce(statements, '{}') LOOP EXECUTE one; END LOOP;
END $underpin$;
DO $underpin$
DECLARE
  one text; is_recent boolean := current_setting('server_version_num')::integer >= 150000;
  owner text := CASE WHEN is_recent THEN 'pg_database_owner' ELSE (SELECT rolname FROM pg_catalog.pg_roles WHERE oid = 10) END;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'public') THEN CREATE SCHEMA public; END IF;
  IF NOT (SELECT pg_catalog.pg_has_role(nspowner, 'USAGE') FROM pg_catalog.pg_namespace WHERE nspname = 'public') THEN RETURN; END IF;
  BEGIN
    EXECUTE format('ALTER SCHEMA public OWNER TO %I', owner);
  EXCEPTION WHEN insufficient_privilege THEN NULL;
  END;
  FOR one IN SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
    FROM pg_catalog.pg_namespace n CROSS JOIN LATERAL pg_catalog.aclexplode(n.nspacl) a WHERE n.nspname = 'public'
  LOOP EXECUTE format('REVOKE ALL ON SCHEMA public FROM %s CASCADE', one); END LOOP;
  EXECUTE format('GRANT ALL ON SCHEMA public TO %s', (SELECT nspowner::regrole FROM pg_catalog.pg_namespace WHERE nspname = 'public'));
  EXECUTE format('GRANT %s ON SCHEMA public TO PUBLIC', CASE WHEN is_recent THEN 'USAGE' ELSE 'USAGE, CREATE' END);
  COMMENT ON SCHEMA public IS 'standard public schema';
END $underpin$;
"#;
