-- title: Types of columns
-- schema
CREATE DOMAIN word AS text;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE p (id int PRIMARY KEY, code varchar(10) UNIQUE);
CREATE TABLE t (id int PRIMARY KEY, i int, v varchar(20), u varchar(20), x text, c char(5), n numeric(10,2), at timestamp(3), tz timestamptz, day date, j json, k cidr, net inet, bits varbit(4), span interval(3), list varchar(5)[]);
INSERT INTO t SELECT g, g, g, 'x', 'y', 'z', g, now(), now(), now(), '{}', '10.0.0.0/8', '10.0.0.1', B'1', '1 day', '{a}' FROM generate_series(1, 20) g;
-- case: int to bigint
ALTER TABLE t ALTER i TYPE bigint
-- case: varchar longer
ALTER TABLE t ALTER v TYPE varchar(30)
-- case: varchar shorter
ALTER TABLE t ALTER v TYPE varchar(10)
-- case: varchar without limit
ALTER TABLE t ALTER v TYPE varchar
-- case: varchar to text
ALTER TABLE t ALTER v TYPE text
-- case: text to varchar
ALTER TABLE t ALTER x TYPE varchar
-- case: text to varchar with a limit
ALTER TABLE t ALTER x TYPE varchar(50)
-- case: the same type
ALTER TABLE t ALTER x TYPE text
-- case: varchar to text, with a cast
ALTER TABLE t ALTER v TYPE text USING v::text
-- case: varchar to text, computed
ALTER TABLE t ALTER v TYPE text USING lower(v)
-- case: char longer
ALTER TABLE t ALTER c TYPE char(9)
-- case: numeric wider
ALTER TABLE t ALTER n TYPE numeric(12,2)
-- case: numeric without limit
ALTER TABLE t ALTER n TYPE numeric
-- case: numeric of another scale
ALTER TABLE t ALTER n TYPE numeric(12,3)
-- case: timestamp more precise
ALTER TABLE t ALTER at TYPE timestamp
-- case: timestamp to timestamptz in another time zone than UTC
ALTER TABLE t ALTER at TYPE timestamptz
-- case: date to timestamp
ALTER TABLE t ALTER day TYPE timestamp
-- case: json to jsonb
ALTER TABLE t ALTER j TYPE jsonb
-- case: cidr to inet
ALTER TABLE t ALTER k TYPE inet
-- case: inet to cidr
ALTER TABLE t ALTER net TYPE cidr
-- case: bits longer
ALTER TABLE t ALTER bits TYPE varbit(8)
-- case: interval more precise
ALTER TABLE t ALTER span TYPE interval
-- case: array without limit
ALTER TABLE t ALTER list TYPE varchar[]
-- case: array to text
ALTER TABLE t ALTER list TYPE text[]
-- case: to a domain without constraint
ALTER TABLE t ALTER x TYPE word
-- case: to a domain with a check
ALTER TABLE t ALTER i TYPE positive
-- case: int to oid with an index
-- also
CREATE INDEX ON t (i);
-- run
ALTER TABLE t ALTER i TYPE oid
-- case: longer, with an index
-- also
CREATE INDEX ON t (v);
-- run
ALTER TABLE t ALTER v TYPE varchar(30)
-- case: to text, with an index
-- also
CREATE INDEX ON t (v);
-- run
ALTER TABLE t ALTER v TYPE text
-- case: to text, with an index of an expression
-- also
CREATE INDEX ON t (lower(v));
-- run
ALTER TABLE t ALTER v TYPE text
-- case: to text, with a partial index
-- also
CREATE INDEX ON t (v) WHERE v <> '';
-- run
ALTER TABLE t ALTER v TYPE text
-- case: longer, with a check
-- also
ALTER TABLE t ADD CHECK (v <> '');
-- run
ALTER TABLE t ALTER v TYPE varchar(30)
-- case: another collation
ALTER TABLE t ALTER x TYPE text COLLATE "C"
-- case: another collation, with an index
-- also
CREATE INDEX ON t (x);
-- run
ALTER TABLE t ALTER x TYPE text COLLATE "C"
-- case: longer, of a column that refers to another table
-- also
INSERT INTO p SELECT 1, 'x'; ALTER TABLE t ADD CONSTRAINT t_p FOREIGN KEY (u) REFERENCES p (code);
-- run
ALTER TABLE t ALTER u TYPE varchar(30)
-- case: longer, of a column that another table refers to
-- also
INSERT INTO p SELECT 1, 'x'; ALTER TABLE t ADD CONSTRAINT t_p FOREIGN KEY (u) REFERENCES p (code);
-- run
ALTER TABLE p ALTER code TYPE varchar(30)
-- case: int to bigint, with indexes
-- also
CREATE INDEX ON t (v); CREATE INDEX ON t (i);
-- run
ALTER TABLE t ALTER i TYPE bigint
-- case: a value for an enum
ALTER TYPE mood ADD VALUE 'so so'
-- case: another name for a value of an enum
ALTER TYPE mood RENAME VALUE 'bad' TO 'worse'
