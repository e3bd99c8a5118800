//! The numbers of runs, by the facade of the crate `metrics`: whoever has set up a recorder gets them,
//! and without the feature `metrics` nobody does. No label holds an id or SQL, so that the number of
//! series stays what it is.

use std::time::Duration;

use underpin_core::{diagnostic::ErrorKind, dialect::Flavour, plan::Step, revision::Phase};

use super::WatchedState;
use crate::{
    history::Outcome,
    migrate::{Event, RunReport, Status},
};

/// A number: its name, what it is, and what it means.
type Definition = (&'static str, Kind, &'static str);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Gauge,
    Counter,
    Seconds,
}

const INFO: &str = "underpin_info";
const APPLIED: &str = "underpin_migrations_applied";
const PENDING: &str = "underpin_migrations_pending";
const DEFERRED: &str = "underpin_migrations_deferred";
const STATE: &str = "underpin_state";
const RUNS: &str = "underpin_runs_total";
const DURATION: &str = "underpin_migration_duration_seconds";
const LOCK_WAIT: &str = "underpin_lock_wait_seconds";
const LOCK_HELD: &str = "underpin_lock_held";
const RETRIES: &str = "underpin_retries_total";
const BACKFILL_ROWS: &str = "underpin_backfill_rows";
const BACKFILL_DONE: &str = "underpin_backfill_done_ratio";
const BACKUP_DURATION: &str = "underpin_backup_duration_seconds";
const BACKUP_SIZE: &str = "underpin_backup_size_bytes";
const LAST_SUCCESS: &str = "underpin_last_success_timestamp_seconds";

/// The one table of numbers, which the guide repeats.
const DEFINITIONS: [Definition; 15] = [
    (INFO, Kind::Gauge, "1, with the version of Underpin and the engine"),
    (APPLIED, Kind::Gauge, "How many revisions are applied"),
    (PENDING, Kind::Gauge, "How many revisions are not applied"),
    (DEFERRED, Kind::Gauge, "How many contract revisions wait for older replicas"),
    (STATE, Kind::Gauge, "1 for the state that the database is in, 0 for every other"),
    (RUNS, Kind::Counter, "Runs, by how they ended"),
    (DURATION, Kind::Seconds, "How long revisions took, by their phase and how they ended"),
    (LOCK_WAIT, Kind::Seconds, "How long the migration lock was waited for"),
    (LOCK_HELD, Kind::Gauge, "1 while this process holds the migration lock"),
    (RETRIES, Kind::Counter, "What was tried again, by the reason"),
    (BACKFILL_ROWS, Kind::Gauge, "How many rows the batches that ran last have changed"),
    (BACKFILL_DONE, Kind::Gauge, "The share of them that is done, where that can be told"),
    (BACKUP_DURATION, Kind::Seconds, "How long backups took"),
    (BACKUP_SIZE, Kind::Gauge, "How large the newest backup of this process is"),
    (LAST_SUCCESS, Kind::Gauge, "When a run last ended well, in seconds since 1970"),
];

/// Says what the numbers mean, to a recorder that may have been set up a moment ago.
pub(crate) fn describe() {
    for (name, kind, meaning) in DEFINITIONS {
        sink::describe(name, kind, meaning);
    }
}

/// A database has answered.
pub(crate) fn connected(flavour: Flavour) {
    sink::gauge(INFO, &[("version", env!("CARGO_PKG_VERSION")), ("dialect", flavour.name())], 1.0);
}

/// Connecting is tried again.
pub(crate) fn reconnecting() {
    sink::count(RETRIES, &[("reason", "connect")]);
}

/// So many revisions are applied.
pub(crate) fn applied(revisions: usize) {
    sink::gauge(APPLIED, &[], number(revisions));
}

/// One revision was tried.
pub(crate) fn revision(step: &Step, duration: Duration, outcome: Outcome) {
    let kind = match step.header.phase {
        Some(Phase::Expand) => "expand",
        Some(Phase::Contract) => "contract",
        None => "plain",
    };
    sink::seconds(DURATION, &[("kind", kind), ("outcome", outcome.name())], duration);
}

/// What the events of a run say.
pub(crate) fn note(event: &Event) {
    match event {
        Event::Queued | Event::Waiting { .. } => state(WatchedState::WaitingLock),
        Event::Locked { milliseconds } => {
            sink::seconds(LOCK_WAIT, &[], Duration::from_millis(*milliseconds));
            sink::gauge(LOCK_HELD, &[], 1.0);
        }
        Event::Planned { .. } => state(WatchedState::Running),
        Event::Blocked { reason, .. } => {
            if let &Some(reason) = reason {
                sink::count(RETRIES, &[("reason", reason)]);
            }
        }
        Event::BackedUp { bytes, milliseconds, .. } => {
            sink::seconds(BACKUP_DURATION, &[], Duration::from_millis(*milliseconds));
            sink::gauge(BACKUP_SIZE, &[], number(usize::try_from(*bytes).unwrap_or(usize::MAX)));
        }
        Event::Batch { rows, percent, .. } => {
            sink::gauge(BACKFILL_ROWS, &[], number(usize::try_from(*rows).unwrap_or(usize::MAX)));
            if let Some(percent) = percent {
                sink::gauge(BACKFILL_DONE, &[], f64::from(*percent) / 100.0);
            }
        }
        Event::Connected { .. }
        | Event::Inspected { .. }
        | Event::Deferred { .. }
        | Event::BackingUp
        | Event::RestoringInPlace { .. }
        | Event::ProvisionalTable { .. }
        | Event::RevisionStarted { .. }
        | Event::Resumed { .. }
        | Event::Statement { .. }
        | Event::Working { .. }
        | Event::RevisionApplied { .. }
        | Event::EditedDowngrade { .. }
        | Event::RevisionsUndone { .. }
        | Event::Verified
        | Event::Done { .. }
        | Event::Failed { .. } => {}
    }
}

/// The migration lock is given back, or its session has ended.
pub(crate) fn unlocked() {
    sink::gauge(LOCK_HELD, &[], 0.0);
}

/// A run is over.
pub(crate) fn ended(report: &RunReport, outcome: &'static str, failed: Option<WatchedState>) {
    sink::count(RUNS, &[("outcome", outcome)]);
    // What was never looked at has told nothing of what is pending.
    if report.looked {
        standing(report.pending.len(), report.deferred.len());
    }
    match failed {
        Some(failed) => state(failed),
        None => {
            state(WatchedState::of_run(report, None));
            let now = jiff::Timestamp::now();
            sink::gauge(LAST_SUCCESS, &[], now.as_duration().as_secs_f64());
        }
    }
}

/// A look that was no run.
pub(crate) fn looked(status: &Status) {
    judged(status, false);
}

/// The look of a health check, which knows what the service was to do: a start that failed stays failed for
/// as long as nobody has put it right.
pub(crate) fn judged(status: &Status, failed: bool) {
    standing(status.pending.len(), status.deferred.len());
    state(WatchedState::of_status(status).judged(failed));
}

/// A start failed, whether or not the service lives with it, and whatever was looked at since.
pub(crate) fn start_failed(error: ErrorKind) {
    state(WatchedState::of_error(error));
}

/// A database could not be looked at. What was pending when it last could is left as it was.
pub(crate) fn unseen() {
    state(WatchedState::Failed);
}

fn standing(pending: usize, deferred: usize) {
    sink::gauge(PENDING, &[], number(pending));
    sink::gauge(DEFERRED, &[], number(deferred));
}

fn state(now: WatchedState) {
    for state in WatchedState::ALL {
        let value = if state == now { 1.0 } else { 0.0 };
        sink::gauge(STATE, &[("state", state.name())], value);
    }
}

/// No count of revisions, rows or bytes comes near to what a float can't hold.
#[allow(clippy::cast_precision_loss, reason = "see above")]
const fn number(count: usize) -> f64 {
    count as f64
}

type Labels<'a> = &'a [(&'static str, &'static str)];

/// Where the numbers go.
#[cfg(feature = "metrics")]
mod sink {
    use std::time::Duration;

    use metrics::{Label, SharedString};

    use super::{Kind, Labels};

    pub(super) fn describe(name: &'static str, kind: Kind, meaning: &'static str) {
        let meaning = SharedString::const_str(meaning);
        match kind {
            Kind::Gauge => metrics::describe_gauge!(name, meaning),
            Kind::Counter => metrics::describe_counter!(name, meaning),
            Kind::Seconds => metrics::describe_histogram!(name, metrics::Unit::Seconds, meaning),
        }
    }

    pub(super) fn gauge(name: &'static str, labels: Labels<'_>, value: f64) {
        metrics::gauge!(name, owned(labels)).set(value);
    }

    pub(super) fn count(name: &'static str, labels: Labels<'_>) {
        metrics::counter!(name, owned(labels)).increment(1);
    }

    pub(super) fn seconds(name: &'static str, labels: Labels<'_>, value: Duration) {
        metrics::histogram!(name, owned(labels)).record(value.as_secs_f64());
    }

    fn owned(labels: Labels<'_>) -> Vec<Label> {
        labels.iter().map(|&(name, value)| Label::from_static_parts(name, value)).collect()
    }
}

/// Nowhere.
#[cfg(not(feature = "metrics"))]
mod sink {
    use std::time::Duration;

    use super::{Kind, Labels};

    pub(super) const fn describe(_: &'static str, _: Kind, _: &'static str) {}
    pub(super) const fn gauge(_: &'static str, _: Labels<'_>, _: f64) {}
    pub(super) const fn count(_: &'static str, _: Labels<'_>) {}
    pub(super) const fn seconds(_: &'static str, _: Labels<'_>, _: Duration) {}
}

#[cfg(all(test, feature = "metrics"))]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;
    use underpin_core::revision::RevisionId;

    use super::*;

    /// What a recorder has after some work.
    fn recorded(work: impl FnOnce()) -> String {
        let recorder = PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, work);
        recorder.handle().render()
    }

    #[test]
    fn one_state_holds_at_a_time() {
        let text = recorded(|| {
            note(&Event::Waiting { holder: None, milliseconds: 1_000 });
            note(&Event::Planned { revisions: 1, from: Vec::new(), to: Vec::new() });
        });
        assert!(text.contains("underpin_state{state=\"running\"} 1\n"), "{text}");
        assert!(text.contains("underpin_state{state=\"waiting_lock\"} 0\n"), "{text}");
        assert_eq!(text.matches("underpin_state{").count(), 9);
        assert_eq!(text.matches("} 1\n").count(), 1, "{text}");
    }

    #[test]
    fn the_end_of_a_run_is_counted_and_what_it_did_not_see_is_not_told() {
        let id = || vec![RevisionId::new("0001").expect("an id")];
        let text = recorded(|| {
            describe();
            connected(Flavour::Mariadb);
            applied(3);
            note(&Event::Locked { milliseconds: 1_500 });
            let report = RunReport { looked: true, pending: id(), ..RunReport::default() };
            ended(&report, "applied", None);
            unlocked();
            ended(&RunReport::default(), "failed", Some(WatchedState::Failed));
        });
        let version = env!("CARGO_PKG_VERSION");
        for line in [
            &format!("underpin_info{{version=\"{version}\",dialect=\"mariadb\"}} 1"),
            "# HELP underpin_lock_wait_seconds How long the migration lock was waited for",
            "underpin_migrations_applied 3",
            "underpin_migrations_pending 1",
            "underpin_runs_total{outcome=\"applied\"} 1",
            "underpin_runs_total{outcome=\"failed\"} 1",
            "underpin_lock_wait_seconds_sum 1.5",
            "underpin_lock_held 0",
            "underpin_state{state=\"failed\"} 1",
        ] {
            assert!(text.lines().any(|there| there == line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn every_name_follows_the_rules_of_prometheus() {
        for (name, kind, meaning) in DEFINITIONS {
            assert!(name.starts_with("underpin_") && !meaning.is_empty(), "{name}");
            assert_eq!(name.ends_with("_total"), kind == Kind::Counter, "{name}");
            assert!(name.ends_with("_seconds") || kind != Kind::Seconds, "{name}");
        }
    }
}
