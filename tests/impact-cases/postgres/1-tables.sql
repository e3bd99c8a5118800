-- title: Tables
-- schema
CREATE TABLE p (id int PRIMARY KEY, code text UNIQUE);
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), p_id int CONSTRAINT t_p REFERENCES p);
CREATE TABLE c (id int PRIMARY KEY, t_id int REFERENCES t);
CREATE TABLE other (id int);
CREATE VIEW v AS SELECT id FROM t;
INSERT INTO p SELECT g, g FROM generate_series(1, 20) g;
INSERT INTO t SELECT g, g, g, g FROM generate_series(1, 20) g;
INSERT INTO c SELECT g, g FROM generate_series(1, 20) g;
-- case: a table
CREATE TABLE n (id int PRIMARY KEY)
-- case: a table with a foreign key
CREATE TABLE n (id int PRIMARY KEY, t_id int REFERENCES t)
-- case: a table like another
CREATE TABLE n (LIKE t)
-- case: a table from a query
CREATE TABLE n AS SELECT 1 AS a
-- case: a table that inherits
CREATE TABLE n () INHERITS (other)
-- case: drop a table alone
DROP TABLE other
-- case: drop a table with foreign keys out and in
-- also
ALTER TABLE c DROP CONSTRAINT c_t_id_fkey; DROP VIEW v;
-- run
DROP TABLE t
-- case: drop a table and what depends on it
DROP TABLE t CASCADE
-- case: truncate
TRUNCATE c
-- case: truncate a table and those that refer to it
TRUNCATE t CASCADE
-- case: rename a table
ALTER TABLE t RENAME TO u
-- case: move to a schema
-- also
CREATE SCHEMA elsewhere;
-- run
ALTER TABLE other SET SCHEMA elsewhere
-- case: owner
ALTER TABLE t OWNER TO CURRENT_USER
-- case: unlogged
-- also
DROP TABLE c;
-- run
ALTER TABLE t SET UNLOGGED
-- case: logged already
ALTER TABLE other SET LOGGED
-- case: logged again
-- also
CREATE UNLOGGED TABLE w (id int PRIMARY KEY); INSERT INTO w VALUES (1);
-- run
ALTER TABLE w SET LOGGED
-- case: settings of storage
ALTER TABLE t SET (fillfactor = 90)
-- case: settings of autovacuum back to default
ALTER TABLE t RESET (autovacuum_enabled)
-- case: replica identity
ALTER TABLE t REPLICA IDENTITY FULL
-- case: row-level security
ALTER TABLE t ENABLE ROW LEVEL SECURITY
-- case: a policy
CREATE POLICY mine ON t USING (a > 0)
-- case: drop a policy
-- also
CREATE POLICY mine ON t USING (a > 0);
-- run
DROP POLICY mine ON t
-- case: which index CLUSTER follows
ALTER TABLE t CLUSTER ON t_pkey
-- case: inherit
-- also
CREATE TABLE child (id int);
-- run
ALTER TABLE child INHERIT other
-- case: a column for those that inherit, too
-- also
CREATE TABLE child () INHERITS (other);
-- run
ALTER TABLE other ADD note text
-- case: a comment
COMMENT ON TABLE t IS 'x'
-- case: a comment on a column
COMMENT ON COLUMN t.a IS 'x'
-- case: statistics of several columns
CREATE STATISTICS s ON a, b FROM t
-- case: grant
GRANT SELECT ON t TO PUBLIC
-- case: lock
LOCK TABLE t IN SHARE MODE
