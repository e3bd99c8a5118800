//! The names of databases in a dump of MySQL and MariaDB: those of the dumped one follow it wherever it is restored,
//! and nothing leads to another one.

use std::fs;

use underpin_tests::{Engine, TestDatabase, on_every_engine};

use super::Shop;
use super::loaded::Simple;

on_every_engine! {
    fn a_view_on_a_table_of_the_name_of_its_database_comes_back(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let far = TestDatabase::create(engine);
        far.execute("CREATE TABLE x (id int); INSERT INTO x VALUES (1)");
        let both = format!("CREATE VIEW w AS SELECT OWN.OWN.name, x.id, OWN.f(OWN.OWN.id) AS f, extract(year from OWN.OWN.at) AS y \
                            FROM OWN.OWN JOIN {}.x ON x.id = OWN.OWN.id", far.name());
        let statements = [
            "CREATE TABLE OWN (id int PRIMARY KEY, name varchar(20), at date)",
            "INSERT INTO OWN VALUES (1, 'then', '2026-11-22')",
            "CREATE FUNCTION f(i int) RETURNS int DETERMINISTIC RETURN i + 1",
            "CREATE VIEW v AS SELECT OWN.id, OWN.name FROM OWN",
            &both,
        ];
        let Some(simple) = Simple::new(engine, &statements) else { return };
        simple.back_up();
        let own = format!("`{}`", simple.database.name());
        let other = TestDatabase::create(engine);
        simple.database.execute(&format!("UPDATE {own} SET name = 'later'"));
        simple.restore(&simple.file()).run().expect_success();
        simple.restore(&simple.file()).database(other.url()).run().expect_success();
        for database in [&simple.database, &other] {
            assert_eq!(database.value("SELECT name FROM v"), "then");
            let row = ["then", "1", "2", "2026"].map(|value| Some(value.to_owned()));
            assert_eq!(database.query("SELECT name, id, f, y FROM w"), [row]);
            let definition = database.value(
                "SELECT VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'w'",
            );
            assert!(definition.contains(&format!("`{}`.{own}.`name`", database.name())), "{definition}");
        }
    }

    fn a_rehearsal_on_a_backup_has_such_a_view_too(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let shop = Shop::new(engine);
        let name = shop.database.name();
        shop.database.execute(&format!("CREATE TABLE {name} (id int PRIMARY KEY); CREATE VIEW v AS SELECT {name}.id FROM {name}"));
        let Some(program) = shop.program().backing_up(&shop.database) else { return };
        let program = program.env("UNDERPIN_BACKUP", "never");
        program.clone().arg("backup").run().expect_success();
        shop.project.revision("0002", &["0001"], "two", "CREATE TABLE two (id int)", None);
        program.args(["upgrade", "--rehearse", "--from-backup", "latest"]).run().expect_success();
    }

    fn nothing_that_leads_out_of_the_database_is_run_however_it_is_written(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let Some(simple) = Simple::new(engine, &["CREATE TABLE t (i int)", "INSERT INTO t VALUES (1)"]) else { return };
        let (text, victim) = (simple.back_up(), TestDatabase::create(engine));
        simple.database.execute("INSERT INTO t VALUES (2)");
        let name = victim.name();
        victim.execute("CREATE TABLE t (i int)");
        for leading in [
            format!("USE\t`{name}`;"),
            format!("use/* x */{name};"),
            format!("DROP\n  DATABASE {name};"),
            format!("INSERT INTO `{name}`.`t` VALUES (3);"),
            "CHANGE REPLICATION SOURCE TO SOURCE_LOG_POS=4;".to_owned(),
            "STOP ALL SLAVES;".to_owned(),
            "SET @@GLOBAL.max_connections = 100;".to_owned(),
        ] {
            let dump = text.replacen("DROP TABLE", &format!("{leading}\nDROP TABLE"), 1);
            assert_ne!(dump, text);
            fs::write(simple.file(), dump).unwrap();
            let refused = simple.restore(&simple.file()).run().expect_code(8);
            assert!(refused.stderr.contains("it leads out of the database"), "{leading}: {refused}");
            assert!(refused.stderr.contains("nothing was changed"), "{leading}: {refused}");
            assert_eq!(victim.value("SELECT count(*) FROM t"), "0");
            assert_eq!(simple.database.value("SELECT count(*) FROM t"), "2");
        }
    }

    fn a_dump_for_a_new_replica_changes_nothing_of_the_server(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let Some(simple) = Simple::new(engine, &["CREATE TABLE t (i int)", "INSERT INTO t VALUES (1)"]) else { return };
        // As `mysqldump --set-gtid-purged=ON` writes it, which is what it does where the server has GTIDs.
        let before = "SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;\nSET @@SESSION.SQL_LOG_BIN= 0;\n\n--\n\
                      -- GTID state at the beginning of the backup \n--\n\n\
                      SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,\n\
                      3e11fa47-71ca-11e1-9e33-c80aa9429563:1-2';\n\nDROP TABLE";
        let after = "SET @@SESSION.SQL_LOG_BIN = @MYSQLDUMP_TEMP_LOG_BIN;\n-- Dump completed";
        let text = simple.back_up().replacen("DROP TABLE", before, 1).replacen("-- Dump completed", after, 1);
        fs::write(simple.file(), text).unwrap();
        simple.database.execute("DELETE FROM t");
        simple.restore(&simple.file()).run().expect_success();
        assert_eq!(simple.database.value("SELECT count(*) FROM t"), "1");
        if engine == Engine::Mysql {
            assert!(!simple.database.value("SELECT @@GLOBAL.gtid_purged").contains("3e11fa47"));
        }
    }
}
