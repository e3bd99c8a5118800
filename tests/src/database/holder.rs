//! Somebody who has a transaction open on a test database and does nothing: whatever it has locked stays locked.
//! It is no session of the product's.

use std::sync::mpsc;
use std::thread::JoinHandle;

use super::{Connection, TestDatabase};
use crate::Engine;

/// A transaction that stays open until it is told to end, or dropped.
#[derive(Debug)]
pub struct Holder {
    id: String,
    end: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestDatabase {
    /// Begins a transaction, runs statements in it and leaves it open. On SQLite it begins as a writer.
    ///
    /// # Panics
    /// When a statement fails.
    #[track_caller]
    pub fn hold(&self, statements: &[&str]) -> Holder {
        let begin = if self.engine == Engine::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
        self.hold_from(begin, statements)
    }

    /// The same with other words at its beginning: as a reader on SQLite, or at another level.
    ///
    /// # Panics
    /// When a statement fails.
    #[track_caller]
    pub fn hold_from(&self, begin: &'static str, statements: &[&str]) -> Holder {
        let (engine, url) = (self.engine, self.url());
        let id = match engine {
            Engine::Sqlite => "",
            Engine::Postgres => "SELECT pg_backend_pid() AS id",
            Engine::Mysql | Engine::Mariadb => "SELECT CONNECTION_ID() AS id",
        };
        let statements: Vec<String> =
            [begin].iter().chain(statements).map(|&statement| statement.to_owned()).collect();
        let (end, ended) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            runtime.block_on(async {
                let opened = async {
                    let mut connection = Connection::open(engine, &url).await?;
                    for statement in &statements {
                        connection.query(statement).await?;
                    }
                    let id = match engine {
                        Engine::Sqlite => Vec::new(),
                        Engine::Postgres | Engine::Mysql | Engine::Mariadb => connection.query(id).await?,
                    };
                    Ok::<_, sqlx::Error>((connection, id))
                };
                match opened.await {
                    Ok((connection, id)) => {
                        let id = id.into_iter().flatten().flatten().next().unwrap_or_default();
                        let _ = tell.send(Ok(id));
                        let _ = ended.recv();
                        connection.close().await;
                    }
                    Err(error) => drop(tell.send(Err(error.to_string()))),
                }
            });
        });
        let id = told.recv().unwrap_or_else(|error| Err(error.to_string()));
        let id = id.unwrap_or_else(|error| panic!("{engine}: nobody holds a transaction open: {error}"));
        Holder { id, end: Some(end), thread: Some(thread) }
    }
}

impl Holder {
    /// The server's number for its session.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Ends it, which rolls its transaction back.
    pub fn end(self) {}
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
