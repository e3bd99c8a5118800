//! The commands of the `underpin` program, also for a program that embeds them and its revisions.
//! Everything here is arguments, words and exit codes; what is done is done by the library.

mod application;
mod arguments;
mod authoring;
mod command;
mod connecting;
mod context;
mod failure;
mod follow;
mod logging;
mod mask;
mod output;
mod place;
mod render;
mod rewrite;
mod signal;
mod usage;
mod words;

use std::{ffi::OsString, panic::AssertUnwindSafe, process};

use clap::FromArgMatches as _;
use futures_util::FutureExt as _;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

pub use application::Application;

use arguments::Line;
use context::Context;
use output::Output;

/// Runs the command that the process was called with, on a runtime of its own.
///
/// ```no_run
/// use underpin::cli;
///
/// fn main() -> std::process::ExitCode {
///     cli::main(&cli::Application::new("underpin"))
/// }
/// ```
pub fn main(application: &Application) -> process::ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let error = Diagnostic::new(ErrorKind::Internal, format!("no runtime could be made: {error}"));
            failure::show(&Output::plain(), &error);
            return process::ExitCode::from(error.exit_code().code());
        }
    };
    let code = runtime.block_on(run(application, std::env::args_os().skip(1)));
    runtime.shutdown_background();
    process::ExitCode::from(code.code())
}

/// Shows an error as the commands do: on standard error, with its place in the file, the state of the
/// database and what to do next.
pub fn show_error(error: &Diagnostic) {
    failure::show(&Output::plain(), error);
}

/// Runs one command. `arguments` are those behind the name of the program, or, in a program with
/// other commands of its own, behind the word that leads here.
///
/// A signal stops the run that is under way: it is cancelled on the server, rolled back and
/// unlocked before this returns.
pub async fn run(
    application: &Application,
    arguments: impl IntoIterator<Item = impl Into<OsString>>,
) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let parser = arguments::parser(application);
    let arguments = rewrite::dispatch(&parser, arguments);
    let name = application.command().to_owned().into();
    let parsed = parser.clone().try_get_matches_from(std::iter::once(name).chain(arguments.iter().cloned()));
    let line = match parsed.and_then(|matches| Line::from_arg_matches(&matches)) {
        Ok(line) => line,
        Err(error) => return usage::show(&error, &arguments),
    };
    let output = Output::new(&line.global);
    let context = Context::new(application, line.global, line.command.settings(), output);
    let command = AssertUnwindSafe(line.command.run(&context)).catch_unwind();
    let result =
        match signal::until(command, context.stop_switch(), |text| context.output().say("Finishing", text))
            .await
        {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => {
                Err(Diagnostic::new(ErrorKind::Internal, "the command panicked; this is a bug in Underpin")
                    .hint("please report it with the command and what stands above"))
            }
            Err(stopped) => Err(stopped),
        };
    match result {
        Ok(code) => answer(context.output(), code),
        // That the output of a command that has failed is incomplete goes without saying.
        Err(error) => {
            let error = mask::diagnostic(error, &arguments);
            failure::show(context.output(), &error);
            error.exit_code()
        }
    }
}

/// The exit code of a command that has its answer: another one if the answer could not be written
/// and the code would not tell.
fn answer(output: &Output, code: ExitCode) -> ExitCode {
    let Some(loss) = output.loss() else { return code };
    failure::show(output, &loss);
    if code == ExitCode::Done { loss.exit_code() } else { code }
}
