//! `upgrade --rollback-check`: the run on the database itself, in one transaction that is rolled back.

use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::Target,
};

use crate::{
    RollbackCheck,
    cli::{
        context::Context,
        follow::Follower,
        words::{count, duration},
    },
    migrate::Migrator,
    source::ShortIds,
};

/// The last line of a check that went well.
#[derive(Serialize)]
struct Checked<'a> {
    event: &'static str,
    #[serde(flatten)]
    check: &'a RollbackCheck,
}

pub(super) async fn run(
    context: &Context<'_>,
    targets: Vec<Target>,
    heeding: impl FnOnce(Migrator) -> Migrator,
) -> Result<ExitCode, Diagnostic> {
    let output = context.output();
    let follower = Follower::new(context.shared_output(), ShortIds::of(context.revisions()?));
    let migrator = heeding(context.observed_migrator(follower.observer())?);
    output.say("Checking", format_args!("in a transaction of {}, which is rolled back", migrator.database()));
    let check = match Box::pin(follower.accompany(migrator.rollback_check(targets))).await {
        Ok(check) => check,
        Err(error) => {
            follower.failed(&error);
            return Err(error);
        }
    };
    if output.is_json() {
        output.value(&Checked { event: "rollback_checked", check: &check });
        return Ok(ExitCode::Done);
    }
    let (revisions, time) = (count(check.revisions.len(), "revision"), duration(check.duration));
    output.say("Checked", format_args!("{revisions} in {time}, and rolled back; the database is as it was"));
    Ok(ExitCode::Done)
}
