//! One contestant at one task in a process of its own, for what can only be counted of a whole process: its memory
//! and its system calls. The process is the benchmark's own program, called again.

use std::env;
use std::ffi::OsString;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};
use underpin_tests::Engine;

use crate::contestant::Equipment;
use crate::{Contestant, Library, memory};

/// The first argument of a process that is a child.
const MARK: &str = "--child";

/// What a child does.
#[derive(Clone, Debug)]
pub struct Child {
    /// Who.
    pub contestant: Contestant,
    /// Where.
    pub engine: Engine,
    /// The database.
    pub url: String,
    /// With how many revisions.
    pub count: usize,
}

impl Child {
    /// Runs the child to its end and returns the peak of its memory in KiB.
    ///
    /// # Errors
    /// If it could not do its task.
    pub fn peak(&self) -> Result<u64> {
        let output = self.output(Vec::new())?;
        String::from_utf8_lossy(&output.stdout).trim().parse().context("the child did not tell its peak")
    }

    /// Runs the child behind a command such as `strace -o FILE`.
    ///
    /// # Errors
    /// If it could not do its task.
    pub fn output(&self, behind: Vec<OsString>) -> Result<Output> {
        let mut words = behind;
        words.push(env::current_exe()?.into_os_string());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).arg(MARK).arg(self.contestant.word()).arg(self.engine.to_string());
        command.arg(&self.url).arg(self.count.to_string());
        let output = command.output().with_context(|| format!("cannot run {:?}", words[0]))?;
        if !output.status.success() {
            bail!("the child failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(output)
    }

    fn of_arguments() -> Option<Self> {
        let mut words = env::args().skip(1);
        if words.next()? != MARK {
            return None;
        }
        let (contestant, engine, url, count) = (words.next()?, words.next()?, words.next()?, words.next()?);
        Some(Self {
            contestant: Contestant::ALL.into_iter().find(|one| one.word() == contestant)?,
            engine: Engine::ALL.into_iter().find(|one| one.to_string() == engine)?,
            url,
            count: count.parse().ok()?,
        })
    }

    fn run(&self) -> Result<u64> {
        let directory = tempfile::tempdir()?;
        let equipment = Equipment::new(&Library::linear(self.count), directory.path())?;
        memory::forget_peak()?;
        equipment.time(&runtime()?, self.contestant, self.engine, &self.url)?;
        memory::peak()
    }
}

/// Does the child's task, if this process is a child, and says so.
///
/// # Errors
/// If the task failed.
#[allow(clippy::print_stdout, reason = "how a child answers")]
pub fn was_asked() -> Result<bool> {
    let Some(child) = Child::of_arguments() else { return Ok(false) };
    println!("{}", child.run()?);
    Ok(true)
}

/// The runtime that every contestant gets.
///
/// # Errors
/// The system's.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}
