//! What of a change is done in stages of its own, and what can't be. Not how: each kind of thing has a
//! file for that.

use std::collections::BTreeSet;

use super::{
    super::{action::Action, attachment, namesake},
    constraint, index,
    item::Item,
    key, never_null,
    rest::Rest,
    subject::{Needs, Subject, has_children, table_of},
};
use crate::{
    difference::{Alteration, Change, Difference, Operation},
    schema::{Body, ConstraintKind, Index, ObjectId, ObjectKind, Schema, Table},
};

/// What was decided about a change.
#[derive(Debug)]
pub(super) struct Decision {
    /// What is done at once.
    pub(super) rest: Rest,
    /// What is done in stages.
    pub(super) items: Vec<Item>,
    /// Why something is done at once that blocks others.
    pub(super) remarks: Vec<String>,
    /// Foreign keys that need a key which is built in a stage.
    pub(super) postponed: BTreeSet<ObjectId>,
}

impl Decision {
    pub(super) fn of(difference: &Difference) -> Self {
        let mut decision = Self {
            rest: Rest::of(difference),
            items: Vec::new(),
            remarks: Vec::new(),
            postponed: BTreeSet::new(),
        };
        let tables: Vec<Subject<'_>> = difference.operations.iter().filter_map(Subject::of).collect();
        let mut direct = BTreeSet::new();
        for subject in &tables {
            decision.keys(difference, subject, &mut direct);
        }
        for subject in &tables {
            decision.constraints(difference, subject);
        }
        for subject in &tables {
            decision.columns(difference, subject, &tables, &direct);
        }
        for operation in &difference.operations {
            decision.indexes(difference, operation);
        }
        decision
    }

    /// The keys; what of them is made at once is noted.
    fn keys(&mut self, difference: &Difference, subject: &Subject<'_>, direct: &mut BTreeSet<ObjectId>) {
        for change in &subject.alteration.constraints {
            let (from, to) = match change {
                Change::Add { to } => (None, to),
                Change::Alter { from, to } => (Some(from), to),
                Change::Drop { .. } => continue,
            };
            let part = subject.id.part(ObjectKind::Constraint, to.shown_name());
            match &to.kind {
                ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } => {}
                ConstraintKind::Exclusion => {
                    self.remarks.push(format!(
                        "the index of constraint {} of {} is built while nobody can read or write: PostgreSQL has \
                         no other way for it",
                        to.shown_name(),
                        subject.id.name
                    ));
                    continue;
                }
                ConstraintKind::Check { .. }
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::NotNull { .. } => continue,
            }
            if subject.is_renamed_constraint(change)
                || from.is_some_and(|from| super::super::constraint::decide(from, to) != Action::Replace)
            {
                continue;
            }
            let needed = Needs::of(difference, &part);
            let is_free = needed.others.is_empty() && subject.is_no_identity(to.shown_name());
            let same_columns = from.is_none_or(|from| {
                !subject.renames_anything()
                    && subject.keeps_columns_of(difference, from)
                    && !subject.frees_columns_of(from)
            });
            let item = match from {
                None if subject.to.partition_by.is_some() => {
                    key::partitioned(subject.id, to, [&difference.from, &difference.to])
                }
                _ => key::item(subject.id, subject.to, from, to),
            };
            let item = item.filter(|_| is_free && same_columns);
            let Some(item) = item else {
                direct.insert(part);
                self.remarks.push(blocked(&format!("constraint {}", to.shown_name()), subject.id));
                continue;
            };
            match from {
                None => self.rest.take_constraint(subject.id, to.shown_name()),
                Some(from) => self.rest.keep_constraint(subject.id, from),
            }
            self.items.push(item);
            for foreign in needed.foreign_keys {
                if let Some(table) = table_of(&difference.to, &foreign) {
                    self.rest.take_constraint(&table, &foreign.name);
                }
                self.postponed.insert(foreign);
            }
        }
    }

    /// Checks and foreign keys.
    fn constraints(&mut self, difference: &Difference, subject: &Subject<'_>) {
        for change in &subject.alteration.constraints {
            let (Change::Add { to } | Change::Alter { to, .. }) = change else { continue };
            let part = subject.id.part(ObjectKind::Constraint, to.shown_name());
            if subject.is_renamed_constraint(change) || self.postponed.contains(&part) {
                continue;
            }
            if let (Some(item), Change::Alter { from, .. }) = (constraint::late(subject.id, change), change) {
                self.rest.keep_constraint(subject.id, from);
                self.items.push(item);
                continue;
            }
            match constraint::item(subject.id, change, &difference.to) {
                Some(Ok(item)) => {
                    self.rest.take_constraint(subject.id, to.shown_name());
                    self.items.push(item);
                }
                Some(Err(remark)) => self.remarks.push(remark),
                None => {}
            }
        }
    }

    /// Columns that may be null no longer.
    fn columns(
        &mut self,
        difference: &Difference,
        subject: &Subject<'_>,
        tables: &[Subject<'_>],
        direct: &BTreeSet<ObjectId>,
    ) {
        for column in subject.columns_that_lose_null(difference) {
            if subject.is_of_key_among(column, direct) {
                continue;
            }
            if subject.is_passed_on(difference, column) {
                self.remarks.push(is_read_through(subject, &column.name));
                continue;
            }
            if subject.is_told_by_parent(difference, column, tables) {
                self.rest.keep_nullable(subject.id, &column.name);
                continue;
            }
            let has_relatives = subject.parents().next().is_some() || has_children(difference, subject.id);
            let named = subject.not_null(&column.name);
            let is_usual = named
                .is_none_or(|one| !has_relatives && one.validated && !one.options.contains_key("no_inherit"));
            let check = never_null::check_name(subject.id, &column.name);
            let is_free =
                subject.from.constraint(&check).is_none() && subject.to.constraint(&check).is_none();
            let how = never_null::how(difference.to.version, has_relatives).filter(|_| is_usual && is_free);
            let Some(how) = how else {
                self.remarks.push(is_read_through(subject, &column.name));
                continue;
            };
            self.rest.keep_nullable(subject.id, &column.name);
            if let Some(named) = named {
                self.rest.take_constraint(subject.id, named.shown_name());
            }
            self.items.push(never_null::item(subject.id, &column.name, how, named));
        }
    }

    /// Indexes of tables and of materialised views that are otherwise the same.
    fn indexes(&mut self, difference: &Difference, operation: &Operation) {
        let Operation::Alter(alteration) = operation else { return };
        let subject = Subject::of(operation);
        if subject.is_none() && !is_same_view(alteration) {
            return;
        }
        let id = &alteration.to.id;
        for change in &alteration.indexes {
            if is_renamed_index(alteration, change) || is_kept(change) {
                continue;
            }
            let item = index_item(difference, id, subject.as_ref(), change);
            match (item, change) {
                (Some(item), Change::Add { to }) => {
                    self.rest.take_index(id, &to.name);
                    self.items.push(item);
                }
                (Some(item), Change::Drop { from } | Change::Alter { from, .. }) => {
                    self.rest.keep_index(id, from);
                    self.items.push(item);
                }
                (None, Change::Add { to } | Change::Alter { to, .. }) => {
                    self.remarks.push(blocked(&format!("index {}", to.name), id));
                }
                (None, Change::Drop { .. }) => {}
            }
        }
    }
}

/// What a column that is never null from now on costs where that is done at once.
fn is_read_through(subject: &Subject<'_>, column: &str) -> String {
    format!("column {column} of {} is read through while nobody can read or write", subject.id.name)
}

/// What is done in stages for an index; nothing where it has to be done at once.
fn index_item(
    difference: &Difference,
    id: &ObjectId,
    subject: Option<&Subject<'_>>,
    change: &Change<Index>,
) -> Option<Item> {
    let (from, to) = match change {
        Change::Add { to } => (None, Some(to)),
        Change::Drop { from } => (Some(from), None),
        Change::Alter { from, to } => (Some(from), Some(to)),
    };
    let is_alone = |one: &Index| {
        let needs = Needs::of(difference, &id.part(ObjectKind::Index, &one.name));
        index::is_usual(&one.options)
            && !is_shared(difference, id, one)
            && subject.is_none_or(|it| it.is_no_identity(&one.name))
            && needs.others.is_empty()
            && needs.foreign_keys.is_empty()
    };
    let stays = |from: &Index| {
        subject.is_none_or(|it| {
            !it.renames_anything() && it.keeps_columns_of_part(difference, ObjectKind::Index, &from.name)
        })
    };
    if !from.into_iter().chain(to).all(is_alone) || !from.is_none_or(stays) {
        return None;
    }
    let is_partitioned = subject.is_some_and(|it| it.to.partition_by.is_some());
    match change {
        Change::Add { to } if is_partitioned => index::partitioned(id, to, &difference.to),
        Change::Add { to } => Some(index::made(id, to)),
        Change::Drop { .. } | Change::Alter { .. } if is_partitioned => None,
        Change::Drop { from } => {
            namesake::is_free(&difference.to, id, &from.name).then(|| index::gone(id, from))
        }
        Change::Alter { from, to } => Some(index::replaced(id, from, to)),
    }
}

fn blocked(what: &str, table: &ObjectId) -> String {
    format!("{what} of {} is built while nobody can write", table.name)
}

/// Whether a materialised view differs in nothing but its indexes.
fn is_same_view(alteration: &Alteration) -> bool {
    let (Body::View(from), Body::View(to)) = (&alteration.from.body, &alteration.to.body) else {
        return false;
    };
    let plain = |view: &crate::schema::View| crate::schema::View { indexes: Vec::new(), ..view.clone() };
    !alteration.is_rename() && plain(from) == plain(to)
}

/// Whether an index comes that differs from one which goes in nothing but its name, or the other way
/// round: it is renamed.
fn is_renamed_index(alteration: &Alteration, change: &Change<Index>) -> bool {
    let pairs = |from: &Index, to: &Index| namesake::are_alike(from, to);
    alteration.indexes.iter().any(|other| match (change, other) {
        (Change::Add { to }, Change::Drop { from }) | (Change::Drop { from }, Change::Add { to }) => {
            pairs(from, to)
        }
        _ => false,
    })
}

/// Whether an index is changed in place.
fn is_kept(change: &Change<Index>) -> bool {
    match change {
        Change::Alter { from, to } => super::super::index::decide(from, to) != Action::Replace,
        Change::Add { .. } | Change::Drop { .. } => false,
    }
}

/// Whether an index is, or would by itself become, a part of one of the table's parent, or one of its own
/// partitions' indexes and keys a part of it: these come and go together.
fn is_shared(difference: &Difference, id: &ObjectId, index: &Index) -> bool {
    let is_alike = |other: &Index| attachment::is_alike(index, other);
    let of_schema = |schema: &Schema| {
        let place = schema.table(id).and_then(|table| table.partition_of.as_ref());
        let parent = place.and_then(|place| schema.table(&place.parent));
        let is_part = |table: &Table| table.partition_of.as_ref().is_some_and(|place| place.parent == *id);
        parent.is_some_and(|parent| parent.indexes.iter().any(is_alike))
            || schema.tables().filter(|(_, table)| is_part(table)).any(|(_, part)| {
                part.indexes.iter().any(is_alike)
                    || part.constraints.iter().any(|one| one.options.get("index_of") == Some(&index.name))
            })
    };
    of_schema(&difference.from) || of_schema(&difference.to)
}
