-- case: columns are added at the end, in the middle and in front
-- from
CREATE TABLE t (id int PRIMARY KEY, b int);
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (z varchar(10), id int PRIMARY KEY, a int NOT NULL, b int, c text);

-- case: columns are dropped
-- oneway
-- from
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10) NOT NULL, c int, KEY a_c (a, c));
-- rows
INSERT INTO t VALUES (1, 2, 'x', 3);
-- to
CREATE TABLE t (id int PRIMARY KEY, c int);

-- case: columns change places
-- expect: AFTER
-- from
CREATE TABLE t (a int, b int, c int, d int);
-- rows
INSERT INTO t VALUES (1, 2, 3, 4);
-- to
CREATE TABLE t (b int, c int, d int, a int);

-- case: all columns are turned round
-- from
CREATE TABLE t (a int, b int, c int, d int, e int);
-- rows
INSERT INTO t VALUES (1, 2, 3, 4, 5);
-- to
CREATE TABLE t (e int, d int, c int, b int, a int);

-- case: places, types and new columns at once
-- from
CREATE TABLE t (a int, b int, c int, d int);
-- rows
INSERT INTO t VALUES (1, 2, 3, 4);
-- to
CREATE TABLE t (d bigint, x int DEFAULT 7, c int, a int unsigned NOT NULL DEFAULT 0, b int);

-- case: number types grow
-- changes: t.d
-- changes: t.f
-- from
CREATE TABLE t (a tinyint, b smallint unsigned, c int, d decimal(5,2), e float, f int(5) zerofill);
-- rows
INSERT INTO t VALUES (1, 2, 3, 4.5, 1.5, 7);
-- to
CREATE TABLE t (a int, b int unsigned, c bigint, d decimal(10,4), e double, f int(8) zerofill);

-- case: text types change
-- from
CREATE TABLE t (a varchar(10), b text, c char(3), d tinytext, e varbinary(20), f blob);
-- rows
INSERT INTO t VALUES ('a', 'b', 'c', 'd', 'e', 'f');
-- to
CREATE TABLE t (a varchar(300), b mediumtext, c varchar(3), d longtext, e varbinary(40), f longblob);

-- case: times get fractions
-- changes: t.a
-- changes: t.b
-- changes: t.c
-- from
CREATE TABLE t (a datetime, b timestamp NULL, c time, d year);
-- rows
INSERT INTO t VALUES ('2020-01-02 03:04:05', '2020-01-02 03:04:05', '01:02:03', 2020);
-- to
CREATE TABLE t (a datetime(6), b timestamp(3) NULL, c time(2), d year);

-- case: a column becomes not null with a default for rows without a value
-- changes: t.a
-- oneway
-- expect: UPDATE
-- from
CREATE TABLE t (id int PRIMARY KEY, a int, at timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
-- rows
INSERT INTO t VALUES (1, NULL, '2020-01-01 00:00:00'), (2, 5, '2020-01-01 00:00:00');
-- to
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 3, at timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);

-- case: a column becomes not null and another type at once
-- changes: t.a
-- oneway
-- from
CREATE TABLE t (id int PRIMARY KEY, a int);
-- rows
INSERT INTO t VALUES (1, NULL), (2, 5);
-- to
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) NOT NULL DEFAULT 'none');

-- case: a column becomes nullable
-- from
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP);
-- rows
INSERT INTO t VALUES (1, 1, '2020-01-01 00:00:00');
-- to
CREATE TABLE t (id int PRIMARY KEY, a int NULL, b timestamp NULL DEFAULT CURRENT_TIMESTAMP);

-- case: not null columns without a default come to a table with rows
-- oneway
-- from
CREATE TABLE t (id int PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1), (2);
-- to
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b varchar(5) NOT NULL, c date NOT NULL, d datetime NOT NULL, e timestamp NOT NULL, f json NOT NULL, g enum('x','y') NOT NULL, h decimal(5,2) NOT NULL, i text NOT NULL, j time NOT NULL, k year NOT NULL, l binary(3) NOT NULL);

-- case: defaults of every kind
-- from
CREATE TABLE t (id int PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 5, b varchar(30) DEFAULT 'it''s "quoted" \\ here', c varchar(5) NOT NULL DEFAULT '', d decimal(5,2) DEFAULT 1.50, e bit(4) DEFAULT b'101', f datetime DEFAULT '2020-01-01 00:00:00', g date DEFAULT '2020-01-01', h binary(2) DEFAULT 'ab', i timestamp DEFAULT CURRENT_TIMESTAMP, j datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), k tinyint(1) DEFAULT true, l double DEFAULT 1e10, m varchar(10) DEFAULT 'NULL', n varchar(20) DEFAULT 'CURRENT_TIMESTAMP', o int DEFAULT -1, p enum('a','b''c') DEFAULT 'b''c', q set('x','y') DEFAULT 'x,y', r varchar(10) DEFAULT NULL, s varchar(20) DEFAULT 'a
b');

-- case: defaults change
-- from
CREATE TABLE t (a int DEFAULT 1, b varchar(10), c varchar(10) DEFAULT 'x', d int NOT NULL DEFAULT 0, e datetime DEFAULT CURRENT_TIMESTAMP);
-- rows
INSERT INTO t VALUES (1, 'b', 'c', 4, '2020-01-01 00:00:00');
-- to
CREATE TABLE t (a int DEFAULT 2, b varchar(10) DEFAULT 'y', c varchar(10), d int NOT NULL, e datetime DEFAULT NULL);

-- case: default expressions
-- from
CREATE TABLE t (id int PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (id int PRIMARY KEY, a varchar(36) DEFAULT (uuid()), b int DEFAULT (1 + 2), c json DEFAULT (json_array('it''s')), d text DEFAULT ('x'), e datetime DEFAULT (now() + INTERVAL 1 DAY), f varchar(20) DEFAULT (concat('a', '\\b')));

-- case: on update comes and goes
-- from
CREATE TABLE t (id int PRIMARY KEY, a timestamp NULL DEFAULT CURRENT_TIMESTAMP, b datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3));
-- rows
INSERT INTO t VALUES (1, '2020-01-01 00:00:00', '2020-01-01 00:00:00');
-- to
CREATE TABLE t (id int PRIMARY KEY, a timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, b datetime(3) DEFAULT CURRENT_TIMESTAMP(3));

-- case: auto increment comes and goes
-- from
CREATE TABLE a (id int NOT NULL PRIMARY KEY);
CREATE TABLE b (id int NOT NULL AUTO_INCREMENT PRIMARY KEY);
-- rows
INSERT INTO a VALUES (1), (2);
INSERT INTO b VALUES (1), (2);
-- to
CREATE TABLE a (id int NOT NULL AUTO_INCREMENT PRIMARY KEY);
CREATE TABLE b (id int NOT NULL PRIMARY KEY);

-- case: an auto increment key comes to a table without one
-- from
CREATE TABLE t (name varchar(10));
-- rows
INSERT INTO t VALUES ('a'), ('b');
-- to
CREATE TABLE t (id bigint unsigned NOT NULL AUTO_INCREMENT, name varchar(10), PRIMARY KEY (id));

-- case: comments of columns come, change and go
-- from
CREATE TABLE t (a int COMMENT 'one', b int, c int COMMENT 'three');
-- rows
INSERT INTO t VALUES (1, 2, 3);
-- to
CREATE TABLE t (a int COMMENT 'it''s another', b int COMMENT 'back\\slash; and "more"', c int);

-- case: labels of an enum come
-- from
CREATE TABLE t (a enum('x','y'), b set('p','q'));
-- rows
INSERT INTO t VALUES ('x', 'p,q');
-- to
CREATE TABLE t (a enum('x','z','y','w'), b set('p','q','r'));

-- case: a label of an enum goes and rows get the default
-- changes: t.a
-- oneway
-- changes: t.b
-- from
CREATE TABLE t (id int, a enum('x','y','z') NOT NULL DEFAULT 'x', b enum('x','y'), c enum('x','y') NOT NULL DEFAULT 'x');
-- rows
INSERT INTO t VALUES (1, 'z', 'x', 'x'), (2, 'y', 'y', 'y');
-- to
CREATE TABLE t (id int, a enum('x','y') NOT NULL DEFAULT 'x', b enum('x','y'), c enum('y','x') NOT NULL DEFAULT 'y');

-- case: a label that goes becomes null, or a default that is new
-- changes: t.a
-- changes: t.b
-- oneway
-- from
CREATE TABLE t (id int, a enum('x','y'), b enum('x','y') NOT NULL);
-- rows
INSERT INTO t VALUES (1, 'x', 'x'), (2, 'y', 'y');
-- to
CREATE TABLE t (id int, a enum('y'), b enum('y','z') NOT NULL DEFAULT 'z');

-- case: a text becomes an enum and back
-- from
CREATE TABLE t (a varchar(10), b enum('x','y'));
-- rows
INSERT INTO t VALUES ('x', 'y');
-- to
CREATE TABLE t (a enum('x','y'), b varchar(10));

-- case: columns computed when they are read
-- from
CREATE TABLE t (a int, b int AS (a + 1) VIRTUAL);
-- rows
INSERT INTO t (a) VALUES (1);
-- to
CREATE TABLE t (a int, b int AS (a + 2) VIRTUAL, c varchar(20) AS (concat('it''s ', a, '\\')) VIRTUAL COMMENT 'c');

-- case: columns computed and stored
-- from
CREATE TABLE t (a int, b int AS (a + 1) STORED);
-- rows
INSERT INTO t (a) VALUES (1);
-- to
CREATE TABLE t (a int, b int AS (a * 2) STORED, c int AS (b + a) STORED);

-- case: a computed column is stored and read with an index on it
-- from
CREATE TABLE t (a int, b int AS (a + 1) VIRTUAL, c int, d int AS (a + 3) STORED, KEY b (b), KEY d (d, c));
-- rows
INSERT INTO t (a, c) VALUES (1, 2);
-- to
CREATE TABLE t (a int, b int AS (a + 1) STORED, c int, d int AS (a + 3) VIRTUAL, KEY b (b), KEY d (d, c));

-- case: a computed column becomes one like any other
-- oneway
-- from
CREATE TABLE t (a int, b int AS (a + 1) STORED, c int AS (a + 2) VIRTUAL, d int);
-- rows
INSERT INTO t (a, d) VALUES (1, 2);
-- to
CREATE TABLE t (a int, b int, c int, d int);

-- case: a computed column becomes one like any other beside one that has the name of ours
-- oneway
-- from
CREATE TABLE t (a int, c int AS (a + 2) VIRTUAL, c__underpin int,
  a_long_name_of_a_column_of_which_there_are_several_more_1 int AS (a + 3) VIRTUAL,
  a_long_name_of_a_column_of_which_there_are_several_more_2 int AS (a + 4) VIRTUAL);
-- rows
INSERT INTO t (a, c__underpin) VALUES (1, 7);
-- to
CREATE TABLE t (a int, c int, c__underpin int,
  a_long_name_of_a_column_of_which_there_are_several_more_1 int,
  a_long_name_of_a_column_of_which_there_are_several_more_2 int);

-- case: a column becomes computed
-- oneway
-- changes: t.b
-- changes: t.c
-- from
CREATE TABLE t (a int, b int, c int);
-- rows
INSERT INTO t VALUES (1, 2, 3);
-- to
CREATE TABLE t (a int, b int AS (a + 1) STORED, c int AS (a + 1) VIRTUAL);

-- case: a computed column stands on another that is made anew
-- from
CREATE TABLE t (a int, b int AS (a + 1) VIRTUAL, c int AS (b + 1) VIRTUAL);
-- rows
INSERT INTO t (a) VALUES (1);
-- to
CREATE TABLE t (a int, b int AS (a + 1) STORED, c int AS (b + 1) VIRTUAL);

-- case: the column that another is computed from grows
-- from
CREATE TABLE t (a int, s varchar(10), b int AS (a + 1) STORED, l int AS (char_length(s)) VIRTUAL);
-- rows
INSERT INTO t (a, s) VALUES (1, 'x');
-- to
CREATE TABLE t (a bigint, s varchar(100), b int AS (a + 1) STORED, l int AS (char_length(s)) VIRTUAL);

-- case: invisible columns
-- from
CREATE TABLE t (a int, b int INVISIBLE, c int);
-- rows
INSERT INTO t (a, b, c) VALUES (1, 2, 3);
-- to
CREATE TABLE t (a int, b int, c int INVISIBLE, d int DEFAULT 5 INVISIBLE);

-- case: columns with a character set of their own
-- from
CREATE TABLE t (a varchar(10), b varchar(10) CHARACTER SET latin1, c varchar(10) COLLATE utf8mb4_bin, d text CHARACTER SET ascii);
-- rows
INSERT INTO t VALUES ('a', 'b', 'c', 'd');
-- to
CREATE TABLE t (a varchar(10) CHARACTER SET latin1 COLLATE latin1_bin, b varchar(10), c varchar(10), d text CHARACTER SET ascii COLLATE ascii_bin);

-- case: a system of coordinates
-- engines: mysql
-- from
CREATE TABLE t (id int, p point NOT NULL SRID 4326);
-- to
CREATE TABLE t (id int, p point NOT NULL SRID 0, q geometry SRID 4326);

-- case: shapes
-- from
CREATE TABLE t (id int, p point);
-- rows
INSERT INTO t VALUES (1, ST_GeomFromText('POINT(1 2)'));
-- to
CREATE TABLE t (id int, p geometry, q polygon, r linestring);

-- case: json columns
-- from
CREATE TABLE t (id int, a json);
-- rows
INSERT INTO t VALUES (1, '{"a": 1}');
-- to
CREATE TABLE t (id int, a json NOT NULL, b json);

-- case: a text becomes json
-- oneway
-- changes: t.a
-- from
CREATE TABLE t (id int, a text);
-- rows
INSERT INTO t VALUES (1, '{"a": 1}');
-- to
CREATE TABLE t (id int, a json);

-- case: a column is renamed where a person says so
-- renames: column t.b < a
-- expect: CHANGE COLUMN
-- from
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, KEY k (a));
-- rows
INSERT INTO t VALUES (1, 7);
-- to
CREATE TABLE t (id int PRIMARY KEY, b bigint NOT NULL, KEY k (b));

-- case: a renamed column stands in a check, an index and a computed column
-- renames: column t.b < a
-- from
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, c int AS (a + 1) STORED, KEY k (c, a), CONSTRAINT positive CHECK (a > 0));
-- rows
INSERT INTO t (id, a) VALUES (1, 7);
-- to
CREATE TABLE t (id int PRIMARY KEY, b int NOT NULL, c int AS (b + 1) STORED, KEY k (c, b), CONSTRAINT positive CHECK (b > 0));

-- case: two columns change names
-- renames: column t.a2 < a
-- renames: column t.b2 < b
-- from
CREATE TABLE t (a int, b varchar(3), c int);
-- rows
INSERT INTO t VALUES (1, 'b', 3);
-- to
CREATE TABLE t (c int, b2 varchar(3), a2 int);

-- case: names that need quotes
-- from
CREATE TABLE `order` (`select` int PRIMARY KEY, `a b` int, `c-d` int, KEY `key` (`a b`));
-- rows
INSERT INTO `order` VALUES (1, 2, 3);
-- to
CREATE TABLE `order` (`select` bigint PRIMARY KEY, `a b` int, `c-d` int NOT NULL DEFAULT 1, `für` int, KEY `key` (`c-d`), CONSTRAINT `a check` CHECK (`für` > `a b`));

-- case: numbers and texts change into each other
-- from
CREATE TABLE t (a int, b varchar(10), c date, d varchar(30));
-- rows
INSERT INTO t VALUES (1, '2', '2020-01-02', '2020-01-02 03:04:05');
-- to
CREATE TABLE t (a varchar(20), b int, c varchar(10), d datetime);

-- case: compressed columns
-- engines: mariadb
-- from
CREATE TABLE t (id int, a text);
-- rows
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (id int, a text COMPRESSED);

-- case: types of MariaDB
-- engines: mariadb
-- from
CREATE TABLE t (id int);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (id int, a inet6, b uuid DEFAULT uuid(), c inet4, d uuid NOT NULL);

-- case: a default that is the next value of a sequence
-- engines: mariadb
-- from
CREATE TABLE t (id int);
-- to
CREATE SEQUENCE s;
CREATE TABLE t (id int DEFAULT (NEXT VALUE FOR s), b int DEFAULT nextval(s));

-- case: defaults of bytes
-- engines: mysql
-- from
CREATE TABLE t (id int);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (id int, a binary(4) NOT NULL DEFAULT 0x0001, b varbinary(4) DEFAULT 0xff00, c varbinary(4) DEFAULT 'it''s', d binary(3) DEFAULT '', e varbinary(9) NOT NULL DEFAULT 0x00 COMMENT ' DEFAULT 1');

-- case: shapes that are never null come to a table with rows
-- from
CREATE TABLE t (id int);
-- rows
INSERT INTO t VALUES (1), (2);
-- to
CREATE TABLE t (id int, p point NOT NULL, q polygon NOT NULL, r linestring NOT NULL, s geometry NOT NULL, SPATIAL KEY one (p), SPATIAL KEY two (s));

-- case: defaults that the catalog has no letters for
-- from
CREATE TABLE t (id int PRIMARY KEY, a binary(4) DEFAULT 0x0107, b varbinary(8) DEFAULT 0xff27, c varchar(20) DEFAULT 'what?');
-- rows
INSERT INTO t (id) VALUES (1);
-- to
CREATE TABLE t (id int PRIMARY KEY, a binary(4) DEFAULT 0x0102, b varbinary(8) DEFAULT 0xfe27, c varchar(20) DEFAULT 'so 💩', d binary(3) DEFAULT 0xff01, e varchar(5) DEFAULT 'a\0\\?''');

-- case: the letters of a column in another case are the same column
-- from
CREATE TABLE t (Id int NOT NULL PRIMARY KEY, NAME varchar(10), n int, g int AS (n + 1) VIRTUAL, KEY by_name (NAME), CONSTRAINT few CHECK (n < 100));
-- rows
INSERT INTO t (Id, NAME, n) VALUES (1, 'a', 5), (2, 'b', 6);
-- to
CREATE TABLE t (id int NOT NULL PRIMARY KEY, Name varchar(20), N int, g int AS (N + 1) VIRTUAL, KEY by_name (Name), CONSTRAINT few CHECK (N < 100));

-- case: computed columns become plain beside others that are made anew
-- from
CREATE TABLE t (id int PRIMARY KEY, a int, v int AS (a * 2) VIRTUAL, s int AS (a + 1) STORED, n int, g int AS (a) VIRTUAL);
-- rows
INSERT INTO t (id, a, n) VALUES (1, 10, 3), (2, 20, 4);
-- to
CREATE TABLE t (id int PRIMARY KEY, a int, v int AS (a * 2) STORED, s int AS (a + 1) VIRTUAL, n int AS (a + 5) VIRTUAL, g int);

-- case: a column with a default that varies changes while another one comes
-- from
CREATE TABLE j (id int PRIMARY KEY, u varchar(36) DEFAULT (uuid()), note text);
-- rows
INSERT INTO j VALUES (1, 'a', 'b');
-- to
CREATE TABLE j (id int PRIMARY KEY, u varchar(40) DEFAULT (uuid()), x int, note text);

-- case: the times of rows stay when they get a value that varies, a shape, or one that was computed
-- from
CREATE TABLE t (id int PRIMARY KEY, u timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, k int AS (id + 1) VIRTUAL);
-- rows
INSERT INTO t (id, u) VALUES (1, '2001-01-01 00:00:00');
-- to
CREATE TABLE t (id int PRIMARY KEY, u timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, k int, c varchar(36) DEFAULT (uuid()), g point NOT NULL);

-- case: labels get another case, and rows keep them
-- changes: t.s
-- changes: t.x
-- avoid: UPDATE `t` SET `s` = 'off'
-- from
CREATE TABLE t (id int PRIMARY KEY, s enum('Active','off') NOT NULL DEFAULT 'off', x enum('A','b'));
-- rows
INSERT INTO t VALUES (1, 'Active', 'A'), (2, 'off', 'b');
-- to
CREATE TABLE t (id int PRIMARY KEY, s enum('active','off') NOT NULL DEFAULT 'off', x enum('a','c','b'));

-- case: a column begins to number rows, and one of them has zero
-- from
CREATE TABLE t (id int NOT NULL PRIMARY KEY, b varchar(5));
-- rows
INSERT INTO t VALUES (0, 'zero'), (1, 'one'), (7, 'x');
-- to
CREATE TABLE t (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, b varchar(5));

-- case: labels that are numbers become numbers, and numbers labels
-- from
CREATE TABLE t (id integer PRIMARY KEY, a enum('10','20') DEFAULT '20', b integer NOT NULL DEFAULT 2, c decimal(4,1));
-- rows
INSERT INTO t VALUES (1, '10', 1, 1.5);
-- to
CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 20, b enum('2','1') NOT NULL DEFAULT '2', c enum('0.5','1.5'));
