//! What a backup of MySQL and MariaDB brings back, and where it is loaded: nothing of the live database is touched
//! before it is whole, and nothing is dropped for it unless that was said.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use underpin_tests::{Engine, Hold, Program, TestDatabase, on_every_engine};

use super::Shop;
use super::broken::kept;

/// A database with statements run in it, and the program that backs it up and restores it.
pub(super) struct Simple {
    pub(super) database: TestDatabase,
    directory: tempfile::TempDir,
    program: Program,
}

impl Simple {
    pub(super) fn new(engine: Engine, statements: &[&str]) -> Option<Self> {
        let database = TestDatabase::create(engine);
        for statement in statements {
            database.execute(&statement.replace("OWN", database.name()));
        }
        let directory = tempfile::tempdir().unwrap();
        let program = Program::underpin().database(database.url()).backing_up(&database)?;
        Some(Self { database, directory, program })
    }

    pub(super) fn file(&self) -> std::path::PathBuf {
        self.directory.path().join("backup")
    }

    pub(super) fn back_up(&self) -> String {
        self.program.clone().args(["backup", "--to"]).arg(self.file()).run().expect_success();
        fs::read_to_string(self.file()).unwrap()
    }

    pub(super) fn restore(&self, file: &Path) -> Program {
        self.program.clone().args(["restore", "--yes"]).arg(file)
    }
}

on_every_engine! {
    fn the_live_character_set_stays_and_that_of_routines_comes_back(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let statements = [
            "ALTER DATABASE OWN CHARACTER SET latin1",
            "CREATE TABLE t (id int PRIMARY KEY)",
            "CREATE PROCEDURE p() BEGIN CREATE DATABASE IF NOT EXISTS x;\nSELECT 1; END",
            "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.id = NEW.id + 1",
            "ALTER DATABASE OWN CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
        ];
        let Some(simple) = Simple::new(engine, &statements) else { return };
        let text = simple.back_up();
        assert!(text.contains("ALTER DATABASE"), "{text}");
        simple.database.execute(&format!("ALTER DATABASE {} COLLATE utf8mb4_bin", simple.database.name()));
        let collation = "SELECT @@collation_database";
        fs::write(simple.file(), text.replacen("-- Dump completed", "rubbish;\n-- Dump completed", 1)).unwrap();
        simple.restore(&simple.file()).run().expect_code(8);
        assert_eq!(simple.database.value(collation), "utf8mb4_bin");
        fs::write(simple.file(), text).unwrap();
        simple.restore(&simple.file()).run().expect_success();
        assert_eq!(simple.database.value(collation), "utf8mb4_bin");
        let of = "SELECT DATABASE_COLLATION FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()";
        assert_eq!(simple.database.value(of), "latin1_swedish_ci");
        // Another database gets it as well, while the first is there.
        let other = TestDatabase::create(engine);
        simple.restore(&simple.file()).database(other.url()).run().expect_success();
        assert!(other.has_table("t"));
        assert_eq!(simple.database.value(collation), "utf8mb4_bin");
    }

    fn a_view_that_is_broken_is_no_hindrance(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let statements = [
            "CREATE TABLE t (id int PRIMARY KEY, gone int)",
            "CREATE VIEW v AS SELECT id, gone FROM t",
            "CREATE VIEW `--xml` AS SELECT id FROM t",
        ];
        let Some(simple) = Simple::new(engine, &statements) else { return };
        simple.back_up();
        simple.database.execute("ALTER TABLE t DROP COLUMN gone");
        simple.restore(&simple.file()).run().expect_success();
        simple.database.query("SELECT id, gone FROM v");
        simple.database.query("SELECT id FROM `--xml`");
    }

    fn a_column_with_a_sequence_comes_back_wherever_it_is_restored(engine) {
        if engine != Engine::Mariadb {
            return;
        }
        let statements = [
            "CREATE SEQUENCE s",
            "CREATE TABLE t (id bigint PRIMARY KEY DEFAULT (NEXT VALUE FOR s), v int)",
            "INSERT INTO t (v) VALUES (1), (2)",
        ];
        let Some(simple) = Simple::new(engine, &statements) else { return };
        let text = simple.back_up();
        let locking = text.replacen("INSERT INTO `t`", "LOCK TABLES `t` WRITE;\nINSERT INTO `t`", 1);
        fs::write(simple.file(), locking).unwrap();
        let other = TestDatabase::create(engine);
        simple.restore(&simple.file()).database(other.url()).run().expect_success();
        simple.database.execute("DROP TABLE t; DROP SEQUENCE s");
        simple.restore(&simple.file()).run().expect_success();
        simple.restore(&simple.file()).run().expect_success();
        for database in [&simple.database, &other] {
            let default = database.value(
                "SELECT COLUMN_DEFAULT FROM information_schema.COLUMNS \
                 WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't' AND COLUMN_NAME = 'id'",
            );
            assert_eq!(default, format!("nextval(`{}`.`s`)", database.name()));
            database.execute("INSERT INTO t (v) VALUES (3)");
            assert_eq!(database.value("SELECT count(*) FROM t"), "3");
        }
    }

    fn rows_of_before_are_in_a_backup_of_what_remembers_them(engine) {
        if engine != Engine::Mariadb {
            return;
        }
        let statements = [
            "CREATE TABLE t (id int PRIMARY KEY, v int) WITH SYSTEM VERSIONING",
            "INSERT INTO t VALUES (1, 1)",
            "UPDATE t SET v = 2",
            "UPDATE t SET v = 3",
        ];
        let Some(simple) = Simple::new(engine, &statements) else { return };
        let all = "SELECT id, v, row_start, row_end FROM t FOR SYSTEM_TIME ALL ORDER BY row_start";
        let before = simple.database.query(all);
        assert_eq!(before.len(), 3);
        simple.back_up();
        simple.database.execute("ALTER TABLE t DROP SYSTEM VERSIONING");
        simple.restore(&simple.file()).run().expect_success();
        assert_eq!(simple.database.query(all), before);
    }

    fn an_event_of_a_backup_does_not_run_before_it_is_back(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let statements = [
            "CREATE TABLE t (id int)",
            "CREATE EVENT every_day ON SCHEDULE EVERY 1 DAY STARTS '2020-01-01 00:00:00' DO DELETE FROM t",
            "CREATE EVENT f ON SCHEDULE EVERY 1 DAY STARTS '2020-01-01 00:00:00' DISABLE \
             COMMENT 'was ON COMPLETION PRESERVE ENABLE' DO DELETE FROM t",
            "CREATE EVENT noted ON SCHEDULE EVERY 1 DAY STARTS '2020-01-01 00:00:00' COMMENT 'nightly' DO DELETE FROM t",
        ];
        let Some(simple) = Simple::new(engine, &statements) else { return };
        simple.back_up();
        let events = "SELECT EVENT_NAME, STATUS, DEFINER FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() ORDER BY 1";
        let before = simple.database.query(events);
        let hold = Hold::at("backup-loaded", 0);
        let mut running = hold.on(&simple.restore(&simple.file())).spawn();
        assert!(hold.is_reached(&mut running), "{}", running.kill());
        for event in ["every_day", "noted"] {
            let beside = format!(
                "SELECT STATUS FROM information_schema.EVENTS \
                 WHERE EVENT_SCHEMA LIKE 'underpin\\_scratch\\_%' AND EVENT_NAME = '{event}'"
            );
            assert_eq!(simple.database.value(&beside), "DISABLED", "{event}");
        }
        hold.release();
        running.wait().expect_success();
        assert_eq!(simple.database.query(events), before);
    }

    fn rows_are_in_no_message(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let statements = ["CREATE TABLE t (id int, v varchar(50))", "INSERT INTO t VALUES (1, 'alice@secret.example')"];
        let Some(simple) = Simple::new(engine, &statements) else { return };
        let text = simple.back_up();
        fs::write(simple.file(), text.replacen("INSERT INTO `t`", "INSERT INTO `nowhere`", 1)).unwrap();
        let failed = simple.restore(&simple.file()).run().expect_code(8);
        assert!(failed.stderr.contains("nowhere"), "{failed}");
        assert!(!failed.stderr.contains("alice") && !failed.stderr.contains("loose-"), "{failed}");
    }

    fn nothing_is_dropped_for_a_backup_unless_that_was_said(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let shop = Shop::new(engine);
        let Some((_, restore)) = kept(&shop) else { return };
        shop.database.execute("INSERT INTO customers (name) VALUES ('later')");
        let before = shop.picture();
        let limited = restore.database(shop.database.user_with_password("s3cret-of-mine"));
        let refused = limited.run().expect_code(8);
        assert!(refused.stderr.contains("GRANT ALL ON `underpin\\_scratch\\_%`.*"), "{refused}");
        assert!(refused.stderr.contains("--in-place") && refused.stderr.contains("nothing was changed"), "{refused}");
        assert_eq!(shop.picture(), before);
        // What belongs to others is known before anything is dropped.
        let refused = limited.clone().arg("--in-place").run().expect_code(8);
        assert!(refused.stderr.contains("in the name of others"), "{refused}");
        assert!(refused.stderr.contains("nothing was changed"), "{refused}");
        assert_eq!(shop.picture(), before);
    }

    fn a_system_account_and_one_that_is_gone_take_more_to_be_named(engine) {
        if engine != Engine::Mysql {
            return;
        }
        let statements = [
            "CREATE TABLE t (id int PRIMARY KEY)",
            "INSERT INTO t VALUES (1)",
            "CREATE VIEW v AS SELECT id FROM t",
        ];
        let Some(simple) = Simple::new(engine, &statements) else { return };
        let text = simple.back_up();
        let url = simple.database.user_with_password("s3cret-of-mine");
        let user = url.split("//").nth(1).and_then(|rest| rest.split(':').next()).unwrap().replace("%5F", "_");
        let grant = |what: &str| simple.database.execute(&format!("GRANT {what} TO '{user}'@'%'"));
        grant("SET_ANY_DEFINER ON *.*");
        let restore = simple.restore(&simple.file()).database(&url).arg("--in-place");
        simple.database.execute("INSERT INTO t VALUES (2)");
        let assert_refused = |why: &str, privilege: &str| {
            let refused = restore.run().expect_code(8);
            assert!(refused.stderr.contains(why) && refused.stderr.contains(privilege), "{refused}");
            assert!(refused.stderr.contains("nothing was changed"), "{refused}");
            assert_eq!(simple.database.value("SELECT count(*) FROM v"), "2");
        };
        assert_refused("nobody can tell", "without SYSTEM_USER");
        for table in ["user", "role_edges", "global_grants"] {
            grant(&format!("SELECT ON mysql.{table}"));
        }
        assert_refused("which has SYSTEM_USER", "GRANT SYSTEM_USER ON *.*");
        let gone = text.replace("DEFINER=`underpin`@`%`", "DEFINER=`gone`@`nowhere`");
        assert_ne!(gone, text);
        fs::write(simple.file(), gone).unwrap();
        assert_refused("which is not there", "GRANT ALLOW_NONEXISTENT_DEFINER ON *.*");
        fs::write(simple.file(), text).unwrap();
        grant("SYSTEM_USER ON *.*");
        restore.run().expect_success();
        assert_eq!(simple.database.value("SELECT count(*) FROM v"), "1");
    }

    fn a_definer_between_double_quotes_is_one(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let Some(simple) = Simple::new(engine, &["CREATE TABLE t (id int PRIMARY KEY)"]) else { return };
        let quoted = "SET SESSION sql_mode = 'ANSI_QUOTES'; CREATE PROCEDURE p() SELECT 1 AS \"x\"";
        simple.database.execute(quoted);
        let text = simple.back_up();
        assert!(text.contains("DEFINER=\"underpin\"@\"%\""), "{text}");
        simple.database.execute("DROP PROCEDURE p");
        let limited = simple.database.user_with_password("s3cret-of-mine");
        let refused = simple.restore(&simple.file()).database(limited).arg("--in-place").run().expect_code(8);
        assert!(refused.stderr.contains("in the name of others"), "{refused}");
        assert!(refused.stderr.contains("nothing was changed"), "{refused}");
        simple.restore(&simple.file()).run().expect_success();
        let definer = "SELECT DEFINER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()";
        assert_eq!(simple.database.value(definer), "underpin@%");
    }

    fn a_reference_that_the_user_may_not_see_is_found(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let shop = Shop::new(engine);
        let Some((_, restore)) = kept(&shop) else { return };
        let (url, name) = (shop.database.user_with_password("s3cret-of-mine"), shop.database.name());
        let user = url.split("//").nth(1).and_then(|rest| rest.split(':').next()).unwrap().replace("%5F", "_");
        shop.database.execute(&format!(
            "GRANT PROCESS ON *.* TO '{user}'@'%'; GRANT ALL ON `underpin\\_scratch\\_%`.* TO '{user}'@'%'"
        ));
        let other = TestDatabase::create(engine);
        other.execute(&format!("CREATE TABLE child (c int, FOREIGN KEY (c) REFERENCES {name}.customers (id))"));
        let before = shop.picture();
        let refused = restore.database(url).run().expect_code(8);
        assert!(refused.stderr.contains(".child refers to a table of this database"), "{refused}");
        assert_eq!(shop.picture(), before);
    }

    fn a_killed_restore_into_an_empty_database_is_none_to_go_on_with(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let shop = Shop::new(engine);
        shop.database.execute("CREATE TABLE zz (i int); DROP VIEW busy; DROP PROCEDURE quiet; DROP TRIGGER loud");
        let Some((file, restore)) = kept(&shop) else { return };
        let text = fs::read_to_string(&file).unwrap();
        let pause = format!("DO SLEEP(20);\n{}DROP TABLE IF EXISTS `zz`", "-- nothing\n".repeat(20_000));
        fs::write(&file, text.replacen("DROP TABLE IF EXISTS `zz`", &pause, 1)).unwrap();
        let empty = TestDatabase::create(engine);
        let limited = empty.user_with_password("s3cret-of-mine");
        // Beside it where that may be, and else in place, with the history last.
        for (url, is_there) in [(empty.url(), false), (limited, true)] {
            let mut running = restore.clone().database(&url).spawn();
            let sleeps = || {
                let sessions = shop.database.query("SHOW FULL PROCESSLIST");
                sessions.iter().flatten().flatten().any(|text| text == "DO SLEEP(20)")
            };
            assert!(running.wait_until(|_| sleeps()), "{}", running.kill());
            running.kill();
            assert!(!empty.has_table("underpin_state"));
            assert_eq!(empty.has_table("orders"), is_there);
            let ended = Instant::now();
            while sleeps() && ended.elapsed() < Duration::from_secs(30) {
                thread::sleep(Duration::from_millis(200));
            }
            assert!(!empty.has_table("zz"));
        }
        // What is there is not taken for a whole database.
        let upgraded = shop.program().database(empty.url()).arg("upgrade").run();
        assert_ne!(upgraded.code(), Some(0), "{upgraded}");
    }
}
