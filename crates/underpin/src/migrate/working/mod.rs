//! How far the server says that it is with a statement that takes its time, asked on a second session
//! and told as events. It decides nothing: where nothing is told, the statement runs all the same.

mod mysql;
mod postgres;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{Instant, timeout},
};
use underpin_core::dialect::Flavour;

use super::{Event, Events};
use crate::database::{Access, Database, Interrupt, Server, Session};

/// How long a statement may take before the server is asked.
const FIRST: Duration = Duration::from_secs(2);
/// The pause between two questions.
const PAUSE: Duration = Duration::from_secs(2);
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Waits for what runs, while somebody tells how far the server is with it.
pub(super) async fn accompanied<T>(
    running: impl Future<Output = T>,
    working: Option<Working>,
    events: &Events,
) -> T {
    let Some(working) = working else { return running.await };
    let (sender, ended) = watch::channel(());
    let running = async move {
        let result = running.await;
        drop(sender);
        result
    };
    tokio::join!(running, working.tell(events, ended)).0
}

/// A session at work whose server may tell how far it is.
pub(super) struct Working {
    database: Database,
    server: Server,
    /// The number that the server knows the session by.
    session: i64,
    /// When the statement began that is under way.
    began: Arc<Mutex<Instant>>,
}

impl Working {
    /// Somebody who asks after this session; nobody where the engine tells nothing, or where the session
    /// is another one in each transaction.
    pub(super) fn of(database: &Database, session: &dyn Session, pooled: bool) -> Option<Self> {
        let number = session.number().filter(|_| !pooled)?;
        Some(Self {
            database: database.clone(),
            server: session.server().clone(),
            session: number,
            began: Arc::new(Mutex::new(Instant::now())),
        })
    }

    /// The same listeners, and us, who hear which statement is under way.
    pub(super) fn heard_by(&self, events: &Events) -> Events {
        let mut events = events.clone();
        let began = Arc::clone(&self.began);
        events.add(Arc::new(move |event| {
            if matches!(event, Event::Statement { .. } | Event::Batch { .. } | Event::RevisionApplied { .. })
            {
                *began.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            }
        }));
        events
    }

    /// Asks and tells until `ended` has no sender any more.
    pub(super) async fn tell(self, events: &Events, mut ended: watch::Receiver<()>) {
        let mut session = None;
        let mut pause = FIRST;
        loop {
            tokio::select! {
                _ = ended.changed() => break,
                () = tokio::time::sleep(pause) => {}
            }
            let under_way = self.began.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
            if under_way < FIRST {
                pause = FIRST - under_way;
                continue;
            }
            pause = PAUSE;
            if session.is_none() {
                session = self.connect().await;
            }
            // Whoever is told no once, for want of a right or a connection, asks no more.
            let Some(asked) = &mut session else { return };
            match self.ask(asked.as_mut()).await {
                Some(Some((percent, stage))) => events.send(&Event::Working { percent, stage }),
                Some(None) => {}
                None => break,
            }
        }
        if let Some(session) = session {
            let _ = timeout(PATIENCE, session.close()).await;
        }
    }

    async fn connect(&self) -> Option<Box<dyn Session>> {
        let (_handle, interrupt) = Interrupt::new(Instant::now(), Some(PATIENCE));
        let connecting = self.database.connect(Access::Read, Duration::ZERO, &interrupt);
        match timeout(PATIENCE, connecting).await {
            Ok(Ok(session)) => session,
            Ok(Err(error)) => {
                tracing::debug!(target: "underpin::migrate", %error, "nobody can be asked how far the statement is");
                None
            }
            Err(_) => None,
        }
    }

    /// The share that is done and what the server does; inside, nothing where it tells nothing of this
    /// statement; outside, where it does not answer.
    async fn ask(&self, session: &mut dyn Session) -> Option<Option<(u8, String)>> {
        let sql = match self.server.flavour {
            Flavour::Postgres => postgres::query(self.server.major(), self.session)?,
            Flavour::Mysql => mysql::query(self.session),
            Flavour::Mariadb => mysql::query_mariadb(self.session),
            Flavour::Sqlite => return None,
        };
        let rows = timeout(PATIENCE, session.fetch(&sql)).await.ok()?.ok()?;
        let share = rows.first().and_then(|row| {
            let percent = row.integer(0).map(|percent| percent.clamp(0, 100))?;
            Some((u8::try_from(percent).ok()?, row.text(1).to_owned()))
        });
        Some(share)
    }
}
