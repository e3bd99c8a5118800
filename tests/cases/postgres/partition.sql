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
