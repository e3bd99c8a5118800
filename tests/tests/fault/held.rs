//! A run that stands at a point, and what is done to it there: to the process, to its connection, to its session.

use underpin_tests::{
    Engine, Hold, Output, Program, Relay, Running, Signal, TestDatabase, on_every_engine, scale,
};

use super::Tally;
use super::chain::Chain;

/// What is done to a run that stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Kill,
    Terminate,
    Cut,
    EndSession,
}

impl Fault {
    const ALL: [Self; 4] = [Self::Kill, Self::Terminate, Self::Cut, Self::EndSession];

    fn name(self) -> &'static str {
        match self {
            Self::Kill => "`kill -9` of the process",
            Self::Terminate => "SIGTERM to the process",
            Self::Cut => "connection cut by a proxy",
            Self::EndSession => "session ended by an administrator",
        }
    }

    fn exists_on(self, engine: Engine) -> bool {
        match self {
            Self::Kill | Self::Terminate => true,
            Self::Cut | Self::EndSession => engine.is_server(),
        }
    }
}

on_every_engine! {
    fn a_run_is_finished_by_the_next_whatever_happens_to_it_at_any_point(engine) {
        let chain = Chain::new(engine);
        for (number, fault) in Fault::ALL.into_iter().filter(|fault| fault.exists_on(engine)).enumerate() {
            let mut tally = Tally::new(engine, fault.name());
            for (place, (point, passes)) in chain.points().into_iter().enumerate() {
                if scale::is_full() || is_short(fault, number + place, (point, passes)) {
                    tally.count(&disturb(&chain, engine, fault, point, passes));
                }
            }
            tally.report();
        }
    }
}

/// The short form: some points for each fault, and the one at which a record was lost once.
fn is_short(fault: Fault, place: usize, point: (&str, usize)) -> bool {
    match fault {
        Fault::Kill => place.is_multiple_of(3),
        Fault::Terminate | Fault::Cut | Fault::EndSession => {
            place.is_multiple_of(8) || point == ("statement-done", 0)
        }
    }
}

/// Holds a run at a point, does the fault to it, and starts it once more.
fn disturb(chain: &Chain, engine: Engine, fault: Fault, point: &'static str, passes: usize) -> Output {
    let context = format!("{} at {point}, {passes} passed", fault.name());
    let database = TestDatabase::create(engine);
    let mut relay = (fault == Fault::Cut).then(|| Relay::to(&database));
    let program = match &mut relay {
        Some(relay) => {
            relay.open();
            chain.upgrade(&database).database(relay.url())
        }
        None => chain.upgrade(&database),
    };
    let hold = Hold::at(point, passes);
    let mut running = hold.on(&program).spawn();
    let reached = hold.is_reached(&mut running);
    assert!(reached, "{engine}: {context}: it never came there: {}", running.stderr());
    let output = match fault {
        Fault::Kill => running.kill(),
        Fault::Terminate => {
            running.signal(Signal::Terminate);
            // Its handler has to have heard of it before the run goes on.
            std::thread::sleep(std::time::Duration::from_millis(100));
            go_on(&hold, running)
        }
        Fault::Cut => {
            if let Some(relay) = &mut relay {
                relay.open();
            }
            go_on(&hold, running)
        }
        Fault::EndSession => {
            end_sessions(&database);
            go_on(&hold, running)
        }
    };
    assert_told(&database, fault, &output, &context);
    chain.finish(&database, &program, &format!("{context}: {output}"));
    output
}

fn go_on(hold: &Hold, running: Running) -> Output {
    hold.release();
    running.wait()
}

/// Ends everybody's session but our own.
fn end_sessions(database: &TestDatabase) {
    for session in database.sessions() {
        let end = match database.engine() {
            Engine::Sqlite | Engine::Postgres => format!("SELECT pg_terminate_backend({})", session.id),
            Engine::Mysql | Engine::Mariadb => format!("KILL {}", session.id),
        };
        // It may have ended by itself.
        let _ = database.try_query(&end);
    }
}

/// Asserts that a run which met a fault says so, and that one which says that it is done is.
fn assert_told(database: &TestDatabase, fault: Fault, output: &Output, context: &str) {
    let engine = database.engine();
    let expected: &[i32] = match fault {
        Fault::Kill => return assert_eq!(output.code(), None, "{engine}: {context}: {output}"),
        Fault::Terminate => &[0, 5, 130],
        Fault::Cut | Fault::EndSession => &[0, 3, 5],
    };
    let code = output.code().unwrap_or(-1);
    assert!(expected.contains(&code), "{engine}: {context}: {output}");
    if code == 0 {
        assert_eq!(underpin_tests::History::of(database).applied().len(), 4, "{engine}: {context}: {output}");
    } else {
        assert!(output.stderr.contains("= state: "), "{engine}: {context}: no state in {output}");
    }
}

/// Not used where the program under test has no points, which is said at once and not by a test that waits.
#[test]
fn the_program_has_points() {
    let (database, hold) = (TestDatabase::create(Engine::Sqlite), Hold::at("locked", 0));
    let chain = Chain::new(Engine::Sqlite);
    let program: Program = hold.on(&chain.upgrade(&database));
    let mut running = program.spawn();
    assert!(
        hold.is_reached(&mut running),
        "build it with the feature test-points: cargo build --workspace --all-features --bins"
    );
    running.kill();
}
