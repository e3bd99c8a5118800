//! What a statement does, as it was foretold and as a server did it, in a form that can be compared.

use std::collections::{BTreeMap, BTreeSet};

use underpin::core::impact::Impact;

/// What a statement does to relations that were there before, by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Effect {
    /// The strongest lock on each.
    pub(crate) locks: BTreeMap<String, String>,
    /// Those that are written anew.
    pub(crate) rewrites: BTreeSet<String>,
    /// Those that are read in full and not written anew: to check rows, or to build indexes.
    pub(crate) reads: BTreeSet<String>,
    /// Those on which indexes are built, and how many, without those that are written anew.
    pub(crate) builds: BTreeMap<String, usize>,
}

impl Effect {
    /// What was foretold.
    pub(crate) fn of(impact: &Impact) -> Self {
        let locks =
            impact.locks.iter().map(|lock| (lock.table.name.clone(), lock.mode.to_string())).collect();
        let names = |tables: &[underpin::core::statement::ObjectName]| {
            tables.iter().map(|table| table.name.clone()).collect::<BTreeSet<_>>()
        };
        let builds: BTreeMap<_, _> =
            impact.builds.iter().map(|build| (build.table.name.clone(), build.indexes)).collect();
        let mut reads = names(&impact.scans);
        reads.extend(builds.keys().cloned());
        Self { locks, rewrites: names(&impact.rewrites), reads, builds }
    }

    /// Where the two differ, in words.
    pub(crate) fn compared(&self, seen: &Self) -> Option<String> {
        (self != seen).then(|| format!("foretold {self:?}\n         seen     {seen:?}"))
    }
}
