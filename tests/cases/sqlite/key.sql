-- case: a table gets a primary key
-- from
CREATE TABLE t (a TEXT, b INT);
-- rows
INSERT INTO t VALUES ('x', 1), ('y', 2);
-- to
CREATE TABLE t (a TEXT PRIMARY KEY, b INT);

-- case: a table gets an integer key that is what its rowid was
-- from
CREATE TABLE t (a TEXT);
-- rows
INSERT INTO t (rowid, a) VALUES (3, 'x'), (8, 'y');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);

-- case: a primary key gets another column
-- from
CREATE TABLE t (a TEXT, b INT NOT NULL, PRIMARY KEY (a));
-- rows
INSERT INTO t VALUES ('x', 1), ('y', 2);
-- to
CREATE TABLE t (a TEXT, b INT NOT NULL, PRIMARY KEY (a, b));

-- case: a primary key gets a name
-- from
CREATE TABLE t (a TEXT, b INT, PRIMARY KEY (a));
-- rows
INSERT INTO t VALUES ('x', 1), ('y', 2);
-- to
CREATE TABLE t (a TEXT, b INT, CONSTRAINT pk_t PRIMARY KEY (a));

-- case: a key moves to another column
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);
-- rows
INSERT INTO t VALUES (5, 'a'), (9, 'b');
-- to
CREATE TABLE t (id INTEGER, code TEXT NOT NULL PRIMARY KEY);

-- case: a key counts up and goes on counting
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- rows
INSERT INTO t VALUES (5, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);

-- case: a key that counts up survives another change
-- expect: sqlite_sequence
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);
-- rows
INSERT INTO t VALUES (5, 'a'), (90, 'b');
DELETE FROM t WHERE id = 90;
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT);

-- case: an INT key is no INTEGER key
-- from
CREATE TABLE t (id INT PRIMARY KEY, a TEXT);
-- rows
INSERT INTO t VALUES (5, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);

-- case: a unique constraint comes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- rows
INSERT INTO t VALUES (1, 'a', 'b'), (2, 'a', 'c');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, UNIQUE (a, b));

-- case: a named unique constraint changes its columns
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, CONSTRAINT u UNIQUE (a));
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, CONSTRAINT u UNIQUE (a, b));

-- case: a unique constraint changes its name
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, CONSTRAINT u UNIQUE (a));
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, CONSTRAINT v UNIQUE (a));

-- case: a unique constraint becomes an index
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE);
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE UNIQUE INDEX t_a ON t (a);

-- case: a conflict clause that would lose rows does not
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- rows
INSERT INTO t VALUES (1, 'a'), (2, 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE ON CONFLICT REPLACE);

-- case: a conflict clause changes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT REPLACE, a TEXT NOT NULL ON CONFLICT IGNORE);
-- rows
INSERT INTO t VALUES (1, 'a'), (2, 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT FAIL, a TEXT NOT NULL ON CONFLICT ABORT);

-- case: a check comes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
-- rows
INSERT INTO t VALUES (1, 5), (2, NULL);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT CHECK (a > 0));

-- case: a check changes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, CONSTRAINT c CHECK (a > 0));
-- rows
INSERT INTO t VALUES (1, 5);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, CONSTRAINT c CHECK (a > 1));

-- case: a check gets a name
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, CHECK (a > 0));
-- rows
INSERT INTO t VALUES (1, 5);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, CONSTRAINT positive CHECK (a > 0));

-- case: an enumeration by check gets another value
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('new', 'done')));
CREATE INDEX t_state ON t (state);
-- rows
INSERT INTO t VALUES (1, 'new'), (2, 'done');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('new', 'open', 'done')));
CREATE INDEX t_state ON t (state);

-- case: two unnamed checks alike are two
-- from
CREATE TABLE t (a INT, CHECK (a > 0), CHECK (a > 0), CHECK (a < 9));
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (a INT, CHECK (a > 0), CHECK (a < 8));

-- case: a check names its own table
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT, CHECK (t.a > 0));
CREATE VIEW v AS SELECT a FROM t;
-- rows
INSERT INTO t VALUES (1, 5), (70, 6);
DELETE FROM t WHERE id = 70;
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT, CHECK (t.a > 1 AND t.id > 0));
CREATE VIEW v AS SELECT a FROM t;

-- case: a check without a comma before it
-- from
CREATE TABLE t (a INT, b INT, UNIQUE (a) CHECK (a > b));
-- rows
INSERT INTO t VALUES (2, 1);
-- to
CREATE TABLE t (a INT, b INT, UNIQUE (a) CHECK (a >= b));

-- case: where a constraint stands is no difference
-- oneway
-- avoid: TABLE
-- from
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT UNIQUE, b INT NOT NULL REFERENCES p (id), c TEXT);
-- rows
INSERT INTO p VALUES (1);
INSERT INTO t VALUES (1, 2, 1, 'c');
-- to
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT UNIQUE, b INT NOT NULL REFERENCES p (id), c TEXT);

-- case: a descending key beside its column is no rowid
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY DESC, a TEXT);
-- rows
INSERT INTO t VALUES (3, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
