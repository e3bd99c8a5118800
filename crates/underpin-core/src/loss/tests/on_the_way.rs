//! What statements delete on the way to what they are for.

use super::*;

#[test]
fn columns_that_exchange_their_names_are_the_ones_that_they_were() {
    let exchanged = "ALTER TABLE t CHANGE a b decimal(9,2), CHANGE b a decimal(9,4)";
    let asked = ["what of a of t has no room in decimal(9,2)", "what of b of t has no room in decimal(9,4)"];
    assert_eq!(lost(Dialect::Mysql, &[exchanged]), asked);
    let plain = "ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN b TO a";
    assert_eq!(
        lost(Dialect::Mysql, &[plain, "ALTER TABLE t MODIFY a date"]),
        ["what of b of t has no room in date"]
    );
    assert_eq!(
        lost(
            Dialect::Mysql,
            &[
                "ALTER TABLE t ADD a int",
                "ALTER TABLE t CHANGE a b int, CHANGE b a text",
                "ALTER TABLE t DROP b, DROP a"
            ]
        ),
        ["column a of t with what it holds"]
    );
    let again = ["ALTER TABLE t CHANGE a b text, ADD a int", "ALTER TABLE t DROP a", "ALTER TABLE t DROP b"];
    assert_eq!(lost(Dialect::Mysql, &again), ["column b of t with what it holds"]);
}

#[test]
fn rows_that_a_replace_deletes_are_told() {
    let equal = "rows that are equal in a key of t";
    for statement in
        ["REPLACE INTO t (id, a) VALUES (1, 'x')", "REPLACE t SELECT * FROM u", "REPLACE INTO t SET id = 1"]
    {
        loses(Dialect::Mysql, statement, equal);
    }
    loses(Dialect::Mysql, "LOAD DATA INFILE 'f' REPLACE INTO TABLE t", equal);
    for statement in [
        "REPLACE INTO t VALUES (1, 'x')",
        "/* ( */ INSERT OR REPLACE INTO t (id) VALUES (1)",
        "INSERT OR REPLACE INTO t SELECT * FROM u",
        "UPDATE OR REPLACE t SET id = 2 WHERE id = 1",
    ] {
        loses(Dialect::Sqlite, statement, equal);
    }
    loses_nothing(Dialect::Sqlite, &["CREATE TABLE t (id INTEGER PRIMARY KEY)", "REPLACE INTO t VALUES (1)"]);
    loses_nothing(
        Dialect::Sqlite,
        &["INSERT OR IGNORE INTO t VALUES (1)", "INSERT INTO t VALUES ('or replace')"],
    );
    loses_nothing(Dialect::Mysql, &["INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 2"]);
    // What it has copied is not all that there was.
    let rebuild = ["CREATE TABLE n (id, a)", "REPLACE INTO n SELECT * FROM t", "DROP TABLE t"];
    assert_eq!(lost(Dialect::Sqlite, &rebuild), ["table t and all of its rows"]);
}

#[test]
fn rows_that_a_merge_deletes_are_told() {
    let merge = |branch: &str| format!("MERGE INTO t USING s ON t.id = s.id {branch}");
    let gone = "rows that a MERGE deletes of t";
    loses(Dialect::Postgres, &merge("WHEN MATCHED THEN DELETE"), gone);
    loses(Dialect::Postgres, &merge("WHEN NOT MATCHED BY SOURCE THEN DELETE"), gone);
    loses(Dialect::Postgres, &merge("WHEN MATCHED AND true THEN DELETE"), gone);
    loses(Dialect::Postgres, &merge("WHEN NOT MATCHED THEN DO NOTHING WHEN MATCHED THEN DELETE"), gone);
    for branch in [
        "WHEN MATCHED AND s.gone THEN DELETE",
        "WHEN MATCHED THEN UPDATE SET a = s.a",
        "WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)",
    ] {
        loses_nothing(Dialect::Postgres, &[&merge(branch)]);
    }
}

#[test]
fn entries_of_the_schema_that_are_written_by_hand_are_told() {
    let entries = "tables with their rows, by the entries of sqlite_master";
    let update = "UPDATE sqlite_master SET sql = 'CREATE TABLE t (a)' WHERE name = 't'";
    loses(Dialect::Sqlite, update, entries);
    loses(Dialect::Sqlite, "DELETE FROM sqlite_master WHERE name = 't'", entries);
    loses_nothing(Dialect::Sqlite, &["CREATE TABLE t (a, b)", update]);
    loses_nothing(Dialect::Sqlite, &["UPDATE sqlite_sequence SET seq = 5 WHERE name = 't'"]);
}

#[test]
fn where_a_sequence_stands_is_lost_with_it() {
    for dialect in [Dialect::Postgres, Dialect::Mysql] {
        let position = "the position of sequence s";
        loses(dialect, "DROP SEQUENCE IF EXISTS s", position);
        assert_eq!(lost(dialect, &["DROP SEQUENCE s", "CREATE SEQUENCE s"]), [position]);
        assert_eq!(lost(dialect, &["CREATE SEQUENCE IF NOT EXISTS s", "DROP SEQUENCE s"]), [position]);
        loses_nothing(dialect, &["CREATE SEQUENCE s", "DROP SEQUENCE s"]);
    }
    loses(Dialect::Mysql, "CREATE OR REPLACE SEQUENCE s", "the position of sequence s");
    loses_nothing(Dialect::Postgres, &["CREATE TABLE t (id serial)", "DROP SEQUENCE t_id_seq CASCADE"]);
}

#[test]
fn earlier_versions_of_rows_are_no_table() {
    let dialect = Dialect::Mysql;
    loses(dialect, "DELETE HISTORY FROM t", "the earlier versions of the rows of t");
    loses_nothing(dialect, &["DELETE HISTORY FROM t BEFORE SYSTEM_TIME '2020-01-01'"]);
    loses(dialect, "DELETE history FROM orders history JOIN u", "every row of orders");
}

#[test]
fn texts_of_sqlite_that_become_numbers_are_asked_about() {
    let rebuild = |create: &str, copy: &str| {
        lost(Dialect::Sqlite, &[create, copy, "DROP TABLE t", "ALTER TABLE n RENAME TO t"])
    };
    let not_copied = "columns of t that are not copied";
    assert_eq!(
        rebuild("CREATE TABLE n (id INTEGER, code TEXT)", "INSERT INTO n SELECT id, code FROM t"),
        ["what of id of t has no room in integer", not_copied]
    );
    assert_eq!(
        rebuild(
            "CREATE TABLE n (code INTEGER)",
            "INSERT INTO n (code) SELECT CAST(old.code AS text) FROM t old"
        ),
        [not_copied]
    );
    assert_eq!(
        rebuild("CREATE TABLE n (code INTEGER)", "INSERT INTO n SELECT * FROM t"),
        ["what of code of t has no room in integer"]
    );
    let mut losses = Losses::new(Dialect::Sqlite);
    losses.follow("ALTER TABLE t RENAME TO o");
    losses.follow("CREATE TABLE t (note TEXT, code INTEGER)");
    losses.follow("INSERT INTO t (code, note) SELECT CAST(code AS INTEGER), note FROM o");
    let found = losses.follow("DROP TABLE o");
    let [Loss::Conversion { table, column, cast: true, .. }, Loss::Rebuild { table: of, .. }] = &found[..]
    else {
        panic!("{found:?}")
    };
    assert_eq!((table.as_str(), column.as_str(), of.as_str()), ("t", "code", "t"));
}

#[test]
fn a_table_that_is_made_anew_twice_is_asked_about_by_its_first_name() {
    let mut losses = Losses::new(Dialect::Sqlite);
    for statement in [
        "CREATE TABLE n (a, b)",
        "INSERT INTO n SELECT a, b FROM t",
        "DROP TABLE t",
        "ALTER TABLE n RENAME TO t",
        "CREATE TABLE m (a)",
        "INSERT INTO m SELECT a FROM t",
    ] {
        losses.follow(statement);
    }
    let found = losses.follow("DROP TABLE t");
    let [Loss::Rebuild { table, .. }] = &found[..] else { panic!("{found:?}") };
    assert_eq!(table, "t");
}
