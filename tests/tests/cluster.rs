//! Runs at several servers that all take writes, and that don't know of each other's locks: members of a Galera cluster,
//! and of a MySQL group with several primaries. Runs at one server are elsewhere.

use std::thread;

use underpin_tests::{
    Engine, History, Hold, OwnServer, Picture, Program, Project, Running, Signal, TestDatabase, Workload,
    scale,
};

/// How many runs start at once, at one member and the other by turns.
const PROCESSES: usize = 8;

const LENGTH: usize = 8;

/// A chain of revisions that is brought to a database of the cluster, at either of two members.
struct Chain<'a> {
    cluster: &'a OwnServer,
    workload: Workload,
    project: Project,
}

impl<'a> Chain<'a> {
    fn new(cluster: &'a OwnServer) -> Self {
        let (project, workload) = (Project::new(), Workload::new(Engine::Mariadb, LENGTH));
        workload.write(&project);
        Self { cluster, workload, project }
    }

    /// A fresh database, as two members have it.
    fn members(&self) -> [TestDatabase; 2] {
        let database = self.cluster.database();
        let beside = self.cluster.beside(&database);
        [database, beside]
    }

    fn upgrade(&self, database: &TestDatabase) -> Program {
        self.project.underpin_on(database).arg("upgrade")
    }

    /// A run that stands still at a point, alive.
    fn held(&self, database: &TestDatabase, hold: &Hold) -> Running {
        let mut running = hold.on(&self.upgrade(database)).spawn();
        assert!(hold.is_reached(&mut running), "{}", running.stderr());
        running
    }

    /// Everything is there once, as one member and the other see it.
    fn assert_whole(&self, members: &[TestDatabase], context: &str) {
        for database in members {
            // Not before this member has what the other has committed.
            database.query("SET SESSION wsrep_sync_wait = 15; SELECT 1");
            let history = History::of(database);
            assert_eq!(history.applied(), self.workload.ids(), "{context}");
            assert_eq!(self.workload.contradictions(database), Vec::<String>::new(), "{context}");
        }
        assert_eq!(tenants(&members[0]), 0, "{context}: somebody still has the lease");
    }
}

/// How many hold the lease.
fn tenants(database: &TestDatabase) -> usize {
    database.query("SELECT run FROM underpin_lease WHERE run IS NOT NULL").len()
}

#[test]
fn replicas_at_different_members_of_a_galera_cluster_migrate_once() {
    Engine::Mariadb.run(|_| {
        let Some(mut cluster) = OwnServer::start_cluster() else { return };
        let chain = &Chain::new(&cluster);
        // Each has a database, and so a lock, of its own; what they wait for is time.
        thread::scope(|scope| {
            scope.spawn(move || race(chain));
            for point in [("statement-started", 2), ("statement-done", 3), ("history-created", 0)] {
                scope.spawn(move || (0..2).for_each(|next| the_dead_are_succeeded(chain, next, point)));
            }
            scope.spawn(move || the_living_are_not(chain));
            for point in [("between-revisions", 1), ("statement-started", 1), ("statement-done", 2)] {
                scope.spawn(move || the_paused_write_no_more(chain, point));
            }
            scope.spawn(move || a_paused_transaction_is_not_committed(chain.cluster));
            scope.spawn(move || whoever_is_unlocked_writes_no_more(chain));
        });
        a_member_is_lost(&mut cluster);
    });
}

/// Many start at once, on an empty database and at two members: each revision is applied once, and all succeed.
fn race(chain: &Chain<'_>) {
    let rounds = scale::rounds("UNDERPIN_CLUSTER_RACES", 3, 50);
    for round in 0..rounds {
        let members = chain.members();
        let running: Vec<_> =
            (0..PROCESSES).map(|number| chain.upgrade(&members[number % 2]).spawn()).collect();
        for running in running {
            let output = running.wait();
            assert_eq!(output.code(), Some(0), "round {round}: {output}");
        }
        let context = format!("round {round}");
        assert_eq!(
            History::of(&members[0]).complaints(&chain.workload.ids()),
            Vec::<String>::new(),
            "{context}"
        );
        chain.assert_whole(&members, &context);
    }
    scale::report(&format!("Galera: {rounds} races of {PROCESSES} processes at two members"));
}

/// A run is killed. At its own member the next goes on at once, for the server knows that its session has ended; at
/// another one the next waits until it has seen that nobody beats.
fn the_dead_are_succeeded(chain: &Chain<'_>, next: usize, (point, passes): (&'static str, usize)) {
    let members = chain.members();
    let hold = Hold::at(point, passes);
    chain.held(&members[0], &hold).kill();
    assert_eq!(tenants(&members[0]), 1, "{point}: who is killed gives nothing back");
    // The one at the same member would be refused if it had to wait as long as the other.
    let patience = if next == 0 { "15s" } else { "90s" };
    let output = chain.upgrade(&members[next]).args(["--lock-timeout", patience]).run().expect_success();
    let context = format!("killed at {point}, gone on at member {next}: {output}");
    assert!(output.stderr.contains("was taken over from a run that has ended"), "{context}");
    chain.assert_whole(&members, &context);
}

/// Who lives keeps the lease, however long it takes, and is named to who waits.
fn the_living_are_not(chain: &Chain<'_>) {
    let members = chain.members();
    let hold = Hold::at("statement-started", 1);
    let running = chain.held(&members[0], &hold);
    let waiting = chain.upgrade(&members[1]).args(["--lock-timeout", "26s"]).run().expect_code(6);
    assert!(waiting.stderr.contains("at member-0"), "{waiting}");
    assert!(waiting.stderr.contains("underpin unlock"), "{waiting}");
    hold.release();
    running.wait().expect_success();
    chain.assert_whole(&members, "somebody waited in vain");
}

/// Who is paused for so long that somebody takes over finds that out before it writes anything more.
fn the_paused_write_no_more(chain: &Chain<'_>, (point, passes): (&'static str, usize)) {
    let members = chain.members();
    let hold = Hold::at(point, passes);
    let mut paused = chain.held(&members[0], &hold);
    paused.signal(Signal::Stop);
    let next = chain.upgrade(&members[1]).args(["--lock-timeout", "90s"]).run().expect_success();
    assert!(next.stderr.contains("was taken over from a run that has ended"), "{next}");
    hold.release();
    paused.signal(Signal::Continue);
    let paused = paused.wait();
    let context = format!("paused at {point}: {paused}");
    assert!(paused.stderr.contains("the migration lock is not ours any more"), "{context}");
    chain.assert_whole(&members, &context);
}

/// The same for a revision that is one transaction, and was paused when only its end was to come.
fn a_paused_transaction_is_not_committed(cluster: &OwnServer) {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "items",
        "CREATE TABLE items (id INT PRIMARY KEY AUTO_INCREMENT, n INT);",
        None,
    );
    project.revision("0002", &["0001"], "rows", "INSERT INTO items (n) VALUES (1);", None);
    let database = cluster.database();
    let hold = Hold::at("before-commit", 0);
    let mut paused = hold.on(&project.underpin_on(&database).arg("upgrade")).spawn();
    assert!(hold.is_reached(&mut paused), "{}", paused.stderr());
    paused.signal(Signal::Stop);
    let next = project.underpin_on(&cluster.beside(&database)).args(["upgrade", "--lock-timeout", "90s"]);
    next.run().expect_success();
    hold.release();
    paused.signal(Signal::Continue);
    let paused = paused.wait();
    assert_ne!(paused.code(), Some(0), "{paused}");
    assert_eq!(database.query("SELECT n FROM items"), [[Some("1".to_owned())]], "{paused}");
    assert_eq!(History::of(&database).applied(), ["0001", "0002"], "{paused}");
}

/// `unlock`, said at another member, takes the lock from a run that hangs.
fn whoever_is_unlocked_writes_no_more(chain: &Chain<'_>) {
    let members = chain.members();
    let hold = Hold::at("between-revisions", 2);
    let running = chain.held(&members[0], &hold);
    let status = chain.project.underpin_on(&members[1]).args(["doctor"]).run();
    assert!(status.text().contains("at member-0"), "{status}");
    let unlocked = chain.project.underpin_on(&members[1]).args(["unlock", "--yes"]).run().expect_success();
    assert!(unlocked.text().contains("at member-0"), "{unlocked}");
    hold.release();
    let output = running.wait();
    assert!(output.stderr.contains("the migration lock is not ours any more"), "{output}");
    chain.upgrade(&members[1]).run().expect_success();
    chain.assert_whole(&members, "unlocked at another member");
}

/// The server that a run is at is killed, and the next run is at another.
fn a_member_is_lost(cluster: &mut OwnServer) {
    let (members, hold) = (Chain::new(cluster).members(), Hold::at("statement-started", 3));
    let running = Chain::new(cluster).held(&members[0], &hold);
    cluster.kill_one(0);
    hold.release();
    let output = running.wait();
    assert!(matches!(output.code(), Some(3..=5)), "{output}");
    let chain = Chain::new(cluster);
    let output = chain.upgrade(&members[1]).args(["--lock-timeout", "90s"]).run().expect_success();
    chain.assert_whole(&members[1..], &format!("the server of the first run was killed: {output}"));
}

/// In a group with several primaries nobody can tell what became of a schema change at another one.
#[test]
fn a_group_of_mysql_with_several_primaries_is_refused() {
    Engine::Mysql.run(|engine| {
        let Some(server) = OwnServer::start(engine) else { return };
        let database = server.database();
        database.execute("INSTALL PLUGIN group_replication SONAME 'group_replication.so'");
        database.execute("SET GLOBAL group_replication_group_name = '6e7d9d9c-0000-11f0-8000-000000000002'");
        let (project, workload) = (Project::new(), Workload::new(engine, 2));
        workload.write(&project);
        let upgrade = project.underpin_on(&database).arg("upgrade");
        database.execute("SET GLOBAL group_replication_single_primary_mode = OFF");
        let output = upgrade.run().expect_code(2);
        assert!(output.stderr.contains("one of a group with several primaries"), "{output}");
        assert!(output.stderr.contains("nothing was changed"), "{output}");
        assert_eq!(database.query("SHOW TABLES").len(), 0, "{output}");
        upgrade.clone().env("UNDERPIN_LOCK_MODE", "session").run().expect_success();
        database.execute("SET GLOBAL group_replication_single_primary_mode = ON");
        upgrade.run().expect_success();
        assert_eq!(Picture::of(&database).history.complaints(&workload.ids()), Vec::<String>::new());
    });
}
