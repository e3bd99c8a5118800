//! What is asked of a server, and told to it, while a backup is brought back: cancelled when it is time to stop,
//! with errors that say so.

use underpin_core::diagnostic::Diagnostic;

use super::contents::Contents;
use crate::{
    database::{DatabaseError, Interrupt, Row, Session, Stop},
    migrate::failed_to,
};

/// What a database has.
pub(super) async fn contents(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    database: &str,
) -> Result<Contents, Diagnostic> {
    let canceller = session.canceller();
    answer(interrupt.guarded(Contents::of(session, database), &canceller).await)
}

/// Runs one query.
pub(super) async fn ask(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    question: &str,
) -> Result<Vec<Row>, Diagnostic> {
    let canceller = session.canceller();
    answer(interrupt.guarded(session.fetch(question), &canceller).await)
}

/// Runs statements, of which the one that runs is cancelled when it is time to stop.
pub(super) async fn run(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    script: &str,
) -> Result<(), Diagnostic> {
    let canceller = session.canceller();
    let work = async { session.execute(script).await.map(drop).map_err(|failed| failed.error) };
    answer(interrupt.guarded(work, &canceller).await)
}

fn answer<T>(asked: Result<Result<T, DatabaseError>, Stop>) -> Result<T, Diagnostic> {
    let answer = asked.map_err(|stop| stop.diagnostic("while a backup was restored"))?;
    answer.map_err(|error| failed_to(&error, "the backup could not be restored"))
}
