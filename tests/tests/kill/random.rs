//! Kills at instants spread evenly over a whole run: before there is a history, between two revisions, inside of
//! one, and when everything is done already. Which statement is hit is left to chance, and counted.

use std::thread;
use std::time::Duration;

use fastrand::Rng;
use underpin_tests::{Engine, Output, TestDatabase, on_every_engine, scale};

use super::{Bench, applied};

const LENGTH: usize = 20;

on_every_engine! {
    fn a_run_that_is_killed_at_any_instant_is_finished_by_the_next(engine) {
        let bench = Bench::new(engine, LENGTH);
        let (kills, seed) = (scale::rounds("UNDERPIN_KILLS", 12, 200), scale::seed());
        let mut tally = Tally::default();
        // A run that was over before its instant came was not killed, and another takes its place: the machine
        // may have been busier when the undisturbed run was timed.
        let mut number = 0;
        while number < kills + tally.ended && number < kills * 3 {
            let mut random = Rng::with_seed(seed.wrapping_add(number as u64));
            // A tenth more, so that also the very end is hit.
            let instant = bench.duration.mul_f64(random.f64() * 1.1);
            let way = Way { looks: random.bool(), without_transactions: random.bool() };
            if let Err(problems) = kill_and_go_on(&bench, instant, way, &mut tally) {
                panic!("{engine}: UNDERPIN_SEED={seed}, kill {number} after {instant:?}: {problems}");
            }
            number += 1;
        }
        let kills = number - tally.ended;
        scale::report(&format!(
            "{engine}: {kills} kills within {:?} (UNDERPIN_SEED={seed}): {tally}", bench.duration.mul_f64(1.1)
        ));
        // With few kills chance may miss; with many it may not.
        assert!(kills > 0 && (kills < 50 || tally.between * 5 > kills), "too few of the kills hit the middle: {tally}");
    }
}

/// What the kills hit.
#[derive(Debug, Default)]
struct Tally {
    /// Nothing was applied yet.
    before: usize,
    /// Some revisions were applied, others not.
    between: usize,
    /// Everything was applied.
    behind: usize,
    /// Of all of them: a revision was left half-way.
    half_way: usize,
    /// Of all of them: the process had ended by itself.
    ended: usize,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { before, between, behind, half_way, ended } = self;
        write!(
            formatter,
            "{before} with nothing applied, {between} in the middle, {behind} with everything applied \
             (of all of them {ended} were over and not killed); {half_way} seen inside a revision"
        )
    }
}

/// How one kill differs from another but for its instant.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// Whether somebody looks in between, once the server has finished what it was doing for the dead; otherwise the
    /// next start comes at once. On SQLite the former also have a write-ahead log.
    looks: bool,
    /// Whether the run that is killed was told to use no transactions, so that on PostgreSQL and SQLite as well every
    /// statement depends on the journal. The next start is an ordinary one.
    without_transactions: bool,
}

/// One run that is killed, and one that is not.
fn kill_and_go_on(bench: &Bench, instant: Duration, way: Way, tally: &mut Tally) -> Result<(), String> {
    let database = TestDatabase::create(bench.engine);
    if bench.engine == Engine::Sqlite && way.looks {
        database.execute("PRAGMA journal_mode = WAL");
    }
    let mode = if way.without_transactions { "none" } else { "each" };
    let running = bench.upgrade(&database).args(["--tx-mode", mode]).spawn();
    thread::sleep(instant);
    let killed = running.kill();
    tally.ended += usize::from(killed.signal().is_none());
    if way.looks {
        wait_for_the_dead(&database)?;
        let contradictions = bench.workload.contradictions(&database);
        if !contradictions.is_empty() {
            return Err(format!("after the kill: {}", contradictions.join("; ")));
        }
        tally.half_way += usize::from(underpin_tests::History::of(&database).dirty.is_some());
    }
    let next = bench.upgrade(&database).run();
    if next.code() != Some(0) {
        return Err(format!("the next start failed: {next}\nthe killed one: {killed}"));
    }
    count(&next, tally);
    let differences = bench.differences(&database);
    if differences.is_empty() {
        Ok(())
    } else {
        Err(format!("{}\nthe next start: {next}", differences.join("\n")))
    }
}

fn count(next: &Output, tally: &mut Tally) {
    match applied(next) {
        LENGTH => tally.before += 1,
        0 => tally.behind += 1,
        _ => tally.between += 1,
    }
}

/// Waits until the server has ended the sessions of a process that is gone.
fn wait_for_the_dead(database: &TestDatabase) -> Result<(), String> {
    const STEP: Duration = Duration::from_millis(10);
    for _ in 0..3_000 {
        if database.sessions().is_empty() {
            return Ok(());
        }
        thread::sleep(STEP);
    }
    Err(format!("the sessions of the killed process are still there: {:?}", database.sessions()))
}

#[test]
fn a_kill_is_counted_by_what_was_left_to_do() {
    let mut tally = Tally::default();
    let bench = Bench::new(Engine::Sqlite, LENGTH);
    for instant in [Duration::ZERO, bench.duration * 10] {
        let way = Way { looks: true, without_transactions: false };
        kill_and_go_on(&bench, instant, way, &mut tally).unwrap();
    }
    assert_eq!((tally.before, tally.behind, tally.ended), (1, 1, 1), "{tally}");
}
