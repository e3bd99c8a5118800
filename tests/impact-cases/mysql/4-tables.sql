-- title: Tables
-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, a int, b varchar(10)) CHARACTER SET latin1;
CREATE TABLE c (id int PRIMARY KEY, p_id int, CONSTRAINT c_p FOREIGN KEY (p_id) REFERENCES p (id));
CREATE TABLE other (id int);
CREATE TABLE my (a int) ENGINE=MyISAM;
CREATE TABLE r (a int PRIMARY KEY) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20));
-- case: a table
-- locks
CREATE TABLE n (id int)
-- case: a table with a foreign key
-- locks
CREATE TABLE n (id int, p_id int, FOREIGN KEY (p_id) REFERENCES p (id))
-- case: drop a table
-- locks
DROP TABLE other
-- case: drop a table with a foreign key
-- locks
DROP TABLE c
-- case: truncate
-- locks
TRUNCATE TABLE other
-- case: rename a table
ALTER TABLE t RENAME TO u
-- case: rename tables
-- locks
RENAME TABLE other TO u
-- case: engine
ALTER TABLE t ENGINE=InnoDB
-- case: another engine
-- engines: mysql
ALTER TABLE t ENGINE=MyISAM
-- case: a column in a MyISAM table
ALTER TABLE my ADD x int
-- case: force
ALTER TABLE t FORCE
-- case: row format
ALTER TABLE t ROW_FORMAT=COMPRESSED
-- case: character set of new columns
ALTER TABLE t DEFAULT CHARACTER SET utf8mb4
-- case: character set of all columns
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4
-- case: comment
ALTER TABLE t COMMENT='x'
-- case: next number
ALTER TABLE t AUTO_INCREMENT=100
-- case: comment and a column
ALTER TABLE t COMMENT='x', ADD y int
-- case: system versioning
-- engines: mariadb
ALTER TABLE t ADD SYSTEM VERSIONING
-- case: a column in a partitioned table
ALTER TABLE r ADD x int
-- case: an index in a partitioned table
ALTER TABLE r ADD INDEX (a)
