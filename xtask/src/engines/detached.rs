//! Servers that stay after the command that started them: `engines up`, `down` and `status`.
//! They are told from any other by the socket of their supervisor, which `up` writes down.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use super::EngineOptions;
use super::lease::Report;
use crate::paths;

/// The file with the path of the supervisor's socket.
fn control_file() -> PathBuf {
    paths::engine_state().join("control")
}

/// The file with the lines to export.
fn exports_file() -> PathBuf {
    paths::engine_state().join("exports")
}

/// The supervisor of servers that are up, and the lines to export.
fn running() -> Option<(UnixStreamPath, String)> {
    let control = UnixStreamPath(fs::read_to_string(control_file()).ok()?);
    control.is_alive().then(|| (control, fs::read_to_string(exports_file()).unwrap_or_default()))
}

/// The path of a supervisor's socket.
struct UnixStreamPath(String);

impl UnixStreamPath {
    /// Whether its supervisor runs: asked without connecting, since a connection means stop.
    fn is_alive(&self) -> bool {
        let beside = PathBuf::from(&self.0).with_file_name("supervisor");
        let id = fs::read_to_string(beside).ok().and_then(|text| text.parse().ok());
        let id = id.and_then(rustix::process::Pid::from_raw);
        id.is_some_and(|id| rustix::process::test_kill_process(id) != Err(rustix::io::Errno::SRCH))
    }
}

/// Starts servers, leaves them running, and prints what to export.
pub(crate) fn up(options: &EngineOptions) -> Result<ExitCode> {
    if let Some((_, exports)) = running() {
        eprintln!("the servers are running already");
        print!("{exports}");
        return Ok(ExitCode::SUCCESS);
    }
    fs::create_dir_all(paths::engine_state())?;
    let log = paths::engine_state().join("log");
    // A session of its own, so that closing the terminal does not end it, and no pipe of ours held open.
    let mut command = Command::new("setsid");
    command.arg(std::env::current_exe()?).args(["engines", "supervise", "--detached"]).args(options.words());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&log)?);
    let mut supervisor = command.spawn().context("setsid is not at hand (Debian: package util-linux)")?;
    let report = match supervisor.stdout.take().map(|output| Report::read(BufReader::new(output))) {
        Some(Ok(report)) => report,
        Some(Err(error)) => bail!("{error:#}: {}", fs::read_to_string(&log)?.trim()),
        None => bail!("the supervisor of the servers says nothing"),
    };
    let exports: String =
        report.environment.iter().map(|(name, value)| format!("export {name}='{value}'\n")).collect();
    fs::write(exports_file(), &exports)?;
    fs::write(control_file(), report.control.as_deref().unwrap_or_default())?;
    if let Err(error) = report.report_missing() {
        down()?;
        return Err(error);
    }
    print!("{exports}");
    Ok(ExitCode::SUCCESS)
}

/// Stops the servers that `up` started.
pub(crate) fn down() -> Result<ExitCode> {
    let Some((control, _)) = running() else {
        eprintln!("no servers are running");
        return Ok(ExitCode::SUCCESS);
    };
    let mut stream = UnixStream::connect(&control.0).context("cannot reach the supervisor of the servers")?;
    // The supervisor closes the connection once everything is stopped and removed.
    let _ = stream.read_to_end(&mut Vec::new());
    fs::remove_file(control_file())?;
    fs::remove_file(exports_file())?;
    eprintln!("the servers are stopped");
    Ok(ExitCode::SUCCESS)
}

/// Says whether servers are up; exit code 1 when not.
pub(crate) fn status() -> Result<ExitCode> {
    match running() {
        Some((_, exports)) => {
            eprintln!("the servers are running");
            print!("{exports}");
            Ok(ExitCode::SUCCESS)
        }
        None => {
            eprintln!("no servers are running");
            Ok(ExitCode::FAILURE)
        }
    }
}
