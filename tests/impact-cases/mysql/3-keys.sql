-- title: Indexes, keys, constraints
-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10), n int NOT NULL, x text, q point NOT NULL, KEY i (a));
CREATE TABLE k (a int NOT NULL, b int);
CREATE TABLE c (id int PRIMARY KEY, p_id int, CONSTRAINT c_p FOREIGN KEY (p_id) REFERENCES p (id));
CREATE TABLE f (a text, b text, FULLTEXT i (a));
CREATE TABLE h (a int, CONSTRAINT h_a CHECK (a > 1));
CREATE TABLE g (a int, v int AS (a + 1) VIRTUAL);
-- case: an index
CREATE INDEX n ON t (b)
-- case: a unique index
ALTER TABLE t ADD UNIQUE (b)
-- case: an index on an expression
-- engines: mysql
ALTER TABLE t ADD INDEX ((a + 1))
-- case: an index on a virtual column
ALTER TABLE g ADD INDEX (v)
-- case: drop an index
DROP INDEX i ON t
-- case: another index in place of one
ALTER TABLE t DROP INDEX i, ADD INDEX i2 (a, n)
-- case: rename an index
ALTER TABLE t RENAME INDEX i TO j
-- case: hide an index, of MySQL
-- engines: mysql
ALTER TABLE t ALTER INDEX i INVISIBLE
-- case: hide an index, of MariaDB
-- engines: mariadb
ALTER TABLE t ALTER INDEX i IGNORED
-- case: the first FULLTEXT index
ALTER TABLE t ADD FULLTEXT (x)
-- case: another FULLTEXT index
ALTER TABLE f ADD FULLTEXT (b)
-- case: drop a FULLTEXT index
ALTER TABLE f DROP INDEX i
-- case: a SPATIAL index
ALTER TABLE t ADD SPATIAL INDEX (q)
-- case: a primary key
ALTER TABLE k ADD PRIMARY KEY (a)
-- case: drop the primary key
-- also
DROP TABLE c;
-- run
ALTER TABLE p DROP PRIMARY KEY
-- case: another primary key
ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (n)
-- case: a foreign key
-- locks
ALTER TABLE k ADD CONSTRAINT q FOREIGN KEY (b) REFERENCES p (id)
-- case: drop a foreign key
-- locks
ALTER TABLE c DROP FOREIGN KEY c_p
-- case: drop a foreign key as a constraint
ALTER TABLE c DROP CONSTRAINT c_p
-- case: a check
ALTER TABLE k ADD CHECK (a > 1)
-- case: a check, not enforced
-- engines: mysql
ALTER TABLE k ADD CHECK (a > 1) NOT ENFORCED
-- case: drop a check
ALTER TABLE h DROP CONSTRAINT h_a
-- case: enforce a check no more
-- engines: mysql
ALTER TABLE h ALTER CHECK h_a NOT ENFORCED
-- case: enforce a check
-- engines: mysql
-- also
ALTER TABLE h ALTER CHECK h_a NOT ENFORCED;
-- run
ALTER TABLE h ALTER CHECK h_a ENFORCED
