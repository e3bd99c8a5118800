//! What a run and the second session that watches it tell each other of those who are in the run's way. It
//! waits for nobody: what was not seen in time is not told.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::Instant};

use super::Blocker;

/// How old a look may be to tell of what is under way: the pause between two of them, and what they take.
const FRESH: Duration = Duration::from_secs(4);

/// Between a run and who watches it.
#[derive(Debug)]
pub(crate) struct Lookout {
    /// Whether a try is under way that others were in the way of before.
    sharp: watch::Sender<bool>,
    /// Who was seen last, and when.
    seen: Mutex<Option<(Instant, Vec<Blocker>)>>,
}

impl Default for Lookout {
    fn default() -> Self {
        Self { sharp: watch::channel(false).0, seen: Mutex::default() }
    }
}

impl Lookout {
    /// Asks for a look every moment from now on, or no more.
    pub(in super::super) fn sharpen(&self, sharp: bool) {
        self.sharp.send_if_modified(|now| std::mem::replace(now, sharp) != sharp);
    }

    /// Who was seen last, if anybody was.
    pub(in super::super) fn seen(&self) -> Vec<Blocker> {
        self.last(None)
    }

    /// Who was seen a moment ago.
    pub(in super::super) fn seen_now(&self) -> Vec<Blocker> {
        self.last(Some(FRESH))
    }

    /// Forgets whom others were in the way of: the run has got through.
    pub(in super::super) fn forget(&self) {
        self.sharpen(false);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn sharpened(&self) -> watch::Receiver<bool> {
        self.sharp.subscribe()
    }

    /// Keeps who was seen; says whether they are others than before.
    pub(super) fn note(&self, blockers: &[Blocker]) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let sessions = |blockers: &[Blocker]| blockers.iter().map(Blocker::session).collect::<Vec<_>>();
        let new = seen.as_ref().is_none_or(|(_, before)| sessions(before) != sessions(blockers));
        *seen = Some((Instant::now(), blockers.to_vec()));
        new
    }

    fn last(&self, age: Option<Duration>) -> Vec<Blocker> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = seen.as_ref().filter(|(when, _)| age.is_none_or(|age| when.elapsed() <= age));
        fresh.map(|(_, blockers)| blockers.clone()).unwrap_or_default()
    }
}
