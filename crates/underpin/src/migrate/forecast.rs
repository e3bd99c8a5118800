//! What a plan will do to whoever uses the database: its catalog and the sizes of its tables are read,
//! and the core tells the rest. Nothing is changed.

use std::time::Duration;

use underpin_core::{
    catalog::Catalog,
    diagnostic::Diagnostic,
    forecast::{Forecast, forecast},
    lint::LintSettings,
    plan::Plan,
    schema::ServerVersion,
};

use super::Migrator;
use crate::inspect::{Scope, inspect, table_sizes};

/// How long the catalog is read, before a forecast does without it.
const READING: Duration = Duration::from_secs(20);

/// The newest of each server that is known here; what is said without a server is said of it.
const NEWEST: ServerVersion = ServerVersion::new(u32::MAX, 0, 0);

impl Migrator {
    /// What a plan will do, statement by statement: locks, tables and their sizes, an estimate of the
    /// time, hazards. Reads the catalog of the database and the sizes of its tables; where the catalog
    /// can't be read, [`Forecast::unread`] says why, and everything is taken to be in use. `settings` are
    /// how bad each rule of lint is taken to be.
    ///
    /// # Errors
    /// If the database can't be reached.
    pub async fn forecast(&self, plan: &Plan, settings: &LintSettings) -> Result<Forecast, Diagnostic> {
        let dialect = plan.flavour.dialect();
        if plan.is_empty() {
            return Ok(Forecast::default());
        }
        let Some((mut session, snapshot)) = self.open_to_read().await? else {
            return Ok(forecast(plan, NEWEST, Catalog::empty(dialect), &[], settings));
        };
        let version = snapshot.server.parsed_version();
        let read = async {
            let schema = inspect(session.as_mut(), &Scope::default()).await;
            let (catalog, unread) = match schema {
                Ok(schema) => (Catalog::from(&schema), None),
                Err(error) => (Catalog::unknown(dialect), Some(self.database.redacted(error).message)),
            };
            // None where it is refused: a forecast does without.
            (catalog, unread, table_sizes(session.as_mut()).await.unwrap_or_default())
        };
        let (catalog, unread, sizes) = match tokio::time::timeout(READING, read).await {
            Ok(read) => {
                session.close().await;
                read
            }
            // Some of what a catalog tells waits for whoever has a table for himself, as the text of a view
            // does. The session is in the middle of that, and broken off.
            Err(_) => {
                let waited = format!("it was not read within {} seconds", READING.as_secs());
                (Catalog::unknown(dialect), Some(waited), Vec::new())
            }
        };
        Ok(Forecast { unread, ..forecast(plan, version, catalog, &sizes, settings) })
    }
}
