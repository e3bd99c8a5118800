-- case: a sequence comes, changes and goes
-- engines: mariadb
-- from
CREATE SEQUENCE one;
CREATE SEQUENCE two START WITH 5 INCREMENT BY 2 MAXVALUE 100 CYCLE;
-- to
CREATE SEQUENCE two START WITH 5 INCREMENT BY 3 MINVALUE 2 MAXVALUE 1000 CACHE 20;
CREATE SEQUENCE three START WITH -1 INCREMENT BY -1;

-- case: a sequence behind a default
-- engines: mariadb
-- from
CREATE TABLE t (id int, a int);
-- rows
INSERT INTO t VALUES (1, 1);
-- to
CREATE SEQUENCE s;
CREATE TABLE t (id int DEFAULT nextval(s), a int);

-- case: a sequence with another engine
-- engines: mariadb
-- from
CREATE SEQUENCE s ENGINE=Aria;
CREATE SEQUENCE z;
-- to
CREATE SEQUENCE s;
CREATE SEQUENCE z ENGINE=MyISAM;
