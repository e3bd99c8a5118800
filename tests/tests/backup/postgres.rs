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
