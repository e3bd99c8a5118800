//! Restores that break off: what the server says of the backup, what others hold, time that is over, and `kill -9`.
//! The database is as it was, or its state is said.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use underpin_tests::{Engine, Hold, Program, Project, TestDatabase, dump_programs, on_every_engine};

use super::{Shop, exchange::put_aside, script};

/// A backup of a shop, and the program that brings it back.
pub(super) fn kept(shop: &Shop) -> Option<(PathBuf, Program)> {
    let program = shop.program().backing_up(&shop.database)?;
    let file = shop.project.path().join("backup");
    program.clone().args(["backup", "--to"]).arg(&file).run().expect_success();
    Some((file.clone(), program.args(["restore", "--yes"]).arg(file)))
}

/// The real program of PostgreSQL, for a script that stands in front of it.
fn real(shop: &Shop, name: &str) -> String {
    let directory = dump_programs(&shop.database).flatten();
    directory.map_or_else(|| name.to_owned(), |directory| directory.join(name).display().to_string())
}

/// Programs of PostgreSQL of which this `pg_restore` writes the script that is restored.
fn with_script(shop: &Shop, text: &str) -> PathBuf {
    let programs = shop.project.path().join("programs");
    let reader = real(shop, "pg_restore");
    let text =
        format!("case \"$*\" in *'--file -'*) {}; esac\nexec {reader} \"$@\"", text.replace("REAL", &reader));
    script(&programs, "pg_restore", &text);
    script(&programs, "psql", &format!("exec {} \"$@\"", real(shop, "psql")));
    programs
}

on_every_engine! {
    fn a_backup_that_breaks_in_the_middle_leaves_the_database_as_it_was(engine) {
        let shop = Shop::new(engine);
        let Some((file, restore)) = kept(&shop) else { return };
        shop.database.execute("INSERT INTO customers (name) VALUES ('later')");
        let before = shop.picture();
        if let Engine::Mysql | Engine::Mariadb = engine {
            let text = fs::read_to_string(&file).unwrap();
            fs::write(&file, text.replacen("INSERT INTO `orders`", "INSERT INTO `nowhere`", 1)).unwrap();
        }
        if engine == Engine::Postgres {
            let cut = "REAL \"$@\" | head -c 1500; echo the archive is broken >&2; exit 1;";
            let broken = restore.clone().env("UNDERPIN_BACKUP_PROGRAMS", with_script(&shop, cut)).run().expect_code(8);
            assert!(broken.stderr.contains("the archive is broken"), "{broken}");
            assert!(broken.stderr.contains("nothing was changed"), "{broken}");
        }
        if engine.is_server() && engine != Engine::Postgres {
            let broken = restore.run().expect_code(8);
            assert!(broken.stderr.contains("nowhere"), "{broken}");
            assert!(broken.stderr.contains("nothing was changed"), "{broken}");
        }
        assert_eq!(shop.picture(), before);
        assert!(!shop.database.is_locked());
    }

    fn a_restore_that_is_killed_before_the_last_moment_leaves_the_database_as_it_was(engine) {
        let shop = Shop::new(engine);
        let Some((_, restore)) = kept(&shop) else { return };
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let hold = Hold::at("backup-loaded", 0);
        let original = shop.picture();
        shop.database.execute("INSERT INTO customers (name) VALUES ('later')");
        let before = shop.picture();
        let mut running = hold.on(&restore).spawn();
        assert!(hold.is_reached(&mut running), "{}", running.kill());
        running.kill();
        assert_eq!(shop.picture(), before);
        restore.run().expect_success();
        assert_eq!(shop.picture(), original);
    }

    fn a_restore_that_is_killed_in_the_last_moment_is_no_database_to_go_on_with(engine) {
        let shop = Shop::new(engine);
        let Some((_, restore)) = kept(&shop) else { return };
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let (hold, original) = (Hold::at("tables-exchanged", 0), shop.picture());
        shop.database.execute("INSERT INTO customers (name) VALUES ('later')");
        shop.database.execute("CREATE VIEW later AS SELECT id FROM orders");
        let triggers = shop.database.query("SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()");
        let mut running = hold.on(&restore).spawn();
        assert!(hold.is_reached(&mut running), "{}", running.kill());
        running.kill();
        // The rows are those of the backup, and a run does not take the database for a whole one.
        assert_eq!(shop.database.value("SELECT count(*) FROM customers"), "3");
        let refused = shop.upgrade().run();
        assert_ne!(refused.code(), Some(0), "{refused}");
        // What was there before is nobody's to sweep, and whoever comes by says so.
        let kept = put_aside(&shop.database);
        let [aside] = &kept[..] else { panic!("{kept:?}") };
        let words = format!("the database {aside} has the tables that a restore has replaced");
        let scripts = shop.database.query(&format!("SELECT CONVERT(script USING utf8mb4) FROM {aside}.underpin_beside ORDER BY number"));
        let scripts: String = scripts.into_iter().flatten().flatten().collect::<Vec<_>>().join("\n");
        assert!(scripts.contains("VIEW `later` AS"), "{scripts}");
        let [[Some(trigger)]] = &triggers.iter().map(Vec::as_slice).collect::<Vec<_>>()[..] else { panic!("{triggers:?}") };
        assert!(scripts.contains(trigger.as_str()) && scripts.contains("DELIMITER"), "{scripts}");
        assert!(refused.stderr.contains(&words), "{refused}");
        // Nor do revisions that would find nothing in their way.
        let lenient = Project::new();
        let twice = "CREATE TABLE IF NOT EXISTS customers (id int);\nUPDATE customers SET name = 'twice';\n";
        lenient.revision("0001", &[], "twice", twice, None);
        let refused = lenient.underpin_on(&shop.database).arg("upgrade").run();
        assert_ne!(refused.code(), Some(0), "{refused}");
        assert!(refused.stderr.contains(&words), "{refused}");
        let restored = restore.run().expect_success();
        assert!(restored.stderr.contains(&words), "{restored}");
        assert_eq!(shop.picture(), original);
        let examined = shop.program().arg("doctor").run();
        assert!(format!("{examined}").contains(&words), "{examined}");
        assert_eq!(put_aside(&shop.database), kept);
        assert_eq!(shop.database.value(&format!("SELECT count(*) FROM {aside}.customers")), "4");
        shop.database.execute(&format!("SET foreign_key_checks = 0; DROP DATABASE {aside}"));
    }

    fn what_fails_behind_the_exchange_is_undone(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let shop = Shop::new(engine);
        let Some((_, restore)) = kept(&shop) else { return };
        shop.database.execute("INSERT INTO customers (name) VALUES ('later')");
        shop.database.execute("CREATE VIEW later AS SELECT id FROM orders");
        let before = shop.picture();
        let (programs, failing) = (shop.project.path().join("programs"), shop.project.path().join("failing"));
        let names = if engine == Engine::Mysql { ["mysql", "mysqldump"] } else { ["mariadb", "mariadb-dump"] };
        for name in names {
            let once = format!("if [ -f {0} ]; then rm {0}; echo broken off >&2; exit 1; fi", failing.display());
            script(&programs, name, &format!("{once}\nexec {} \"$@\"", real(&shop, name)));
        }
        let restore = restore.env("UNDERPIN_BACKUP_PROGRAMS", programs);
        let hold = Hold::at("tables-exchanged", 0);
        let mut running = hold.on(&restore).spawn();
        assert!(hold.is_reached(&mut running), "{}", running.kill());
        fs::write(&failing, "").unwrap();
        hold.release();
        let undone = running.wait().expect_code(8);
        assert!(undone.stderr.contains("broken off") && undone.stderr.contains("nothing was changed"), "{undone}");
        assert_eq!(shop.picture(), before, "{undone}");
        assert_eq!(shop.database.value("SELECT count(*) FROM underpin_history"), "1");
        restore.run().expect_success();
    }

    fn one_that_waits_for_others_gives_up_and_nobody_goes_on_waiting(engine) {
        if engine == Engine::Sqlite {
            return;
        }
        let shop = Shop::new(engine);
        let Some((_, restore)) = kept(&shop) else { return };
        let before = shop.picture();
        let reader = shop.database.hold(&["SELECT count(*) FROM orders"]);
        let start = Instant::now();
        let given_up = restore.env("UNDERPIN_TIMEOUT", "4s").run();
        assert_ne!(given_up.code(), Some(0), "{given_up}");
        assert!(given_up.stderr.contains("nothing was changed"), "{given_up}");
        assert!(start.elapsed() < Duration::from_secs(60), "{given_up}");
        // Whoever still queued for the tables would keep these readers out.
        thread::sleep(Duration::from_secs(3));
        let mut waiting = shop.database.busy_sessions();
        waiting.retain(|session| session.id != reader.id());
        assert!(waiting.is_empty(), "{waiting:?}");
        reader.end();
        assert_eq!(shop.picture(), before);
        assert!(!shop.database.is_locked());
    }

    fn a_user_who_may_make_no_database_restores_in_place(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let shop = Shop::new(engine);
        // Who may not act for another user can't bring back what belongs to one.
        shop.database.execute("DROP PROCEDURE quiet; DROP VIEW busy; DROP TRIGGER loud");
        let Some((_, restore)) = kept(&shop) else { return };
        let rows = shop.database.query("SELECT * FROM orders ORDER BY 1");
        shop.database.execute("DELETE FROM orders");
        let limited = restore.database(shop.database.user_with_password("s3cret-of-mine"));
        let restored = limited.arg("--in-place").run().expect_success();
        assert!(restored.stderr.contains("everything before the backup is loaded"), "{restored}");
        assert!(restored.stderr.contains("GRANT ALL ON `underpin\\_scratch\\_%`.*"), "{restored}");
        assert!(!restored.stderr.contains("s3cret-of-mine"), "{restored}");
        assert_eq!(shop.database.query("SELECT * FROM orders ORDER BY 1"), rows);
    }

    fn the_client_of_one_that_is_killed_does_not_go_on_without_it(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let shop = Shop::new(engine);
        shop.database.execute("DROP PROCEDURE quiet; DROP VIEW busy; DROP TRIGGER loud");
        let Some((file, restore)) = kept(&shop) else { return };
        // More than a pipe holds stands between what is run and what must not be.
        let pause = format!(
            "CREATE TABLE early (i int);\nDO SLEEP(3);\n{}CREATE TABLE late (i int);\n-- Dump completed",
            "-- nothing\n".repeat(100_000)
        );
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replacen("-- Dump completed", &pause, 1)).unwrap();
        // What is empty is filled in place, where there may be no second database.
        let empty = TestDatabase::create(engine);
        let limited = empty.user_with_password("s3cret-of-mine");
        let mut running = restore.database(limited).spawn();
        assert!(running.wait_until(|_| empty.has_table("early")), "{}", running.kill());
        running.kill();
        thread::sleep(Duration::from_secs(6));
        assert!(!empty.has_table("late"));
        empty.assert_idle("a restore was killed");
    }

    fn a_dump_that_names_its_database_is_refused(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let shop = Shop::new(engine);
        let Some((file, restore)) = kept(&shop) else { return };
        let (text, before) = (fs::read_to_string(&file).unwrap(), shop.picture());
        fs::write(&file, text.replacen("\n--\n", "\nUSE `elsewhere`;\n--\n", 1)).unwrap();
        let refused = restore.run().expect_code(8);
        assert!(refused.stderr.contains("leads out of the database that it is given to, in line"), "{refused}");
        assert!(refused.stderr.contains("nothing was changed"), "{refused}");
        assert_eq!(shop.picture(), before);
    }
}

/// Sizes are read without waiting for whoever has a table for himself.
#[test]
fn a_plan_waits_for_nobody_who_has_a_table_for_himself() {
    let shop = Shop::new(Engine::Postgres);
    shop.deleting(false);
    let holder = shop.database.hold(&["LOCK TABLE loose IN ACCESS EXCLUSIVE MODE"]);
    let start = Instant::now();
    shop.program().arg("plan").run().expect_success();
    assert!(start.elapsed() < Duration::from_secs(15));
    holder.end();
}

/// A script of programs that are newer than the server begins with settings that it does not know.
#[test]
fn programs_that_are_newer_than_the_server_restore_all_the_same() {
    let shop = Shop::new(Engine::Postgres);
    let Some((_, restore)) = kept(&shop) else { return };
    let before = shop.picture();
    shop.database.execute("DELETE FROM orders");
    let newer = "REAL \"$@\" | sed '0,/^SET client_encoding/s//SET no_setting_of_today = 0;\\n&/'; exit;";
    restore.env("UNDERPIN_BACKUP_PROGRAMS", with_script(&shop, newer)).run().expect_success();
    assert_eq!(shop.picture(), before);
}

/// Somebody has the history for himself: a command that only wants to look is over when its time is.
#[test]
fn a_history_that_somebody_else_has_is_waited_for_no_longer_than_allowed() {
    if !Engine::available().contains(&Engine::Postgres) {
        return;
    }
    let shop = Shop::new(Engine::Postgres);
    let Some((_, restore)) = kept(&shop) else { return };
    let holder = shop
        .database
        .hold(&["LOCK TABLE underpin_state, underpin_history, underpin_log IN ACCESS EXCLUSIVE MODE"]);
    let backup = shop.program().backing_up(&shop.database).unwrap().arg("backup");
    for program in [restore, backup] {
        let start = Instant::now();
        let late = program.args(["--timeout", "2s"]).run().expect_code(6);
        assert!(start.elapsed() < Duration::from_secs(20), "{late}");
        assert!(late.stderr.contains("nothing was changed"), "{late}");
    }
    drop(holder);
}
