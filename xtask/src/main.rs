//! The tasks of this workspace: private database servers, tests, soak, benchmarks, documentation, CI.
//! It is not part of the product: nothing here is linked into Underpin, and nothing here is published.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a task runner talks to its terminal")]

mod alembic;
mod applications;
mod cargo;
mod engines;
mod missing;
mod paths;
mod phases;
mod tasks;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::engines::EngineOptions;

/// The tasks of this workspace
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Private PostgreSQL, MySQL and MariaDB servers, and a PgBouncer
    #[command(subcommand)]
    Engines(EnginesTask),
    /// Start the servers, build the programs, run every test; arguments behind `--` go to the runner
    Test(tasks::TestOptions),
    /// The long races and crashes, against servers that keep their promises about the disk
    Soak(tasks::RunnerOptions),
    /// The benchmarks, against servers that keep their promises about the disk
    Bench(tasks::RunnerOptions),
    /// The documentation of the workspace, with warnings denied
    Docs,
    /// What CI runs: formatting, lints, documentation, tests
    Ci(tasks::TestOptions),
}

#[derive(Debug, Subcommand)]
enum EnginesTask {
    /// Start the servers, leave them running, print what to export
    Up(EngineOptions),
    /// Stop the servers that `up` started, and remove their data
    Down,
    /// Say whether servers started by `up` are running
    Status,
    /// Only see to it that every server program is at hand
    Fetch(EngineOptions),
    /// Hold servers until standard input closes, or until told to stop
    #[command(hide = true)]
    Supervise(engines::SuperviseOptions),
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.task {
        Task::Engines(EnginesTask::Up(options)) => engines::up(&options),
        Task::Engines(EnginesTask::Down) => engines::down(),
        Task::Engines(EnginesTask::Status) => engines::status(),
        Task::Engines(EnginesTask::Fetch(options)) => engines::fetch(&options),
        Task::Engines(EnginesTask::Supervise(options)) => engines::supervise(options),
        Task::Test(options) => tasks::test(&options),
        Task::Soak(options) => tasks::soak(&options),
        Task::Bench(options) => tasks::bench(&options),
        Task::Docs => tasks::docs(),
        Task::Ci(options) => tasks::ci(&options),
    }
}
