//! `upgrade --rehearse`: the run, on a copy that is gone afterwards.

use std::path::{Path, PathBuf};

use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::Target,
};

use crate::{
    Rehearsal, RehearsalCopy, RehearsalOptions, RehearsedLock, RowChange, SchemaSource, ScratchServer,
    cli::{
        context::Context,
        follow::Follower,
        place,
        words::{count, duration},
    },
    migrate::Migrator,
    source::ShortIds,
};

/// The last line of a rehearsal that went well.
#[derive(Serialize)]
struct Rehearsed<'a> {
    event: &'static str,
    #[serde(flatten)]
    rehearsal: &'a Rehearsal,
}

/// What the file of a backup is called that is to be looked for.
const LATEST: &str = "latest";

/// Which rows the copy is to have.
pub(super) struct RowFlags {
    pub(super) from_backup: Option<PathBuf>,
    pub(super) sample: Option<u64>,
}

impl RowFlags {
    fn options(&self, server: ScratchServer, targets: Vec<Target>) -> RehearsalOptions {
        let options = RehearsalOptions::on(server).targets(targets);
        match (self.from_backup.as_deref(), self.sample) {
            (Some(file), _) if file == Path::new(LATEST) => options.from_latest_backup(),
            (Some(file), _) => options.from_backup(file),
            (None, Some(rows)) => options.sample(rows),
            (None, None) => options,
        }
    }
}

pub(super) async fn run(
    context: &Context<'_>,
    targets: Vec<Target>,
    rows: RowFlags,
    heeding: impl FnOnce(Migrator) -> Migrator,
) -> Result<ExitCode, Diagnostic> {
    let output = context.output();
    let follower = Follower::new(context.shared_output(), ShortIds::of(context.revisions()?));
    let migrator = heeding(context.observed_migrator(follower.observer())?);
    let live = SchemaSource::Live(migrator.database().clone());
    let server = place::scratch(context, &[&live], None)?;
    output.say("Rehearsing", format_args!("on a copy of {}", migrator.database()));
    let options = rows.options(server, targets);
    let rehearsing = context.limited(migrator.rehearse(&options));
    let rehearsal = match Box::pin(follower.accompany(rehearsing)).await {
        Ok(rehearsal) => rehearsal,
        Err(error) => {
            follower.failed(&error);
            return Err(error);
        }
    };
    if output.is_json() {
        output.value(&Rehearsed { event: "rehearsed", rehearsal: &rehearsal });
        return Ok(ExitCode::Done);
    }
    for deferred in &rehearsal.deferred {
        output.talk(format_args!("{deferred}"));
    }
    for lock in &rehearsal.locks {
        output.data(locked(lock, &rehearsal));
    }
    for change in &rehearsal.tables {
        output.data(changed(change));
    }
    for obstacle in &rehearsal.obstacles {
        output.warn(format_args!(
            "revision {} asks at statement {} what an earlier statement has to see to: {}",
            obstacle.revision, obstacle.statement, obstacle.description
        ));
    }
    let copy = described(&rehearsal.copy);
    let revisions = count(rehearsal.revisions.len(), "revision");
    let time = duration(rehearsal.duration);
    output.say(
        "Rehearsed",
        format_args!("{revisions} in {time} on a copy {copy}; the database itself was not touched"),
    );
    Ok(ExitCode::Done)
}

/// `with its rows`, `restored from shop.dump`.
fn described(copy: &RehearsalCopy) -> String {
    match copy {
        RehearsalCopy::Database => "with its rows".to_owned(),
        RehearsalCopy::Revisions => "with its schema and no rows".to_owned(),
        RehearsalCopy::Backup { file, caught_up } if caught_up.is_empty() => {
            format!("restored from {}", file.display())
        }
        RehearsalCopy::Backup { file, caught_up } => {
            let more = count(caught_up.len(), "revision");
            format!("restored from {}, and {more} applied since", file.display())
        }
        RehearsalCopy::Sample { tables, .. } => {
            let rows: u64 = tables.iter().map(|table| table.rows + table.referred).sum();
            let rows = count(usize::try_from(rows).unwrap_or(usize::MAX), "row");
            format!("with {rows} of {}", count(tables.len(), "table"))
        }
    }
}

/// `0002 locks orders: ACCESS EXCLUSIVE for up to 12ms (reads and writes wait)`.
fn locked(lock: &RehearsedLock, rehearsal: &Rehearsal) -> String {
    let ran = rehearsal.revisions.iter().find(|ran| ran.revision == lock.revision);
    let longest = ran.map(|ran| format!(" for up to {}", duration(ran.duration))).unwrap_or_default();
    let RehearsedLock { revision, table, mode, .. } = lock;
    format!("{revision} locks {table}: {mode}{longest} ({})", mode.who_waits())
}

/// `orders: 1000 rows before, 990 after`.
fn changed(change: &RowChange) -> String {
    let RowChange { table, before, after } = change;
    match (before, after) {
        (Some(before), Some(after)) => format!("{table}: {before} rows before, {after} after"),
        (Some(before), None) => format!("{table}: {before} rows before, and gone after"),
        (None, Some(after)) => format!("{table}: new, {after} rows"),
        (None, None) => format!("{table}: gone"),
    }
}
