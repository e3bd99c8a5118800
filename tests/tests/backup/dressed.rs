//! What stands beside the tables of MySQL and MariaDB and has to be there again behind a restore, and what the server
//! takes no part of: checked views, packages, rights on routines, long rows.

use std::fs;
use std::io::Write as _;

use underpin_tests::{Engine, TestDatabase, on_every_engine};

use super::loaded::Simple;

on_every_engine! {
    fn a_view_of_a_later_view_comes_back_checked_and_takes_rows(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let statements = [
            "CREATE TABLE t (id int PRIMARY KEY)",
            "CREATE VIEW z AS SELECT id FROM t WHERE id > 0",
            "CREATE VIEW b AS SELECT id FROM z WHERE id < 10 WITH LOCAL CHECK OPTION",
            "CREATE VIEW m AS SELECT id FROM z",
            "CREATE VIEW a AS SELECT id FROM b WITH CASCADED CHECK OPTION",
        ];
        let Some(simple) = Simple::new(engine, &statements) else { return };
        simple.back_up();
        let other = TestDatabase::create(engine);
        simple.restore(&simple.file()).database(other.url()).run().expect_success();
        simple.restore(&simple.file()).run().expect_success();
        let options = "SELECT group_concat(concat(TABLE_NAME, ' ', CHECK_OPTION) ORDER BY TABLE_NAME) \
                       FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()";
        for database in [&simple.database, &other] {
            assert_eq!(database.value(options), "a CASCADED,b LOCAL,m NONE,z NONE");
            database.execute("INSERT INTO m VALUES (7); INSERT INTO a VALUES (8)");
        }
    }

    fn a_package_is_no_hindrance(engine) {
        if engine != Engine::Mariadb {
            return;
        }
        let statements = [
            "CREATE TABLE t (id int PRIMARY KEY)",
            "CREATE VIEW v AS SELECT id FROM t",
            "SET sql_mode = ORACLE; CREATE PACKAGE p AS FUNCTION one RETURN int; END",
            "SET sql_mode = ORACLE; CREATE PACKAGE BODY p AS FUNCTION one RETURN int AS BEGIN RETURN 1; END; END",
        ];
        let Some(simple) = Simple::new(engine, &statements) else { return };
        simple.back_up();
        simple.restore(&simple.file()).run().expect_success();
        let one = format!("SELECT {}.p.one()", simple.database.name());
        assert_eq!(simple.database.value(&one), "1");
        // What is there is not in the backup: it goes.
        let text = fs::read_to_string(simple.file()).unwrap();
        simple.database.execute("SET sql_mode = ORACLE; CREATE PACKAGE q AS FUNCTION one RETURN int; END");
        simple.restore(&simple.file()).run().expect_success();
        let packages = "SELECT count(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'PACKAGE'";
        assert_eq!(simple.database.value(packages), "1", "{text}");
    }

    fn who_could_run_a_routine_can_again(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let statements = [
            "CREATE TABLE t (id int PRIMARY KEY)",
            "CREATE PROCEDURE p() SELECT 1",
            "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1",
        ];
        let Some(simple) = Simple::new(engine, &statements) else { return };
        simple.back_up();
        let limited = simple.database.user_with_password("s3cret-of-mine");
        let user = limited.split("://").nth(1).and_then(|rest| rest.split(':').next()).unwrap().replace("%5F", "_");
        let name = simple.database.name();
        simple.database.execute(&format!(
            "GRANT EXECUTE ON PROCEDURE {name}.p TO '{user}'@'%'; \
             GRANT EXECUTE, ALTER ROUTINE ON FUNCTION {name}.f TO '{user}'@'%' WITH GRANT OPTION"
        ));
        simple.database.execute(&format!("CREATE PROCEDURE gone() SELECT 1; GRANT EXECUTE ON PROCEDURE {name}.gone TO '{user}'@'%'"));
        simple.restore(&simple.file()).run().expect_success();
        let granted = format!(
            "SELECT group_concat(concat(Routine_name, ' ', Proc_priv) ORDER BY Routine_name SEPARATOR '; ') \
             FROM mysql.procs_priv WHERE Db = '{name}' AND User = '{user}'"
        );
        assert_eq!(simple.database.value(&granted), "f Execute,Alter Routine,Grant; p Execute");
        // Who may not read it is told that it is lost.
        let admin = simple.database.value("SELECT concat('DEFINER=`', replace(CURRENT_USER(), '@', '`@`'), '` ')");
        let text = fs::read_to_string(simple.file()).unwrap().replace(&admin, "");
        fs::write(simple.file(), text).unwrap();
        let restore = simple.restore(&simple.file()).database(limited).arg("--in-place");
        if engine == Engine::Mysql {
            // Nor may he drop what belongs to an account that may be the system's.
            let refused = restore.run().expect_code(8);
            assert!(refused.stderr.contains("may drop it then"), "{refused}");
            assert!(refused.stderr.contains("nothing was changed") && !refused.stderr.contains("Dropping"), "{refused}");
            return;
        }
        let told = restore.run().expect_success();
        assert!(told.stderr.contains("mysql.procs_priv could not be read"), "{told}");
    }

    fn a_row_that_the_server_does_not_take_is_told_before(engine) {
        // MySQL takes as much by default that this test would take its time.
        if engine != Engine::Mariadb {
            return;
        }
        let statements = ["CREATE TABLE t (id int, v longtext)", "INSERT INTO t VALUES (1, 'here')"];
        let Some(simple) = Simple::new(engine, &statements) else { return };
        let text = simple.back_up();
        let taken: usize = simple.database.value("SELECT @@GLOBAL.max_allowed_packet").parse().unwrap();
        let long = format!("INSERT INTO `t` VALUES (2,'{}');\nINSERT INTO `t`", "x".repeat(taken));
        let mut file = fs::File::create(simple.file()).unwrap();
        file.write_all(text.replacen("INSERT INTO `t`", &long, 1).as_bytes()).unwrap();
        let refused = simple.restore(&simple.file()).run().expect_code(8);
        assert!(refused.stderr.contains("SET GLOBAL max_allowed_packet"), "{refused}");
        assert!(refused.stderr.contains("nothing was changed"), "{refused}");
        assert_eq!(simple.database.value("SELECT v FROM t"), "here");
    }
}
