-- title: Keys and triggers of partitions, what goes with something else
-- schema
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (100);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (100) TO (200);
CREATE TABLE p3 (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p);
CREATE INDEX c_p ON c (p_id);
CREATE TABLE r (id int PRIMARY KEY);
CREATE TABLE q (id int NOT NULL, r_id int REFERENCES r) PARTITION BY RANGE (id);
CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (0) TO (100);
CREATE TABLE q2 PARTITION OF q FOR VALUES FROM (100) TO (200);
CREATE TABLE q3 (id int NOT NULL, r_id int);
CREATE TABLE q4 (id int NOT NULL, r_id int REFERENCES r);
CREATE TABLE g (id int NOT NULL, a int) PARTITION BY RANGE (id);
CREATE TABLE g1 PARTITION OF g FOR VALUES FROM (0) TO (100);
CREATE TABLE g2 PARTITION OF g FOR VALUES FROM (100) TO (200);
CREATE TRIGGER old AFTER INSERT ON g FOR EACH ROW EXECUTE FUNCTION nothing();
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE u (id int PRIMARY KEY, a int);
CREATE TRIGGER fires BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION nothing();
CREATE FUNCTION one() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE by_one (a int DEFAULT one());
CREATE TABLE over_one (a int, CHECK (a > one()));
CREATE TABLE index_one (a int);
CREATE INDEX on_one ON index_one ((one() + a));
CREATE VIEW reads_one AS SELECT one() AS x;
CREATE SEQUENCE s;
CREATE TABLE of_s (a int DEFAULT nextval('s'));
CREATE TABLE parent (a int);
CREATE TABLE child (b int) INHERITS (parent);
CREATE TYPE pair AS (a int, b int);
CREATE TABLE pairs OF pair;
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE felt (m mood);
CREATE POLICY pol ON t USING (true);
CREATE STATISTICS st ON id, a FROM t;
CREATE RULE ru AS ON DELETE TO u DO ALSO NOTHING;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM t;
CREATE UNIQUE INDEX kept_id ON kept (id);
INSERT INTO p SELECT g FROM generate_series(0, 199) g;
INSERT INTO p3 SELECT g FROM generate_series(200, 299) g;
INSERT INTO c SELECT g, g FROM generate_series(1, 20) g;
INSERT INTO r SELECT g FROM generate_series(1, 20) g;
INSERT INTO q SELECT g, g FROM generate_series(1, 20) g;
INSERT INTO q3 SELECT g, 1 FROM generate_series(200, 299) g;
INSERT INTO q4 SELECT g, 1 FROM generate_series(200, 299) g;
INSERT INTO t SELECT g, g FROM generate_series(1, 20) g;
INSERT INTO u SELECT g, g FROM generate_series(1, 20) g;
INSERT INTO parent SELECT g FROM generate_series(1, 20) g;
INSERT INTO child SELECT g FROM generate_series(1, 20) g;
-- case: detach a partition that is referred to
ALTER TABLE p DETACH PARTITION p2
-- case: attach a partition of a table that is referred to
ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM (200) TO (300)
-- case: a new partition of a table that is referred to
CREATE TABLE p4 PARTITION OF p FOR VALUES FROM (300) TO (400)
-- case: drop a table that is referred to, cascade
DROP TABLE p CASCADE
-- case: drop the table that refers to a partitioned one
DROP TABLE c
-- case: drop the key to a partitioned table
ALTER TABLE c DROP CONSTRAINT c_p_id_fkey
-- case: a second key to a partitioned table
ALTER TABLE c ADD CONSTRAINT z FOREIGN KEY (p_id) REFERENCES p
-- case: a second key to a partitioned table, not valid
ALTER TABLE c ADD CONSTRAINT z FOREIGN KEY (p_id) REFERENCES p NOT VALID
-- case: drop a partition whose table refers
DROP TABLE q1
-- case: detach a partition whose table refers
ALTER TABLE q DETACH PARTITION q1
-- case: attach to a table that refers
ALTER TABLE q ATTACH PARTITION q3 FOR VALUES FROM (200) TO (300)
-- case: attach to a table that refers, as the partition does
ALTER TABLE q ATTACH PARTITION q4 FOR VALUES FROM (200) TO (300)
-- case: truncate a table that refers
TRUNCATE q
-- case: drop the key of a partitioned table
ALTER TABLE q DROP CONSTRAINT q_r_id_fkey
-- case: a key of a partitioned table
ALTER TABLE q ADD CONSTRAINT z FOREIGN KEY (r_id) REFERENCES r
-- case: truncate with who refers
TRUNCATE p CASCADE
-- case: insert into a partition that refers
-- indexes
INSERT INTO q1 VALUES (30, 1)
-- case: drop what is referred to by a partitioned table, cascade
DROP TABLE r CASCADE
-- case: a trigger of a partitioned table
CREATE TRIGGER n AFTER INSERT ON q FOR EACH ROW EXECUTE FUNCTION nothing()
-- case: a trigger for statements of a partitioned table
CREATE TRIGGER n AFTER INSERT ON q FOR EACH STATEMENT EXECUTE FUNCTION nothing()
-- case: drop a trigger of a partitioned table
DROP TRIGGER old ON g
-- case: another name for a trigger of a partitioned table
ALTER TRIGGER old ON g RENAME TO older
-- case: switch off a trigger of a partitioned table
ALTER TABLE g DISABLE TRIGGER old
-- case: switch off a trigger of a partitioned table alone
ALTER TABLE ONLY g DISABLE TRIGGER old
-- case: attach to a table with triggers
-- also
CREATE TABLE g3 (id int NOT NULL, a int);
-- run
ALTER TABLE g ATTACH PARTITION g3 FOR VALUES FROM (200) TO (300)
-- case: detach from a table with triggers
ALTER TABLE g DETACH PARTITION g1
-- case: drop a function with its trigger
DROP FUNCTION nothing() CASCADE
-- case: drop a function with what uses it
DROP FUNCTION one() CASCADE
-- case: drop a sequence with the default that uses it
DROP SEQUENCE s CASCADE
-- case: drop a sequence
-- also
CREATE SEQUENCE lone;
-- run
DROP SEQUENCE lone
-- case: drop a function
-- also
CREATE FUNCTION lone() RETURNS int LANGUAGE sql AS 'SELECT 1';
-- run
DROP FUNCTION lone()
