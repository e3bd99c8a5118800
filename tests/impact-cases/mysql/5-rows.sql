-- title: Rows
-- schema
CREATE TABLE s (id int PRIMARY KEY, a int, b int, KEY i (a));
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE TABLE u (id int PRIMARY KEY, a int);
INSERT INTO s VALUES (1, 1, 1), (2, 2, 2);
INSERT INTO t VALUES (9, 9, 9);
INSERT INTO u VALUES (1, 1), (2, 2);
-- case: a table of a query
-- locks
CREATE TABLE n AS SELECT * FROM s
-- case: a table of several
-- locks
CREATE TABLE n (PRIMARY KEY (id)) SELECT s.id, s.b, u.a FROM s JOIN u ON u.id = s.id
-- case: a temporary table of a query
-- locks
CREATE TEMPORARY TABLE n AS SELECT * FROM s
-- case: a table like another
-- locks
CREATE TABLE n LIKE s
-- case: rows of another table
-- locks
INSERT INTO t SELECT * FROM s
-- case: rows in place of others
-- locks
REPLACE INTO t SELECT * FROM s
-- case: rows chosen without an index
-- locks
INSERT INTO t SELECT * FROM s WHERE b = 99
-- case: rows chosen by an index
-- locks
INSERT INTO t SELECT * FROM s WHERE a = 99
-- case: rows chosen by the rows of a third table
-- locks
INSERT INTO t SELECT s.* FROM s WHERE s.b IN (SELECT id FROM u)
-- case: a value that is looked up
-- locks
INSERT INTO t VALUES ((SELECT max(b) + 100 FROM s), 1, 1)
-- case: rows that are said
-- locks
INSERT INTO t VALUES (3, 3, 3)
-- case: optimize
-- locks
OPTIMIZE TABLE s
-- case: repair
-- locks
REPAIR TABLE s
-- case: repair a MyISAM table
-- also
CREATE TABLE my (a int) ENGINE=MyISAM;
-- run
-- locks
REPAIR TABLE my
-- case: optimize a MyISAM table
-- also
CREATE TABLE my (a int) ENGINE=MyISAM;
-- run
-- locks
OPTIMIZE TABLE my
-- case: analyze
-- locks
ANALYZE TABLE s
