use super::*;

fn texts(dialect: Dialect, text: &str, earlier: &[&str]) -> Vec<String> {
    let found = within(dialect, text, earlier);
    for inner in found.iter().filter(|inner| inner.verbatim) {
        assert_eq!(&text[inner.span.clone()], inner.text);
    }
    found.into_iter().map(|inner| inner.text).collect()
}

#[test]
fn the_body_of_a_do_is_read() {
    let found = |text| texts(Dialect::Postgres, text, &[]);
    assert_eq!(
        found("DO $$ BEGIN ALTER TABLE a ADD b int; EXCEPTION WHEN duplicate_column THEN null; END $$;"),
        ["ALTER TABLE a ADD b int"]
    );
    assert_eq!(
        found(
            "DO LANGUAGE plpgsql $x$ DECLARE r record; drop_it bool := true; BEGIN <<l>> FOR r IN SELECT 1 LOOP \
               UPDATE a SET b = CASE WHEN c THEN 1 ELSE 2 END; END LOOP; IF drop_it THEN DROP TABLE a; ELSE TRUNCATE b; END IF; END $x$"
        ),
        ["UPDATE a SET b = CASE WHEN c THEN 1 ELSE 2 END", "DROP TABLE a", "TRUNCATE b"]
    );
    assert_eq!(
        found("DO 'BEGIN DROP TABLE \"a\"; EXECUTE ''DROP TABLE b''; END'"),
        ["DROP TABLE \"a\"", "DROP TABLE b"]
    );
}

#[test]
fn what_runs_to_be_measured_or_is_prepared_is_read() {
    let postgres = |text: &str| texts(Dialect::Postgres, text, &[]);
    for text in [
        "EXPLAIN ANALYZE DELETE FROM t ",
        "explain analyse verbose DELETE FROM t",
        "EXPLAIN (ANALYZE, BUFFERS) DELETE FROM t",
        "EXPLAIN (COSTS OFF, ANALYZE true) DELETE FROM t",
        "PREPARE q AS DELETE FROM t",
        "PREPARE q (int, text) AS DELETE FROM t",
    ] {
        assert_eq!(postgres(text), ["DELETE FROM t"], "{text}");
    }
    for text in [
        "EXPLAIN DELETE FROM t",
        "EXPLAIN (ANALYZE off) DELETE FROM t",
        "ANALYZE t",
        "EXPLAIN (ANALYZE",
        "PREPARE q AS",
    ] {
        assert_eq!(postgres(text), [""; 0], "{text}");
    }
    let mysql = |text: &str| texts(Dialect::Mysql, text, &[]);
    for text in
        ["ANALYZE DELETE FROM t", "ANALYZE FORMAT=JSON DELETE FROM t", "EXPLAIN ANALYZE DELETE FROM t"]
    {
        assert_eq!(mysql(text), ["DELETE FROM t"], "{text}");
    }
    for text in ["ANALYZE TABLE t", "EXPLAIN DELETE FROM t", "EXPLAIN FORMAT=JSON DELETE FROM t"] {
        assert_eq!(mysql(text), [""; 0], "{text}");
    }
    assert_eq!(texts(Dialect::Sqlite, "EXPLAIN DELETE FROM t", &[]), [""; 0]);
}

#[test]
fn a_function_of_standard_sql_is_read_when_it_is_called() {
    let made = "CREATE FUNCTION z(a text DEFAULT 'x') RETURNS void BEGIN ATOMIC DELETE FROM t; SELECT 1; END";
    assert_eq!(texts(Dialect::Postgres, "SELECT z()", &[made]), ["DELETE FROM t"]);
}

#[test]
fn what_is_put_together_is_read_as_far_as_it_is_known() {
    let found = |text: &str| texts(Dialect::Postgres, text, &[]);
    let body = |step: &str| format!("DO $$ BEGIN {step}; END $$");
    assert_eq!(
        found(&body("EXECUTE 'DROP TABLE ' || quote_ident(t) || ' CASCADE'")),
        ["DROP TABLE … CASCADE"]
    );
    assert_eq!(
        found(&body("EXECUTE format('ALTER TABLE %I.%I DROP COLUMN x', s, t) USING a")),
        ["ALTER TABLE ….… DROP COLUMN x"]
    );
    assert_eq!(found(&body("q := 'DROP TABLE a'; EXECUTE q")), ["DROP TABLE a"]);
    assert_eq!(found(&body("EXECUTE q")), [""; 0]);
}

#[test]
fn a_variable_of_mysql_is_looked_up() {
    let found = |text, earlier: &[&str]| texts(Dialect::Mysql, text, earlier);
    assert_eq!(found("PREPARE s FROM 'DROP TABLE `a`'", &[]), ["DROP TABLE `a`"]);
    assert_eq!(found("EXECUTE IMMEDIATE 'DROP TABLE a'", &[]), ["DROP TABLE a"]);
    let set =
        "SET @q = IF((SELECT count(*) FROM c WHERE t = 'drop') > 0, 'ALTER TABLE t DROP c', 'SELECT 1')";
    assert_eq!(found("PREPARE s FROM @q", &[set]), ["ALTER TABLE t DROP c"]);
    let select = "SELECT CONCAT('DROP TABLE ', name) INTO @q FROM t";
    assert_eq!(found("PREPARE s FROM @q", &[select]), ["DROP TABLE …"]);
    assert_eq!(found("PREPARE s FROM @`Q`", &["SET @q = 'DROP TABLE a'"]), ["DROP TABLE a"]);
    assert_eq!(found("PREPARE s FROM @q", &["SET @a = 1, @`q` := 'DROP TABLE a'"]), ["DROP TABLE a"]);
    assert_eq!(found("PREPARE s FROM @q", &["SET @r = 'DROP TABLE a'"]), [""; 0]);
}

#[test]
fn a_routine_that_is_called_is_read() {
    let made =
        "CREATE PROCEDURE up() BEGIN IF NOT EXISTS (SELECT 1) THEN ALTER TABLE t ADD c int; END IF; END";
    assert_eq!(texts(Dialect::Mysql, "CALL up()", &[made]), ["ALTER TABLE t ADD c int"]);
    assert_eq!(texts(Dialect::Mysql, "CALL down()", &[made]), [""; 0]);
    assert_eq!(texts(Dialect::Mysql, made, &[]), [""; 0]);
    let made = "CREATE FUNCTION a.up() RETURNS void LANGUAGE sql AS $$ DROP TABLE t; DROP TABLE u $$";
    assert_eq!(texts(Dialect::Postgres, "SELECT a.up()", &[made]), ["DROP TABLE t", "DROP TABLE u"]);
}

#[test]
fn a_routine_is_known_by_its_name_however_that_is_quoted() {
    let body = "BEGIN DROP TABLE t; END";
    for (made, called, expected) in [
        ("CREATE PROCEDURE p()", "CALL `p`()", true),
        ("CREATE DEFINER=`a`@`%` PROCEDURE IF NOT EXISTS `s`.`P` ()", "CALL s.p", true),
        ("CREATE PROCEDURE `p``q`()", "CALL `p``q`()", true),
        ("CREATE PROCEDURE `p``q`()", "CALL p()", false),
    ] {
        let made = format!("{made} {body}");
        assert_eq!(!texts(Dialect::Mysql, called, &[&made]).is_empty(), expected, "{made}; {called}");
    }
    for (made, called, expected) in
        [("Up", "\"up\"", true), ("\"Up\"", "public.\"Up\"", true), ("\"Up\"", "up", false)]
    {
        let made = format!("CREATE PROCEDURE {made}() LANGUAGE plpgsql AS $$ {body} $$");
        let found = texts(Dialect::Postgres, &format!("CALL {called}()"), &[&made]);
        assert_eq!(!found.is_empty(), expected, "{made}; {called}");
    }
}

#[test]
fn the_body_of_a_routine_may_be_one_statement() {
    let found = |made| texts(Dialect::Mysql, "CALL p()", &[made]);
    assert_eq!(found("CREATE PROCEDURE p() DROP TABLE t"), ["DROP TABLE t"]);
    assert_eq!(
        found(
            "CREATE PROCEDURE p(IN i int) COMMENT 'DROP TABLE u' MODIFIES SQL DATA DELETE FROM t WHERE a = i"
        ),
        ["DELETE FROM t WHERE a = i"]
    );
    assert_eq!(
        found("CREATE PROCEDURE p() IF 1 THEN TRUNCATE t; ELSE DROP TABLE u; END IF"),
        ["TRUNCATE t", "DROP TABLE u"]
    );
}

#[test]
fn what_a_with_changes_on_the_side_is_read() {
    let found = |text| texts(Dialect::Postgres, text, &[]);
    assert_eq!(
        found("WITH gone AS (DELETE FROM t RETURNING *) INSERT INTO a SELECT * FROM gone"),
        ["DELETE FROM t RETURNING *"]
    );
    assert_eq!(found("WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone"), [""; 0]);
    assert_eq!(found("WITH a AS (UPDATE t SET b = (1)), c AS (DELETE FROM u) SELECT 1"), ["DELETE FROM u"]);
}

#[test]
fn a_block_of_mariadb_is_read() {
    let text = "BEGIN NOT ATOMIC DECLARE n int DEFAULT 0; IF n = 0 THEN DROP TABLE a; END IF; END";
    assert_eq!(texts(Dialect::Mysql, text, &[]), ["DROP TABLE a"]);
}

#[test]
fn what_another_statement_has_in_it_is_read() {
    let postgres = |text: &str| texts(Dialect::Postgres, text, &[]);
    let changes = "WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d";
    for made in ["CREATE TABLE n AS", "CREATE TEMP TABLE n (a) ON COMMIT DROP AS"] {
        assert_eq!(postgres(&format!("{made} {changes}")), [changes]);
    }
    assert_eq!(postgres("COPY (DELETE FROM t RETURNING *) TO '/tmp/t'"), ["DELETE FROM t RETURNING *"]);
    let body = |step: &str| postgres(&format!("DO $$ BEGIN {step}; END $$"));
    assert_eq!(body("FOR r IN DELETE FROM t RETURNING * LOOP NULL; END LOOP"), ["DELETE FROM t RETURNING *"]);
    assert_eq!(body("FOR r IN EXECUTE 'DELETE FROM t' LOOP NULL; END LOOP"), ["DELETE FROM t"]);
    assert_eq!(body("FOR i IN 1..3 LOOP DELETE FROM t; END LOOP"), ["DELETE FROM t"]);
    assert_eq!(body("RETURN QUERY DELETE FROM t RETURNING a"), ["DELETE FROM t RETURNING a"]);
    assert_eq!(body("RETURN QUERY EXECUTE 'DELETE FROM t'"), ["DELETE FROM t"]);
    let mysql = |text: &str| {
        texts(Dialect::Mysql, text, &["CREATE FUNCTION f() RETURNS int BEGIN DELETE FROM t; RETURN 1; END"])
    };
    assert_eq!(mysql("DO f()"), ["DELETE FROM t"]);
    assert_eq!(mysql("SET @a = f()"), ["DELETE FROM t"]);
}
