-- case: a primary key is added
-- from
CREATE TABLE t (id integer, a text);
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (id integer PRIMARY KEY, a text);

-- case: a primary key goes and its column may be null
-- from
CREATE TABLE t (id integer PRIMARY KEY, a text);
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (id integer, a text);

-- case: a primary key gets other columns
-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer NOT NULL);
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (id integer NOT NULL, a integer NOT NULL, PRIMARY KEY (a, id));

-- case: a primary key gets another name
-- from
CREATE TABLE t (id integer PRIMARY KEY);
-- to
CREATE TABLE t (id integer CONSTRAINT other PRIMARY KEY);

-- case: a key that others refer to is changed
-- from
CREATE TABLE a (id integer PRIMARY KEY, code text UNIQUE NOT NULL);
CREATE TABLE b (a_id integer REFERENCES a, code text REFERENCES a (code));
-- rows
INSERT INTO a VALUES (1, 'x');
INSERT INTO b VALUES (1, 'x');
-- to
CREATE TABLE a (id integer, code text CONSTRAINT codes UNIQUE NOT NULL, CONSTRAINT ids PRIMARY KEY (id));
CREATE TABLE b (a_id integer REFERENCES a, code text REFERENCES a (code));

-- case: unique constraints come, change and go
-- from
CREATE TABLE t (a integer, b integer, c integer, CONSTRAINT one UNIQUE (a), CONSTRAINT two UNIQUE (a, b));
-- rows
INSERT INTO t VALUES (1, 2, 3);
-- to
CREATE TABLE t (a integer, b integer, c integer, CONSTRAINT two UNIQUE (b), CONSTRAINT three UNIQUE (c) INCLUDE (a) DEFERRABLE INITIALLY DEFERRED);

-- case: nulls that are not distinct
-- since: 15
-- from
CREATE TABLE t (a integer, CONSTRAINT one UNIQUE (a));
-- to
CREATE TABLE t (a integer, CONSTRAINT one UNIQUE NULLS NOT DISTINCT (a));

-- case: a unique index becomes a constraint of the same name
-- from
CREATE TABLE t (a integer);
CREATE UNIQUE INDEX one ON t (a);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (a integer, CONSTRAINT one UNIQUE (a));

-- case: a constraint's index has options and a comment
-- from
CREATE TABLE t (a integer CONSTRAINT one UNIQUE);
-- to
CREATE TABLE t (a integer CONSTRAINT one UNIQUE WITH (fillfactor = 70));
COMMENT ON CONSTRAINT one ON t IS 'once';
ALTER TABLE t CLUSTER ON one;

-- case: an exclusion comes, changes and goes
-- from
CREATE TABLE t (a integer, during tsrange, EXCLUDE USING gist (during WITH &&));
CREATE TABLE u (c circle, CONSTRAINT gone EXCLUDE USING gist (c WITH &&));
-- rows
INSERT INTO t VALUES (1, '[2026-01-01,2026-02-01)');
-- to
CREATE TABLE t (a integer, during tsrange, EXCLUDE USING gist (during WITH &&) WHERE (a > 0));
CREATE TABLE u (c circle, box box, CONSTRAINT new EXCLUDE USING gist (box WITH &&) DEFERRABLE);

-- case: checks come, change and go
-- from
CREATE TABLE t (a integer, b integer, CONSTRAINT one CHECK (a > 0), CONSTRAINT two CHECK (b > 0));
-- rows
INSERT INTO t VALUES (5, 5);
-- to
CREATE TABLE t (a integer, b integer, CONSTRAINT two CHECK (b > 1), CONSTRAINT three CHECK (a < b OR a = b) NO INHERIT);

-- case: a check becomes valid
-- expect: VALIDATE
-- from
CREATE TABLE t (a integer);
ALTER TABLE t ADD CONSTRAINT one CHECK (a > 0) NOT VALID;
-- rows
INSERT INTO t VALUES (5);
-- to
CREATE TABLE t (a integer, CONSTRAINT one CHECK (a > 0));

-- case: a check calls a function
-- from
CREATE TABLE t (a integer);
-- rows
INSERT INTO t VALUES (5);
-- to
CREATE FUNCTION positive(v integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT v > 0';
CREATE TABLE t (a integer CONSTRAINT one CHECK (positive(a)));

-- case: the function of a check gets other names of arguments
-- from
CREATE FUNCTION positive(v integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT v > 0';
CREATE TABLE t (a integer CONSTRAINT one CHECK (positive(a)), b integer GENERATED ALWAYS AS (CASE WHEN positive(a) THEN 1 END) STORED);
CREATE INDEX i ON t (positive(a));
-- rows
INSERT INTO t VALUES (5);
-- to
CREATE FUNCTION positive(value integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT value > 0';
CREATE TABLE t (a integer CONSTRAINT one CHECK (positive(a)), b integer GENERATED ALWAYS AS (CASE WHEN positive(a) THEN 1 END) STORED);
CREATE INDEX i ON t (positive(a));

-- case: foreign keys with every action
-- from
CREATE TABLE a (id integer PRIMARY KEY, x integer, y integer, UNIQUE (x, y));
CREATE TABLE b (a_id integer REFERENCES a, x integer, y integer);
-- rows
INSERT INTO a VALUES (1, 2, 3);
INSERT INTO b VALUES (1, 2, 3);
-- to
CREATE TABLE a (id integer PRIMARY KEY, x integer, y integer, UNIQUE (x, y));
CREATE TABLE b (a_id integer REFERENCES a ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE, x integer, y integer,
  CONSTRAINT both_of_them FOREIGN KEY (x, y) REFERENCES a (x, y) MATCH FULL ON DELETE SET DEFAULT ON UPDATE RESTRICT);

-- case: a foreign key can wait
-- expect: ALTER CONSTRAINT
-- from
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (a_id integer REFERENCES a);
-- to
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (a_id integer REFERENCES a DEFERRABLE INITIALLY DEFERRED);

-- case: a foreign key sets one column only
-- since: 15
-- from
CREATE TABLE a (x integer, y integer, PRIMARY KEY (x, y));
CREATE TABLE b (x integer, y integer);
-- to
CREATE TABLE a (x integer, y integer, PRIMARY KEY (x, y));
CREATE TABLE b (x integer, y integer, FOREIGN KEY (x, y) REFERENCES a ON DELETE SET NULL (y));

-- case: tables that refer to each other are made
-- from
-- to
CREATE TABLE a (id integer PRIMARY KEY, b_id integer);
CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a, self integer REFERENCES b);
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b;

-- case: a table that others refer to goes
-- loses: a
-- from
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a);
-- rows
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (1, NULL);
-- to
CREATE TABLE b (id integer PRIMARY KEY, a_id integer);

-- case: a foreign key points to another table
-- from
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE c (id integer PRIMARY KEY);
CREATE TABLE b (a_id integer, CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a);
-- to
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE c (id integer PRIMARY KEY);
CREATE TABLE b (a_id integer, CONSTRAINT f FOREIGN KEY (a_id) REFERENCES c);

-- case: a foreign key's columns get another type
-- from
CREATE TABLE a (id text PRIMARY KEY);
CREATE TABLE b (a_id text REFERENCES a);
-- rows
INSERT INTO a VALUES ('7');
INSERT INTO b VALUES ('7');
-- to
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (a_id integer REFERENCES a);

-- case: a foreign key is not valid and becomes so
-- expect: VALIDATE
-- from
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (a_id integer);
ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a NOT VALID;
-- to
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (a_id integer, CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a);

-- case: a foreign key refers to a unique index
-- from
CREATE TABLE a (id integer);
CREATE TABLE b (a_id integer);
-- to
CREATE TABLE a (id integer NOT NULL);
CREATE UNIQUE INDEX a_id ON a (id);
CREATE TABLE b (a_id integer REFERENCES a (id));

-- case: a primary key that another table refers to gets another name while that table goes
-- loses: b
-- from
CREATE TABLE a (id integer, CONSTRAINT a_old PRIMARY KEY (id));
CREATE TABLE b (a_id integer REFERENCES a);
-- rows
INSERT INTO a VALUES (1);
-- to
CREATE TABLE a (id integer, CONSTRAINT a_new PRIMARY KEY (id));

-- case: a new table has a constraint that its rows were never looked at for
-- from
-- to
CREATE TABLE t (a integer);
ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NO INHERIT NOT VALID;

-- case: the key of a table whose name is as long as it can be
-- from
CREATE TABLE a_table_whose_name_is_just_as_long_as_the_server_lets_it_be_xyz (id integer NOT NULL);
-- to
CREATE TABLE a_table_whose_name_is_just_as_long_as_the_server_lets_it_be_xyz (id integer NOT NULL PRIMARY KEY);

-- case: a key goes that a view and a function group by, and both no longer do
-- from
CREATE TABLE t (id integer PRIMARY KEY, a text);
CREATE VIEW v AS SELECT id, a FROM t GROUP BY id;
CREATE FUNCTION f() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC SELECT a FROM t GROUP BY id; END;
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (id integer, a text);
CREATE VIEW v AS SELECT id, a FROM t GROUP BY id, a;
CREATE FUNCTION f() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC SELECT a FROM t GROUP BY id, a; END;
