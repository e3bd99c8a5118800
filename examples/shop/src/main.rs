//! Shop: customers, their orders, and a database that it brings up to date by itself.
//!
//! `cargo run -p shop` is all there is to it. See README.md for the variables that it reads.

mod command;
mod ending;
mod logging;
mod route;
mod serve;
mod start;
mod store;
mod talk;

use std::process::ExitCode;

use underpin::Diagnostic;

use command::Command;

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Command::of(std::env::args_os().skip(1).collect()) {
        Ok(command) => run(command).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            talk::error(&error);
            ExitCode::from(error.exit_code().code())
        }
    }
}

async fn run(command: Command) -> Result<ExitCode, Diagnostic> {
    match command {
        Command::Serve => serve::serve().await,
        Command::Init => start::init().await,
        Command::Report => start::report().await,
        Command::Migrate(arguments) => Ok(start::migrate(arguments).await),
        Command::Help => {
            talk::line(command::HELP);
            Ok(ExitCode::SUCCESS)
        }
    }
}
