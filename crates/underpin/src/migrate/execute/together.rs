//! Small steps that travel together: their transactions (on SQLite, their savepoints) follow each other
//! in one script. Each is atomic for itself and is done when the engine says so; what stands behind
//! a failed one, the engine leaves out. A step that needs us while it runs travels alone.
//!
//! A single statement of SQLite needs no savepoint of its own: it takes back what it did when it fails ("ON CONFLICT
//! clause", ABORT, in its documentation). Nothing that travels here writes rows, and so meets a conflict clause or a
//! trigger that would have it otherwise (FAIL). The script as a whole has one, which tells afterwards whether the
//! transaction is still there.

use std::time::Instant;

use jiff::Timestamp;
use tracing::Span as TraceSpan;
use underpin_core::{
    dialect::Dialect,
    plan::Step,
    revision::{Direction, Language},
    sql,
};

use super::{
    Execution, Finished, Stretch, announce,
    road::Road,
    script::Script,
    transaction::{Clock, Envelope, SQLITE_SCRIPT, completed},
};
use crate::{
    database::{Guarded, ScriptError},
    history::{Prepared, State, Timing},
    migrate::Events,
    policy::TransactionMode,
    telemetry::span,
};

/// The most steps that travel together: when their client dies, the server may go on to the last.
const MOST_STEPS: usize = 32;

/// About as much text as is a pleasure to send, and to find in a server's log.
const MOST_BYTES: usize = SQLITE_SCRIPT;

/// What the record of a step adds to its text, roughly.
const RECORD_BYTES: usize = 1_000;

/// The savepoint around a script of SQLite, and its end.
const AROUND: (&str, &str) = ("SAVEPOINT underpin_script", "RELEASE underpin_script");

/// What takes back a step of several statements within it, and ends it.
const UNDO: &str = "ROLLBACK TO underpin_step; RELEASE underpin_step; RELEASE underpin_script";

/// What surrounds a step in the script, and the state after it.
struct Frame {
    envelope: Envelope,
    record: Vec<String>,
    state: State,
}

/// Where the parts of a step are in the script.
struct Span {
    /// Its first statement.
    first: usize,
    /// What follows all of it.
    end: usize,
}

impl Execution<'_> {
    /// How many of the next steps travel together; one at least.
    pub(super) fn fellows(&self, steps: &[Step]) -> usize {
        let (dialect, mut bytes) = (self.dialect(), 0);
        let fits = |step: &&Step| {
            bytes += size(dialect, step);
            bytes <= MOST_BYTES && self.may_have_fellows(step)
        };
        steps.iter().take(MOST_STEPS).take_while(fits).count().max(1)
    }

    fn may_have_fellows(&self, step: &Step) -> bool {
        if step.language == Language::Rust {
            // What it sends is known as it runs.
            return false;
        }
        let engine = match self.dialect() {
            // We time its statements, and check its foreign keys between statements and commit.
            Dialect::Sqlite => {
                self.limits.statement.is_none()
                    && !step.statements.iter().any(|statement| sql::may_break_foreign_keys(&statement.text))
            }
            Dialect::Postgres => self.mode != TransactionMode::All && !self.lock.is_transaction(),
            // It may take a cancelled statement for done, so that nothing may follow unseen.
            Dialect::Mysql => false,
        };
        engine
            && self.witness.is_none()
            && !self.occasion.watches_revisions()
            && step.transactional
            && !self.changes_settings(step)
    }

    /// Runs steps that travel together.
    pub(super) async fn run_together(&mut self, steps: &[Step], index: usize, road: &mut Road) -> Stretch {
        let prepared = self.prepared(steps, index);
        let frames = self.frames(steps, index, road.last_transactional, prepared.as_ref());
        let preparation = match (prepared, self.lock.fence_expression()) {
            (Some(prepared), Some(fence)) => {
                prepared.prepare(self.tables, self.actor, &format!("{}, {fence}", self.lock_limit()))
            }
            _ if self.has_savepoints() => vec![AROUND.0.to_owned()],
            _ => Vec::new(),
        };
        let (script, spans) = lay_out(&preparation, steps, &frames);
        let text = script.text(0..script.parts.len());
        let mut journey = Journey::begin(self.events, steps, &spans, (index, road.of));

        let canceller = self.session.canceller();
        let mut watch = |completed| journey.watch(completed);
        let sending = self.session.execute_watched(&text, &mut watch);
        let result = self.interrupt.guard(sending, &canceller, None).await;
        if result.is_ok() {
            journey.watch(usize::MAX);
        }
        let Journey { done, started, .. } = journey;
        road.announced = road.announced.max(index + (done.len() + 1).min(steps.len()));

        let mut stretch = Stretch { done: Vec::with_capacity(done.len()), failure: None };
        for ((step, frame), arrived) in steps.iter().zip(&frames).zip(done) {
            if self.lock.is_transaction() {
                let measured = (arrived.started, arrived.milliseconds());
                let kept = self.keep_measured_record(step, frame.state.clone(), measured).await;
                if let Err(failure) = kept {
                    stretch.failure = Some(failure);
                    return stretch;
                }
            } else {
                self.advance(step, frame.state.clone());
            }
            stretch.done.push(arrived.finished);
        }
        let place = stretch.done.len();
        let (Err(guarded), Some(step)) = (result, steps.get(place)) else { return stretch };
        if unread(&script, &spans, &guarded) {
            road.alone_until = index + steps.len();
            return stretch;
        }
        let failed = (completed(&guarded), guarded);
        let failure = self.locate(step, &script, spans[place].first, failed, started);
        stretch.failure = Some(self.undo(&frames[place].envelope, failure).await);
        stretch
    }

    fn prepared(&self, steps: &[Step], index: usize) -> Option<Prepared> {
        let upgrades = steps.iter().any(|step| step.direction == Direction::Upgrade);
        (upgrades && self.dialect() == Dialect::Postgres).then(|| Prepared::new(self.actor, index))
    }

    fn frames(
        &self,
        steps: &[Step],
        index: usize,
        last_transactional: Option<usize>,
        prepared: Option<&Prepared>,
    ) -> Vec<Frame> {
        let (mut digest, mut position) = (self.state.digest, self.position);
        let frame = |(place, step): (usize, &Step)| {
            let last = Some(index + place) == last_transactional;
            let mut envelope = self.envelope_among(step, last);
            let upgrade = step.direction == Direction::Upgrade;
            let (record, state) = match prepared.filter(|_| upgrade) {
                // SQLite's run is one transaction, which gets the records in batches.
                _ if self.lock.is_transaction() => (Vec::new(), State::after(&digest, step)),
                Some(prepared) => {
                    let name = self.settings.session_name(Some(step.revision()));
                    envelope.open = vec!["BEGIN".to_owned(), prepared.open(&name, last)];
                    let (record, state) = prepared.record(step, &self.ledger_record(step, position), &digest);
                    (vec![record], state)
                }
                None => self.record_after(step, Timing::InTransaction, &digest, position),
            };
            digest = state.digest;
            position += i64::from(upgrade);
            Frame { envelope, record, state }
        };
        let mut frames: Vec<Frame> = steps.iter().enumerate().map(frame).collect();
        if let (true, Some(last)) = (self.has_savepoints(), frames.last_mut()) {
            last.envelope.close.push(AROUND.1.to_owned());
        }
        frames
    }

    /// What surrounds a step among others.
    fn envelope_among(&self, step: &Step, last: bool) -> Envelope {
        let envelope = self.envelope(step, last, Clock::Engine);
        match (self.has_savepoints(), step.statements.len()) {
            (false, _) => envelope,
            (true, 0 | 1) => Envelope { open: Vec::new(), close: Vec::new(), undo: Some(AROUND.1) },
            (true, _) => Envelope { undo: Some(UNDO), ..envelope },
        }
    }

    /// Whether steps of SQLite are taken back one by one.
    fn has_savepoints(&self) -> bool {
        self.dialect() == Dialect::Sqlite && self.mode != TransactionMode::All
    }
}

/// About how much of a script a step is.
fn size(dialect: Dialect, step: &Step) -> usize {
    let statements: usize = step.statements.iter().map(|statement| statement.text.len()).sum();
    match dialect {
        // The records come later.
        Dialect::Sqlite => statements,
        Dialect::Postgres | Dialect::Mysql => {
            statements + step.downgrade.as_ref().map_or(0, |downgrade| downgrade.len()) + RECORD_BYTES
        }
    }
}

fn lay_out<'a>(preparation: &'a [String], steps: &'a [Step], frames: &'a [Frame]) -> (Script<'a>, Vec<Span>) {
    let mut script = Script::default();
    script.extend(preparation.iter().map(String::as_str));
    let mut spans = Vec::with_capacity(steps.len());
    for (step, frame) in steps.iter().zip(frames) {
        script.extend(frame.envelope.open.iter().map(String::as_str));
        let first = script.parts.len();
        script.extend(step.statements.iter().map(|statement| statement.text.as_str()));
        script.extend(frame.record.iter().map(String::as_str));
        script.extend(frame.envelope.close.iter().map(String::as_str));
        spans.push(Span { first, end: script.parts.len() });
    }
    (script, spans)
}

/// Whether PostgreSQL has run nothing because it can't read what stands further down: it reads a
/// whole script before it runs any of it ("Multiple Statements in a Simple Query" in the manual).
fn unread(script: &Script<'_>, spans: &[Span], guarded: &Guarded<ScriptError>) -> bool {
    let Guarded::Failed(failure) = guarded else { return false };
    let place = failure.error.position.and_then(|position| script.part_at(position));
    place.is_some_and(|(part, _)| part > failure.completed && part >= spans[0].end)
}

/// Steps on their way, while the engine tells how many statements are done.
struct Journey<'a> {
    events: &'a Events,
    steps: &'a [Step],
    spans: &'a [Span],
    /// The place of the first step among all, and how many these are.
    place: (usize, usize),
    done: Vec<Arrived>,
    /// The span of the step that is on its way.
    span: TraceSpan,
    /// When the step that is on its way started.
    started: Timestamp,
    since: Instant,
}

/// A step that is done.
struct Arrived {
    finished: Finished,
    started: Timestamp,
}

impl Arrived {
    fn milliseconds(&self) -> i64 {
        i64::try_from(self.finished.duration.as_millis()).unwrap_or(i64::MAX)
    }
}

impl<'a> Journey<'a> {
    fn begin(events: &'a Events, steps: &'a [Step], spans: &'a [Span], place: (usize, usize)) -> Self {
        let span = span::revision(&steps[0]);
        span.in_scope(|| announce::statements(events, &steps[0]));
        Self {
            events,
            steps,
            spans,
            place,
            done: Vec::new(),
            span,
            started: Timestamp::now(),
            since: Instant::now(),
        }
    }

    fn watch(&mut self, statements: usize) {
        while self.spans.get(self.done.len()).is_some_and(|span| span.end <= statements) {
            self.arrive();
        }
    }

    fn arrive(&mut self) {
        let step = &self.steps[self.done.len()];
        let finished = announce::finished(self.events, step, self.since.elapsed());
        self.done.push(Arrived { finished, started: self.started });
        self.started = Timestamp::now();
        self.since = Instant::now();
        let Some(next) = self.steps.get(self.done.len()) else {
            self.span = TraceSpan::none();
            return;
        };
        self.span = span::revision(next);
        announce::started(self.events, next, self.place.0 + self.done.len(), self.place.1);
        self.span.in_scope(|| announce::statements(self.events, next));
    }
}
