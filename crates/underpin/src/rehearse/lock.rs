//! The locks of a rehearsal: as PostgreSQL has shown them at the end of each transaction on the copy, and else as a
//! plan tells them. Not how long they are held, which is at most as long as the revision takes.

use serde::Serialize;
use underpin_core::{
    dialect::Dialect,
    forecast::Forecast,
    impact::{LockMode, strongest},
    plan::{Plan, Step},
    revision::RevisionId,
};

use crate::migrate::SeenLock;

/// A lock that a revision takes on something that was there before the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RehearsedLock {
    /// The revision.
    pub revision: RevisionId,
    /// The table; `main` on SQLite, which locks all of a database.
    pub table: String,
    /// The strongest lock that it takes on it, and in words who waits.
    pub mode: LockMode,
    /// Whether the server has shown it (PostgreSQL, of a revision that is one transaction), so that what
    /// functions, triggers and `DO` blocks take is among it. Otherwise it is told from the statements, as
    /// [`Migrator::forecast`](crate::Migrator::forecast) does.
    pub seen: bool,
}

/// The locks of a run: what was seen where anything could be, and else what was foretold.
pub(super) fn rehearsed(plan: &Plan, forecast: &Forecast, seen: &[SeenLock]) -> Vec<RehearsedLock> {
    let is_shown = |step: &Step| plan.flavour.dialect() == Dialect::Postgres && step.transactional;
    let mut locks = Vec::new();
    for (step, foretold) in plan.steps.iter().zip(&forecast.steps) {
        let revision = step.revision();
        if is_shown(step) {
            let of_step = seen.iter().filter(|lock| lock.revision == *revision);
            locks.extend(of_step.map(|lock| RehearsedLock {
                revision: revision.clone(),
                table: lock.table.clone(),
                mode: lock.mode,
                seen: true,
            }));
            continue;
        }
        let foretold = foretold.statements.iter().flat_map(|statement| &statement.impact.locks);
        let foretold = foretold.map(|lock| (lock.table.to_string(), lock.mode));
        locks.extend(strongest(foretold).into_iter().map(|(table, mode)| RehearsedLock {
            revision: revision.clone(),
            table,
            mode,
            seen: false,
        }));
    }
    locks
}
