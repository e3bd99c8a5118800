-- case: a partitioned table is made with partitions of partitions
-- from
-- to
CREATE TABLE t (id integer, at date NOT NULL, region text, PRIMARY KEY (id, at, region)) PARTITION BY RANGE (at);
CREATE TABLE t_2025 PARTITION OF t FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE t_2026 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (region);
CREATE TABLE t_2026_a PARTITION OF t_2026 FOR VALUES IN ('a', 'b');
CREATE TABLE t_2026_rest PARTITION OF t_2026 DEFAULT;
CREATE TABLE t_rest PARTITION OF t DEFAULT;
CREATE INDEX i ON t (region);
CREATE TABLE h (id integer) PARTITION BY HASH (id);
CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1) WITH (fillfactor = 70);

-- case: partitions come and go
-- loses: t_1
-- from
CREATE TABLE t (id integer, a text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);
-- rows
INSERT INTO t VALUES (15, 'x');
-- to
CREATE TABLE t (id integer, a text) PARTITION BY RANGE (id);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);
CREATE TABLE t_3 PARTITION OF t FOR VALUES FROM (0) TO (10);

-- case: a partition gets other bounds
-- from
CREATE TABLE t (id integer, a text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);
-- rows
INSERT INTO t VALUES (5, 'x'), (17, 'y');
-- to
CREATE TABLE t (id integer, a text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (15);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (15) TO (20);

-- case: a partition is detached and a table attached
-- loses: t
-- from
CREATE TABLE t (id integer NOT NULL, a text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE alone (id integer NOT NULL, a text, CONSTRAINT alone_pkey PRIMARY KEY (id));
-- rows
INSERT INTO t VALUES (5, 'x');
INSERT INTO alone VALUES (17, 'y');
-- to
CREATE TABLE t (id integer NOT NULL, a text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE t_1 (id integer NOT NULL, a text, CONSTRAINT t_1_pkey PRIMARY KEY (id));
CREATE TABLE alone PARTITION OF t FOR VALUES FROM (10) TO (20);

-- case: a partitioned table changes its columns, keys and indexes
-- from
CREATE TABLE t (id integer, a text, gone integer, CONSTRAINT c CHECK (a <> '')) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE INDEX i ON t (a);
CREATE INDEX own ON t_1 (a, id);
-- rows
INSERT INTO t VALUES (5, 'x', 1), (12, 'y', 2);
-- to
CREATE TABLE t (id integer PRIMARY KEY, a varchar(30) NOT NULL DEFAULT 'z', new integer, CONSTRAINT d CHECK (new > 0)) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE INDEX j ON t (new);
CREATE INDEX own ON t_1 (id, a);

-- case: a partition has its own default, key and check
-- from
CREATE TABLE t (id integer, a text DEFAULT 'x') PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- rows
INSERT INTO t VALUES (5, 'x');
-- to
CREATE TABLE t (id integer, a text DEFAULT 'x') PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t (a DEFAULT 'y', CONSTRAINT c CHECK (a <> 'z')) FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t (id PRIMARY KEY, a NOT NULL) FOR VALUES FROM (10) TO (20);

-- case: foreign keys to and from a partitioned table
-- from
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE t (id integer PRIMARY KEY, a_id integer) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE b (t_id integer);
-- to
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE t (id integer PRIMARY KEY, a_id integer REFERENCES a) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE b (t_id integer REFERENCES t);

-- case: triggers of a partitioned table
-- from
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (id integer) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TRIGGER one AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- to
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (id integer) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TRIGGER two AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER own AFTER DELETE ON t_1 FOR EACH ROW EXECUTE FUNCTION f();

-- case: a table becomes partitioned with its rows
-- from
CREATE TABLE t (id serial PRIMARY KEY, a text DEFAULT 'x', at date NOT NULL);
CREATE INDEX i ON t (a);
CREATE TABLE b (t_id integer REFERENCES t);
CREATE VIEW v AS SELECT id, a FROM t;
-- rows
INSERT INTO t (a, at) VALUES ('x', '2026-01-01'), ('y', '2026-05-01');
-- to
CREATE TABLE t (id serial, a text DEFAULT 'x', at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE t_2026 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX i ON t (a);
CREATE TABLE b (t_id integer);
CREATE VIEW v AS SELECT id, a FROM t;

-- case: a partition key changes with rows
-- from
CREATE TABLE t (id integer, region text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (100);
-- rows
INSERT INTO t VALUES (5, 'a');
-- to
CREATE TABLE t (id integer, region text) PARTITION BY LIST (region);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('a', 'b');

-- case: a partitioned table goes
-- from
CREATE TABLE t (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE TABLE other (id integer REFERENCES t);
-- to
CREATE TABLE other (id integer);

-- case: indexes of partitions have names of their own
-- from
CREATE TABLE t (id integer NOT NULL, a text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE INDEX i ON ONLY t (a);
CREATE INDEX own ON t_1 (a);
ALTER INDEX i ATTACH PARTITION own;
-- to
CREATE TABLE t (id integer NOT NULL, a text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);
CREATE INDEX i ON ONLY t (a, id);
CREATE INDEX own ON t_1 (a, id);
ALTER INDEX i ATTACH PARTITION own;
CREATE INDEX other ON t_2 (a, id);
ALTER INDEX i ATTACH PARTITION other;
ALTER TABLE ONLY t ADD CONSTRAINT k PRIMARY KEY (id);
ALTER TABLE t_1 ADD CONSTRAINT k_1 PRIMARY KEY (id);
ALTER TABLE t_2 ADD CONSTRAINT k_2 PRIMARY KEY (id);
ALTER INDEX k ATTACH PARTITION k_1;
ALTER INDEX k ATTACH PARTITION k_2;

-- case: a constraint of one partition has the index that is a part of the parent's
-- from
CREATE TABLE t (id integer, a text) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('x');
CREATE UNIQUE INDEX i ON t (a, id);
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (id integer, a text) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t (CONSTRAINT own PRIMARY KEY (a, id)) FOR VALUES IN ('x');
CREATE TABLE t_2 PARTITION OF t (UNIQUE (a, id)) FOR VALUES IN ('y');
CREATE UNIQUE INDEX i ON t (a, id);

-- case: an index of the parent takes the key that a partition has
-- from
CREATE TABLE t (id integer, a text) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t (PRIMARY KEY (a, id)) FOR VALUES IN ('x');
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (id integer, a text) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t (PRIMARY KEY (a, id)) FOR VALUES IN ('x');
CREATE UNIQUE INDEX i ON t (a, id);

-- case: an index of the parent that has a partition's key becomes a key
-- from
CREATE TABLE t (id integer, a text) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t (PRIMARY KEY (a, id)) FOR VALUES IN ('x');
CREATE UNIQUE INDEX t_id_a_key ON t (a, id);
CREATE TABLE b (a text, id integer, FOREIGN KEY (a, id) REFERENCES t_1);
-- rows
INSERT INTO t VALUES (1, 'x');
INSERT INTO b VALUES ('x', 1);
-- to
CREATE TABLE t (id integer, a text, CONSTRAINT t_id_a_key PRIMARY KEY (a, id)) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('x');
CREATE TABLE b (a text, id integer, FOREIGN KEY (a, id) REFERENCES t_1);

-- case: an index that some partitions have no part of becomes whole
-- from
CREATE TABLE t (id integer NOT NULL, a text NOT NULL) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('x');
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN ('y');
CREATE INDEX i ON ONLY t (a);
CREATE INDEX part_1 ON t_1 (a);
ALTER INDEX i ATTACH PARTITION part_1;
CREATE INDEX part_2 ON t_2 (a);
ALTER TABLE ONLY t ADD CONSTRAINT k PRIMARY KEY (a, id);
ALTER TABLE t_1 ADD CONSTRAINT k_1 PRIMARY KEY (a, id);
ALTER INDEX k ATTACH PARTITION k_1;
-- rows
INSERT INTO t VALUES (1, 'x'), (2, 'y');
-- to
CREATE TABLE t (id integer NOT NULL, a text, CONSTRAINT k PRIMARY KEY (a, id)) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('x');
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN ('y');
CREATE INDEX i ON ONLY t (a);
CREATE INDEX part_1 ON t_1 (a);
ALTER INDEX i ATTACH PARTITION part_1;
CREATE INDEX part_2 ON t_2 (a);
ALTER INDEX i ATTACH PARTITION part_2;

-- case: a table that is attached keeps an index like the parent's as its own
-- loses: t
-- from
CREATE TABLE t (id integer, a text) PARTITION BY LIST (a);
CREATE INDEX i ON t (id);
CREATE TABLE t_1 (id integer, a text);
CREATE INDEX own ON t_1 (id);
-- rows
INSERT INTO t_1 VALUES (1, 'x');
-- to
CREATE TABLE t (id integer, a text) PARTITION BY LIST (a);
CREATE INDEX i ON t (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('x');
CREATE INDEX own ON t_1 (id);

-- case: partitioned tables that refer to each other come and go
-- from
-- to
CREATE TABLE a (id integer, x text, UNIQUE (x, id)) PARTITION BY LIST (x);
CREATE TABLE b (id integer, x text, UNIQUE (x, id)) PARTITION BY LIST (x);
CREATE TABLE a_1 PARTITION OF a FOR VALUES IN ('1');
CREATE TABLE b_1 PARTITION OF b FOR VALUES IN ('1');
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (x, id) REFERENCES b (x, id);
ALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (x, id) REFERENCES a (x, id);
ALTER TABLE a_1 ADD CONSTRAINT own FOREIGN KEY (x, id) REFERENCES b_1 (x, id);

-- case: partitioned tables that refer to each other are partitioned no longer
-- from
CREATE TABLE a (id integer, x text, UNIQUE (x, id)) PARTITION BY LIST (x);
CREATE TABLE a_1 PARTITION OF a FOR VALUES IN ('1');
CREATE TABLE b (id integer, x text) PARTITION BY LIST (x);
CREATE TABLE b_1 PARTITION OF b FOR VALUES IN ('1');
CREATE UNIQUE INDEX b_i ON b (x, id);
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (x, id) REFERENCES b (x, id);
ALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (x, id) REFERENCES a (x, id);
-- to
CREATE TABLE a (id integer, x text, UNIQUE (x, id));
CREATE TABLE b (id integer, x text);
CREATE UNIQUE INDEX b_i ON b (x, id);
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (x, id) REFERENCES b (x, id);
ALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (x, id) REFERENCES a (x, id);

-- case: a partition goes to a parent that is new
-- from
CREATE TABLE old (id integer, x text, UNIQUE (x, id)) PARTITION BY LIST (x);
CREATE TABLE part PARTITION OF old FOR VALUES IN ('1');
CREATE TABLE b (id integer, x text, FOREIGN KEY (x, id) REFERENCES old (x, id));
-- rows
INSERT INTO old VALUES (1, '1');
-- to
CREATE TABLE new (id integer, x text, UNIQUE (x, id)) PARTITION BY LIST (x);
CREATE TABLE part PARTITION OF new FOR VALUES IN ('1');
CREATE TABLE b (id integer, x text, FOREIGN KEY (x, id) REFERENCES new (x, id));

-- case: a partition goes from a table that is referred to
-- loses: t t_2
-- from
CREATE TABLE t (id integer PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN (2);
CREATE TABLE b (t_id integer REFERENCES t);
-- rows
INSERT INTO t VALUES (1), (2);
INSERT INTO b VALUES (1);
-- to
CREATE TABLE t (id integer PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE b (t_id integer REFERENCES t);

-- case: partitions have defaults of their own
-- from
CREATE TABLE t (id integer, x integer DEFAULT 1) PARTITION BY LIST (id);
CREATE TABLE t_1 PARTITION OF t (x DEFAULT 7) FOR VALUES IN (1);
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN (2);
-- to
CREATE TABLE t (id integer, x integer DEFAULT 2, y integer DEFAULT 3) PARTITION BY LIST (id);
CREATE TABLE t_1 PARTITION OF t (x DEFAULT 7, y DEFAULT 8) FOR VALUES IN (1);
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN (2);
COMMENT ON COLUMN t_2.y IS 'of one';

-- case: a table is partitioned and the types of its columns change
-- changes: t.a
-- changes: t.b
-- changes: t.c
-- from
CREATE TABLE t (id integer, a text, b boolean, c bigint);
-- rows
INSERT INTO t VALUES (1, '7', true, 1600000000000);
-- to
CREATE TABLE t (id integer, a integer, b bigint, c timestamp) PARTITION BY RANGE (id);
CREATE TABLE low PARTITION OF t DEFAULT;

-- case: a partition gets other bounds while its parent gets a column
-- from
CREATE TABLE t (id integer, a text) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('a');
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id integer, a text, n integer DEFAULT 2) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t (n DEFAULT 3) FOR VALUES IN ('a', 'aa');

-- case: partitions exchange bounds while columns and keys of their parent change
-- loses: t.gone
-- from
CREATE TABLE t (id integer, a text NOT NULL, gone integer, e integer NOT NULL, PRIMARY KEY (e, a)) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('a');
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN ('b', 'c') PARTITION BY RANGE (e);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (0) TO (10);
CREATE TABLE t_3 PARTITION OF t FOR VALUES IN ('d');
-- rows
INSERT INTO t VALUES (1, 'a', 3, 4), (2, 'b', 4, 5);
-- to
CREATE TABLE t (id bigint NOT NULL, a text NOT NULL, e integer NOT NULL, n integer, PRIMARY KEY (id, a, e)) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('a', 'c', 'd');
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN ('b') PARTITION BY RANGE (e);
CREATE TABLE t_2_1 PARTITION OF t_2 (n DEFAULT 3) FOR VALUES FROM (0) TO (20);
CREATE TABLE t_3 PARTITION OF t FOR VALUES IN ('f');
CREATE TABLE t_4 PARTITION OF t FOR VALUES IN ('g');

-- case: a partition gets other bounds while its parent no longer refuses nulls
-- from
CREATE TABLE t (id integer NOT NULL, a text) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('a');
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id integer, a text) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('a', 'aa');

-- case: a partition is partitioned itself
-- from
CREATE TABLE t (id integer, k integer, UNIQUE (id, k)) PARTITION BY LIST (k);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2);
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN (3) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (0) TO (100);
-- rows
INSERT INTO t VALUES (5, 1), (6, 2), (7, 3);
-- to
CREATE TABLE t (id integer, k integer, UNIQUE (id, k)) PARTITION BY LIST (k);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2) PARTITION BY RANGE (id);
CREATE TABLE t_1_1 PARTITION OF t_1 FOR VALUES FROM (0) TO (100);
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN (3) PARTITION BY HASH (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES WITH (MODULUS 1, REMAINDER 0);

-- case: a partition is detached and the parent loses its keys and indexes
-- loses: p
-- from
CREATE TABLE p (k integer, n integer, UNIQUE (k)) PARTITION BY LIST (k);
CREATE INDEX i ON p (n);
CREATE TABLE x PARTITION OF p FOR VALUES IN (1, 2);
CREATE TABLE y PARTITION OF p FOR VALUES IN (3);
-- rows
INSERT INTO p VALUES (1, 2), (3, 4);
-- to
CREATE TABLE p (k integer, n integer) PARTITION BY LIST (k);
CREATE TABLE x (k integer, n integer);
CREATE TABLE y (k integer, n integer, UNIQUE (k));

-- case: a table that is there becomes a partition of a table with checks
-- loses: p q
-- from
CREATE TABLE x (a integer, b text, CONSTRAINT own CHECK (b <> ''), CONSTRAINT same CHECK (b <> 'x'));
CREATE TABLE q (a integer NOT NULL, b text) PARTITION BY LIST (a);
CREATE TABLE y (a integer, b text);
-- rows
INSERT INTO x VALUES (1, 'y');
-- to
CREATE TABLE p (a integer NOT NULL CHECK (a > 0), b text, CONSTRAINT same CHECK (b <> 'x')) PARTITION BY LIST (a);
CREATE TABLE x PARTITION OF p (CONSTRAINT own CHECK (b <> '')) FOR VALUES IN (1, 2);
CREATE TABLE q (a integer NOT NULL, b text, CHECK (a > 0)) PARTITION BY LIST (a);
CREATE TABLE y PARTITION OF q FOR VALUES IN (1) PARTITION BY LIST (b);

-- case: a partition goes to another parent with checks of its own
-- loses: p q
-- from
CREATE TABLE p (a integer, b text, CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (a > 1)) PARTITION BY LIST (a);
CREATE TABLE q (a integer, b text, CONSTRAINT c CHECK (a > 3), CONSTRAINT d CHECK (a > 1), CONSTRAINT e CHECK (a > 2)) PARTITION BY LIST (a);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (5);
CREATE TABLE p_2 PARTITION OF p FOR VALUES IN (6) PARTITION BY LIST (b);
CREATE TABLE p_2_1 PARTITION OF p_2 FOR VALUES IN ('b');
-- rows
INSERT INTO p VALUES (5, 'a'), (6, 'b');
-- to
CREATE TABLE p (a integer, b text, CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (a > 1)) PARTITION BY LIST (a);
CREATE TABLE q (a integer, b text, CONSTRAINT c CHECK (a > 3), CONSTRAINT d CHECK (a > 1), CONSTRAINT e CHECK (a > 2)) PARTITION BY LIST (a);
CREATE TABLE p_1 PARTITION OF q FOR VALUES IN (5);
CREATE TABLE p_2 PARTITION OF q FOR VALUES IN (6) PARTITION BY LIST (b);
CREATE TABLE p_2_1 PARTITION OF p_2 FOR VALUES IN ('b');

-- case: a column of a partition key gets another type
-- changes: t.a
-- from
CREATE TABLE t (a integer, b integer DEFAULT 2, c text) PARTITION BY RANGE (a, (b + 1));
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0, 0) TO (10, 10);
CREATE INDEX i ON t (c);
CREATE VIEW v AS SELECT a, c FROM t;
-- rows
INSERT INTO t VALUES (1, 2, 'x');
-- to
CREATE TABLE t (a bigint, b bigint DEFAULT 2, c text) PARTITION BY RANGE (a, (b + 1));
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0, 0) TO (10, 10);
CREATE INDEX i ON t (c);
CREATE VIEW v AS SELECT a, c FROM t;

-- case: a partition that is partitioned by a column that gets another type
-- from
CREATE TABLE t (a integer, b integer) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1) PARTITION BY LIST (b);
CREATE TABLE t_1_1 PARTITION OF t_1 FOR VALUES IN (2);
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN (2);
-- rows
INSERT INTO t VALUES (1, 2), (2, 3);
-- to
CREATE TABLE t (a integer, b bigint) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1) PARTITION BY LIST (b);
CREATE TABLE t_1_1 PARTITION OF t_1 FOR VALUES IN ('2');
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN (2);

-- case: an enumerated type that a table is partitioned by loses a value
-- from
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TYPE d AS ENUM ('x', 'y');
CREATE TABLE t (id integer, a e, d d DEFAULT 'x', ds d[], UNIQUE (a, id)) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('a', 'c');
CREATE TABLE other (a e, d d);
-- rows
INSERT INTO t VALUES (1, 'a', 'x', '{x}'), (2, 'c', NULL, NULL);
INSERT INTO other VALUES ('c', 'x');
-- to
CREATE TYPE e AS ENUM ('c', 'a');
CREATE TYPE d AS ENUM ('x', 'z');
CREATE TABLE t (id integer, a e, d d DEFAULT 'x', ds d[], UNIQUE (a, id)) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('a', 'c');
CREATE TABLE other (a e, d d);

-- case: the function of a partition key gets other arguments
-- refused: function public.f(integer) is a part of the partition key of table public.t
-- from
CREATE FUNCTION f(integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE TABLE t (a integer) PARTITION BY RANGE (f(a));
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- to
CREATE FUNCTION f(integer, integer DEFAULT 0) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE TABLE t (a integer) PARTITION BY RANGE (f(a));
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);

-- case: a partition key is computed with another function
-- from
CREATE FUNCTION f(integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE TABLE t (a integer) PARTITION BY RANGE (f(a));
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- rows
INSERT INTO t VALUES (3);
-- to
CREATE FUNCTION g(integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT $1 + 1';
CREATE TABLE t (a integer) PARTITION BY RANGE (g(a));
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);

-- case: a partitioned table gets unique constraints
-- from
CREATE TABLE t (id integer, a text, b integer) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE TABLE t_2_2 PARTITION OF t_2 FOR VALUES FROM (15) TO (20);
-- rows
INSERT INTO t VALUES (5, 'x', 1), (12, 'y', 2), (17, NULL, 3);
-- to
CREATE TABLE t (id integer, a text, b integer, CONSTRAINT k UNIQUE (a, id), UNIQUE (id, b) INCLUDE (a) DEFERRABLE INITIALLY DEFERRED) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE TABLE t_2_2 PARTITION OF t_2 FOR VALUES FROM (15) TO (20);
COMMENT ON CONSTRAINT k ON t IS 'of all';

-- case: a unique constraint whose names on partitions are their own
-- from
CREATE TABLE t (id integer, a text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);
-- rows
INSERT INTO t VALUES (5, 'x'), (12, 'y');
-- to
CREATE TABLE t (id integer, a text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);
ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, id);
ALTER INDEX t_2_a_id_key RENAME TO mine;

-- case: a partitioned table gets a unique constraint that a partition has
-- from
CREATE TABLE t (id integer, a text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t (UNIQUE (a, id)) FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);
-- to
CREATE TABLE t (id integer, a text, CONSTRAINT k UNIQUE (a, id)) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);

-- case: a partitioned table gets a primary key
-- from
CREATE TABLE t (id integer, a text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE TABLE t_2_2 PARTITION OF t_2 FOR VALUES FROM (15) TO (20);
-- rows
INSERT INTO t VALUES (5, 'x'), (12, 'y'), (17, 'z');
-- to
CREATE TABLE t (id integer PRIMARY KEY, a text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE TABLE t_2_2 PARTITION OF t_2 FOR VALUES FROM (15) TO (20);

-- case: columns that are never null become a primary key of a partitioned table
-- from
CREATE TABLE t (id integer NOT NULL, a text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE TABLE t_2_2 PARTITION OF t_2 FOR VALUES FROM (15) TO (20);
-- rows
INSERT INTO t VALUES (5, 'x'), (12, 'y'), (17, 'z');
-- to
CREATE TABLE t (id integer NOT NULL, a text, CONSTRAINT k PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE TABLE t_2_2 PARTITION OF t_2 FOR VALUES FROM (15) TO (20);

-- case: a foreign key from a table with partitions of partitions
-- from
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE t (id integer, r integer) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE TABLE t_2_2 PARTITION OF t_2 FOR VALUES FROM (15) TO (20);
-- rows
INSERT INTO r VALUES (1), (2);
INSERT INTO t VALUES (5, 1), (12, 2), (17, NULL);
-- to
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE t (id integer, r integer, CONSTRAINT f FOREIGN KEY (r) REFERENCES r ON DELETE CASCADE DEFERRABLE) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE TABLE t_2_2 PARTITION OF t_2 FOR VALUES FROM (15) TO (20);
COMMENT ON CONSTRAINT f ON t IS 'of all';

-- case: a foreign key from a partitioned table that a partition has
-- from
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE t (id integer, r integer) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t (CONSTRAINT f FOREIGN KEY (r) REFERENCES r) FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);
-- to
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE t (id integer, r integer, CONSTRAINT f FOREIGN KEY (r) REFERENCES r) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);

-- case: a partitioned table gets a key, what refers to it and what it refers to
-- from
CREATE TABLE r (id integer);
CREATE TABLE t (id integer, r integer) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE TABLE t_2_2 PARTITION OF t_2 FOR VALUES FROM (15) TO (20);
CREATE TABLE u (t integer);
-- rows
INSERT INTO r VALUES (1);
INSERT INTO t VALUES (5, 1), (12, 1);
INSERT INTO u VALUES (5);
-- to
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE t (id integer PRIMARY KEY, r integer REFERENCES r) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE TABLE t_2_2 PARTITION OF t_2 FOR VALUES FROM (15) TO (20);
CREATE TABLE u (t integer REFERENCES t);

-- case: a column of a table with partitions is renamed below it by the server
-- renames: column public.m.w < v
-- expect: ALTER TABLE "public"."m" RENAME COLUMN "v" TO "w"
-- avoid: ADD COLUMN
-- avoid: ALTER TABLE "public"."m1" RENAME
-- from
CREATE TABLE m (id integer, v integer) PARTITION BY RANGE (id);
CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10) PARTITION BY HASH (id);
CREATE TABLE m10 PARTITION OF m1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
-- rows
INSERT INTO m VALUES (1, 2);
-- to
CREATE TABLE m (id integer, w integer) PARTITION BY RANGE (id);
CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10) PARTITION BY HASH (id);
CREATE TABLE m10 PARTITION OF m1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);

-- case: a partition with partitions goes before a column of its key gets another type
-- loses: t1d t1d0
-- from
CREATE TABLE t (a integer, c bigint) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (100) PARTITION BY LIST (a);
CREATE TABLE t1d PARTITION OF t1 DEFAULT PARTITION BY HASH (c);
CREATE TABLE t1d0 PARTITION OF t1d FOR VALUES WITH (MODULUS 1, REMAINDER 0);
-- to
CREATE TABLE t (a integer, c integer) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (100) PARTITION BY LIST (a);
CREATE TABLE t1a PARTITION OF t1 FOR VALUES IN (1);

-- case: the parts of indexes follow the new name of a column
-- renames: column public.t.b < a
-- from
CREATE TABLE t (id integer, a integer NOT NULL, PRIMARY KEY (id), UNIQUE (id, a)) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE INDEX i ON t (a);
-- rows
INSERT INTO t VALUES (1, 2), (12, 3);
-- to
CREATE TABLE t (id integer, b integer NOT NULL, PRIMARY KEY (id), UNIQUE (id, b)) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t_2_1 PARTITION OF t_2 FOR VALUES FROM (10) TO (15);
CREATE INDEX i ON t (b);

-- case: the parts of indexes follow the new name of a partition
-- renames: table public.t_one < t_1
-- from
CREATE TABLE t (id integer, a integer NOT NULL, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE INDEX i ON t (a);
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (id integer, a integer NOT NULL, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE t_one PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE INDEX i ON t (a);

-- case: the parts of indexes follow the new name of the partitioned table
-- renames: table public.u < t
-- from
CREATE TABLE t (id integer, a integer NOT NULL, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE INDEX i ON t (a);
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE u (id integer, a integer NOT NULL, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF u FOR VALUES FROM (0) TO (10);
CREATE INDEX i ON u (a);

-- case: what is attached gets the names that it would have as a partition
-- loses: t
-- from
CREATE TABLE t (id integer NOT NULL, a integer NOT NULL, CONSTRAINT k PRIMARY KEY (id), UNIQUE (id, a)) PARTITION BY RANGE (id);
CREATE INDEX i ON t (a);
CREATE TABLE alone (id integer CONSTRAINT never NOT NULL, a integer NOT NULL, CONSTRAINT own PRIMARY KEY (id), CONSTRAINT two UNIQUE (id, a));
CREATE INDEX mine ON alone (a);
-- rows
INSERT INTO alone VALUES (17, 3);
-- to
CREATE TABLE t (id integer NOT NULL, a integer NOT NULL, CONSTRAINT k PRIMARY KEY (id), UNIQUE (id, a)) PARTITION BY RANGE (id);
CREATE INDEX i ON t (a);
CREATE TABLE alone PARTITION OF t FOR VALUES FROM (10) TO (20);

-- case: a partition with a foreign key of its parent's leaves and has none
-- loses: t
-- from
CREATE TABLE p (x integer PRIMARY KEY);
CREATE TABLE t (a integer, b integer REFERENCES p) PARTITION BY RANGE (a);
CREATE TABLE n PARTITION OF t DEFAULT;
-- rows
INSERT INTO p VALUES (1);
INSERT INTO t VALUES (1, 1);
-- to
CREATE TABLE p (x integer PRIMARY KEY);
CREATE TABLE t (a integer, b integer REFERENCES p) PARTITION BY RANGE (a);
CREATE TABLE n (a integer, b integer);

-- case: a partition that leaves keeps foreign keys of those above it under names of its own
-- loses: t, u
-- oneway
-- from
CREATE TABLE p (x integer PRIMARY KEY, UNIQUE (x));
CREATE TABLE q (x integer PRIMARY KEY);
CREATE TABLE t (a integer, b integer, c integer, CONSTRAINT "Far %" FOREIGN KEY (b) REFERENCES p, CONSTRAINT other FOREIGN KEY (c) REFERENCES q) PARTITION BY RANGE (a);
CREATE TABLE u PARTITION OF t DEFAULT PARTITION BY RANGE (a);
CREATE TABLE n PARTITION OF u DEFAULT;
-- rows
INSERT INTO p VALUES (1);
INSERT INTO q VALUES (1);
INSERT INTO t VALUES (1, 1, 1);
-- to
CREATE TABLE p (x integer PRIMARY KEY, UNIQUE (x));
CREATE TABLE t (a integer, b integer, c integer) PARTITION BY RANGE (a);
CREATE TABLE u PARTITION OF t DEFAULT PARTITION BY RANGE (a);
CREATE TABLE n (a integer, b integer, c integer, CONSTRAINT "n %" FOREIGN KEY (b) REFERENCES p);

-- case: a partitioned table goes with what its foreign key refers to and its partition stays
-- loses: t, p
-- from
CREATE TABLE p (x integer PRIMARY KEY);
CREATE TABLE t (a integer, b integer REFERENCES p) PARTITION BY RANGE (a);
CREATE TABLE n PARTITION OF t DEFAULT;
-- to
CREATE TABLE n (a integer, b integer);

-- case: a partition of partitions leaves with parts of the indexes of all those above it
-- loses: t, m
-- from
CREATE TABLE t (a integer UNIQUE, b integer, c integer) PARTITION BY RANGE (a);
CREATE TABLE m PARTITION OF t DEFAULT PARTITION BY RANGE (a);
CREATE TABLE l PARTITION OF m DEFAULT;
CREATE INDEX ti ON t (b);
CREATE INDEX mi ON m (c);
-- rows
INSERT INTO t VALUES (1, 1, 1);
-- to
CREATE TABLE t (a integer UNIQUE, b integer, c integer) PARTITION BY RANGE (a);
CREATE TABLE m PARTITION OF t DEFAULT PARTITION BY RANGE (a);
CREATE TABLE l (a integer CONSTRAINT lu UNIQUE, b integer, c integer);
CREATE INDEX ti ON t (b);
CREATE INDEX mi ON m (c);
CREATE INDEX l2 ON l (c);

-- case: a partitioned table goes and its partitions of partitions are tables of their own
-- loses: o, m
-- from
CREATE TABLE o (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE m PARTITION OF o FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id);
CREATE TABLE l PARTITION OF m FOR VALUES FROM (0) TO (50);
CREATE INDEX mi ON m (id);
-- rows
INSERT INTO o VALUES (5);
-- to
CREATE TABLE m (id integer NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE l (id integer PRIMARY KEY);
