//! The change from one step to the next where the lock goes with its transaction, as behind a pooler:
//! commit, take the lock again, and look whether somebody came in between. Not a wait for the lock: who
//! does not get it at once goes back to the gate, where waiting has a deadline and the holder a name.

use jiff::Timestamp;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    plan::Step,
};

use super::{
    Execution,
    failure::{self, Failure},
};
use crate::{
    database::DatabaseError,
    history::read_snapshot,
    point::{Point, reach},
};

/// Why there is no next turn.
pub(super) struct TurnError {
    /// Whether the step before it was committed.
    pub(super) committed: bool,
    pub(super) error: Diagnostic,
}

impl Execution<'_> {
    /// Ends a run whose commit failed, which took the step with it: logs it, and says where things are.
    pub(super) async fn uncommitted(&mut self, step: &Step, mut error: Diagnostic) -> Diagnostic {
        error.message = format!("revision {} could not be committed: {}", step.title(), error.message);
        let unknown = error.kind == ErrorKind::Unavailable;
        error.state = unknown.then(|| failure::COMMIT_UNKNOWN.to_owned());
        let mut failure = Failure::new(error, Timestamp::now());
        failure.connection_lost = unknown;
        self.end_failed_run((step, Some(step)), failure).await
    }

    /// Commits and takes the lock again; says whether the database is as we left it, and the lock ours.
    pub(super) async fn next_turn(&mut self) -> Result<bool, TurnError> {
        self.commit_run().await.map_err(|error| TurnError { committed: false, error })?;
        self.session.shield(false);
        reach(Point::BetweenTurns).await;
        let failed = |error| TurnError { committed: true, error };
        let unlocked = |error: DatabaseError| {
            let error = failure::database(&error, "the migration lock could not be taken again");
            failed(error)
        };
        if !self.lock.try_acquire(self.session).await.map_err(unlocked)? {
            return Ok(false);
        }
        let snapshot = read_snapshot(self.session, self.tables).await;
        let now = snapshot.map_err(|error| failed(error.diagnostic()))?;
        Ok(now.state.as_ref() == Some(&self.state))
    }
}
