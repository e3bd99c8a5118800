-- case: a primary key comes
-- from
CREATE TABLE t (id int, a int);
-- rows
INSERT INTO t VALUES (1, 1), (2, 2);
-- to
CREATE TABLE t (id int NOT NULL, a int, PRIMARY KEY (id));

-- case: a primary key goes
-- from
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int);
-- rows
INSERT INTO t VALUES (1, 1), (2, 2);
-- to
CREATE TABLE t (id int NOT NULL, a int);

-- case: a primary key is over other columns
-- from
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);
-- rows
INSERT INTO t VALUES (1, 1), (2, 2);
-- to
CREATE TABLE t (id int NOT NULL, a int NOT NULL, PRIMARY KEY (a, id));

-- case: the counter moves to another key
-- from
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int NOT NULL);
-- rows
INSERT INTO t VALUES (1, 1), (2, 2);
-- to
CREATE TABLE t (id int NOT NULL, a int NOT NULL AUTO_INCREMENT, PRIMARY KEY (id), UNIQUE KEY a (a));

-- case: the counter's key is a plain one
-- from
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int NOT NULL);
-- rows
INSERT INTO t VALUES (1, 1), (2, 2);
-- to
CREATE TABLE t (id int NOT NULL AUTO_INCREMENT, a int NOT NULL, PRIMARY KEY (a), KEY id (id));

-- case: a primary key over a prefix and in falling order
-- from
CREATE TABLE t (a varchar(100) NOT NULL, b int NOT NULL, PRIMARY KEY (a(10)));
-- rows
INSERT INTO t VALUES ('x', 1);
-- to
CREATE TABLE t (a varchar(100) NOT NULL, b int NOT NULL, PRIMARY KEY (b DESC, a(20)) COMMENT 'k');

-- case: the column of a primary key goes
-- oneway
-- from
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);
-- rows
INSERT INTO t VALUES (1, 1), (2, 2);
-- to
CREATE TABLE t (a int NOT NULL PRIMARY KEY);

-- case: a unique key comes, changes and goes
-- from
CREATE TABLE t (a int, b int, c int, UNIQUE KEY u1 (a), UNIQUE KEY u2 (b));
-- rows
INSERT INTO t VALUES (1, 2, 3), (4, 5, 6);
-- to
CREATE TABLE t (a int, b int, c int, UNIQUE KEY u2 (b, c), UNIQUE KEY u3 (c), UNIQUE KEY c (a));

-- case: a unique key becomes a plain one
-- from
CREATE TABLE t (a int, b int, UNIQUE KEY u (a), KEY k (b));
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (a int, b int, KEY u (a), UNIQUE KEY k (b));

-- case: rows begin and cease to be numbered where foreign keys refer to them
-- from
CREATE TABLE a (id integer AUTO_INCREMENT PRIMARY KEY);
CREATE TABLE b (a integer, FOREIGN KEY (a) REFERENCES a (id));
CREATE TABLE c (id integer PRIMARY KEY);
CREATE TABLE d (c integer, FOREIGN KEY (c) REFERENCES c (id));
-- rows
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (1);
INSERT INTO c VALUES (1);
INSERT INTO d VALUES (1);
-- to
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (a integer, FOREIGN KEY (a) REFERENCES a (id));
CREATE TABLE c (id integer AUTO_INCREMENT PRIMARY KEY);
CREATE TABLE d (c integer, FOREIGN KEY (c) REFERENCES c (id));
