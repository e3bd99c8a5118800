//! The same start-up and the same migrator for programs without a runtime.

use underpin::{ErrorKind, StopSwitch, blocking};
use underpin_tests::{Project, TestDatabase, on_every_engine};

use super::{slow_project, startup};

fn migrator(database: &TestDatabase, project: &Project) -> blocking::Migrator {
    blocking::Migrator::builder()
        .url(database.url())
        .directory(project.migrations())
        .build()
        .expect("a migrator")
}

on_every_engine! {
    fn a_program_without_a_runtime_migrates(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision(
            "0001",
            &[],
            "notes",
            "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);",
            Some("DROP TABLE notes;"),
        );
        let report = blocking::Startup::from(startup(&database.url(), &project)).run().expect("a start");
        assert_eq!((report.applied.len(), report.outcome.name()), (1, "applied"));
        let again = blocking::Startup::new("test").url(database.url()).pinned().directory(project.migrations());
        assert_eq!(again.run().expect("a start").outcome.name(), "up_to_date");

        project.revision("0002", &["0001"], "more", "CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY);", None);
        let migrator = migrator(&database, &project);
        assert!(migrator.ping().is_ok_and(|server| !server.is_empty()));
        assert_eq!(migrator.pending().expect("what is pending").len(), 1);
        assert!(matches!(migrator.ensure_ready(), Ok(underpin::Action::Applied(_))));
        assert!(migrator.status().expect("a status").at_head);
        assert!(database.has_table("more"));
        let error = migrator.downgrade("-1".parse().expect("a target")).expect_err("it is irreversible");
        assert!(!error.message.is_empty());
        assert_eq!(migrator.current().expect("the current revision"), ["0002"].map(|id| id.parse().expect("an id")));
    }

    fn it_is_stopped_from_another_thread(engine) {
        let database = TestDatabase::create(engine);
        let project = slow_project(engine, std::time::Duration::from_secs(300));
        let stop = StopSwitch::default();
        let (switch, started) = (stop.clone(), std::sync::mpsc::channel());
        let sender = std::sync::Mutex::new(started.0);
        let startup = startup(&database.url(), &project).stop_switch(&stop).observer(std::sync::Arc::new(move |event| {
            if matches!(event, underpin::Event::RevisionStarted { number: 2, .. }) {
                let _ = sender.lock().expect("the channel").send(());
            }
        }));
        let stopper = std::thread::spawn(move || {
            started.1.recv().expect("the slow revision begins");
            switch.stop();
        });
        let error = blocking::Startup::from(startup).run().expect_err("it was stopped");
        stopper.join().expect("no panic");
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
        database.assert_idle("a start that was stopped");
    }
}

#[tokio::test]
async fn inside_of_a_runtime_it_refuses_and_does_not_panic() {
    let (database, project) = (TestDatabase::create(underpin_tests::Engine::Sqlite), Project::new());
    project.revision("0001", &[], "notes", "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);", None);
    let error =
        blocking::Startup::from(startup(&database.url(), &project)).run().expect_err("a runtime runs");
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.hint().is_some_and(|hint| hint.contains("await")), "{error}");
    let error = migrator(&database, &project).upgrade_to_head().expect_err("a runtime runs");
    assert_eq!(error.kind, ErrorKind::Usage);
    assert!(!database.path().expect("a file").exists());
}
