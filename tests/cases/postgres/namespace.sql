-- case: namespaces come and go with what is in them
-- from
CREATE SCHEMA gone;
CREATE TABLE gone.t (id serial PRIMARY KEY);
CREATE VIEW gone.v AS SELECT id FROM gone.t;
-- to
CREATE SCHEMA app;
CREATE TABLE app.t (id serial PRIMARY KEY);
CREATE TYPE app.e AS ENUM ('a');
CREATE FUNCTION app.f() RETURNS app.e LANGUAGE sql AS $$ SELECT 'a'::app.e $$;

-- case: the same names in two namespaces
-- from
CREATE SCHEMA app;
CREATE TABLE t (id integer PRIMARY KEY);
CREATE TABLE app.t (id integer PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1);
INSERT INTO app.t VALUES (2);
-- to
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, b text);
CREATE TABLE t (id bigint PRIMARY KEY, a integer REFERENCES app.t);
CREATE INDEX i ON app.t (b);

-- case: extensions come and go
-- from
CREATE EXTENSION hstore;
CREATE TABLE t (id integer, a hstore);
-- to
CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm;
CREATE TABLE t (id integer, b citext UNIQUE);
CREATE INDEX i ON t USING gin (b gin_trgm_ops);

-- case: an extension moves to another namespace
-- from
CREATE EXTENSION citext;
CREATE TABLE t (a citext);
-- rows
INSERT INTO t VALUES ('X');
-- to
CREATE SCHEMA app;
CREATE EXTENSION citext SCHEMA app;
CREATE TABLE t (a app.citext);

-- case: a uuid by default from an extension
-- from
CREATE TABLE t (a integer);
-- to
CREATE EXTENSION "uuid-ossp";
CREATE TABLE t (a integer, id uuid DEFAULT uuid_generate_v4() PRIMARY KEY);

-- case: publications
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE PUBLICATION one FOR TABLE t;
CREATE PUBLICATION gone FOR ALL TABLES;
-- to
CREATE TABLE t (id integer PRIMARY KEY, a bigint);
CREATE TABLE u (id integer PRIMARY KEY);
CREATE PUBLICATION one FOR TABLE t, u WITH (publish = 'insert');

-- case: publications of columns, rows and namespaces
-- since: 15
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer);
-- to
CREATE SCHEMA app;
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE PUBLICATION one FOR TABLE t (id) WHERE (id > 5);
CREATE PUBLICATION two FOR TABLES IN SCHEMA app;

-- case: a view of another namespace that is not looked at stands in the way
-- schema: a
-- refused: view b.v, which is not looked at, is made of column a.t.id
-- from
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id integer);
CREATE VIEW b.v AS SELECT id FROM a.t;
-- to
CREATE SCHEMA a;
CREATE TABLE a.t (id bigint);

-- case: a table moves to another namespace with all that is its own
-- renames: table app.u < public.t
-- expect: ALTER TABLE "public"."t" SET SCHEMA "app"
-- expect: ALTER TABLE "app"."t" RENAME TO "u"
-- avoid: DROP TABLE
-- from
CREATE TABLE t (id serial PRIMARY KEY, n integer GENERATED ALWAYS AS IDENTITY, v text CHECK (v <> ''));
CREATE TABLE b (t integer REFERENCES t, CONSTRAINT named FOREIGN KEY (t) REFERENCES t);
CREATE INDEX t_v ON t (v);
CREATE FUNCTION f(t) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER c BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();
CREATE POLICY p ON t USING (id > 0);
CREATE RULE r AS ON DELETE TO t DO ALSO NOTHING;
COMMENT ON COLUMN t.v IS 'a value';
CREATE VIEW w AS SELECT id FROM t;
-- rows
INSERT INTO t (v) VALUES ('a'), ('b');
INSERT INTO b VALUES (1);
-- to
CREATE SCHEMA app;
CREATE SEQUENCE app.t_id_seq AS integer;
CREATE SEQUENCE app.t_n_seq;
DROP SEQUENCE app.t_n_seq;
CREATE TABLE app.u (id integer NOT NULL DEFAULT nextval('app.t_id_seq'), n integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME app.t_n_seq), v text, CONSTRAINT t_pkey PRIMARY KEY (id), CONSTRAINT t_v_check CHECK (v <> ''));
ALTER SEQUENCE app.t_id_seq OWNED BY app.u.id;
CREATE TABLE b (t integer REFERENCES app.u, CONSTRAINT named FOREIGN KEY (t) REFERENCES app.u);
CREATE INDEX t_v ON app.u (v);
CREATE FUNCTION f(app.u) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER c BEFORE INSERT ON app.u FOR EACH ROW EXECUTE FUNCTION g();
CREATE POLICY p ON app.u USING (id > 0);
CREATE RULE r AS ON DELETE TO app.u DO ALSO NOTHING;
COMMENT ON COLUMN app.u.v IS 'a value';
CREATE VIEW w AS SELECT id FROM app.u;

-- case: a namespace gets another name with all that is in it
-- renames: schema y < x
-- expect: ALTER SCHEMA "x" RENAME TO "y"
-- avoid: DROP
-- from
CREATE SCHEMA x;
CREATE TYPE x.e AS ENUM ('a');
CREATE TABLE x.k (id serial PRIMARY KEY, e x.e);
CREATE TABLE b (k integer REFERENCES x.k, e x.e);
CREATE VIEW x.v AS SELECT id FROM x.k;
CREATE FUNCTION x.f(x.e) RETURNS x.e LANGUAGE sql AS 'SELECT $1';
CREATE SEQUENCE x.s;
CREATE FUNCTION x.g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER c BEFORE INSERT ON x.k FOR EACH ROW EXECUTE FUNCTION x.g();
CREATE TABLE x.p (i integer) PARTITION BY RANGE (i);
CREATE TABLE x.p1 PARTITION OF x.p FOR VALUES FROM (0) TO (9);
CREATE INDEX p_i ON x.p (i);
-- rows
INSERT INTO x.k (e) VALUES ('a');
INSERT INTO b VALUES (1, 'a');
-- to
CREATE SCHEMA y;
CREATE TYPE y.e AS ENUM ('a');
CREATE TABLE y.k (id serial PRIMARY KEY, e y.e, more integer);
CREATE TABLE b (k integer REFERENCES y.k, e y.e);
CREATE VIEW y.v AS SELECT id FROM y.k;
CREATE FUNCTION y.f(y.e) RETURNS y.e LANGUAGE sql AS 'SELECT $1';
CREATE SEQUENCE y.s;
CREATE FUNCTION y.g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER c BEFORE INSERT ON y.k FOR EACH ROW EXECUTE FUNCTION y.g();
CREATE TABLE y.p (i integer) PARTITION BY RANGE (i);
CREATE TABLE y.p1 PARTITION OF y.p FOR VALUES FROM (0) TO (9);
CREATE INDEX p_i ON y.p (i);
