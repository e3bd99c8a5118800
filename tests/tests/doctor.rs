//! `underpin doctor` on every engine: where all is well, and where each thing is not. It must leave everything as it
//! was, also where it fails.

use std::{fs, process::id};

use serde_json::Value;
use underpin_tests::{Engine, History, Program, Project, Signal, TestDatabase, on_every_engine};

fn project() -> Project {
    let project = Project::new();
    project.revision("0001", &[], "notes", "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);", None);
    project.revision("0002", &["0001"], "more", "CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY);", None);
    project
}

/// What it says of each check: the level, and the message.
#[derive(Debug)]
struct Findings(Vec<Value>);

impl Findings {
    #[track_caller]
    fn of(program: &Program, code: i32) -> Self {
        let output = program.clone().args(["doctor", "--json"]).run().expect_code(code);
        let report: Value =
            serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"));
        assert_eq!((&report["schema"], &report["healthy"]), (&1.into(), &(code == 0).into()), "{output}");
        Self(report["findings"].as_array().expect("findings").clone())
    }

    /// The checks that are not fine.
    fn complaints(&self) -> Vec<String> {
        let bad = self.0.iter().filter(|finding| finding["level"] != "ok");
        bad.map(|finding| {
            format!("{} {}", finding["level"].as_str().unwrap(), finding["check"].as_str().unwrap())
        })
        .collect()
    }

    #[track_caller]
    fn get(&self, check: &str) -> &Value {
        self.0
            .iter()
            .find(|finding| finding["check"] == check)
            .unwrap_or_else(|| panic!("no {check} in {self:?}"))
    }

    fn checks(&self) -> Vec<&str> {
        self.0.iter().filter_map(|finding| finding["check"].as_str()).collect()
    }
}

/// What ends a run that hangs while it holds the lock.
fn way_out(engine: Engine, process: u32) -> String {
    match engine {
        Engine::Sqlite => format!("end process {process} if it hangs"),
        Engine::Postgres | Engine::Mysql | Engine::Mariadb => "`underpin unlock`".to_owned(),
    }
}

/// Everything that looking must not change.
fn picture(database: &TestDatabase) -> (Vec<String>, History, Vec<String>) {
    let beside =
        database.path().and_then(|path| path.parent().map(|directory| fs::read_dir(directory).unwrap()));
    let mut files: Vec<String> = beside
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    files.sort_unstable();
    (database.tables(), History::of(database), files)
}

on_every_engine! {
    fn where_all_is_well_it_says_so_and_leaves_no_trace(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let doctor = project.underpin_on(&database);
        if engine.is_server() {
            let before = picture(&database);
            let findings = Findings::of(&doctor, 0);
            assert_eq!(findings.complaints(), Vec::<String>::new(), "{engine}: {findings:?}");
            assert!(findings.get("pending")["message"].as_str().unwrap().contains("0001, 0002"));
            assert_eq!(picture(&database), before, "{engine}");
        } else {
            let findings = Findings::of(&doctor, 0);
            assert!(findings.get("connection")["message"].as_str().unwrap().contains("does not exist yet"));
            assert_eq!(picture(&database).2, Vec::<String>::new());
        }
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        let before = picture(&database);
        let findings = Findings::of(&doctor, 0);
        assert_eq!(findings.complaints(), Vec::<String>::new(), "{engine}: {findings:?}");
        let own: &[&str] = match engine {
            Engine::Sqlite => &["directory", "disk", "writable", "journal"],
            Engine::Postgres => &["writable", "rights", "pooler"],
            Engine::Mysql | Engine::Mariadb => &["writable", "rights", "engine", "get_lock", "sql_mode"],
        };
        let common = [
            "configuration", "revisions", "connection", "version", "clock", "lock", "history", "dirty", "edited", "newer",
            "pending",
        ];
        for check in common.iter().chain(own) {
            assert!(findings.checks().contains(check), "{engine}: {check} is not in {findings:?}");
        }
        assert!(findings.get("configuration")["message"].as_str().unwrap().contains("DATABASE_URL"));
        assert_eq!(picture(&database), before, "{engine}");
        let output = project.underpin_on(&database).arg("doctor").run().expect_success();
        assert!(output.stdout.contains("  ok  lock          nobody holds the migration lock"), "{output}");
        assert!(!database.is_locked());
    }

    fn a_backup_that_could_not_be_made_is_told_before_a_run_wants_one(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        let Some(doctor) = project.underpin_on(&database).backing_up(&database) else { return };
        let kept = project.path().join("kept/deeper");
        let doctor = doctor.env("UNDERPIN_BACKUP_DIRECTORY", &kept);
        let findings = Findings::of(&doctor, 0);
        assert_eq!(findings.get("backup")["level"], "ok", "{engine}: {findings:?}");
        assert!(findings.get("backup")["message"].as_str().unwrap().contains("can make them"), "{engine}: {findings:?}");
        assert!(!project.path().join("kept").exists());
        let directory = project.path().join("a-file");
        fs::write(&directory, "x").unwrap();
        let findings = Findings::of(&doctor.clone().env("UNDERPIN_BACKUP_DIRECTORY", directory.join("in")), 0);
        assert_eq!(findings.complaints(), ["warn backup"], "{engine}: {findings:?}");
        if engine.is_server() {
            let findings = Findings::of(&doctor.env("UNDERPIN_BACKUP_PROGRAMS", project.path()), 0);
            assert_eq!(findings.complaints(), ["warn backup"], "{engine}: {findings:?}");
            assert!(findings.get("backup")["hint"].as_str().unwrap().contains("UNDERPIN_BACKUP_PROGRAMS"), "{engine}");
        }
    }

    fn who_may_only_read_is_told_what_is_missing(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        let url = database.read_only_user();
        let findings = Findings::of(&project.underpin().database(&url), 3);
        let check = if engine == Engine::Sqlite { "writable" } else { "rights" };
        assert_eq!(findings.complaints(), [format!("fail {check}")], "{engine}: {findings:?}");
        let kind = if engine == Engine::Sqlite { "read_only" } else { "permission" };
        assert_eq!(findings.get(check)["kind"], kind, "{engine}");
        assert!(findings.get(check)["hint"].is_string(), "{engine}");
        assert!(!format!("{findings:?}").contains("only-to-look"), "{engine}");
    }

    fn a_server_that_is_down_is_told(engine) {
        let project = project();
        let program = project.underpin().database(engine.unreachable_url());
        let findings = Findings::of(&program, 3);
        let check = if engine == Engine::Sqlite { "fail directory" } else { "fail connection" };
        assert_eq!(findings.complaints(), [check], "{engine}: {findings:?}");
        assert_eq!(findings.get("revisions")["level"], "ok");
        assert!(!format!("{findings:?}").contains("nothing@"));
    }

    fn a_revision_that_is_half_way_is_told(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let sql = "CREATE TABLE half (id INTEGER NOT NULL PRIMARY KEY);\nINSERT INTO nowhere (id) VALUES (1);";
        project.revision_with("0003", &["0002"], "half", &["transaction: off"], &[("upgrade", sql)]);
        project.underpin_on(&database).arg("upgrade").run().expect_code(5);
        let findings = Findings::of(&project.underpin_on(&database), 5);
        assert_eq!(findings.complaints(), ["fail dirty"], "{engine}: {findings:?}");
        assert!(findings.get("dirty")["message"].as_str().unwrap().contains("0003"));
    }

    fn whoever_holds_the_lock_is_named(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let holding = project.underpin_on(&database).arg("upgrade").env("UNDERPIN_HOOK_COMMAND", "exec sleep 60");
        let mut holder = holding.env("UNDERPIN_HOOK_TIMEOUT", "50s").spawn();
        assert!(holder.wait_until(|running| running.stderr().contains("Planned")));
        let findings = Findings::of(&project.underpin_on(&database), 0);
        assert!(findings.complaints().contains(&"warn lock".to_owned()), "{engine}: {findings:?}");
        let message = findings.get("lock")["message"].as_str().unwrap().to_owned();
        assert!(message.contains("underpin"), "{engine}: {message}");
        let hint = findings.get("lock")["hint"].as_str().unwrap().to_owned();
        assert!(hint.contains(&way_out(engine, holder.id())), "{engine}: {hint}");
        holder.signal(Signal::Terminate);
        holder.wait().expect_code(130);
    }

    fn what_was_edited_and_what_is_newer_is_told(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        project.revision("0001", &[], "notes", "CREATE TABLE notes (id BIGINT NOT NULL PRIMARY KEY);", None);
        let findings = Findings::of(&project.underpin_on(&database), 7);
        assert_eq!(findings.complaints(), ["fail edited"], "{engine}: {findings:?}");
        let older = Project::new();
        older.revision("0001", &[], "notes", "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);", None);
        let findings = Findings::of(&older.underpin_on(&database), 7);
        assert_eq!(findings.complaints(), ["fail newer"], "{engine}: {findings:?}");
    }
}

#[test]
fn a_standby_by_its_word_and_a_pooler_less_server_are_told_apart() {
    Engine::Postgres.run(|engine| {
        let (database, project) = (TestDatabase::create(engine), project());
        let name = database.name().to_owned();
        database.execute(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
        let findings = Findings::of(&project.underpin_on(&database), 3);
        assert_eq!(findings.complaints(), ["fail writable"], "{findings:?}");
        assert_eq!(findings.get("writable")["kind"], "read_only");
    });
}

#[test]
fn what_is_wrong_before_any_database_is_told_with_its_code() {
    let database = TestDatabase::create(Engine::Sqlite);
    let project = project();
    let output = project.underpin().args(["doctor"]).run().expect_code(2);
    assert!(output.stdout.contains("fail  connection") && output.stdout.contains("DATABASE_URL"), "{output}");
    let findings = Findings::of(&project.underpin_on(&database).env("UNDERPIN_MODE", "sideways"), 2);
    assert_eq!(findings.complaints(), ["fail configuration"]);
    project.revision("000x", &["0001"], "fork", "SELECT 1;", None);
    let findings = Findings::of(&project.underpin_on(&database), 7);
    assert_eq!(findings.complaints(), ["fail revisions"], "{findings:?}");
    let typo = project.underpin_on(&database).env("UNDERPIN_TIMOUT", id().to_string());
    assert!(Findings::of(&typo, 7).complaints().contains(&"warn configuration".to_owned()));
}
