-- case: a check comes, changes and goes
-- from
CREATE TABLE t (a int, b int, CONSTRAINT one CHECK (a > 0), CONSTRAINT two CHECK (b > 0));
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (a int, b int, CONSTRAINT two CHECK (b > 1), CONSTRAINT three CHECK (a < b and a in (1, 2)));

-- case: a check beside a column
-- from
CREATE TABLE t (a int CHECK (a > 0), b int);
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (a int, b int CHECK (b > 0), c varchar(10) DEFAULT 'x' CHECK (c <> 'it''s \\'));

-- case: a check is not enforced
-- engines: mysql
-- from
CREATE TABLE t (a int, CONSTRAINT one CHECK (a > 0) NOT ENFORCED, CONSTRAINT two CHECK (a > 1));
-- rows
INSERT INTO t VALUES (5);
-- to
CREATE TABLE t (a int, CONSTRAINT one CHECK (a > 0), CONSTRAINT two CHECK (a > 1) NOT ENFORCED);

-- case: a check without a name
-- from
CREATE TABLE t (a int, b int, CHECK (a > 0));
-- to
CREATE TABLE t (a int, b int, CHECK (a > 0), CHECK (b > 0));

-- case: texts in checks
-- from
CREATE TABLE t (a varchar(20));
-- to
CREATE TABLE t (a varchar(20), CONSTRAINT one CHECK (a IN ('it''s', 'a"b', 'c\\d')), CONSTRAINT two CHECK (a LIKE 'x%' OR a REGEXP '^[a-z]+$'), CONSTRAINT three CHECK (length(a) > 0));

-- case: a column in a check goes
-- oneway
-- from
CREATE TABLE t (a int, b int, CONSTRAINT one CHECK (a > b), CONSTRAINT two CHECK (a > 0));
-- rows
INSERT INTO t VALUES (2, 1);
-- to
CREATE TABLE t (b int);

-- case: the type of a column in a check changes
-- from
CREATE TABLE t (a int, CONSTRAINT one CHECK (a > 0));
-- rows
INSERT INTO t VALUES (2);
-- to
CREATE TABLE t (a bigint NOT NULL, CONSTRAINT one CHECK (a > 0));

-- case: a check between new columns
-- from
CREATE TABLE t (id int);
-- rows
INSERT INTO t VALUES (2);
-- to
CREATE TABLE t (id int, a int DEFAULT 2, b int DEFAULT 1, CONSTRAINT one CHECK (a > b));

-- case: a check moves to another table
-- from
CREATE TABLE t (a int, CONSTRAINT one CHECK (a > 0));
CREATE TABLE u (a int);
-- to
CREATE TABLE t (a int);
CREATE TABLE u (a int, CONSTRAINT one CHECK (a > 0));

-- case: a check with the name of a foreign key
-- engines: mysql
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, KEY a (a), CONSTRAINT same CHECK (a > 0), CONSTRAINT same FOREIGN KEY (a) REFERENCES p (id));
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, KEY a (a), CONSTRAINT same FOREIGN KEY (a) REFERENCES p (id));

-- case: a text in a column that is computed from an older character set
-- from
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b varchar(30) GENERATED ALWAYS AS (concat(a, ' -')) VIRTUAL) DEFAULT CHARSET=utf8mb3;
-- rows
INSERT INTO t (id, a) VALUES (1, 'x');
-- to
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b varchar(30) GENERATED ALWAYS AS (concat(a, ' -')) VIRTUAL) DEFAULT CHARSET=utf8mb3;

-- case: expressions with letters that take four bytes
-- from
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) DEFAULT (concat('🦀', 'x')), CONSTRAINT one CHECK (a <> '🐚'));
-- rows
INSERT INTO t (id) VALUES (1);
-- to
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) DEFAULT (concat('🐙', 'x')), b varchar(30) GENERATED ALWAYS AS (concat(a, '🐳')) STORED, CONSTRAINT one CHECK (a <> '🐌'));

-- case: rows without a value get a default that the check of before would not take
-- engines: mysql
-- expect: MODIFY COLUMN `a` int DEFAULT '10',
-- from
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT c CHECK (a < 5 OR a IS NULL));
-- to
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 10, CONSTRAINT c CHECK (a > 5));
