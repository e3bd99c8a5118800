-- title: Triggers, views, rows
-- schema
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TRIGGER old BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION nothing();
CREATE VIEW v AS SELECT id FROM t;
CREATE VIEW above AS SELECT id FROM v;
CREATE SEQUENCE s;
CREATE TYPE mood AS ENUM ('good');
CREATE DOMAIN word AS text;
CREATE TABLE felt (m mood, w word);
CREATE TABLE parent (a int);
CREATE TABLE child (b int) INHERITS (parent);
CREATE RULE beside AS ON DELETE TO felt DO ALSO NOTHING;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM t;
DROP PUBLICATION IF EXISTS news;
CREATE PUBLICATION news FOR TABLE felt;
CREATE TABLE line (id int PRIMARY KEY, t_id int REFERENCES t, kept_id int REFERENCES t ON DELETE CASCADE, note text);
CREATE INDEX line_of_t ON line (t_id);
CREATE INDEX line_of_kept ON line (kept_id, note);
CREATE TABLE word_of_line (line_id int REFERENCES line);
CREATE TABLE tree (id int PRIMARY KEY, above int REFERENCES tree ON DELETE CASCADE);
INSERT INTO t SELECT g, g FROM generate_series(1, 2000) g;
INSERT INTO line SELECT g, NULL, g, 'x' FROM generate_series(1, 2000) g;
INSERT INTO word_of_line VALUES (NULL);
-- case: a trigger
CREATE TRIGGER n BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION nothing()
-- case: drop a trigger
DROP TRIGGER old ON t
-- case: switch triggers off
ALTER TABLE t DISABLE TRIGGER USER
-- case: another name for a trigger
ALTER TRIGGER old ON t RENAME TO older
-- case: another name for a rule
ALTER RULE beside ON felt RENAME TO along
-- case: a rule
CREATE RULE n AS ON DELETE TO t DO INSTEAD NOTHING
-- case: a view
CREATE VIEW w AS SELECT id FROM t
-- case: a view in place of one
CREATE OR REPLACE VIEW v AS SELECT id, a FROM t
-- case: rename a view
ALTER VIEW v RENAME TO w
-- case: drop a view
DROP VIEW above
-- case: drop a view with the view that reads it
DROP VIEW v CASCADE
-- case: drop a type with the columns of it
DROP TYPE mood CASCADE
-- case: drop a domain with the columns of it
DROP DOMAIN word CASCADE
-- case: a table ceases to inherit
ALTER TABLE child NO INHERIT parent
-- case: how a materialized view keeps its rows
ALTER MATERIALIZED VIEW kept SET (fillfactor = 50)
-- case: another owner of a materialized view
ALTER MATERIALIZED VIEW kept OWNER TO CURRENT_USER
-- case: a publication of tables
CREATE PUBLICATION more FOR TABLE t, felt
-- case: one more table for a publication
ALTER PUBLICATION news ADD TABLE t
-- case: a function
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'
-- case: an enum
CREATE TYPE colour AS ENUM ('red')
-- case: a sequence
ALTER SEQUENCE s INCREMENT 5
-- case: another owner of a sequence
ALTER SEQUENCE s OWNER TO CURRENT_USER
-- case: another name for a sequence
ALTER SEQUENCE s RENAME TO z
-- case: insert
INSERT INTO t VALUES (2001, 1)
-- case: update every row
UPDATE t SET a = 1
-- case: delete every row
-- indexes
DELETE FROM t
-- case: insert what refers to rows of another table
-- indexes
INSERT INTO line VALUES (2001, 1, 1, 'x')
-- case: insert without a value for the key to another table
INSERT INTO line (id, note) VALUES (2001, 'x')
-- case: refer to another row
-- indexes
UPDATE line SET t_id = 2, note = 'y'
-- case: update what does not refer
UPDATE line SET note = 'y'
-- case: delete rows that others may refer to
DELETE FROM line
-- case: rows that refer to their own table
-- also
INSERT INTO tree VALUES (1, NULL), (2, 1);
-- run
DELETE FROM tree
-- case: nothing
SELECT 1
