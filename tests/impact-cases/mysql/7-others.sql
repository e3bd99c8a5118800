-- title: Views and triggers
-- schema
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE u (id int PRIMARY KEY, a int);
CREATE TRIGGER t_b BEFORE INSERT ON t FOR EACH ROW SET NEW.a = NEW.a;
CREATE VIEW v AS SELECT id, a FROM u;
-- case: a trigger
-- locks
CREATE TRIGGER t_c BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 1
-- case: drop a trigger
-- locks
DROP TRIGGER t_b
-- case: a view
-- locks
CREATE VIEW w AS SELECT id FROM u
-- case: another view in place of one
-- locks
CREATE OR REPLACE VIEW v AS SELECT id FROM u
-- case: alter a view
-- locks
ALTER VIEW v AS SELECT id FROM u
-- case: drop a view
-- locks
DROP VIEW v
-- case: rename a view
-- locks
RENAME TABLE v TO w
