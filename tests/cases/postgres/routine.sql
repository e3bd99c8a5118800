-- case: functions come and go
-- from
CREATE FUNCTION gone(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
-- to
CREATE FUNCTION f(a integer, b text DEFAULT 'x', VARIADIC c integer[] DEFAULT '{}') RETURNS text LANGUAGE sql STABLE STRICT SECURITY DEFINER PARALLEL SAFE COST 5 SET search_path = public AS $$ SELECT b $$;
CREATE FUNCTION g(OUT a integer, OUT b text) LANGUAGE sql AS $$ SELECT 1, 'x' $$;
CREATE FUNCTION h() RETURNS TABLE (a integer, b text) LANGUAGE plpgsql ROWS 10 AS $$ BEGIN RETURN QUERY SELECT 1, 'x'::text; END $$;
CREATE PROCEDURE p(a integer, INOUT b integer) LANGUAGE plpgsql AS $$ BEGIN b := a; END $$;

-- case: a body changes
-- expect: CREATE OR REPLACE FUNCTION
-- avoid: DROP
-- from
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
CREATE VIEW v AS SELECT f(1) AS a;
-- to
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
CREATE VIEW v AS SELECT f(1) AS a;

-- case: a result changes under a view, a default and a trigger
-- from
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT f(1));
CREATE VIEW v AS SELECT f(id) AS a FROM t;
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql AS 'SELECT a::bigint';
CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT f(1));
CREATE VIEW v AS SELECT f(id) AS a FROM t;

-- case: arguments get other names and types
-- from
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION h(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- to
CREATE FUNCTION f(b integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION h(a text, b integer DEFAULT 2) RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- case: functions of one name
-- from
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(a text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- to
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 2';
CREATE FUNCTION f(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- case: a function becomes a procedure
-- from
CREATE FUNCTION f() RETURNS void LANGUAGE sql AS '';
-- to
CREATE PROCEDURE f() LANGUAGE sql AS '';

-- case: a body in standard SQL needs its tables
-- since: 14
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(a) FROM t; END;
-- to
CREATE TABLE t (id integer PRIMARY KEY, a bigint);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(a)::bigint FROM t; END;
CREATE TABLE u (id integer);
CREATE FUNCTION g() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT f() + count(*) FROM u; END;

-- case: functions that use each other, tables and types that come later
-- from
-- to
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE t (id integer PRIMARY KEY, m mood);
CREATE FUNCTION a_first() RETURNS mood LANGUAGE sql AS 'SELECT m FROM t LIMIT 1';
CREATE FUNCTION b_then(v t) RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t WHERE m = a_first()';
CREATE FUNCTION c_default() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE u (id integer DEFAULT c_default());

-- case: a default needs a function that takes rows of the table
-- from
-- to
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE FUNCTION f(v t) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
ALTER TABLE t ALTER COLUMN a SET DEFAULT f(NULL), ADD CONSTRAINT c CHECK (f(t) = 1);

-- case: aggregates, operators and casts
-- from
CREATE FUNCTION add(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE AGGREGATE total(integer) (SFUNC = add, STYPE = integer, INITCOND = '0');
-- to
CREATE FUNCTION add(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE AGGREGATE total(integer) (SFUNC = add, STYPE = integer, INITCOND = '5', PARALLEL = SAFE);
CREATE AGGREGATE other(integer) (SFUNC = int4pl, STYPE = integer, COMBINEFUNC = int4pl);
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq, COMMUTATOR = ===);
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION pair_of(text) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT ROW(1, 2)::pair';
CREATE CAST (text AS pair) WITH FUNCTION pair_of(text) AS ASSIGNMENT;

-- case: a function with quotes and dollars
-- from
-- to
CREATE FUNCTION "F x"("A b" integer) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RETURN $function$it's; -- \ here$function$; END; $f$;

-- case: an aggregate begins with an empty text
-- from
CREATE AGGREGATE joined (text) (sfunc = textcat, stype = text);
-- to
CREATE AGGREGATE joined (text) (sfunc = textcat, stype = text, initcond = '');

-- case: a function of another result that domains and constraints need
-- from
CREATE FUNCTION most() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 100';
CREATE DOMAIN amount AS integer DEFAULT most() CONSTRAINT little CHECK (VALUE <= most()) CHECK (VALUE > 0);
CREATE TABLE t (a amount, b integer CHECK (b < most()), EXCLUDE ((b + most()) WITH =));
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE FUNCTION most() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 100';
CREATE DOMAIN amount AS integer DEFAULT most() CONSTRAINT little CHECK (VALUE <= most()) CHECK (VALUE > 0);
CREATE TABLE t (a amount, b integer CHECK (b < most()), EXCLUDE ((b + most()) WITH =));

-- case: a function comes that a call could mean as well as the one that goes
-- from
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (a integer DEFAULT f(), CHECK (a <> f() + 1));
-- to
CREATE FUNCTION f(n integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT n';
CREATE TABLE t (a integer, CHECK (a <> f() + 1));

-- case: a table gets another name under routines that take its rows
-- renames: table public.client < customer
-- from
CREATE TABLE customer (id integer);
CREATE FUNCTION gone(customer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION kept(customer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION made() RETURNS SETOF customer LANGUAGE sql AS 'SELECT * FROM customer';
-- rows
INSERT INTO customer VALUES (1);
-- to
CREATE TABLE client (id integer, x text);
CREATE FUNCTION kept(client) RETURNS integer LANGUAGE sql AS 'SELECT 2';
CREATE FUNCTION made() RETURNS SETOF client LANGUAGE sql AS 'SELECT * FROM client';

-- case: a type gets another name under routines and columns
-- renames: enum public.b < a
-- avoid: ALTER COLUMN
-- from
CREATE TYPE a AS ENUM ('x');
CREATE FUNCTION gone(a) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE ag(a) (SFUNC = array_append, STYPE = a[]);
CREATE FUNCTION kept(a[]) RETURNS a LANGUAGE sql AS 'SELECT $1[1]';
CREATE TABLE t (a a, b a[]);
-- rows
INSERT INTO t VALUES ('x', '{x}');
-- to
CREATE TYPE b AS ENUM ('x');
CREATE FUNCTION kept(b[]) RETURNS b LANGUAGE sql AS 'SELECT $1[1]';
CREATE TABLE t (a b, b b[]);

-- case: functions of the server's own language, and aggregates with a sort operator
-- from
CREATE FUNCTION a(n integer) RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
CREATE TYPE r AS RANGE (SUBTYPE = integer);
-- to
CREATE FUNCTION b() RETURNS bigint LANGUAGE internal WINDOW AS 'window_rank';
CREATE TYPE r AS RANGE (SUBTYPE = integer);
CREATE AGGREGATE m(text) (SFUNC = text_larger, STYPE = text, SORTOP = >);

-- case: a function of many rows goes before its table and its view
-- loses: t
-- from
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT 1 AS a;
CREATE FUNCTION g(t[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION h() RETURNS t[] LANGUAGE sql AS 'SELECT NULL::t[]';
CREATE FUNCTION i(v[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- to
CREATE TABLE z (a integer);

-- case: a routine and a view that are made anew stay whose they were
-- owned
-- expect: OWNER TO "pg_monitor"
-- from
CREATE TABLE t (a integer);
CREATE FUNCTION f() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
ALTER FUNCTION f() OWNER TO pg_monitor;
CREATE VIEW v AS SELECT a FROM t;
ALTER VIEW v OWNER TO pg_monitor;
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (a bigint);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint';
ALTER FUNCTION f() OWNER TO pg_monitor;
CREATE VIEW v AS SELECT a FROM t;
ALTER VIEW v OWNER TO pg_monitor;

-- case: a column goes whose default calls a function that reads it
-- since: 14
-- from
CREATE TABLE t (a integer, b integer);
CREATE FUNCTION mx() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT max(b) FROM t; END;
ALTER TABLE t ALTER b SET DEFAULT mx();
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (a integer);
CREATE FUNCTION mx() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT max(a) FROM t; END;
