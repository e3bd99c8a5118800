-- case: a trigger comes, changes and goes
-- from
CREATE TABLE t (a int, b int);
CREATE TABLE log (a int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 1;
CREATE TRIGGER two AFTER UPDATE ON t FOR EACH ROW INSERT INTO log VALUES (NEW.a);
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (a int, b int);
CREATE TABLE log (a int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 2;
CREATE TRIGGER three AFTER DELETE ON t FOR EACH ROW
BEGIN
  INSERT INTO log VALUES (OLD.a);
  DELETE FROM log WHERE a = 0;
END;

-- case: triggers in an order
-- from
CREATE TABLE t (a int, b int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 1;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 2;
-- to
CREATE TABLE t (a int, b int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 1;
CREATE TRIGGER zero BEFORE INSERT ON t FOR EACH ROW PRECEDES one SET NEW.b = 0;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW FOLLOWS one SET NEW.b = 2;

-- case: a trigger on a table that comes, and one on a table that goes
-- from
CREATE TABLE t (a int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- to
CREATE TABLE u (a int);
CREATE TRIGGER two BEFORE INSERT ON u FOR EACH ROW SET NEW.a = 1;

-- case: a trigger moves to another table
-- from
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- to
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE TRIGGER one BEFORE INSERT ON u FOR EACH ROW SET NEW.a = 1;

-- case: a trigger that names a new column
-- from
CREATE TABLE t (a int);
CREATE TRIGGER one BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 1;
-- rows
INSERT INTO t VALUES (7);
-- to
CREATE TABLE t (a int, b datetime);
CREATE TRIGGER one BEFORE UPDATE ON t FOR EACH ROW SET NEW.b = now();

-- case: rows are filled while a trigger watches
-- oneway
-- changes: t.a
-- from
CREATE TABLE t (a int, b int);
CREATE TRIGGER one BEFORE UPDATE ON t FOR EACH ROW SET NEW.b = 100;
-- rows
INSERT INTO t VALUES (NULL, 2);
-- to
CREATE TABLE t (a int NOT NULL DEFAULT 5, b int);
CREATE TRIGGER one BEFORE UPDATE ON t FOR EACH ROW SET NEW.b = 100;

-- case: the first of three triggers of one kind changes
-- from
CREATE TABLE t (a int, b int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 1;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 2;
CREATE TRIGGER three BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 3;
CREATE TRIGGER four AFTER INSERT ON t FOR EACH ROW SET @a = 4;
-- to
CREATE TABLE t (a int, b int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 10;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 2;
CREATE TRIGGER three BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 3;
CREATE TRIGGER four AFTER INSERT ON t FOR EACH ROW SET @a = 4;
