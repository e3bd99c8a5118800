-- case: a function comes, changes and goes
-- from
CREATE FUNCTION one (a int) RETURNS int DETERMINISTIC RETURN a + 1;
CREATE FUNCTION two () RETURNS int NO SQL RETURN 2;
-- to
CREATE FUNCTION one (a int, b varchar(10)) RETURNS bigint DETERMINISTIC COMMENT 'it''s' RETURN a + 2;
CREATE FUNCTION three (s text) RETURNS varchar(100) READS SQL DATA SQL SECURITY INVOKER RETURN concat(s, ';', '//');

-- case: a procedure with a body
-- from
CREATE TABLE t (a int);
CREATE PROCEDURE p () SELECT 1;
-- to
CREATE TABLE t (a int);
CREATE PROCEDURE p (IN a int, OUT b int, INOUT c varchar(20))
MODIFIES SQL DATA
BEGIN
  DECLARE n int DEFAULT 0;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET n = 1;
  IF a > 0 THEN
    INSERT INTO t VALUES (a);
  ELSE
    SET b = (SELECT count(*) FROM t WHERE t.a > n);
  END IF;
  SET c = 'a;b';
END;

-- case: a routine with a mode and a definer of its own
-- from
CREATE TABLE t (a int);
-- to
CREATE TABLE t (a int);
SET @old = @@sql_mode;
SET sql_mode = 'ANSI_QUOTES';
CREATE PROCEDURE p () SELECT 1 AS "a b";
SET sql_mode = @old;
CREATE DEFINER=`nobody`@`localhost` PROCEDURE q () SELECT 1;

-- case: programs in which a backslash is a character like any other
-- from
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
CREATE TABLE gone (a varchar(10) DEFAULT '\\');
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (id int PRIMARY KEY, a varchar(10) DEFAULT 'it\'s \\') COMMENT 'a; \\';
SET @old = @@sql_mode;
SET sql_mode = 'NO_BACKSLASH_ESCAPES';
CREATE PROCEDURE p () SELECT '\', ';', "\";
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = '\'; SET @b = ';'; END;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE DO UPDATE t SET a = '\';
SET sql_mode = @old;
CREATE FUNCTION f () RETURNS varchar(10) DETERMINISTIC RETURN '\'; \\';
