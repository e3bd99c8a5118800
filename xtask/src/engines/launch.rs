//! What a server needs to be started: its programs, its ground, and the command that results from them.
//! Preparing writes only into the server's own directory; starting is the business of `server`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use super::account::Account;
use super::cluster::Seat;
use super::fetch::fetched;
use super::installation::Installation;
use super::{Engine, EngineOptions, mariadb, mysql, pgbouncer, postgres};
use crate::paths;

/// The name and the password of the administrator that the tests are given.
pub(crate) const ADMINISTRATOR: &str = "underpin";

/// What a server stands on.
#[derive(Debug)]
pub(crate) struct Ground {
    /// A directory of its own, which belongs to its account.
    pub(crate) directory: PathBuf,
    /// A port that was free a moment ago.
    pub(crate) port: u16,
    /// The account that it runs as.
    pub(crate) account: Account,
    /// Whether it keeps its promises about the disk.
    pub(crate) durable: bool,
    /// The URL of the server that it stands in front of, if it does.
    pub(crate) before: Option<String>,
    /// Its place in a cluster, if it is in one.
    pub(crate) seat: Option<Seat>,
    /// Where its certificate is, if it speaks TLS.
    pub(crate) tls: Option<PathBuf>,
}

impl Ground {
    /// The file that a step or the server itself writes its messages to.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{name}.log"))
    }

    /// Writes a file that the server's account may read.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.directory.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        self.account.own(&path)?;
        Ok(path)
    }

    /// Runs a step of the preparation to its end.
    pub(crate) fn step(&self, name: &str, command: &mut Command) -> Result<()> {
        let path = self.log(name);
        redirect(command, &path, &self.directory)?;
        let status = command.status().context("setpriv is not at hand (Debian: package util-linux)")?;
        if !status.success() {
            bail!("{name} failed ({status}): {}", tail(&path));
        }
        Ok(())
    }
}

/// A server that is ready to be started.
#[derive(Debug)]
pub(crate) struct Launch {
    /// Which one.
    pub(crate) engine: Engine,
    /// The whole command line.
    pub(crate) command: Command,
    /// What the server writes to its log once it accepts connections.
    pub(crate) ready: &'static str,
    /// The quickest signal after which it leaves nothing behind but its data, which is removed.
    pub(crate) stop: Signal,
    /// Its log.
    pub(crate) log: PathBuf,
    /// The administrator's URL.
    pub(crate) url: String,
}

/// Lays out the data of a server and describes it.
pub(crate) fn prepare(engine: Engine, ground: &Ground, installation: &Installation) -> Result<Launch> {
    let mut launch = match engine {
        Engine::Postgres | Engine::Postgres18 => postgres::launch(engine, ground, installation),
        Engine::Mysql => mysql::launch(ground, installation),
        Engine::Mariadb => mariadb::launch(ground, installation),
        Engine::Pgbouncer => pgbouncer::launch(ground, installation),
    }?;
    redirect(&mut launch.command, &launch.log, &ground.directory)?;
    Ok(launch)
}

/// Finds or fetches the programs of a server.
pub(crate) fn installation(
    engine: Engine,
    account: Account,
    options: &EngineOptions,
) -> Result<Installation> {
    let machine = Installation::of_machine();
    if !options.fetched && engine != Engine::Postgres18 && is_usable(engine, &machine) {
        return Ok(machine);
    }
    fetched(engine, &paths::engine_cache(account.is_other())?)
        .with_context(|| format!("install it yourself, or point {} to a server", engine.variable()))
}

/// Whether an installation has a server that can be given a data directory.
pub(crate) fn is_usable(engine: Engine, installation: &Installation) -> bool {
    match engine {
        Engine::Postgres | Engine::Postgres18 => installation.postgres_programs().is_some(),
        Engine::Mysql => mysql::is_usable(installation),
        Engine::Mariadb => mariadb::is_usable(installation),
        Engine::Pgbouncer => installation.program("pgbouncer").is_some(),
    }
}

fn redirect(command: &mut Command, log: &Path, directory: &Path) -> Result<()> {
    let output = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    command.current_dir(directory).stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    Ok(())
}

/// The last lines of a log, for a message.
pub(crate) fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}
