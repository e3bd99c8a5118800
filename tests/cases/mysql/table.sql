-- case: a table is made and another dropped
-- from
CREATE TABLE a (id integer PRIMARY KEY);
-- to
CREATE TABLE b (id integer PRIMARY KEY);

-- case: nothing differs
-- from
CREATE TABLE t (id int PRIMARY KEY, name varchar(10) NOT NULL DEFAULT 'x');
-- rows
INSERT INTO t (id) VALUES (1), (2);
-- to
create table t (id int, name varchar(10) DEFAULT 'x' NOT NULL,
  primary key (id));

-- case: the comment of a table
-- from
CREATE TABLE a (id int) COMMENT 'one';
CREATE TABLE b (id int);
CREATE TABLE c (id int) COMMENT 'gone';
-- rows
INSERT INTO a VALUES (1);
-- to
CREATE TABLE a (id int) COMMENT 'it''s; "another" \\';
CREATE TABLE b (id int) COMMENT 'new';
CREATE TABLE c (id int);

-- case: the engine changes
-- from
CREATE TABLE t (id int PRIMARY KEY, a varchar(10)) ENGINE=MyISAM;
CREATE TABLE u (id int PRIMARY KEY) ENGINE=InnoDB;
-- rows
INSERT INTO t VALUES (1, 'x');
INSERT INTO u VALUES (1);
-- to
CREATE TABLE t (id int PRIMARY KEY, a varchar(10)) ENGINE=InnoDB;
CREATE TABLE u (id int PRIMARY KEY) ENGINE=MyISAM;

-- case: the character set of a table and its columns
-- from
CREATE TABLE t (id int, a varchar(20), b text, c enum('x','y'), d varchar(10) CHARACTER SET ascii, e int) CHARACTER SET latin1;
-- rows
INSERT INTO t VALUES (1, 'a', 'b', 'x', 'd', 5);
-- to
CREATE TABLE t (id int, a varchar(20), b text, c enum('x','y'), d varchar(10) CHARACTER SET ascii, e int) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- case: the character set of a table and not of its columns
-- from
CREATE TABLE t (id int, a varchar(20), b varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin) CHARACTER SET latin1;
-- rows
INSERT INTO t VALUES (1, 'a', 'b');
-- to
CREATE TABLE t (id int, a varchar(20) CHARACTER SET latin1, b varchar(10), c varchar(5)) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- case: the collation of a table with a key over text
-- from
CREATE TABLE p (code varchar(10) PRIMARY KEY) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE c (id int PRIMARY KEY, code varchar(10), CONSTRAINT c_code FOREIGN KEY (code) REFERENCES p (code)) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
-- rows
INSERT INTO p VALUES ('a');
INSERT INTO c VALUES (1, 'a');
-- to
CREATE TABLE p (code varchar(10) PRIMARY KEY) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE c (id int PRIMARY KEY, code varchar(10), CONSTRAINT c_code FOREIGN KEY (code) REFERENCES p (code)) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- case: row format and the other options
-- from
CREATE TABLE a (id int) ROW_FORMAT=COMPACT;
CREATE TABLE b (id int) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8;
CREATE TABLE c (id int) STATS_PERSISTENT=1 STATS_AUTO_RECALC=0;
CREATE TABLE d (id int) MAX_ROWS=100 AVG_ROW_LENGTH=50;
CREATE TABLE e (id int) ENGINE=MyISAM CHECKSUM=1 DELAY_KEY_WRITE=1 PACK_KEYS=1;
-- rows
INSERT INTO a VALUES (1);
-- to
CREATE TABLE a (id int) ROW_FORMAT=REDUNDANT;
CREATE TABLE b (id int);
CREATE TABLE c (id int) STATS_SAMPLE_PAGES=20;
CREATE TABLE d (id int) MIN_ROWS=10 MAX_ROWS=200;
CREATE TABLE e (id int) ENGINE=MyISAM;

-- case: compression of pages
-- engines: mariadb
-- from
CREATE TABLE t (id int);
-- to
CREATE TABLE t (id int) PAGE_COMPRESSED=1 PAGE_COMPRESSION_LEVEL=5;

-- case: the next value of a counter is data
-- from
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT=50;
-- rows
INSERT INTO t VALUES (60);
-- to
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int);

-- case: the character set of the database
-- from
ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_swedish_ci;
CREATE TABLE t (id int, a varchar(10)) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- rows
INSERT INTO t VALUES (1, 'a');
-- to
ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE t (id int, a varchar(10)) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE u (id int, a varchar(10));

-- case: every column of a table is another one
-- oneway
-- from
CREATE TABLE t (a int, b int);
-- to
CREATE TABLE t (c int, d varchar(3));

-- case: a table is renamed where a person says so
-- renames: table u < t
-- expect: RENAME TABLE
-- from
CREATE TABLE t (id int PRIMARY KEY, a int);
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE u (id int PRIMARY KEY, a bigint);

-- case: a renamed table that others refer to
-- renames: table people < users
-- from
CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE posts (id int PRIMARY KEY, author int, CONSTRAINT posts_author FOREIGN KEY (author) REFERENCES users (id));
-- rows
INSERT INTO users VALUES (1);
INSERT INTO posts VALUES (1, 1);
-- to
CREATE TABLE people (id int PRIMARY KEY, name varchar(10));
CREATE TABLE posts (id int PRIMARY KEY, author int, CONSTRAINT posts_author FOREIGN KEY (author) REFERENCES people (id));

-- case: rows are kept with their history
-- engines: mariadb
-- from
CREATE TABLE a (id int);
CREATE TABLE b (id int) WITH SYSTEM VERSIONING;
CREATE TABLE c (id int, v int) WITH SYSTEM VERSIONING;
-- rows
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (1);
INSERT INTO c VALUES (1, 2);
-- to
CREATE TABLE a (id int) WITH SYSTEM VERSIONING;
CREATE TABLE b (id int);
CREATE TABLE c (id int, v bigint, w int) WITH SYSTEM VERSIONING;

-- case: the period of a history is named
-- engines: mariadb
-- from
CREATE TABLE u (id int);
-- to
CREATE TABLE t (id int, v int WITHOUT SYSTEM VERSIONING, s timestamp(6) GENERATED ALWAYS AS ROW START, e timestamp(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING;

-- case: a period of the application's own
-- engines: mariadb
-- from
CREATE TABLE a (id int, s date NOT NULL, e date NOT NULL);
CREATE TABLE b (id int, s date, e date, PERIOD FOR p (s, e));
-- to
CREATE TABLE a (id int, s date NOT NULL, e date NOT NULL, PERIOD FOR p (s, e));
CREATE TABLE b (id int, s date NOT NULL, e date NOT NULL);
CREATE TABLE c (id int, s date, e date, PERIOD FOR p (s, e), UNIQUE (id, p WITHOUT OVERLAPS));

-- case: several tables read as one
-- from
CREATE TABLE a (id int) ENGINE=MyISAM;
CREATE TABLE b (id int) ENGINE=MyISAM;
CREATE TABLE c (id int) ENGINE=MERGE UNION=(a);
-- to
CREATE TABLE a (id int) ENGINE=MyISAM;
CREATE TABLE b (id int) ENGINE=MyISAM;
CREATE TABLE c (id int) ENGINE=MERGE UNION=(a, b) INSERT_METHOD=LAST;
CREATE TABLE d (id int) ENGINE=MERGE UNION=(b, a) INSERT_METHOD=FIRST;

-- case: the size of blocks in a table and its keys
-- from
CREATE TABLE t (id int PRIMARY KEY, a int, KEY a (a)) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8;
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE TABLE t (id int PRIMARY KEY, a int, KEY a (a)) ROW_FORMAT=DYNAMIC;

-- case: a place for tables that was said
-- engines: mysql
-- from
CREATE TABLE a (id int) TABLESPACE innodb_system;
CREATE TABLE b (id int);
-- rows
INSERT INTO a VALUES (1);
-- to
CREATE TABLE a (id int) TABLESPACE innodb_file_per_table;
CREATE TABLE b (id int) COMMENT 'b';
CREATE TABLE c (id int) TABLESPACE innodb_file_per_table;

-- case: what a secondary engine is told of a table, and which engine that is
-- engines: mysql
-- from
CREATE TABLE a (id int PRIMARY KEY) SECONDARY_ENGINE_ATTRIBUTE='{"a": "it''s \\"b\\""}';
CREATE TABLE b (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY) SECONDARY_ENGINE_ATTRIBUTE='{"gone": 1}' COMMENT='SECONDARY_ENGINE_ATTRIBUTE=';
CREATE TABLE d (id int PRIMARY KEY);
-- rows
INSERT INTO a VALUES (1);
-- to
CREATE TABLE a (id int PRIMARY KEY) SECONDARY_ENGINE_ATTRIBUTE='{"a": "another"}';
CREATE TABLE b (id int PRIMARY KEY) SECONDARY_ENGINE_ATTRIBUTE='{"new": [1, 2]}' PARTITION BY HASH (id) PARTITIONS 2;
CREATE TABLE c (id int PRIMARY KEY) COMMENT='SECONDARY_ENGINE_ATTRIBUTE=';
CREATE TABLE e (id int PRIMARY KEY) SECONDARY_ENGINE=rapid SECONDARY_ENGINE_ATTRIBUTE='{"e": 5}';

-- case: by how much the file of a table grows
-- engines: mysql
-- from
CREATE TABLE t (id int);
CREATE TABLE u (id int) AUTOEXTEND_SIZE=4M;
-- to
CREATE TABLE t (id int) AUTOEXTEND_SIZE=4M;
CREATE TABLE u (id int);

-- case: attributes of the columns of the system's own period
-- engines: mariadb
-- refused: column t.s holds the period of the system's own versions
-- from
CREATE TABLE t (id int PRIMARY KEY, s timestamp(6) GENERATED ALWAYS AS ROW START INVISIBLE COMMENT 'from', e timestamp(6) GENERATED ALWAYS AS ROW END INVISIBLE, PERIOD FOR SYSTEM_TIME(s, e)) WITH SYSTEM VERSIONING;
-- rows
INSERT INTO t (id) VALUES (1);
-- to
CREATE TABLE t (id int PRIMARY KEY, x int, s timestamp(6) GENERATED ALWAYS AS ROW START INVISIBLE COMMENT 'since', e timestamp(6) GENERATED ALWAYS AS ROW END COMMENT 'until', PERIOD FOR SYSTEM_TIME(s, e)) WITH SYSTEM VERSIONING;

-- case: attributes of the columns of the system's own period in a new table
-- engines: mariadb
-- from
-- to
CREATE TABLE t (id int PRIMARY KEY, s timestamp(6) GENERATED ALWAYS AS ROW START INVISIBLE COMMENT 'from', e timestamp(6) GENERATED ALWAYS AS ROW END INVISIBLE COMMENT 'until', PERIOD FOR SYSTEM_TIME(s, e)) WITH SYSTEM VERSIONING;

-- case: a table of aria without checksums
-- engines: mariadb
-- from
CREATE TABLE t (a int) ENGINE=Aria;
CREATE TABLE u (a int) ENGINE=Aria PAGE_CHECKSUM=0;
CREATE TABLE v (a int) ENGINE=Aria PAGE_CHECKSUM=1;
-- to
CREATE TABLE t (a int) ENGINE=Aria PAGE_CHECKSUM=0;
CREATE TABLE u (a int) ENGINE=Aria PAGE_CHECKSUM=1;
CREATE TABLE v (a int) ENGINE=Aria;
