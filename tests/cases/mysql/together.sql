-- case: everything of a shop at once
-- oneway
-- from
CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, email varchar(100), name varchar(50), created timestamp NULL DEFAULT CURRENT_TIMESTAMP, KEY name (name));
CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, user_id int, total decimal(8,2), status enum('new','paid','void') DEFAULT 'new', KEY user_id (user_id), CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id));
CREATE TABLE legacy (id int, order_id int, CONSTRAINT legacy_order FOREIGN KEY (order_id) REFERENCES orders (id));
CREATE VIEW totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id;
CREATE TRIGGER orders_insert BEFORE INSERT ON orders FOR EACH ROW SET NEW.total = coalesce(NEW.total, 0);
-- rows
INSERT INTO users (email, name) VALUES ('a@b', 'A'), ('c@d', 'C');
INSERT INTO orders (user_id, total, status) VALUES (1, 5, 'new'), (2, 7, 'paid');
INSERT INTO legacy VALUES (1, 1);
-- to
CREATE TABLE users (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, email varchar(255) NOT NULL, display_name varchar(50), created timestamp NULL DEFAULT CURRENT_TIMESTAMP, UNIQUE KEY email (email)) COMMENT 'people';
CREATE TABLE orders (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, user_id bigint unsigned NOT NULL, status enum('new','paid','shipped') NOT NULL DEFAULT 'new', total decimal(10,2) NOT NULL DEFAULT 0, note text, KEY user_status (user_id, status), CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE, CONSTRAINT total_positive CHECK (total >= 0));
CREATE TABLE items (order_id bigint unsigned NOT NULL, line int NOT NULL, sku varchar(20) NOT NULL, PRIMARY KEY (order_id, line), CONSTRAINT items_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE);
CREATE VIEW totals AS SELECT user_id, sum(total) AS total, count(*) AS n FROM orders GROUP BY user_id;
CREATE VIEW big AS SELECT * FROM totals WHERE total > 100;
CREATE TRIGGER orders_insert BEFORE INSERT ON orders FOR EACH ROW SET NEW.note = coalesce(NEW.note, '');

-- case: a table with an index of a name that a foreign key gets
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, b int, KEY fk (b));
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, b int, KEY fk (a), CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id));

-- case: a foreign key moves to another column
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, b int, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id));
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, b int, CONSTRAINT fk FOREIGN KEY (b) REFERENCES p (id));

-- case: a unique key takes over for the index of a foreign key
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id));
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, UNIQUE KEY u (a), CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id));

-- case: a table of a foreign key becomes divided when the key is gone
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id));
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, KEY fk (a)) PARTITION BY HASH (id) PARTITIONS 2;

-- case: the engine of tables with a key between them
-- oneway
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id));
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (id int PRIMARY KEY) ENGINE=MyISAM;
CREATE TABLE c (id int PRIMARY KEY, a int, KEY fk (a)) ENGINE=MyISAM;

-- case: a column in a foreign key, a check and an index goes
-- oneway
-- from
CREATE TABLE p (id int PRIMARY KEY, x int, UNIQUE KEY x (x));
CREATE TABLE c (id int PRIMARY KEY, a int, b int, KEY ab (a, b), CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (x));
-- rows
INSERT INTO p VALUES (1, 1);
INSERT INTO c VALUES (1, 1, 1);
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, b int, KEY ab (b));

-- case: tables swap names of their constraints
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE a (id int PRIMARY KEY, x int, CONSTRAINT one FOREIGN KEY (x) REFERENCES p (id), CONSTRAINT c1 CHECK (x > 0));
CREATE TABLE b (id int PRIMARY KEY, x int, CONSTRAINT two FOREIGN KEY (x) REFERENCES p (id), CONSTRAINT c2 CHECK (x > 1));
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE a (id int PRIMARY KEY, x int, CONSTRAINT two FOREIGN KEY (x) REFERENCES p (id), CONSTRAINT c2 CHECK (x > 1));
CREATE TABLE b (id int PRIMARY KEY, x int, CONSTRAINT one FOREIGN KEY (x) REFERENCES p (id), CONSTRAINT c1 CHECK (x > 0));

-- case: a self-referring table grows its key
-- from
CREATE TABLE t (id int PRIMARY KEY, parent int, CONSTRAINT fk FOREIGN KEY (parent) REFERENCES t (id) ON DELETE SET NULL);
-- rows
INSERT INTO t VALUES (1, NULL), (2, 1);
-- to
CREATE TABLE t (id bigint PRIMARY KEY, parent bigint, CONSTRAINT fk FOREIGN KEY (parent) REFERENCES t (id) ON DELETE SET NULL);

-- case: a composite key over a column that a foreign key needs
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b), CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id));
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (a int NOT NULL, b int NOT NULL, PRIMARY KEY (b, a), KEY fk (a), CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id));

-- case: a computed column in a key and a check is stored from now on
-- from
CREATE TABLE t (a int, b int AS (a + 1) VIRTUAL, UNIQUE KEY u (b), CONSTRAINT ck CHECK (b > 0));
-- rows
INSERT INTO t (a) VALUES (1);
-- to
CREATE TABLE t (a int, b int AS (a + 1) STORED, UNIQUE KEY u (b), CONSTRAINT ck CHECK (b > 0));
