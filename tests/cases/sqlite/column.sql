-- case: a column is added at the end without a rebuild
-- expect: ADD COLUMN
-- avoid: DROP TABLE
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- rows
INSERT INTO t VALUES (1, 'x'), (2, NULL);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b VARCHAR(20) DEFAULT 'it''s');

-- case: a column is added in the middle without a rebuild
-- expect: ADD COLUMN
-- avoid: DROP TABLE
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, z TEXT);
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b INT NOT NULL DEFAULT -7, z TEXT);

-- case: a column with a check and a name for it is added without a rebuild
-- expect: ADD COLUMN
-- avoid: DROP TABLE
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b INT DEFAULT 3 CONSTRAINT positive CHECK (b > 0));

-- case: a column with a reference is added without a rebuild
-- expect: ADD COLUMN
-- avoid: DROP TABLE "t"
-- from
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- rows
INSERT INTO p VALUES (1);
INSERT INTO t VALUES (1);
-- to
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE);

-- case: a virtual generated column is added without a rebuild
-- expect: ADD COLUMN
-- avoid: DROP TABLE
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
-- rows
INSERT INTO t VALUES (1, 5);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, twice INT GENERATED ALWAYS AS (a * 2) VIRTUAL);

-- case: a stored generated column is added by a rebuild
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
-- rows
INSERT INTO t VALUES (1, 5), (9, NULL);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, twice INT GENERATED ALWAYS AS (a * 2) STORED);

-- case: a generated column becomes stored
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, twice INT AS (a * 2), z TEXT);
-- rows
INSERT INTO t (id, a, z) VALUES (1, 5, 'z');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, twice INT AS (a * 2) STORED, z TEXT);

-- case: the expression of a generated column changes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, s INT AS (a * 2) STORED);
-- rows
INSERT INTO t (id, a) VALUES (1, 5);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, s INT AS (a * 3) STORED);

-- case: a generated column becomes an ordinary one and keeps its values
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, s INT AS (a * 2) STORED);
-- rows
INSERT INTO t (id, a) VALUES (1, 5);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, s INT);

-- case: a column whose default is an expression is added by a rebuild
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
-- rows
INSERT INTO t VALUES (1, 5), (2, 6);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, made TEXT NOT NULL DEFAULT (datetime('now')));

-- case: a column whose default is the time is added by a rebuild
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
-- rows
INSERT INTO t VALUES (1, 5), (2, 6);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);

-- case: a unique column is added by a rebuild
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
-- rows
INSERT INTO t VALUES (1, 5), (2, 6);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, code TEXT UNIQUE);

-- case: two columns are added of which one is computed from the other
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, g INT AS (b + 1), b INT DEFAULT 1);

-- case: a column is dropped without a rebuild
-- expect: DROP COLUMN
-- avoid: DROP TABLE
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT);

-- case: a column is dropped with the index over it
-- expect: DROP COLUMN
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE INDEX t_a ON t (a);
CREATE INDEX t_b ON t (b) WHERE a IS NOT NULL;
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT);

-- case: a column with a check beside it is dropped
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> ''), b INT CHECK (b > 0));
-- rows
INSERT INTO t VALUES (1, 'a', 1);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b INT CHECK (b > 0));

-- case: a column with a check below it is dropped
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT, CHECK (a < b));
-- rows
INSERT INTO t VALUES (1, 1, 2);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b INT);

-- case: a column with a reference is dropped
-- from
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, p INT REFERENCES p, b INT);
-- rows
INSERT INTO p VALUES (1);
INSERT INTO t VALUES (1, 1, 2);
-- to
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, b INT);

-- case: a unique column is dropped by a rebuild
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b INT);
-- rows
INSERT INTO t VALUES (1, 'a', 2);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b INT);

-- case: a column that a generated one is computed from is dropped with it
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT AS (a + 1) STORED, c INT);
-- rows
INSERT INTO t (id, a, c) VALUES (1, 2, 3);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, c INT);

-- case: all columns but the key are others
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT);
-- rows
INSERT INTO t VALUES (1, 2, 3), (7, 8, 9);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, c TEXT, d TEXT DEFAULT 'd');

-- case: no column is the same and the rows stay
-- from
CREATE TABLE t (a INT);
-- rows
INSERT INTO t VALUES (1), (2);
-- to
CREATE TABLE t (b TEXT DEFAULT 'b');

-- case: the type of a column changes
-- expect: underpin_new_t
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b VARCHAR(10));
-- rows
INSERT INTO t VALUES (1, 5, 'x'), (2, NULL, NULL), (3, 'word', 7);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b VARCHAR(200));

-- case: a type is taken away
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
-- rows
INSERT INTO t VALUES (1, 5);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a);

-- case: the declared type is kept as written
-- from
CREATE TABLE t (id INT PRIMARY KEY, a DECIMAL(10, 2), b UNSIGNED BIG INT, c NVARCHAR(100));
-- rows
INSERT INTO t VALUES (1, 5.5, 2, 'x');
-- to
CREATE TABLE t (id INT PRIMARY KEY, a DECIMAL(12, 2), b UNSIGNED BIG INT, c NVARCHAR(100));

-- case: a column becomes NOT NULL and nulls become its default
-- changes: t.a
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'none');
-- rows
INSERT INTO t VALUES (1, 'x'), (2, NULL);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'none');

-- case: a column becomes NOT NULL without a default
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- rows
INSERT INTO t VALUES (1, 'x'), (2, '');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);

-- case: a default without quotes fills nulls
-- changes: t.a
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT);
-- rows
INSERT INTO t VALUES (1, NULL, 1);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT draft, b INT);

-- case: a default changes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'x', b INT DEFAULT 1, c REAL DEFAULT 0.5);
-- rows
INSERT INTO t VALUES (1, 'x', 1, 1.5);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'y', b INT, c REAL DEFAULT (abs(-1)));

-- case: a collation changes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE);
CREATE INDEX t_a ON t (a);

-- case: several changes of a table are one rebuild
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT);
-- rows
INSERT INTO t VALUES (1, 'a', '2', 'c');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, n INT DEFAULT 3, b INT NOT NULL DEFAULT 0, c TEXT CHECK (c <> ''));

-- case: a column and its name are a keyword
-- from
CREATE TABLE "order" (id INTEGER PRIMARY KEY, "group" TEXT);
-- rows
INSERT INTO "order" VALUES (1, 'a');
-- to
CREATE TABLE "order" (id INTEGER PRIMARY KEY, "group" INT, "select" TEXT DEFAULT 'x');

-- case: names hold anything
-- from
CREATE TABLE "a ""b"" c" (id INTEGER PRIMARY KEY, "x y" TEXT, [it's] INT);
-- rows
INSERT INTO "a ""b"" c" VALUES (1, 'a', 5);
-- to
CREATE TABLE "a ""b"" c" (id INTEGER PRIMARY KEY, "x y" INT, [it's] INT, "ü" TEXT);

-- case: the order of columns alone is no difference
-- avoid: TABLE
-- oneway
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, a TEXT);

-- case: quotes and comments are no difference
-- avoid: TABLE
-- oneway
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT /* of what */ DEFAULT 'x', -- why
  [b] TEXT);
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE "t" ("id" INTEGER PRIMARY KEY, `a` TEXT DEFAULT 'x', b TEXT);

-- case: a column in a strict table changes its type
-- changes: t.b
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b BLOB, c ANY) STRICT;
-- rows
INSERT INTO t VALUES (1, 5, x'6162', 1.5);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c ANY) STRICT;

-- case: a column with a comment at the end of its line is followed by another
-- expect: ADD COLUMN
-- from
CREATE TABLE t (
  id INTEGER PRIMARY KEY, -- the key
  a TEXT -- the last
);
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (
  id INTEGER PRIMARY KEY, -- the key
  a TEXT, -- no longer the last
  b TEXT -- the last
);

-- case: a boolean is added with its default
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, flag BOOLEAN NOT NULL DEFAULT FALSE, n INT DEFAULT NULL, x BLOB DEFAULT x'00ff');

-- case: a text in double quotes within a check beside a column that goes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> "gone"), b TEXT);
-- rows
INSERT INTO t VALUES (1, 'x', 'y');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> "gone"));

-- case: a text in double quotes that is the name of the column that goes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> "b"));
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> "b"), b TEXT);
