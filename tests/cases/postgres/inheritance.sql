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

-- case: the type of a table gets, changes and loses attributes
-- loses: c
-- from
CREATE TYPE kind AS (a integer, b text, c integer);
CREATE TABLE t OF kind (PRIMARY KEY (a));
CREATE TABLE u OF kind (b WITH OPTIONS DEFAULT 'x' NOT NULL);
-- rows
INSERT INTO t VALUES (1, 'x', 2);
INSERT INTO u VALUES (1, 'x', 2);
-- to
CREATE TYPE kind AS (a bigint, b text, d integer);
CREATE TABLE t OF kind (PRIMARY KEY (a), d WITH OPTIONS DEFAULT 7 NOT NULL);
CREATE TABLE u OF kind (b WITH OPTIONS DEFAULT 'y');

-- case: a table gets another type, and one is freed from its type
-- from
CREATE TYPE kind AS (a integer, b text);
CREATE TYPE other AS (a integer, b text, c integer);
CREATE TABLE t OF kind;
CREATE TABLE u OF kind;
-- rows
INSERT INTO t VALUES (1, 'x');
INSERT INTO u VALUES (1, 'x');
-- to
CREATE TYPE kind AS (a integer, b text);
CREATE TYPE other AS (a integer, b text, c integer);
CREATE TABLE t OF other;
CREATE TABLE u (a integer, b text, c integer);

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

-- case: a table that is there begins to inherit checks, and ends it
-- loses: a b
-- from
CREATE TABLE a (id integer CONSTRAINT positive CHECK (id > 0));
CREATE TABLE b (id integer, y integer);
-- rows
INSERT INTO b VALUES (1, 2);
-- to
CREATE TABLE a (id integer CONSTRAINT positive CHECK (id > 0));
CREATE TABLE b (id integer CONSTRAINT positive CHECK (id > 0), y integer) INHERITS (a);

-- case: a child keeps the check of the parent that it leaves
-- loses: a b
-- oneway
-- from
CREATE TABLE a (id integer CONSTRAINT positive CHECK (id > 0));
CREATE TABLE b (y integer) INHERITS (a);
CREATE TABLE c (y integer) INHERITS (a);
CREATE TABLE d () INHERITS (c);
-- rows
INSERT INTO b VALUES (1, 2);
INSERT INTO d VALUES (3, 4);
-- to
CREATE TABLE a (id integer);
CREATE TABLE b (id integer CONSTRAINT positive CHECK (id > 0), y integer);
CREATE TABLE c (id integer, y integer);
CREATE TABLE d () INHERITS (c);
COMMENT ON CONSTRAINT positive ON b IS 'kept';

-- case: a child goes to another parent with another check of the same name
-- loses: a b
-- oneway
-- from
CREATE TABLE a (id integer CONSTRAINT c CHECK (id > 0));
CREATE TABLE b (id integer CONSTRAINT c CHECK (id > 1), CONSTRAINT d CHECK (id > 2)) ;
CREATE TABLE x (id integer, CONSTRAINT d CHECK (id > 2)) INHERITS (a);
-- rows
INSERT INTO x VALUES (3);
-- to
CREATE TABLE a (id integer CONSTRAINT c CHECK (id > 0));
CREATE TABLE b (id integer CONSTRAINT c CHECK (id > 1), CONSTRAINT d CHECK (id > 2)) ;
CREATE TABLE x (id integer, CONSTRAINT c CHECK (id > 1), CONSTRAINT d CHECK (id > 2)) INHERITS (b);

-- case: checks that a child has by itself as well come and go with the parent's
-- from
CREATE TABLE a (id integer, CONSTRAINT gone CHECK (id > 1));
CREATE TABLE "0" (CONSTRAINT gone CHECK (id > 1)) INHERITS (a);
-- rows
INSERT INTO "0" VALUES (3);
-- to
CREATE TABLE a (id integer, CONSTRAINT new CHECK (id > 1));
CREATE TABLE "0" (CONSTRAINT new CHECK (id > 1)) INHERITS (a);

-- case: a column that others inherit is renamed there by the server
-- renames: column public.p.w < v
-- avoid: ADD COLUMN
-- from
CREATE TABLE p (id integer, v integer);
CREATE TABLE c (x integer) INHERITS (p);
CREATE TABLE d () INHERITS (c);
-- rows
INSERT INTO d VALUES (1, 2, 3);
-- to
CREATE TABLE p (id integer, w integer);
CREATE TABLE c (x integer) INHERITS (p);
CREATE TABLE d () INHERITS (c);

-- case: a new child gets the defaults that its parents are to have
-- from
CREATE TABLE p (a integer, b text DEFAULT 'x');
CREATE TABLE c (d integer) INHERITS (p);
-- to
CREATE TABLE p (a integer, b text DEFAULT 'y');
CREATE TABLE c (d integer) INHERITS (p);
CREATE TABLE cc () INHERITS (c);

-- case: a column of two parents gets another type
-- from
CREATE TABLE a (x integer, c integer);
CREATE TABLE b (c integer, y integer);
CREATE TABLE ab (z integer) INHERITS (a, b);
CREATE TABLE abc () INHERITS (ab);
-- rows
INSERT INTO ab VALUES (1, 2, 3, 4);
-- to
CREATE TABLE a (x integer, c bigint);
CREATE TABLE b (c bigint, y integer);
CREATE TABLE ab (z integer) INHERITS (a, b);
CREATE TABLE abc () INHERITS (ab);

-- case: a column of two parents gets another name
-- renames: column public.a.d < c
-- renames: column public.b.d < c
-- from
CREATE TABLE a (x integer, c integer);
CREATE TABLE b (c integer, y integer);
CREATE TABLE ab (z integer) INHERITS (a, b);
-- rows
INSERT INTO ab VALUES (1, 2, 3, 4);
-- to
CREATE TABLE a (x integer, d integer);
CREATE TABLE b (d integer, y integer);
CREATE TABLE ab (z integer) INHERITS (a, b);

-- case: a check of the child becomes the parent's as well
-- from
CREATE TABLE a (id integer);
CREATE TABLE b (CONSTRAINT c CHECK (id > 1)) INHERITS (a);
-- rows
INSERT INTO b VALUES (3);
-- to
CREATE TABLE a (id integer, CONSTRAINT c CHECK (id > 1));
CREATE TABLE b (CONSTRAINT c CHECK (id > 1)) INHERITS (a);

-- case: the parents in another order
-- from
CREATE TABLE a (x integer);
CREATE TABLE b (y integer);
CREATE TABLE ab () INHERITS (a, b);
-- rows
INSERT INTO ab VALUES (1, 2);
-- to
CREATE TABLE a (x integer);
CREATE TABLE b (y integer);
CREATE TABLE ab () INHERITS (b, a);

-- case: a parent comes before another
-- loses: b
-- from
CREATE TABLE a (x integer);
CREATE TABLE b (y integer);
CREATE TABLE ab (y integer) INHERITS (a);
-- rows
INSERT INTO ab VALUES (1, 2);
-- to
CREATE TABLE a (x integer);
CREATE TABLE b (y integer);
CREATE TABLE ab (y integer) INHERITS (b, a);

-- case: a child's column stays never null when its parent's does not
-- oneway
-- from
CREATE TABLE p (a integer NOT NULL, b text NOT NULL);
CREATE TABLE c () INHERITS (p);
CREATE TABLE d (b text NOT NULL) INHERITS (p);
-- rows
INSERT INTO c VALUES (1, 'x');
-- to
CREATE TABLE p (a integer, b text);
CREATE TABLE c () INHERITS (p);
ALTER TABLE c ALTER a SET NOT NULL;
CREATE TABLE d (b text NOT NULL) INHERITS (p);
