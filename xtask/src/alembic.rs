//! A Python environment with the real Alembic in it, for the tests that compare our answers with its own.
//! It is not a server and not needed by anything that ships.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::paths;

/// The variable that names the Python to ask.
pub(crate) const VARIABLE: &str = "UNDERPIN_TEST_ALEMBIC_PYTHON";

/// The Alembic that the semantics of the graph were read from.
const REQUIREMENT: &str = "alembic==1.19.2";

/// The Python that has Alembic: the one that is named, or one in an environment of our own, made when missing.
pub(crate) fn python() -> Result<PathBuf> {
    match env::var_os(VARIABLE) {
        Some(named) => Ok(named.into()),
        None => environment(),
    }
}

fn environment() -> Result<PathBuf> {
    let directory = paths::alembic_environment();
    let python = directory.join("bin/python");
    let complete = directory.join("complete");
    if fs::read_to_string(&complete).is_ok_and(|holds| holds == REQUIREMENT) && python.exists() {
        return Ok(python);
    }
    if directory.exists() {
        fs::remove_dir_all(&directory).context("cannot remove a half-made Python environment")?;
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&directory))
        .context("cannot make a Python environment (Debian: apt install python3-venv)")?;
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--retries", "5", REQUIREMENT]))?;
    run(Command::new(&python).args(["-c", "import alembic.script"]))?;
    fs::write(&complete, REQUIREMENT)?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
