//! Which tables belong together: partitions, children that inherit, and those that refer to one.

use std::collections::BTreeSet;

use crate::statement::{ConstraintKind, ObjectName};

use super::{Catalog, Table};

impl Catalog {
    /// Whether two names are those of one table: of the same one that is known, or, where one of them is not,
    /// alike as far as both are said.
    pub fn same_table(&self, one: &ObjectName, other: &ObjectName) -> bool {
        if let (Some(one), Some(other)) = (self.key(one), self.key(other)) {
            return one == other;
        }
        let schemas = one.schema.as_ref().zip(other.schema.as_ref());
        self.same(&one.name, &other.name) && schemas.is_none_or(|(one, other)| self.same(one, other))
    }

    /// The tables with a foreign key to `table`, without itself.
    pub fn referring(&self, table: &ObjectName) -> Vec<&Table> {
        let others = self.tables.values().filter(|other| !self.same_table(&other.name, table));
        others.filter(|other| other.references().any(|to| self.same_table(to, table))).collect()
    }

    /// The partitions of `table`. Statements that no server takes may say that one is above it as well: it is none.
    pub fn partitions(&self, table: &ObjectName) -> Vec<&Table> {
        let above: Vec<&Table> = self.with_parents(table).collect();
        let of = |other: &&Table| {
            other.partition_of.as_ref().is_some_and(|parent| self.same_table(parent, table))
                && !above.iter().any(|parent| std::ptr::eq(*parent, *other))
        };
        self.tables.values().filter(of).collect()
    }

    /// Everything below `table`: its partitions and the children that inherit from it, theirs, and so on, each
    /// after what it is below of, and once.
    pub fn below(&self, table: &ObjectName) -> Vec<&Table> {
        let mut seen: BTreeSet<String> = self.key(table).into_iter().collect();
        let mut below: Vec<&Table> = Vec::new();
        let mut parent = table;
        let mut next = 0;
        loop {
            let inherits = |child: &&Table| child.inherits.iter().any(|of| self.same_table(of, parent));
            let children = self.partitions(parent).into_iter().chain(self.tables().filter(inherits));
            for child in children {
                if self.key(&child.name).is_some_and(|key| seen.insert(key)) {
                    below.push(child);
                }
            }
            let Some(child) = below.get(next) else { return below };
            parent = &child.name;
            next += 1;
        }
    }

    /// A table, and what it is a partition of, up to the top.
    pub fn with_parents(&self, table: &ObjectName) -> impl Iterator<Item = &Table> {
        let mut seen = BTreeSet::new();
        std::iter::successors(self.table(table), |table| self.table(table.partition_of.as_ref()?))
            .take_while(move |table| seen.insert(std::ptr::from_ref(*table)))
    }

    /// Tables that say the name of one that gets another name go on to mean the same one.
    pub(super) fn rename_in_relatives(&mut self, from: &ObjectName, to: &ObjectName) {
        let spellings: Vec<ObjectName> = self
            .tables
            .values()
            .flat_map(Table::relatives)
            .filter(|name| self.same_table(name, from))
            .cloned()
            .collect();
        let names = self.tables.values_mut().flat_map(Table::relatives_mut);
        for name in names.filter(|name| spellings.contains(name)) {
            to.clone_into(name);
        }
    }
}

impl Table {
    /// The tables that it refers to, is a partition of or inherits from.
    fn relatives(&self) -> impl Iterator<Item = &ObjectName> {
        self.references().chain(&self.partition_of).chain(&self.inherits)
    }

    fn relatives_mut(&mut self) -> impl Iterator<Item = &mut ObjectName> {
        let references = self.constraints.iter_mut().filter_map(|constraint| match &mut constraint.kind {
            ConstraintKind::ForeignKey { reference, .. } => Some(&mut reference.table),
            ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::Unique { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::Exclusion
            | ConstraintKind::NotNull { .. } => None,
        });
        references.chain(&mut self.partition_of).chain(&mut self.inherits)
    }
}
