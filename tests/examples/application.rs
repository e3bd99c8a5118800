//! An application with revisions in Rust and the commands, for the tests that need its process.

use std::process::ExitCode;

use underpin::cli::Application;

static MIGRATIONS: underpin::Embedded = underpin::embed!("revisions");

fn main() -> ExitCode {
    underpin::cli::main(&Application::new("application").migrations(&MIGRATIONS).directory("revisions"))
}
