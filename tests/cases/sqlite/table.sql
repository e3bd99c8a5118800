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
