-- case: all that a database holds goes
-- from
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE u (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES t (a));
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
CREATE PROCEDURE p () SELECT 1;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2031-01-01 00:00:00' DO SELECT 1;
-- to

-- case: an event that began when it was made is the same event later
-- from
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2031-01-01 00:00:00' DO SELECT 1;
-- to
CREATE EVENT e ON SCHEDULE EVERY 2 WEEK STARTS '2031-01-01 00:00:00' ON COMPLETION PRESERVE COMMENT 'c' DO SELECT 2;

-- case: a function becomes a procedure of the same name
-- from
CREATE FUNCTION x () RETURNS int NO SQL RETURN 1;
-- to
CREATE PROCEDURE x () SELECT 1;

-- case: routines and a view over a table that changes
-- from
CREATE TABLE t (a int);
CREATE PROCEDURE p () INSERT INTO t VALUES (1);
CREATE FUNCTION f () RETURNS int READS SQL DATA RETURN (SELECT count(*) FROM t);
CREATE VIEW v AS SELECT f() AS n;
-- to
CREATE TABLE t (a bigint, b int);
CREATE PROCEDURE p () INSERT INTO t VALUES (1, 2);
CREATE FUNCTION f () RETURNS bigint READS SQL DATA RETURN (SELECT sum(b) FROM t);
CREATE VIEW v AS SELECT f() AS n, 1 AS o;

-- case: a default of day zero
-- oneway
-- from
CREATE TABLE t (id int PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1);
-- to
SET SESSION sql_mode = '';
CREATE TABLE t (id int PRIMARY KEY, d date NOT NULL DEFAULT '0000-00-00');

-- case: a computed column with indexes becomes one like any other
-- oneway
-- from
CREATE TABLE t (a int, v int AS (a + 1) VIRTUAL, KEY v (v), KEY va (v, a));
-- rows
INSERT INTO t (a) VALUES (1), (2);
-- to
CREATE TABLE t (a int, v int, KEY v (v), KEY va (v, a));

-- case: a label that rows have and nothing takes the place of stops the change
-- expect: MODIFY COLUMN
-- avoid: UPDATE
-- from
CREATE TABLE t (b enum('a','b') NOT NULL);
-- rows
INSERT INTO t VALUES ('b');
-- to
CREATE TABLE t (b enum('b','c') NOT NULL);

-- case: programs of somebody else
-- from
CREATE TABLE t (a int);
-- to
CREATE TABLE t (a int);
CREATE DEFINER=`root`@`localhost` VIEW v AS SELECT a FROM t;
CREATE DEFINER=`root`@`localhost` TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
CREATE DEFINER=`root`@`localhost` EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO SELECT 1;

-- case: an index over the beginning of a text becomes one over all of it
-- from
CREATE TABLE t (a text, KEY k (a(10)));
-- rows
INSERT INTO t VALUES ('abc');
-- to
CREATE TABLE t (a varchar(100), KEY k (a));

-- case: the columns of a full-text index grow
-- from
CREATE TABLE t (a varchar(100), b text, FULLTEXT KEY k (a, b));
-- rows
INSERT INTO t VALUES ('abc', 'd');
-- to
CREATE TABLE t (a text, b text, c text, FULLTEXT KEY k (a, b, c));

-- case: a computed column and what it is computed from change together
-- oneway
-- from
CREATE TABLE t (first varchar(10), last varchar(10), full varchar(30) AS (concat(first, ' ', last)) STORED);
-- rows
INSERT INTO t (first,last) VALUES ('a','b');
-- to
CREATE TABLE t (first varchar(20), last varchar(20), full varchar(50) AS (concat(last, ', ', first)) STORED, KEY f (full));

-- case: a column goes and what was computed from it is computed otherwise
-- oneway
-- from
CREATE TABLE t (a int, b int, c int AS (a + b) VIRTUAL);
-- rows
INSERT INTO t (a,b) VALUES (1,2);
-- to
CREATE TABLE t (b int, c int AS (b + 1) VIRTUAL);

-- case: a column goes and what was computed from it stays
-- oneway
-- from
CREATE TABLE t (a int, b int, c int AS (a + b) VIRTUAL, d int AS (a) STORED);
-- rows
INSERT INTO t (a,b) VALUES (1,2);
-- to
CREATE TABLE t (b int, c int, d int);

-- case: a check and the defaults of its columns change together
-- from
CREATE TABLE t (a int default 1, constraint c check (a > 0)); 
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (a int default 2, b int default 3, constraint c check (a > 0 and b > 0));

-- case: a table is divided by another column
-- oneway
-- from
CREATE TABLE t (id int, d date) PARTITION BY RANGE COLUMNS (d) (PARTITION a VALUES LESS THAN ('2020-01-01'), PARTITION b VALUES LESS THAN (MAXVALUE));
-- rows
INSERT INTO t VALUES (1,'2021-01-01');
-- to
CREATE TABLE t (id int, e date) PARTITION BY HASH (id) PARTITIONS 3;

-- case: hashed partitions with names
-- from
CREATE TABLE t (id int) PARTITION BY HASH (id) (PARTITION x, PARTITION y);
-- to
CREATE TABLE t (id int, k int) PARTITION BY HASH (id) (PARTITION x, PARTITION y, PARTITION z);

-- case: a table is divided by a linear key
-- from
CREATE TABLE t (id int primary key);
-- to
CREATE TABLE t (id int primary key) PARTITION BY LINEAR KEY (id) PARTITIONS 4;

-- case: the names of the columns of a view change
-- from
CREATE TABLE t (a int, b int);
CREATE VIEW v (x, y) AS SELECT a, b FROM t;
-- to
CREATE TABLE t (a int, b int);
CREATE VIEW v (x, z) AS SELECT a, b FROM t;
CREATE VIEW w AS SELECT z FROM v;
