//! How far the server says that it is with a statement that takes its time, and who holds the lock that it
//! waits for, asked on a second session and told as events. It decides nothing: where nothing is told, the
//! statement runs all the same.

mod blocker;
mod lookout;
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

use super::{Event, Events, milliseconds};
use crate::database::{Access, Database, Errand, ErrorClass, Interrupt, Row, Server, Session};

pub(crate) use blocker::Blocker;
pub(crate) use lookout::Lookout;

/// How long a statement may take before the server is asked.
const FIRST: Duration = Duration::from_secs(2);
/// The pause between two questions.
const PAUSE: Duration = Duration::from_secs(2);
/// The pause between two questions while the run tries again to get a lock. InnoDB's tables of transactions
/// are read again only if nobody has looked for a tenth of a second ("Persistence and Consistency of InnoDB
/// Transaction and Locking Information" in MySQL's manual).
const MOMENT: Duration = Duration::from_millis(120);
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
    lookout: Arc<Lookout>,
}

/// What the server is asked, as long as it answers.
#[derive(Clone, Copy)]
struct Questions {
    share: bool,
    blockers: bool,
}

impl Working {
    /// Somebody who asks after this session; nobody where the engine tells nothing, or where the session
    /// is another one in each transaction.
    pub(super) fn of(
        database: &Database,
        session: &dyn Session,
        pooled: bool,
        lookout: &Arc<Lookout>,
    ) -> Option<Self> {
        let number = session.number().filter(|_| !pooled)?;
        Some(Self {
            database: database.clone(),
            server: session.server().clone(),
            session: number,
            began: Arc::new(Mutex::new(Instant::now())),
            lookout: Arc::clone(lookout),
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
        let mut questions = Questions { share: true, blockers: true };
        let mut sharpened = self.lookout.sharpened();
        let mut pause = FIRST;
        loop {
            let sharp = *sharpened.borrow();
            tokio::select! {
                _ = ended.changed() => break,
                _ = sharpened.changed() => {}
                () = tokio::time::sleep(if sharp { MOMENT } else { pause }) => {}
            }
            let sharp = *sharpened.borrow();
            let under_way = self.under_way();
            if !sharp && under_way < FIRST {
                pause = FIRST - under_way;
                continue;
            }
            pause = PAUSE;
            if session.is_none() {
                session = self.connect().await;
            }
            // Whoever is told no once, for want of a right or a connection, asks no more.
            let Some(asked) = &mut session else { return };
            let answered = match sharp {
                true => self.look(asked.as_mut(), &mut questions).await.map(drop),
                false => self.ask_all(asked.as_mut(), &mut questions, events).await,
            };
            if answered.is_none() {
                break;
            }
        }
        if let Some(session) = session {
            let _ = timeout(PATIENCE, session.close()).await;
        }
    }

    fn under_way(&self) -> Duration {
        self.began.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    /// Asks how far the statement is and, where nothing tells that it is on its way, who holds it up.
    async fn ask_all(
        &self,
        session: &mut dyn Session,
        questions: &mut Questions,
        events: &Events,
    ) -> Option<()> {
        if let Some((percent, stage)) = self.ask(session, questions).await? {
            events.send(&Event::Working { percent, stage });
        }
        if self.look(session, questions).await? {
            events.send(&Event::Blocked {
                reason: None,
                tries: 0,
                blockers: self.lookout.seen().iter().map(ToString::to_string).collect(),
                milliseconds: milliseconds(self.under_way()),
            });
        }
        Some(())
    }

    /// Looks who is in the way, and keeps it; says whether they are others than before.
    async fn look(&self, session: &mut dyn Session, questions: &mut Questions) -> Option<bool> {
        if !questions.blockers {
            return Some(false);
        }
        let queries = match self.server.flavour {
            Flavour::Postgres => vec![postgres::blockers(self.session)],
            Flavour::Mysql => mysql::blockers(self.session),
            Flavour::Mariadb => mysql::blockers_mariadb(self.session),
            Flavour::Sqlite => return Some(false),
        };
        let mut refused = true;
        for query in queries {
            let Some(rows) = fetch(session, &query).await? else { continue };
            refused = false;
            if !rows.is_empty() {
                let blockers: Vec<Blocker> = rows.iter().map(Blocker::read).collect();
                return Some(self.lookout.note(&blockers));
            }
        }
        questions.blockers = !refused;
        Some(false)
    }

    async fn connect(&self) -> Option<Box<dyn Session>> {
        let (_handle, interrupt) = Interrupt::new(Errand::PART, Instant::now(), Some(PATIENCE));
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

    /// The share that is done and what the server does, where it tells; outside, where it does not answer.
    async fn ask(
        &self,
        session: &mut dyn Session,
        questions: &mut Questions,
    ) -> Option<Option<(u8, String)>> {
        let query = match self.server.flavour {
            Flavour::Postgres => postgres::query(self.server.major(), self.session),
            Flavour::Mysql => Some(mysql::query(self.session)),
            Flavour::Mariadb => Some(mysql::query_mariadb(self.session)),
            Flavour::Sqlite => None,
        };
        let Some(query) = query.filter(|_| questions.share) else { return Some(None) };
        let rows = fetch(session, &query).await?;
        questions.share = rows.is_some();
        let row = rows.as_deref().and_then(<[Row]>::first);
        Some(row.and_then(|row| {
            let percent = row.integer(0).map(|percent| percent.clamp(0, 100))?;
            Some((u8::try_from(percent).ok()?, row.text(1).to_owned()))
        }))
    }
}

/// The rows of a query; inside, nothing where the server refuses it; outside, where it does not answer, and
/// the session is in the middle of something.
async fn fetch(session: &mut dyn Session, query: &str) -> Option<Option<Vec<Row>>> {
    match timeout(PATIENCE, session.fetch(query)).await.ok()? {
        Ok(rows) => Some(Some(rows)),
        Err(error) if error.class == ErrorClass::ConnectionLost => None,
        Err(error) => {
            tracing::debug!(target: "underpin::migrate", %error, "the server does not tell");
            Some(None)
        }
    }
}
