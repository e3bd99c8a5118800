//! Many processes that start at once on one empty database: every revision is applied once, everybody succeeds, and
//! one history is left. It starts them and looks at the end; who wins is nobody's business.

use std::fs::File;
use std::thread;
use std::time::{Duration, Instant};

use underpin_tests::{
    Engine, History, Output, Picture, Program, Project, Shop, Started, TestDatabase, Workload,
    on_every_engine, scale,
};

const PROCESSES: usize = 16;

/// How many of them are killed, where some are.
const KILLED: usize = 4;

/// Enough to have every kind of revision, CREATE INDEX CONCURRENTLY among them: a waiter that waited inside of the
/// server would deadlock it.
const LENGTH: usize = 9;

on_every_engine! {
    fn sixteen_processes_apply_every_revision_once(engine) {
        let (project, workload) = (Project::new(), Workload::new(engine, LENGTH));
        workload.write(&project);
        let alone = {
            let database = TestDatabase::create(engine);
            project.underpin_on(&database).arg("upgrade").run().expect_success();
            Picture::of(&database)
        };
        let (rounds, start) = (scale::rounds("UNDERPIN_RACES", 3, 50), Instant::now());
        for round in 0..rounds {
            let database = TestDatabase::create(engine);
            let outputs = race(&project.underpin_on(&database).arg("upgrade"));
            let context = format!("{engine}, round {round}");
            for output in &outputs {
                assert_eq!(output.code(), Some(0), "{context}: {output}");
            }
            let picture = Picture::of(&database);
            assert_eq!(picture.history.complaints(&workload.ids()), Vec::<String>::new(), "{context}");
            assert_eq!(picture, alone, "{context}");
            assert_nothing_is_left(&database);
        }
        let seconds = start.elapsed().as_secs_f64() / rounds.max(1) as f64;
        scale::report(&format!("{engine}: {rounds} races of {PROCESSES} processes, {seconds:.1} s each"));
    }

    fn sixteen_services_all_serve(engine) {
        for _ in 0..scale::rounds("UNDERPIN_SHOP_RACES", 1, 10) {
            let database = TestDatabase::create(engine);
            let shops = serve_at_once(&Program::shop().database(database.url()));
            for shop in &shops {
                let health = shop.get("/health");
                assert_eq!(health.status, 200, "{engine}: {health:?}");
            }
            let history = History::of(&database);
            let ids: Vec<_> = history.ledger.iter().map(|(revision, _)| revision.clone()).collect();
            assert!(ids.len() >= 3, "{engine}: {ids:?}");
            assert_eq!(history.complaints(&ids), Vec::<String>::new(), "{engine}");
            assert!(!database.is_locked(), "{engine}: somebody holds the migration lock");
            for shop in shops {
                shop.stop();
            }
        }
    }

    fn those_that_survive_finish_what_the_killed_have_begun(engine) {
        let (project, workload, seed) = (Project::new(), Workload::new(engine, LENGTH), scale::seed());
        workload.write(&project);
        let mut random = fastrand::Rng::with_seed(seed);
        for round in 0..scale::rounds("UNDERPIN_KILLED_RACES", 2, 20) {
            let database = TestDatabase::create(engine);
            let program = project.underpin_on(&database).arg("upgrade");
            let mut running: Vec<_> = (0..PROCESSES).map(|_| program.spawn()).collect();
            // Whoever has come farthest when its turn comes: most likely the one with the lock.
            for _ in 0..KILLED {
                thread::sleep(Duration::from_millis(random.u64(..60)));
                let farthest = (0..running.len()).max_by_key(|&index| running[index].stderr().len()).unwrap_or(0);
                running.swap_remove(farthest).kill();
            }
            let context = format!("{engine}, UNDERPIN_SEED={seed}, round {round}");
            for survivor in running {
                let output = survivor.wait();
                assert_eq!(output.code(), Some(0), "{context}: {output}");
            }
            let complaints = History::of(&database).complaints(&workload.ids());
            assert_eq!(complaints, Vec::<String>::new(), "{context}");
            assert_eq!(workload.contradictions(&database), Vec::<String>::new(), "{context}");
            assert_nothing_is_left(&database);
        }
    }
}

/// Starts a program sixteen times, one right after the other, and waits for all of them.
fn race(program: &Program) -> Vec<Output> {
    let running: Vec<_> = (0..PROCESSES).map(|_| program.spawn()).collect();
    running.into_iter().map(underpin_tests::Running::wait).collect()
}

/// Starts a service sixteen times at once, each on a port of its own.
fn serve_at_once(program: &Program) -> Vec<Shop> {
    thread::scope(|scope| {
        let starting: Vec<_> = (0..PROCESSES).map(|_| scope.spawn(|| program.serve())).collect();
        let started: Vec<_> = starting.into_iter().map(|thread| thread.join().unwrap()).collect();
        started.into_iter().map(Started::expect_serving).collect()
    })
}

fn assert_nothing_is_left(database: &TestDatabase) {
    let engine = database.engine();
    assert!(!database.is_locked(), "{engine}: somebody holds the migration lock");
    // A server takes a moment to notice that a client, ours among them, has said goodbye.
    let deadline = Instant::now() + Duration::from_secs(10);
    while !database.sessions().is_empty() {
        assert!(Instant::now() < deadline, "{engine}: still connected: {:?}", database.sessions());
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_lock_of_a_run_is_seen_from_outside() {
    for engine in Engine::available() {
        let (project, database) = (Project::new(), TestDatabase::create(engine));
        let slow = match engine {
            Engine::Sqlite => {
                "CREATE TABLE slow AS WITH RECURSIVE n(i) AS \
                 (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000) SELECT count(*) AS c FROM n;"
            }
            Engine::Postgres => "SELECT pg_sleep(60);",
            Engine::Mysql | Engine::Mariadb => "SELECT SLEEP(60);",
        };
        project.revision("0001", &[], "slow", slow, None);
        assert!(!database.is_locked(), "{engine}");
        let mut running = project.underpin_on(&database).arg("upgrade").spawn();
        assert!(running.wait_until(|_| database.is_locked()), "{engine}: {}", running.kill());
        running.signal(underpin_tests::Signal::Terminate);
        assert_eq!(running.wait().code(), Some(130), "{engine}");
        assert!(!database.is_locked(), "{engine}");
    }
}

/// Between two revisions of which one runs outside of a transaction, a run holds nothing on SQLite but the file beside
/// the database; the moment is too short to be hit by chance every time, so the file is held here.
#[test]
fn nobody_slips_in_between_two_revisions_of_a_run_on_sqlite() {
    let (project, database) = (Project::new(), TestDatabase::create(Engine::Sqlite));
    project.revision_with("0001", &[], "outside", &["transaction: off"], &[("upgrade", "VACUUM;")]);
    project.revision("0002", &["0001"], "inside", "CREATE TABLE items (id INTEGER);", None);
    project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
    let upgrade = project.underpin_on(&database).args(["upgrade", "--lock-timeout", "500ms"]);
    let beside = File::open(database.path().unwrap().with_extension("db.underpin.lock")).unwrap();
    beside.lock().unwrap();
    assert!(database.is_locked());
    let output = upgrade.run().expect_code(6);
    assert!(output.stderr.contains("lock was not free"), "{output}");
    assert_eq!(History::of(&database).applied(), ["0001"]);
    drop(beside);
    upgrade.run().expect_success();
    assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
}
