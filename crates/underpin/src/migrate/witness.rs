//! Who sees which locks the transactions of a run hold before they are committed: asked of PostgreSQL, which keeps
//! them to the end. Not of tables that the run has made itself, which nobody else waits for.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use underpin_core::{impact, revision::RevisionId};

use crate::database::{DatabaseError, Session};

/// The tables and views that people have made, each by what the catalog knows it as.
const RELATIONS: &str = "SELECT c.oid::text, \
     CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END, c.relname \
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
     WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// The locks of this transaction, without those of queries.
const LOCKS: &str = "SELECT relation::text, mode FROM pg_catalog.pg_locks WHERE pid = pg_catalog.pg_backend_pid() \
     AND locktype = 'relation' AND granted AND mode <> 'AccessShareLock'";

/// A lock that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SeenLock {
    pub(crate) revision: RevisionId,
    pub(crate) table: String,
    pub(crate) mode: impact::LockMode,
}

/// Sees the locks of one run; clones see together.
#[derive(Clone, Debug)]
pub(crate) struct Witness {
    /// What was there before, by its number.
    relations: Arc<BTreeMap<String, String>>,
    seen: Arc<Mutex<Vec<SeenLock>>>,
}

impl Witness {
    /// One for a run on the database of a session, which is asked what is there before it; `is_own` tells the
    /// tables that nobody asks for.
    ///
    /// # Errors
    /// What the server says.
    pub(crate) async fn of(
        session: &mut dyn Session,
        is_own: impl Fn(&str) -> bool,
    ) -> Result<Self, DatabaseError> {
        let rows = session.fetch(RELATIONS).await?;
        let rows = rows.iter().filter(|row| !is_own(row.text(2)));
        let relations = rows.map(|row| (row.text(0).to_owned(), row.text(1).to_owned())).collect();
        Ok(Self { relations: Arc::new(relations), seen: Arc::default() })
    }

    /// Looks at what the transaction of a revision holds; `since_others` where it is the one of the revisions
    /// before as well, whose locks are not told again.
    ///
    /// # Errors
    /// What the server says.
    pub(super) async fn look(
        &self,
        session: &mut dyn Session,
        revision: &RevisionId,
        since_others: bool,
    ) -> Result<(), DatabaseError> {
        let rows = session.fetch(LOCKS).await?;
        let rows = rows.iter().map(|row| (row.text(0), row.text(1)));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for (table, mode) in strongest(&self.relations, rows) {
            let told = since_others && seen.iter().any(|lock| lock.table == table && lock.mode >= mode);
            if !told {
                seen.push(SeenLock { revision: revision.clone(), table, mode });
            }
        }
        Ok(())
    }

    /// What was seen, in order.
    pub(crate) fn seen(&self) -> Vec<SeenLock> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The strongest lock on each of these tables.
fn strongest<'a>(
    relations: &BTreeMap<String, String>,
    locks: impl Iterator<Item = (&'a str, &'a str)>,
) -> BTreeMap<String, impact::LockMode> {
    let known = locks.filter_map(|(relation, mode)| {
        Some((relations.get(relation)?.clone(), impact::LockMode::of_postgres(mode)?))
    });
    impact::strongest(known).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_lock_of_each_table_that_was_there_counts() {
        let relations = [("1", "orders"), ("2", "app.items")];
        let relations = relations.map(|(number, name)| (number.to_owned(), name.to_owned())).into();
        let locks = [
            ("1", "RowExclusiveLock"),
            ("1", "AccessExclusiveLock"),
            ("1", "ShareLock"),
            ("2", "RowShareLock"),
            ("3", "AccessExclusiveLock"),
        ];
        let told: Vec<String> = strongest(&relations, locks.into_iter())
            .into_iter()
            .map(|(table, mode)| format!("{mode} on {table}"))
            .collect();
        assert_eq!(told, ["ROW SHARE on app.items", "ACCESS EXCLUSIVE on orders"]);
    }
}
