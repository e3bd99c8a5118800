-- case: a trigger comes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (what TEXT);
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (what TEXT);
CREATE TRIGGER t_log AFTER UPDATE OF a ON t FOR EACH ROW WHEN new.a <> old.a BEGIN INSERT INTO log VALUES (new.a); DELETE FROM log WHERE what IS NULL; END;

-- case: a trigger changes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET a = 'x' WHERE id = new.id; END;
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER x BEFORE INSERT ON t BEGIN SELECT CASE WHEN new.a = '' THEN RAISE (ABORT, 'empty; really') END; END;

-- case: a trigger survives a rebuild and does not fire
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (what TEXT);
CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('in ' || new.id); END;
CREATE TRIGGER y AFTER DELETE ON t BEGIN INSERT INTO log VALUES ('out ' || old.id); END;
-- rows
INSERT INTO t VALUES (1, '1'), (2, '2');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
CREATE TABLE log (what TEXT);
CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('in ' || new.id); END;
CREATE TRIGGER y AFTER DELETE ON t BEGIN INSERT INTO log VALUES ('out ' || old.id); END;

-- case: a trigger elsewhere names the table that is made anew
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY);
CREATE TRIGGER x AFTER INSERT ON u BEGIN UPDATE t SET a = new.id; END;
-- rows
INSERT INTO t VALUES (1, '1');
INSERT INTO u VALUES (7);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
CREATE TABLE u (id INTEGER PRIMARY KEY);
CREATE TRIGGER x AFTER INSERT ON u BEGIN UPDATE t SET a = new.id; END;

-- case: a view that changes keeps its triggers
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id FROM t;
CREATE TRIGGER x INSTEAD OF INSERT ON v BEGIN INSERT INTO t (id) VALUES (new.id); END;
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE TRIGGER x INSTEAD OF INSERT ON v BEGIN INSERT INTO t (id) VALUES (new.id); END;

-- case: a view and its trigger go
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id FROM t;
CREATE TRIGGER x INSTEAD OF DELETE ON v BEGIN DELETE FROM t WHERE id = old.id; END;
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);

-- case: a column that a trigger names goes with it
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TRIGGER x AFTER UPDATE OF b ON t BEGIN UPDATE t SET a = new.b WHERE id = new.id; END;
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);

-- case: a trigger moves to another table
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE TABLE u (id INTEGER PRIMARY KEY);
CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END;
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE TABLE u (id INTEGER PRIMARY KEY);
CREATE TRIGGER x AFTER INSERT ON u BEGIN SELECT 1; END;

-- case: how a trigger is written is no difference
-- oneway
-- avoid: TRIGGER
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE TRIGGER IF NOT EXISTS x AFTER INSERT ON "t"
BEGIN
  SELECT 1; -- nothing
END;
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY);
create trigger [x] AFTER INSERT ON t BEGIN SELECT 1; END;

-- case: a trigger names a table in another case
-- from
CREATE TABLE Orders (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER x AFTER INSERT ON orders BEGIN UPDATE ORDERS SET a = 'x'; END;
-- rows
INSERT INTO Orders VALUES (1, '1');
-- to
CREATE TABLE Orders (id INTEGER PRIMARY KEY, a INT);
CREATE TRIGGER x AFTER INSERT ON orders BEGIN UPDATE ORDERS SET a = 'x'; END;

-- case: a trigger that writes to what is not there is out of the way of a column that goes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY);
CREATE TRIGGER x AFTER INSERT ON u BEGIN UPDATE OR IGNORE nowhere SET a = 1; END;
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY);
CREATE TRIGGER x AFTER INSERT ON u BEGIN UPDATE OR IGNORE nowhere SET a = 1; END;

-- case: a text in double quotes in a trigger and another table
-- renames: column t.c < b
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, d TEXT);
CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = "gone" WHERE a = "b2"; END;
-- rows
INSERT INTO t VALUES (1, 'x', 'y', 'z');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c TEXT);
CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = "gone" WHERE a = "b2"; END;
