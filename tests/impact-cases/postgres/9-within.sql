-- title: Statements within others, ONLY, upkeep
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
-- case: within a block
DO $$ BEGIN ALTER TABLE t ADD z int; UPDATE u SET a = 2; END $$
-- case: a change within WITH
WITH changed AS (UPDATE u SET a = 2 RETURNING id) SELECT count(*) FROM changed
-- case: delete in a WITH, and insert
WITH gone AS (DELETE FROM u RETURNING id, a) INSERT INTO parent SELECT id FROM gone
-- case: explained and run
EXPLAIN ANALYZE UPDATE u SET a = 2
-- case: explained and run, with options
EXPLAIN (ANALYZE, COSTS OFF) UPDATE u SET a = 2
-- case: ONLY, update
UPDATE ONLY parent SET a = 1
-- case: update with children
UPDATE parent SET a = 1
-- case: ONLY, delete
DELETE FROM ONLY parent
-- case: ONLY, truncate
TRUNCATE ONLY parent
-- case: truncate with children
TRUNCATE parent
-- case: ONLY, lock
LOCK TABLE ONLY parent IN SHARE MODE
-- case: lock with children
LOCK TABLE parent IN SHARE MODE
-- case: ONLY, alter
ALTER TABLE ONLY parent ALTER a SET DEFAULT 1
-- case: alter with children
ALTER TABLE parent ALTER a SET DEFAULT 1
-- case: ONLY, index
CREATE INDEX i ON ONLY q (id)
-- case: insert what a query reads
INSERT INTO u SELECT id + 100, a FROM t
-- case: a table from a query
CREATE TABLE n AS SELECT * FROM t
-- case: a table by SELECT INTO
SELECT * INTO n FROM t
-- case: insert, or update what is there
INSERT INTO u VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET a = 3
-- case: empty a materialized view
REFRESH MATERIALIZED VIEW kept WITH NO DATA
-- case: a comment on an index
COMMENT ON INDEX c_p IS 'x'
-- case: a comment on a trigger
COMMENT ON TRIGGER fires ON t IS 'x'
-- case: a comment on a constraint
COMMENT ON CONSTRAINT c_p_id_fkey ON c IS 'x'
-- case: a comment on a policy
COMMENT ON POLICY pol ON t IS 'x'
-- case: a comment on a view
COMMENT ON VIEW reads_one IS 'x'
-- case: a comment on a materialized view
COMMENT ON MATERIALIZED VIEW kept IS 'x'
-- case: a privilege on a column
GRANT SELECT (a) ON t TO PUBLIC
-- case: a table into another schema
-- also
CREATE SCHEMA elsewhere;
-- run
ALTER TABLE t SET SCHEMA elsewhere
-- case: another target of statistics
ALTER STATISTICS st SET STATISTICS 10
-- case: drop a rule
DROP RULE ru ON u
-- case: drop a policy
DROP POLICY pol ON t
-- case: another condition of a policy
ALTER POLICY pol ON t USING (false)
-- case: another name for a policy
ALTER POLICY pol ON t RENAME TO pol2
-- case: another number for a sequence
SELECT setval('s', 10)
-- case: rows from a file
COPY t FROM '/dev/null'
-- case: row level security for the owner, too
ALTER TABLE t FORCE ROW LEVEL SECURITY
-- case: options of a view
ALTER VIEW reads_one SET (security_barrier = true)
-- case: options of an index
ALTER INDEX c_p SET (fillfactor = 70)
-- case: another target of an index's statistics
ALTER INDEX on_one ALTER COLUMN 1 SET STATISTICS 100
-- case: drop the index of a partitioned table
-- also
CREATE INDEX on_q ON q (r_id);
-- run
DROP INDEX on_q
-- case: another name for the index of a partitioned table
-- also
CREATE INDEX on_q ON q (r_id);
-- run
ALTER INDEX on_q RENAME TO on_q2
-- case: another name for a partitioned table
ALTER TABLE q RENAME TO qq
