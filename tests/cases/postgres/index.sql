-- case: indexes come and go
-- from
CREATE TABLE t (a integer, b text, c jsonb, d tsvector);
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (b);
-- rows
INSERT INTO t VALUES (1, 'x', '{}');
-- to
CREATE TABLE t (a integer, b text, c jsonb, d tsvector);
CREATE INDEX j ON t (b);
CREATE INDEX k ON t USING gin (c jsonb_path_ops);
CREATE INDEX l ON t USING gin (d);
CREATE INDEX m ON t USING hash (a);
CREATE INDEX n ON t USING brin (a) WITH (pages_per_range = 8);
CREATE INDEX o ON t (lower(b) text_pattern_ops, a DESC NULLS LAST) INCLUDE (c) WHERE a > 0;
CREATE UNIQUE INDEX p ON t (a, b COLLATE "C");

-- case: an index changes in every way
-- from
CREATE TABLE t (a integer, b integer);
CREATE INDEX one ON t (a);
CREATE INDEX two ON t (a);
CREATE INDEX three ON t (a);
CREATE INDEX four ON t (a);
CREATE INDEX five ON t (a) WHERE b > 0;
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (a integer, b integer);
CREATE UNIQUE INDEX one ON t (a);
CREATE INDEX two ON t (a DESC);
CREATE INDEX three ON t (a, b);
CREATE INDEX four ON t USING hash (a);
CREATE INDEX five ON t (a) WHERE b > 1;

-- case: an index moves to another table
-- from
CREATE TABLE t (a integer);
CREATE TABLE u (a integer);
CREATE INDEX i ON t (a);
-- to
CREATE TABLE t (a integer);
CREATE TABLE u (a integer);
CREATE INDEX i ON u (a);

-- case: an index has options, a comment and the order of the table
-- from
CREATE TABLE t (a integer, b integer);
CREATE INDEX i ON t (a);
-- to
CREATE TABLE t (a integer, b integer);
CREATE INDEX i ON t (a) WITH (fillfactor = 60);
COMMENT ON INDEX i IS 'of a';
ALTER TABLE t CLUSTER ON i;

-- case: the replica identity is an index
-- from
CREATE TABLE t (a integer NOT NULL);
CREATE TABLE u (a integer);
ALTER TABLE u REPLICA IDENTITY FULL;
-- to
CREATE TABLE t (a integer NOT NULL);
CREATE UNIQUE INDEX i ON t (a);
ALTER TABLE t REPLICA IDENTITY USING INDEX i;
CREATE TABLE u (a integer);
ALTER TABLE u REPLICA IDENTITY NOTHING;

-- case: extended statistics
-- from
CREATE TABLE t (a integer, b integer, c integer);
CREATE STATISTICS s ON a, b FROM t;
CREATE STATISTICS gone (ndistinct) ON a, b FROM t;
-- to
CREATE TABLE t (a integer, b integer, c integer);
CREATE STATISTICS s (dependencies) ON a, c FROM t;
COMMENT ON STATISTICS s IS 'both';

-- case: an index goes with its column and another has its name
-- from
CREATE TABLE t (a integer, b integer);
CREATE INDEX i ON t (a);
-- to
CREATE TABLE t (b integer);
CREATE INDEX i ON t (b);

-- case: a unique index treats nulls as the same
-- since: 15
-- from
CREATE TABLE t (a integer);
CREATE UNIQUE INDEX i ON t (a);
-- to
CREATE TABLE t (a integer);
CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT;

-- case: the replica identity is an index that is made anew
-- from
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL);
CREATE UNIQUE INDEX i ON t (a);
ALTER TABLE t REPLICA IDENTITY USING INDEX i;
CREATE TABLE u (a integer NOT NULL, b integer NOT NULL, CONSTRAINT k UNIQUE (a));
ALTER TABLE u REPLICA IDENTITY USING INDEX k;
-- to
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL);
CREATE UNIQUE INDEX i ON t (a, b);
ALTER TABLE t REPLICA IDENTITY USING INDEX i;
CREATE TABLE u (a integer NOT NULL, b integer NOT NULL, CONSTRAINT k UNIQUE (b));
ALTER TABLE u REPLICA IDENTITY USING INDEX k;

-- case: the replica identity of a partition is an index of its parent's that is made anew
-- from
CREATE TABLE p (a integer NOT NULL, b integer NOT NULL) PARTITION BY LIST (a);
CREATE TABLE one PARTITION OF p FOR VALUES IN (1);
CREATE UNIQUE INDEX i ON p (a);
ALTER TABLE one REPLICA IDENTITY USING INDEX one_a_idx;
-- to
CREATE TABLE p (a integer NOT NULL, b integer NOT NULL) PARTITION BY LIST (a);
CREATE TABLE one PARTITION OF p FOR VALUES IN (1);
CREATE UNIQUE INDEX i ON p (a, b);
ALTER INDEX one_a_b_idx RENAME TO one_a_idx;
ALTER TABLE one REPLICA IDENTITY USING INDEX one_a_idx;

-- case: an index and constraints get other names
-- expect: RENAME CONSTRAINT
-- expect: ALTER INDEX
-- avoid: DROP
-- avoid: CREATE
-- from
CREATE TABLE t (a integer, b integer CONSTRAINT b_old CHECK (b > 0), CONSTRAINT "k old" PRIMARY KEY (a));
CREATE INDEX "i old" ON t (b) WHERE b > 5;
CREATE TABLE u (a integer CONSTRAINT refers_old REFERENCES t);
-- rows
INSERT INTO t VALUES (1, 2);
INSERT INTO u VALUES (1);
-- to
CREATE TABLE t (a integer, b integer CONSTRAINT b_new CHECK (b > 0), CONSTRAINT k PRIMARY KEY (a));
CREATE INDEX i ON t (b) WHERE b > 5;
CREATE TABLE u (a integer CONSTRAINT refers REFERENCES t);

-- case: two indexes change their names with each other
-- from
CREATE TABLE t (a integer, b integer);
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (b);
-- to
CREATE TABLE t (a integer, b integer);
CREATE INDEX i ON t (b);
CREATE INDEX j ON t (a);

-- case: the server learns more or less of an index's expressions
-- from
CREATE TABLE t (a integer);
CREATE INDEX i ON t ((a + 1));
CREATE INDEX j ON t (a, (a + 2), (a + 3));
ALTER INDEX j ALTER COLUMN 2 SET STATISTICS 30;
-- to
CREATE TABLE t (a integer);
CREATE INDEX i ON t ((a + 1));
CREATE INDEX j ON t (a, (a + 2), (a + 3));
CREATE INDEX k ON t ((a + 4));
ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 500;
ALTER INDEX j ALTER COLUMN 3 SET STATISTICS 40;
ALTER INDEX k ALTER COLUMN 1 SET STATISTICS 0;

-- case: an index of a text search configuration that is not there
-- refused: index public.t.i is made of the text search configuration public.german_of_ours, which is not there
-- from
CREATE TABLE t (a text);
-- to
CREATE TEXT SEARCH CONFIGURATION german_of_ours (COPY = german);
CREATE TABLE t (a text);
CREATE INDEX i ON t USING gin (to_tsvector('german_of_ours', a));

-- case: an index of an operator class that is not there
-- refused: index public.t.i is made of the operator class public.own, which is not there
-- from
CREATE TABLE t (a integer);
-- to
CREATE OPERATOR CLASS own FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
CREATE TABLE t (a integer);
CREATE INDEX i ON t (a own);
