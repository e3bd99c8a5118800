-- case: indexes come and go
-- from
CREATE TABLE t (a int, b varchar(50), KEY one (a), KEY two (a, b));
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (a int, b varchar(50), KEY two (b, a), KEY three (b(5)));

-- case: falling order
-- from
CREATE TABLE t (a int, b int, KEY k (a, b));
-- to
CREATE TABLE t (a int, b int, KEY k (a, b DESC), UNIQUE KEY u (b DESC));

-- case: an index over an expression
-- engines: mysql
-- from
CREATE TABLE t (a int, b varchar(20), j json, KEY k ((a + 1)));
-- rows
INSERT INTO t VALUES (1, 'x', '{}');
-- to
CREATE TABLE t (a int, b varchar(20), j json, KEY k ((a + 2), b), KEY l ((lower(b)) DESC), UNIQUE KEY m ((concat(b, 'it''s'))), KEY v ((cast(j->'$.tags' AS unsigned ARRAY))));

-- case: a full-text index
-- from
CREATE TABLE t (a text, b text, c varchar(100), FULLTEXT KEY one (a));
-- rows
INSERT INTO t VALUES ('a', 'b', 'c');
-- to
CREATE TABLE t (a text, b text, c varchar(100), FULLTEXT KEY two (a, b), FULLTEXT KEY three (c), FULLTEXT KEY four (b));

-- case: a full-text index with a parser
-- engines: mysql
-- from
CREATE TABLE t (a text, b text, FULLTEXT KEY one (a) WITH PARSER ngram, FULLTEXT KEY two (b));
-- to
CREATE TABLE t (a text, b text, FULLTEXT KEY one (a), FULLTEXT KEY two (b) WITH PARSER ngram);

-- case: an index over shapes
-- from
CREATE TABLE t (p geometry NOT NULL, q point NOT NULL, SPATIAL KEY one (p));
-- to
CREATE TABLE t (p geometry NOT NULL, q point NOT NULL, SPATIAL KEY two (q));

-- case: an index is ignored
-- expect: ALTER INDEX
-- engines: mysql
-- from
CREATE TABLE t (a int, b int, KEY one (a), KEY two (b) INVISIBLE);
-- to
CREATE TABLE t (a int, b int, KEY one (a) INVISIBLE, KEY two (b), KEY three (a, b) INVISIBLE);

-- case: an index is ignored on MariaDB
-- expect: ALTER INDEX
-- engines: mariadb
-- from
CREATE TABLE t (a int, b int, KEY one (a), KEY two (b) IGNORED);
-- to
CREATE TABLE t (a int, b int, KEY one (a) IGNORED, KEY two (b), KEY three (a, b) IGNORED);

-- case: the comment of an index
-- from
CREATE TABLE t (a int, b int, KEY one (a) COMMENT 'x', KEY two (b));
-- to
CREATE TABLE t (a int, b int, KEY one (a), KEY two (b) COMMENT 'it''s');

-- case: how an index is built
-- from
CREATE TABLE t (a int, b int, KEY one (a)) ENGINE=MEMORY;
-- to
CREATE TABLE t (a int, b int, KEY one (a) USING BTREE, KEY two (b) USING HASH) ENGINE=MEMORY;

-- case: a long unique key
-- engines: mariadb
-- from
CREATE TABLE t (a text, b int);
-- to
CREATE TABLE t (a text, b int, UNIQUE KEY u (a));

-- case: an index over a column that goes
-- oneway
-- from
CREATE TABLE t (a int, b int, c int, KEY k (a, b), KEY l (b), UNIQUE KEY m (b, c));
-- rows
INSERT INTO t VALUES (1, 2, 3);
-- to
CREATE TABLE t (a int, c int, KEY k (a), KEY l (c));

-- case: an index over a column that comes
-- from
CREATE TABLE t (a int);
-- to
CREATE TABLE t (a int, b int, c varchar(10) DEFAULT 'x', KEY k (b, c), KEY l (c));

-- case: the same index under another name
-- from
CREATE TABLE t (a int, b int, KEY one (a), UNIQUE KEY u1 (b));
-- to
CREATE TABLE t (a int, b int, KEY two (a), UNIQUE KEY u2 (b));

-- case: an index gets another name and is not built again
-- expect: RENAME INDEX
-- avoid: DROP INDEX
-- from
CREATE TABLE t (a int, b int, c varchar(10), KEY one (a DESC), UNIQUE KEY u1 (b), KEY f (c(3)));
-- rows
INSERT INTO t VALUES (1, 1, 'x');
-- to
CREATE TABLE t (a int, b int, c varchar(20), KEY two (a DESC), UNIQUE KEY u2 (b), KEY g (c(3)));

-- case: the parser of a full-text index changes
-- engines: mysql
-- from
CREATE TABLE t (id int PRIMARY KEY, a text, b text, FULLTEXT KEY f (a), FULLTEXT KEY g (b) WITH PARSER ngram);
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id int PRIMARY KEY, a text, b text, FULLTEXT KEY f (a) WITH PARSER ngram, FULLTEXT KEY g (b));

-- case: the reference system of a column under its spatial index
-- engines: mysql
-- from
CREATE TABLE t (id int PRIMARY KEY, g point NOT NULL SRID 0, h point NOT NULL SRID 0, SPATIAL KEY stays (g), SPATIAL KEY goes (h));
-- to
CREATE TABLE t (id int PRIMARY KEY, g point NOT NULL, h point NOT NULL, SPATIAL KEY stays (g));

-- case: a parser of texts with a comment
-- engines: mysql
-- from
CREATE TABLE t (a text, FULLTEXT f (a));
-- to
CREATE TABLE t (a text, FULLTEXT f (a) WITH PARSER ngram COMMENT 'it''s \\ with parser');
