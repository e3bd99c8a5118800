//! A program that runs: watched, signalled by its own id, and never left behind.
//! What it writes is read all the time, so that it never waits for us.

use std::io::{Read, Write};
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, kill_process};
use tempfile::TempDir;

use super::Output;

const PAUSE: Duration = Duration::from_millis(5);

/// What a program can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// End, as Ctrl-C says it.
    Interrupt,
    /// The terminal goes away.
    Hangup,
    /// End, as a service manager says it.
    Terminate,
    /// End at once, without another instruction.
    Kill,
    /// Stand still.
    Stop,
    /// Go on after standing still.
    Continue,
}

impl Signal {
    fn number(self) -> rustix::process::Signal {
        match self {
            Self::Hangup => rustix::process::Signal::HUP,
            Self::Interrupt => rustix::process::Signal::INT,
            Self::Terminate => rustix::process::Signal::TERM,
            Self::Kill => rustix::process::Signal::KILL,
            Self::Stop => rustix::process::Signal::STOP,
            Self::Continue => rustix::process::Signal::CONT,
        }
    }
}

/// A program that was started; killed when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    status: Option<ExitStatus>,
    stdout: Stream,
    stderr: Stream,
    deadline: Instant,
    limit: Duration,
    _directory: Option<TempDir>,
}

impl Running {
    pub(super) fn new(
        mut child: Child,
        input: Option<String>,
        limit: Duration,
        directory: Option<TempDir>,
    ) -> Self {
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
            // A program that ends without reading is its own affair.
            thread::spawn(move || stdin.write_all(input.as_bytes()));
        }
        let stdout = Stream::of(child.stdout.take());
        let stderr = Stream::of(child.stderr.take());
        let deadline = Instant::now() + limit;
        Self { child, status: None, stdout, stderr, deadline, limit, _directory: directory }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to its standard output so far.
    pub fn stdout(&self) -> String {
        self.stdout.text()
    }

    /// What it has written to its standard error so far.
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// Sends it a signal; nothing happens when it has ended.
    pub fn signal(&mut self, signal: Signal) {
        if self.has_ended() {
            return;
        }
        if let Some(id) = i32::try_from(self.id()).ok().and_then(Pid::from_raw) {
            // Not reaped yet, so the id is still its own.
            let _ = kill_process(id, signal.number());
        }
    }

    /// Kills it where it stands, and returns what it had written.
    #[track_caller]
    pub fn kill(mut self) -> Output {
        self.signal(Signal::Kill);
        self.wait()
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        if self.status.is_none() {
            self.status = self.child.try_wait().unwrap_or_default();
        }
        self.status.is_some()
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it takes longer than its limit; it is killed, and the message holds everything it wrote.
    #[track_caller]
    pub fn wait(mut self) -> Output {
        while !self.has_ended() {
            if Instant::now() > self.deadline {
                let limit = self.limit;
                panic!("still running after {limit:?}, killed: {}", self.end());
            }
            thread::sleep(PAUSE);
        }
        self.end()
    }

    /// Waits until a condition holds or the program has ended; false when it has ended.
    ///
    /// # Panics
    /// When neither happens within its limit.
    #[track_caller]
    pub fn wait_until(&mut self, mut holds: impl FnMut(&Self) -> bool) -> bool {
        loop {
            let ended = self.has_ended();
            if holds(self) {
                return true;
            }
            if ended {
                return false;
            }
            if Instant::now() > self.deadline {
                panic!("nothing happened in {:?}; stderr so far: {}", self.limit, self.stderr());
            }
            thread::sleep(PAUSE);
        }
    }

    /// Ends it, if it has not ended, and returns what it wrote.
    fn end(&mut self) -> Output {
        if !self.has_ended() {
            self.signal(Signal::Kill);
        }
        let status = match self.status {
            Some(status) => status,
            None => self.child.wait().unwrap_or_else(|error| panic!("cannot wait for a program: {error}")),
        };
        self.status = Some(status);
        Output { status, stdout: self.stdout.finish(), stderr: self.stderr.finish() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.has_ended() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// What is read from a pipe, by a thread of its own.
#[derive(Debug)]
struct Stream {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Stream {
    fn of(pipe: Option<impl Read + Send + 'static>) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&bytes);
        let reader = pipe.map(|pipe| thread::spawn(move || read(pipe, &shared)));
        Self { bytes, reader }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    /// Everything, once the other end is closed. A process that the program left behind may keep it open: then
    /// what came within a second has to do.
    fn finish(&mut self) -> String {
        let deadline = Instant::now() + Duration::from_secs(1);
        if let Some(reader) = self.reader.take() {
            while !reader.is_finished() && Instant::now() < deadline {
                thread::sleep(Duration::from_millis(1));
            }
        }
        self.text()
    }
}

fn read(mut pipe: impl Read, bytes: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 8192];
    while let Ok(count @ 1..) = pipe.read(&mut buffer) {
        bytes.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&buffer[..count]);
    }
}
