-- case: nothing differs
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'x');
-- rows
INSERT INTO t (id) VALUES (1), (2);
-- to
create table t (id INTEGER PRIMARY KEY,
  name TEXT NOT NULL DEFAULT 'x');

-- case: a table is made and another dropped
-- from
CREATE TABLE a (id INTEGER PRIMARY KEY);
-- to
CREATE TABLE b (id INTEGER PRIMARY KEY);

-- case: a table whose name has a blank names itself and is made anew
-- from
CREATE TABLE "my t" (id INTEGER PRIMARY KEY, a INT, CHECK ("my t".a > 0));
-- rows
INSERT INTO "my t" VALUES (1, 2);
-- to
CREATE TABLE "my t" (id INTEGER PRIMARY KEY, a INT NOT NULL, CHECK ("my t".a > 0));
