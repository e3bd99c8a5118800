-- case: views come and go
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE VIEW gone AS SELECT a FROM t;
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE VIEW v AS SELECT id, a + 1 AS b FROM t WHERE a > 0;
CREATE VIEW w AS SELECT b FROM v;

-- case: a view gets a column at its end
-- expect: CREATE OR REPLACE VIEW
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE VIEW v AS SELECT id FROM t;
CREATE VIEW w AS SELECT id FROM v;
-- to
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE VIEW v AS SELECT id, a FROM t WHERE a > 1;
CREATE VIEW w AS SELECT id FROM v;

-- case: a view loses a column under another view
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer, b text);
CREATE VIEW v AS SELECT id, a, b FROM t;
CREATE VIEW w AS SELECT id FROM v;
CREATE MATERIALIZED VIEW m AS SELECT id FROM w;
CREATE UNIQUE INDEX i ON m (id);
COMMENT ON VIEW w IS 'kept';
GRANT SELECT ON w TO pg_monitor;
-- rows
INSERT INTO t VALUES (1, 2, 'x');
-- to
CREATE TABLE t (id integer PRIMARY KEY, a integer, b text);
CREATE VIEW v AS SELECT b, id FROM t;
CREATE VIEW w AS SELECT id FROM v;
CREATE MATERIALIZED VIEW m AS SELECT id FROM w;
CREATE UNIQUE INDEX i ON m (id);
COMMENT ON VIEW w IS 'kept';
GRANT SELECT ON w TO pg_monitor;

-- case: a column's type changes under views of views
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE VIEW w AS SELECT a, count(*) AS n FROM v GROUP BY a;
CREATE VIEW x AS SELECT w.a, v.id FROM w JOIN v USING (a);
CREATE MATERIALIZED VIEW m AS SELECT * FROM x;
CREATE INDEX i ON m (a);
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (id integer PRIMARY KEY, a bigint);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE VIEW w AS SELECT a, count(*) AS n FROM v GROUP BY a;
CREATE VIEW x AS SELECT w.a, v.id FROM w JOIN v USING (a);
CREATE MATERIALIZED VIEW m AS SELECT * FROM x;
CREATE INDEX i ON m (a);

-- case: a column goes that a view no longer has
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);
CREATE VIEW v AS SELECT id, a FROM t WHERE b > 0;
CREATE VIEW w AS SELECT id, b FROM t;
-- rows
INSERT INTO t VALUES (1, 2, 3);
-- to
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE VIEW w AS SELECT id FROM t;

-- case: a table becomes a view and a view a table
-- oneway
-- from
CREATE TABLE t (id integer PRIMARY KEY);
CREATE VIEW v AS SELECT 1 AS id;
-- to
CREATE VIEW t AS SELECT 1 AS id;
CREATE TABLE v (id integer PRIMARY KEY);

-- case: a view becomes a materialised one
-- from
CREATE TABLE t (id integer PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
CREATE VIEW w AS SELECT id FROM v;
-- to
CREATE TABLE t (id integer PRIMARY KEY);
CREATE MATERIALIZED VIEW v AS SELECT id FROM t;
CREATE VIEW w AS SELECT id FROM v;

-- case: a view's options and defaults
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE VIEW w WITH (security_barrier = true) AS SELECT id, a FROM t WHERE a > 0 WITH CASCADED CHECK OPTION;
ALTER VIEW w ALTER COLUMN a SET DEFAULT 1;
-- to
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE VIEW v WITH (security_barrier = true) AS SELECT id, a FROM t WHERE a > 0 WITH LOCAL CHECK OPTION;
ALTER VIEW v ALTER COLUMN a SET DEFAULT 5;
CREATE VIEW w AS SELECT id, a FROM t WHERE a > 0;

-- case: a view with the rights of who asks
-- since: 15
-- from
CREATE TABLE t (id integer);
CREATE VIEW v AS SELECT id FROM t;
-- to
CREATE TABLE t (id integer);
CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM t;

-- case: a materialised view changes its query and its indexes
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
CREATE UNIQUE INDEX i ON m (id);
CREATE MATERIALIZED VIEW n AS SELECT id FROM m;
CREATE MATERIALIZED VIEW o AS SELECT id FROM t;
CREATE INDEX k ON o (id);
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t;
CREATE UNIQUE INDEX i ON m (id);
CREATE MATERIALIZED VIEW n AS SELECT id FROM m;
CREATE MATERIALIZED VIEW o WITH (fillfactor = 80) AS SELECT id FROM t;
CREATE UNIQUE INDEX k ON o (id);

-- case: a recursive view and one with everything
-- from
CREATE TABLE t (id integer PRIMARY KEY, parent integer REFERENCES t, at timestamptz);
-- to
CREATE TABLE t (id integer PRIMARY KEY, parent integer REFERENCES t, at timestamptz);
CREATE RECURSIVE VIEW tree (id, depth) AS SELECT id, 0 FROM t WHERE parent IS NULL UNION ALL SELECT t.id, depth + 1 FROM t JOIN tree ON t.parent = tree.id;
CREATE VIEW "View" AS SELECT DISTINCT ON (id) id AS "Id", row_number() OVER (PARTITION BY parent ORDER BY at DESC) AS n, CASE WHEN at IS NULL THEN 'it''s' ELSE to_char(at, 'YYYY') END AS y FROM t ORDER BY id, at;

-- case: a view groups by a primary key
-- from
CREATE TABLE t (id integer CONSTRAINT k PRIMARY KEY, a text);
CREATE VIEW v AS SELECT id, a, count(*) AS n FROM t GROUP BY id;
-- to
CREATE TABLE t (id integer CONSTRAINT l PRIMARY KEY, a text);
CREATE VIEW v AS SELECT id, a, count(*) AS n FROM t GROUP BY id;

-- case: views have triggers and rules
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE VIEW v AS SELECT id, a FROM t;
CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();
CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING;
-- to
CREATE TABLE t (id bigint PRIMARY KEY, a integer);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE VIEW v AS SELECT id, a FROM t;
CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();
CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING;

-- case: a column of a view changes its name
-- from
CREATE TABLE t (id integer PRIMARY KEY);
CREATE VIEW v AS SELECT id AS a FROM t;
-- to
CREATE TABLE t (id integer PRIMARY KEY);
CREATE VIEW v AS SELECT id AS b FROM t;

-- case: a function returns rows of a view
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT id, a FROM v';
CREATE VIEW w AS SELECT id FROM f();
-- to
CREATE TABLE t (id integer PRIMARY KEY, a bigint);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT id, a FROM v';
CREATE VIEW w AS SELECT id FROM f();

-- case: a view of values
-- from
CREATE VIEW v (n, t) AS VALUES (1, 'a'), (2, '( VALUES');
-- to
CREATE VIEW v (n, t) AS VALUES (1, 'a'), (2, '( VALUES'), (3, 'c');
CREATE VIEW w AS SELECT n FROM v;
