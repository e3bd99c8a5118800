-- case: a table inherits
-- from
CREATE TABLE a (id integer PRIMARY KEY, x text);
-- to
CREATE TABLE a (id integer PRIMARY KEY, x text, CONSTRAINT c CHECK (x <> ''));
CREATE TABLE b (y integer) INHERITS (a);
CREATE TABLE c (z integer, CHECK (z > 0)) INHERITS (b);

-- case: a parent changes and its children with it
-- from
CREATE TABLE a (id integer, x integer, gone integer, CONSTRAINT c CHECK (x > 0));
CREATE TABLE b (y integer) INHERITS (a);
CREATE VIEW v AS SELECT x, y FROM b;
-- rows
INSERT INTO a VALUES (1, 2, 3);
INSERT INTO b VALUES (4, 5, 6, 7);
-- to
CREATE TABLE a (id integer NOT NULL, x bigint DEFAULT 5, new text, CONSTRAINT d CHECK (x > 1));
CREATE TABLE b (y integer) INHERITS (a);
CREATE VIEW v AS SELECT x, y FROM b;

-- case: a child leaves its parent and another comes
-- changes: a.id
-- oneway
-- from
CREATE TABLE a (id integer);
CREATE TABLE b (y integer) INHERITS (a);
CREATE TABLE c (id integer, z integer);
-- rows
INSERT INTO b VALUES (1, 2);
INSERT INTO c VALUES (3, 4);
-- to
CREATE TABLE a (id integer);
CREATE TABLE b (id integer, y integer);
CREATE TABLE c (id integer, z integer) INHERITS (a);

-- case: a table of a type
-- from
CREATE TYPE kind AS (a integer, b text);
CREATE TABLE t (a integer, b text);
-- to
CREATE TYPE kind AS (a integer, b text);
CREATE TABLE t OF kind;

-- case: a column goes from the parent and stays in one child
-- oneway
-- from
CREATE TABLE base (id integer, x integer);
CREATE TABLE keeps (y integer) INHERITS (base);
CREATE TABLE loses () INHERITS (base);
-- rows
INSERT INTO keeps VALUES (1, 2, 3);
-- to
CREATE TABLE base (id integer);
CREATE TABLE keeps (x integer, y integer) INHERITS (base);
CREATE TABLE loses () INHERITS (base);
