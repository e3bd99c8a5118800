-- title: Columns
-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10), n int NOT NULL DEFAULT 1, i int, j int, KEY ik (i), KEY jk (j, a));
CREATE TABLE g (a int, v int AS (a + 1) VIRTUAL, s int AS (a + 2) STORED);
CREATE TABLE gi (a int, v int AS (a + 1) VIRTUAL, KEY (v));
CREATE TABLE f (a int, b text, FULLTEXT (b));
CREATE TABLE z (a int, b int) ROW_FORMAT=COMPRESSED;
CREATE TABLE k (a int PRIMARY KEY AUTO_INCREMENT);
-- case: add a column
ALTER TABLE t ADD x int
-- case: add a column as the first
ALTER TABLE t ADD x int FIRST
-- case: add a column NOT NULL
ALTER TABLE t ADD x int NOT NULL
-- case: add a column with a default
ALTER TABLE t ADD x int NOT NULL DEFAULT 3
-- case: add a column with the time
ALTER TABLE t ADD x timestamp DEFAULT CURRENT_TIMESTAMP
-- case: add a column with a computed default
ALTER TABLE t ADD x int DEFAULT (1 + 1)
-- case: add a text with a default in parentheses
ALTER TABLE t ADD x text NOT NULL DEFAULT ('x')
-- case: add a column with a default for each row
-- engines: mariadb
ALTER TABLE t ADD x varchar(36) DEFAULT (uuid())
-- case: add a stored generated column
ALTER TABLE t ADD x int AS (a + 1) STORED
-- case: add a virtual generated column
ALTER TABLE t ADD x int AS (a + 1) VIRTUAL
-- case: add a column with a check
ALTER TABLE t ADD x int CHECK (x > 1)
-- case: add a unique column
ALTER TABLE t ADD x int UNIQUE
-- case: add a column that counts
-- also
CREATE TABLE l (a int);
-- run
ALTER TABLE l ADD x int AUTO_INCREMENT UNIQUE
-- case: add a column with a reference
-- locks
ALTER TABLE t ADD x int REFERENCES p (id)
-- case: add an invisible column
ALTER TABLE t ADD x int INVISIBLE
-- case: add a column to a table with a virtual one
ALTER TABLE g ADD x int
-- case: add a column behind another to a table with a virtual one
ALTER TABLE g ADD x int AFTER a
-- case: add a column to a table with an index on a virtual one
ALTER TABLE gi ADD x int
-- case: add a column to a table with a FULLTEXT index
ALTER TABLE f ADD x int
-- case: add a column to a compressed table
ALTER TABLE z ADD x int
-- case: add two columns
ALTER TABLE t ADD x int, ADD y int
-- case: add a column and an index
ALTER TABLE t ADD x int, ADD INDEX (x)
-- case: add a column and change another's type
ALTER TABLE t ADD x int, MODIFY a bigint
-- case: drop a column
ALTER TABLE t DROP b
-- case: drop a column with an index of its own
ALTER TABLE t DROP i
-- case: drop a column of an index with others
ALTER TABLE t DROP j
-- case: drop a column of the primary key
ALTER TABLE t DROP id
-- case: drop a virtual column
ALTER TABLE g DROP v
-- case: drop a virtual column with an index
ALTER TABLE gi DROP v
-- case: drop a stored generated column
ALTER TABLE g DROP s
-- case: drop a column of a table with a FULLTEXT index
ALTER TABLE f DROP a
-- case: drop the column of a FULLTEXT index
ALTER TABLE f DROP b
-- case: drop a column of a compressed table
ALTER TABLE z DROP b
-- case: drop one and add another
ALTER TABLE t DROP b, ADD x int
-- case: drop a column and add an index
ALTER TABLE t DROP b, ADD INDEX (a)
-- case: rename a column
ALTER TABLE t RENAME COLUMN a TO x
-- case: rename a column and add another
ALTER TABLE t RENAME COLUMN a TO x, ADD y int
-- case: another order
ALTER TABLE t MODIFY b varchar(10) FIRST
-- case: the order that it has
ALTER TABLE t MODIFY a int AFTER id
-- case: another order in a table with a FULLTEXT index
ALTER TABLE f MODIFY a int AFTER b
-- case: set a default
ALTER TABLE t ALTER a SET DEFAULT 3
-- case: drop a default
ALTER TABLE t ALTER n DROP DEFAULT
-- case: a default by MODIFY
ALTER TABLE t MODIFY n int NOT NULL DEFAULT 2
-- case: a default and an index
ALTER TABLE t MODIFY n int NOT NULL DEFAULT 2, ADD INDEX (n)
-- case: a comment
ALTER TABLE t MODIFY a int COMMENT 'x'
-- case: NOT NULL
ALTER TABLE t MODIFY a int NOT NULL
-- case: NULL
ALTER TABLE t MODIFY n int NULL DEFAULT 1
-- case: a primary key says NOT NULL by itself
ALTER TABLE t MODIFY id int COMMENT 'x'
-- case: a column counts from now on
ALTER TABLE t MODIFY id int AUTO_INCREMENT
-- case: a column does not count any more
ALTER TABLE k MODIFY a int
-- case: a column becomes unique
ALTER TABLE t MODIFY a int UNIQUE
-- case: another name by CHANGE
ALTER TABLE t CHANGE a x int
-- case: another name and type by CHANGE
ALTER TABLE t CHANGE a x bigint
-- case: another expression of a virtual column
ALTER TABLE g MODIFY v int AS (a + 5) VIRTUAL
-- case: another expression of a stored column
ALTER TABLE g MODIFY s int AS (a + 5) STORED
-- case: another type of a virtual column
ALTER TABLE g MODIFY v bigint AS (a + 1) VIRTUAL
