//! The PgBouncer in front of the PostgreSQL of the tests, in transaction pooling: what its clients find on the sessions
//! that they are lent. It is started by `cargo xtask test`, with a pool of its own for each database.

use std::env;
use std::io::Write;
use std::sync::Once;

use crate::TestDatabase;
use crate::blocking::block_on;
use crate::database::{Address, Connection, Rows};
use crate::engine::in_ci;
use crate::{Engine, database};

const VARIABLE: &str = "UNDERPIN_TEST_PGBOUNCER_URL";

/// As many sessions as its pool has at most (`xtask/src/engines/pgbouncer.rs`).
const POOL: usize = 4;

/// What a session has kept from a client, but for what the pooler itself sets for each client ("varcache" in its
/// code): settings, prepared statements, temporary tables, advisory locks, channels.
const KEPT: &str = "SELECT 'setting ' || name || ' = ' || setting FROM pg_settings WHERE source = 'session' \
     AND name NOT IN ('application_name', 'client_encoding', 'DateStyle', 'TimeZone', 'standard_conforming_strings') \
     UNION ALL SELECT 'name ' || current_setting('application_name') WHERE current_setting('application_name') <> 'a client' \
     UNION ALL SELECT 'role ' || current_user WHERE current_user <> session_user \
     UNION ALL SELECT 'prepared ' || name FROM pg_prepared_statements \
     UNION ALL SELECT 'temporary ' || relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() \
     UNION ALL SELECT 'channel ' || channel FROM pg_listening_channels() AS channel \
     UNION ALL SELECT 'lock ' || objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()";

/// A client of the pooler.
pub struct Client(Connection);

impl TestDatabase {
    /// The URL of this database through the pooler; nothing where there is none, which is said loudly.
    ///
    /// # Panics
    /// When there is none and `CI=true`.
    #[track_caller]
    pub fn pooled_url(&self) -> Option<String> {
        if self.engine() != Engine::Postgres {
            return None;
        }
        let Some(url) = env::var(VARIABLE).ok().filter(|url| !url.is_empty()) else {
            static SAID: Once = Once::new();
            let message =
                format!("PgBouncer is SKIPPED: {VARIABLE} is not set (cargo xtask test starts one)");
            assert!(!in_ci(), "{message}, and CI=true");
            SAID.call_once(|| drop(writeln!(std::io::stderr(), "\n!!! {message}\n")));
            return None;
        };
        Some(Address::parse(&url).with_database(self.name()).to_string())
    }

    /// Everything that clients have left behind on the sessions of the pool, each once.
    ///
    /// # Panics
    /// When the pooler refuses.
    #[track_caller]
    pub fn left_in_pool(&self) -> Vec<String> {
        let Some(url) = self.pooled_url() else { return Vec::new() };
        let rows = block_on(async {
            // A client that has a transaction open keeps its session: together they hold all of them.
            let mut clients = Vec::new();
            let mut found = Rows::new();
            for _ in 0..POOL {
                let mut client = Client::open(&url).await?;
                client.0.query("BEGIN").await?;
                found.extend(client.0.query(KEPT).await?);
                clients.push(client);
            }
            for client in clients {
                client.0.close().await;
            }
            Ok::<_, database::Error>(found)
        });
        let rows = rows.unwrap_or_else(|error| panic!("the pooler: {error}"));
        let mut left: Vec<_> = rows.into_iter().flatten().flatten().collect();
        left.sort_unstable();
        left.dedup();
        left
    }

    /// Runs statements as a client of the pooler, each for itself.
    ///
    /// # Panics
    /// When one fails.
    #[track_caller]
    pub fn query_pooled(&self, statements: &[&str]) -> Rows {
        let Some(url) = self.pooled_url() else { return Rows::new() };
        let rows = block_on(async {
            let mut client = Client::open(&url).await?;
            let mut rows = Rows::new();
            for statement in statements {
                rows.extend(client.0.query(statement).await?);
            }
            client.0.close().await;
            Ok::<_, database::Error>(rows)
        });
        rows.unwrap_or_else(|error| panic!("the pooler: {error}"))
    }
}

impl Client {
    async fn open(url: &str) -> Result<Self, database::Error> {
        Connection::open_pooled(url, "a client").await.map(Self)
    }
}
