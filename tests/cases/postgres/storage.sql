-- case: logged and unlogged
-- from
CREATE TABLE a (id integer PRIMARY KEY);
CREATE UNLOGGED TABLE b (id integer PRIMARY KEY);
-- rows
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (2);
-- to
CREATE UNLOGGED TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY);
CREATE UNLOGGED TABLE c (id integer);

-- case: unlogged tables that refer to each other
-- from
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer REFERENCES a);
-- to
CREATE UNLOGGED TABLE a (id integer PRIMARY KEY);
CREATE UNLOGGED TABLE b (id integer REFERENCES a);

-- case: storage parameters
-- from
CREATE TABLE t (id integer, a text) WITH (fillfactor = 70, autovacuum_enabled = false);
-- to
CREATE TABLE t (id integer, a text) WITH (fillfactor = 80, toast.autovacuum_enabled = false);
CREATE TABLE u (id integer, a text) WITH (autovacuum_vacuum_scale_factor = 0.05);

-- case: a table without columns, and one that is renamed
-- renames: table public.new < old
-- from
CREATE TABLE old (id serial PRIMARY KEY, a integer);
CREATE VIEW v AS SELECT id FROM old;
-- rows
INSERT INTO old (a) VALUES (1);
-- to
CREATE SEQUENCE old_id_seq AS integer;
CREATE TABLE new (id integer DEFAULT nextval('old_id_seq') NOT NULL, a integer, CONSTRAINT old_pkey PRIMARY KEY (id));
ALTER SEQUENCE old_id_seq OWNED BY new.id;
CREATE TABLE nothing ();
CREATE VIEW v AS SELECT id FROM new;

-- case: a table is clustered by its key instead of another index
-- from
CREATE TABLE t (a integer PRIMARY KEY, b integer);
CREATE INDEX by_b ON t (b);
ALTER TABLE t CLUSTER ON by_b;
-- to
CREATE TABLE t (a integer PRIMARY KEY, b integer);
CREATE INDEX by_b ON t (b);
ALTER TABLE t CLUSTER ON t_pkey;

-- case: how a column is stored outlasts its type
-- from
CREATE TABLE t (a varchar(5), b varchar(5));
ALTER TABLE t ALTER a SET STORAGE EXTERNAL;
-- rows
INSERT INTO t VALUES ('x', 'y');
-- to
CREATE TABLE t (a text, b text);
ALTER TABLE t ALTER a SET STORAGE EXTERNAL;
