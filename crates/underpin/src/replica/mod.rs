//! A replica that tells the database that it is alive and which revisions it knows, so that nobody takes
//! away what it still needs. It decides nothing; who contracts the schema asks after it.

use std::time::{Duration, Instant};

use tokio::{sync::watch, task::JoinHandle};
use underpin_core::diagnostic::Diagnostic;

use crate::{
    database::{Access, Errand, ErrorClass, Interrupt, Session},
    history::Replica,
    migrate::{Migrator, failed_to},
};

/// How long one beat may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A replica that is registered, and goes on saying so until it is dropped or leaves.
///
/// ```no_run
/// # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
/// # let migrator = underpin::Migrator::builder().url("sqlite::memory:").directory("migrations").build().await?;
/// let heartbeat = underpin::Heartbeat::begin(&migrator, std::time::Duration::from_secs(15)).await?;
/// // … serve …
/// heartbeat.leave().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Heartbeat {
    tie: watch::Sender<Tie>,
    task: JoinHandle<()>,
    replica: Replica,
}

/// What holds a replica in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tie {
    /// The handle, and it goes with it.
    Handle,
    /// The runtime: nobody has the handle any more.
    Runtime,
    /// Nothing: it is to be taken out.
    Cut,
}

impl Heartbeat {
    /// Registers this process, and goes on registering it every so often, in whole seconds and at least
    /// one. After three beats that were missed it counts as gone.
    ///
    /// # Errors
    /// If it could not be registered. Later beats that fail are warned of and tried again.
    pub async fn begin(migrator: &Migrator, every: Duration) -> Result<Self, Diagnostic> {
        let every = every.max(Duration::from_secs(1));
        let replica = describe(migrator)?;
        let began = Instant::now();
        register(migrator, &replica, every).await?;
        tracing::debug!(target: "underpin::replica", instance = %replica.instance, elapsed_ms = began.elapsed().as_millis(), "registered");
        let (tie, tied) = watch::channel(Tie::Handle);
        let task = tokio::spawn(beat(migrator.clone(), replica.clone(), every, tied));
        Ok(Self { tie, task, replica })
    }

    /// What is registered.
    pub fn replica(&self) -> &Replica {
        &self.replica
    }

    /// Takes the replica out of the table, so that nobody waits for it any longer.
    pub async fn leave(self) {
        // The task is there as long as this is.
        let _ = self.tie.send(Tie::Cut);
        let _ = self.task.await;
    }

    /// Lets it beat for as long as the runtime lives, and be missed after that.
    pub(crate) fn detach(self) {
        // Whoever beats sees this before it sees that the handle is gone.
        self.tie.send_replace(Tie::Runtime);
    }
}

/// Beats until told to leave, or until the handle is gone.
async fn beat(migrator: Migrator, replica: Replica, every: Duration, mut tied: watch::Receiver<Tie>) {
    let mut tie = Tie::Handle;
    loop {
        tokio::select! {
            () = tokio::time::sleep(every) => {
                if let Err(error) = register(&migrator, &replica, every).await {
                    tracing::warn!(target: "underpin::replica", %error, "this replica could not be registered again");
                }
            }
            now = changed(&mut tied), if tie == Tie::Handle => match now {
                Some(Tie::Cut) => {
                    if let Err(error) = unregister(&migrator, &replica).await {
                        tracing::debug!(target: "underpin::replica", %error, "this replica could not be taken out");
                    }
                    return;
                }
                Some(now) => tie = now,
                None => return,
            }
        }
    }
}

/// What holds the replica from now on; nothing if the handle is gone.
async fn changed(tied: &mut watch::Receiver<Tie>) -> Option<Tie> {
    tied.changed().await.ok()?;
    Some(*tied.borrow_and_update())
}

fn describe(migrator: &Migrator) -> Result<Replica, Diagnostic> {
    let actor = migrator.actor();
    Ok(Replica {
        instance: format!("{}-{}", std::process::id(), actor.run),
        service: migrator.service().to_owned(),
        host: actor.host,
        process: i64::from(std::process::id()),
        tool: actor.tool,
        heads: migrator.revisions().head_ids()?.into_iter().map(String::from).collect(),
        started_at: String::new(),
        seen_at: String::new(),
    })
}

async fn register(migrator: &Migrator, replica: &Replica, every: Duration) -> Result<(), Diagnostic> {
    say(migrator, replica, Word::Here { every: every.as_secs() }).await
}

async fn unregister(migrator: &Migrator, replica: &Replica) -> Result<(), Diagnostic> {
    say(migrator, replica, Word::Gone).await
}

/// What a replica says of itself.
#[derive(Clone, Copy, Debug)]
enum Word {
    /// It is here, and will say so again after these seconds.
    Here { every: u64 },
    /// It is about to end.
    Gone,
}

/// Says it on a session of its own, which is not kept: between two beats nothing is needed.
async fn say(migrator: &Migrator, replica: &Replica, word: Word) -> Result<(), Diagnostic> {
    let (_handle, interrupt) = Interrupt::new(Errand::PART, tokio::time::Instant::now(), Some(PATIENCE));
    let session = migrator.database().connect(Access::Write, PATIENCE, &interrupt).await?;
    let Some(mut session) = session else { return Ok(()) };
    let said = interrupt.limit(say_on(migrator, session.as_mut(), replica, word)).await;
    session.close().await;
    said.unwrap_or_else(|stop| Err(stop.diagnostic("while this replica was registered")))
        .map_err(|error| migrator.database().redacted(error))
}

async fn say_on(
    migrator: &Migrator,
    session: &mut dyn Session,
    replica: &Replica,
    word: Word,
) -> Result<(), Diagnostic> {
    let tables = migrator.look_at(session).await?.tables;
    let said = match word {
        Word::Gone => tables.leave(session, &replica.instance).await,
        Word::Here { every } => match tables.beat(session, replica, every).await {
            Err(error) if error.class == ErrorClass::UndefinedTable => {
                match tables.create_replicas(session).await {
                    Ok(()) => tables.beat(session, replica, every).await,
                    Err(error) => Err(error),
                }
            }
            result => result,
        },
    };
    said.map_err(|error| failed_to(&error, "this replica could not be registered"))
}
