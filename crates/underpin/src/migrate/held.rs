//! The migration lock for what is no run of revisions, but must not run beside one. What is done under it
//! is the caller's, and nothing of it is recorded.

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::{
    Migrator,
    gate::{Gate, Waiting},
    run::{reading, untouched},
};
use crate::{
    database::{Interrupt, Session},
    lock::{Lock, LockSettings},
};

impl Migrator {
    /// Waits for the lock, as long as the limits say, and makes the session ready for statements that run
    /// in a transaction or, where `transactional` says so, outside of one.
    ///
    /// # Errors
    /// A lock that was not free in time, a session that can't be made ready, and what needs a session of
    /// its own behind a pooler.
    pub(crate) async fn take_lock(
        &self,
        session: &mut dyn Session,
        interrupt: &Interrupt,
        transactional: bool,
    ) -> Result<Lock, Diagnostic> {
        let snapshot = reading(interrupt, self.look(session)).await.map_err(untouched)?;
        let settings = LockSettings {
            service: self.service.clone(),
            run: self.actor().run,
            statement_timeout: self.limits.statement,
        };
        let prepared = self.prepared_lock(session, &snapshot, &settings);
        let lock = reading(interrupt, prepared).await.map_err(untouched)?;
        if lock.gives_way() && !transactional {
            let message = "a part of this runs outside of a transaction, where a pooler keeps no lock for it";
            return Err(Diagnostic::new(ErrorKind::Unsupported, message)
                .state("nothing was changed")
                .hint("give it a direct connection, past the pooler: --database-url"));
        }
        let waiting = Waiting { leaves_transactions: !transactional, ..self.waiting(&lock, interrupt) };
        match waiting.pass(session, |_| false).await? {
            Gate::Locked(_) => Ok(lock),
            Gate::Overtaken => Err(Diagnostic::new(ErrorKind::Internal, "nobody can have done this work")),
        }
    }
}
