-- case: a column is renamed
-- renames: column t.b < a
-- expect: RENAME COLUMN
-- avoid: DROP TABLE
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
CREATE INDEX i ON t (a) WHERE a <> '';
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT NOT NULL);
CREATE INDEX i ON t (b) WHERE b <> '';

-- case: a column is renamed and changed
-- renames: column t.b < a
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> ''));
-- rows
INSERT INTO t VALUES (1, '7');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b INT NOT NULL CHECK (b > 0));

-- case: a column that others reference is renamed
-- renames: column p.code < id
-- from
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE);
CREATE VIEW v AS SELECT id FROM p;
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (code INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (code) ON DELETE CASCADE);
CREATE VIEW v AS SELECT code FROM p;

-- case: a table is renamed
-- renames: table u < t
-- expect: RENAME TO
-- avoid: DROP TABLE
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t INT REFERENCES t (id));
CREATE INDEX i ON t (a);
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET a = 'x'; END;
-- rows
INSERT INTO t VALUES (4, 'x');
INSERT INTO c VALUES (1, 4);
-- to
CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t INT REFERENCES u (id));
CREATE INDEX i ON u (a);
CREATE VIEW v AS SELECT a FROM u;
CREATE TRIGGER x AFTER INSERT ON u BEGIN UPDATE u SET a = 'x'; END;

-- case: a table is renamed and made anew and its column renamed
-- renames: table u < t
-- renames: column u.b < a
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t INT REFERENCES t (id) ON DELETE CASCADE);
-- rows
INSERT INTO t VALUES (4, '5'), (44, '6');
DELETE FROM t WHERE id = 44;
INSERT INTO c VALUES (1, 4);
-- to
CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT, b INT NOT NULL);
CREATE TABLE c (id INTEGER PRIMARY KEY, t INT REFERENCES u (id) ON DELETE CASCADE);

-- case: the case of a table changes and no row is lost
-- from
CREATE TABLE Users (id INTEGER PRIMARY KEY, a TEXT);
-- rows
INSERT INTO Users VALUES (4, 'x');
-- to
CREATE TABLE users (id INTEGER PRIMARY KEY, a TEXT);

-- case: the case of a column changes and no row is lost
-- from
CREATE TABLE t (Id INTEGER PRIMARY KEY, userName TEXT);
CREATE INDEX i ON t (userName);
-- rows
INSERT INTO t VALUES (4, 'x');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, username TEXT);
CREATE INDEX i ON t (username);

-- case: a renamed column and a dropped one
-- renames: column t.b < a
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c TEXT);
-- rows
INSERT INTO t VALUES (4, 'x', 'y');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, d TEXT);

-- case: a rename that was done long ago stays beside a change of case
-- renames: table users < people
-- renames: column users.name < title
-- from
CREATE TABLE Users (id INTEGER PRIMARY KEY, Name TEXT);
-- rows
INSERT INTO Users VALUES (4, 'x');
-- to
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);

-- case: the old names are said in another case
-- renames: table u < t
-- renames: column u.sum < total
-- avoid: DROP
-- from
CREATE TABLE T (id INTEGER PRIMARY KEY, Total INT);
-- rows
INSERT INTO T VALUES (4, 5);
-- to
CREATE TABLE u (id INTEGER PRIMARY KEY, sum INT);

-- case: a column that is called as a function is gets another name
-- renames: column t.name < lower
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, lower TEXT CHECK (lower(lower) = lower));
-- rows
INSERT INTO t VALUES (4, 'x');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT CHECK (lower(name) = name));

-- case: a text in double quotes within a check beside a column that gets another name
-- renames: column t.c < b
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> "gone"), b TEXT);
-- rows
INSERT INTO t VALUES (1, 'x', 'y');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> "gone"), c TEXT);

-- case: a text in double quotes within a check of a table that gets another name
-- renames: table u < t
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> "gone"), b TEXT);
-- rows
INSERT INTO t VALUES (1, 'x', 'y');
-- to
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> "gone"), b TEXT);
