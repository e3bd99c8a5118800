//! The `underpin` program: the commands of `underpin::cli`, with revisions that are files.

use std::process::ExitCode;

use underpin::cli::{self, Application};

fn main() -> ExitCode {
    cli::main(&Application::new("underpin"))
}
