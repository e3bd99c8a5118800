-- title: All statements
-- schema
CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE t (id integer PRIMARY KEY, a int, b text);
CREATE INDEX i ON t (a);
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO t SELECT i, i, hex(randomblob(100)) FROM n;
-- case: a table
CREATE TABLE n (id integer PRIMARY KEY, p_id int REFERENCES p)
-- case: drop a table
DROP TABLE p
-- case: add a column
ALTER TABLE t ADD COLUMN x int
-- case: add a column with a default
ALTER TABLE t ADD COLUMN x int NOT NULL DEFAULT 3
-- case: add a column with a check
ALTER TABLE t ADD COLUMN x int CHECK (x > 0)
-- case: drop a column
ALTER TABLE t DROP COLUMN b
-- case: rename a column
ALTER TABLE t RENAME COLUMN b TO c
-- case: rename a table
ALTER TABLE t RENAME TO u
-- case: an index
CREATE INDEX n ON t (b)
-- case: drop an index
DROP INDEX i
-- case: a view
CREATE VIEW v AS SELECT id FROM t
-- case: nothing
SELECT 1
