-- title: Tables with special indexes
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
-- case: a column beside an indexed virtual one
ALTER TABLE t ADD x int
-- case: a column before an indexed virtual one
ALTER TABLE t ADD x int FIRST
-- case: drop a column beside an indexed virtual one
ALTER TABLE t DROP b
-- case: longer text beside an indexed virtual column
ALTER TABLE t MODIFY b varchar(40)
-- case: NOT NULL for what an indexed virtual column reads
ALTER TABLE t MODIFY a int NOT NULL
-- case: NOT NULL beside an indexed virtual column
ALTER TABLE t MODIFY b varchar(20) NOT NULL
-- case: another type beside an indexed virtual column
ALTER TABLE t MODIFY b char(20)
-- case: an index beside that of a virtual column
CREATE INDEX i ON t (b)
-- case: drop the index of a virtual column
DROP INDEX on_v ON t
-- case: drop an indexed virtual column
ALTER TABLE t DROP v
-- case: another virtual column
ALTER TABLE t ADD w int AS (a + 2) VIRTUAL
-- case: a virtual column with an index
ALTER TABLE t ADD w int AS (a + 2) VIRTUAL, ADD KEY on_w (w)
-- case: rename a column beside an indexed virtual one
ALTER TABLE t RENAME COLUMN b TO bb
-- case: another primary key beside an indexed virtual column
ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (a)
-- case: rows written anew, with an indexed virtual column
ALTER TABLE t FORCE
-- case: the same engine, with an indexed virtual column
ALTER TABLE t ENGINE=InnoDB
-- case: another row format, with an indexed virtual column
ALTER TABLE t ROW_FORMAT=COMPRESSED
-- case: another character set, with an indexed virtual column
ALTER TABLE t CONVERT TO CHARACTER SET latin1
-- case: SPATIAL index: add a column
ALTER TABLE s ADD x int
-- case: SPATIAL index: add a column first
ALTER TABLE s ADD x int FIRST
-- case: SPATIAL index: drop a column
ALTER TABLE s DROP b
-- case: SPATIAL index: not null
ALTER TABLE s MODIFY a int NOT NULL
-- case: SPATIAL index: index
CREATE INDEX i ON s (a)
-- case: SPATIAL index: another spatial index
-- also
ALTER TABLE s DROP INDEX on_g;
-- run
CREATE SPATIAL INDEX i ON s (g)
-- case: SPATIAL index: drop the spatial index
DROP INDEX on_g ON s
-- case: SPATIAL index: rebuild
ALTER TABLE s FORCE
-- case: SPATIAL index: primary key
ALTER TABLE s DROP PRIMARY KEY, ADD PRIMARY KEY (a)
-- case: SPATIAL index: longer text
ALTER TABLE s MODIFY b varchar(40)
-- case: SPATIAL index: unique
ALTER TABLE s ADD UNIQUE (a)
-- case: FULLTEXT index: fulltext first
ALTER TABLE k ADD COLUMN txt text, ADD FULLTEXT INDEX i (txt)
-- case: FULLTEXT index: another fulltext index
CREATE FULLTEXT INDEX i2 ON f (txt)
-- case: FULLTEXT index: drop the fulltext index
DROP INDEX on_txt ON f
-- case: FULLTEXT index: add a column
ALTER TABLE f ADD x int
-- case: FULLTEXT index: add a column first
ALTER TABLE f ADD x int FIRST
-- case: FULLTEXT index: drop a column
ALTER TABLE f DROP a
-- case: FULLTEXT index: not null
ALTER TABLE f MODIFY a int NOT NULL
-- case: FULLTEXT index: rebuild
ALTER TABLE f FORCE
-- case: FULLTEXT index: primary key
ALTER TABLE f DROP PRIMARY KEY, ADD PRIMARY KEY (a)
-- case: drop a column and add it again beside an indexed virtual one
ALTER TABLE t DROP b, ADD b int
-- case: a column and a default beside an indexed virtual one
ALTER TABLE t ADD x int, ALTER a SET DEFAULT 2
-- case: a column with an index beside an indexed virtual one
ALTER TABLE t ADD x int, ADD INDEX (x)
-- case: drop an index beside that of a virtual column
ALTER TABLE t DROP INDEX on_a
-- case: drop a column and the index of a virtual one
ALTER TABLE t DROP INDEX on_v, DROP b
-- case: longer text and NOT NULL beside an indexed virtual column
ALTER TABLE t MODIFY b varchar(40) NOT NULL
