//! Following a run: its events as lines of talk or as JSON, a progress bar on a terminal, and
//! elsewhere a word every ten seconds while a statement takes its time.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use underpin_core::{
    diagnostic::Diagnostic,
    revision::{Direction, RevisionId},
};
use unicode_width::UnicodeWidthStr as _;

use super::{
    connecting::Connecting,
    failure::Form,
    output::{DIM, Output, VERB, WARNING},
    words::{count, duration, newer},
};
use crate::{
    migrate::{Event, Observer, Phase, RunReport, at},
    source::ShortIds,
};

/// How long a statement may take before, and between, words about it.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// The columns of a line about a revision: what it is, how many statements it has, its time.
const TITLE: usize = 40;
const STATEMENTS: usize = 15;

/// Somebody who follows a run.
pub(super) struct Follower {
    output: Arc<Output>,
    ids: ShortIds,
    connecting: Connecting,
    underway: Mutex<Option<Underway>>,
    bar: Mutex<Option<ProgressBar>>,
}

/// The statement that is under way.
struct Underway {
    revision: RevisionId,
    statement: usize,
    of: usize,
    since: Instant,
    told: Instant,
    /// How far the server says that it is, where it says so.
    share: Option<String>,
}

/// An event as one line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    event: &'a Event,
    phase: Phase,
}

/// The last line of a run that went well.
#[derive(Serialize)]
struct Done<'a> {
    event: &'static str,
    revisions: usize,
    milliseconds: u64,
    current: &'a [RevisionId],
    /// What is applied and not known here.
    unknown: &'a [RevisionId],
    phase: Phase,
}

/// The last line of a run that did not.
#[derive(Serialize)]
struct Failed<'a> {
    event: &'static str,
    #[serde(flatten)]
    error: Form<'a>,
    phase: Phase,
}

/// Says that a restore drops what is there before it has anything to put in its place.
pub(super) fn say_in_place(output: &Output, reason: &str) {
    output.say_in(WARNING, "Dropping", format_args!("everything before the backup is loaded: {reason}"));
}

impl Follower {
    pub(super) fn new(output: Arc<Output>, ids: ShortIds) -> Arc<Self> {
        Arc::new(Self {
            output,
            ids,
            connecting: Connecting::default(),
            underway: Mutex::new(None),
            bar: Mutex::new(None),
        })
    }

    /// What is to be given to the migrator.
    pub(super) fn observer(self: &Arc<Self>) -> Observer {
        let follower = Arc::clone(self);
        Arc::new(move |event| follower.hear(event))
    }

    /// Waits for a run, and tells how it ended.
    pub(super) async fn follow(
        &self,
        run: impl Future<Output = Result<RunReport, Diagnostic>>,
    ) -> Result<RunReport, Diagnostic> {
        let result = self.accompany_from_connecting(run).await;
        match &result {
            Ok(report) => self.done(report),
            Err(error) => self.failed(error),
        }
        result
    }

    /// Waits for a run whose end is somebody else's to tell.
    pub(super) async fn accompany<T>(&self, run: impl Future<Output = T>) -> T {
        let result = tokio::select! {
            result = run => result,
            never = self.beat() => match never {},
        };
        self.set_bar(None);
        result
    }

    /// The same for a run that begins with connecting to its database, and tells when that is done.
    pub(super) async fn accompany_from_connecting<T>(&self, run: impl Future<Output = T>) -> T {
        self.connecting.begin(Instant::now());
        let result = self.accompany(run).await;
        self.connecting.end();
        result
    }

    /// Says that a run failed, where programs listen.
    pub(super) fn failed(&self, error: &Diagnostic) {
        if self.output.is_json() {
            self.output.value(&Failed { event: "failed", error: Form::of(error), phase: Phase::Done });
        }
    }

    fn done(&self, report: &RunReport) {
        self.output.achieved(format!("the run is done, and the database is at {}", at(&report.current)));
        if !report.unknown.is_empty() {
            self.output.warn(newer(&report.unknown));
        }
        if self.output.is_json() {
            self.output.value(&Done {
                event: "done",
                revisions: report.revisions.len(),
                milliseconds: crate::migrate::milliseconds(report.duration),
                current: &report.current,
                unknown: &report.unknown,
                phase: Phase::Done,
            });
        } else if report.changed() {
            let revisions = count(report.revisions.len(), "revision");
            self.output.say("Done", format_args!("{revisions} in {}", duration(report.duration)));
        } else {
            let stands = match (report.pending.is_empty(), report.unknown.is_empty()) {
                (true, true) => "the database is up to date, at",
                (true, false) => "every revision here is applied; the database is at",
                (false, _) => "the database is at",
            };
            let at = self.ids.at(&report.current);
            self.output.say("Done", format_args!("nothing to do: {stands} {at}"));
        }
    }

    fn hear(&self, event: &Event) {
        self.note(event);
        if self.output.is_json() {
            // The last line says more, and comes from whoever has the whole result.
            if !matches!(event, Event::Done { .. } | Event::Failed { .. }) {
                self.output.value(&Line { event, phase: event.phase() });
            }
        } else {
            self.tell(event);
        }
    }

    fn tell(&self, event: &Event) {
        match event {
            Event::Connected { database, server, milliseconds } => {
                let time = duration(Duration::from_millis(*milliseconds));
                self.output.say("Connected", format_args!("{database} ({server}) in {time}"));
            }
            Event::Waiting { holder, milliseconds } => {
                let holder = holder.as_deref().unwrap_or("another session");
                let time = duration(Duration::from_millis(*milliseconds));
                self.output.say_in(
                    WARNING,
                    "Waiting",
                    format_args!("for the migration lock for {time}: {holder} holds it"),
                );
            }
            Event::Locked { milliseconds } => {
                let time = duration(Duration::from_millis(*milliseconds));
                self.output.say("Locked", format_args!("the migration lock (waited {time})"));
            }
            // The first try is short, and often enough.
            Event::Blocked { tries: 1, .. } => {}
            Event::Blocked { reason, tries, blockers, milliseconds } => {
                let others = blockers_in_words(blockers);
                let time = duration(Duration::from_millis(*milliseconds));
                let tries = reason.map(|_| format!(" ({tries} tries)")).unwrap_or_default();
                self.output.say_in(
                    WARNING,
                    "Waiting",
                    format_args!("for a lock for {time}{tries}: {others} in the way"),
                );
            }
            Event::Planned { revisions, from, to } => {
                let (revisions, from, to) =
                    (count(*revisions, "revision"), self.ids.at(from), self.ids.at(to));
                self.output.say("Planned", format_args!("{revisions}: {from} -> {to}"));
            }
            Event::Deferred { revision, replicas } => {
                let (id, replicas) = (self.ids.short(revision), replicas.join("; "));
                self.output.say_in(
                    WARNING,
                    "Deferred",
                    format_args!("{id}, a contract revision: it would break {replicas}"),
                );
            }
            Event::BackingUp => self.output.say("Saving", "a backup, which takes its time"),
            Event::BackedUp { place, bytes, milliseconds } => {
                let time = duration(Duration::from_millis(*milliseconds));
                self.output.say("Saved", format_args!("a backup in {place} ({bytes} bytes, {time})"));
            }
            Event::ProvisionalTable { table, adopted_by } => {
                let (verb, why) = match adopted_by {
                    None => ("Dropped", "which was empty".to_owned()),
                    Some(revision) => {
                        ("Adopted", format!("which is as {} makes it", self.ids.short(revision)))
                    }
                };
                self.output.say_in(WARNING, verb, format_args!("the provisional table {table}, {why}"));
            }
            Event::Resumed { revision, message, statement, of, .. } => {
                let id = self.ids.short(revision);
                let place = if statement > of {
                    "all its statements are done".to_owned()
                } else {
                    format!("at statement {statement} of {of}")
                };
                self.output.say("Resuming", format_args!("{VERB}{id}{VERB:#} {message}, {place}"));
            }
            Event::Statement { sql, .. } if self.output.verbosity() > 0 => {
                self.output.talk(format_args!("{DIM}{}{DIM:#}", indented(sql)));
            }
            Event::RevisionApplied {
                revision,
                message,
                direction,
                statements,
                milliseconds,
                transaction,
            } => {
                let verb = match direction {
                    Direction::Upgrade => "Applied",
                    Direction::Downgrade => "Reverted",
                };
                let time = Duration::from_millis(*milliseconds);
                let line = revision_line(self.ids.short(revision), message, *statements, time, *transaction);
                self.output.say(verb, line);
            }
            Event::EditedDowngrade { revision, file } => {
                let id = self.ids.short(revision);
                let why = "so that what it says need not be the reverse of what was done";
                let line = format_args!("{id}: {file} was edited after it was applied, {why}");
                self.output.say_in(WARNING, "Edited", line);
            }
            Event::RevisionsUndone { revisions } => {
                let ids: Vec<&str> = revisions.iter().map(|id| self.ids.short(id)).collect();
                let why = "which the transaction that failed had held";
                self.output.say_in(WARNING, "Undone", format_args!("{}, {why}", ids.join(", ")));
            }
            Event::RestoringInPlace { reason } => say_in_place(&self.output, reason),
            Event::Verified => self.output.say("Verified", "history and plan agree"),
            Event::Inspected { .. }
            | Event::Queued
            | Event::RevisionStarted { .. }
            | Event::Statement { .. }
            | Event::Working { .. }
            | Event::Batch { .. }
            | Event::Done { .. }
            | Event::Failed { .. } => {}
        }
    }

    /// Keeps what the progress bar and the heartbeat show.
    fn note(&self, event: &Event) {
        match event {
            Event::Connected { .. } => self.connecting.end(),
            Event::Planned { revisions, .. } if self.output.shows_progress() => {
                self.set_bar(Some(bar(*revisions)));
            }
            Event::RevisionStarted { revision, message, .. } => {
                self.with_bar(|bar| bar.set_message(format!("{} {message}", self.ids.short(revision))));
            }
            Event::Statement { revision, statement, of, .. } => {
                let now = Instant::now();
                let revision = revision.clone();
                self.set_underway(Some(Underway {
                    revision,
                    statement: *statement,
                    of: *of,
                    since: now,
                    told: now,
                    share: None,
                }));
            }
            Event::Working { percent, stage } => self.note_share(format!("{percent} % done ({stage})")),
            Event::Batch { rows, reached, percent, .. } => {
                let percent = percent.map(|percent| format!("{percent} % done, ")).unwrap_or_default();
                self.note_share(format!("{percent}{rows} rows changed, up to {reached}"));
            }
            Event::RevisionApplied { .. } => {
                self.set_underway(None);
                self.with_bar(|bar| bar.inc(1));
            }
            Event::RevisionsUndone { revisions } => {
                let undone = u64::try_from(revisions.len()).unwrap_or_default();
                self.with_bar(|bar| bar.set_position(bar.position().saturating_sub(undone)));
            }
            Event::Verified | Event::Done { .. } | Event::Failed { .. } => self.set_underway(None),
            Event::Inspected { .. }
            | Event::Deferred { .. }
            | Event::BackingUp
            | Event::BackedUp { .. }
            | Event::RestoringInPlace { .. }
            | Event::ProvisionalTable { .. }
            | Event::EditedDowngrade { .. }
            | Event::Queued
            | Event::Waiting { .. }
            | Event::Locked { .. }
            | Event::Blocked { .. }
            | Event::Planned { .. }
            | Event::Resumed { .. } => {}
        }
    }

    /// Says every ten seconds that the database has not answered yet, or that a statement is still under way; the
    /// latter a progress bar shows anyway.
    async fn beat(&self) -> std::convert::Infallible {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if let Some(time) = self.connecting.due(Instant::now()) {
                let time = duration(time);
                self.output.say_in(WARNING, "Waiting", format_args!("for the database to answer for {time}"));
            }
            if self.output.shows_progress() {
                continue;
            }
            let mut underway = self.underway.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(underway) = underway.as_mut().filter(|underway| underway.told.elapsed() >= HEARTBEAT)
            {
                underway.told = Instant::now();
                self.output.say("Running", heartbeat(&self.ids, underway));
            }
        }
    }

    fn note_share(&self, share: String) {
        let mut underway = self.underway.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(underway) = underway.as_mut() {
            self.with_bar(|bar| bar.set_message(format!("{}, {share}", self.ids.short(&underway.revision))));
            underway.share = Some(share);
        }
    }

    fn set_underway(&self, underway: Option<Underway>) {
        *self.underway.lock().unwrap_or_else(PoisonError::into_inner) = underway;
    }

    fn with_bar(&self, change: impl FnOnce(&ProgressBar)) {
        if let Some(bar) = &*self.bar.lock().unwrap_or_else(PoisonError::into_inner) {
            change(bar);
        }
    }

    fn set_bar(&self, bar: Option<ProgressBar>) {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&bar);
        self.output.set_bar(bar);
    }
}

/// `session 4711 (psql, user app) is`, `session 1 and session 2 are`.
fn blockers_in_words(blockers: &[String]) -> String {
    match blockers {
        [] => "another session is".to_owned(),
        [one] => format!("{one}, is"),
        several => format!("{}, are", several.join("; ")),
    }
}

fn bar(revisions: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(revisions).unwrap_or_default());
    // The template is a constant; without it the bar has another look.
    if let Ok(style) = ProgressStyle::with_template("   Running [{bar:24}] {pos}/{len} {wide_msg} {elapsed}")
    {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn heartbeat(ids: &ShortIds, underway: &Underway) -> String {
    let Underway { revision, statement, of, since, share, .. } = underway;
    let (id, time) = (ids.short(revision), duration(since.elapsed()));
    let share = share.as_ref().map(|share| format!(", {share}")).unwrap_or_default();
    // Inside a transaction all statements are sent together, and the last was named last.
    if statement < of {
        format!("{id} statement {statement} of {of} for {time}{share}")
    } else {
        format!("{id} for {time}{share}")
    }
}

/// `5d01aa2e add orders    3 statements   12ms`.
fn revision_line(id: &str, message: &str, statements: usize, time: Duration, transaction: bool) -> String {
    let title = format!("{VERB}{id}{VERB:#} {message}");
    let wide = id.width() + 1 + message.width();
    let statements = count(statements, "statement");
    let outside = if transaction { "" } else { "   no transaction" };
    let padding = " ".repeat(TITLE.saturating_sub(wide).max(2));
    format!("{title}{padding}{statements:<STATEMENTS$}{}{outside}", duration(time))
}

fn indented(sql: &str) -> String {
    sql.lines().map(|line| format!("           {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_stand_in_columns() {
        let line = |id, message, statements, milliseconds, transaction| {
            let time = Duration::from_millis(milliseconds);
            anstream::adapter::strip_str(&revision_line(id, message, statements, time, transaction))
                .to_string()
        };
        assert_eq!(
            line("5d01aa2e", "add orders", 3, 12, true),
            "5d01aa2e add orders                     3 statements   12ms"
        );
        assert_eq!(
            line("77be41d0", "index orders by customer", 1, 1_400, false),
            "77be41d0 index orders by customer       1 statement    1.4s   no transaction"
        );
        let long = "a message that is longer than its column has room for";
        assert_eq!(line("77be41d0", long, 1, 5, true), format!("77be41d0 {long}  1 statement    5ms"));
    }
}
