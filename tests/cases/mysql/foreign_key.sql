-- case: a foreign key comes
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int);
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));

-- case: actions of foreign keys
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (a int, b int, d int, e int, CONSTRAINT one FOREIGN KEY (a) REFERENCES p (id), CONSTRAINT two FOREIGN KEY (b) REFERENCES p (id) ON DELETE CASCADE, CONSTRAINT three FOREIGN KEY (d) REFERENCES p (id) ON DELETE RESTRICT ON UPDATE NO ACTION);
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1, 1);
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (a int, b int, d int, e int, CONSTRAINT one FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE, CONSTRAINT two FOREIGN KEY (b) REFERENCES p (id), CONSTRAINT three FOREIGN KEY (d) REFERENCES p (id) ON DELETE NO ACTION ON UPDATE RESTRICT);

-- case: a foreign key without a name
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, FOREIGN KEY (a) REFERENCES p (id));
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, b int, FOREIGN KEY (b) REFERENCES p (id) ON DELETE CASCADE);

-- case: a foreign key goes and its index with it
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int);

-- case: a foreign key goes and its index stays
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, KEY c_a (a));

-- case: a foreign key gets an index of its own
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, KEY mine (a, id), CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));

-- case: a foreign key keeps its index beside another one
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, b int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, b int, KEY c_a (a), KEY more (a, b), CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));

-- case: a column under a foreign key grows on both sides
-- from
CREATE TABLE p (id int AUTO_INCREMENT PRIMARY KEY);
CREATE TABLE c (id int AUTO_INCREMENT PRIMARY KEY, p int NOT NULL, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE);
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (id bigint unsigned AUTO_INCREMENT PRIMARY KEY);
CREATE TABLE c (id bigint AUTO_INCREMENT PRIMARY KEY, p bigint unsigned NOT NULL, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE);

-- case: a column under a foreign key may be null no longer
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id) ON DELETE SET NULL);
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int NOT NULL, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE);

-- case: the key that is referred to is another one
-- from
CREATE TABLE p (id int PRIMARY KEY, code int NOT NULL, UNIQUE KEY code (code));
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (code));
-- rows
INSERT INTO p VALUES (1, 1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (id int PRIMARY KEY, code int NOT NULL, UNIQUE KEY code2 (code));
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (code));

-- case: the primary key under a foreign key moves
-- engines: mariadb
-- from
CREATE TABLE p (id int PRIMARY KEY, a int NOT NULL);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));
-- rows
INSERT INTO p VALUES (1, 1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (id int NOT NULL, a int NOT NULL, PRIMARY KEY (id, a));
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));

-- case: tables that refer to each other come
-- from
CREATE TABLE x (id int);
-- to
CREATE TABLE a (id int PRIMARY KEY, b int);
CREATE TABLE b (id int PRIMARY KEY, a int, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b (id);
CREATE TABLE x (id int PRIMARY KEY, up int, CONSTRAINT x_up FOREIGN KEY (up) REFERENCES x (id) ON DELETE CASCADE);

-- case: tables that refer to each other go
-- from
CREATE TABLE a (id int PRIMARY KEY, b int);
CREATE TABLE b (id int PRIMARY KEY, a int, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b (id);
CREATE TABLE c (id int PRIMARY KEY, b int, CONSTRAINT c_b FOREIGN KEY (b) REFERENCES b (id));
-- rows
INSERT INTO a VALUES (1, NULL);
INSERT INTO b VALUES (1, 1);
UPDATE a SET b = 1;
-- to
CREATE TABLE x (id int);

-- case: a chain of tables comes in the order of its keys
-- from
CREATE TABLE z (id int PRIMARY KEY);
-- to
CREATE TABLE z (id int PRIMARY KEY);
CREATE TABLE y (id int PRIMARY KEY, CONSTRAINT yz FOREIGN KEY (id) REFERENCES z (id));
CREATE TABLE a (id int PRIMARY KEY, CONSTRAINT ay FOREIGN KEY (id) REFERENCES y (id));

-- case: the table that was referred to goes
-- oneway
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE c (id int PRIMARY KEY, p int);

-- case: a key refers to another table
-- oneway
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE q (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));
-- rows
INSERT INTO p VALUES (1);
INSERT INTO q VALUES (1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE q (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES q (id));

-- case: a key over several columns
-- from
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE c (id int PRIMARY KEY, a int, b int);
-- to
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE c (id int PRIMARY KEY, a int, b int, CONSTRAINT ab FOREIGN KEY (a, b) REFERENCES p (a, b) ON UPDATE CASCADE);

-- case: a column and its key go together
-- oneway
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY);

-- case: a column with its key comes to a table with rows
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY);
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1);
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int NOT NULL DEFAULT 1, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));

-- case: the index that the server made for a foreign key keeps its name
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, b int, FOREIGN KEY (a) REFERENCES p (id), FOREIGN KEY (b) REFERENCES p (id));
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, b int, FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE, FOREIGN KEY (b) REFERENCES p (id));

-- case: a second foreign key over the same column
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE q (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT one FOREIGN KEY (a) REFERENCES p (id));
-- rows
INSERT INTO p VALUES (1);
INSERT INTO q VALUES (1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE q (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, KEY one (a), CONSTRAINT one FOREIGN KEY (a) REFERENCES p (id), CONSTRAINT two FOREIGN KEY (a) REFERENCES q (id));

-- case: the index under a foreign key is renamed
-- expect: RENAME INDEX
-- avoid: FOREIGN KEY
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, KEY i_a (a), CONSTRAINT c_p FOREIGN KEY (a) REFERENCES p (id));
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, KEY by_a (a), CONSTRAINT c_p FOREIGN KEY (a) REFERENCES p (id));

-- case: the index under a foreign key that changes is renamed
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_p FOREIGN KEY (a) REFERENCES p (id));
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, KEY by_a (a), CONSTRAINT c_p FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE);

-- case: foreign keys to tables that are not there
-- from
CREATE TABLE c (id int PRIMARY KEY, a int, KEY a (a));
-- rows
INSERT INTO c VALUES (1, NULL);
-- to
SET SESSION foreign_key_checks = 0;
CREATE TABLE c (id int PRIMARY KEY, a int, KEY a (a), CONSTRAINT c_p FOREIGN KEY (a) REFERENCES missing (id));
CREATE TABLE d (id int PRIMARY KEY, a int, KEY a (a), CONSTRAINT d_p FOREIGN KEY (a) REFERENCES missing (id));
SET SESSION foreign_key_checks = DEFAULT;

-- case: a column gets another name that a foreign key points at, and another one its type
-- renames: column p.ident < id
-- from
CREATE TABLE p (id int PRIMARY KEY, x int);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));
-- rows
INSERT INTO p VALUES (1, 2);
INSERT INTO c VALUES (1, 1);
-- to
CREATE TABLE p (ident int PRIMARY KEY, x bigint);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (ident));

-- case: a column gets another name that a foreign key is of, and a check comes
-- renames: column c.p_id < p
-- from
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, n int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));
-- rows
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 2);
-- to
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p_id int, n int, CONSTRAINT c_n CHECK (n > 0), CONSTRAINT c_p FOREIGN KEY (p_id) REFERENCES p (id));
