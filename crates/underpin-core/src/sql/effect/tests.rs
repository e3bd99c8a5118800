use super::*;

const SQLITE: Dialect = Dialect::Sqlite;
const POSTGRES: Dialect = Dialect::Postgres;
const MYSQL: Dialect = Dialect::Mysql;

#[test]
fn transaction_control_is_found() {
    for (dialect, statement, expected) in [
        (SQLITE, "begin immediate", Some("BEGIN")),
        (SQLITE, "END TRANSACTION", Some("END")),
        (SQLITE, "/* x */ COMMIT", Some("COMMIT")),
        (SQLITE, "ROLLBACK", Some("ROLLBACK")),
        (SQLITE, "ROLLBACK TRANSACTION", Some("ROLLBACK")),
        (SQLITE, "ROLLBACK TO a", None),
        (SQLITE, "ROLLBACK TRANSACTION TO SAVEPOINT a", None),
        (SQLITE, "SAVEPOINT a", None),
        (SQLITE, "RELEASE a", None),
        (SQLITE, "CREATE TABLE commit_log (a)", None),
        (POSTGRES, "BEGIN", Some("BEGIN")),
        (POSTGRES, "START TRANSACTION READ ONLY", Some("START TRANSACTION")),
        (POSTGRES, "end", Some("END")),
        (POSTGRES, "ABORT", Some("ABORT")),
        (POSTGRES, "COMMIT PREPARED 'x'", Some("COMMIT")),
        (POSTGRES, "PREPARE TRANSACTION 'x'", Some("PREPARE TRANSACTION")),
        (POSTGRES, "PREPARE p AS SELECT 1", None),
        (POSTGRES, "ROLLBACK AND CHAIN", Some("ROLLBACK")),
        (POSTGRES, "ROLLBACK WORK TO SAVEPOINT a", None),
        (POSTGRES, "DO $$ BEGIN COMMIT; END $$", None),
        (POSTGRES, "LOCK TABLE a", None),
        (MYSQL, "BEGIN", Some("BEGIN")),
        (MYSQL, "BEGIN WORK", Some("BEGIN")),
        (MYSQL, "BEGIN NOT ATOMIC SELECT 1; END", None),
        (MYSQL, "START TRANSACTION", Some("START TRANSACTION")),
        (MYSQL, "START REPLICA", None),
        (MYSQL, "ROLLBACK TO a", None),
        (MYSQL, "ROLLBACK WORK TO SAVEPOINT a", None),
        (MYSQL, "SET autocommit = 0", Some("SET autocommit")),
        (MYSQL, "SET a = 1, SESSION AUTOCOMMIT := ON", Some("SET autocommit")),
        (MYSQL, "SET @@session.autocommit=1", Some("SET autocommit")),
        (MYSQL, "SET @autocommit = 1", None),
        (MYSQL, "SET @old = @@autocommit", None),
        (MYSQL, "/*!40000 SET autocommit=0 */", Some("SET autocommit")),
        (MYSQL, "XA COMMIT 'x'", Some("XA")),
        (MYSQL, "LOCK TABLES a WRITE", Some("LOCK TABLES")),
        (MYSQL, "UNLOCK TABLES", Some("UNLOCK TABLES")),
        (MYSQL, "LOCK INSTANCE FOR BACKUP", None),
        (MYSQL, "END", None),
        (MYSQL, "", None),
    ] {
        assert_eq!(transaction_control(dialect, statement), expected, "{dialect}: {statement}");
    }
}

#[test]
fn sqlite_repeats_all_but_what_a_transaction_refuses() {
    for (statement, expected) in [
        ("CREATE TABLE a (b)", Repeat::Transactional),
        ("DROP TABLE a", Repeat::Transactional),
        ("WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM x", Repeat::Transactional),
        ("REPLACE INTO a VALUES (1)", Repeat::Transactional),
        ("PRAGMA journal_mode = WAL", Repeat::Harmless),
        ("VACUUM", Repeat::Harmless),
        ("VACUUM INTO 'x.db'", Repeat::Unknown),
        ("ATTACH 'x' AS y", Repeat::Harmless),
        ("REINDEX", Repeat::Harmless),
        ("BEGIN", Repeat::Unknown),
        ("SAVEPOINT a", Repeat::Harmless),
        ("nonsense", Repeat::Unknown),
    ] {
        assert_eq!(repeat(Flavour::Sqlite, statement), expected, "{statement}");
    }
}

#[test]
fn postgres_repeats_all_but_what_a_transaction_refuses() {
    for (statement, expected) in [
        ("CREATE TABLE concurrently (a int)", Repeat::Transactional),
        ("CREATE INDEX i ON a (b)", Repeat::Transactional),
        ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b)", Repeat::Probed),
        ("DROP INDEX CONCURRENTLY i", Repeat::Probed),
        ("ALTER TABLE a DETACH PARTITION b CONCURRENTLY", Repeat::Probed),
        ("ALTER TABLE a DETACH PARTITION b FINALIZE", Repeat::Transactional),
        ("ALTER TYPE t ADD VALUE IF NOT EXISTS 'x'", Repeat::Probed),
        ("ALTER TYPE t ADD ATTRIBUTE value int", Repeat::Transactional),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", Repeat::Transactional),
        ("REINDEX INDEX CONCURRENTLY i", Repeat::Harmless),
        ("VACUUM FULL a", Repeat::Harmless),
        ("CLUSTER", Repeat::Harmless),
        ("ALTER SYSTEM SET a = 1", Repeat::Harmless),
        ("SET lock_timeout = '1s'", Repeat::Harmless),
        ("CREATE DATABASE d", Repeat::Unknown),
        ("DROP TABLESPACE t", Repeat::Unknown),
        ("ALTER DATABASE d SET a = 1", Repeat::Transactional),
        ("ALTER DATABASE d SET TABLESPACE t", Repeat::Unknown),
        ("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", Repeat::Unknown),
        ("CALL p()", Repeat::Unknown),
        ("DO $$ BEGIN PERFORM 1; END $$", Repeat::Transactional),
        ("DO $$ BEGIN DELETE FROM a; COMMIT; END $$", Repeat::Unknown),
        ("COMMIT", Repeat::Unknown),
        ("INSERT INTO a VALUES (1)", Repeat::Transactional),
        ("TRUNCATE a", Repeat::Transactional),
        ("GRANT SELECT ON a TO b", Repeat::Transactional),
    ] {
        assert_eq!(repeat(Flavour::Postgres, statement), expected, "{statement}");
    }
}

#[test]
fn mysql_and_mariadb_share_a_transaction_with_rows_only() {
    for (statement, expected) in [
        ("INSERT INTO a VALUES (1)", Repeat::Transactional),
        ("(SELECT 1) UNION (SELECT 2)", Repeat::Transactional),
        ("WITH x AS (SELECT 1) DELETE FROM a", Repeat::Transactional),
        ("LOAD DATA INFILE 'x' INTO TABLE a", Repeat::Transactional),
        ("LOAD INDEX INTO CACHE a", Repeat::Harmless),
        ("SELECT 1 INTO OUTFILE 'x'", Repeat::Unknown),
        ("TRUNCATE TABLE a", Repeat::Unknown),
        ("CALL p()", Repeat::Unknown),
        ("EXECUTE p", Repeat::Unknown),
        ("CREATE TABLE a (b INT)", Repeat::Probed),
        ("CREATE TABLE user (role INT)", Repeat::Probed),
        ("CREATE TABLE IF NOT EXISTS a (b INT)", Repeat::Probed),
        ("CREATE TEMPORARY TABLE a (b INT)", Repeat::Harmless),
        (
            "CREATE OR REPLACE ALGORITHM=MERGE DEFINER=user@host SQL SECURITY DEFINER VIEW v AS SELECT 1",
            Repeat::Probed,
        ),
        (
            "CREATE DEFINER = CURRENT_USER() TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @a = 1",
            Repeat::Probed,
        ),
        ("/*!50003 CREATE*/ /*!50020 DEFINER=`a`@`b`*/ /*!50003 PROCEDURE p() SELECT 1 */", Repeat::Probed),
        ("CREATE FULLTEXT INDEX i ON a (b)", Repeat::Probed),
        ("CREATE SPATIAL INDEX i ON a (b)", Repeat::Probed),
        ("CREATE SPATIAL REFERENCE SYSTEM 1 NAME 'x'", Repeat::Unknown),
        ("ALTER ONLINE IGNORE TABLE a ADD b INT", Repeat::Probed),
        ("ALTER TABLE a TRUNCATE PARTITION p", Repeat::Unknown),
        ("ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b", Repeat::Unknown),
        ("ALTER TABLE a DROP PARTITION p", Repeat::Probed),
        ("ALTER TABLE a DISCARD TABLESPACE", Repeat::Unknown),
        ("RENAME TABLE a TO b", Repeat::Probed),
        ("RENAME USER a TO b", Repeat::Unknown),
        ("DROP VIEW v", Repeat::Probed),
        ("DROP TEMPORARY TABLE a", Repeat::Harmless),
        ("CREATE FUNCTION f RETURNS STRING SONAME 'x.so'", Repeat::Unknown),
        ("CREATE USER a", Repeat::Unknown),
        ("CREATE ROLE a", Repeat::Unknown),
        ("CREATE SERVER a FOREIGN DATA WRAPPER mysql OPTIONS (USER 'x')", Repeat::Unknown),
        ("CREATE TABLESPACE a ADD DATAFILE 'x'", Repeat::Unknown),
        ("GRANT ALL ON a.* TO b", Repeat::Unknown),
        ("SET @a = 1", Repeat::Transactional),
        ("SET SESSION unique_checks = 0", Repeat::Transactional),
        ("SET @@session.foreign_key_checks = 0", Repeat::Transactional),
        ("SET @a = 1, sql_mode = ''", Repeat::Harmless),
        ("SET NAMES latin1", Repeat::Harmless),
        ("SAVEPOINT a", Repeat::Transactional),
        ("SHOW TABLES", Repeat::Transactional),
        ("SET STATEMENT a = 1 FOR DELETE FROM b", Repeat::Unknown),
        ("USE d", Repeat::Harmless),
        ("ANALYZE TABLE a", Repeat::Harmless),
        ("ANALYZE FORMAT=JSON DELETE FROM a", Repeat::Transactional),
        ("OPTIMIZE TABLE a", Repeat::Harmless),
        ("PREPARE p FROM 'SELECT 1'", Repeat::Harmless),
        ("START TRANSACTION", Repeat::Unknown),
        ("BEGIN NOT ATOMIC SELECT 1; END", Repeat::Unknown),
        ("", Repeat::Unknown),
    ] {
        for flavour in [Flavour::Mysql, Flavour::Mariadb] {
            assert_eq!(repeat(flavour, statement), expected, "{statement}");
        }
    }
}

#[test]
fn session_settings_are_told_from_lasting_ones() {
    for (dialect, statement, expected) in [
        (SQLITE, "PRAGMA foreign_keys = OFF", true),
        (SQLITE, "ATTACH 'x' AS y", true),
        (SQLITE, "SELECT 1", false),
        (POSTGRES, "SET search_path = a", true),
        (POSTGRES, "SET SESSION AUTHORIZATION a", true),
        (POSTGRES, "SET LOCAL search_path = a", false),
        (POSTGRES, "SET LOCAL ROLE a", true),
        (POSTGRES, "SET LOCAL SESSION AUTHORIZATION a", true),
        (POSTGRES, "DEALLOCATE ALL", true),
        (POSTGRES, "SET TRANSACTION READ ONLY", false),
        (POSTGRES, "SET CONSTRAINTS ALL DEFERRED", false),
        (POSTGRES, "RESET ALL", true),
        (POSTGRES, "SELECT pg_catalog.set_config('search_path', '', false)", true),
        (POSTGRES, "SELECT set_config('a', 'b', false)", true),
        (POSTGRES, "UPDATE a SET b = 1", false),
        (MYSQL, "SET @a = 1", true),
        (MYSQL, "SET NAMES utf8mb4", true),
        (MYSQL, "/*!40101 SET NAMES utf8 */", true),
        (MYSQL, "SET foreign_key_checks = 0", true),
        (MYSQL, "SET @@session.sql_mode = ''", true),
        (MYSQL, "SET GLOBAL a = 1", false),
        (MYSQL, "SET @@global.a = 1", false),
        (MYSQL, "SET PASSWORD = 'x'", false),
        (MYSQL, "SET TRANSACTION READ ONLY", false),
        (MYSQL, "SET STATEMENT a = 1 FOR SELECT 1", false),
        (MYSQL, "USE d", true),
        (MYSQL, "PREPARE p FROM @a", true),
        (MYSQL, "DROP PREPARE p", true),
        (MYSQL, "DROP TABLE p", false),
    ] {
        assert_eq!(session_setting(dialect, statement), expected, "{dialect}: {statement}");
    }
}

#[test]
fn only_certain_statements_are_let_off_the_foreign_key_check() {
    for (statement, expected) in [
        ("CREATE TABLE a (b REFERENCES c)", false),
        ("CREATE TABLE a AS SELECT 1", false),
        ("SELECT 1", false),
        ("PRAGMA foreign_keys", false),
        ("ALTER TABLE a ADD COLUMN b", false),
        ("ALTER TABLE a ADD b REFERENCES c DEFAULT 5", true),
        ("ALTER TABLE a RENAME COLUMN b TO c", false),
        ("ALTER TABLE a DROP COLUMN b", true),
        ("DROP INDEX a", false),
        ("DROP VIEW a", false),
        ("DROP TRIGGER a", false),
        ("DROP TABLE a", true),
        ("INSERT INTO a VALUES (1)", true),
        ("DELETE FROM a", true),
        ("WITH a AS (SELECT 1) SELECT 2", true),
        ("", true),
    ] {
        assert_eq!(may_break_foreign_keys(statement), expected, "{statement}");
    }
}
