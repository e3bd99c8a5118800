//! Looking for everything that can go wrong, before it does: one finding a check. It changes nothing and
//! leaves nothing behind; what it needs a right for, it asks the catalog or tries with no rows.

mod backup;
mod finding;
mod grants;
mod history;
mod mysql;
mod postgres;
mod server;
mod sqlite;

pub(crate) use finding::{Finding, Level, of_settings};

use std::time::Duration;

use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
};

use crate::{
    database::{Access, Errand, Interrupt, Session},
    history::Snapshot,
    migrate::Migrator,
};

/// How long one question may take that nothing waits for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is done here, for what cuts it short.
const EXAMINE: Errand = Errand::to("examine the database");

impl Migrator {
    /// Looks at the database: whether it is there, can be migrated by us, and where it stands.
    pub(crate) async fn examine(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(file) = self.sqlite_file() {
            findings.extend(sqlite::files(&file));
        }
        let start = Instant::now();
        let (_handle, interrupt) = Interrupt::new(EXAMINE, start, self.limits.run);
        match self.database.connect(Access::Read, self.limits.connect, &interrupt).await {
            Ok(None) => findings.push(Finding::ok(
                "connection",
                format!("{} does not exist yet; `underpin upgrade` creates it", self.database),
            )),
            Err(error) => findings.push(Finding::failed("connection", &error)),
            Ok(Some(mut session)) => {
                let asked = tokio::time::timeout(PATIENCE, self.examine_on(session.as_mut(), start));
                match asked.await {
                    Ok(found) => findings.extend(found),
                    Err(_) => findings.push(Finding::failed("connection", &self.silent())),
                }
                session.close().await;
            }
        }
        findings
    }

    fn silent(&self) -> Diagnostic {
        let message = format!("{} connected and then did not answer", self.database);
        Diagnostic::new(ErrorKind::Unavailable, message).hint("look at what the server is busy with")
    }

    async fn examine_on(&self, session: &mut dyn Session, start: Instant) -> Vec<Finding> {
        let snapshot = match self.look_at(session).await {
            Ok(snapshot) => snapshot,
            Err(error) => return vec![Finding::failed("history", &self.database.redacted(error))],
        };
        let title = snapshot.server.title();
        let time = start.elapsed().as_millis();
        let mut findings =
            vec![Finding::ok("connection", format!("{} ({title}) in {time}ms", self.database))];
        findings.push(server::version(&snapshot.server));
        findings.push(server::clock(session).await);
        findings.extend(self.examine_engine(session, &snapshot).await);
        findings.push(backup::finding(self, session).await);
        findings.push(self.examine_lock(session, &snapshot).await);
        match self.status().await {
            Ok(status) => findings.extend(history::findings(&status)),
            Err(error) => findings.push(Finding::failed("history", &self.database.redacted(error))),
        }
        findings
    }

    async fn examine_engine(&self, session: &mut dyn Session, snapshot: &Snapshot) -> Vec<Finding> {
        match snapshot.server.flavour.dialect() {
            Dialect::Sqlite => sqlite::findings(self).await,
            Dialect::Postgres => postgres::findings(self, session, snapshot).await,
            Dialect::Mysql => mysql::findings(session, snapshot).await,
        }
    }

    async fn examine_lock(&self, session: &mut dyn Session, snapshot: &Snapshot) -> Finding {
        let lock = crate::lock::Lock::new(snapshot, self.sqlite_file());
        match lock.holder(session).await {
            None => Finding::ok("lock", "nobody holds the migration lock"),
            Some(holder) => Finding::warning("lock", format!("{holder} holds the migration lock"))
                .hint(format!("wait until it is done, or {}", lock.way_out(Some(&holder)))),
        }
    }
}
