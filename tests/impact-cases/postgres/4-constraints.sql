-- title: Constraints
-- schema
CREATE DOMAIN word AS text;
CREATE TABLE p (id int PRIMARY KEY, code int UNIQUE);
CREATE TABLE t (id int PRIMARY KEY, a int, n int NOT NULL, p_id int, w word, r int4range);
CREATE TABLE k (a int, n int NOT NULL);
CREATE TABLE c (id int PRIMARY KEY, p_id int CONSTRAINT c_p REFERENCES p);
INSERT INTO p SELECT g, g FROM generate_series(1, 20) g;
INSERT INTO t SELECT g, g, g, g, g, int4range(g, g + 1) FROM generate_series(1, 20) g;
INSERT INTO k SELECT g, g FROM generate_series(1, 20) g;
INSERT INTO c SELECT g, g FROM generate_series(1, 20) g;
-- case: a check
ALTER TABLE t ADD CONSTRAINT q CHECK (a > 0)
-- case: a check, not validated
ALTER TABLE t ADD CONSTRAINT q CHECK (a > 0) NOT VALID
-- case: validate a check
-- also
ALTER TABLE t ADD CONSTRAINT q CHECK (a > 0) NOT VALID;
-- run
ALTER TABLE t VALIDATE CONSTRAINT q
-- case: validate a check again
-- also
ALTER TABLE t ADD CONSTRAINT q CHECK (a > 0);
-- run
ALTER TABLE t VALIDATE CONSTRAINT q
-- case: a foreign key
ALTER TABLE t ADD CONSTRAINT q FOREIGN KEY (p_id) REFERENCES p
-- case: a foreign key, not validated
ALTER TABLE t ADD CONSTRAINT q FOREIGN KEY (p_id) REFERENCES p NOT VALID
-- case: validate a foreign key
-- also
ALTER TABLE t ADD CONSTRAINT q FOREIGN KEY (p_id) REFERENCES p NOT VALID;
-- run
ALTER TABLE t VALIDATE CONSTRAINT q
-- case: a foreign key, not enforced
-- since: 18
ALTER TABLE t ADD CONSTRAINT q FOREIGN KEY (p_id) REFERENCES p NOT ENFORCED
-- case: enforce a foreign key
-- since: 18
-- also
ALTER TABLE t ADD CONSTRAINT q FOREIGN KEY (p_id) REFERENCES p NOT ENFORCED;
-- run
ALTER TABLE t ALTER CONSTRAINT q ENFORCED
-- case: a check, not enforced
-- since: 18
ALTER TABLE t ADD CONSTRAINT q CHECK (a > 0) NOT ENFORCED
-- case: a foreign key that is checked at the end
ALTER TABLE c ALTER CONSTRAINT c_p DEFERRABLE
-- case: drop a foreign key
ALTER TABLE c DROP CONSTRAINT c_p
-- case: drop a check
-- also
ALTER TABLE t ADD CONSTRAINT q CHECK (a > 0);
-- run
ALTER TABLE t DROP CONSTRAINT q
-- case: drop a key
ALTER TABLE t DROP CONSTRAINT t_pkey
-- case: drop a key that others refer to
ALTER TABLE p DROP CONSTRAINT p_pkey CASCADE
-- case: drop a key of a table that others refer to by another
ALTER TABLE p DROP CONSTRAINT p_code_key
-- case: drop a key of a table that refers to another
ALTER TABLE c DROP CONSTRAINT c_pkey
-- case: rename a constraint
ALTER TABLE c RENAME CONSTRAINT c_p TO d
-- case: unique
ALTER TABLE t ADD CONSTRAINT q UNIQUE (a)
-- case: unique by an index
-- also
CREATE UNIQUE INDEX q ON t (a);
-- run
ALTER TABLE t ADD CONSTRAINT q UNIQUE USING INDEX q
-- case: a primary key
ALTER TABLE k ADD PRIMARY KEY (n)
-- case: a primary key of a nullable column
ALTER TABLE k ADD PRIMARY KEY (a)
-- case: a primary key by an index
-- also
CREATE UNIQUE INDEX q ON k (n);
-- run
ALTER TABLE k ADD PRIMARY KEY USING INDEX q
-- case: a primary key by an index of a nullable column
-- also
CREATE UNIQUE INDEX q ON k (a);
-- run
ALTER TABLE k ADD PRIMARY KEY USING INDEX q
-- case: an exclusion
ALTER TABLE t ADD EXCLUDE USING gist (r WITH &&)
-- case: not null as a constraint
-- since: 18
ALTER TABLE t ADD CONSTRAINT q NOT NULL a
-- case: not null as a constraint, not validated
-- since: 18
ALTER TABLE t ADD CONSTRAINT q NOT NULL a NOT VALID
-- case: validate not null
-- since: 18
-- also
ALTER TABLE t ADD CONSTRAINT q NOT NULL a NOT VALID;
-- run
ALTER TABLE t VALIDATE CONSTRAINT q
-- case: set NOT NULL over one that is not validated
-- since: 18
-- also
ALTER TABLE t ADD CONSTRAINT q NOT NULL a NOT VALID;
-- run
ALTER TABLE t ALTER a SET NOT NULL
-- case: a check for a domain
ALTER DOMAIN word ADD CONSTRAINT q CHECK (VALUE <> '')
-- case: a check for a domain, not validated
ALTER DOMAIN word ADD CONSTRAINT q CHECK (VALUE <> '') NOT VALID
-- case: validate a check of a domain
-- also
ALTER DOMAIN word ADD CONSTRAINT q CHECK (VALUE <> '') NOT VALID;
-- run
ALTER DOMAIN word VALIDATE CONSTRAINT q
-- case: a domain that is not null
ALTER DOMAIN word SET NOT NULL
