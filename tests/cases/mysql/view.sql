-- case: a view comes, changes and goes
-- from
CREATE TABLE t (a int, b varchar(10));
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT b FROM t;
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (a int, b varchar(10));
CREATE VIEW v AS SELECT a, upper(b) AS u FROM t WHERE a > 0;
CREATE VIEW x AS SELECT count(*) AS n FROM t;

-- case: views stand on views
-- from
CREATE TABLE t (a int);
-- to
CREATE TABLE t (a int);
CREATE VIEW z AS SELECT a FROM t;
CREATE VIEW m AS SELECT a + 1 AS b FROM z;
CREATE VIEW a AS SELECT m.b, z.a FROM m JOIN z ON z.a = m.b;

-- case: views stand on views the other way round
-- from
CREATE TABLE t (a int);
CREATE VIEW a AS SELECT a FROM t;
CREATE VIEW b AS SELECT a FROM a;
-- to
CREATE TABLE t (a int);
CREATE VIEW b AS SELECT a FROM t;
CREATE VIEW a AS SELECT a FROM b;

-- case: the options of a view
-- from
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t WHERE a > 0;
CREATE ALGORITHM=TEMPTABLE VIEW w AS SELECT a FROM t;
CREATE SQL SECURITY INVOKER VIEW x AS SELECT a FROM t;
-- to
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t WHERE a > 0 WITH CASCADED CHECK OPTION;
CREATE ALGORITHM=MERGE VIEW w AS SELECT a FROM t WHERE a > 1 WITH LOCAL CHECK OPTION;
CREATE VIEW x AS SELECT a FROM t;

-- case: a table under a view changes
-- from
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT * FROM t;
CREATE VIEW w AS SELECT a FROM v;
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (a bigint, b int, c varchar(5));
CREATE VIEW v AS SELECT * FROM t;
CREATE VIEW w AS SELECT a, c FROM v;

-- case: a view takes the place of a table and a table that of a view
-- oneway
-- from
CREATE TABLE t (a int);
CREATE TABLE one (a int);
CREATE VIEW two AS SELECT a FROM t;
-- to
CREATE TABLE t (a int);
CREATE VIEW one AS SELECT a FROM t;
CREATE TABLE two (a int);

-- case: a view whose table goes
-- from
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE VIEW v AS SELECT t.a FROM t JOIN u ON t.a = u.a;
-- to
CREATE TABLE u (a int);
CREATE VIEW v AS SELECT a FROM u;

-- case: a view over functions and texts
-- from
CREATE TABLE t (a int, b varchar(20), c datetime);
-- to
CREATE TABLE t (a int, b varchar(20), c datetime);
CREATE FUNCTION f (x int) RETURNS int DETERMINISTIC RETURN x + 1;
CREATE VIEW v AS SELECT f(a) AS g, concat(b, 'it''s', '`x`.y', "q") AS h, CASE WHEN a > 1 THEN 'one' ELSE 'two' END AS i, date_format(c, '%Y-%m') AS j, count(*) AS n FROM t WHERE b LIKE 'a%' AND a IN (1, 2) GROUP BY a, b, c HAVING count(*) > 1 ORDER BY a DESC LIMIT 10;

-- case: a view over joins, unions and subqueries
-- from
CREATE TABLE t (id int, a int);
CREATE TABLE u (id int, t int);
-- to
CREATE TABLE t (id int, a int);
CREATE TABLE u (id int, t int);
CREATE VIEW v AS SELECT x.a, (SELECT max(u.id) FROM u WHERE u.t = x.id) AS m FROM t x LEFT JOIN u ON u.t = x.id UNION ALL SELECT id, t FROM u;
CREATE VIEW w (p, q) AS SELECT d.id, d.n FROM (SELECT id, count(*) AS n FROM t GROUP BY id) d;
CREATE VIEW y AS WITH c AS (SELECT a FROM t) SELECT a FROM c;

-- case: a view that has become invalid
-- oneway
-- from
CREATE TABLE t (a int);
CREATE TABLE gone (a int);
CREATE VIEW v AS SELECT a FROM gone;
DROP TABLE gone;
-- to
CREATE TABLE t (a int, b int);

-- case: tables with commas between them, which the server writes as joins
-- from
CREATE TABLE a (id int PRIMARY KEY, b_id int);
CREATE TABLE b (id int PRIMARY KEY, n varchar(10));
CREATE VIEW v AS SELECT a.id FROM a;
-- rows
INSERT INTO a VALUES (1, 1);
-- to
CREATE TABLE a (id int PRIMARY KEY, b_id int);
CREATE TABLE b (id int PRIMARY KEY, n varchar(10));
CREATE VIEW v AS SELECT a.id, b.n FROM a, b WHERE a.b_id = b.id;
CREATE VIEW w AS SELECT v.n FROM v, a, b AS c WHERE v.id = a.id WITH LOCAL CHECK OPTION;

-- case: a literal in a character set of its own
-- from
CREATE TABLE t (id int PRIMARY KEY);
-- to
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT _latin1'abc' AS word, _utf8mb4'x' AS other FROM t;
