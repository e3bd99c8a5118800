-- case: a table becomes strict
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT, c BLOB);
-- rows
INSERT INTO t VALUES (1, 5, 'b', x'01'), (2, '7', NULL, NULL);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT, c BLOB) STRICT;

-- case: a table loses its rowid
-- from
CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY, b INT);
CREATE INDEX i ON t (b);
-- rows
INSERT INTO t VALUES ('x', 1), ('y', 2);
-- to
CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY, b INT) WITHOUT ROWID;
CREATE INDEX i ON t (b);

-- case: a table without rowid and strict changes
-- from
CREATE TABLE t (a TEXT NOT NULL, b INT, c INT, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;
-- rows
INSERT INTO t VALUES ('x', 1, 2), ('y', 2, 3);
-- to
CREATE TABLE t (a TEXT NOT NULL, b INT, c TEXT, d REAL DEFAULT 1.5, PRIMARY KEY (b, a)) WITHOUT ROWID, STRICT;

-- case: a column is added to a table without rowid
-- expect: ADD COLUMN
-- avoid: DROP TABLE
-- from
CREATE TABLE t (a TEXT PRIMARY KEY, b INT) WITHOUT ROWID;
-- rows
INSERT INTO t VALUES ('x', 1);
-- to
CREATE TABLE t (a TEXT PRIMARY KEY, b INT, c TEXT) WITHOUT ROWID;

-- case: the rowid is kept though columns have its names
-- from
CREATE TABLE t (rowid TEXT, oid TEXT, a TEXT);
-- rows
INSERT INTO t (_rowid_, rowid, oid, a) VALUES (40, 'r', 'o', '1'), (7, 's', 'p', '2');
-- to
CREATE TABLE t (rowid TEXT, oid TEXT, a INT);

-- case: all names of the rowid are taken
-- from
CREATE TABLE t (rowid TEXT, oid TEXT, _rowid_ TEXT, a TEXT);
-- rows
INSERT INTO t VALUES ('r', 'o', 'u', '1');
-- to
CREATE TABLE t (rowid TEXT, oid TEXT, _rowid_ TEXT, a INT);

-- case: a table from a query is an ordinary table
-- from
CREATE TABLE s (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE t AS SELECT id, a || 'x' AS b FROM s;
-- rows
INSERT INTO t VALUES (1, 'b');
-- to
CREATE TABLE s (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE t (id INT, b TEXT, c TEXT);

-- case: a table under the name of the one on its way
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE underpin_new_t (id INTEGER PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1, '1');
INSERT INTO underpin_new_t VALUES (1);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
CREATE TABLE underpin_new_t (id INTEGER PRIMARY KEY);

-- case: nothing becomes something
-- from
-- to
CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT NOT NULL UNIQUE);
CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a (id));
CREATE INDEX b_a ON b (a);
CREATE VIEW v AS SELECT * FROM b;
CREATE TRIGGER x AFTER INSERT ON b BEGIN SELECT 1; END;

-- case: names on their way are kept in quotes
-- from
CREATE TABLE [my table] ([my id] INTEGER PRIMARY KEY, `my a` TEXT);
-- rows
INSERT INTO [my table] VALUES (1, '1');
-- to
CREATE TABLE 'my table' ('my id' INTEGER PRIMARY KEY, `my a` INT);

-- case: values of every kind become those of a strict table
-- changes: t.c
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c BLOB);
-- rows
INSERT INTO t VALUES (1, 'a', 'text'), (2, 5, 7), (3, NULL, NULL);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c BLOB) STRICT;
