//! An application with revisions in Rust and the commands, for the tests that need its process.

use std::process::ExitCode;

use underpin::cli::Application;

static MIGRATIONS: underpin::Embedded = underpin::embed!("revisions");

#[tokio::main]
async fn main() -> ExitCode {
    let application = Application::new("application").migrations(&MIGRATIONS).directory("revisions");
    let code = underpin::cli::run(&application, std::env::args_os().skip(1)).await;
    ExitCode::from(code.code())
}
