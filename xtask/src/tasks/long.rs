//! The tasks that take long and want servers that keep their promises about the disk: soak and benchmarks.
//! What they do is written in the tests and the benchmarks; this only gives them their servers and programs.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::test::{PROGRAMS_VARIABLE, ignore_interrupts};
use crate::engines::{EngineOptions, Lease};
use crate::phases::Phases;
use crate::{cargo, paths};

/// The variable that tells the soak tests to run in full.
const SOAK_VARIABLE: &str = "UNDERPIN_TEST_SOAK";

/// What a task that only hands its arguments on is given.
#[derive(Debug, Args)]
pub(crate) struct RunnerOptions {
    /// Handed on as they are
    #[arg(last = true, value_name = "ARGUMENT")]
    arguments: Vec<String>,
}

/// The suites that have a full form beside the short one that every test run has: `tests/tests/`.
const SUITES: [&str; 8] = ["--test", "race", "--test", "kill", "--test", "fault", "--test", "pooler"];

/// The races, the crashes and the faults, in full; the faults print the table of `docs/reference/reliability.md`.
pub(crate) fn soak(options: &RunnerOptions) -> Result<ExitCode> {
    let mut phases = Phases::default();
    let lease = Lease::take(&EngineOptions::durable())?;
    phases.run("build", || cargo::success(&mut cargo::build()))?;
    let environment = phases.run("servers", || lease.environment())?;
    // One after the other: a race is to be run by its own processes, and a kill to be timed by a quiet machine.
    let mut runner = if cargo::has_nextest() {
        let mut nextest = cargo::command(["nextest", "run", "--profile", "soak", "--no-capture"]);
        nextest.args(SUITES).args(cargo::WHOLE_WORKSPACE).args(&options.arguments);
        nextest
    } else {
        let mut test = cargo::command(["test"]);
        test.args(SUITES).args(cargo::WHOLE_WORKSPACE).args(["--", "--nocapture", "--test-threads=1"]);
        test.args(&options.arguments);
        test
    };
    runner.envs(environment).env(PROGRAMS_VARIABLE, paths::programs()?).env(SOAK_VARIABLE, "full");
    eprintln!("{}", phases.summary());
    ignore_interrupts()?;
    Ok(cargo::exit_code(cargo::status(&mut runner)?))
}

/// The benchmarks: `benches/`, and the service that one of them starts, built before the servers are waited for. `-- --bench apply -- sqlite 100` makes a choice.
pub(crate) fn bench(options: &RunnerOptions) -> Result<ExitCode> {
    const BENCHES: [&str; 3] = ["bench", "--package", "underpin-benches"];
    let mut phases = Phases::default();
    let lease = Lease::take(&EngineOptions::durable())?;
    phases.run("build", || cargo::success(cargo::command(BENCHES).arg("--no-run")))?;
    phases.run("shop", || {
        let mut build = cargo::command(["build", "--bin", "shop"]);
        cargo::success(build.args(cargo::WHOLE_WORKSPACE))
    })?;
    let environment = phases.run("servers", || lease.environment())?;
    let mut runner = cargo::command(BENCHES);
    runner.args(&options.arguments).envs(environment).env(PROGRAMS_VARIABLE, paths::programs()?);
    eprintln!("{}", phases.summary());
    ignore_interrupts()?;
    Ok(cargo::exit_code(cargo::status(&mut runner)?))
}
