//! Servers for as long as a task runs: a supervisor of its own, which stops them when this process is gone.
//! However this process ends, the pipe to the supervisor closes, so nothing has to be remembered or cleaned.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use super::{Engine, EngineOptions};
use crate::missing;

/// What a supervisor reports.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// The socket through which it is told to stop.
    pub(crate) control: Option<String>,
    /// The variables that point to its servers.
    pub(crate) environment: Vec<(String, String)>,
    /// The engines that could not be had, and why.
    pub(crate) missing: Vec<(String, String)>,
}

impl Report {
    /// Reads a supervisor's lines up to the one that says that all is ready.
    pub(crate) fn read(lines: impl BufRead) -> Result<Self> {
        let mut report = Self::default();
        for line in lines.lines() {
            let line = line?;
            let mut words = line.splitn(3, ' ').map(str::to_owned);
            let kind = words.next().unwrap_or_default();
            let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            match kind.as_str() {
                "control" => report.control = Some(first),
                "env" => report.environment.push((first, second)),
                "missing" => report.missing.push((first, second)),
                "ready" => return Ok(report),
                _ => bail!("the supervisor of the servers said {line:?}"),
            }
        }
        bail!("the supervisor of the servers ended")
    }

    /// Names loudly what is missing; an error in CI.
    pub(crate) fn report_missing(&self) -> Result<()> {
        self.missing.iter().try_for_each(|(engine, reason)| missing::report(engine, reason))
    }
}

/// Servers for as long as this lives.
#[derive(Debug)]
pub(crate) struct Lease {
    supervisor: Child,
    output: Mutex<Option<BufReader<ChildStdout>>>,
}

impl Lease {
    /// Asks for servers, which are started while the caller goes on.
    pub(crate) fn take(options: &EngineOptions) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["engines", "supervise"]).args(options.words());
        // A process group of its own: Ctrl-C must not hit the servers before the tests have ended.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut supervisor = command.spawn().context("cannot start the supervisor of the servers")?;
        let output = supervisor.stdout.take().map(BufReader::new);
        Ok(Self { supervisor, output: Mutex::new(output) })
    }

    /// Waits for the servers and returns the variables that point to them, given ones included.
    pub(crate) fn environment(&self) -> Result<Vec<(String, String)>> {
        let output = self.output.lock().ok().and_then(|mut output| output.take());
        let report = Report::read(output.context("the servers were asked for twice")?)?;
        report.report_missing()?;
        let given = Engine::ALL
            .into_iter()
            .filter_map(|engine| Some((engine.variable().to_owned(), engine.given_url()?)));
        Ok(report.environment.into_iter().chain(given).collect())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read_up_to_ready() {
        let lines = "control /c\nenv A mysql://u@h/d\nmissing mysql no apt here\nready\nmore\n";
        let report = Report::read(lines.as_bytes()).unwrap();
        assert_eq!(report.control.as_deref(), Some("/c"));
        assert_eq!(report.environment, [("A".to_owned(), "mysql://u@h/d".to_owned())]);
        assert_eq!(report.missing, [("mysql".to_owned(), "no apt here".to_owned())]);
    }

    #[test]
    fn a_supervisor_that_ends_early_is_an_error() {
        Report::read("env A b\n".as_bytes()).unwrap_err();
    }
}
