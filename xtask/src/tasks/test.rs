//! Runs every test: servers, programs, doc tests, and last the test runner, whose summary closes the output.
//! It stops no test and skips none; what a missing server means is decided by the tests themselves.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::Args;

use crate::engines::{EngineOptions, Lease};
use crate::phases::Phases;
use crate::{alembic, applications, cargo, missing, paths};

/// The variable that tells the tests where the programs lie.
pub(crate) const PROGRAMS_VARIABLE: &str = "UNDERPIN_TEST_BIN_DIR";

/// What `test` is given.
#[derive(Debug, Args)]
pub(crate) struct TestOptions {
    /// Neither build the programs nor run the doc tests first
    #[arg(long)]
    runner_only: bool,
    #[command(flatten)]
    engines: EngineOptions,
    /// Handed on to the test runner; with a package among them only that package is tested
    #[arg(last = true, value_name = "ARGUMENT")]
    arguments: Vec<String>,
}

/// Runs every test, or those that the arguments choose.
pub(crate) fn test(options: &TestOptions) -> Result<ExitCode> {
    let mut phases = Phases::default();
    // The servers start while the programs are being built.
    let lease = Lease::take(&options.engines)?;
    if !options.runner_only {
        phases.run("build", || cargo::success(&mut cargo::build()))?;
    }
    let python = phases.run("alembic", || missing::accept("Alembic", alembic::python()))?;
    let applications =
        phases.run("applications", || missing::accept("schemas of applications", applications::schemas()))?;
    let environment = phases.run("servers", || lease.environment())?;
    let programs = paths::programs()?;
    let prepared = |command: &mut Command| {
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        command.env(PROGRAMS_VARIABLE, &programs);
        if let Some(python) = &python {
            command.env(alembic::VARIABLE, python);
        }
        if let Some(directory) = &applications {
            command.env(applications::VARIABLE, directory);
        }
    };
    ignore_interrupts()?;
    if !options.runner_only && options.arguments.is_empty() {
        phases.run("doc tests", || {
            let mut doc_tests = cargo::command(["test", "--doc"]);
            doc_tests.args(cargo::WHOLE_WORKSPACE);
            prepared(&mut doc_tests);
            cargo::success(&mut doc_tests)
        })?;
    }
    let mut runner = runner(&options.arguments);
    prepared(&mut runner);
    eprintln!("{}", phases.summary());
    Ok(cargo::exit_code(cargo::status(&mut runner)?))
}

/// The runner's command line: nextest where it is at hand, else cargo's own.
fn runner(arguments: &[String]) -> Command {
    let mut command = if cargo::has_nextest() {
        cargo::command(["nextest", "run"])
    } else {
        cargo::command(["test", "--lib", "--bins", "--examples", "--tests"])
    };
    if !names_a_package(arguments) {
        command.arg("--workspace");
    }
    command.arg("--all-features").args(arguments);
    command
}

/// Whether the arguments choose packages themselves, which `--workspace` would overrule.
fn names_a_package(arguments: &[String]) -> bool {
    arguments.iter().any(|each| {
        each == "-p" || each == "--package" || each.starts_with("--package=") || each.starts_with("-p=")
    })
}

/// Leaves Ctrl-C to the child, which stands in the same process group: it ends, we clean up behind it.
pub(crate) fn ignore_interrupts() -> Result<()> {
    ctrlc::set_handler(|| {}).context("cannot leave Ctrl-C to the test runner")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_named_package_takes_the_place_of_the_workspace() {
        let arguments: Vec<_> =
            runner(&words("-p underpin-tests")).get_args().map(ToOwned::to_owned).collect();
        assert!(!arguments.contains(&"--workspace".into()), "{arguments:?}");
    }

    #[test]
    fn a_filter_leaves_the_workspace() {
        let arguments: Vec<_> = runner(&words("some_filter")).get_args().map(ToOwned::to_owned).collect();
        assert!(arguments.contains(&"--workspace".into()), "{arguments:?}");
        assert_eq!(arguments.last(), Some(&"some_filter".into()));
    }
}
