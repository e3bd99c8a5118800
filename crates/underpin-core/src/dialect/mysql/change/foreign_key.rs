//! Which foreign keys go before tables change and come back afterwards: besides those that differ,
//! all that would hold on to a column or an index that changes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Phases, alterations, column, constraint, index, name, quoted, text};
use crate::{
    dialect::Flavour,
    difference::{Alteration, Change, Difference, Operation},
    schema::{
        Body, Column, Constraint, ConstraintKind, ForeignKey, Index, Object, ObjectId, ObjectKind,
        ServerVersion, Table,
    },
};

/// The foreign keys that go, and those that come, by table.
#[derive(Debug)]
pub(super) struct ForeignKeys<'a> {
    difference: &'a Difference,
    flavour: Flavour,
    drops: BTreeMap<&'a ObjectId, Vec<&'a Constraint>>,
    adds: BTreeMap<&'a ObjectId, Vec<&'a Constraint>>,
}

impl<'a> ForeignKeys<'a> {
    /// What becomes of the foreign keys of tables that stay.
    pub(super) fn of(difference: &'a Difference) -> Self {
        let flavour = difference.to.flavour;
        let mut keys = Self { difference, flavour, drops: BTreeMap::new(), adds: BTreeMap::new() };
        for alteration in alterations(difference) {
            for change in &alteration.constraints {
                keys.note(alteration, change);
            }
        }
        keys.note_held(difference);
        keys
    }

    fn note(&mut self, alteration: &'a Alteration, change: &'a Change<Constraint>) {
        let (from, to) = match change {
            Change::Add { to } => (None, Some(to)),
            Change::Drop { from } => (Some(from), None),
            Change::Alter { from, to } => (Some(from), Some(to)),
        };
        if let Some(from) = from.filter(|from| constraint::is_foreign_key(from)) {
            self.drops.entry(&alteration.from.id).or_default().push(from);
        }
        if let Some(to) = to.filter(|to| constraint::is_foreign_key(to)) {
            self.adds.entry(&alteration.to.id).or_default().push(to);
        }
    }

    /// Those that don't differ, and hold on to something that does.
    fn note_held(&mut self, difference: &'a Difference) {
        let touched = Touched::of(difference);
        let moved: BTreeMap<&ObjectId, &Alteration> =
            alterations(difference).map(|alteration| (&alteration.from.id, alteration)).collect();
        for (id, table) in difference.from.tables() {
            let new_id = moved.get(id).map_or(id, |alteration| &alteration.to.id);
            let Some((new_id, new)) = difference.to.objects.get_key_value(new_id) else { continue };
            let Body::Table(new) = &new.body else { continue };
            for old in &table.constraints {
                let ConstraintKind::ForeignKey(key) = &old.kind else { continue };
                let is_known = self.drops.get(id).is_some_and(|drops| drops.contains(&old));
                let wanted = old.name.as_deref().and_then(|name| new.constraint(name));
                if let Some(wanted) = wanted.filter(|_| !is_known && touched.holds(id, key)) {
                    self.drops.entry(id).or_default().push(old);
                    self.adds.entry(new_id).or_default().push(wanted);
                }
            }
        }
    }

    /// Those that come to tables that were there, by their tables' names to be.
    pub(super) fn coming(&self) -> impl Iterator<Item = (&'a ObjectId, &'a Constraint)> + '_ {
        self.adds.iter().flat_map(|(id, adds)| adds.iter().map(|one| (*id, *one)))
    }

    /// Writes what goes.
    pub(super) fn drop_into(&self, phases: &mut Phases) {
        let mut clauses: BTreeMap<&ObjectId, Vec<String>> = BTreeMap::new();
        for (id, constraints) in &self.drops {
            clauses
                .entry(id)
                .or_default()
                .extend(constraints.iter().map(|one| constraint::drop(self.flavour, one)));
        }
        for (id, index) in self.claimed_indexes() {
            let definition = index::definition(self.flavour, index);
            let clause = format!("DROP INDEX {},\n  ADD {definition}", quoted(&index.name));
            clauses.entry(id).or_default().push(clause);
        }
        for (id, clauses) in clauses {
            phases.drop_foreign_keys.push(format!("ALTER TABLE {}\n  {}", name(id), clauses.join(",\n  ")));
        }
    }

    /// Indexes that stay and that a foreign key which comes would take away, by their tables' names of
    /// now.
    ///
    /// The server makes an index for a foreign key that has none, remembers that nobody asked for it,
    /// and puts the next foreign key's own one in its place ("FOREIGN KEY Constraints" in MySQL's
    /// manual). No catalog tells which these are; an index that was made by name stays. One that goes and
    /// comes in one statement is built only if the server had made it by itself: for the others both
    /// servers see that nothing changes, and take it with `ALGORITHM=INSTANT`.
    fn claimed_indexes(&self) -> Vec<(&'a ObjectId, &'a Index)> {
        let mut claimed = Vec::new();
        for (id, constraints) in &self.adds {
            let alteration = alterations(self.difference).find(|alteration| alteration.to.id == **id);
            let old_id = alteration.map_or(*id, |alteration| &alteration.from.id);
            let tables =
                (self.difference.from.objects.get_key_value(old_id), self.difference.to.objects.get(*id));
            let (
                Some((old_id, Object { body: Body::Table(from), .. })),
                Some(Object { body: Body::Table(to), .. }),
            ) = tables
            else {
                continue;
            };
            let version = self.difference.to.version;
            let renames =
                alteration.map(|one| index::renames(self.flavour, version, one)).unwrap_or_default();
            for index in &to.indexes {
                let old_name =
                    renames.iter().find(|(_, new)| new.name == index.name).map(|(old, _)| &old.name);
                let is_changed =
                    old_name.is_none() && alteration.is_some_and(|one| index::changes(one, &index.name));
                let old = from.index(old_name.unwrap_or(&index.name)).filter(|_| !is_changed);
                let takes = |one: &&Constraint| match &one.kind {
                    ConstraintKind::ForeignKey(key) => {
                        one.name.as_ref() != Some(&index.name) && index::is_plain_over(index, &key.columns)
                    }
                    _ => false,
                };
                claimed.extend(old.filter(|_| constraints.iter().any(takes)).map(|old| (old_id, old)));
            }
        }
        claimed
    }

    /// Writes what comes to tables that were there.
    pub(super) fn add_into(&self, phases: &mut Phases) {
        for (id, constraints) in &self.adds {
            let is_open = |one: &&Constraint| match &one.kind {
                // Rows can be checked against a table of another database, which no schema here has.
                ConstraintKind::ForeignKey(key) => {
                    key.table.schema == id.schema && is_absent(self.difference, &key.table)
                }
                _ => false,
            };
            let statement = add(self.flavour, id, constraints);
            phases.add_foreign_keys.extend(unchecked(constraints.iter().any(is_open), statement));
        }
    }
}

/// The statement that gives a table foreign keys.
pub(super) fn add(flavour: Flavour, id: &ObjectId, constraints: &[&Constraint]) -> String {
    let clauses: Vec<String> =
        constraints.iter().map(|one| format!("ADD {}", constraint::definition(flavour, one))).collect();
    format!("ALTER TABLE {}\n  {}", name(id), clauses.join(",\n  "))
}

/// Whether the wanted schema lacks a table that a foreign key of it refers to.
pub(super) fn is_absent(difference: &Difference, table: &ObjectId) -> bool {
    !difference.to.objects.contains_key(table)
}

/// A statement with a foreign key to a table that is not there, which a session may make that does
/// not check them (`foreign_key_checks` in either manual).
pub(super) fn unchecked(is_open: bool, statement: String) -> Vec<String> {
    match is_open {
        false => vec![statement],
        true => vec![
            "SET SESSION foreign_key_checks = 0".to_owned(),
            statement,
            "SET SESSION foreign_key_checks = DEFAULT".to_owned(),
        ],
    }
}

/// What of each table changes that a foreign key may hold on to, by the names of now.
#[derive(Default)]
struct Touched<'a> {
    columns: BTreeMap<&'a ObjectId, BTreeSet<&'a str>>,
    indexes: BTreeMap<&'a ObjectId, Vec<Vec<&'a str>>>,
    tables: BTreeSet<&'a ObjectId>,
}

impl<'a> Touched<'a> {
    fn of(difference: &'a Difference) -> Self {
        let mut touched = Self::default();
        for operation in &difference.operations {
            match operation {
                Operation::Alter(alteration) => {
                    touched.note(difference.to.flavour, difference.to.version, alteration);
                }
                Operation::Drop(object) if object.id.kind == ObjectKind::Table => {
                    touched.tables.insert(&object.id);
                }
                Operation::Drop(_) | Operation::Create(_) => {}
            }
        }
        touched
    }

    fn note(&mut self, flavour: Flavour, version: ServerVersion, alteration: &'a Alteration) {
        let (Body::Table(from), Body::Table(to)) = (&alteration.from.body, &alteration.to.body) else {
            return;
        };
        let id = &alteration.from.id;
        if from.options.get("engine") != to.options.get("engine") {
            self.tables.insert(id);
        }
        let pairs = column::pairs(alteration, from, to);
        let may_copy = may_copy(alteration, &pairs, from, to);
        let columns = pairs
            .iter()
            .filter(|pair| {
                pair.is_stored_otherwise(from, to)
                    || is_less_null(pair)
                    || (may_copy && pair.is_renamed())
                    // MySQL refuses it to whatever a foreign key holds on to (error 1833).
                    || (flavour == Flavour::Mysql && pair.numbers_otherwise())
            })
            .filter_map(|pair| Some(pair.from?.name.as_str()));
        self.columns.entry(id).or_default().extend(columns);
        let renames = index::renames(flavour, version, alteration);
        let indexes = self.indexes.entry(id).or_default();
        for change in &alteration.indexes {
            match change {
                Change::Drop { from } if renames.iter().any(|(old, _)| *old == from) => {}
                Change::Alter { from, to } if index::differ_in_visibility_only(from, to) => {}
                Change::Alter { from, .. } | Change::Drop { from } => {
                    indexes.push(index::columns(&from.parts))
                }
                Change::Add { .. } => {}
            }
        }
        for change in &alteration.constraints {
            if let Change::Alter { from, .. } | Change::Drop { from } = change
                && let ConstraintKind::PrimaryKey { parts } = &from.kind
            {
                indexes.push(index::columns(parts));
            }
        }
    }

    fn holds(&self, id: &ObjectId, key: &ForeignKey) -> bool {
        self.touches(id, &key.columns) || self.touches(&key.table, &key.referenced)
    }

    fn touches(&self, id: &ObjectId, columns: &[String]) -> bool {
        let is_changed =
            |touched: &BTreeSet<&str>| columns.iter().any(|column| touched.contains(column.as_str()));
        let serves = |index: &Vec<&str>| columns.iter().all(|column| index.contains(&column.as_str()));
        self.tables.contains(id)
            || self.columns.get(id).is_some_and(is_changed)
            || self.indexes.get(id).is_some_and(|indexes| indexes.iter().any(serves))
    }
}

/// Whether there is more to do than to rename columns and to make indexes, so that the server may have to copy the
/// table: in one statement with a new name of a column that a foreign key holds on to, neither server does (error
/// 1846).
fn may_copy(alteration: &Alteration, pairs: &[column::Pair<'_>], from: &Table, to: &Table) -> bool {
    let is_only_renamed = |pair: &column::Pair<'_>| {
        pair.from.is_some_and(|from| *from == Column { name: from.name.clone(), ..pair.to.clone() })
    };
    let names_renamed = |expression: &str| {
        let renamed = pairs.iter().filter(|pair| pair.is_renamed());
        renamed.into_iter().any(|pair| text::mentions(expression, &pair.to.name))
    };
    let is_check_of_renamed = |one: &Constraint| match &one.kind {
        ConstraintKind::Check { expression } => names_renamed(expression),
        _ => false,
    };
    let changed = |change: &Change<Constraint>| match change {
        Change::Add { to: one } | Change::Drop { from: one } | Change::Alter { to: one, .. } => {
            !constraint::is_foreign_key(one)
        }
    };
    !pairs.iter().all(is_only_renamed)
        || from.columns.len() != to.columns.len()
        || from.options != to.options
        || (&from.partition_by, &from.partitions) != (&to.partition_by, &to.partitions)
        || alteration.constraints.iter().any(changed)
        || to.constraints.iter().any(is_check_of_renamed)
        || to.columns.iter().any(|column| {
            column.generated.as_ref().is_some_and(|generated| names_renamed(&generated.expression))
        })
}

/// Whether it may be null no longer, which a foreign key with `SET NULL` would refuse.
fn is_less_null(pair: &column::Pair<'_>) -> bool {
    pair.from.is_some_and(|from| from.nullable != pair.to.nullable)
}
