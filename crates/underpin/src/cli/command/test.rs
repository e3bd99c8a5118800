//! `test`: do the downgrades take back what the upgrades did? Tried in a scratch database.

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

use crate::{
    TrialOutcome, TrialStep,
    cli::{
        context::Context,
        place::{self, ScopeFlags},
    },
};
use underpin_core::dialect::Dialect;

/// The flags of `test`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// The dialect to try them on, where no database says it
    #[arg(long, value_name = "DIALECT")]
    dialect: Option<Dialect>,
    #[command(flatten)]
    scope: ScopeFlags,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let migrator = context.rehearsal()?;
    let scratch = place::scratch(context, &[], arguments.dialect)?;
    let scope = arguments.scope.scope(context, scratch.dialect())?;
    let trial = context.limited(migrator.test_revisions(&scratch, &scope)).await?;
    let output = context.output();
    if output.is_json() {
        output.value(&trial);
    } else {
        for step in &trial.revisions {
            output.data(line(step));
        }
    }
    if !trial.is_good() {
        return Err(Diagnostic::new(
            ErrorKind::Drift,
            "there are downgrades that don't take back what their upgrades did",
        )
        .state("only a scratch database was touched")
        .hint("mend the downgrade, or the upgrade if the other is right"));
    }
    let how = if trial.whole { "up, down and up again" } else { "up; not all can be taken back" };
    let count = trial.revisions.len();
    let noun = if count == 1 { "revision" } else { "revisions" };
    output.say("Tested", format_args!("{count} {noun}: {how}"));
    Ok(ExitCode::Done)
}

fn line(step: &TrialStep) -> String {
    let outcome = match &step.outcome {
        TrialOutcome::Proven => "proven".to_owned(),
        TrialOutcome::Irreversible => "irreversible".to_owned(),
        TrialOutcome::NotAlone(why) => format!("not taken back alone: {why}"),
        TrialOutcome::DowngradeDiffers(left) => {
            format!("its downgrade leaves something behind; it would have to {}", left.join(", "))
        }
        TrialOutcome::UpgradeDiffers(left) => {
            format!("applied again, it makes something else; it would have to {}", left.join(", "))
        }
    };
    format!("{} {}: {outcome}", step.revision, step.message)
}
