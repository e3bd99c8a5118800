//! A service that binds first and migrates behind, in this process and over real HTTP: what it answers while its
//! start-up runs, waits, fails or is stopped, and what a database that hangs does to its probes. The same in a
//! process of its own is in the suite `shop`.

mod blocking;
mod ending;
mod forms;
mod hang;
mod long;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::{Router, routing::get};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use underpin::{Startup, StartupError, StartupHandle, StartupReport, http::health_router};
use underpin_tests::{Engine, Project, Response, TestDatabase, http};

/// How often the ticker of a service ticks.
const TICK: Duration = Duration::from_millis(10);
/// How long anything here may take on a machine that may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// The start-up of a test, which no configuration around it can change.
fn startup(url: &str, project: &Project) -> Startup {
    Startup::new("test").url(url).timeout(PATIENCE * 2).pinned().directory(project.migrations())
}

/// A service that answers while its start-up runs behind it.
struct Service {
    port: u16,
    handle: StartupHandle,
    ended: Option<oneshot::Receiver<Result<StartupReport, StartupError>>>,
    longest_stall: Arc<AtomicU64>,
    runtime: Runtime,
}

impl Service {
    fn start(startup: Startup) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let longest_stall = Arc::new(AtomicU64::new(0));
        let (port, handle, ended) = runtime.block_on(async {
            tokio::spawn(tick(Arc::clone(&longest_stall)));
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            let port = listener.local_addr().unwrap().port();
            let startup = startup.spawn();
            let handle = startup.handle();
            let router = Router::new()
                .route("/orders", get(async || "served"))
                .route("/metrics", get(async || "counted"))
                .merge(health_router(handle.health().version("1.2.3")))
                // Around everything: the routes of health are let through all the same.
                .layer(startup.readiness_layer().allow("/metrics"));
            tokio::spawn(axum::serve(listener, router).into_future());
            let (sender, ended) = oneshot::channel();
            tokio::spawn(async move { sender.send(startup.await) });
            (port, handle, ended)
        });
        Self { port, handle, ended: Some(ended), longest_stall, runtime }
    }

    #[track_caller]
    fn get(&self, path: &str) -> Response {
        http::get(self.port, path).unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    /// The status and the JSON that a path answers with.
    #[track_caller]
    fn json(&self, path: &str) -> (u16, Value) {
        let response = self.get(path);
        (response.status, parse(&response))
    }

    /// Waits until something holds.
    #[track_caller]
    fn wait_until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds() {
            assert!(
                Instant::now() < deadline,
                "{what}: nothing but {} in {PATIENCE:?}",
                self.handle.progress()
            );
            std::thread::sleep(TICK);
        }
    }

    /// How the start-up ended, as its caller is told.
    #[track_caller]
    fn ended(&mut self) -> Result<StartupReport, StartupError> {
        let ended = self.ended.take().unwrap();
        self.runtime.block_on(async { tokio::time::timeout(PATIENCE, ended).await }).unwrap().unwrap()
    }

    /// By how much the ticker was late at most.
    fn longest_stall(&self) -> Duration {
        Duration::from_micros(self.longest_stall.load(Ordering::Relaxed))
    }
}

/// Ticks as a task of the service would, and keeps by how much it was late at most.
async fn tick(longest: Arc<AtomicU64>) {
    loop {
        let start = Instant::now();
        tokio::time::sleep(TICK).await;
        let late = start.elapsed().saturating_sub(TICK);
        longest.fetch_max(u64::try_from(late.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

#[track_caller]
fn parse(response: &Response) -> Value {
    serde_json::from_str(&response.body).unwrap_or_else(|error| panic!("{error}: {response:?}"))
}

/// Three revisions of which the second takes about this long.
fn slow_project(engine: Engine, duration: Duration) -> Project {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "create notes",
        "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);",
        None,
    );
    project.revision("0002", &["0001"], "take long", &slow_statement(engine, duration), None);
    project.revision(
        "0003",
        &["0002"],
        "one more",
        "CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY);",
        None,
    );
    project
}

fn slow_statement(engine: Engine, duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match engine {
        Engine::Sqlite => counting(rows_in(duration)),
        Engine::Postgres => format!("SELECT pg_sleep({seconds});"),
        Engine::Mysql | Engine::Mariadb => format!("SELECT sleep({seconds});"),
    }
}

/// SQLite can't sleep, so it counts.
fn counting(rows: u64) -> String {
    format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) SELECT count(*) FROM n;"
    )
}

/// How many rows SQLite counts on this machine in that time, as far as the fastest of some short counts tells.
fn rows_in(duration: Duration) -> u64 {
    const SAMPLE: u32 = 100_000;
    let database = TestDatabase::create(Engine::Sqlite);
    let count = || {
        let start = Instant::now();
        database.query(&counting(SAMPLE.into()));
        start.elapsed()
    };
    let fastest = (0..5).map(|_| count()).min().unwrap();
    u64::try_from(u128::from(SAMPLE) * duration.as_nanos() / fastest.as_nanos()).unwrap()
}
