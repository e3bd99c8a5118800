//! What is sent between the statements of a step that runs outside of a transaction: the journal's own
//! words, and on SQLite the change between the lock that is a transaction and the lock file.

use underpin_core::{diagnostic::Diagnostic, dialect::Dialect, plan::Step};

use super::{Execution, failure, journal::JOURNAL};
use crate::database::{Guarded, ScriptError};

/// The user that connected, for the rest of a transaction of PostgreSQL. What a step has set comes back
/// with its end ("SET SESSION AUTHORIZATION" and "SET ROLE" in the manual: LOCAL lasts that long).
const AS_OURSELVES: &str = "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE";

/// How often a write to the history is tried again that somebody holds up, as who locks every table does.
const TRIES: u32 = 20;

impl Execution<'_> {
    /// On SQLite the lock is a transaction, which has to end here; the lock file takes its place.
    pub(super) async fn leave_transaction(&mut self) -> Result<(), Diagnostic> {
        if self.lock.is_transaction() { self.plain("COMMIT").await } else { Ok(()) }
    }

    pub(super) async fn enter_transaction(&mut self) -> Result<(), Diagnostic> {
        if !self.lock.is_transaction() {
            return Ok(());
        }
        let mut tries = 0;
        loop {
            match self.lock.try_acquire(self.session).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) => {
                    return Err(failure::database(&error, "the database could not be locked again"));
                }
            }
            let pause = crate::lock::pause(tries);
            tries += 1;
            self.interrupt
                .pause(pause)
                .await
                .map_err(|stop| stop.diagnostic("while the lock was taken again"))?;
        }
    }

    /// What begins a transaction.
    pub(super) fn begin(&self) -> &'static str {
        match self.dialect() {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
            Dialect::Mysql => "START TRANSACTION",
        }
    }

    /// A transaction of our own words, which are ours even where the step has taken on another role;
    /// without `begin` if it has begun already.
    pub(super) fn as_ourselves(&self, step: &Step, begin: Option<&str>, words: &[String]) -> String {
        format!("{};\n{}", self.our_words(step, begin, words), self.lock.commit_text())
    }

    /// Our own words within a transaction that is open, or that `begin` begins, and that stays open.
    pub(super) fn our_words(&self, step: &Step, begin: Option<&str>, words: &[String]) -> String {
        let strange = self.dialect() == Dialect::Postgres && self.changes_settings(step);
        let ours = strange.then_some(AS_OURSELVES);
        let words = words.iter().map(String::as_str);
        begin.into_iter().chain(ours).chain(words).collect::<Vec<_>>().join(";\n")
    }

    /// Sends one statement of our own; returns how many rows it has changed.
    pub(super) async fn send_own(&mut self, step: &Step, sql: &str) -> Result<u64, Guarded<ScriptError>> {
        if self.dialect() != Dialect::Postgres || !self.changes_settings(step) {
            return self.send(sql, None).await;
        }
        self.send(&format!("BEGIN; {AS_OURSELVES}"), None).await?;
        match self.send(sql, None).await {
            Ok(changed) => self.send("COMMIT", None).await.map(|_| changed),
            Err(guarded) => {
                let _ = self.send_regardless("ROLLBACK").await;
                Err(guarded)
            }
        }
    }

    /// Sends a transaction of our own, and undoes it if it fails.
    pub(super) async fn own_transaction(&mut self, script: &str) -> Result<(), Diagnostic> {
        let mut tries = 0;
        loop {
            let Err(guarded) = self.send(script, None).await else { return Ok(()) };
            let _ = self.send_regardless("ROLLBACK").await;
            let busy = matches!(&guarded, Guarded::Failed(failure) if failure.error.busy().is_some());
            if !busy || tries == TRIES || self.interrupt.pause(crate::lock::pause(tries)).await.is_err() {
                return Err(failure::own(&guarded, JOURNAL));
            }
            tries += 1;
        }
    }
}
