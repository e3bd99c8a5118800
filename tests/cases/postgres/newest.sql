-- case: columns that are computed when they are read
-- since: 18
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer GENERATED ALWAYS AS (a * 2) STORED, c integer GENERATED ALWAYS AS (a + 1) VIRTUAL);
-- rows
INSERT INTO t (id, a) VALUES (1, 2);
-- to
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL, d integer GENERATED ALWAYS AS (a + 5) VIRTUAL);

-- case: not null by a name
-- since: 18
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer CONSTRAINT there NOT NULL, b integer NOT NULL, c integer, d integer CONSTRAINT gone NOT NULL);
-- rows
INSERT INTO t VALUES (1, 2, 3, 4, 5);
-- to
CREATE TABLE t (id integer PRIMARY KEY, a integer NOT NULL, b integer CONSTRAINT named NOT NULL, c integer CONSTRAINT new NOT NULL, d integer);

-- case: keys in time
-- since: 18
-- from
CREATE EXTENSION btree_gist;
CREATE TABLE a (id integer, during daterange NOT NULL);
CREATE TABLE b (a_id integer, during daterange);
-- to
CREATE EXTENSION btree_gist;
CREATE TABLE a (id integer, during daterange NOT NULL, PRIMARY KEY (id, during WITHOUT OVERLAPS));
CREATE TABLE b (a_id integer, during daterange, FOREIGN KEY (a_id, PERIOD during) REFERENCES a (id, PERIOD during));

-- case: constraints that are not enforced
-- since: 18
-- from
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (a_id integer REFERENCES a, x integer, CONSTRAINT c CHECK (x > 0));
-- rows
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (1, 1);
-- to
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (a_id integer REFERENCES a NOT ENFORCED, x integer, CONSTRAINT c CHECK (x > 0) NOT ENFORCED);

-- case: what says that a column is never null has a name and a state
-- since: 18
-- from
CREATE TABLE t (a integer NOT NULL, b integer, c integer NOT NULL);
ALTER TABLE t ADD CONSTRAINT mine NOT NULL b NOT VALID;
-- rows
INSERT INTO t VALUES (1, 2, 3);
-- to
CREATE TABLE t (a integer, b integer NOT NULL, c integer, d integer, CONSTRAINT alone NOT NULL c NO INHERIT);
ALTER TABLE t ADD CONSTRAINT later NOT NULL a NOT VALID;
ALTER TABLE t ADD CONSTRAINT new NOT NULL d NOT VALID;
CREATE TABLE u (a integer);
ALTER TABLE u ADD CONSTRAINT late NOT NULL a NOT VALID;

-- case: both ends of a foreign key over periods get another type
-- since: 18
-- from
CREATE EXTENSION btree_gist;
CREATE TABLE r (id integer, d daterange, PRIMARY KEY (id, d WITHOUT OVERLAPS));
CREATE TABLE b (rid integer, d daterange, CONSTRAINT bf FOREIGN KEY (rid, PERIOD d) REFERENCES r);
-- to
CREATE EXTENSION btree_gist;
CREATE TABLE r (id bigint, d daterange, PRIMARY KEY (id, d WITHOUT OVERLAPS));
CREATE TABLE b (rid bigint, d daterange, CONSTRAINT bf FOREIGN KEY (rid, PERIOD d) REFERENCES r);

-- case: never null and not inherited
-- since: 18
-- from
CREATE TABLE p (a integer NOT NULL, b integer, c integer NOT NULL NO INHERIT, d integer NOT NULL NO INHERIT, e integer CONSTRAINT n NOT NULL NO INHERIT);
CREATE TABLE q (x integer) INHERITS (p);
-- rows
INSERT INTO p VALUES (1, 2, 3, 4, 5);
INSERT INTO q VALUES (1, 2, 3, 4, 5);
-- to
CREATE TABLE p (a integer NOT NULL NO INHERIT, b integer NOT NULL NO INHERIT, c integer NOT NULL, d integer, e integer NOT NULL NO INHERIT);
CREATE TABLE q (x integer) INHERITS (p);

-- case: a column is never null in the parent and in the child, each by itself
-- since: 18
-- from
CREATE TABLE p (a integer NOT NULL NO INHERIT, b integer);
CREATE TABLE q (x integer) INHERITS (p);
ALTER TABLE q ALTER COLUMN a SET NOT NULL;
-- rows
INSERT INTO p VALUES (1, 2);
INSERT INTO q VALUES (1, 2);
-- to
CREATE TABLE p (a integer, b integer NOT NULL NO INHERIT);
CREATE TABLE q (x integer) INHERITS (p);
ALTER TABLE q ADD CONSTRAINT mine NOT NULL b NO INHERIT;

-- case: what says that a domain is never null has a name
-- since: 18
-- from
CREATE DOMAIN a AS text CONSTRAINT nn NOT NULL;
CREATE DOMAIN b AS text NOT NULL;
CREATE DOMAIN c AS text;
CREATE DOMAIN d AS text CONSTRAINT "D d" NOT NULL CHECK (VALUE <> '');
CREATE DOMAIN e AS text CONSTRAINT odd NOT NULL;
CREATE DOMAIN f AS integer NOT NULL;
COMMENT ON CONSTRAINT "D d" ON DOMAIN d IS 'x';
CREATE TABLE t (a a, d d, f f);
-- rows
INSERT INTO t VALUES ('x', 'y', 1);
-- to
CREATE DOMAIN a AS text NOT NULL;
CREATE DOMAIN b AS text CONSTRAINT "B b" NOT NULL;
CREATE DOMAIN c AS text CONSTRAINT c NOT NULL;
CREATE DOMAIN d AS text CONSTRAINT other NOT NULL CHECK (VALUE <> '');
CREATE DOMAIN e AS text;
CREATE DOMAIN f AS bigint NOT NULL;
CREATE DOMAIN g AS bigint CONSTRAINT g NOT NULL;
COMMENT ON CONSTRAINT g ON DOMAIN g IS 'y';
COMMENT ON CONSTRAINT other ON DOMAIN d IS 'y';
CREATE TABLE t (a a, d d, f f);

-- case: a domain gets another name and what says that it is never null the usual one
-- since: 18
-- renames: domain public.b < a
-- from
CREATE DOMAIN a AS text NOT NULL;
CREATE TABLE t (a a);
-- rows
INSERT INTO t VALUES ('x');
-- to
CREATE DOMAIN b AS text NOT NULL;
CREATE TABLE t (a b);

-- case: children say that a column is never null when their parent does not any more
-- since: 18
-- from
CREATE TABLE p (a integer NOT NULL, b integer NOT NULL);
CREATE TABLE c () INHERITS (p);
CREATE TABLE d (a integer CONSTRAINT x NOT NULL) INHERITS (p);
CREATE TABLE e (a integer NOT NULL) INHERITS (p);
-- rows
INSERT INTO c VALUES (1, 2);
INSERT INTO d VALUES (1, 2);
-- to
CREATE TABLE p (a integer, b integer NOT NULL);
CREATE TABLE c (CONSTRAINT cc NOT NULL a) INHERITS (p);
CREATE TABLE d (a integer CONSTRAINT y NOT NULL) INHERITS (p);
CREATE TABLE e (a integer NOT NULL) INHERITS (p);

-- case: what a child and its parent say gets another name in the child
-- since: 18
-- from
CREATE TABLE o (a integer NOT NULL);
CREATE TABLE p () INHERITS (o);
CREATE TABLE c (a integer CONSTRAINT x NOT NULL) INHERITS (p);
CREATE TABLE d (a integer CONSTRAINT x NOT NULL) INHERITS (p);
CREATE TABLE e () INHERITS (p);
-- rows
INSERT INTO c VALUES (1);
INSERT INTO d VALUES (1);
-- to
CREATE TABLE o (a integer NOT NULL);
CREATE TABLE p () INHERITS (o);
CREATE TABLE c (a integer CONSTRAINT y NOT NULL) INHERITS (p);
CREATE TABLE d (a integer NOT NULL) INHERITS (p);
CREATE TABLE e (CONSTRAINT z NOT NULL a) INHERITS (p);

-- case: what a parent and its child say gets another name in both
-- since: 18
-- from
CREATE TABLE p (a integer NOT NULL, b integer CONSTRAINT bp NOT NULL, c integer CONSTRAINT cp NOT NULL);
CREATE TABLE c (a integer CONSTRAINT x NOT NULL, b integer CONSTRAINT y NOT NULL, c integer CONSTRAINT z NOT NULL) INHERITS (p);
CREATE TABLE d () INHERITS (p);
-- rows
INSERT INTO c VALUES (1, 2, 3);
-- to
CREATE TABLE p (a integer CONSTRAINT ap NOT NULL, b integer NOT NULL, c integer CONSTRAINT cp2 NOT NULL);
CREATE TABLE c (a integer CONSTRAINT x2 NOT NULL, b integer CONSTRAINT y2 NOT NULL, c integer CONSTRAINT z2 NOT NULL) INHERITS (p);
CREATE TABLE d () INHERITS (p);

-- case: a parent says that a column is never null under another name than before and its child does not
-- since: 18
-- from
CREATE TABLE p (a integer NOT NULL, b integer CONSTRAINT bp NOT NULL, c integer);
CREATE TABLE c (a integer CONSTRAINT x NOT NULL, b integer CONSTRAINT y NOT NULL, c integer CONSTRAINT z NOT NULL) INHERITS (p);
-- rows
INSERT INTO c VALUES (1, 2, 3);
-- to
CREATE TABLE p (a integer CONSTRAINT ap NOT NULL, b integer NOT NULL, c integer NOT NULL);
CREATE TABLE c (a integer CONSTRAINT x NOT NULL, b integer CONSTRAINT y NOT NULL, c integer CONSTRAINT z2 NOT NULL) INHERITS (p);
