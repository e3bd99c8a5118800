//! `baseline`: a first revision from what a database holds, which is recorded there as applied.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    revision::Target,
};

use super::revision;
use crate::{
    NewRevision, Revisions, SchemaSource, WrittenRevision,
    cli::{
        authoring,
        context::Context,
        place::{self, ScopeFlags},
    },
};

/// The flags of `baseline`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// What it is called
    #[arg(short, long, value_name = "MESSAGE", default_value = "baseline")]
    message: String,
    /// Write the file, and record nothing in the database
    #[arg(long)]
    no_stamp: bool,
    #[command(flatten)]
    place: revision::Place,
    #[command(flatten)]
    scope: ScopeFlags,
}

impl Arguments {
    pub(super) fn settings(&self) -> Vec<(crate::config::Key, String)> {
        self.place.settings()
    }
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let directory = context.settings()?.revision_directory();
    let before = Revisions::read(&directory)?;
    if !before.is_empty() {
        return Err(Diagnostic::new(
            ErrorKind::Refused,
            format!("there are revisions in {} already: a baseline is the first one", before.location()),
        )
        .state("nothing was changed")
        .hint("the example of `underpin init` can be deleted; otherwise, `underpin stamp --detect` finds the one that this database is at; `underpin squash` makes one of several"));
    }
    let migrator = context.database()?;
    if !migrator.ledger().await?.is_empty() {
        return Err(Diagnostic::new(
            ErrorKind::Refused,
            "this database has a history already, and the files of its revisions are missing here",
        )
        .state("nothing was changed")
        .hint("bring the files back; or, if it is to be forgotten, drop its tables, whose names begin with the prefix of the history (underpin_)"));
    }
    if let Some(dirty) = migrator.status().await?.dirty {
        return Err(dirty.diagnostic());
    }
    let live = SchemaSource::Live(migrator.database().clone());
    let scratch = place::scratch(context, &[&live], None)?;
    let scope = arguments.scope.scope(context, scratch.dialect())?.short_names();
    let generated = context.limited(migrator.generate(&live, &[], &[scratch], &scope)).await?;
    for section in &generated.sections {
        super::diff::warn_of_unsupported(context, &section.difference);
    }
    if generated.is_empty() {
        return Err(Diagnostic::new(
            ErrorKind::Refused,
            "the database holds nothing that a baseline could bring",
        )
        .state("nothing was changed")
        .hint("begin with `underpin revision -m \"…\"`"));
    }
    // What there is nothing of yet is made at once.
    let mut revisions = generated.fill(NewRevision::new(&arguments.message)).into_iter();
    let (Some(revision), None) = (revisions.next(), revisions.next()) else {
        return Err(Diagnostic::new(ErrorKind::Internal, "the baseline is not one revision"));
    };
    let written = arguments.place.write(context, revision, &[])?;
    let unrecorded = |mut error: Diagnostic| {
        error.hints.insert(0, format!("record it once that is mended: underpin stamp {}", written.id));
        error.state(format!("{} was written, and is not recorded in the database", written.file))
    };
    // Before it is recorded, since a command may change what is recorded of it.
    let finished = authoring::finish(context, &written).await;
    finished.map_err(|error| if arguments.no_stamp { error } else { unrecorded(error) })?;
    if !arguments.no_stamp {
        stamp(context, &directory, &written).await.map_err(unrecorded)?;
        context.output().say("Stamped", format_args!("{}, without running anything", written.id));
    }
    revision::show(context, &written);
    Ok(ExitCode::Done)
}

/// Records the revision that was written as applied.
async fn stamp(
    context: &Context<'_>,
    directory: &std::path::Path,
    written: &WrittenRevision,
) -> Result<(), Diagnostic> {
    let stamping = context.migrator_of(Revisions::read(directory)?)?;
    stamping.stamp(vec![Target::Named(written.id.to_string())], false).await.map(drop)
}
