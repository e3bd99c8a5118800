-- case: policies come, change and go
-- from
CREATE TABLE t (id integer, owner text, other integer);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY one ON t USING (owner = current_user);
CREATE POLICY two ON t FOR SELECT USING (id > 0);
CREATE POLICY three ON t FOR INSERT WITH CHECK (id > 0);
CREATE POLICY gone ON t FOR DELETE USING (other > 0);
-- rows
INSERT INTO t VALUES (1, 'x', 1);
-- to
CREATE TABLE t (id bigint, owner text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
CREATE POLICY one ON t USING (owner = current_user) WITH CHECK (id > 0);
CREATE POLICY two ON t FOR UPDATE USING (id > 0);
CREATE POLICY three ON t AS RESTRICTIVE FOR INSERT TO pg_monitor, pg_read_all_stats WITH CHECK (id > 1);
CREATE POLICY "Four" ON t TO PUBLIC USING (id IN (SELECT id FROM t));

-- case: row security is switched off
-- from
CREATE TABLE t (id integer);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
-- to
CREATE TABLE t (id integer);

-- case: a policy calls a function that changes its result
-- from
CREATE FUNCTION f() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';
CREATE TABLE t (id integer);
CREATE POLICY p ON t USING (id = f());
-- to
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1::bigint';
CREATE TABLE t (id integer);
CREATE POLICY p ON t USING (id = f());

-- case: privileges come, change and go
-- from
CREATE TABLE t (id integer, a integer, b integer);
CREATE VIEW v AS SELECT id FROM t;
CREATE SEQUENCE s;
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE SCHEMA app;
GRANT SELECT, INSERT ON t TO pg_monitor;
GRANT UPDATE (a) ON t TO pg_monitor;
GRANT SELECT ON t TO PUBLIC;
REVOKE EXECUTE ON FUNCTION g() FROM PUBLIC;
GRANT USAGE ON SCHEMA app TO PUBLIC;
-- to
CREATE TABLE t (id integer, a integer, b integer);
CREATE VIEW v AS SELECT id FROM t;
CREATE SEQUENCE s;
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE SCHEMA app;
CREATE TYPE e AS ENUM ('a');
GRANT SELECT ON t TO pg_monitor WITH GRANT OPTION;
GRANT UPDATE (b), SELECT (a) ON t TO pg_monitor;
GRANT ALL ON v TO pg_read_all_stats;
GRANT USAGE, SELECT ON SEQUENCE s TO pg_monitor;
REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f() TO pg_monitor;
GRANT CREATE ON SCHEMA app TO pg_monitor;
REVOKE USAGE ON TYPE e FROM PUBLIC;

-- case: columns have privileges that their table gives up
-- from
CREATE TABLE t (id integer, a text);
CREATE VIEW v AS SELECT id, a FROM t;
GRANT SELECT ON t, v TO pg_monitor;
GRANT SELECT (a) ON t TO pg_monitor;
GRANT SELECT (a) ON v TO pg_monitor;
-- to
CREATE TABLE t (id integer, a text);
CREATE VIEW v AS SELECT id, a FROM t;
GRANT SELECT (id, a) ON t TO pg_monitor;
GRANT SELECT (id, a) ON v TO pg_monitor;

-- case: new things have privileges
-- from
-- to
CREATE TABLE t (id integer, a integer);
GRANT SELECT (a), INSERT (id) ON t TO pg_monitor;
GRANT ALL ON t TO pg_read_all_stats;
CREATE PROCEDURE p() LANGUAGE sql AS '';
REVOKE ALL ON PROCEDURE p() FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE p() TO pg_monitor;

-- case: default privileges come, change and go
-- from
CREATE SCHEMA app;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO pg_monitor;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO pg_monitor;
-- to
CREATE SCHEMA app;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT, INSERT ON TABLES TO pg_monitor;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE TABLE app.t (id integer);
GRANT SELECT, INSERT ON app.t TO pg_monitor;

-- case: default privileges give more than a new table is to have
-- from
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO pg_monitor;
-- to
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO pg_monitor;
CREATE TABLE t (id integer);
REVOKE ALL ON t FROM pg_monitor;

-- case: the public namespace is closed
-- from
CREATE TABLE t (id integer);
-- to
CREATE TABLE t (id integer);
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO pg_monitor;
