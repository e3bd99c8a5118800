//! What a server is asked while a backup is made or brought back: cancelled when it is time to stop, with errors that
//! say so. What it is asked, is the caller's.

use underpin_core::diagnostic::Diagnostic;

use crate::{
    database::{DatabaseError, Interrupt, Row, Session, Stop},
    migrate::failed_to,
};

/// During what a question is asked.
#[derive(Clone, Copy, Debug)]
pub(super) enum During {
    Backup,
    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql")),
        allow(dead_code, reason = "a file of SQLite is brought back without a question")
    )]
    Restore,
}

impl During {
    const fn words(self) -> &'static str {
        match self {
            Self::Backup => "while a backup was made",
            Self::Restore => "while a backup was restored",
        }
    }

    /// What a server has answered, or why it has not; `failed` says what could not be done then.
    ///
    /// # Errors
    /// That it was time to stop, and what the server says.
    pub(super) fn answer<T>(
        self,
        asked: Result<Result<T, DatabaseError>, Stop>,
        failed: &str,
    ) -> Result<T, Diagnostic> {
        let answer = asked.map_err(|stop| stop.diagnostic(self.words()))?;
        answer.map_err(|error| failed_to(&error, failed))
    }

    /// Runs one query.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub(super) async fn ask(
        self,
        session: &mut dyn Session,
        interrupt: &Interrupt,
        question: &str,
        failed: &str,
    ) -> Result<Vec<Row>, Diagnostic> {
        let canceller = session.canceller();
        self.answer(interrupt.guarded(session.fetch(question), &canceller).await, failed)
    }
}
