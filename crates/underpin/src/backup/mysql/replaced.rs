//! The database that gets the tables which a restore replaces. Its rows may be the only ones that there are, so it is
//! dropped only where it is empty or all went well, and never by a run that cleans up behind others.

use std::time::Duration;

use tokio::time::Instant;
use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Dialect,
    name::{literal, quote},
};

use super::{
    super::failure,
    question::{ask, contents, run},
    scripts,
};
use crate::{
    database::{Errand, Interrupt, Session},
    scratch,
};

/// How long dropping may take.
const DROPPING: Duration = Duration::from_secs(120);

/// A database for what is replaced.
pub(super) struct Replaced {
    pub(super) name: String,
}

impl Replaced {
    /// Makes one. The session's lock of its name says that it is in use.
    pub(super) async fn create(
        session: &mut dyn Session,
        interrupt: &Interrupt,
        live: &str,
    ) -> Result<Self, Diagnostic> {
        let name = scratch::of_replaced(live);
        let lock = format!("SELECT GET_LOCK({}, 0)", literal(Dialect::Mysql, &name));
        if !ask(session, interrupt, &lock).await?.first().is_some_and(|row| row.truth(0)) {
            return Err(failure::unrestored(format!("somebody else has the name {name}")));
        }
        run(session, interrupt, &format!("CREATE DATABASE {}", quote(Dialect::Mysql, &name))).await?;
        Ok(Self { name })
    }

    /// Drops it if it is empty; returns its name if it has something, or nobody knows. It has an own patience: the
    /// time of the run may be over.
    pub(super) async fn drop_if_empty(&self, session: &mut dyn Session) -> Option<String> {
        let (_handle, patience) = Interrupt::new(Errand::PART, Instant::now(), Some(DROPPING));
        match contents(session, &patience, &self.name).await {
            Ok(contents) if contents.is_empty() => {
                // What stays is empty, and goes with the next restore.
                let _ = self.drop(session, &patience).await;
                None
            }
            Ok(_) | Err(_) => Some(self.name.clone()),
        }
    }

    /// The same where nothing was taken away, so that nobody needs the scripts in it.
    pub(super) async fn drop_unneeded(&self, session: &mut dyn Session) -> Option<String> {
        let (_handle, patience) = Interrupt::new(Errand::PART, Instant::now(), Some(DROPPING));
        // What can't be dropped shows in what is still there.
        let _ = scripts::forget(session, &patience, &self.name).await;
        self.drop_if_empty(session).await
    }

    /// Drops it with the rows in it, which the backup has replaced. What can't be dropped stays, and is named in
    /// the log.
    pub(super) async fn forget(&self, session: &mut dyn Session) {
        let (_handle, patience) = Interrupt::new(Errand::PART, Instant::now(), Some(DROPPING));
        if let Err(error) = self.drop(session, &patience).await {
            tracing::warn!(
                target: "underpin::backup",
                database = self.name,
                error = %error.message,
                "the database with what was replaced could not be dropped: look at it, and drop it"
            );
        }
    }

    /// One to which a table of another database refers stays: so foreign keys are heeded.
    async fn drop(&self, session: &mut dyn Session, interrupt: &Interrupt) -> Result<(), Diagnostic> {
        let name = quote(Dialect::Mysql, &self.name);
        run(session, interrupt, &format!("SET SESSION foreign_key_checks = 1; DROP DATABASE {name}")).await
    }
}
