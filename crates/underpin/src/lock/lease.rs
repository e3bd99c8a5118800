//! The lease of a cluster's migration lock: taken by one member, shown to be alive by its holder, and taken over
//! where it is seen to be dead. No clock of a server has a say in it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

use super::{LockHolder, LockSettings, cluster::Member};
use crate::{
    database::{Access, Database, DatabaseError, Errand, ErrorClass, Interrupt, ScriptError, Session},
    history::{HistoryTables, LeaseEntry, Tenant},
};

/// The pause between two signs of life.
const BEAT: Duration = Duration::from_secs(3);
/// For how long a lease must be seen unchanged before it is taken over from another member.
const DEAD: Duration = Duration::from_secs(20);
/// The longest time between two looks that counts: who can't look can't tell that nobody beats, as while a schema
/// change holds up the whole cluster.
const BLINK: Duration = Duration::from_secs(5);
/// How long connecting may take for a sign of life.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a lease is tried to be given back, where another member's write comes in between.
const TRIES: usize = 3;

/// The lease, as one session sees it.
#[derive(Clone, Debug)]
pub(super) struct Lease {
    tables: HistoryTables,
    database: Database,
    member: Member,
    run: String,
    service: String,
    seen: Arc<Mutex<Option<Sighting>>>,
    /// Who held it when it was looked at last.
    tenant: Arc<Mutex<Option<Tenant>>>,
    held: Arc<Mutex<Option<Held>>>,
}

/// A lease that is ours, for as long as this lives.
#[derive(Debug)]
struct Held {
    fence: i64,
    beats: JoinHandle<()>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.beats.abort();
    }
}

/// What has been seen of somebody else's lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sighting {
    fence: i64,
    beat: i64,
    since: Instant,
    last: Instant,
}

impl Sighting {
    /// What is known after one more look.
    fn after(before: Option<Self>, (fence, beat): (i64, i64), now: Instant) -> Self {
        match before {
            Some(before)
                if (before.fence, before.beat) == (fence, beat)
                    && now.duration_since(before.last) <= BLINK =>
            {
                Self { last: now, ..before }
            }
            Some(_) | None => Self { fence, beat, since: now, last: now },
        }
    }

    /// Whether its holder must be dead.
    fn is_dead(&self) -> bool {
        self.last.duration_since(self.since) >= DEAD
    }
}

impl Lease {
    pub(super) fn new(
        tables: &HistoryTables,
        database: &Database,
        member: Member,
        settings: &LockSettings,
    ) -> Self {
        Self {
            tables: tables.clone(),
            database: database.clone(),
            member,
            run: settings.run.clone(),
            service: settings.service.clone(),
            seen: Arc::default(),
            tenant: Arc::default(),
            held: Arc::default(),
        }
    }

    /// Looks who holds the lease, for the time when this member answers no more, before its answers wait for others.
    pub(super) async fn glance(&self, session: &mut dyn Session) {
        if self.held().is_none()
            && let Ok(Some(entry)) = self.tables.read_lease(session).await
        {
            self.remember(entry.tenant);
        }
    }

    fn remember(&self, tenant: Option<Tenant>) {
        *self.tenant.lock().unwrap_or_else(PoisonError::into_inner) = tenant;
    }

    /// Who held it when it was looked at last, other than we.
    pub(super) fn remembered(&self) -> Option<LockHolder> {
        let tenant = self.tenant.lock().unwrap_or_else(PoisonError::into_inner);
        tenant.as_ref().filter(|tenant| tenant.run != self.run).map(described)
    }

    /// Looks at the lease; nothing where it can't be taken, by all that is known.
    pub(super) async fn look(&self, session: &mut dyn Session) -> Result<Option<LeaseEntry>, DatabaseError> {
        let mut entry = self.tables.read_lease(session).await?;
        if entry.is_none() {
            self.create(session).await?;
            entry = self.tables.read_lease(session).await?;
        }
        let Some(entry) = entry else { return Ok(None) };
        self.remember(entry.tenant.clone());
        let Some(tenant) = &entry.tenant else { return Ok(Some(entry)) };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let sighting = Sighting::after(*seen, (entry.fence, entry.beat), Instant::now());
        *seen = Some(sighting);
        // At our own member the named lock tells whether the holder's session is there.
        let may_be_taken = sighting.is_dead() || tenant.member == self.member.number;
        Ok(may_be_taken.then_some(entry))
    }

    async fn create(&self, session: &mut dyn Session) -> Result<(), DatabaseError> {
        for statement in self.tables.create_lease() {
            match session.execute(&statement).await {
                Err(ScriptError { error, .. }) if !gave_way(&error) => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Takes the lease as it was seen, under the named lock of this member.
    pub(super) async fn take(
        &self,
        session: &mut dyn Session,
        entry: &LeaseEntry,
    ) -> Result<bool, DatabaseError> {
        let tenant = Tenant {
            run: self.run.clone(),
            service: self.service.clone(),
            host: crate::config::identity().host,
            session: session.number(),
            member: self.member.number.clone(),
            member_name: self.member.name.clone(),
        };
        match session.execute(&self.tables.take_lease(entry, &tenant)).await {
            Ok(0) => return Ok(false),
            Ok(_) => {}
            Err(ScriptError { error, .. }) if gave_way(&error) => return Ok(false),
            Err(ScriptError { error, .. }) => return Err(error),
        }
        if let Some(before) = &entry.tenant {
            tracing::warn!(
                target: "underpin::lock",
                run = %before.run, service = %before.service, member = %before.member_name,
                "the migration lock was taken over from a run that has ended without giving it back"
            );
        }
        let fence = entry.fence + 1;
        // Signs of life that don't count yet are given by the next beat.
        let _ = session.execute(&self.tables.begin_beats(fence)).await;
        let beats = tokio::spawn(beat(self.database.clone(), self.tables.clone(), fence));
        *self.held() = Some(Held { fence, beats });
        Ok(true)
    }

    /// Gives the lease back, if it is ours.
    pub(super) async fn free(&self, session: &mut dyn Session) {
        let held = self.held().take();
        let Some(held) = held else { return };
        let free = self.tables.free_lease(held.fence);
        // Nobody beats any more, but what was sent may arrive after us.
        drop(held);
        for _ in 0..TRIES {
            match session.execute(&free).await {
                Err(ScriptError { error, .. }) if gave_way(&error) => {}
                Ok(_) | Err(_) => return,
            }
        }
    }

    /// A condition that holds while the lease is ours; never, where it is not.
    pub(super) fn guard(&self) -> String {
        self.tables.guard_lease(self.fence())
    }

    /// A statement that fails if the lease is not ours, and sees to it that nobody takes it before we commit.
    pub(super) fn confirmation(&self) -> String {
        self.tables.confirm_lease(self.fence())
    }

    /// The fence of our lease; no fence is like that where it is not ours.
    fn fence(&self) -> i64 {
        self.held().as_ref().map_or(-1, |held| held.fence)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who holds the lease of a history, if it has one and anybody does.
pub(super) async fn holder(tables: &HistoryTables, session: &mut dyn Session) -> Option<(i64, LockHolder)> {
    let entry = tables.read_lease(session).await.ok()??;
    entry.tenant.as_ref().map(|tenant| (entry.fence, described(tenant)))
}

fn described(tenant: &Tenant) -> LockHolder {
    let number = tenant.session.map_or_else(|| "unknown".to_owned(), |session| session.to_string());
    LockHolder {
        session: Some(format!("{number} at {}", tenant.member_name)),
        program: Some(tenant.service.clone()),
        host: Some(tenant.host.clone()),
        since: None,
    }
}

/// Whether another member's write came first: certification takes ours back ("Certification-Based Replication" in
/// Galera's documentation), or we have waited for theirs in vain.
pub(super) fn gave_way(error: &DatabaseError) -> bool {
    error.class == ErrorClass::Busy
}

/// Shows again and again that the holder of the lease lives, until it is not the holder any more. What fails is tried
/// again: the lease ages meanwhile, and its guard tells the rest.
async fn beat(database: Database, tables: HistoryTables, fence: i64) {
    let sql = [tables.begin_beats(fence), tables.beat_lease(fence)].join("; ");
    let mut session = None;
    loop {
        sleep(BEAT).await;
        if session.is_none() {
            session = connect(&database).await;
        }
        let Some(open) = &mut session else { continue };
        // Without a limit: it may have to wait for a schema change, and so does everybody who looks at it.
        match open.execute(&sql).await {
            Ok(0) => return,
            Ok(_) => {}
            Err(ScriptError { error, .. }) if gave_way(&error) => {}
            Err(ScriptError { error, .. }) => {
                tracing::warn!(target: "underpin::lock", %error, "the lease of the migration lock could not be renewed");
                session = None;
            }
        }
    }
}

async fn connect(database: &Database) -> Option<Box<dyn Session>> {
    let (_handle, interrupt) = Interrupt::new(Errand::PART, Instant::now(), Some(PATIENCE));
    let connecting = database.connect(Access::Write, Duration::ZERO, &interrupt);
    match timeout(PATIENCE, connecting).await {
        Ok(Ok(session)) => session,
        Ok(Err(error)) => {
            tracing::warn!(target: "underpin::lock", %error, "the lease of the migration lock could not be renewed");
            None
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, looks: &[(u64, (i64, i64))]) -> Sighting {
        let mut seen = None;
        for &(seconds, what) in looks {
            seen = Some(Sighting::after(seen, what, start + Duration::from_secs(seconds)));
        }
        seen.unwrap_or_else(|| panic!("no looks"))
    }

    #[test]
    fn a_holder_is_dead_that_was_seen_without_a_beat_for_long_enough() {
        let looks: Vec<_> = (0..=20).map(|second| (second, (4, 7))).collect();
        let start = Instant::now();
        assert!(at(start, &looks).is_dead());
        assert!(!at(start, &looks[..20]).is_dead());
    }

    #[test]
    fn a_beat_or_another_holder_begins_anew() {
        let start = Instant::now();
        for change in [(4, 8), (5, 7)] {
            let mut looks: Vec<_> = (0..=19).map(|second| (second, (4, 7))).collect();
            looks.extend((20..=39).map(|second| (second, change)));
            assert!(!at(start, &looks).is_dead(), "{change:?}");
            looks.push((40, change));
            assert!(at(start, &looks).is_dead(), "{change:?}");
        }
    }

    #[test]
    fn who_could_not_look_for_a_while_begins_anew() {
        let start = Instant::now();
        let mut looks: Vec<_> = (0..=10).map(|second| (second, (4, 7))).collect();
        looks.extend((16..=30).map(|second| (second, (4, 7))));
        assert!(!at(start, &looks).is_dead());
    }
}
