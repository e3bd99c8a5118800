//! The programs of the workspace as processes: how they are called, and what came of it.
//! Nothing of the caller's own environment reaches them but what every process needs, so that a test's machine
//! cannot change its outcome.

mod dump;
mod output;
pub(crate) mod place;
mod port;
mod running;
mod shop;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

pub use dump::dump_programs;
pub use output::Output;
pub use running::{Running, Signal};
pub use shop::{Shop, Started};

pub use port::free_port;

/// How long a program may run when nothing else is said; a loaded machine is slow.
const TIME_LIMIT: Duration = Duration::from_secs(120);

/// The variables that a program keeps from our environment.
const KEPT: [&str; 5] = ["PATH", "TMPDIR", "LLVM_PROFILE_FILE", "RUST_BACKTRACE", "SSL_CERT_FILE"];

/// A call of a program. Without a directory it runs in an empty one.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    directory: Option<PathBuf>,
    limit: Duration,
    input: Option<String>,
}

impl Program {
    /// The command line program.
    ///
    /// # Panics
    /// When it has not been built.
    #[track_caller]
    pub fn underpin() -> Self {
        Self::of_workspace("underpin")
    }

    /// The example service.
    ///
    /// # Panics
    /// When it has not been built.
    #[track_caller]
    pub fn shop() -> Self {
        Self::of_workspace("shop")
    }

    /// The application with revisions in Rust: `tests/examples/application.rs`, with those of `tests/revisions`.
    ///
    /// # Panics
    /// When it has not been built.
    #[track_caller]
    pub fn application() -> Self {
        Self::of_workspace("examples/application")
    }

    /// A program of the workspace. It makes no backups: tests of those say so themselves, and name the dump
    /// programs that a backup of a server needs.
    #[track_caller]
    fn of_workspace(name: &str) -> Self {
        Self::at(place::of(name)).env("UNDERPIN_BACKUP", "never")
    }

    /// Any program.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let (arguments, environment) = (Vec::new(), Vec::new());
        Self { path, arguments, environment, directory: None, limit: TIME_LIMIT, input: None }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Sets `DATABASE_URL`.
    pub fn database(self, url: impl AsRef<OsStr>) -> Self {
        self.env("DATABASE_URL", url)
    }

    /// Sets the directory to run in.
    pub fn directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.directory = Some(directory.as_ref().to_path_buf());
        self
    }

    /// Sets how long it may run before it is killed and the test fails.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Sets what it reads from its standard input, which is empty otherwise.
    pub fn input(mut self, text: impl Into<String>) -> Self {
        self.input = Some(text.into());
        self
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it can't be started, or takes longer than its limit.
    #[track_caller]
    pub fn run(&self) -> Output {
        self.spawn().wait()
    }

    /// Starts it.
    ///
    /// # Panics
    /// When it can't be started.
    #[track_caller]
    pub fn spawn(&self) -> Running {
        let (directory, guard) = self.directory_to_run_in();
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).current_dir(&directory).env_clear();
        command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        // A home without files: a password file or a configuration of the machine must not count.
        command.env("HOME", "/nonexistent");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(if self.input.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child =
            command.spawn().unwrap_or_else(|error| panic!("cannot start {}: {error}", self.path.display()));
        Running::new(child, self.input.clone(), self.limit, guard)
    }

    fn directory_to_run_in(&self) -> (PathBuf, Option<TempDir>) {
        if let Some(directory) = &self.directory {
            return (directory.clone(), None);
        }
        let empty = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary directory: {error}"));
        (empty.path().to_path_buf(), Some(empty))
    }
}
