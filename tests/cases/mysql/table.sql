-- case: a table is made and another dropped
-- from
CREATE TABLE a (id integer PRIMARY KEY);
-- to
CREATE TABLE b (id integer PRIMARY KEY);
