//! A database server of a test's own, which can be killed and started again on what it has left.
//! It is laid out and held by `cargo xtask`'s program, as the servers of all tests are, and keeps its promises about
//! the disk.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::engine::in_ci;
use crate::program::place;
use crate::{Engine, TestDatabase, scale};

/// What the program that holds it needs of our environment; not the variables that point to other servers.
const KEPT: [&str; 5] = ["PATH", "HOME", "TMPDIR", "CARGO_MANIFEST_DIR", "UNDERPIN_TEST_ENGINE_CACHE"];

/// A server; gone, with everything in it, when dropped.
#[derive(Debug)]
pub struct OwnServer {
    engine: Engine,
    holder: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    urls: Vec<String>,
}

impl OwnServer {
    /// Starts one; nothing where it can't be had, which is said loudly.
    ///
    /// # Panics
    /// On SQLite, which has no server; and when the server can't be had and `CI=true`.
    #[track_caller]
    pub fn start(engine: Engine) -> Option<Self> {
        Self::start_with(engine, &[])
    }

    /// Starts one that speaks TLS, with `server.pem` and `server-key.pem` of a directory. PostgreSQL lets nobody but
    /// its administrator in without.
    ///
    /// # Panics
    /// On SQLite, which has no server; and when the server can't be had and `CI=true`.
    #[track_caller]
    pub fn start_with_tls(engine: Engine, directory: &Path) -> Option<Self> {
        Self::start_with(engine, &["--tls", &directory.display().to_string()])
    }

    /// Starts three of MariaDB as one Galera cluster, all of which take writes.
    ///
    /// # Panics
    /// When they can't be had and `CI=true`.
    #[track_caller]
    pub fn start_cluster() -> Option<Self> {
        Self::start_with(Engine::Mariadb, &["--members", "3"])
    }

    #[track_caller]
    fn start_with(engine: Engine, words: &[&str]) -> Option<Self> {
        let (name, variable) = engine.server().unwrap_or_else(|| panic!("{engine} has no server"));
        let mut command = Command::new(place::of("xtask"));
        command.args(["engines", "supervise", "--durable", "--engine", name]).args(words).env_clear();
        command.envs(KEPT.iter().filter_map(|name| Some((name, env::var_os(name)?))));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut holder =
            command.spawn().unwrap_or_else(|error| panic!("cannot start the holder of a server: {error}"));
        let orders = holder.stdin.take();
        let mut answers = BufReader::new(holder.stdout.take().unwrap_or_else(|| panic!("no answers")));
        let mut urls = Vec::new();
        loop {
            let line = line(&mut answers);
            match line.split_once(' ') {
                Some(("env", rest)) => {
                    urls.extend(rest.strip_prefix(variable).map(|url| url.trim().to_owned()));
                }
                Some(("missing", reason)) => {
                    assert!(!in_ci(), "{reason}, and CI=true");
                    scale::report(&format!("!!! a server of {engine} to kill is missing, SKIPPED: {reason}"));
                    // One of several is none.
                    urls.clear();
                }
                _ if line == "ready" => break,
                _ => {}
            }
        }
        if urls.is_empty() {
            drop(orders);
            let _ = holder.wait();
            return None;
        }
        Some(Self { engine, holder, orders, answers, urls })
    }

    /// A fresh database on it.
    #[track_caller]
    pub fn database(&self) -> TestDatabase {
        TestDatabase::create_on(self.engine, &self.urls[0], true)
    }

    /// The same database, as the second member of the cluster has it.
    ///
    /// # Panics
    /// Where there is none.
    #[track_caller]
    pub fn beside(&self, database: &TestDatabase) -> TestDatabase {
        let Some(url) = self.urls.get(1) else { panic!("there is one server only") };
        database.at(url)
    }

    /// Kills one of them where it stands.
    ///
    /// # Panics
    /// When it can't be killed.
    #[track_caller]
    pub fn kill_one(&mut self, number: usize) {
        self.order(&format!("kill {number}"));
    }

    /// Kills it where it stands.
    ///
    /// # Panics
    /// When it can't be killed.
    #[track_caller]
    pub fn kill(&mut self) {
        self.order("kill");
    }

    /// Starts it again, and waits until it is ready.
    ///
    /// # Panics
    /// When it does not come up again.
    #[track_caller]
    pub fn start_again(&mut self) {
        self.order("start");
    }

    #[track_caller]
    fn order(&mut self, order: &str) {
        let orders = self.orders.as_mut().unwrap_or_else(|| panic!("the holder is gone"));
        writeln!(orders, "{order}").unwrap_or_else(|error| panic!("the holder is gone: {error}"));
        let answer = line(&mut self.answers);
        assert_eq!(answer, "done", "{}: {order}", self.engine);
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.holder.wait();
    }
}

#[track_caller]
fn line(answers: &mut impl BufRead) -> String {
    let mut line = String::new();
    match answers.read_line(&mut line) {
        Ok(1..) => line.trim_end().to_owned(),
        _ => panic!("the holder of the server has ended"),
    }
}
