-- title: Triggers, views, rows
-- schema
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TRIGGER old BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION nothing();
CREATE VIEW v AS SELECT id FROM t;
CREATE SEQUENCE s;
INSERT INTO t SELECT g, g FROM generate_series(1, 20) g;
-- case: a trigger
CREATE TRIGGER n BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION nothing()
-- case: drop a trigger
DROP TRIGGER old ON t
-- case: switch triggers off
ALTER TABLE t DISABLE TRIGGER USER
-- case: a rule
CREATE RULE n AS ON DELETE TO t DO INSTEAD NOTHING
-- case: a view
CREATE VIEW w AS SELECT id FROM t
-- case: a view in place of one
CREATE OR REPLACE VIEW v AS SELECT id, a FROM t
-- case: rename a view
ALTER VIEW v RENAME TO w
-- case: drop a view
DROP VIEW v
-- case: a function
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'
-- case: an enum
CREATE TYPE mood AS ENUM ('good')
-- case: a sequence
ALTER SEQUENCE s INCREMENT 5
-- case: insert
INSERT INTO t VALUES (100, 1)
-- case: update every row
UPDATE t SET a = 1
-- case: delete every row
DELETE FROM t
-- case: nothing
SELECT 1
