//! What a plan will do to whoever uses the database: its catalog and the sizes of its tables are read,
//! and the core tells the rest. Nothing is locked but the catalog, for as long as a query of it takes.

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
    /// can't be read, nothing is known of the tables and everything is taken to be in use. `settings` are
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
            let catalog = schema.map_or_else(|_| Catalog::unknown(dialect), |schema| Catalog::from(&schema));
            // None where it is refused: a forecast does without.
            (catalog, table_sizes(session.as_mut()).await.unwrap_or_default())
        };
        let (catalog, sizes) = match tokio::time::timeout(READING, read).await {
            Ok(read) => {
                session.close().await;
                read
            }
            // Some of what a catalog tells waits for whoever has a table for himself, as the text of a view
            // does. The session is in the middle of that, and broken off.
            Err(_) => (Catalog::unknown(dialect), Vec::new()),
        };
        Ok(forecast(plan, version, catalog, &sizes, settings))
    }
}
