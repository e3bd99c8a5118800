//! A server that runs: a child of this process, waited for until it is ready, stopped by its own id.
//! It is never looked up by name, so that no server of the machine or of another run can be hit.

use std::fs;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::Engine;
use super::launch::{Launch, tail};

/// How long a server may take until it accepts connections; a loaded machine is slow.
const START_LIMIT: Duration = Duration::from_secs(120);

/// How long a server may take to end before it is killed.
const STOP_LIMIT: Duration = Duration::from_secs(10);

const PAUSE: Duration = Duration::from_millis(25);

/// A server that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    launch: Launch,
    /// How long its log was when it was started.
    logged: usize,
}

impl Server {
    /// Starts a server. Has to be called by a thread that lives as long as the server shall.
    pub(crate) fn start(mut launch: Launch) -> Result<Self> {
        let child = launch.command.spawn().context("setpriv is not at hand (Debian: package util-linux)")?;
        Ok(Self { child, launch, logged: 0 })
    }

    /// Kills it where it stands, as a machine does that loses power.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.signal(Signal::KILL);
        self.child.wait().context("cannot wait for the server").map(drop)
    }

    /// Starts a server that was killed, on what it has left, and waits until it is ready.
    pub(crate) fn start_again(&mut self) -> Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            self.logged = fs::read(&self.launch.log).map_or(0, |log| log.len());
            self.child = self.launch.command.spawn().context("setpriv is not at hand")?;
            match self.wait_until_ready() {
                // PostgreSQL refuses for as long as processes of its predecessor are there.
                Err(_) if Instant::now() < deadline => thread::sleep(10 * PAUSE),
                outcome => return outcome,
            }
        }
    }

    /// Which server this is.
    pub(crate) fn engine(&self) -> Engine {
        self.launch.engine
    }

    /// The administrator's URL.
    pub(crate) fn url(&self) -> &str {
        &self.launch.url
    }

    /// Waits until the server says in its log that it accepts connections.
    pub(crate) fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            let log = fs::read(&self.launch.log).unwrap_or_default();
            let log = log.get(self.logged..).unwrap_or_default();
            if String::from_utf8_lossy(log).contains(self.launch.ready) {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended at once ({status}): {}", tail(&self.launch.log));
            }
            if Instant::now() > deadline {
                bail!("it was not ready after {START_LIMIT:?}: {}", tail(&self.launch.log));
            }
            thread::sleep(PAUSE);
        }
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(id) = id {
            // It may have ended by itself, which is what is wanted.
            let _ = kill_process(id, signal);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.signal(self.launch.stop);
        let deadline = Instant::now() + STOP_LIMIT;
        while Instant::now() < deadline {
            match self.child.try_wait() {
                Ok(None) => thread::sleep(PAUSE),
                Ok(Some(_)) | Err(_) => return,
            }
        }
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }
}
