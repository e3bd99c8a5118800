//! The locks of a rehearsal: as PostgreSQL has shown them at the end of each transaction on the copy, and else as a
//! plan tells them. Not how long they are held, which is at most as long as the revision takes.

use serde::Serialize;
use underpin_core::{
    dialect::Dialect,
    forecast::Forecast,
    impact::{LockMode, TableLock},
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
        locks.extend(strongest(foretold).into_iter().map(|(table, mode)| RehearsedLock {
            revision: revision.clone(),
            table,
            mode,
            seen: false,
        }));
    }
    locks
}

/// The strongest lock of each table, in the order in which they are first taken.
fn strongest<'a>(locks: impl Iterator<Item = &'a TableLock>) -> Vec<(String, LockMode)> {
    let mut strongest: Vec<(String, LockMode)> = Vec::new();
    for lock in locks {
        let table = lock.table.to_string();
        match strongest.iter_mut().find(|(known, _)| *known == table) {
            Some((_, mode)) => *mode = lock.mode.max(*mode),
            None => strongest.push((table, lock.mode)),
        }
    }
    strongest
}

#[cfg(test)]
mod tests {
    use underpin_core::statement::ObjectName;

    use super::*;

    #[test]
    fn of_several_locks_on_a_table_the_strongest_is_told() {
        let lock = |table: &str, mode| TableLock { table: ObjectName::plain(table), mode };
        let locks = [
            lock("orders", LockMode::Share),
            lock("items", LockMode::RowShare),
            lock("orders", LockMode::AccessExclusive),
            lock("orders", LockMode::RowExclusive),
        ];
        let expected = [("orders", LockMode::AccessExclusive), ("items", LockMode::RowShare)];
        assert_eq!(strongest(locks.iter()), expected.map(|(table, mode)| (table.to_owned(), mode)));
    }
}
