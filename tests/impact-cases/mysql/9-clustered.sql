-- title: Tables without a primary key, several changes at once
-- schema
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) VIRTUAL, KEY on_v (v), KEY on_a (a));
CREATE TABLE s (id int PRIMARY KEY, g geometry NOT NULL, a int, b varchar(20), SPATIAL KEY on_g (g));
CREATE TABLE n (a int, b varchar(20));
CREATE TABLE nn (a int NOT NULL, b varchar(20), UNIQUE KEY ua (a));
CREATE TABLE f (id int PRIMARY KEY, a int, txt text, FULLTEXT KEY on_txt (txt));
CREATE TABLE r (id int PRIMARY KEY, code int, UNIQUE KEY rc (code));
CREATE TABLE c (id int PRIMARY KEY, r_id int, KEY cr (r_id), CONSTRAINT fk FOREIGN KEY (r_id) REFERENCES r (id), CONSTRAINT fk2 FOREIGN KEY (id) REFERENCES r (code));
CREATE TABLE k (id int PRIMARY KEY, a int, b int, KEY ka (a), CHECK (b > -1));
CREATE TABLE p (id int NOT NULL PRIMARY KEY, a int) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20), PARTITION p2 VALUES LESS THAN MAXVALUE);
CREATE TABLE h (id int NOT NULL PRIMARY KEY, a int) PARTITION BY HASH (id) PARTITIONS 2;
INSERT INTO t (id, a, b) VALUES (1, 1, 'a'), (2, 2, 'b');
INSERT INTO s VALUES (1, ST_GeomFromText('POINT(1 1)'), 1, 'x');
INSERT INTO n VALUES (1, 'a');
INSERT INTO nn VALUES (1, 'a');
INSERT INTO f VALUES (1, 1, 'words here');
INSERT INTO r VALUES (1, 1);
INSERT INTO c VALUES (1, 1);
INSERT INTO k VALUES (1, 1, 1);
INSERT INTO p VALUES (1, 1);
INSERT INTO h VALUES (1, 1);
-- case: no key: add a column
ALTER TABLE n ADD x int
-- case: no key: add a column first
ALTER TABLE n ADD x int FIRST
-- case: no key: drop a column
ALTER TABLE n DROP b
-- case: no key: primary key
ALTER TABLE n ADD PRIMARY KEY (a)
-- case: no key: auto increment
ALTER TABLE n ADD id int AUTO_INCREMENT PRIMARY KEY
-- case: no key: auto increment, first
ALTER TABLE n ADD id int AUTO_INCREMENT PRIMARY KEY FIRST
-- case: no key: unique
ALTER TABLE n ADD UNIQUE (a)
-- case: no key: not null
ALTER TABLE n MODIFY a int NOT NULL
-- case: no key: not null and unique
ALTER TABLE n MODIFY a int NOT NULL, ADD UNIQUE (a)
-- case: no primary key, a unique one: drop the unique key that stands for the primary one
ALTER TABLE nn DROP INDEX ua
-- case: no primary key, a unique one: another unique key
ALTER TABLE nn ADD UNIQUE (b)
-- case: no primary key, a unique one: primary key
ALTER TABLE nn ADD PRIMARY KEY (a)
-- case: no primary key, a unique one: nullable
ALTER TABLE nn MODIFY a int NULL
-- case: no primary key, a unique one: add a column
ALTER TABLE nn ADD x int
-- case: drop an index and add one of its name
ALTER TABLE k DROP INDEX ka, ADD INDEX ka (b)
-- case: drop an index and add it as it was
ALTER TABLE k DROP INDEX ka, ADD INDEX ka (a)
-- case: drop an index and add a unique one of its name
ALTER TABLE k DROP INDEX ka, ADD UNIQUE INDEX ka (a)
-- case: drop an index and add another
ALTER TABLE k DROP INDEX ka, ADD INDEX kb (b)
-- case: a column and an index
ALTER TABLE k ADD x int, ADD INDEX i (x)
-- case: drop a column with its index
ALTER TABLE k DROP a
-- case: a check and a column
ALTER TABLE k ADD CONSTRAINT z CHECK (a > 0), ADD x int
-- case: rename and add a column
ALTER TABLE k RENAME TO kk, ADD x int
-- case: rename a referenced column
ALTER TABLE r RENAME COLUMN code TO kode
-- case: rename a referring column
ALTER TABLE c RENAME COLUMN r_id TO rr_id
-- case: rename a key that is referred to
ALTER TABLE r RENAME COLUMN id TO rid
-- case: CHANGE of a referring column's name
ALTER TABLE c CHANGE r_id rr_id int
-- case: drop the foreign key and its index
ALTER TABLE c DROP FOREIGN KEY fk, DROP INDEX cr
-- case: drop the foreign key and its column
ALTER TABLE c DROP FOREIGN KEY fk, DROP COLUMN r_id
-- case: a foreign key and its index
ALTER TABLE k ADD INDEX i (b), ADD FOREIGN KEY (b) REFERENCES r (id)
-- case: a foreign key and its column
ALTER TABLE k ADD x int, ADD FOREIGN KEY (x) REFERENCES r (id)
-- case: a column for who refers
ALTER TABLE c ADD x int
-- case: no primary key: a unique one of what is never null
-- also
ALTER TABLE n MODIFY a int NOT NULL;
-- run
ALTER TABLE n ADD UNIQUE (a)
-- case: no primary key: drop the first of two unique ones
-- also
ALTER TABLE nn MODIFY b varchar(20) NOT NULL, ADD UNIQUE ub (b);
-- run
ALTER TABLE nn DROP INDEX ua
-- case: no primary key: drop the second of two unique ones
-- also
ALTER TABLE nn MODIFY b varchar(20) NOT NULL, ADD UNIQUE ub (b);
-- run
ALTER TABLE nn DROP INDEX ub
-- case: no primary key: a primary one in the place of the unique one
ALTER TABLE nn DROP INDEX ua, ADD PRIMARY KEY (a)
-- case: no primary key: a primary one of another column
-- also
ALTER TABLE nn MODIFY b varchar(20) NOT NULL;
-- run
ALTER TABLE nn ADD PRIMARY KEY (b)
-- case: CHANGE of a referenced column's name
ALTER TABLE r CHANGE code kode int
-- case: partitions: coalesce
ALTER TABLE h COALESCE PARTITION 1
-- case: partitions: more hash partitions
ALTER TABLE h ADD PARTITION PARTITIONS 1
-- case: partitions: add a column
ALTER TABLE p ADD x int
-- case: partitions: add an index
ALTER TABLE p ADD INDEX i (a)
-- case: partitions: not null
ALTER TABLE p MODIFY a int NOT NULL
-- case: partitions: rebuild all
ALTER TABLE p FORCE
