//! `exec`: the library's start-up call, and then the program in our place: same process, so same id,
//! signals and exit code. Nothing is started where the database is not ready for it.

use std::{ffi::OsString, io, process::Command, time::Duration};

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

use super::startup::followed;
use crate::{
    cli::{context::Context, words::count},
    config::Key,
    startup::{Startup, StartupReport},
};

/// How long the runtime gets to hand over a signal that has arrived already.
const HEARD_WITHIN: Duration = Duration::from_millis(2);

/// The flags of `exec`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// The name of the service, as other sessions and the log see it
    #[arg(long, value_name = "NAME")]
    app_name: Option<String>,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

impl Arguments {
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        // The heart would stop with us: whoever comes in our place does not know that it is to beat.
        vec![(Key::Heartbeat, "none".to_owned())]
    }
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let Some((program, rest)) = arguments.program.split_first() else {
        return Err(Diagnostic::new(ErrorKind::Usage, "exec needs a program"));
    };
    // From here on a signal waits for us, so that none is lost between the run and the program.
    let signalled = context.stop_switch().listen();
    let report = start(context, arguments.app_name.as_deref()).await?;
    tokio::time::sleep(HEARD_WITHIN).await;
    if *signalled.borrow() {
        return Err(Diagnostic::new(ErrorKind::Interrupted, "interrupted").state(state(&report)));
    }
    context.output().say("Starting", program.to_string_lossy());
    Err(not_started(program, &become_program(program, rest), &report))
}

/// Runs the start-up, and says what is to be known of it. Standard output is the program's.
async fn start(context: &Context<'_>, app_name: Option<&str>) -> Result<StartupReport, Diagnostic> {
    let output = context.output();
    let startup = Startup::new(app_name.unwrap_or(context.application().name()))
        .settings(context.settings()?.clone())
        .revisions(context.revisions()?.clone())
        .shared_hooks(context.application().hooks())
        .stop_switch(context.stop_switch());
    let report = followed(context, startup).await.map_err(|error| *error.error)?;
    if output.is_json() {
        output.error(serde_json::to_string(&report).unwrap_or_default());
        return Ok(report);
    }
    for warning in report.warnings.iter().chain(&report.database_status.errors) {
        output.warn(warning);
    }
    Ok(report)
}

/// What the start-up has made of the database, for whoever has to do without the program.
fn state(report: &StartupReport) -> String {
    let at = report.database_status.current_revision.as_deref();
    let done = match report.applied.len() {
        0 => "nothing was changed".to_owned(),
        applied => format!("{} applied", count(applied, "revision")),
    };
    match at {
        Some(at) => format!("{done}, and the database is at {at}; the program was not started"),
        None => format!("{done}; the program was not started"),
    }
}

fn not_started(program: &OsString, error: &io::Error, report: &StartupReport) -> Diagnostic {
    let program = program.to_string_lossy();
    let (what, hint) = match error.kind() {
        io::ErrorKind::NotFound => (
            format!("{program} was not found"),
            "check its name and PATH; of a script, also the interpreter in its first line",
        ),
        io::ErrorKind::PermissionDenied => {
            (format!("{program} may not be executed"), "make the file executable: `chmod +x`")
        }
        _ => (
            format!("{program} could not be started: {error}"),
            "a script needs a first line such as #!/bin/sh, and a binary must be made for this machine",
        ),
    };
    Diagnostic::new(ErrorKind::Usage, what).state(state(report)).hint(hint)
}

/// Becomes the program, and returns only if that fails.
#[cfg(unix)]
fn become_program(program: &OsString, arguments: &[OsString]) -> io::Error {
    use std::os::unix::process::CommandExt as _;
    Command::new(program).args(arguments).exec()
}

/// Stands in for the program where no process can become another: waits for it and ends as it did.
#[cfg(not(unix))]
fn become_program(program: &OsString, arguments: &[OsString]) -> io::Error {
    match Command::new(program).args(arguments).status() {
        // Its exit code may be none of ours, and ours is what the caller of this call is given.
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

#[cfg(test)]
mod tests {
    use underpin_core::revision::RevisionId;

    use super::*;
    use crate::policy::Mode;

    fn report(applied: usize) -> StartupReport {
        let id = RevisionId::new("0003").expect("an id");
        let mut report = StartupReport::new("shop", Mode::Apply, String::new(), vec![id.clone()]);
        report.take_standing(std::slice::from_ref(&id), &[]);
        report.applied = vec![id; applied];
        report
    }

    #[test]
    fn an_error_says_what_has_become_of_the_database() {
        for (kind, applied, said) in [
            (io::ErrorKind::NotFound, 2, "app was not found"),
            (io::ErrorKind::PermissionDenied, 0, "app may not be executed"),
            (io::ErrorKind::Other, 1, "app could not be started: "),
        ] {
            let error = not_started(&"app".into(), &kind.into(), &report(applied));
            assert!(error.message.starts_with(said), "{error}");
            let done = ["nothing was changed", "1 revision applied", "2 revisions applied"][applied];
            let expected = format!("{done}, and the database is at 0003; the program was not started");
            assert_eq!((error.kind, error.state), (ErrorKind::Usage, Some(expected)));
        }
    }
}
