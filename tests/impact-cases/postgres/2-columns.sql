-- title: Columns
-- schema
CREATE DOMAIN free AS int;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN counted AS int DEFAULT 3;
CREATE FUNCTION own() RETURNS int LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 1; END';
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), n int NOT NULL, d date DEFAULT now(), p_id int CONSTRAINT t_p REFERENCES p);
CREATE TABLE c (id int PRIMARY KEY, t_id int REFERENCES t);
CREATE TABLE empty (id int);
INSERT INTO p SELECT g FROM generate_series(1, 20) g;
INSERT INTO t SELECT g, g, g, g, now(), g FROM generate_series(1, 20) g;
-- case: add a column
ALTER TABLE t ADD x int
-- case: add a column with a constant default
ALTER TABLE t ADD x int NOT NULL DEFAULT 1
-- case: add a column with a stable default
ALTER TABLE t ADD x timestamptz DEFAULT now()
-- case: add a column with a volatile default
ALTER TABLE t ADD x double precision DEFAULT random()
-- case: add a column with a random uuid
ALTER TABLE t ADD x uuid DEFAULT gen_random_uuid()
-- case: add a column with the default of an own function
ALTER TABLE t ADD x int DEFAULT own()
-- case: add a column NOT NULL without default to an empty table
ALTER TABLE empty ADD x int NOT NULL
-- case: add a serial column
ALTER TABLE t ADD x serial
-- case: add an identity column
ALTER TABLE t ADD x int GENERATED ALWAYS AS IDENTITY
-- case: add a stored generated column
ALTER TABLE t ADD x int GENERATED ALWAYS AS (a + 1) STORED
-- case: add a virtual generated column
-- since: 18
ALTER TABLE t ADD x int GENERATED ALWAYS AS (a + 1) VIRTUAL
-- case: add a column of a domain without constraint
ALTER TABLE t ADD x free
-- case: add a column of a domain with a check
ALTER TABLE t ADD x positive
-- case: add a column of a domain with a default
ALTER TABLE t ADD x counted
-- case: add a column with a reference
ALTER TABLE t ADD x int REFERENCES p
-- case: add a column with a reference and a default
ALTER TABLE t ADD x int DEFAULT 1 REFERENCES p
-- case: add a unique column
ALTER TABLE t ADD x int UNIQUE
-- case: add a column with a check
ALTER TABLE t ADD x int CHECK (x > 0)
-- case: add a column that is there
ALTER TABLE t ADD COLUMN IF NOT EXISTS a int
-- case: drop a column
ALTER TABLE t DROP a
-- case: drop a column with a foreign key
ALTER TABLE t DROP p_id
-- case: drop a column that others refer to
ALTER TABLE t DROP id CASCADE
-- case: rename a column
ALTER TABLE t RENAME a TO x
-- case: set a default
ALTER TABLE t ALTER a SET DEFAULT 5
-- case: drop a default
ALTER TABLE t ALTER d DROP DEFAULT
-- case: drop NOT NULL
ALTER TABLE t ALTER n DROP NOT NULL
-- case: set NOT NULL
ALTER TABLE t ALTER a SET NOT NULL
-- case: set NOT NULL that is there
ALTER TABLE t ALTER n SET NOT NULL
-- case: set NOT NULL that a check proves
-- also
ALTER TABLE t ADD CONSTRAINT proof CHECK (a IS NOT NULL);
-- run
ALTER TABLE t ALTER a SET NOT NULL
-- case: set NOT NULL that a check proves which is not validated
-- also
ALTER TABLE t ADD CONSTRAINT proof CHECK (a IS NOT NULL) NOT VALID;
-- run
ALTER TABLE t ALTER a SET NOT NULL
-- case: set NOT NULL and drop its proof
-- also
ALTER TABLE t ADD CONSTRAINT proof CHECK (a IS NOT NULL);
-- run
ALTER TABLE t ALTER a SET NOT NULL, DROP CONSTRAINT proof
-- case: storage
ALTER TABLE t ALTER b SET STORAGE EXTERNAL
-- case: compression
-- since: 14
ALTER TABLE t ALTER b SET COMPRESSION pglz
-- case: statistics
ALTER TABLE t ALTER a SET STATISTICS 500
-- case: options of statistics
ALTER TABLE t ALTER a SET (n_distinct = 5)
-- case: make an identity
ALTER TABLE t ALTER n ADD GENERATED ALWAYS AS IDENTITY
-- case: another expression, stored
-- since: 17
-- also
ALTER TABLE t ADD x int GENERATED ALWAYS AS (a + 1) STORED;
-- run
ALTER TABLE t ALTER x SET EXPRESSION AS (a + 2)
-- case: another expression, virtual
-- since: 18
-- also
ALTER TABLE t ADD x int GENERATED ALWAYS AS (a + 1) VIRTUAL;
-- run
ALTER TABLE t ALTER x SET EXPRESSION AS (a + 2)
-- case: drop an expression
-- also
ALTER TABLE t ADD x int GENERATED ALWAYS AS (a + 1) STORED;
-- run
ALTER TABLE t ALTER x DROP EXPRESSION
-- case: several at once
ALTER TABLE t ADD x int, ALTER a SET NOT NULL, DROP b
