-- case: an index comes
-- expect: CREATE INDEX
-- avoid: TABLE
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE INDEX t_a ON t (a);

-- case: an index changes its columns
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE INDEX i ON t (a);
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE INDEX i ON t (a, b DESC);

-- case: an index becomes unique
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX i ON t (a);
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE UNIQUE INDEX i ON t (a);

-- case: an index becomes partial
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, gone INT);
CREATE UNIQUE INDEX i ON t (a);
-- rows
INSERT INTO t VALUES (1, 'a', 0);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, gone INT);
CREATE UNIQUE INDEX i ON t (a) WHERE gone = 0;

-- case: the rows of a partial index change
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, gone INT);
CREATE INDEX i ON t (a) WHERE gone IS NULL;
-- rows
INSERT INTO t VALUES (1, 'a', 0);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, gone INT);
CREATE INDEX i ON t (a) WHERE gone IS NOT NULL AND a <> 'x';

-- case: an index over an expression changes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX i ON t (lower(a));
-- rows
INSERT INTO t VALUES (1, 'A');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX i ON t (upper(a), length(a) DESC);

-- case: an index gets a collation
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX i ON t (a);
-- rows
INSERT INTO t VALUES (1, 'A');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX i ON t (a COLLATE NOCASE);

-- case: an index gets another name
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX i ON t (a);
-- rows
INSERT INTO t VALUES (1, 'A');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX j ON t (a);

-- case: an index moves to another table
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX i ON t (a);
-- rows
INSERT INTO t VALUES (1, 'A');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX i ON u (a);

-- case: indexes survive a rebuild
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE INDEX i ON t (a DESC) WHERE b <> '';
CREATE UNIQUE INDEX "my index" ON t (lower(b));
CREATE INDEX gone ON t (b);
-- rows
INSERT INTO t VALUES (1, '1', 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT);
CREATE INDEX i ON t (a DESC) WHERE b <> '';
CREATE UNIQUE INDEX "my index" ON t (lower(b));
CREATE INDEX come ON t (a, b);

-- case: an index over a new column
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX i ON t (a);

-- case: how an index is written is no difference
-- oneway
-- avoid: INDEX
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT);
create index i on t(a,b)
  where b > 0;
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT);
CREATE INDEX i ON t (a, b) WHERE b > 0;

-- case: a table takes the name of an index that goes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX x ON t (a);
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE x (id INTEGER PRIMARY KEY);

-- case: an index of a table that goes is made on another
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX x ON t (a);
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX x ON u (a);

-- case: a table gets the name of an index whose table is made anew
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
CREATE INDEX x ON t (a);
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE x (id INTEGER PRIMARY KEY);

-- case: a text in double quotes in an index
-- renames: column t.c < b
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE INDEX i ON t (a) WHERE a <> "gone";
-- rows
INSERT INTO t VALUES (1, 'x', 'y');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c TEXT);
CREATE INDEX i ON t (a) WHERE a <> "gone";
