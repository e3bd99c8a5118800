mod on_the_way;

use super::*;
use crate::dialect::Dialect;

fn lost(dialect: Dialect, statements: &[&str]) -> Vec<String> {
    let mut losses = Losses::new(dialect);
    statements.iter().flat_map(|statement| losses.follow(statement)).map(|loss| loss.to_string()).collect()
}

fn loses(dialect: Dialect, statement: &str, what: &str) {
    assert!(may_lose(statement), "{statement}");
    assert_eq!(lost(dialect, &[statement]), [what], "{statement}");
}

fn loses_nothing(dialect: Dialect, statements: &[&str]) {
    assert_eq!(lost(dialect, statements), Vec::<String>::new(), "{statements:?}");
}

const ALL: [Dialect; 3] = [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql];

#[test]
fn what_every_dialect_deletes_is_told() {
    for dialect in ALL {
        loses(dialect, "DROP TABLE notes", "table notes and all of its rows");
        loses(dialect, "drop /* x */ table if exists app.notes", "table app.notes and all of its rows");
        loses(dialect, "DELETE FROM notes", "every row of notes");
        loses(dialect, "ALTER TABLE orders DROP COLUMN note", "column note of orders with what it holds");
        loses(dialect, "ALTER TABLE orders DROP note", "column note of orders with what it holds");
    }
}

#[test]
fn what_keeps_the_data_is_let_through() {
    for dialect in ALL {
        for statement in [
            "DELETE FROM notes WHERE id = 1",
            "DROP INDEX i",
            "DROP VIEW v",
            "DROP TRIGGER t",
            "ALTER TABLE orders DROP CONSTRAINT c",
            "ALTER TABLE orders RENAME COLUMN a TO b",
            "UPDATE orders SET note = 'DROP TABLE x'",
            "CREATE TABLE IF NOT EXISTS a (i int)",
            "INSERT INTO a VALUES ('DROP TABLE b')",
        ] {
            loses_nothing(dialect, &[statement]);
        }
    }
}

#[test]
fn postgresql_deletes_more() {
    let dialect = Dialect::Postgres;
    assert_eq!(
        lost(dialect, &["DROP TABLE a, app.\"B\" CASCADE"]),
        ["table a and all of its rows", "table app.B and all of its rows"]
    );
    assert_eq!(lost(dialect, &["TRUNCATE ONLY a, b * CASCADE"]), ["every row of a", "every row of b"]);
    assert_eq!(
        lost(dialect, &["ALTER TABLE IF EXISTS ONLY a ADD x int, DROP COLUMN IF EXISTS y CASCADE, DROP key"]),
        ["column y of a with what it holds", "column key of a with what it holds"]
    );
    loses(dialect, "DROP SCHEMA app CASCADE", "schema app and everything in it");
    loses(dialect, "DROP DATABASE shop", "database shop and everything in it");
    loses(dialect, "DROP OWNED BY app", "what belongs to app and everything in it");
    loses(dialect, "DROP TYPE mood CASCADE", "whatever uses type mood, columns with their values");
    loses(dialect, "DO $$ BEGIN DELETE FROM notes; END $$", "every row of notes");
    loses(dialect, "EXPLAIN (ANALYZE, VERBOSE) DELETE FROM notes", "every row of notes");
    loses(dialect, "PREPARE q AS DELETE FROM notes", "every row of notes");
    loses(
        dialect,
        "ALTER TYPE app.place ADD ATTRIBUTE z int, DROP ATTRIBUTE x CASCADE",
        "an attribute and its values of type app.place",
    );
    loses(dialect, "DO $$ BEGIN EXECUTE 'DELETE FROM notes'; END $$", "every row of notes");
    loses(
        dialect,
        "WITH x AS (DELETE FROM notes RETURNING *) INSERT INTO kept SELECT * FROM x",
        "every row of notes",
    );
    loses(dialect, "WITH x AS (SELECT 1 WHERE true) DELETE FROM notes", "every row of notes");
    loses_nothing(
        dialect,
        &[
            "DROP SCHEMA app",
            "DROP TYPE mood",
            "DROP MATERIALIZED VIEW v",
            "DROP FOREIGN TABLE f",
            "ALTER TABLE a ALTER b DROP DEFAULT, ALTER COLUMN c DROP NOT NULL, ALTER d DROP EXPRESSION",
            "ALTER TABLE a ALTER COLUMN b TYPE numeric(12, 2) USING (b + drop(1, 2))",
            "ALTER TABLE a DETACH PARTITION b",
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM notes'",
        ],
    );
}

#[test]
fn mysql_and_mariadb_delete_more() {
    let dialect = Dialect::Mysql;
    loses(dialect, "TRUNCATE notes", "every row of notes");
    loses(dialect, "DROP SCHEMA shop", "database shop and everything in it");
    loses(dialect, "ALTER TABLE a DROP PARTITION p1, p2", "partitions p1, p2 of a");
    loses(dialect, "ALTER TABLE a DROP SYSTEM VERSIONING", "the earlier versions of the rows of a");
    loses(dialect, "ALTER TABLE a TRUNCATE PARTITION p1", "every row of a");
    loses(dialect, "CREATE OR REPLACE TABLE a (i int)", "table a and all of its rows");
    loses(dialect, "ALTER TABLE a ENGINE=Blackhole", "every row of a");
    loses(dialect, "ALTER TABLE a ENGINE = MEMORY", "every row of a");
    loses(dialect, "ALTER IGNORE TABLE a ADD UNIQUE (b)", "rows that are equal in a new key of a");
    loses(dialect, "ALTER IGNORE TABLE a ADD PRIMARY KEY (b)", "rows that are equal in a new key of a");
    loses(dialect, "ANALYZE FORMAT=JSON DELETE FROM a", "every row of a");
    loses_nothing(
        dialect,
        &["ALTER IGNORE TABLE a ADD c int, ADD INDEX (c)", "ALTER TABLE a ENGINE=InnoDB", "ANALYZE TABLE a"],
    );
    loses(dialect, "/*!50001 DROP TABLE a */", "table a and all of its rows");
    loses(dialect, "DELETE n.* FROM notes n JOIN old o ON o.id = n.id", "every row of notes");
    assert_eq!(
        lost(dialect, &["CREATE PROCEDURE `p`() DROP TABLE a", "CALL p()"]),
        ["table a and all of its rows"]
    );
    loses_nothing(
        dialect,
        &[
            "ALTER TABLE a DROP INDEX i, DROP KEY k, DROP PRIMARY KEY, DROP FOREIGN KEY f, DROP CHECK c",
            "ALTER TABLE a MODIFY b text, CHANGE c d varchar(9)",
            "DROP TEMPORARY TABLE t",
            "DELETE FROM notes WHERE id < 9 LIMIT 3",
        ],
    );
}

#[test]
fn without_strict_mode_a_new_type_cuts_values() {
    let cut = "values of b that its new type can't hold of a";
    let modify = "ALTER TABLE a MODIFY b varchar(5)";
    for mode in [
        "SET sql_mode = ''",
        "SET SESSION sql_mode='NO_ENGINE_SUBSTITUTION'",
        "SET @@session.sql_mode = 'ANSI_QUOTES'",
        "SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO'",
        "SET sql_mode = REPLACE(@@sql_mode, 'STRICT_TRANS_TABLES', '')",
    ] {
        assert!(may_lose(mode), "{mode}");
        assert_eq!(lost(Dialect::Mysql, &[mode, modify]), [cut], "{mode}");
        assert_eq!(lost(Dialect::Mysql, &[mode, "ALTER TABLE a CHANGE b c int"]), [cut], "{mode}");
        loses_nothing(Dialect::Mysql, &[mode, "CREATE TABLE a (b text)", modify]);
        loses_nothing(Dialect::Mysql, &[mode, "ALTER TABLE a ADD b text", modify]);
        loses_nothing(Dialect::Mysql, &[mode, "SET SQL_MODE=@OLD_SQL_MODE", modify]);
        loses_nothing(Dialect::Mysql, &[mode, "SET sql_mode = DEFAULT", modify]);
    }
    loses_nothing(Dialect::Mysql, &["SET sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES'", modify]);
    loses_nothing(Dialect::Mysql, &["SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')", modify]);
    loses_nothing(Dialect::Mysql, &[modify]);
}

#[test]
fn an_update_that_replaces_deletes_what_is_in_the_way() {
    let dialect = Dialect::Sqlite;
    loses(dialect, "UPDATE OR REPLACE a SET b = 1 WHERE c = 2", "rows that are equal in a key of a");
    loses_nothing(dialect, &["UPDATE OR IGNORE a SET b = 1", "UPDATE a SET b = replace(b, 'x', 'y')"]);
    loses_nothing(dialect, &["CREATE TABLE a (b int)", "UPDATE OR REPLACE a SET b = 1"]);
}

#[test]
fn a_table_without_the_rows_of_another_is_no_copy_of_it() {
    let dropped = "table a and all of its rows";
    for copy in ["CREATE TABLE n AS SELECT * FROM a WITH NO DATA", "CREATE TABLE n AS TABLE a WITH NO DATA"] {
        assert_eq!(lost(Dialect::Postgres, &[copy, "DROP TABLE a"]), [dropped], "{copy}");
    }
    loses_nothing(Dialect::Postgres, &["CREATE TABLE n AS TABLE a WITH DATA", "DROP TABLE a"]);
}

#[test]
fn what_the_run_has_made_itself_may_go_again() {
    for dialect in ALL {
        loses_nothing(dialect, &["CREATE TABLE a (i int)", "DELETE FROM a", "DROP TABLE a"]);
        loses_nothing(dialect, &["CREATE TABLE a (i int)", "ALTER TABLE a RENAME TO b", "DROP TABLE b"]);
        loses_nothing(dialect, &["ALTER TABLE a ADD COLUMN b int", "ALTER TABLE a DROP COLUMN b"]);
        assert_eq!(lost(dialect, &["CREATE TABLE IF NOT EXISTS a (i int)", "DROP TABLE a"]).len(), 1);
        assert_eq!(lost(dialect, &["CREATE TABLE a (i int)", "DROP TABLE a", "DROP TABLE a"]).len(), 1);
    }
    loses_nothing(Dialect::Mysql, &["CREATE TABLE a (i int)", "RENAME TABLE a TO c.b", "DROP TABLE c.b"]);
    loses_nothing(Dialect::Sqlite, &["CREATE TABLE main.[A b] (i)", "DROP TABLE \"a B\""]);
}

#[test]
fn a_name_that_old_data_has_taken_is_not_new_any_more() {
    for dialect in ALL {
        let statements =
            ["CREATE TABLE a (i int)", "DROP TABLE a", "ALTER TABLE orders RENAME TO a", "DROP TABLE a"];
        assert_eq!(lost(dialect, &statements), ["table a and all of its rows"]);
    }
}

#[test]
fn a_table_whose_rows_were_copied_is_only_made_anew() {
    let rebuild = |select: &str| {
        lost(
            Dialect::Sqlite,
            &[
                "ALTER TABLE orders RENAME COLUMN amount TO total",
                "CREATE TABLE orders_new (id INTEGER PRIMARY KEY, total)",
                select,
                "DROP TABLE orders",
                "ALTER TABLE orders_new RENAME TO orders",
            ],
        )
    };
    assert_eq!(rebuild("INSERT INTO orders_new SELECT * FROM orders"), Vec::<String>::new());
    let not_copied = ["columns of orders that are not copied"];
    assert_eq!(rebuild("INSERT INTO orders_new (id, total) SELECT id, total FROM orders"), not_copied);
    let gone = ["table orders and all of its rows"];
    assert_eq!(rebuild("INSERT INTO orders_new SELECT * FROM orders WHERE id > 3"), gone);
    assert_eq!(rebuild("INSERT OR IGNORE INTO orders_new SELECT * FROM orders"), gone);

    let mut losses = Losses::new(Dialect::Sqlite);
    losses.follow("ALTER TABLE orders RENAME COLUMN amount TO total");
    losses.follow("CREATE TABLE n (id, total)");
    losses.follow("INSERT INTO n (id, total) SELECT id, total FROM orders");
    let found = losses.follow("DROP TABLE orders");
    let [Loss::Rebuild { kept, .. }] = &found[..] else { panic!("{found:?}") };
    assert!(kept.contains(&"amount".to_owned()) && !kept.contains(&"total".to_owned()), "{kept:?}");
    // What took its place has its rows.
    losses.follow("ALTER TABLE n RENAME TO orders");
    assert_eq!(losses.follow("DROP TABLE orders").len(), 1);
}

#[test]
fn only_what_is_selected_is_kept() {
    for dialect in ALL {
        let mut losses = Losses::new(dialect);
        losses.follow("CREATE TABLE n (id text, note varchar(9))");
        losses.follow("INSERT INTO n (id, note) SELECT id, '' FROM orders");
        let found = losses.follow("DROP TABLE orders");
        let [Loss::Rebuild { kept, .. }] = &found[..] else { panic!("{found:?}") };
        assert_eq!(kept, &["id"]);
        assert_eq!(
            lost(dialect, &["CREATE TABLE n AS SELECT DISTINCT * FROM orders", "DROP TABLE orders"]),
            ["table orders and all of its rows"]
        );
        loses_nothing(dialect, &["CREATE TABLE n AS SELECT * FROM orders", "DROP TABLE orders"]);
        loses_nothing(
            dialect,
            &["CREATE TABLE n (id text)", "INSERT INTO n (SELECT * FROM orders)", "DROP TABLE orders"],
        );
    }
}

#[test]
fn a_condition_that_always_holds_is_none() {
    for dialect in ALL {
        loses(dialect, "DELETE FROM notes WHERE true", "every row of notes");
        loses(dialect, "DELETE FROM notes WHERE 1 = 1", "every row of notes");
    }
}

#[test]
fn a_name_follows_its_table_and_its_column() {
    let postgres = ["CREATE TABLE a (i int)", "ALTER TABLE a SET SCHEMA app", "DROP TABLE app.a"];
    loses_nothing(Dialect::Postgres, &postgres);
    let mysql = ["ALTER TABLE a ADD b int", "ALTER TABLE a CHANGE b c text", "ALTER TABLE a DROP c"];
    loses_nothing(Dialect::Mysql, &mysql);
    assert_eq!(
        lost(Dialect::Mysql, &["ALTER TABLE a CHANGE b c text", "ALTER TABLE a DROP c"]),
        ["column c of a with what it holds"]
    );
    loses(
        Dialect::Mysql,
        "SET STATEMENT max_statement_time = 1 FOR ALTER TABLE a DROP b",
        "column b of a with what it holds",
    );
}

#[test]
fn what_sqlite_keeps_of_its_tables_is_no_table_like_others() {
    let dialect = Dialect::Sqlite;
    loses(
        dialect,
        "DELETE FROM sqlite_master WHERE name = 'notes'",
        "tables with their rows, by the entries of sqlite_master",
    );
    loses_nothing(dialect, &["DELETE FROM sqlite_sequence WHERE name = 'notes'"]);
}

#[test]
fn a_table_of_this_run_is_no_other_of_its_name() {
    for (dialect, statements, loss) in [
        (
            Dialect::Mysql,
            ["CREATE TABLE T (id int)", "DROP TABLE t"].as_slice(),
            "table t and all of its rows",
        ),
        (
            Dialect::Mysql,
            &["CREATE TEMPORARY TABLE t (id int)", "DROP TEMPORARY TABLE t", "DROP TABLE t"],
            "table t and all of its rows",
        ),
        (
            Dialect::Mysql,
            &["CREATE TEMPORARY TABLE n (id int)", "ALTER TABLE n RENAME TO t", "DROP TABLE t", "TRUNCATE t"],
            "every row of t",
        ),
        (
            Dialect::Mysql,
            &["USE x", "CREATE TABLE t (id int)", "USE main", "DROP TABLE t"],
            "table t and all of its rows",
        ),
        (
            Dialect::Mysql,
            &["CREATE TABLE all_of_it (id int) ENGINE=MERGE UNION=(a, b)", "DELETE FROM all_of_it"],
            "every row of all_of_it",
        ),
        (Dialect::Mysql, &["CREATE TABLE n (id int)", "DELETE n, u FROM n JOIN t AS u"], "every row of t"),
        (
            Dialect::Mysql,
            &["CREATE TABLE n (id int)", "ALTER TABLE r EXCHANGE PARTITION p WITH TABLE n", "DROP TABLE n"],
            "table n and all of its rows",
        ),
        (
            Dialect::Sqlite,
            &["CREATE TEMP TABLE t (id int)", "DROP TABLE main.t"],
            "table main.t and all of its rows",
        ),
        (
            Dialect::Sqlite,
            &["CREATE TEMP TABLE t (id int)", "DROP TABLE temp.t", "DELETE FROM t"],
            "every row of t",
        ),
        (
            Dialect::Postgres,
            &["SET search_path = o", "CREATE TABLE t ()", "SET search_path = public", "DROP TABLE t"],
            "table t and all of its rows",
        ),
    ] {
        assert_eq!(lost(dialect, statements), [loss], "{statements:?}");
    }
    loses_nothing(Dialect::Mysql, &["CREATE TEMPORARY TABLE t (id int)", "DELETE FROM t", "DROP TABLE t"]);
    loses_nothing(Dialect::Sqlite, &["CREATE TEMP TABLE t (id int)", "DELETE FROM temp.t", "DROP TABLE t"]);
}

#[test]
fn a_copy_that_does_not_hold_all_rows_is_none() {
    let table = "table t and all of its rows";
    for copied in [
        ["CREATE TABLE n (id, a)", "INSERT INTO n SELECT max(id), a FROM t", ""],
        ["CREATE TABLE n (id, a)", "INSERT INTO n SELECT coalesce(count(*), 0), a FROM t", ""],
        ["CREATE TABLE n (id, a)", "INSERT INTO n SELECT * FROM t", "DELETE FROM n"],
        ["CREATE TABLE n (id, a)", "INSERT INTO n SELECT * FROM t", "ALTER TABLE n DROP COLUMN a"],
        ["CREATE TABLE n (id, a)", "INSERT INTO n SELECT * FROM t", "DROP TABLE n"],
        ["CREATE TABLE n (id UNIQUE ON CONFLICT IGNORE, a)", "INSERT INTO n SELECT * FROM t", ""],
        ["CREATE TABLE n (id NOT NULL ON CONFLICT REPLACE, a)", "INSERT INTO n SELECT * FROM t", ""],
        ["CREATE TEMP TABLE n AS SELECT * FROM t", "", ""],
    ] {
        let statements = [copied[0], copied[1], copied[2], "DROP TABLE t", "ALTER TABLE n RENAME TO t"];
        assert_eq!(lost(Dialect::Sqlite, &statements), [table], "{statements:?}");
    }
    for copied in [
        ["SELECT id, (SELECT max(a) FROM u) FROM t", ""],
        ["SELECT id, max(a, 0) FROM t", ""],
        ["SELECT id, count(*) OVER () FROM t", ""],
        ["SELECT id, a FROM t", "ALTER TABLE n ADD b"],
    ] {
        let copy = format!("INSERT INTO n {}", copied[0]);
        let statements =
            ["CREATE TABLE n (id, a)", &copy, copied[1], "DROP TABLE t", "ALTER TABLE n RENAME TO t"];
        assert!(lost(Dialect::Sqlite, &statements)[0].starts_with("columns of t"), "{statements:?}");
    }
}

#[test]
fn what_deletes_within_another_statement_is_told() {
    for statement in [
        "CREATE TABLE n AS WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d",
        "EXPLAIN ANALYZE CREATE TABLE n AS WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d",
        "COPY (DELETE FROM t RETURNING *) TO '/tmp/t'",
        "DO $$ DECLARE r record; BEGIN FOR r IN DELETE FROM t RETURNING * LOOP NULL; END LOOP; END $$",
        "DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE $q$DELETE FROM t$q$ LOOP NULL; END LOOP; END $$",
    ] {
        loses(Dialect::Postgres, statement, "every row of t");
    }
    let returns = "CREATE FUNCTION g() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY DELETE FROM t \
                   RETURNING n; END $$";
    assert_eq!(lost(Dialect::Postgres, &[returns, "SELECT * FROM g()"]), ["every row of t"]);
    let function = "CREATE FUNCTION f() RETURNS int BEGIN DELETE FROM t; RETURN 1; END";
    for call in ["DO f()", "SET @x = f()", "SELECT f()"] {
        assert_eq!(lost(Dialect::Mysql, &[function, call]), ["every row of t"], "{call}");
    }
}

#[test]
fn what_is_made_to_fit_is_told() {
    let unfit = "rows and values that what it becomes can't hold of t";
    for statements in [
        ["SET sql_mode = ''", "ALTER TABLE t CONVERT TO CHARACTER SET latin1"].as_slice(),
        &["SET sql_mode = ''", "ALTER TABLE t ADD PRIMARY KEY (a)"],
        &["ALTER IGNORE TABLE t PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (5))"],
        &["ALTER IGNORE TABLE t CONVERT TO CHARACTER SET latin1"],
    ] {
        assert_eq!(lost(Dialect::Mysql, statements), [unfit], "{statements:?}");
    }
    let values = "values of b that its new type can't hold of t";
    for statement in [
        "ALTER IGNORE TABLE t MODIFY b varchar(1)",
        "SET STATEMENT sql_mode='' FOR ALTER TABLE t MODIFY b varchar(1)",
    ] {
        assert_eq!(lost(Dialect::Mysql, &[statement]), [values], "{statement}");
    }
    let after = ["SET STATEMENT sql_mode='' FOR SELECT 1", "ALTER TABLE t MODIFY b varchar(1)"];
    loses_nothing(Dialect::Mysql, &after);
}

#[test]
fn a_type_that_values_may_not_fit_is_asked_about() {
    let (postgres, mysql) = (Dialect::Postgres, Dialect::Mysql);
    loses(postgres, "ALTER TABLE a ALTER b TYPE numeric(9,2)", "what of b of a has no room in numeric(9,2)");
    loses(mysql, "ALTER TABLE a CHANGE b c datetime", "what of b of a has no room in datetime");
    let renamed = ["ALTER TABLE a RENAME b TO c", "ALTER TABLE a ALTER c TYPE date"];
    assert_eq!(lost(postgres, &renamed), ["what of b of a has no room in date"]);
    loses_nothing(postgres, &["ALTER TABLE a ALTER b TYPE integer USING (b * 100)::integer"]);
    loses_nothing(postgres, &["ALTER TABLE a ALTER b TYPE text", "ALTER TABLE a ALTER c TYPE jsonb"]);
    loses_nothing(postgres, &["CREATE TABLE a (b numeric)", "ALTER TABLE a ALTER b TYPE integer"]);
    loses_nothing(mysql, &["ALTER TABLE a ADD b double", "ALTER TABLE a MODIFY b int"]);
}

#[test]
fn a_copy_with_an_outer_join_has_every_row_however_that_is_joined() {
    for join in ["LEFT JOIN u ON u.id = t.id", "LEFT OUTER JOIN u USING (id)"] {
        for dialect in ALL {
            let copy = format!("INSERT INTO n SELECT * FROM t {join}");
            loses_nothing(dialect, &["CREATE TABLE n (id text)", &copy, "DROP TABLE t"]);
        }
    }
}
