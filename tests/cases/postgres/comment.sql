-- case: comments on everything come, change and go
-- from
CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'the application';
CREATE TABLE app.t (id integer CONSTRAINT k PRIMARY KEY, a integer, b integer CONSTRAINT c CHECK (b > 0));
COMMENT ON TABLE app.t IS 'a table';
COMMENT ON COLUMN app.t.a IS 'a column';
COMMENT ON CONSTRAINT k ON app.t IS 'a key';
CREATE INDEX i ON app.t (a);
COMMENT ON INDEX app.i IS 'an index';
CREATE VIEW app.v AS SELECT a FROM app.t;
COMMENT ON VIEW app.v IS 'a view';
CREATE FUNCTION app.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
COMMENT ON FUNCTION app.f(integer) IS 'a function';
CREATE SEQUENCE app.s;
CREATE TYPE app.e AS ENUM ('a');
COMMENT ON TYPE app.e IS 'an enum';
-- to
CREATE SCHEMA app;
CREATE TABLE app.t (id integer CONSTRAINT k PRIMARY KEY, a integer, b integer CONSTRAINT c CHECK (b > 0));
COMMENT ON TABLE app.t IS 'a table''s comment';
COMMENT ON COLUMN app.t.b IS E'two\nlines';
COMMENT ON CONSTRAINT c ON app.t IS 'a check';
CREATE INDEX i ON app.t (a);
COMMENT ON INDEX app.i IS 'the index';
CREATE VIEW app.v AS SELECT a FROM app.t;
COMMENT ON COLUMN app.v.a IS 'a column of a view';
CREATE FUNCTION app.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
COMMENT ON FUNCTION app.f(integer) IS 'the function';
CREATE SEQUENCE app.s;
COMMENT ON SEQUENCE app.s IS 'a sequence';
CREATE TYPE app.e AS ENUM ('a');

-- case: new things have comments
-- from
-- to
CREATE TABLE t (id integer PRIMARY KEY, a integer);
COMMENT ON TABLE t IS 'a table';
COMMENT ON COLUMN t.a IS 'a column';
COMMENT ON CONSTRAINT t_pkey ON t IS 'a key';
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
COMMENT ON TRIGGER g ON t IS 'a trigger';
CREATE POLICY p ON t USING (true);
COMMENT ON POLICY p ON t IS 'a policy';
CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;
COMMENT ON RULE r ON t IS 'a rule';
CREATE DOMAIN d AS text;
COMMENT ON DOMAIN d IS 'a domain';
CREATE TYPE c AS (a integer);
COMMENT ON TYPE c IS 'a composite';
COMMENT ON COLUMN c.a IS 'an attribute';
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
COMMENT ON MATERIALIZED VIEW m IS 'a materialized view';

-- case: the index of a key that others refer to has a comment
-- from
CREATE TABLE p (id integer PRIMARY KEY);
-- to
CREATE TABLE p (id integer PRIMARY KEY);
COMMENT ON INDEX p_pkey IS 'the key''s';
CREATE TABLE t (p_id integer REFERENCES p);

-- case: an extension gets the comment of its own files again
-- from
CREATE EXTENSION citext;
CREATE EXTENSION hstore;
COMMENT ON EXTENSION citext IS 'mine';
-- to
CREATE EXTENSION citext;
CREATE EXTENSION hstore;
COMMENT ON EXTENSION hstore IS NULL;
