//! Who else is connected to a test database, and what the server is doing for them.
//! On SQLite there is no server to ask: nobody is ever there.

use std::time::{Duration, Instant};

use super::{Connection, Place, TestDatabase};
use crate::Engine;
use crate::blocking::block_on;

/// Somebody else's connection to a test database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The server's id for it.
    pub id: String,
    /// Whether the server is at work for it, or keeps a transaction open (which only PostgreSQL tells).
    pub busy: bool,
    /// The statement that is running; on PostgreSQL also the last one that ran.
    pub statement: String,
}

impl TestDatabase {
    /// Everybody who is connected to this database.
    ///
    /// # Panics
    /// When the server can't be asked.
    #[track_caller]
    pub fn sessions(&self) -> Vec<Session> {
        let Place::Server { admin, name, .. } = &self.place else { return Vec::new() };
        let sql = list(self.engine, name);
        // From outside of the database, so that we are not among them.
        let rows = block_on(async {
            let mut connection = Connection::open(self.engine, &admin.to_string()).await?;
            let rows = connection.query(&sql).await;
            connection.close().await;
            rows
        });
        let rows = rows.unwrap_or_else(|error| panic!("{}: {error}", self.engine));
        rows.into_iter().map(session).collect()
    }

    /// Those for whom the server is at work, or keeps a transaction open.
    ///
    /// # Panics
    /// When the server can't be asked.
    #[track_caller]
    pub fn busy_sessions(&self) -> Vec<Session> {
        self.sessions().into_iter().filter(|session| session.busy).collect()
    }

    /// Asserts that nothing of anybody's runs on, but for the moment that a server takes to notice that a client
    /// has gone (a session that is logging out still counts as busy).
    ///
    /// # Panics
    /// When somebody is busy for longer than that; `context` says after what.
    #[track_caller]
    pub fn assert_idle(&self, context: &str) {
        let deadline = Instant::now() + NOTICED_WITHIN;
        loop {
            let busy = self.busy_sessions();
            if busy.is_empty() {
                return;
            }
            assert!(Instant::now() < deadline, "{}: after {context} still busy: {busy:?}", self.engine);
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Far longer than a server needs to notice a client that has gone, far shorter than what the tests let it work on.
const NOTICED_WITHIN: Duration = Duration::from_secs(5);

fn session(row: Vec<Option<String>>) -> Session {
    let mut values = row.into_iter().map(Option::unwrap_or_default);
    let mut next = || values.next().unwrap_or_default();
    Session { id: next(), busy: next() == "1", statement: next() }
}

/// Id, `1` when busy, and statement of every session of a database.
fn list(engine: Engine, database: &str) -> String {
    match engine {
        // pg_stat_activity (manual, section 27.2.3): background workers have no client backend's type.
        Engine::Sqlite | Engine::Postgres => format!(
            // The query is cut off after 1,024 bytes, and may be a script whose end is what runs: the sleep shows anyway.
            "SELECT pid::text, CASE WHEN state = 'idle' THEN '0' ELSE '1' END, \
             query || CASE WHEN wait_event = 'PgSleep' THEN ' /* in pg_sleep() */' ELSE '' END FROM pg_stat_activity \
             WHERE datname = '{database}' AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY pid"
        ),
        // The other table can't be read while anybody runs a statement with a letter of four bytes (error 3854).
        Engine::Mysql => format!(
            "SELECT id, CASE WHEN command = 'Sleep' THEN '0' ELSE '1' END, info FROM performance_schema.processlist \
             WHERE db = '{database}' AND id <> connection_id() ORDER BY id"
        ),
        Engine::Mariadb => format!(
            "SELECT id, CASE WHEN command = 'Sleep' THEN '0' ELSE '1' END, info FROM information_schema.processlist \
             WHERE db = '{database}' AND id <> connection_id() ORDER BY id"
        ),
    }
}

/// Ends every session of a database, so that it can be dropped.
pub(super) async fn end_all(
    engine: Engine,
    database: &str,
    connection: &mut Connection,
) -> Result<(), sqlx::Error> {
    match engine {
        Engine::Sqlite => {}
        Engine::Postgres => {
            connection.query(&format!("ALTER DATABASE {database} ALLOW_CONNECTIONS false")).await?;
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname";
            connection.query(&format!("{end} = '{database}'")).await?;
        }
        Engine::Mysql | Engine::Mariadb => {
            connection.query("SET SESSION lock_wait_timeout = 20").await?;
            for id in connection.query(&list(engine, database)).await?.into_iter().filter_map(first) {
                // It may have ended in the meantime.
                let _ = connection.query(&format!("KILL {id}")).await;
            }
        }
    }
    Ok(())
}

fn first(row: Vec<Option<String>>) -> Option<String> {
    row.into_iter().next().flatten()
}
