-- case: sequences come, change and go
-- from
CREATE SEQUENCE gone;
CREATE SEQUENCE s;
-- to
CREATE SEQUENCE s AS integer INCREMENT BY 5 MINVALUE 10 MAXVALUE 1000 START WITH 20 CACHE 7 CYCLE;
CREATE SEQUENCE new START WITH 100;
COMMENT ON SEQUENCE new IS 'new';

-- case: a sequence that counts down
-- from
CREATE SEQUENCE s;
-- to
CREATE SEQUENCE s INCREMENT BY -1 MINVALUE -100 MAXVALUE 100 START WITH 50;
CREATE SEQUENCE t INCREMENT BY -1;

-- case: a sequence gets another owner
-- from
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY);
CREATE SEQUENCE s OWNED BY a.id;
-- to
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY);
CREATE SEQUENCE s OWNED BY b.id;

-- case: a sequence outlives its owner
-- loses: a
-- from
CREATE TABLE a (id integer PRIMARY KEY);
CREATE SEQUENCE s OWNED BY a.id;
-- rows
INSERT INTO a VALUES (1);
-- to
CREATE SEQUENCE s;

-- case: a table goes with its sequence
-- from
CREATE TABLE t (id serial PRIMARY KEY);
CREATE TABLE u (id bigserial PRIMARY KEY, v integer GENERATED ALWAYS AS IDENTITY);
-- to

-- case: a default uses a sequence that is nobody's
-- from
CREATE TABLE t (id integer PRIMARY KEY);
-- rows
INSERT INTO t VALUES (3);
-- to
CREATE SEQUENCE numbers;
CREATE TABLE t (id integer PRIMARY KEY DEFAULT nextval('numbers'));

-- case: a default no longer uses a sequence
-- from
CREATE SEQUENCE numbers;
CREATE TABLE t (id integer PRIMARY KEY DEFAULT nextval('numbers'), b text DEFAULT 'a' || nextval('numbers'));
-- rows
INSERT INTO t VALUES (3);
-- to
CREATE TABLE t (id integer PRIMARY KEY DEFAULT 4, b text);

-- case: a sequence that is not logged
-- since: 15
-- from
CREATE UNLOGGED SEQUENCE a;
CREATE SEQUENCE b;
-- to
CREATE SEQUENCE a;
CREATE UNLOGGED SEQUENCE b;
