use crate::{
    dialect::Dialect,
    sql::{SqlErrorKind, split},
};

/// Each statement comes out whole from between two others.
fn assert_whole(statements: &[&str]) {
    for statement in statements {
        let source = format!("SELECT 1; {statement} ;SELECT 2");
        let found = split(Dialect::Mysql, &source).unwrap_or_else(|error| panic!("{statement}: {error}"));
        let texts: Vec<&str> = found.iter().map(|statement| statement.text).collect();
        assert_eq!(texts, ["SELECT 1", *statement, "SELECT 2"]);
    }
}

#[test]
fn routines_end_at_the_end_of_their_body() {
    assert_whole(&[
        "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END",
        "CREATE DEFINER=`root`@`%` PROCEDURE IF NOT EXISTS d.p(IN begin INT, OUT x SET('a;')) COMMENT 'x;' \
         SQL SECURITY INVOKER main: BEGIN SELECT 1; LEAVE main; END main",
        "CREATE DEFINER = CURRENT_USER() FUNCTION f(a INT) RETURNS VARCHAR(10) CHARACTER SET utf8mb4 \
         DETERMINISTIC BEGIN RETURN CASE a WHEN 1 THEN 'x' ELSE 'y' END; END",
        "CREATE OR REPLACE DEFINER=trigger@localhost TRIGGER t AFTER UPDATE ON a FOR EACH ROW FOLLOWS begin BEGIN \
         SET NEW.end = OLD.end; INSERT INTO b(start, end) VALUES (1, end); END",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW PRECEDES `x;` SET NEW.b = IF(NEW.b IS NULL, 1, 2)",
        "CREATE EVENT IF NOT EXISTS e ON SCHEDULE EVERY 1 DAY STARTS NOW() ON COMPLETION NOT PRESERVE DO BEGIN \
         DELETE FROM a; DELETE FROM b; END",
        "ALTER EVENT e DO BEGIN SELECT 1; END",
        "ALTER DEFINER = u EVENT e ON SCHEDULE EVERY 1 HOUR",
        "CREATE AGGREGATE FUNCTION IF NOT EXISTS f(x INT) RETURNS INT BEGIN DECLARE s INT DEFAULT 0; \
         DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN s; LOOP FETCH GROUP NEXT ROW; SET s = s + x; END LOOP; END",
        "CREATE FUNCTION f RETURNS STRING SONAME 'x.so'",
        "/*!50003 CREATE*/ /*!50020 DEFINER=`a`@`b`*/ /*!50003 FUNCTION `f`() RETURNS int\nBEGIN RETURN 1; END */",
    ]);
}

#[test]
fn compound_statements_nest() {
    assert_whole(&[
        "CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; ELSEIF b THEN BEGIN SELECT 2; END; ELSE SELECT 3; END IF; END",
        "CREATE PROCEDURE p() BEGIN IF (a > 1) THEN SELECT IF(a, 1, 2); END IF; IF IF(a, b, c) THEN SELECT 1; END IF; END",
        "CREATE PROCEDURE p() BEGIN CASE a WHEN 1 THEN SELECT 1; WHEN 2 THEN BEGIN END; ELSE BEGIN END; END CASE; END",
        "CREATE PROCEDURE p() BEGIN CASE WHEN CASE a WHEN 1 THEN 2 END = 2 THEN SELECT 1; END CASE; SELECT 2; END",
        "CREATE PROCEDURE p() BEGIN l: LOOP SET i = i + 1; IF i > 9 THEN LEAVE l; END IF; ITERATE l; END LOOP l; END",
        "CREATE PROCEDURE p() BEGIN WHILE i < CASE WHEN a THEN 1 ELSE 2 END DO SET i = 1; DO SLEEP(1); END WHILE; END",
        "CREATE PROCEDURE p() BEGIN `r`: REPEAT SET s = REPEAT('a', 3); UNTIL i > CASE WHEN 1 THEN 2 END END REPEAT; END",
        "CREATE PROCEDURE p() BEGIN REPEAT SET a = 1; UNTIL end = end END REPEAT; SELECT end FROM t; END",
        "CREATE PROCEDURE p() BEGIN FOR i IN REVERSE 1..3 DO SELECT i; END FOR; FOR r IN (SELECT 1) DO SELECT r.a; END FOR; END",
        "CREATE PROCEDURE p() BEGIN DECLARE c CURSOR FOR SELECT 1; DECLARE EXIT HANDLER FOR SQLSTATE VALUE '23000', \
         1062, NOT FOUND, SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END; START TRANSACTION; COMMIT; END",
        "CREATE PROCEDURE p() BEGIN DECLARE x CONDITION FOR 1051; DECLARE CONTINUE HANDLER FOR x SET @a = 1; \
         DECLARE CONTINUE HANDLER FOR SQLWARNING IF a THEN SET b = 1; END IF; SELECT 1; END",
        "CREATE PROCEDURE p() BEGIN XA BEGIN 'x'; XA END 'x'; START TRANSACTION; END",
        "CREATE PROCEDURE p() BEGIN DROP TABLE IF EXISTS a; CREATE TABLE IF NOT EXISTS a (b INT); DROP TABLE IF EXISTS c; END",
        "CREATE PROCEDURE p() BEGIN IF NOT EXISTS (SELECT 1) THEN INSERT INTO a VALUES (1); END IF; END",
        "CREATE PROCEDURE p() BEGIN SELECT CASE WHEN end THEN end ELSE end END AS end, t.case, t.end FROM t; END",
        "CREATE PROCEDURE p() BEGIN (SELECT 1) UNION (SELECT 2); BEGIN END; a: BEGIN END a; END",
    ]);
}

#[test]
fn a_body_of_one_statement_ends_at_the_first_semicolon() {
    assert_whole(&[
        "CREATE PROCEDURE p() SELECT 1",
        "CREATE PROCEDURE p() SELECT IF(a, 1, 2), REPEAT('x', 3) FROM b",
        "CREATE PROCEDURE p() SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'x'",
        "CREATE PROCEDURE p() IF a THEN SELECT 1; END IF",
        "CREATE PROCEDURE p() IF NOT EXISTS (SELECT 1) THEN SELECT 1; END IF",
        "CREATE PROCEDURE p() l: LOOP SELECT 1; LEAVE l; END LOOP",
        "CREATE PROCEDURE p() CASE a WHEN 1 THEN SELECT 1; END CASE",
        "CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN IF(1, 2, 3)",
        "CREATE FUNCTION f(a INT) RETURNS SET('a') RETURN CASE WHEN a IS NULL THEN 1 ELSE 2 END",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.end = CASE WHEN 1 THEN 2 END",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF NEW.a THEN SET NEW.b = 1; END IF",
        "CREATE EVENT e ON SCHEDULE AT NOW() + INTERVAL CASE WHEN 1 THEN 2 END DAY DO DELETE FROM a",
    ]);
}

#[test]
fn what_only_looks_compound_is_not() {
    assert_whole(&[
        "BEGIN",
        "BEGIN WORK",
        "XA BEGIN 'x'",
        "XA END 'x'",
        "START TRANSACTION",
        "CREATE TABLE IF NOT EXISTS begin (end INT, `if` INT)",
        "CREATE TABLE event (trigger_name TEXT)",
        "CREATE VIEW v AS SELECT IF(a, CASE WHEN b THEN 1 END, 2) AS end FROM t",
        "CREATE INDEX event ON a (b)",
        "CREATE USER procedure@localhost",
        "CREATE DATABASE d",
        "DROP PROCEDURE IF EXISTS p",
        "ALTER TABLE a ADD COLUMN begin INT",
        "ALTER PROCEDURE p COMMENT 'x'",
        "INSERT INTO a SELECT REPEAT('x', 3), IF(1, 2, 3)",
        "UPDATE a SET end = 1 WHERE begin = 2",
        "DO SLEEP(1)",
        "SET @begin = 1",
        "GRANT EVENT, TRIGGER ON d.* TO u",
    ]);
}

#[test]
fn mariadbs_compound_statements_need_no_routine() {
    assert_whole(&[
        "BEGIN NOT ATOMIC DECLARE x INT; SET x = 1; IF x THEN SELECT x; END IF; END",
        "CREATE PROCEDURE p() BEGIN NOT ATOMIC SELECT 1; SELECT 2; END",
        "CREATE PROCEDURE p() BEGIN BEGIN NOT ATOMIC SELECT 1; END; SELECT 2; END",
        "IF (SELECT 1) THEN SELECT 2; ELSE SELECT 3; END IF",
        "WHILE @a < 3 DO SET @a = @a + 1; END WHILE",
        "LOOP SELECT 1; END LOOP",
        "REPEAT SELECT 1; UNTIL 1 END REPEAT",
        "FOR i IN 1..3 DO INSERT INTO a VALUES (i); END FOR",
        "CASE @a WHEN 1 THEN SELECT 1; ELSE SELECT 2; END CASE",
    ]);
}

#[test]
fn oracle_mode_and_packages_are_read() {
    assert_whole(&[
        "CREATE PROCEDURE p(a INT) AS x INT; y INT := 2; BEGIN SELECT 1; END",
        "CREATE OR REPLACE FUNCTION f(a INT) RETURN INT AS BEGIN RETURN a; END",
        "CREATE PROCEDURE p IS BEGIN SELECT 1; EXCEPTION WHEN OTHERS THEN SELECT 2; END",
        "CREATE PROCEDURE p AS BEGIN FOR i IN 1..3 LOOP SELECT i; END LOOP; WHILE a LOOP SELECT 1; END LOOP; END",
        "CREATE PACKAGE a AS PROCEDURE p(x INT); FUNCTION f RETURN INT; END",
        "CREATE PACKAGE BODY a AS v INT := 1; PROCEDURE p(x INT) AS y INT; BEGIN SELECT x; END; \
         FUNCTION f RETURN INT AS BEGIN RETURN 1; END; BEGIN SET v = 2; END",
        "CREATE OR REPLACE PACKAGE BODY a AS PROCEDURE p AS BEGIN NULL; END p; END a",
        "CREATE PACKAGE IF NOT EXISTS a PROCEDURE p(); FUNCTION f() RETURNS INT; END",
        "CREATE PACKAGE BODY a FUNCTION f() RETURNS INT BEGIN RETURN 1; END; PROCEDURE p() BEGIN SELECT 1; END; END",
        "DECLARE x INT; BEGIN SELECT x; END",
    ]);
}

#[test]
fn what_is_never_closed_is_refused_where_it_opens() {
    for (source, word, column) in [
        ("CREATE PROCEDURE p() BEGIN SELECT 1;", "BEGIN", 22),
        ("CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; END;", "BEGIN", 22),
        ("CREATE PROCEDURE p() BEGIN WHILE a DO SELECT 1;", "WHILE", 28),
        ("BEGIN NOT ATOMIC SELECT 1", "BEGIN", 1),
        ("CREATE PACKAGE p AS PROCEDURE q();", "AS", 18),
    ] {
        let error = split(Dialect::Mysql, source).unwrap_err();
        assert_eq!((error.kind, error.column), (SqlErrorKind::UnterminatedBlock(word), column), "{source}");
    }
    // Somebody who sets a delimiter knows where the statement ends.
    let source = "DELIMITER //\nCREATE PROCEDURE p() BEGIN IF a THEN //\nDELIMITER ;\nSELECT 1;";
    assert_eq!(split(Dialect::Mysql, source).map(|statements| statements.len()), Ok(2));
}
