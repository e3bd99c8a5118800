//! The process that holds the servers: it starts them, reports them, and stops them when its owner is gone.
//! It outlives neither: its owner's end closes its standard input, and its own end takes the servers with it.

use std::fs;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result};
use clap::Args;
use rustix::process::{Pid, test_kill_process};
use tempfile::TempDir;

use super::account::Account;
use super::installation::Installation;
use super::launch::{Ground, Launch, installation, prepare};
use super::server::Server;
use super::{Engine, EngineOptions, cluster, programs};
use crate::paths;

/// How the directories of runs begin.
const PREFIX: &str = "underpin-engines-";

/// The longest directory under which the path of a socket still fits into what Linux allows (108 bytes).
const LONGEST_DIRECTORY: usize = 60;

/// The free memory, in bytes, from which on the data of servers is kept there.
const ENOUGH_MEMORY: u64 = 8 << 30;

/// How often a server is started: its port may have been taken in the meantime.
const ATTEMPTS: u32 = 3;

/// What the supervisor is given.
#[derive(Debug, Args)]
pub(crate) struct SuperviseOptions {
    /// Stop when told so through a socket, not when standard input closes
    #[arg(long)]
    detached: bool,
    /// So many servers of MariaDB as one Galera cluster, instead of one of each engine
    #[arg(long, value_name = "COUNT", conflicts_with = "detached")]
    members: Option<usize>,
    #[command(flatten)]
    engines: EngineOptions,
}

/// Holds servers until the owner is gone or says so.
///
/// Standard output carries lines for the owner: `control PATH`, `missing ENGINE REASON`, `env NAME VALUE`, `ready`.
/// Through standard input the owner may `kill` the servers where they stand, or `kill N` for one of them, counted from
/// 0, and `start` them again on what they have left; each is answered by a line, `done` or `failed REASON`.
pub(crate) fn supervise(options: SuperviseOptions) -> Result<ExitCode> {
    let run = RunDirectory::make(options.engines.durable)?;
    let control = run.path().join("control");
    let listener = UnixListener::bind(&control).context("cannot open the control socket")?;
    let mut servers = match options.members {
        Some(members) => cluster::start(&options.engines, members, run.path())?,
        None => start_all(&options.engines, run.path())?,
    };
    let programs = run.path().join(programs::DIRECTORY);
    let mut lines = vec![
        format!("control {}", control.display()),
        format!("env {} {}", programs::VARIABLE, programs.display()),
    ];
    for (engine, outcome) in &servers {
        lines.push(match outcome {
            Ok(server) => format!("env {} {}", engine.variable(), server.url()),
            Err(error) => format!("missing {engine} {}", one_line(&format!("{error:#}"))),
        });
    }
    lines.push("ready\n".to_owned());
    io::stdout().write_all(lines.join("\n").as_bytes()).context("nobody listens any more")?;
    let stopper = if options.detached { Some(accept(&listener)?) } else { obey(&mut servers)? };
    drop(servers);
    drop(run);
    drop(stopper);
    Ok(ExitCode::SUCCESS)
}

/// Waits for someone who wants the servers stopped; the connection closes once they are.
fn accept(listener: &UnixListener) -> Result<UnixStream> {
    Ok(listener.accept().context("the control socket broke")?.0)
}

/// Does what the owner says, until standard input ends.
fn obey(servers: &mut [Outcome]) -> Result<Option<UnixStream>> {
    for order in io::stdin().lines() {
        let Ok(order) = order else { break };
        let mut servers = servers.iter_mut().filter_map(|(_, outcome)| outcome.as_mut().ok());
        let which = order.strip_prefix("kill ").map(str::parse::<usize>);
        let outcome = match (order.as_str(), which) {
            (_, Some(Ok(which))) => {
                servers.nth(which).context("there is no such server").and_then(Server::kill)
            }
            ("kill", _) => servers.try_for_each(Server::kill),
            ("start", _) => servers.try_for_each(Server::start_again),
            _ => Err(anyhow::anyhow!("{order:?} is no order")),
        };
        let answer = match outcome {
            Ok(()) => "done\n".to_owned(),
            Err(error) => format!("failed {}\n", one_line(&format!("{error:#}"))),
        };
        io::stdout().write_all(answer.as_bytes()).context("nobody listens any more")?;
    }
    Ok(None)
}

pub(super) type Outcome = (Engine, Result<Server>);

/// Starts the servers, and then those that stand in front of one.
fn start_all(options: &EngineOptions, directory: &Path) -> Result<Vec<Outcome>> {
    let (behind, before) = options.wanted().into_iter().partition(|engine| engine.stands_before().is_none());
    let mut all = start(options, directory, behind, &[])?;
    let urls: Vec<_> = all
        .iter()
        .filter_map(|(engine, outcome)| Some((*engine, outcome.as_ref().ok()?.url().to_owned())))
        .chain(Engine::ALL.into_iter().filter_map(|engine| Some((engine, engine.given_url()?))))
        .collect();
    all.extend(start(options, directory, before, &urls)?);
    Ok(all)
}

/// Finds and prepares servers side by side, and starts them from this thread, with whose end they would end.
fn start(
    options: &EngineOptions,
    directory: &Path,
    engines: Vec<Engine>,
    urls: &[(Engine, String)],
) -> Result<Vec<Outcome>> {
    let account = Account::choose()?;
    let before = |engine: Engine| {
        let behind = engine.stands_before()?;
        urls.iter().find(|(engine, _)| *engine == behind).map(|(_, url)| url.clone())
    };
    let grounds = engines.iter().zip(free_ports(engines.len())?).map(|(engine, port)| Ground {
        directory: directory.join(engine.name()),
        port,
        account,
        durable: options.durable,
        before: before(*engine),
        seat: None,
        tls: options.tls.clone(),
    });
    let prepared: Vec<_> = thread::scope(|scope| {
        let one =
            |(&engine, ground)| (engine, scope.spawn(move || find_and_lay_out(engine, ground, options)));
        let threads: Vec<_> = engines.iter().zip(grounds).map(one).collect();
        threads.into_iter().filter_map(|(engine, thread)| Some((engine, thread.join().ok()?))).collect()
    });
    let started: Vec<_> = prepared
        .into_iter()
        .map(|(engine, prepared)| {
            (engine, prepared.map(|(found, launch)| (found, launch.and_then(Server::start))))
        })
        .collect();
    Ok(started
        .into_iter()
        .map(|(engine, started)| {
            let again = |port| Ground {
                directory: directory.join(format!("{}-{port}", engine.name())),
                port,
                account,
                durable: options.durable,
                before: before(engine),
                seat: None,
                tls: options.tls.clone(),
            };
            (engine, started.and_then(|(found, server)| ready_or_again(engine, &found, server, again)))
        })
        .collect())
}

type Prepared = (Installation, Result<Launch>);

pub(super) fn find_and_lay_out(engine: Engine, ground: Ground, options: &EngineOptions) -> Result<Prepared> {
    let found = installation(engine, ground.account, options)?;
    let scripts = ground.directory.with_file_name(programs::DIRECTORY);
    let cache = paths::engine_cache(ground.account.is_other())?;
    if let Err(error) = programs::write(engine, &found, &scripts, &cache) {
        // The server is of use without them; the tests that need them say so.
        eprintln!("    no dump programs of {engine}: {error:#}");
    }
    let launch = lay_out(engine, &ground, &found);
    Ok((found, launch))
}

fn lay_out(engine: Engine, ground: &Ground, found: &Installation) -> Result<Launch> {
    fs::create_dir(&ground.directory)?;
    ground.account.own(&ground.directory)?;
    prepare(engine, ground, found)
}

pub(super) fn ready(mut server: Server) -> Result<Server> {
    server.wait_until_ready()?;
    eprintln!("    {} is ready", server.engine());
    Ok(server)
}

/// Waits for a server, and starts it again when it fails: the usual reason is that its port was taken.
fn ready_or_again(
    engine: Engine,
    found: &Installation,
    first: Result<Server>,
    ground: impl Fn(u16) -> Ground,
) -> Result<Server> {
    let mut outcome = first.and_then(ready);
    for _ in 1..ATTEMPTS {
        let Err(error) = &outcome else { break };
        eprintln!("    {engine} did not start, once more: {error:#}");
        let ground = ground(free_ports(1)?[0]);
        outcome = lay_out(engine, &ground, found).and_then(Server::start).and_then(ready);
    }
    outcome
}

/// Ports that nobody listens on; held all at once, so that they differ.
pub(super) fn free_ports(count: usize) -> Result<Vec<u16>> {
    let held: io::Result<Vec<_>> = (0..count).map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).collect();
    let ports: io::Result<Vec<_>> = held?.iter().map(|listener| Ok(listener.local_addr()?.port())).collect();
    ports.context("there is no free port")
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join("; ")
}

/// The directory of one run, removed with everything in it.
#[derive(Debug)]
struct RunDirectory(TempDir);

impl RunDirectory {
    /// Makes one that other accounts can walk through, and removes those whose supervisor was killed.
    fn make(durable: bool) -> Result<Self> {
        use std::os::unix::fs::PermissionsExt;
        let base = base(durable);
        remove_abandoned(&base);
        let builder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(base);
        let directory = builder.context("cannot make a temporary directory")?;
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755))?;
        fs::write(directory.path().join("supervisor"), std::process::id().to_string())?;
        Ok(Self(directory))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Where the data of servers goes: into memory where there is plenty and nobody needs a disk, because tests make and
/// drop thousands of databases, and a file system makes files slowly where others were deleted a moment ago.
fn base(durable: bool) -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let free = rustix::fs::statvfs(&memory).map_or(0, |found| found.f_bavail.saturating_mul(found.f_frsize));
    let usual = std::env::temp_dir();
    match (durable, usual.as_os_str().len()) {
        (false, _) if free > ENOUGH_MEMORY => memory,
        (_, length) if length > LONGEST_DIRECTORY => PathBuf::from("/tmp"),
        _ => usual,
    }
}

/// Removes the directories of runs whose supervisor is gone. Servers whose supervisor is gone are gone as well.
fn remove_abandoned(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let supervisor = fs::read_to_string(entry.path().join("supervisor")).ok();
        let id = supervisor.and_then(|text| text.parse().ok()).and_then(Pid::from_raw);
        if id.is_some_and(|id| test_kill_process(id) == Err(rustix::io::Errno::SRCH)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn free_ports_differ() {
        let mut ports = free_ports(8).unwrap();
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 8);
    }

    #[test]
    fn only_the_directory_of_a_dead_supervisor_is_removed() {
        let base = tempfile::tempdir().unwrap();
        let mut ended = Command::new("true").spawn().unwrap();
        ended.wait().unwrap();
        for (name, id) in [("dead", ended.id()), ("alive", std::process::id())] {
            let directory = base.path().join(format!("{PREFIX}{name}"));
            fs::create_dir(&directory).unwrap();
            fs::write(directory.join("supervisor"), id.to_string()).unwrap();
        }
        remove_abandoned(base.path());
        assert!(!base.path().join(format!("{PREFIX}dead")).exists());
        assert!(base.path().join(format!("{PREFIX}alive")).exists());
    }
}
