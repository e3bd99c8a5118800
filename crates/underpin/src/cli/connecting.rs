//! When it is said that a database has not answered yet: every ten seconds, while a run waits for it. It neither
//! connects nor writes.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long is waited before it is said, and between two times of saying it.
const WORD: Duration = Duration::from_secs(10);

/// A wait for a database to answer, if there is one.
#[derive(Debug, Default)]
pub(super) struct Connecting(Mutex<Option<Wait>>);

#[derive(Clone, Copy, Debug)]
struct Wait {
    since: Instant,
    told: Instant,
}

impl Connecting {
    /// A run begins to connect.
    pub(super) fn begin(&self, now: Instant) {
        self.set(Some(Wait { since: now, told: now }));
    }

    /// The database has answered, or the run is over.
    pub(super) fn end(&self) {
        self.set(None);
    }

    /// For how long the database has not answered, if it is time to say so.
    pub(super) fn due(&self, now: Instant) -> Option<Duration> {
        let mut wait = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = wait.as_mut().filter(|wait| now.duration_since(wait.told) >= WORD)?;
        wait.told = now;
        Some(now.duration_since(wait.since))
    }

    fn set(&self, wait: Option<Wait>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = wait;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_does_not_answer_is_told_of_every_ten_seconds() {
        let (connecting, start) = (Connecting::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(connecting.due(at(60)), None);
        connecting.begin(start);
        let told = [5, 10, 15, 21].map(|seconds| connecting.due(at(seconds)).map(|time| time.as_secs()));
        assert_eq!(told, [None, Some(10), None, Some(21)]);
        connecting.end();
        assert_eq!(connecting.due(at(60)), None);
    }
}
