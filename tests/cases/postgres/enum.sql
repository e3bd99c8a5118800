-- case: an enum is made and used
-- from
CREATE TABLE t (id integer PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE TABLE t (id integer PRIMARY KEY, m mood NOT NULL DEFAULT 'sad');
COMMENT ON TYPE mood IS 'how one feels';

-- case: an enum goes
-- from
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE t (id integer PRIMARY KEY, m mood);
-- rows
INSERT INTO t VALUES (1, 'sad');
-- to
CREATE TABLE t (id integer PRIMARY KEY);

-- case: values are added at every place
-- avoid: RENAME
-- oneway
-- from
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE t (m mood);
-- rows
INSERT INTO t VALUES ('sad');
-- to
CREATE TYPE mood AS ENUM ('angry', 'sad', 'calm', 'ok', 'happy', 'wild');
CREATE TABLE t (m mood);

-- case: a value is added and is the default
-- from
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE t (id integer, m mood DEFAULT 'sad');
-- rows
INSERT INTO t VALUES (1, 'sad');
-- to
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE t (id integer, m mood DEFAULT 'ok');

-- case: a value goes
-- from
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE t (id integer PRIMARY KEY, m mood NOT NULL DEFAULT 'sad', many mood[]);
CREATE INDEX i ON t (m) WHERE m = 'sad';
-- rows
INSERT INTO t VALUES (1, 'happy', '{sad,happy}');
-- to
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE t (id integer PRIMARY KEY, m mood NOT NULL DEFAULT 'sad', many mood[]);
CREATE INDEX i ON t (m) WHERE m = 'sad';

-- case: values change their order
-- from
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE t (m mood PRIMARY KEY);
-- rows
INSERT INTO t VALUES ('happy');
-- to
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TABLE t (m mood PRIMARY KEY);

-- case: a value gets another name where a person says so
-- renames: column public.mood.unhappy < sad
-- expect: RENAME VALUE
-- changes: t.m
-- from
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE t (m mood);
-- rows
INSERT INTO t VALUES ('sad');
-- to
CREATE TYPE mood AS ENUM ('unhappy', 'happy');
CREATE TABLE t (m mood);

-- case: a value goes under views, checks, functions and policies
-- from
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE t (id integer PRIMARY KEY, m mood NOT NULL, CONSTRAINT c CHECK (m <> 'sad'));
CREATE VIEW v AS SELECT id, m FROM t;
CREATE VIEW w AS SELECT m, count(*) AS n FROM v GROUP BY m;
CREATE FUNCTION f(m mood) RETURNS text LANGUAGE sql AS 'SELECT m::text';
CREATE POLICY p ON t USING (m = 'happy');
-- rows
INSERT INTO t VALUES (1, 'happy');
-- to
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TABLE t (id integer PRIMARY KEY, m mood NOT NULL, CONSTRAINT c CHECK (m <> 'sad'));
CREATE VIEW v AS SELECT id, m FROM t;
CREATE VIEW w AS SELECT m, count(*) AS n FROM v GROUP BY m;
CREATE FUNCTION f(m mood) RETURNS text LANGUAGE sql AS 'SELECT m::text';
CREATE POLICY p ON t USING (m = 'happy');

-- case: text becomes an enum and back
-- from
CREATE TYPE other AS ENUM ('x', 'y');
CREATE TABLE t (a text DEFAULT 'sad', b other DEFAULT 'x', c varchar(10));
-- rows
INSERT INTO t VALUES ('happy', 'y', 'sad');
-- to
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE other AS ENUM ('x', 'y');
CREATE TABLE t (a mood DEFAULT 'sad', b text DEFAULT 'x', c mood);

-- case: an enum is used in two namespaces
-- from
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('a', 'b');
CREATE TABLE app.t (m app.mood);
CREATE TABLE public.t (m app.mood DEFAULT 'a');
-- rows
INSERT INTO app.t VALUES ('a');
INSERT INTO public.t VALUES ('a');
-- to
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('a', 'c');
CREATE TABLE app.t (m app.mood);
CREATE TABLE public.t (m app.mood DEFAULT 'c');

-- case: an enum without values
-- from
CREATE TYPE nothing AS ENUM ();
-- to
CREATE TYPE nothing AS ENUM ('something');

-- case: one enum takes the place of another
-- from
CREATE TYPE a AS ENUM ('x', 'y');
CREATE TABLE t (m a);
-- rows
INSERT INTO t VALUES ('x');
-- to
CREATE TYPE b AS ENUM ('x', 'y', 'z');
CREATE TABLE t (m b);

-- case: a value with a quote is added and is the default
-- oneway
-- from
CREATE TYPE state AS ENUM ('open');
CREATE TABLE t (id integer, s state DEFAULT 'open');
-- rows
INSERT INTO t VALUES (1, 'open');
-- to
CREATE TYPE state AS ENUM ('open', 'won''t fix', 'back\slash');
CREATE TABLE t (id integer, s state DEFAULT 'won''t fix', b state DEFAULT 'back\slash');

-- case: numbers become an enum and an enum numbers
-- from
CREATE TYPE level AS ENUM ('1', '2');
CREATE TABLE t (a level DEFAULT '2', b integer DEFAULT 1);
-- rows
INSERT INTO t VALUES ('1', 2), (NULL, NULL);
-- to
CREATE TYPE grade AS ENUM ('1', '2');
CREATE TABLE t (a integer DEFAULT 2, b grade DEFAULT '1');

-- case: texts become values that their type gets at the same time
-- from
CREATE TYPE color AS ENUM ('red', 'green');
CREATE TABLE t (c color, l text[], n text);
-- rows
INSERT INTO t VALUES ('red', '{green,blue}', 'blue');
-- to
CREATE TYPE color AS ENUM ('red', 'green', 'blue');
CREATE TABLE t (c color, l color[], n color);
