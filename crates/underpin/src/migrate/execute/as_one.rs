//! Small upgrades that share one transaction of PostgreSQL, and one record: those that only make something
//! new, so that nobody waits for what they hold. Where one of them fails, nothing of them was done, and each
//! is sent again in a transaction of its own, which finds out which one it was.

use std::time::Instant;

use jiff::Timestamp;
use underpin_core::{dialect::Dialect, plan::Step};

use super::{
    Execution, Stretch, announce,
    failure::{self, Failure},
    road::Road,
    script::Script,
    transaction::Clock,
};
use crate::{
    database::{ErrorClass, Guard, Guarded, ScriptError},
    history::{State, Timing},
    telemetry::span,
};

impl Execution<'_> {
    /// Runs upgrades in one transaction.
    pub(super) async fn run_as_one(&mut self, steps: &[Step], index: usize, road: &mut Road) -> Stretch {
        let (started, since) = (Timestamp::now(), Instant::now());
        let last = road.last_transactional.is_some_and(|last| (index..index + steps.len()).contains(&last));
        let envelope = self.transaction_of(None, last, Clock::Engine);
        let (record, states) = self.record_of_all(steps);
        let mut script = Script::default();
        script.extend(envelope.open.iter().map(String::as_str));
        let statements = steps.iter().flat_map(|step| &step.statements);
        script.extend(statements.map(|statement| statement.text.as_str()));
        script.extend([record.as_str()]);
        script.extend(envelope.close.iter().map(String::as_str));
        span::revision(&steps[0]).in_scope(|| announce::statements(self.events, &steps[0]));

        let canceller = self.session.canceller();
        let text = script.text(0..script.parts.len());
        let sent = self.interrupt.guard(self.session.execute(&text), &canceller, None).await;
        match sent {
            // It ends with the commit, so that it is done, however late.
            Ok(Guard::Done(_) | Guard::DoneLate(..)) => {
                let done = self.arrive_as_one(steps, states, index, (road, since));
                Stretch { done, failure: None }
            }
            Err(guarded) => {
                let sure = is_surely_undone(&guarded) && self.send_regardless("ROLLBACK").await.is_ok();
                road.apart_until = index + steps.len();
                if sure {
                    return Stretch { done: Vec::new(), failure: None };
                }
                Stretch::failed(cut_off(steps, &guarded, started))
            }
        }
    }

    /// Takes note of steps that are done, each with its share of the time.
    fn arrive_as_one(
        &mut self,
        steps: &[Step],
        states: Vec<State>,
        index: usize,
        (road, since): (&mut Road, Instant),
    ) -> Vec<super::Finished> {
        let share = since.elapsed() / u32::try_from(steps.len()).unwrap_or(u32::MAX);
        let mut done = Vec::with_capacity(steps.len());
        for ((place, step), state) in steps.iter().enumerate().zip(states) {
            if place > 0 {
                announce::started(self.events, step, index + place, road.of);
                span::revision(step).in_scope(|| announce::statements(self.events, step));
            }
            done.push(announce::finished(self.events, step, share));
            self.advance(step, state);
        }
        road.announced = road.announced.max(index + steps.len());
        done
    }

    /// The one statement that records the steps, and the states that they lead to.
    fn record_of_all(&self, steps: &[Step]) -> (String, Vec<State>) {
        let dialect = Dialect::Postgres;
        let timing = Timing::Shared { steps: steps.len() };
        let (mut ledger, mut log) = (Vec::new(), Vec::new());
        let mut states: Vec<State> = Vec::new();
        for (step, position) in steps.iter().zip(self.position..) {
            ledger.push(self.ledger_record(step, position).row(dialect, self.actor, timing));
            log.push(super::record::attempt(step).row(dialect, self.actor, timing));
            let before = states.last().map_or(&self.state.digest, |state| &state.digest);
            states.push(State::after(before, step));
        }
        let ledger = self.tables.insert_into_ledger(dialect, &ledger);
        let log = self.tables.insert_into_log(dialect, &log);
        let state = states.last().unwrap_or(&self.state).replace(self.tables, &self.state.digest);
        (super::record::at_once(&ledger, &log, &state), states)
    }
}

/// Whether the server has said that the script failed, before its commit or with it.
const fn is_surely_undone(guarded: &Guarded<ScriptError>) -> bool {
    match guarded {
        Guarded::Failed(failure) | Guarded::Cancelled(_, failure) => {
            !matches!(failure.error.class, ErrorClass::ConnectionLost)
        }
        Guarded::NotSent(_) => true,
        Guarded::Abandoned(_) | Guarded::Late(_) => false,
    }
}

/// The failure where the server has said nothing, so that nobody knows whether there was a commit.
fn cut_off(steps: &[Step], guarded: &Guarded<ScriptError>, started: Timestamp) -> Failure {
    let what = match steps {
        [first, .., last] => {
            format!("in revisions {} to {}, which share a transaction", first.revision(), last.revision())
        }
        _ => "in a transaction".to_owned(),
    };
    let diagnostic = match guarded {
        Guarded::Failed(_) => failure::own(guarded, &format!("the connection broke {what}")),
        Guarded::Cancelled(stop, _)
        | Guarded::Abandoned(stop)
        | Guarded::NotSent(stop)
        | Guarded::Late(stop) => stop.diagnostic(&what),
    };
    Failure { connection_lost: true, ..Failure::new(diagnostic, started) }
}
