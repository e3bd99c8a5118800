//! `merge`: a revision that joins branches.

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use super::revision::{Place, finish};
use crate::{NewRevision, cli::context::Context, config::Key};

/// The flags of `merge`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// What to join: heads, ids or BRANCH@head
    #[arg(value_name = "REV", default_value = "heads")]
    revisions: Vec<String>,
    /// What to say of it
    #[arg(short, long, value_name = "MESSAGE", default_value = "", hide_default_value = true)]
    message: String,
    #[command(flatten)]
    place: Place,
}

impl Arguments {
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        self.place.settings()
    }
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let merge = NewRevision::merge(arguments.message);
    let written = arguments.place.write(context, merge, &arguments.revisions)?;
    finish(context, &written).await
}
