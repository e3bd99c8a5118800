//! `kill -9` in the middle of a rehearsal: what it leaves is gone with the next one.

use underpin_tests::{Engine, Hold, TestDatabase, on_every_engine};

use super::{beginning, picture, project};

/// The scratch databases of a server in which there is a table of this name, or that a process has made.
fn scratch(database: &TestDatabase, process: u32, table: &str) -> Vec<String> {
    let sql = match database.engine() {
        Engine::Sqlite => return Vec::new(),
        Engine::Postgres => format!(
            "SELECT datname::text FROM pg_database WHERE shobj_description(oid, 'pg_database') LIKE '%(process {process})%'"
        ),
        Engine::Mysql | Engine::Mariadb => format!(
            "SELECT TABLE_SCHEMA FROM information_schema.TABLES WHERE TABLE_NAME = '{table}' AND TABLE_SCHEMA LIKE 'underpin\\_scratch%'"
        ),
    };
    database.query(&sql).into_iter().flatten().flatten().collect()
}

on_every_engine! {
    fn a_rehearsal_that_is_killed_leaves_what_the_next_one_clears_away(engine) {
        let project = project();
        let table = format!("only_{}", std::process::id());
        project.revision("0002", &["0001"], "own", &format!("CREATE TABLE {table} (id INTEGER);"), None);
        let database = beginning(engine, &project);
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        project.revision("0003", &["0002"], "more", "CREATE TABLE more (id INTEGER);", None);
        let temporary = project.path().join("temporary");
        std::fs::create_dir(&temporary).unwrap();
        let before = picture(&database);
        let program = project.underpin_on(&database).env("TMPDIR", &temporary).args(["upgrade", "--rehearse"]);
        let program = if engine.is_server() { program.args(["--sample", "2"]) } else { program };
        let hold = Hold::at("copied", 0);
        let mut running = hold.on(&program).spawn();
        assert!(hold.is_reached(&mut running), "{}", running.kill());
        let process = running.id();
        // Asked while it is in use: once its owner is gone, whoever comes next may drop it, other tests as well.
        let made = scratch(&database, process, &table).len();
        assert_eq!(made, usize::from(engine.is_server()));
        running.kill();
        let left = std::fs::read_dir(&temporary).unwrap().count();
        assert_eq!(left, usize::from(!engine.is_server()));
        assert_eq!(picture(&database), before);
        database.assert_idle("a rehearsal that was killed");
        // A server may notice late that a client has gone: then it is the run after the next one that clears away.
        let cleared = (0..30).any(|_| {
            program.run().expect_success();
            scratch(&database, process, &table).is_empty()
        });
        assert!(cleared, "{:?} is still there", scratch(&database, process, &table));
        assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
        assert_eq!(picture(&database), before);
    }
}
