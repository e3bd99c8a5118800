-- title: Types of columns
-- schema
CREATE TABLE t (a int, u int UNSIGNED, v20 varchar(20) CHARACTER SET utf8mb4, v31 varchar(31) CHARACTER SET utf8mb4, v40 varchar(40) CHARACTER SET utf8mb4, v100 varchar(100) CHARACTER SET utf8mb4, l100 varchar(100) CHARACTER SET latin1, l128 varchar(128) CHARACTER SET latin1, three varchar(20) CHARACTER SET utf8mb3, bytes varbinary(20), c char(20), x text, d decimal(10,2), e enum('a','b'), s set('a','b','c','d','e','f','g','h'), ts timestamp NULL, dt datetime, day date, fl float, bits bit(3), j json, bool boolean, i varchar(20) CHARACTER SET latin1 COLLATE latin1_bin, KEY (i));
-- case: int to bigint
ALTER TABLE t MODIFY a bigint
-- case: signed to unsigned
ALTER TABLE t MODIFY a int UNSIGNED
-- case: int with a width
ALTER TABLE t MODIFY a int(5)
-- case: the same type
ALTER TABLE t MODIFY a int
-- case: boolean is tinyint(1)
ALTER TABLE t MODIFY bool tinyint(1)
-- case: varchar longer, up to 255 bytes
ALTER TABLE t MODIFY v20 varchar(63) CHARACTER SET utf8mb4
-- case: varchar longer, from 80 bytes to 256
ALTER TABLE t MODIFY v20 varchar(64) CHARACTER SET utf8mb4
-- case: varchar longer, from 124 bytes to 256
ALTER TABLE t MODIFY v31 varchar(64) CHARACTER SET utf8mb4
-- case: varchar longer, from 160 bytes to 256
ALTER TABLE t MODIFY v40 varchar(64) CHARACTER SET utf8mb4
-- case: varchar longer, above 255 bytes
ALTER TABLE t MODIFY v100 varchar(200) CHARACTER SET utf8mb4
-- case: varchar shorter
ALTER TABLE t MODIFY v100 varchar(50) CHARACTER SET utf8mb4
-- case: varchar of one byte a character longer
ALTER TABLE t MODIFY l100 varchar(255) CHARACTER SET latin1
-- case: varchar of one byte a character longer, above 255
ALTER TABLE t MODIFY l128 varchar(256) CHARACTER SET latin1
-- case: varchar longer and NOT NULL
ALTER TABLE t MODIFY v20 varchar(30) CHARACTER SET utf8mb4 NOT NULL
-- case: varchar longer and a column
ALTER TABLE t MODIFY v20 varchar(30) CHARACTER SET utf8mb4, ADD y int
-- case: varbinary longer
ALTER TABLE t MODIFY bytes varbinary(100)
-- case: another character set
ALTER TABLE t MODIFY l100 varchar(100) CHARACTER SET utf8mb4
-- case: utf8mb3 to utf8mb4
ALTER TABLE t MODIFY three varchar(20) CHARACTER SET utf8mb4
-- case: another collation with an index
ALTER TABLE t MODIFY i varchar(20) CHARACTER SET latin1 COLLATE latin1_general_ci
-- case: char longer
ALTER TABLE t MODIFY c char(30)
-- case: char to varchar
ALTER TABLE t MODIFY c varchar(20)
-- case: text to mediumtext
ALTER TABLE t MODIFY x mediumtext
-- case: decimal wider
ALTER TABLE t MODIFY d decimal(12,2)
-- case: a value behind those of an enum
ALTER TABLE t MODIFY e enum('a','b','c')
-- case: a value between those of an enum
ALTER TABLE t MODIFY e enum('a','c','b')
-- case: a ninth value of a set
ALTER TABLE t MODIFY s set('a','b','c','d','e','f','g','h','i')
-- case: timestamp to datetime
ALTER TABLE t MODIFY ts datetime NULL
-- case: datetime more precise
ALTER TABLE t MODIFY dt datetime(3)
-- case: date to datetime
ALTER TABLE t MODIFY day datetime
-- case: float to double
ALTER TABLE t MODIFY fl double
-- case: bits longer
ALTER TABLE t MODIFY bits bit(5)
-- case: json to text
ALTER TABLE t MODIFY j longtext
-- case: json as it is
ALTER TABLE t MODIFY j json
-- case: text to json
ALTER TABLE t MODIFY x json
-- case: json as MariaDB keeps it
-- engines: mariadb
ALTER TABLE t MODIFY j longtext COLLATE utf8mb4_bin CHECK (json_valid(j))
