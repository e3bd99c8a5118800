-- case: columns that name what they would have anyway
-- from
CREATE TABLE t (a char(10), b char(10), c char(10), d char(10), e char(10), f char(10), g char(10)) DEFAULT CHARSET=latin1;
CREATE TABLE u (a char(10), b char(10)) DEFAULT CHARSET=utf8mb4 COLLATE utf8mb4_unicode_ci;
-- rows
INSERT INTO t VALUES ('a', 'b', 'c', 'd', 'e', 'f', 'g');
-- to
CREATE TABLE t (a char(10), b char(10) CHARACTER SET latin1, c char(10) COLLATE latin1_swedish_ci, d char(10) CHARACTER SET latin1 COLLATE latin1_swedish_ci, e char(10) COLLATE latin1_general_ci, f char(10) CHARACTER SET utf8mb4, g char(10) COLLATE utf8mb4_general_ci) DEFAULT CHARSET=latin1 COLLATE latin1_general_ci;
CREATE TABLE u (a char(10) COLLATE utf8mb4_unicode_ci, b char(10) COLLATE utf8mb4_general_ci) DEFAULT CHARSET=utf8mb4 COLLATE utf8mb4_unicode_ci;

-- case: the old character set of three bytes
-- from
CREATE TABLE t (a varchar(10), b varchar(10) CHARACTER SET utf8mb4) DEFAULT CHARSET=utf8mb3;
-- rows
INSERT INTO t VALUES ('a', 'b');
-- to
CREATE TABLE t (a varchar(10), b varchar(10) CHARACTER SET utf8mb3) DEFAULT CHARSET=utf8mb4;

-- case: binary collations and bytes
-- from
CREATE TABLE t (a varchar(10), b varbinary(10), c text);
-- rows
INSERT INTO t VALUES ('a', 'b', 'c');
-- to
CREATE TABLE t (a varchar(10) COLLATE utf8mb4_bin, b varchar(10), c blob);

-- case: letters beyond ASCII everywhere
-- from
CREATE TABLE t (id int PRIMARY KEY);
-- rows
INSERT INTO t VALUES (1);
-- to
CREATE TABLE t (id int PRIMARY KEY, `größe` int DEFAULT 3 COMMENT 'ü€😀', b varchar(20) DEFAULT 'né', c varchar(50) AS (concat('é', b)) VIRTUAL, d enum('ä','ö') DEFAULT 'ö', CONSTRAINT `prüfung` CHECK (`größe` > 0 AND b <> 'ß€'), KEY `schlüssel` (`größe`)) COMMENT 'ÄÖ';
CREATE VIEW `übersicht` AS SELECT `größe`, 'ñ' AS `é` FROM t;

-- case: the collation of an indexed column
-- from
CREATE TABLE t (a varchar(50), b varchar(50) NOT NULL, UNIQUE KEY a (a), PRIMARY KEY (b)) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
-- rows
INSERT INTO t VALUES ('a', 'b'), ('x', 'y');
-- to
CREATE TABLE t (a varchar(50) COLLATE utf8mb4_bin, b varchar(50) NOT NULL, UNIQUE KEY a (a), PRIMARY KEY (b)) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
