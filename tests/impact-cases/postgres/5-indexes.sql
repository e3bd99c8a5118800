-- title: Indexes
-- schema
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
CREATE INDEX i ON t (a);
CREATE MATERIALIZED VIEW mv AS SELECT id FROM t;
CREATE UNIQUE INDEX mvi ON mv (id);
CREATE TABLE m (at date, a int) PARTITION BY RANGE (at);
CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE m2 PARTITION OF m FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX mi ON m (at);
INSERT INTO t SELECT g, g, g FROM generate_series(1, 20) g;
INSERT INTO m SELECT '2025-06-01', g FROM generate_series(1, 20) g;
-- case: an index
CREATE INDEX n ON t (b)
-- case: a unique index
CREATE UNIQUE INDEX n ON t (b)
-- case: an index that is there
CREATE INDEX IF NOT EXISTS i ON t (a)
-- case: an index, concurrently
-- alone: t
CREATE INDEX CONCURRENTLY n ON t (b)
-- case: drop an index
DROP INDEX i
-- case: drop an index, concurrently
-- alone: t
DROP INDEX CONCURRENTLY i
-- case: rename an index
ALTER INDEX i RENAME TO j
-- case: reindex an index
REINDEX INDEX i
-- case: reindex a table
REINDEX TABLE t
-- case: reindex, concurrently
-- alone: t
REINDEX INDEX CONCURRENTLY i
-- case: reindex a table, concurrently
-- alone: t
REINDEX TABLE CONCURRENTLY t
-- case: an index on a partitioned table
CREATE INDEX n ON m (a)
-- case: an index on a partitioned table only
CREATE INDEX n ON ONLY m (a)
-- case: attach an index
-- also
CREATE INDEX n ON ONLY m (a); CREATE INDEX n1 ON m1 (a);
-- run
ALTER INDEX n ATTACH PARTITION n1
-- case: drop an index of a partitioned table
DROP INDEX mi
-- case: refresh a materialized view
REFRESH MATERIALIZED VIEW mv
-- case: refresh a materialized view, concurrently
REFRESH MATERIALIZED VIEW CONCURRENTLY mv
-- case: cluster
CLUSTER t USING i
-- case: vacuum
-- alone: t
VACUUM t
-- case: vacuum full
-- alone: t
VACUUM FULL t
-- case: analyze
ANALYZE t
