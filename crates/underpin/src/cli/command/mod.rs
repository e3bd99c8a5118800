//! The commands: one file each, with its flags and what it does. They put the library's answers
//! into words; whatever they decide themselves is about words.

mod applied;
mod backup;
mod baseline;
mod branches;
mod check;
mod check_files;
mod completions;
mod config;
mod current;
mod db;
mod diff;
mod doctor;
mod downgrade;
mod edit;
mod exec;
mod generated;
mod heads;
mod help;
mod history;
mod init;
mod inspect;
mod lint;
mod merge;
mod offline;
mod ping;
mod plan;
mod push;
mod rehearsal;
mod reset;
mod resolve;
mod restore;
mod revision;
mod rollback_check;
mod running;
mod serve;
mod show;
mod squash;
mod stamp;
mod startup;
mod status;
mod target;
mod test;
mod unlock;
mod upgrade;
mod verify;
mod wait;

use std::pin::Pin;

use clap::Subcommand;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use super::context::Context;
use crate::config::Key;

/// A command and its flags.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Set up a project: a directory with a first revision, and underpin.toml
    Init(init::Arguments),
    /// Write a new revision file
    #[command(alias = "create")]
    Revision(revision::Arguments),
    /// Write a revision file from the difference between models, or a schema.sql, and the revisions
    Generate(revision::Arguments),
    /// Apply what is not applied, up to a revision or to the head
    #[command(visible_aliases = ["up", "migrate"], alias = "auto-upgrade")]
    Upgrade(upgrade::Arguments),
    /// Take revisions back
    #[command(visible_alias = "down")]
    Downgrade(downgrade::Arguments),
    /// Show where the database stands
    Status(status::Arguments),
    /// Show the revision that the database is at
    Current(current::Arguments),
    /// List the revisions, newest first
    History(history::Arguments),
    /// List the revisions that nothing follows
    Heads(heads::Arguments),
    /// List the revisions at which branches part
    Branches(branches::Arguments),
    /// Show all that is known of a revision
    Show(show::Arguments),
    /// Open the file of a revision in $VISUAL or $EDITOR
    Edit(edit::Arguments),
    /// Check that the revisions are in order; with a database, that all are applied; with models, that the revisions make them
    Check(check::Arguments),
    /// Find what is dangerous about revisions, or about plain SQL, and the safe way to do it
    Lint(lint::Arguments),
    /// Show the exact statements that an upgrade or a downgrade would send
    Plan(plan::Arguments),
    /// Record revisions as applied without running them
    Stamp(stamp::Arguments),
    /// Write a revision that joins branches
    Merge(merge::Arguments),
    /// Take back every revision and apply them all again; refused in production
    Reset(reset::Arguments),
    /// Make a backup of the database
    Backup(backup::Arguments),
    /// Put a backup in the place of everything in the database
    Restore(restore::Arguments),
    /// Make the database itself, or drop it
    Db(db::Arguments),
    /// Say what a revision counts as that a run has left half-way
    Resolve(resolve::Arguments),
    /// Wait until the database answers
    Wait(wait::Arguments),
    /// Ask whether the database answers
    Ping(ping::Arguments),
    /// End the session that holds the migration lock
    Unlock(unlock::Arguments),
    /// Do what a service does when it starts, and show the report
    Startup(startup::Arguments),
    /// Do what a service does when it starts, and then become the program behind --
    Exec(exec::Arguments),
    /// Serve health endpoints and a status page, for a service that has none; it looks only
    Serve(serve::Arguments),
    /// Look for everything that can go wrong, before a deploy finds out
    Doctor(doctor::Arguments),
    /// Print the SQL that makes one schema into another
    Diff(diff::Arguments),
    /// Check that the database is what its revisions make, and name what is not
    Verify(verify::Arguments),
    /// Try every revision up, down and up again in a scratch database
    Test(test::Arguments),
    /// Show what a database holds, as SQL, as JSON or as a drawing
    Inspect(inspect::Arguments),
    /// Write a first revision from what a database holds
    Baseline(baseline::Arguments),
    /// Make one revision of several
    Squash(squash::Arguments),
    /// Make the database what the models say, without a revision; refused in production
    Push(push::Arguments),
    /// Show the settings
    Config(config::Arguments),
    /// Write what a shell needs to complete these commands
    Completions(completions::Arguments),
    /// Show help on a command, on the environment (env) or on exit-codes
    Help(help::Arguments),
}

impl Command {
    /// The command's own flags that are settings.
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        match self {
            Self::Init(arguments) => arguments.settings(),
            Self::Revision(arguments) | Self::Generate(arguments) => arguments.settings(),
            Self::Merge(arguments) => arguments.settings(),
            Self::Baseline(arguments) => arguments.settings(),
            Self::Upgrade(arguments) => arguments.settings(),
            Self::Downgrade(arguments) => arguments.settings(),
            Self::Startup(arguments) => arguments.settings(),
            Self::Exec(arguments) => arguments.settings(),
            _ => Vec::new(),
        }
    }

    /// Runs the command.
    pub(super) async fn run(self, context: &Context<'_>) -> Result<ExitCode, Diagnostic> {
        match self {
            Self::Init(arguments) => heaped(|| init::run(context, arguments)).await,
            Self::Revision(arguments) => heaped(|| revision::run(context, arguments)).await,
            Self::Generate(arguments) => heaped(|| revision::generate(context, arguments)).await,
            Self::History(arguments) => heaped(|| history::run(context, arguments)).await,
            Self::Heads(arguments) => heaped(|| heads::run(context, arguments)).await,
            Self::Branches(arguments) => heaped(|| branches::run(context, arguments)).await,
            Self::Show(arguments) => heaped(|| show::run(context, arguments)).await,
            Self::Edit(arguments) => heaped(|| edit::run(context, arguments)).await,
            Self::Merge(arguments) => heaped(|| merge::run(context, arguments)).await,
            Self::Config(arguments) => heaped(|| config::run(context, arguments)).await,
            Self::Completions(arguments) => heaped(|| completions::run(context, arguments)).await,
            Self::Help(arguments) => heaped(|| help::run(context, arguments)).await,
            Self::Upgrade(arguments) => heaped(|| upgrade::run(context, arguments)).await,
            Self::Downgrade(arguments) => heaped(|| downgrade::run(context, arguments)).await,
            Self::Status(arguments) => heaped(|| status::run(context, arguments)).await,
            Self::Current(arguments) => heaped(|| current::run(context, arguments)).await,
            Self::Check(arguments) => heaped(|| check::run(context, arguments)).await,
            Self::Plan(arguments) => heaped(|| plan::run(context, arguments)).await,
            Self::Reset(arguments) => heaped(|| reset::run(context, arguments)).await,
            Self::Backup(arguments) => heaped(|| backup::run(context, arguments)).await,
            Self::Restore(arguments) => heaped(|| restore::run(context, arguments)).await,
            Self::Db(arguments) => heaped(|| db::run(context, arguments)).await,
            Self::Stamp(arguments) => heaped(|| stamp::run(context, arguments)).await,
            Self::Resolve(arguments) => heaped(|| resolve::run(context, arguments)).await,
            Self::Wait(arguments) => heaped(|| wait::run(context, arguments)).await,
            Self::Ping(arguments) => heaped(|| ping::run(context, arguments)).await,
            Self::Unlock(arguments) => heaped(|| unlock::run(context, arguments)).await,
            Self::Startup(arguments) => heaped(|| startup::run(context, arguments)).await,
            Self::Doctor(arguments) => heaped(|| doctor::run(context, arguments)).await,
            Self::Diff(arguments) => heaped(|| diff::run(context, arguments)).await,
            Self::Verify(arguments) => heaped(|| verify::run(context, arguments)).await,
            Self::Test(arguments) => heaped(|| test::run(context, arguments)).await,
            Self::Inspect(arguments) => heaped(|| inspect::run(context, arguments)).await,
            Self::Lint(arguments) => heaped(|| lint::run(context, arguments)).await,
            Self::Baseline(arguments) => heaped(|| baseline::run(context, arguments)).await,
            Self::Squash(arguments) => heaped(|| squash::run(context, arguments)).await,
            Self::Push(arguments) => heaped(|| push::run(context, arguments)).await,
            Self::Exec(arguments) => heaped(|| exec::run(context, arguments)).await,
            Self::Serve(arguments) => heaped(|| serve::run(context, arguments)).await,
        }
    }
}

/// A future that is on the heap from the beginning. Without optimization the futures of all commands would
/// each have a place of their own in one frame of the stack, which a thread of a test has no room for.
#[inline(never)]
fn heaped<F: Future>(make: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::pin(make())
}
