//! Undoing an exchange of tables that went wrong. Where the tables are is asked and not assumed, on a session that is
//! known to be alive, because an error may be the answer to a statement that was carried out, or still will be.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use underpin_core::diagnostic::Diagnostic;

use super::{
    super::{
        failure,
        phase::{Broken, Phase},
        question::During,
    },
    client::Client,
    exchange::{Exchange, limits},
    question::{contents, run},
    replaced::Replaced,
};
use crate::{
    database::{Access, Errand, Interrupt, Session},
    lock::Lock,
    point::{Point, reach},
};

/// How long undoing may take, whatever time the run has left; and one of its statements wait for others.
const UNDOING: Duration = Duration::from_secs(120);
const WAITING: Duration = Duration::from_secs(30);
/// How long a session that has not answered may take to answer, and one that is ended to be gone.
const ANSWERING: Duration = Duration::from_secs(3);
const ENDING: Duration = Duration::from_secs(20);
/// How long the migration lock is tried for that was lost.
const TAKING: Duration = Duration::from_secs(40);

/// What `KILL` says of a session that is not there ("Server Error Message Reference" in MySQL's manual).
const UNKNOWN_SESSION: &str = "error 1094";

/// Where the tables are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// Where they were before the exchange.
    Before,
    /// Those of the backup are in the database, but for the last.
    After,
    /// Those of the backup are in the database, and nothing is missing.
    Whole,
}

/// Undoes an exchange that went wrong, and tells how that leaves the database.
///
/// # Errors
/// What went wrong. An exchange that is found to be done is none.
pub(super) async fn undo(
    exchange: &Exchange<'_>,
    session: &mut dyn Session,
    lock: &Lock,
    client: &Client<'_>,
    (replaced, error): (&Replaced, Diagnostic),
) -> Result<(), Broken> {
    let (_handle, patience) = Interrupt::new(Errand::PART, Instant::now(), Some(UNDOING));
    let client = &client.under(&patience);
    if is_alive(session).await {
        return undo_on(exchange, session, client, replaced, error).await;
    }
    let number = session.number();
    match another(number, lock, client).await {
        Ok(mut another) => {
            reach(Point::RestoreTakenUp).await;
            let undone = undo_on(exchange, another.as_mut(), client, replaced, error).await;
            another.close().await;
            undone
        }
        Err(hindrance) => {
            let error = error.hint(format!("what was done could not be undone: {}", hindrance.message));
            Err(Broken::during(Phase::Unknown, error).keeping(replaced.name.clone()))
        }
    }
}

async fn undo_on(
    exchange: &Exchange<'_>,
    session: &mut dyn Session,
    client: &Client<'_>,
    replaced: &Replaced,
    error: Diagnostic,
) -> Result<(), Broken> {
    let interrupt = client.programs.interrupt;
    let phase = match side(exchange, session, interrupt).await {
        Ok(Some(Side::Whole)) => {
            replaced.forget(session).await;
            return Ok(());
        }
        // Where no table moves, nobody can tell whether what stands beside them was begun with.
        Ok(Some(Side::Before)) => undressed_or_not(exchange, session, client, exchange.moves_nothing()).await,
        Ok(Some(Side::After)) => {
            let back = run(session, interrupt, &exchange.back()).await;
            match (back, side(exchange, session, interrupt).await) {
                (_, Ok(Some(Side::Before))) => undressed_or_not(exchange, session, client, true).await,
                (_, Ok(Some(Side::After))) => Phase::Exchanged,
                (_, Ok(Some(Side::Whole) | None) | Err(_)) => Phase::Unknown,
            }
        }
        Ok(None) | Err(_) => Phase::Unknown,
    };
    let broken = Broken::during(phase, error);
    let left = match phase {
        Phase::Untouched => replaced.drop_unneeded(session).await,
        Phase::Committing | Phase::Emptied | Phase::Exchanged | Phase::Undressed | Phase::Unknown => {
            replaced.drop_if_empty(session).await
        }
    };
    match left {
        Some(name) => Err(broken.keeping(name)),
        None => Err(broken),
    }
}

/// Puts back what stood beside the tables, and tells whether it is all there.
async fn undressed_or_not(
    exchange: &Exchange<'_>,
    session: &mut dyn Session,
    client: &Client<'_>,
    everything: bool,
) -> Phase {
    let (dress, live) = (&exchange.dress_before, exchange.names.live);
    let interrupt = client.programs.interrupt;
    let dressed = async {
        exchange.likeness.give(session, interrupt, live).await?;
        match (everything, exchange.stripped) {
            (true, _) => {
                dress.put_on(session, client, live).await?;
                exchange.executors.give(session, interrupt, live).await;
            }
            (false, true) => dress.put_triggers_on(session, client, live).await?,
            (false, false) => {}
        }
        exchange.likeness.give(session, interrupt, live).await
    };
    match dressed.await {
        Ok(()) if everything && !dress.broken.is_empty() => Phase::Undressed,
        Ok(()) => Phase::Untouched,
        Err(_) => Phase::Undressed,
    }
}

/// Where the tables are; nothing where they are neither here nor there.
async fn side(
    exchange: &Exchange<'_>,
    session: &mut dyn Session,
    interrupt: &Interrupt,
) -> Result<Option<Side>, Diagnostic> {
    let live = contents(session, interrupt, exchange.names.live).await?;
    let old = contents(session, interrupt, exchange.names.old).await?;
    let fresh = contents(session, interrupt, exchange.names.fresh).await?;
    let former = || exchange.before.tables.iter().map(|table| &table.name);
    let first = || exchange.first();
    let is_before = former().all(|name| live.has_table(name) && !old.has_table(name))
        && first().all(|name| fresh.has_table(name));
    let is_after = former().all(|name| old.has_table(name))
        && first().all(|name| live.has_table(name) && !fresh.has_table(name));
    Ok(match (is_before, is_after) {
        (true, _) => Some(Side::Before),
        (false, true)
            if !exchange.last.is_empty() && exchange.last.iter().all(|name| live.has_table(name)) =>
        {
            Some(Side::Whole)
        }
        (false, true) => Some(Side::After),
        (false, false) => None,
    })
}

/// Whether a session answers; then it holds no lock on a table any more.
async fn is_alive(session: &mut dyn Session) -> bool {
    let (_handle, patience) = Interrupt::new(Errand::PART, Instant::now(), Some(ANSWERING));
    let answered = run(session, &patience, &format!("UNLOCK TABLES; {}", limits(WAITING))).await;
    answered.is_ok()
}

/// Another session, once the server has ended the one that does not answer: what it was told may still be carried
/// out before that. The migration lock, which has ended with it, is taken again: meanwhile the database is no one to
/// begin a run with.
async fn another(
    former: Option<i64>,
    lock: &Lock,
    client: &Client<'_>,
) -> Result<Box<dyn Session>, Diagnostic> {
    let interrupt = client.programs.interrupt;
    let opened = client.database.connect(Access::Write, ENDING, interrupt).await?;
    let mut opened = opened.ok_or_else(|| failure::unrestored("a server without a session"))?;
    let introduced = interrupt.limit(opened.introduce()).await;
    introduced
        .map_err(|stop| stop.diagnostic("while a restore was undone"))?
        .map_err(|error| failure::unrestored(error.with_code()))?;
    if let Some(number) = former {
        end(opened.as_mut(), interrupt, number).await?;
    }
    take(opened.as_mut(), lock, interrupt).await?;
    run(opened.as_mut(), interrupt, &limits(WAITING)).await?;
    Ok(opened)
}

/// Takes the migration lock. Whoever was faster finds a history that is not there or nothing to do, and is soon gone.
async fn take(session: &mut dyn Session, lock: &Lock, interrupt: &Interrupt) -> Result<(), Diagnostic> {
    let (canceller, start) = (session.canceller(), Instant::now());
    while start.elapsed() < TAKING {
        let tried = interrupt.guarded(lock.try_acquire(session), &canceller).await;
        if During::Restore.answer(tried, "the migration lock could not be taken again")? {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    Err(failure::unrestored("somebody else has the migration lock since the session was lost"))
}

async fn end(session: &mut dyn Session, interrupt: &Interrupt, number: i64) -> Result<(), Diagnostic> {
    let (kill, canceller) = (format!("KILL {number}"), session.canceller());
    let start = Instant::now();
    while start.elapsed() < ENDING {
        let killed = interrupt.guarded(session.execute(&kill), &canceller).await;
        let killed = killed.map_err(|stop| stop.diagnostic("while a restore was undone"))?;
        // That it is not there any more is what is wanted.
        if killed.is_err_and(|failed| failed.error.code.as_deref() == Some(UNKNOWN_SESSION)) {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    Err(failure::unrestored(format!("the server has not ended session {number}")))
}
