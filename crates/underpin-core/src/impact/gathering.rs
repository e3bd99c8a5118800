//! An impact while it is put together: what was not there before the statements counts for nothing,
//! and of several locks on a table the strongest counts.

use crate::{
    catalog::{Birth, Catalog, Table},
    statement::ObjectName,
};

use super::{Impact, IndexBuild, LockMode, TableLock, Way};

/// An impact while it is put together.
pub(super) struct Gathering<'a> {
    pub(super) catalog: &'a Catalog,
    impact: Impact,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, impact: Impact::default() }
    }

    pub(super) fn finish(mut self) -> Impact {
        self.impact.locks.sort_by(|one, other| one.table.cmp(&other.table));
        for tables in [&mut self.impact.rewrites, &mut self.impact.scans] {
            tables.sort();
        }
        self.impact.builds.sort_by(|one, other| one.table.cmp(&other.table));
        // Who writes all rows has read them.
        let rewrites = &self.impact.rewrites;
        self.impact.scans.retain(|table| !rewrites.contains(table));
        self.impact
    }

    pub(super) fn table(&self, name: &ObjectName) -> Option<&'a Table> {
        self.catalog.table(name)
    }

    /// Whether something was there before the statements, so that somebody may wait for it.
    pub(super) fn was_there(&self, name: &ObjectName) -> bool {
        match self.catalog.table(name) {
            Some(table) => table.birth == Birth::Before && !table.temporary,
            None => !self.catalog.is_complete() || self.catalog.view(name).is_some(),
        }
    }

    /// The name as the catalog has it.
    fn known_name(&self, name: &ObjectName) -> ObjectName {
        self.catalog.table(name).map_or_else(|| name.clone(), |table| table.name.clone())
    }

    pub(super) fn lock(&mut self, name: &ObjectName, mode: LockMode) {
        if self.was_there(name) {
            self.lock_object(self.known_name(name), mode);
        }
    }

    /// A lock on something that is no table.
    pub(super) fn lock_object(&mut self, table: ObjectName, mode: LockMode) {
        match self.impact.locks.iter_mut().find(|lock| lock.table == table) {
            Some(lock) => lock.mode = lock.mode.max(mode),
            None => self.impact.locks.push(TableLock { table, mode }),
        }
    }

    pub(super) fn rewrite(&mut self, name: &ObjectName) {
        let name = self.known_name(name);
        if self.was_there(&name) && !self.impact.rewrites.contains(&name) {
            self.impact.rewrites.push(name);
        }
    }

    pub(super) fn scan(&mut self, name: &ObjectName) {
        let name = self.known_name(name);
        if self.was_there(&name) && !self.impact.scans.contains(&name) {
            self.impact.scans.push(name);
        }
    }

    pub(super) fn build(&mut self, name: &ObjectName, indexes: usize) {
        let table = self.known_name(name);
        if indexes == 0 || !self.was_there(&table) {
            return;
        }
        match self.impact.builds.iter_mut().find(|build| build.table == table) {
            Some(build) => build.indexes += indexes,
            None => self.impact.builds.push(IndexBuild { table, indexes }),
        }
    }

    pub(super) fn way(&mut self, way: Way) {
        self.impact.way = Some(way);
    }

    pub(super) fn unknown(&mut self) {
        self.impact.known = false;
    }
}
