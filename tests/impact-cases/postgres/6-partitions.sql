-- title: Partitions
-- schema
CREATE TABLE r (id int PRIMARY KEY);
CREATE TABLE m (at int NOT NULL, a int, r_id int) PARTITION BY RANGE (at);
CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (100);
CREATE TABLE m2 PARTITION OF m FOR VALUES FROM (100) TO (200);
CREATE TABLE d (at int NOT NULL, a int) PARTITION BY RANGE (at);
CREATE TABLE d1 PARTITION OF d FOR VALUES FROM (0) TO (100);
CREATE TABLE dd PARTITION OF d DEFAULT;
CREATE TABLE n (at int NOT NULL, a int, r_id int);
CREATE TABLE o (at int NOT NULL, a int);
INSERT INTO r SELECT g FROM generate_series(1, 20) g;
INSERT INTO m SELECT g, g, g FROM generate_series(1, 20) g;
INSERT INTO m SELECT g + 100, g, g FROM generate_series(1, 20) g;
INSERT INTO d SELECT g, g FROM generate_series(1, 20) g;
INSERT INTO d SELECT g + 300, g FROM generate_series(1, 20) g;
INSERT INTO n SELECT 200 + g, g, g FROM generate_series(1, 20) g;
INSERT INTO o SELECT 200 + g, g FROM generate_series(1, 20) g;
-- case: a partition
CREATE TABLE m3 PARTITION OF m FOR VALUES FROM (200) TO (300)
-- case: a partition beside a default one
CREATE TABLE d2 PARTITION OF d FOR VALUES FROM (100) TO (200)
-- case: attach a partition
ALTER TABLE m ATTACH PARTITION n FOR VALUES FROM (200) TO (300)
-- case: attach a partition beside a default one
ALTER TABLE d ATTACH PARTITION o FOR VALUES FROM (200) TO (300)
-- case: detach a partition
ALTER TABLE m DETACH PARTITION m1
-- case: detach a partition beside a default one
ALTER TABLE d DETACH PARTITION d1
-- case: detach a partition, concurrently
-- since: 14
-- alone: m
ALTER TABLE m DETACH PARTITION m1 CONCURRENTLY
-- case: drop a partition
DROP TABLE m1
-- case: drop a partitioned table
DROP TABLE m
-- case: truncate a partitioned table
TRUNCATE m
-- case: a column for all partitions
ALTER TABLE m ADD x int
-- case: a column with a volatile default for all partitions
ALTER TABLE m ADD x double precision DEFAULT random()
-- case: NOT NULL for all partitions
ALTER TABLE m ALTER a SET NOT NULL
-- case: NOT NULL for all partitions, which a check proves
-- also
ALTER TABLE m ADD CONSTRAINT q CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE m VALIDATE CONSTRAINT q;
-- run
ALTER TABLE m ALTER a SET NOT NULL
-- case: a type for all partitions
ALTER TABLE m ALTER a TYPE bigint
-- case: drop a column of all partitions
ALTER TABLE m DROP a
-- case: a check for all partitions
ALTER TABLE m ADD CONSTRAINT q CHECK (a > 0)
-- case: a key for all partitions
ALTER TABLE m ADD CONSTRAINT q UNIQUE (at)
-- case: a primary key for all partitions
ALTER TABLE m ADD PRIMARY KEY (at)
-- case: a primary key for all partitions, of a column that may be NULL
ALTER TABLE m ADD PRIMARY KEY (at, a)
-- case: statistics of all partitions
ANALYZE m
-- case: a foreign key for all partitions
ALTER TABLE m ADD CONSTRAINT q FOREIGN KEY (r_id) REFERENCES r
-- case: a foreign key that all partitions have
-- also
ALTER TABLE m1 ADD CONSTRAINT q FOREIGN KEY (r_id) REFERENCES r; ALTER TABLE m2 ADD CONSTRAINT q FOREIGN KEY (r_id) REFERENCES r;
-- run
ALTER TABLE m ADD CONSTRAINT q FOREIGN KEY (r_id) REFERENCES r
-- case: a foreign key that one of the partitions has
-- also
ALTER TABLE m1 ADD CONSTRAINT q FOREIGN KEY (r_id) REFERENCES r (id);
-- run
ALTER TABLE m ADD CONSTRAINT q FOREIGN KEY (r_id) REFERENCES r
-- case: a unique constraint of a partitioned table alone
ALTER TABLE ONLY m ADD CONSTRAINT q UNIQUE (at)
-- case: a primary key of a partitioned table alone
ALTER TABLE ONLY m ADD CONSTRAINT q PRIMARY KEY (at)
-- case: the primary key of a partition, of its index
-- also
ALTER TABLE m ALTER a SET NOT NULL; CREATE UNIQUE INDEX q1 ON m1 (a);
-- run
ALTER TABLE m1 ADD CONSTRAINT q1 PRIMARY KEY USING INDEX q1
-- case: attach the key of a partition
-- also
ALTER TABLE ONLY m ADD CONSTRAINT q UNIQUE (at); ALTER TABLE m1 ADD CONSTRAINT q1 UNIQUE (at);
-- run
ALTER INDEX q ATTACH PARTITION q1
-- case: drop a key of all partitions
-- also
ALTER TABLE m ADD CONSTRAINT q UNIQUE (at);
-- run
ALTER TABLE m DROP CONSTRAINT q
-- case: drop a foreign key of all partitions
-- also
ALTER TABLE m ADD CONSTRAINT q FOREIGN KEY (r_id) REFERENCES r;
-- run
ALTER TABLE m DROP CONSTRAINT q
-- case: a default for all partitions
ALTER TABLE m ALTER a SET DEFAULT 1
-- case: another name for a column of all partitions
ALTER TABLE m RENAME a TO b
-- case: a trigger switched off
ALTER TABLE m DISABLE TRIGGER ALL
