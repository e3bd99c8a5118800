-- case: a view comes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id, a FROM t WHERE a <> '';

-- case: a view changes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id FROM t;
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v (x, y) AS SELECT id, a FROM t;

-- case: views stand on views and all change
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW b AS SELECT id FROM t;
CREATE VIEW a AS SELECT id FROM b;
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW b AS SELECT id, a FROM t;
CREATE VIEW a AS SELECT id, a FROM b;
CREATE VIEW "a a" AS SELECT * FROM a JOIN b USING (id);

-- case: the table under a view is made anew
-- avoid: VIEW
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE VIEW w AS SELECT * FROM v;
-- rows
INSERT INTO t VALUES (1, '1');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE VIEW w AS SELECT * FROM v;

-- case: the column of a view is dropped
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE VIEW v AS SELECT id, a FROM t;
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT);
CREATE VIEW v AS SELECT id, b FROM t;

-- case: a column is dropped beside a view
-- expect: DROP COLUMN
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE VIEW v AS SELECT id, a FROM t;
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id, a FROM t;

-- case: a view becomes a table
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id FROM t;
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE v (id INTEGER PRIMARY KEY);

-- case: how a view is written is no difference
-- oneway
-- avoid: VIEW
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW IF NOT EXISTS v AS SELECT id,
  a -- why
  FROM t;
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW "v" AS SELECT id, a FROM "t";

-- case: a view of a table that comes replaces one of a table that goes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id FROM t;
-- to
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id FROM u;

-- case: a view with a query before it
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, up INT);
-- rows
INSERT INTO t VALUES (1, NULL), (2, 1);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, up INT);
CREATE VIEW v AS WITH RECURSIVE r (id) AS (SELECT id FROM t WHERE up IS NULL UNION ALL SELECT t.id FROM t JOIN r ON t.up = r.id) SELECT count(*) AS n FROM r;

-- case: a view stays on one that changes while a column is dropped
-- expect: DROP COLUMN
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE VIEW top AS SELECT count(*) AS n FROM v;
CREATE TRIGGER x AFTER INSERT ON u BEGIN SELECT n FROM top; END;
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY);
CREATE VIEW v AS SELECT id, b FROM t;
CREATE VIEW top AS SELECT count(*) AS n FROM v;
CREATE TRIGGER x AFTER INSERT ON u BEGIN SELECT n FROM top; END;

-- case: a name in quotes is a column and without them two words
-- from
CREATE TABLE u (id INTEGER PRIMARY KEY, x TEXT, "x y" TEXT);
CREATE VIEW v AS SELECT x y FROM u;
-- rows
INSERT INTO u VALUES (1, 'a', 'b');
-- to
CREATE TABLE u (id INTEGER PRIMARY KEY, x TEXT, "x y" TEXT);
CREATE VIEW v AS SELECT "x y" FROM u;

-- case: a text in double quotes in a view
-- renames: column t.c < b
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, d TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a, "gone" AS x FROM t;
-- rows
INSERT INTO t VALUES (1, 'x', 'y', 'z');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a, "gone" AS x FROM t;
