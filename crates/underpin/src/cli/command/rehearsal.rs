//! `upgrade --rehearse`: the run, on a copy that is gone afterwards.

use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::Target,
};

use crate::{
    Rehearsal, RowChange, SchemaSource,
    cli::{
        context::Context,
        follow::Follower,
        place,
        short::ShortIds,
        words::{count, duration},
    },
    migrate::Migrator,
};

/// The last line of a rehearsal that went well.
#[derive(Serialize)]
struct Rehearsed<'a> {
    event: &'static str,
    #[serde(flatten)]
    rehearsal: &'a Rehearsal,
}

pub(super) async fn run(
    context: &Context<'_>,
    targets: Vec<Target>,
    heeding: impl FnOnce(Migrator) -> Migrator,
) -> Result<ExitCode, Diagnostic> {
    let output = context.output();
    let follower = Follower::new(context.shared_output(), ShortIds::of(context.revisions()?));
    let migrator = heeding(context.observed_migrator(follower.observer())?);
    let live = SchemaSource::Live(migrator.database().clone());
    let server = place::scratch(context, &[&live], None)?;
    output.say("Rehearsing", format_args!("on a copy of {}", migrator.database()));
    let rehearsing = context.limited(migrator.rehearse(targets, &server));
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
    for change in &rehearsal.tables {
        output.data(changed(change));
    }
    for obstacle in &rehearsal.obstacles {
        output.warn(format_args!(
            "revision {} asks at statement {} what an earlier statement has to see to: {}",
            obstacle.revision, obstacle.statement, obstacle.description
        ));
    }
    let copy = match rehearsal.with_rows {
        true => "with its rows",
        false => "with its schema and no rows",
    };
    let revisions = count(rehearsal.revisions.len(), "revision");
    let time = duration(rehearsal.duration);
    output.say(
        "Rehearsed",
        format_args!("{revisions} in {time} on a copy {copy}; the database itself was not touched"),
    );
    Ok(ExitCode::Done)
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
