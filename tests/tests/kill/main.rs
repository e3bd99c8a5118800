//! `kill -9` in the middle of a run, and what the next start makes of what is left.
//! It is about the process that dies, not about a server that does.

mod random;
mod statement;

use std::time::{Duration, Instant};

use underpin_tests::{Engine, Output, Picture, Program, Project, TestDatabase, Workload};

/// A chain of revisions, and what it leaves when nobody disturbs it.
struct Bench {
    engine: Engine,
    workload: Workload,
    project: Project,
    undisturbed: Picture,
    /// How long the undisturbed run takes, start and end of the process included.
    duration: Duration,
}

impl Bench {
    fn new(engine: Engine, length: usize) -> Self {
        let (project, workload) = (Project::new(), Workload::new(engine, length));
        workload.write(&project);
        let run = || {
            let database = TestDatabase::create(engine);
            let start = Instant::now();
            project.underpin_on(&database).arg("upgrade").run().expect_success();
            let duration = start.elapsed();
            (Picture::of(&database), duration)
        };
        // Twice, because the first start of a program is slower than the others.
        let ((undisturbed, first), (second, duration)) = (run(), run());
        assert_eq!(undisturbed, second, "{engine}: two undisturbed runs differ");
        assert_eq!(undisturbed.history.complaints(&workload.ids()), Vec::<String>::new());
        Self { engine, workload, project, undisturbed, duration: first.min(duration) }
    }

    fn upgrade(&self, database: &TestDatabase) -> Program {
        self.project.underpin_on(database).arg("upgrade")
    }

    /// Everything in which a database differs from the one of the undisturbed run.
    fn differences(&self, database: &TestDatabase) -> Vec<String> {
        let found = Picture::of(database);
        let mut differences = found.history.complaints(&self.workload.ids());
        if found.history != self.undisturbed.history {
            differences.push(format!("the history is {:?}", found.history));
        }
        if found.rows != self.undisturbed.rows {
            differences.push(format!("the rows are {:?}, not {:?}", found.rows, self.undisturbed.rows));
        }
        if found.schema != self.undisturbed.schema {
            differences.push(format!("the schema is\n{}\nnot\n{}", found.schema, self.undisturbed.schema));
        }
        if database.is_locked() {
            differences.push("the migration lock is still held".to_owned());
        }
        differences
    }
}

/// How many revisions a run has applied, as it says itself.
fn applied(output: &Output) -> usize {
    output.stderr.lines().filter(|line| line.trim_start().starts_with("Applied ")).count()
}

#[test]
fn a_database_that_was_changed_behind_our_back_differs() {
    let bench = Bench::new(Engine::Sqlite, 3);
    let database = TestDatabase::create(Engine::Sqlite);
    bench.upgrade(&database).run().expect_success();
    assert_eq!(bench.differences(&database), Vec::<String>::new());
    database.execute("DELETE FROM underpin_log WHERE revision = '0002'");
    database.execute("UPDATE items SET total = 7 WHERE id = 7");
    database.execute("CREATE TABLE more (id INTEGER)");
    assert_eq!(bench.differences(&database).len(), 4);
}
