//! What only PostgreSQL has, and a restore has to hold together all the same: large objects, which end transactions
//! of their own, default privileges, extensions of other roles, and what was made since.

use underpin_tests::{Engine, Program, TestDatabase};

use super::Shop;

/// A shop on PostgreSQL with a backup, and the program that brings it back.
struct Kept {
    shop: Shop,
    restore: Program,
}

impl Kept {
    /// Nothing where there is no PostgreSQL or its programs are not at hand.
    fn after(sql: &str) -> Option<Self> {
        if !Engine::available().contains(&Engine::Postgres) {
            return None;
        }
        let shop = Shop::new(Engine::Postgres);
        shop.database.execute(sql);
        let program = shop.program().backing_up(&shop.database)?;
        let file = shop.project.path().join("backup");
        program.clone().args(["backup", "--to"]).arg(&file).run().expect_success();
        let restore = program.args(["restore", "--yes"]).arg(file);
        Some(Self { shop, restore })
    }
}

#[test]
fn large_objects_do_not_end_the_transaction_of_a_restore() {
    let sql = "CREATE TABLE photos (id integer PRIMARY KEY, photo oid);\n\
               INSERT INTO photos VALUES (1, lo_from_bytea(0, 'hello'));";
    let Some(kept) = Kept::after(sql) else { return };
    let photo = "SELECT convert_from(lo_get(photo), 'UTF8') FROM photos";
    // Whoever restores it elsewhere fails behind the rows, where the view is filled.
    let other = TestDatabase::create(Engine::Postgres);
    other.execute("CREATE TABLE precious (v text); INSERT INTO precious VALUES ('do not lose')");
    let here = kept.shop.database.name();
    let view = format!(
        "CREATE MATERIALIZED VIEW here AS SELECT 1 / (CASE WHEN current_database() = '{here}' THEN 1 ELSE 0 END) AS x"
    );
    kept.shop.database.execute(&view);
    let file = kept.shop.project.path().join("with-view");
    kept.shop
        .program()
        .backing_up(&kept.shop.database)
        .unwrap()
        .args(["backup", "--to"])
        .arg(&file)
        .run()
        .expect_success();
    let elsewhere = kept.shop.project.underpin_on(&other).backing_up(&other).unwrap();
    let broken = elsewhere.args(["restore", "--yes"]).arg(&file).run().expect_code(8);
    assert!(broken.stderr.contains("division by zero"), "{broken}");
    assert!(broken.stderr.contains("nothing was changed"), "{broken}");
    assert_eq!(other.value("SELECT v FROM precious"), "do not lose");
    // At its own place it comes back, with nothing left of what was made since.
    let database = &kept.shop.database;
    database
        .execute("DELETE FROM photos; SELECT lo_from_bytea(0, 'later'); CREATE COLLATION late FROM \"C\"");
    kept.restore.run().expect_success();
    assert_eq!(database.value(photo), "hello");
    assert_eq!(database.value("SELECT count(*) FROM pg_largeobject_metadata"), "1");
    assert_eq!(database.value("SELECT count(*) FROM pg_collation WHERE collname = 'late'"), "0");
}

/// A revision with something of every kind that the server has and that goes with no table.
const LATER: &str = "\
    CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple);\n\
    CREATE TEXT SEARCH CONFIGURATION prose (COPY = simple);\n\
    CREATE OPERATOR ### (FUNCTION = int4pl, LEFTARG = integer, RIGHTARG = integer);\n\
    CREATE OPERATOR @#@ (FUNCTION = int4um, RIGHTARG = integer);\n\
    CREATE OPERATOR #=# (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer, NEGATOR = #<>#);\n\
    CREATE CONVERSION latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;\n\
    CREATE COLLATION late FROM \"C\";\n\
    CREATE OPERATOR FAMILY kin USING btree;\n\
    CREATE OPERATOR CLASS kin_ops FOR TYPE integer USING btree FAMILY kin AS OPERATOR 1 <, FUNCTION 1 btint4cmp(integer, integer);\n\
    CREATE TEXT SEARCH TEMPLATE plain (INIT = dsimple_init, LEXIZE = dsimple_lexize);\n\
    CREATE TEXT SEARCH PARSER cutter (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);\n\
    CREATE ACCESS METHOD heap_of_ours TYPE TABLE HANDLER heap_tableam_handler;\n\
    CREATE CAST (money AS bytea) WITH FUNCTION cash_send (money);\n\
    CREATE FOREIGN DATA WRAPPER far_off;\n\
    CREATE SERVER far FOREIGN DATA WRAPPER far_off;\n\
    CREATE LANGUAGE tongue HANDLER plpgsql_call_handler;\n\
    CREATE TYPE shell;\n\
    CREATE TYPE pair AS (a integer, b integer);\n\
    CREATE FUNCTION heard() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'nothing is dropped here'; END $$;\n\
    CREATE EXTENSION hstore;\n\
    CREATE EVENT TRIGGER hears ON sql_drop EXECUTE FUNCTION heard();";

#[test]
fn nothing_that_was_made_since_is_in_the_way_of_the_next_upgrade() {
    let Some(kept) = Kept::after("CREATE TEXT SEARCH DICTIONARY earlier (TEMPLATE = simple)") else { return };
    let shop = &kept.shop;
    shop.project.revision("0002", &["0001"], "later", LATER, None);
    for _ in 0..2 {
        shop.upgrade().run().expect_success();
        kept.restore.run().expect_success();
        let left = "SELECT count(*) FROM pg_ts_dict WHERE dictname IN ('words', 'earlier')";
        assert_eq!(shop.database.value(left), "1");
    }
    shop.upgrade().run().expect_success();
}

#[test]
fn what_other_roles_have_made_beside_ours_stays() {
    if !Engine::available().contains(&Engine::Postgres) {
        return;
    }
    let database = TestDatabase::create(Engine::Postgres);
    let url = database.user_with_password("s3cret-of-mine");
    let user = url.split("//").nth(1).and_then(|rest| rest.split(':').next()).unwrap().replace("%5F", "_");
    let Some(program) = Program::underpin().database(&url).backing_up(&database) else { return };
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("backup");
    database.execute(&format!("SET ROLE {user}; CREATE TABLE t (i int); INSERT INTO t VALUES (1)"));
    program.clone().args(["backup", "--to"]).arg(&file).run().expect_success();
    let both = |name: &str| {
        format!(
            "CREATE TEXT SEARCH DICTIONARY {name} (TEMPLATE = simple);\n\
             CREATE CONVERSION {name} FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;\n"
        )
    };
    let alone = "CREATE OPERATOR ### (FUNCTION = int4pl, LEFTARG = integer, RIGHTARG = integer);\n\
                 CREATE TEXT SEARCH TEMPLATE plain (INIT = dsimple_init, LEXIZE = dsimple_lexize);\n\
                 CREATE CAST (money AS bytea) WITH FUNCTION cash_send (money);\n\
                 CREATE ACCESS METHOD heap_of_theirs TYPE TABLE HANDLER heap_tableam_handler;";
    database.execute(&format!("{}{alone} SET ROLE {user}; DELETE FROM t; {}", both("theirs"), both("ours")));
    program.args(["restore", "--yes"]).arg(&file).run().expect_success();
    assert_eq!(database.value("SELECT i FROM t"), "1");
    for kind in ["SELECT dictname FROM pg_ts_dict", "SELECT conname FROM pg_conversion"] {
        assert_eq!(database.query(&format!("{kind} WHERE oid >= 16384")), [[Some("theirs".to_owned())]]);
    }
    for there in [
        "pg_operator WHERE oprname = '###'",
        "pg_ts_template WHERE tmplname = 'plain'",
        "pg_cast WHERE castsource = 'money'::regtype AND casttarget = 'bytea'::regtype",
        "pg_am WHERE amname = 'heap_of_theirs'",
    ] {
        assert_eq!(database.value(&format!("SELECT count(*) FROM {there}")), "1", "{there}");
    }
}

#[test]
fn default_privileges_of_today_give_nobody_what_is_restored() {
    let Some(kept) = Kept::after("CREATE TABLE secret (v text)") else { return };
    let database = &kept.shop.database;
    database.execute(
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;\n\
         ALTER DEFAULT PRIVILEGES IN SCHEMA extra GRANT ALL ON SEQUENCES TO PUBLIC;\n\
         ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;",
    );
    kept.restore.run().expect_success();
    let given = "SELECT count(*) FROM pg_class WHERE relacl::text LIKE '%{=%' OR relacl::text LIKE '%,=%'";
    assert_eq!(database.value(&format!("{given} AND relname = 'secret'")), "0");
    assert_eq!(database.value("SELECT has_function_privilege('public', 'loud()', 'EXECUTE')"), "t");
    assert_eq!(database.value("SELECT count(*) FROM pg_default_acl"), "0");
}

#[test]
fn no_row_is_in_the_message_of_a_restore_that_fails() {
    let sql = "CREATE TABLE people (mail text CHECK (mail <> 'x' OR current_setting('underpin.restore', true) IS NULL));\n\
               INSERT INTO people VALUES ('alice@secret.example'), ('x');";
    let Some(kept) = Kept::after(sql) else { return };
    let broken = kept.restore.run().expect_code(8);
    assert!(broken.stderr.contains("violates check constraint"), "{broken}");
    assert!(!broken.stderr.contains("alice") && !broken.stderr.contains("Failing row"), "{broken}");
}

/// A backup says nothing of it, unless it is another than that of a new database.
#[test]
fn the_schema_public_is_that_of_the_backup_whatever_became_of_it() {
    let Some(kept) = Kept::after("GRANT USAGE ON SCHEMA public TO pg_monitor") else { return };
    let database = &kept.shop.database;
    let schema = || {
        database.query(
            "SELECT nspowner::regrole::text, nspacl::text, obj_description(oid, 'pg_namespace') \
             FROM pg_namespace WHERE nspname = 'public'",
        )
    };
    let before = (schema(), kept.shop.picture());
    for sql in [
        "REVOKE USAGE ON SCHEMA public FROM PUBLIC; GRANT CREATE ON SCHEMA public TO PUBLIC; COMMENT ON SCHEMA public IS 'x'",
        "DROP SCHEMA public CASCADE",
        "DROP SCHEMA public CASCADE; CREATE SCHEMA public",
    ] {
        database.execute(sql);
        kept.restore.run().expect_success();
        assert_eq!((schema(), kept.shop.picture()), before, "{sql}");
    }
}
