//! What is asked of a server, and told to it, while a backup is brought back: cancelled when it is time to stop,
//! with errors that say so.

use underpin_core::diagnostic::Diagnostic;

use super::{
    super::{
        phase::{Broken, Phase},
        question::During,
    },
    contents::Contents,
};
use crate::database::{DatabaseError, ErrorClass, Interrupt, Row, Session, Stop};

/// What every question that has no answer comes to.
const FAILED: &str = "the backup could not be restored";

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
    During::Restore.ask(session, interrupt, question, FAILED).await
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

/// Runs a script that drops everything, behind a first statement that changes nothing; where it fails, how far it
/// came tells the state.
pub(super) async fn drop_all(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    script: &str,
) -> Result<(), Broken> {
    let (canceller, mut completed) = (session.canceller(), 0);
    let work = async {
        let watch = &mut |count| completed = count;
        session.execute_watched(script, watch).await.map(drop).map_err(|failed| failed.error)
    };
    let dropped = interrupt.guarded(work, &canceller).await;
    let is_lost = matches!(&dropped, Ok(Err(error)) if error.class == ErrorClass::ConnectionLost);
    let phase = if completed <= 1 && !is_lost { Phase::Untouched } else { Phase::Emptied };
    answer(dropped).map_err(|error| Broken::during(phase, error))
}

fn answer<T>(asked: Result<Result<T, DatabaseError>, Stop>) -> Result<T, Diagnostic> {
    During::Restore.answer(asked, FAILED)
}
