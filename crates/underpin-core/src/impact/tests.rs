use super::*;
use crate::{dialect::Dialect, statement};

fn of(flavour: Flavour, major: u32, before: &str, sql: &str) -> Impact {
    let catalog = Catalog::of_sql(flavour.dialect(), before);
    impact(flavour, ServerVersion::new(major, 0, 0), &catalog, &statement::parse(flavour.dialect(), sql))
}

fn locks(impact: &Impact) -> Vec<String> {
    impact.locks.iter().map(ToString::to_string).collect()
}

#[test]
fn a_table_that_the_run_has_made_is_waited_for_by_nobody() {
    let mut catalog = Catalog::of_sql(Dialect::Postgres, "CREATE TABLE p (id int PRIMARY KEY)");
    let create = statement::parse(Dialect::Postgres, "CREATE TABLE c (id int REFERENCES p)");
    catalog.apply(&create, crate::catalog::Birth::Transaction(0));
    let index = statement::parse(Dialect::Postgres, "CREATE INDEX i ON c (id)");
    let nothing = impact(Flavour::Postgres, ServerVersion::new(16, 0, 0), &catalog, &index);
    assert_eq!(nothing, Impact::default());
}

#[test]
fn rows_that_are_written_anew_are_not_told_to_be_read_as_well() {
    let before = "CREATE TABLE t (a int CHECK (a > 0))";
    let found = of(Flavour::Postgres, 16, before, "ALTER TABLE t ALTER a TYPE bigint, ADD CHECK (a < 9)");
    assert_eq!(found.rewrites.len(), 1);
    assert_eq!(found.scans, []);
}

#[test]
fn postgresql_10_writes_rows_anew_for_any_default() {
    let sql = "ALTER TABLE t ADD b int DEFAULT 1";
    assert_eq!(of(Flavour::Postgres, 10, "CREATE TABLE t (a int)", sql).rewrites.len(), 1);
    assert_eq!(of(Flavour::Postgres, 11, "CREATE TABLE t (a int)", sql).rewrites.len(), 0);
}

#[test]
fn a_proof_of_not_null_counts_since_12() {
    let before = "CREATE TABLE t (a int, CONSTRAINT c CHECK (a IS NOT NULL))";
    let scans = |major, sql| of(Flavour::Postgres, major, before, sql).scans.len();
    assert_eq!(scans(11, "ALTER TABLE t ALTER a SET NOT NULL"), 1);
    assert_eq!(scans(12, "ALTER TABLE t ALTER a SET NOT NULL"), 0);
    assert_eq!(scans(12, "ALTER TABLE t ALTER a SET NOT NULL, DROP CONSTRAINT c"), 1);
}

#[test]
fn attaching_locks_the_parent_less_since_12() {
    let before = "CREATE TABLE m (a int) PARTITION BY RANGE (a); CREATE TABLE p (a int)";
    let sql = "ALTER TABLE m ATTACH PARTITION p FOR VALUES FROM (1) TO (2)";
    let parent = |major| locks(&of(Flavour::Postgres, major, before, sql))[0].clone();
    assert_eq!(parent(11), "ACCESS EXCLUSIVE on m");
    assert_eq!(parent(12), "SHARE UPDATE EXCLUSIVE on m");
}

#[test]
fn sqlite_locks_the_database_for_whoever_writes() {
    let found = of(Flavour::Sqlite, 3, "CREATE TABLE t (a)", "ALTER TABLE t DROP COLUMN a");
    assert_eq!(locks(&found), ["WRITE on main"]);
    assert_eq!(found.rewrites.len(), 1);
    assert_eq!(of(Flavour::Sqlite, 3, "", "SELECT 1"), Impact::default());
}

#[test]
fn a_dearer_way_that_a_statement_asks_for_is_taken() {
    let found = of(Flavour::Mysql, 9, "CREATE TABLE t (a int)", "ALTER TABLE t ADD b int, ALGORITHM=COPY");
    assert_eq!(found.way, Some(Way::COPY));
    assert_eq!(locks(&found), ["SHARED on t"]);
    assert_eq!(found.rewrites.len(), 1);
}

#[test]
fn what_is_read_through_a_view_is_locked_in_its_tables() {
    let before = "CREATE TABLE s (id int PRIMARY KEY); CREATE VIEW v AS SELECT id FROM s";
    for flavour in [Flavour::Mysql, Flavour::Mariadb] {
        let found = of(flavour, 11, before, "CREATE TABLE n AS SELECT * FROM v");
        assert_eq!(locks(&found), ["SHARED ROWS on s"]);
        assert_eq!(found.scans.len(), 1);
    }
}

#[test]
fn a_trigger_that_is_dropped_locks_the_table_that_the_catalog_knows() {
    let drop = statement::parse(Dialect::Mysql, "DROP TRIGGER b");
    let version = ServerVersion::new(9, 7, 0);
    let known = "CREATE TABLE t (a int); CREATE TRIGGER b BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1";
    let catalog = Catalog::of_sql(Dialect::Mysql, known);
    assert_eq!(locks(&impact(Flavour::Mysql, version, &catalog, &drop)), ["METADATA on t"]);
    let unknown = impact(Flavour::Mysql, version, &Catalog::unknown(Dialect::Mysql), &drop);
    assert!(!unknown.known);
}

#[test]
fn a_foreign_key_that_is_looked_up_keeps_writers_out_of_the_other_table() {
    let before = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, KEY (a))";
    let key = "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id)";
    assert_eq!(locks(&of(Flavour::Mysql, 9, before, key)), ["SHARED on p", "SHARED on t"]);
    assert_eq!(locks(&of(Flavour::Mariadb, 10, before, key)), ["SHARED ROWS on p", "SHARED on t"]);
    let unchecked = format!("{key}, ALGORITHM=INPLACE");
    assert_eq!(locks(&of(Flavour::Mysql, 9, before, &unchecked))[0], "METADATA on p");
}
