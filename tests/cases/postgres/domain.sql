-- case: a domain is made and used
-- from
CREATE TABLE t (id integer);
-- to
CREATE DOMAIN positive AS integer DEFAULT 1 NOT NULL CONSTRAINT above CHECK (VALUE > 0) CHECK (VALUE < 100);
CREATE DOMAIN name_of AS varchar(20) COLLATE "C";
CREATE TABLE t (id integer, a positive, b name_of);

-- case: a domain goes and its columns have what it was
-- from
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TABLE t (id integer, a positive);
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (id integer, a integer);

-- case: a domain changes its conditions, its default and its nullability
-- from
CREATE DOMAIN d AS integer DEFAULT 1 CONSTRAINT one CHECK (VALUE > 0) CONSTRAINT two CHECK (VALUE < 10);
CREATE TABLE t (a d);
-- rows
INSERT INTO t VALUES (5);
-- to
CREATE DOMAIN d AS integer DEFAULT 2 NOT NULL CONSTRAINT two CHECK (VALUE < 20) CONSTRAINT three CHECK (VALUE <> 7);
CREATE TABLE t (a d);
COMMENT ON DOMAIN d IS 'a number';

-- case: a domain gets another base
-- from
CREATE DOMAIN d AS integer CHECK (VALUE > 0);
CREATE TABLE t (a d PRIMARY KEY, b d DEFAULT 4);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f(x d) RETURNS d LANGUAGE sql AS 'SELECT x';
-- rows
INSERT INTO t VALUES (5, 6);
-- to
CREATE DOMAIN d AS bigint CHECK (VALUE > 0);
CREATE TABLE t (a d PRIMARY KEY, b d DEFAULT 4);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f(x d) RETURNS d LANGUAGE sql AS 'SELECT x';

-- case: a domain of an enum, and of a domain
-- from
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE DOMAIN d AS mood CHECK (VALUE <> 'b');
CREATE DOMAIN e AS d;
CREATE TABLE t (m d, n e);
-- rows
INSERT INTO t VALUES ('a', 'a');
-- to
CREATE TYPE mood AS ENUM ('b', 'a');
CREATE DOMAIN d AS mood CHECK (VALUE <> 'b');
CREATE DOMAIN e AS d;
CREATE TABLE t (m d, n e);

-- case: a domain's check calls a function
-- from
-- to
CREATE FUNCTION is_email(v text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT v ~ '^[^@]+@[^@]+$' $$;
CREATE DOMAIN email AS text CHECK (is_email(VALUE));
CREATE TABLE t (e email);

-- case: composite types come, change and go
-- changes: t.c
-- from
CREATE TYPE gone AS (a integer);
CREATE TYPE c AS (a integer, b text, x integer);
CREATE TABLE t (id integer, c c);
CREATE TYPE free AS (a integer, b integer);
CREATE FUNCTION f(free) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- rows
INSERT INTO t VALUES (1, ROW(1, 'x', 2));
-- to
CREATE TYPE c AS (a integer, b text, d date);
CREATE TABLE t (id integer, c c);
CREATE TYPE free AS (b integer, a bigint);
CREATE FUNCTION f(free) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TYPE new AS (a integer, b text COLLATE "C", c c[]);

-- case: an attribute of a composite type gets another type
-- from
CREATE TYPE c AS (a integer, b text);
CREATE TABLE t (id integer, c c);
-- rows
INSERT INTO t VALUES (1, ROW(1, 'x'));
-- to
CREATE TYPE c AS (a bigint, b text);
CREATE TABLE t (id integer, c c);

-- case: attributes of a composite type change places, and their values with them
-- changes: t.c t.l t.o
-- from
CREATE TYPE c AS (small integer, large integer);
CREATE TYPE o AS (c c, n integer);
CREATE TABLE t (
  id integer,
  c c CHECK ((c).small < (c).large),
  l c[] CHECK ((l[1]).small < (l[1]).large),
  o o CHECK (((o).c).small < (o).n)
);
-- rows
INSERT INTO t VALUES (1, ROW(1, 2), ARRAY[ROW(3, 4)::c], ROW(ROW(5, 6), 7)), (2, NULL, NULL, NULL);
-- to
CREATE TYPE c AS (large bigint, note text, small integer);
CREATE TYPE o AS (c c, n integer);
CREATE TABLE t (
  id integer,
  c c CHECK ((c).small < (c).large),
  l c[] CHECK ((l[1]).small < (l[1]).large),
  o o CHECK (((o).c).small < (o).n)
);

-- case: attributes of a composite type change places while the table is partitioned
-- changes: t.c
-- from
CREATE TYPE c AS (small integer, large integer);
CREATE TABLE t (id integer, c c CHECK ((c).small < (c).large));
-- rows
INSERT INTO t VALUES (1, ROW(1, 2)), (2, NULL);
-- to
CREATE TYPE c AS (large integer, small integer);
CREATE TABLE t (id integer, c c CHECK ((c).small < (c).large)) PARTITION BY LIST (id);
CREATE TABLE t_rest PARTITION OF t DEFAULT;

-- case: range types
-- from
CREATE TYPE gone AS RANGE (SUBTYPE = float8);
CREATE TYPE r AS RANGE (SUBTYPE = float8);
CREATE TYPE used AS RANGE (SUBTYPE = float8);
CREATE TABLE t (a used);
-- rows
INSERT INTO t VALUES ('[1,2)');
-- to
CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TYPE used AS RANGE (SUBTYPE = float8);
CREATE TABLE t (a used, b r);
CREATE TYPE new AS RANGE (SUBTYPE = text, COLLATION = "C");

-- case: a range type in use gets another subtype
-- from
CREATE TYPE r AS RANGE (SUBTYPE = int4);
CREATE TABLE t (id integer, a r DEFAULT '[1,2)', b r[]);
CREATE INDEX i ON t USING gist (a);
CREATE VIEW v AS SELECT upper(a) AS above FROM t;
-- rows
INSERT INTO t VALUES (1, '[1,3)', ARRAY[r(1, 2), 'empty']), (2, NULL, NULL);
-- to
CREATE TYPE r AS RANGE (SUBTYPE = int8);
CREATE TABLE t (id integer, a r DEFAULT '[1,2)', b r[]);
CREATE INDEX i ON t USING gist (a);
CREATE VIEW v AS SELECT upper(a) AS above FROM t;

-- case: a range type in use gets another function for the distance
-- from
CREATE TYPE r AS RANGE (SUBTYPE = float8);
CREATE TABLE t (a r);
-- rows
INSERT INTO t VALUES ('[1,3)');
-- to
CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TABLE t (a r);

-- case: collations
-- from
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'de-DE');
CREATE TABLE t (a text COLLATE c);
-- rows
INSERT INTO t VALUES ('x');
-- to
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'de-DE', DETERMINISTIC = false);
CREATE TABLE t (a text COLLATE c);
CREATE COLLATION d (LOCALE = 'C');

-- case: an array of a type
-- from
CREATE TYPE c AS (a integer);
CREATE DOMAIN d AS text;
CREATE TABLE t (x text[]);
-- rows
INSERT INTO t VALUES ('{a,b}');
-- to
CREATE TYPE c AS (a integer);
CREATE DOMAIN d AS text;
CREATE TABLE t (x d[], y c[]);

-- case: a domain's defaults were written under another search path
-- from
CREATE SCHEMA s;
-- to
CREATE SCHEMA s;
SET search_path = s, public;
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN d AS integer DEFAULT one();
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE DOMAIN e AS mood DEFAULT 'a';

-- case: domains in arrays, composite types and domains get conditions
-- from
CREATE DOMAIN d AS integer;
CREATE TABLE t (a d[], b d);
CREATE DOMAIN e AS integer;
CREATE TYPE pair AS (x e, y text);
CREATE TABLE u (a pair);
CREATE DOMAIN f AS integer CONSTRAINT late CHECK (VALUE < 9);
CREATE DOMAIN many AS f[];
CREATE TABLE v (a many, b f);
-- rows
INSERT INTO t VALUES ('{1,2}', 3);
INSERT INTO u VALUES ('(3,"x, y")');
INSERT INTO v VALUES ('{4}', 5);
-- to
CREATE DOMAIN d AS integer CONSTRAINT above CHECK (VALUE > 0);
CREATE TABLE t (a d[], b d);
CREATE DOMAIN e AS integer NOT NULL;
CREATE TYPE pair AS (x e, y text);
CREATE TABLE u (a pair);
CREATE DOMAIN f AS integer CONSTRAINT late CHECK (VALUE < 7);
CREATE DOMAIN many AS f[];
CREATE TABLE v (a many, b f);

-- case: the function of a domain in an array gets another signature
-- from
CREATE FUNCTION is_good(integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 0';
CREATE DOMAIN d AS integer CHECK (is_good(VALUE));
CREATE TABLE t (a d[], b d);
-- rows
INSERT INTO t VALUES ('{1,2}', 3);
-- to
CREATE FUNCTION is_good(integer, than integer DEFAULT 0) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > than';
CREATE DOMAIN d AS integer CHECK (is_good(VALUE));
CREATE TABLE t (a d[], b d);

-- case: the functions of domains get other signatures
-- from
CREATE FUNCTION is_good(integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 0';
CREATE DOMAIN d AS integer CHECK (is_good(VALUE));
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN e AS integer DEFAULT one() CHECK (VALUE > 0);
CREATE TABLE t (a d, b e);
-- rows
INSERT INTO t VALUES (2, 3);
-- to
CREATE FUNCTION is_good(integer, than integer DEFAULT 0) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > than';
CREATE DOMAIN d AS integer CHECK (is_good(VALUE));
CREATE FUNCTION one(integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE DOMAIN e AS integer DEFAULT one() + 1 CHECK (VALUE > 0);
CREATE TABLE t (a d, b e);

-- case: domains get another base and their functions another signature
-- from
CREATE FUNCTION is_good(integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 0';
CREATE DOMAIN d AS integer CHECK (is_good(VALUE));
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN e AS integer DEFAULT one();
CREATE TABLE t (a d, b e);
-- rows
INSERT INTO t VALUES (2, 3);
-- to
CREATE FUNCTION is_good(bigint) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 0';
CREATE DOMAIN d AS bigint CHECK (is_good(VALUE));
CREATE FUNCTION one(integer DEFAULT 1) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE DOMAIN e AS bigint DEFAULT one();
CREATE TABLE t (a d, b e);

-- case: a domain within another type, and that type, get other names, and so does its condition
-- renames: domain public.dd < d
-- renames: composite public.cc < c
-- expect: RENAME CONSTRAINT
-- from
CREATE DOMAIN d AS integer CHECK (VALUE > 0);
CREATE TYPE c AS (a d, b text);
CREATE TABLE t (x c, y d);
-- rows
INSERT INTO t VALUES (ROW(1, 'x'), 2);
-- to
CREATE DOMAIN dd AS integer CHECK (VALUE > 0);
CREATE TYPE cc AS (a dd, b text);
CREATE TABLE t (x cc, y dd);

-- case: a domain becomes an enumerated type while columns are of it
-- from
CREATE DOMAIN d AS text CHECK (VALUE <> '');
CREATE TABLE t (id integer PRIMARY KEY, x d DEFAULT 'a', y d[], CHECK (x <> 'z'));
CREATE INDEX ON t (x);
CREATE VIEW v AS SELECT x FROM t WHERE x = 'a'::d;
CREATE FUNCTION f(d) RETURNS d LANGUAGE sql AS 'SELECT $1';
-- rows
INSERT INTO t VALUES (1, 'a', '{a,b}'), (2, NULL, NULL);
-- to
CREATE TYPE d AS ENUM ('a', 'b', 'z');
CREATE TABLE t (id integer PRIMARY KEY, x d DEFAULT 'a', y d[], CHECK (x <> 'z'));
CREATE INDEX ON t (x);
CREATE VIEW v AS SELECT x FROM t WHERE x = 'a'::d;
CREATE FUNCTION f(d) RETURNS d LANGUAGE sql AS 'SELECT $1';

-- case: composite types, domains and views become types of another kind while something is of them
-- changes: t.s
-- from
CREATE TYPE "C c" AS (a integer, b text);
CREATE TYPE e AS ENUM ('1', '2');
CREATE DOMAIN o AS e;
CREATE TYPE h AS (k e);
CREATE VIEW s AS SELECT 1 AS a;
CREATE TYPE r AS RANGE (subtype = integer);
CREATE TABLE t (c "C c", o o, h h, s s, r r);
-- rows
INSERT INTO t VALUES ('(1,x)', '1', '(2)', '(3)', '[1,2)');
-- to
CREATE DOMAIN "C c" AS text;
CREATE DOMAIN e AS integer;
CREATE DOMAIN o AS e;
CREATE TYPE h AS (k e);
CREATE TYPE s AS (a integer);
CREATE DOMAIN r AS text;
CREATE TABLE t (c "C c", o o, h h, s s, r r);

-- case: an enumerated type becomes a domain and a table a composite type while columns are of them
-- from
CREATE TYPE k AS ENUM ('a', 'b');
CREATE TABLE t (x k GENERATED ALWAYS AS ('a'::k) STORED, y k, CHECK (y >= 'a'));
CREATE TABLE s (a integer);
CREATE TABLE u (s s);
CREATE MATERIALIZED VIEW m AS SELECT y FROM t;
-- rows
INSERT INTO t (y) VALUES ('b');
INSERT INTO u VALUES (ROW(1));
-- to
CREATE DOMAIN k AS text;
CREATE TABLE t (x k GENERATED ALWAYS AS ('a'::k) STORED, y k, CHECK (y >= 'a'));
CREATE TYPE s AS (a integer);
CREATE TABLE u (s s);
CREATE MATERIALIZED VIEW m AS SELECT y FROM t;
