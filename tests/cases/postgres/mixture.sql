-- case: the key, the checks and the types of a table change at once
-- from
CREATE TABLE t (id integer PRIMARY KEY CHECK (id > 0), CHECK (id < d), a varchar(255) COLLATE "POSIX" UNIQUE DEFAULT '' NOT NULL, b timestamp DEFAULT CURRENT_TIMESTAMP, c boolean NOT NULL, d real, e text);
ALTER TABLE t ADD CONSTRAINT d_is_there CHECK (d IS NOT NULL) NOT VALID;
CREATE UNIQUE INDEX t_a_b ON t (a, b);
CREATE TABLE u (b timestamp, a varchar(255));
CREATE UNIQUE INDEX u_a_b ON u (a, b);
ALTER TABLE u ADD CONSTRAINT u_t FOREIGN KEY (a, b) REFERENCES t (a, b);
ALTER TABLE t ADD CONSTRAINT t_u FOREIGN KEY (a, b) REFERENCES u (a, b);
-- to
CREATE TABLE t (id integer CHECK (id > 0) UNIQUE, a char COLLATE "C" DEFAULT '5' NOT NULL PRIMARY KEY, b timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL, c boolean NOT NULL, d real, e text COLLATE "POSIX");
ALTER TABLE t ADD CONSTRAINT d_is_there CHECK (d IS NOT NULL);
CREATE INDEX t_b ON t (b);
CREATE TABLE u (b timestamp, a varchar(255));

-- case: everything in another namespace with circles of keys goes
-- from
CREATE SCHEMA app;
CREATE TABLE t (id integer PRIMARY KEY, a varchar(20) DEFAULT '' NOT NULL, n serial UNIQUE);
CREATE UNIQUE INDEX t_a ON t (a, id);
CREATE TABLE app.u (id integer, a varchar(20));
CREATE UNIQUE INDEX u_a ON app.u (a, id);
ALTER TABLE app.u ADD CONSTRAINT u_t FOREIGN KEY (a, id) REFERENCES t (a, id);
ALTER TABLE t ADD CONSTRAINT t_u FOREIGN KEY (a, id) REFERENCES app.u (a, id);
-- to

-- case: a state in a list of words
-- from
CREATE TABLE t (id integer PRIMARY KEY);
-- to
CREATE TABLE t (id integer PRIMARY KEY, state varchar(20) NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'old', 'it''s')), kind text CHECK (kind NOT IN ('a', 'b')), grade char(1) CHECK (grade IN ('a', 'b')), level integer CHECK (level IN (1, 2, 3)), price numeric CHECK (price BETWEEN 0 AND 100), mail varchar(50) CHECK (mail ~* '^.+@.+$'));
CREATE INDEX i ON t (id) WHERE state IN ('new', 'old') AND kind = ANY (ARRAY['x', 'y']);
CREATE VIEW v AS SELECT id, CASE WHEN state IN ('new', 'old') THEN 1 ELSE 0 END AS n FROM t WHERE mail NOT IN ('x', 'y');
CREATE POLICY p ON t USING (state IN ('new', 'old'));
CREATE DOMAIN word AS varchar(10) CHECK (VALUE IN ('a', 'b'));

-- case: a list of words gets longer
-- from
CREATE TABLE t (id integer PRIMARY KEY, state varchar(20) CHECK (state IN ('new', 'old')));
-- rows
INSERT INTO t VALUES (1, 'new');
-- to
CREATE TABLE t (id integer PRIMARY KEY, state varchar(20) CHECK (state IN ('new', 'old', 'dead')));

-- case: defaults of every kind
-- from
CREATE TABLE t (id integer PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (id integer PRIMARY KEY, a timestamp DEFAULT CURRENT_TIMESTAMP, b date DEFAULT CURRENT_DATE, c text[] DEFAULT ARRAY['a', 'b'], d jsonb DEFAULT '{"a": [1, 2]}', e interval DEFAULT '1 day', f text DEFAULT 'it''s \ here', g numeric(5, 2) DEFAULT 1.50, h boolean DEFAULT true, i uuid DEFAULT gen_random_uuid(), j integer DEFAULT (1 + 2) * 3, k text DEFAULT lower('X'), l timestamptz DEFAULT (now() AT TIME ZONE 'utc'), m bytea DEFAULT '\x00ff', n real DEFAULT -1.5, o varchar DEFAULT CURRENT_USER);

-- case: a trigger that keeps a time, with its table and function
-- from
CREATE TABLE t (id integer PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched = now(); RETURN NEW; END; $$;
CREATE TABLE t (id integer PRIMARY KEY, touched timestamptz DEFAULT now());
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE u (id bigserial PRIMARY KEY, t_id integer NOT NULL REFERENCES t ON DELETE CASCADE, at timestamptz DEFAULT now());
CREATE INDEX ON u (t_id);
CREATE VIEW latest AS SELECT t_id, max(at) AS at FROM u GROUP BY t_id;

-- case: a column goes with everything that stands on it
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer GENERATED ALWAYS AS (a + 1) STORED, UNIQUE (a), CHECK (a > 0));
CREATE TABLE u (a integer REFERENCES t (a));
CREATE INDEX i ON t ((a * 2));
CREATE VIEW v AS SELECT id, a FROM t;
CREATE MATERIALIZED VIEW m AS SELECT a FROM v;
CREATE STATISTICS s ON id, a FROM t;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE POLICY p ON t USING (a > 1);
-- rows
INSERT INTO t (id, a) VALUES (1, 2);
INSERT INTO u VALUES (NULL);
-- to
CREATE TABLE t (id integer PRIMARY KEY);
CREATE TABLE u (a integer);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';

-- case: a type in an array, a domain and a function changes
-- from
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE DOMAIN d AS e;
CREATE TYPE c AS (x e, y integer);
CREATE TABLE t (a e[] DEFAULT '{a}', b d DEFAULT 'a', f text);
CREATE FUNCTION f(e[]) RETURNS SETOF e LANGUAGE sql AS 'SELECT unnest($1)';
CREATE VIEW v AS SELECT unnest(a) AS x, f FROM t;
CREATE VIEW w AS SELECT x FROM f(ARRAY['a']::e[]) x;
-- rows
INSERT INTO t VALUES ('{a,c}', 'a', 'a');
-- to
CREATE TYPE e AS ENUM ('c', 'a');
CREATE DOMAIN d AS e;
CREATE TYPE c AS (x e, y integer);
CREATE TABLE t (a e[] DEFAULT '{a}', b d DEFAULT 'a', f e);
CREATE FUNCTION f(e[]) RETURNS SETOF e LANGUAGE sql AS 'SELECT unnest($1)';
CREATE VIEW v AS SELECT unnest(a) AS x, f FROM t;
CREATE VIEW w AS SELECT x FROM f(ARRAY['a']::e[]) x;

-- case: a name is taken by another kind of thing
-- oneway
-- from
CREATE TABLE one (id integer);
CREATE VIEW two AS SELECT 1 AS id;
CREATE SEQUENCE three;
CREATE TYPE four AS ENUM ('a');
CREATE INDEX five ON one (id);
CREATE FUNCTION six() RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- to
CREATE SEQUENCE one;
CREATE TABLE two (id integer);
CREATE MATERIALIZED VIEW three AS SELECT 1 AS id;
CREATE DOMAIN four AS text;
CREATE TABLE five (id integer);
CREATE PROCEDURE six() LANGUAGE sql AS 'SELECT 1';

-- case: a function goes that a default, a check and an index used
-- from
CREATE FUNCTION f(v integer DEFAULT 0) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT v';
CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT f(), CHECK (f(id) > 0));
CREATE INDEX i ON t (f(a));
CREATE VIEW v AS SELECT f(a) AS a FROM t;
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 0);
CREATE VIEW v AS SELECT a FROM t;

-- case: views over tables that change in several ways
-- from
CREATE TABLE a (id integer PRIMARY KEY, x varchar(10), gone integer);
CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a);
CREATE VIEW v AS SELECT a.*, b.id AS b_id FROM a JOIN b ON b.a_id = a.id;
CREATE VIEW w AS SELECT v.id, count(*) FROM v GROUP BY v.id;
GRANT SELECT ON v TO pg_monitor;
COMMENT ON COLUMN v.x IS 'x';
-- rows
INSERT INTO a VALUES (1, 'x', 2);
-- to
CREATE TABLE a (id bigint PRIMARY KEY, x varchar(20), new integer);
CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a);
CREATE VIEW v AS SELECT a.*, b.id AS b_id FROM a JOIN b ON b.a_id = a.id;
CREATE VIEW w AS SELECT v.id, count(*) FROM v GROUP BY v.id;
GRANT SELECT ON v TO pg_monitor;
COMMENT ON COLUMN v.x IS 'x';

-- case: a composite type within others that columns have
-- changes: t.b t.c t.d
-- from
CREATE TYPE a AS (x integer);
CREATE TYPE b AS (a a, n text);
CREATE DOMAIN c AS b;
CREATE TABLE t (b b, c b[], d c);
-- rows
INSERT INTO t VALUES (ROW(ROW(1), 'n')::b, ARRAY[ROW(ROW(2), 'm')::b], ROW(ROW(3), 'o')::b);
-- to
CREATE TYPE a AS (x bigint);
CREATE TYPE b AS (a a, n text);
CREATE DOMAIN c AS b;
CREATE TABLE t (b b, c b[], d c);
