-- title: Partitions
-- schema
CREATE TABLE r (id int NOT NULL, k int NOT NULL, PRIMARY KEY (id, k)) PARTITION BY RANGE (k) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20));
CREATE TABLE h (id int NOT NULL, k int NOT NULL, PRIMARY KEY (id, k)) PARTITION BY HASH (k) PARTITIONS 4;
CREATE TABLE x (id int NOT NULL, k int NOT NULL, PRIMARY KEY (id, k));
INSERT INTO r VALUES (1, 15);
INSERT INTO h VALUES (1, 1), (2, 2);
INSERT INTO x VALUES (1, 5);
-- case: add one to a range
-- locks
ALTER TABLE r ADD PARTITION (PARTITION p2 VALUES LESS THAN (30))
-- case: add some to a hash
-- locks
ALTER TABLE h ADD PARTITION PARTITIONS 2
-- case: add some to a hash, by their names
ALTER TABLE h ADD PARTITION (PARTITION q1, PARTITION q2)
-- case: take one from a hash
ALTER TABLE h COALESCE PARTITION 1
-- case: divide one
ALTER TABLE r REORGANIZE PARTITION p1 INTO (PARTITION p1 VALUES LESS THAN (15), PARTITION p2 VALUES LESS THAN (20))
-- case: drop one
-- locks
ALTER TABLE r DROP PARTITION p0
-- case: empty one
-- locks
ALTER TABLE r TRUNCATE PARTITION p0
-- case: exchange one with a table
-- locks
ALTER TABLE r EXCHANGE PARTITION p0 WITH TABLE x
-- case: exchange one with a table that is not looked at
-- engines: mysql
-- locks
ALTER TABLE r EXCHANGE PARTITION p0 WITH TABLE x WITHOUT VALIDATION
-- case: a table that becomes one
-- engines: mariadb
-- locks
ALTER TABLE r CONVERT TABLE x TO PARTITION p9 VALUES LESS THAN (30)
-- case: one that becomes a table
-- engines: mariadb
-- locks
ALTER TABLE r CONVERT PARTITION p0 TO TABLE n
-- case: check
-- locks
ALTER TABLE h CHECK PARTITION ALL
-- case: analyze
-- locks
ALTER TABLE h ANALYZE PARTITION ALL
-- case: repair
-- locks
ALTER TABLE h REPAIR PARTITION ALL
-- case: build anew
-- locks
ALTER TABLE h REBUILD PARTITION ALL
