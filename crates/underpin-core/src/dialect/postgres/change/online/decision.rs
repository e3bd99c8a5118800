//! What of a change is done in stages of its own, and what can't be. Not how: each kind of thing has a
//! file for that.

use std::collections::BTreeSet;

use super::{
    super::{action::Action, attachment, column, namesake, table},
    constraint, index,
    item::Item,
    key, never_null,
    rest::Rest,
};
use crate::{
    difference::{Alteration, Change, Difference, Operation},
    schema::{
        Body, Column, Constraint, ConstraintKind, Index, ObjectId, ObjectKind, Schema, Table, TableKind,
    },
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
            let item = key::item(subject.id, subject.to, from, to).filter(|_| is_free && same_columns);
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
            let is_of_key = subject.to.constraints.iter().any(|one| {
                direct.contains(&subject.id.part(ObjectKind::Constraint, one.shown_name()))
                    && is_primary_key_over(one, &column.name)
            });
            if is_of_key {
                continue;
            }
            let parents =
                subject.to.partition_of.iter().map(|place| &place.parent).chain(&subject.to.inherits);
            let is_of_parent = column::is_inherited(column)
                && parents.clone().any(|parent| {
                    let parent = tables.iter().find(|other| other.id == parent);
                    parent.is_some_and(|parent| {
                        let mut columns = parent.columns_that_lose_null(difference);
                        columns.any(|other| other.name == column.name)
                    })
                });
            if is_of_parent {
                self.rest.keep_nullable(subject.id, &column.name);
                continue;
            }
            let has_relatives = parents.clone().next().is_some() || has_children(difference, subject.id);
            let named = subject.to.constraints.iter().find(|one| match &one.kind {
                ConstraintKind::NotNull { column: other } => *other == column.name,
                ConstraintKind::PrimaryKey { .. }
                | ConstraintKind::Unique { .. }
                | ConstraintKind::Check { .. }
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Exclusion => false,
            });
            let is_usual = named
                .is_none_or(|one| !has_relatives && one.validated && !one.options.contains_key("no_inherit"));
            let check = never_null::check_name(subject.id, &column.name);
            let is_free =
                subject.from.constraint(&check).is_none() && subject.to.constraint(&check).is_none();
            let how = never_null::how(difference.to.version, has_relatives).filter(|_| is_usual && is_free);
            let Some(how) = how else {
                self.remarks.push(format!(
                    "column {} of {} is read through while nobody can read or write",
                    column.name, subject.id.name
                ));
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
        let id = &alteration.to.id;
        let subject = Subject::of(operation);
        if subject.is_none() && !is_same_view(alteration) {
            return;
        }
        for change in &alteration.indexes {
            let (from, to) = match change {
                Change::Add { to } => (None, Some(to)),
                Change::Drop { from } => (Some(from), None),
                Change::Alter { from, to } => (Some(from), Some(to)),
            };
            if is_renamed_index(alteration, change) || is_kept(change) {
                continue;
            }
            let mut all = from.into_iter().chain(to);
            let is_usual = all.clone().all(|one| index::is_usual(&one.options))
                && all.clone().all(|one| !is_shared(difference, id, one))
                && all.clone().all(|one| subject.as_ref().is_none_or(|it| it.is_no_identity(&one.name)))
                && all.all(|one| {
                    let needs = Needs::of(difference, &id.part(ObjectKind::Index, &one.name));
                    needs.others.is_empty() && needs.foreign_keys.is_empty()
                });
            let stays = from.is_none_or(|from| {
                subject.as_ref().is_none_or(|it| {
                    !it.renames_anything()
                        && it.keeps_columns_of_part(difference, ObjectKind::Index, &from.name)
                })
            });
            let is_partitioned = subject.as_ref().is_some_and(|it| it.to.partition_by.is_some());
            let item = match (from, to) {
                (None, Some(to)) if is_partitioned => index::partitioned(id, to, &difference.to),
                (None, Some(to)) => Some(index::made(id, to)),
                _ if is_partitioned => None,
                (Some(from), None) if is_taken(&difference.to, id, &from.name) => None,
                (Some(from), None) => Some(index::gone(id, from)),
                (Some(from), Some(to)) => Some(index::replaced(id, from, to)),
                (None, None) => None,
            };
            match (item.filter(|_| is_usual && stays), from, to) {
                (Some(item), None, Some(to)) => {
                    self.rest.take_index(id, &to.name);
                    self.items.push(item);
                }
                (Some(item), Some(from), _) => {
                    self.rest.keep_index(id, from);
                    self.items.push(item);
                }
                (None, _, Some(to)) => self.remarks.push(blocked(&format!("index {}", to.name), id)),
                (Some(_) | None, None, None) | (None, Some(_), None) => {}
            }
        }
    }
}

fn blocked(what: &str, table: &ObjectId) -> String {
    format!("{what} of {} is built while nobody can write", table.name)
}

/// A table that is there before and afterwards, and that is not made anew.
struct Subject<'a> {
    id: &'a ObjectId,
    alteration: &'a Alteration,
    from: &'a Table,
    to: &'a Table,
}

impl<'a> Subject<'a> {
    fn of(operation: &'a Operation) -> Option<Self> {
        let Operation::Alter(alteration) = operation else { return None };
        let (Body::Table(from), Body::Table(to)) = (&alteration.from.body, &alteration.to.body) else {
            return None;
        };
        let (old, new) = (&alteration.from, &alteration.to);
        let stays = from.kind == TableKind::Ordinary
            && table::decide(old, new, from, to) != Action::Rebuild
            && from.partition_of == to.partition_of
            && from.inherits == to.inherits;
        stays.then_some(Self { id: &new.id, alteration, from, to })
    }

    /// Whether the table or a column of it gets another name, so that what was written of it before reads
    /// otherwise now.
    fn renames_anything(&self) -> bool {
        self.alteration.is_rename()
            || self.alteration.columns.iter().any(|change| match change {
                Change::Alter { from, to } => from.name != to.name,
                Change::Add { .. } | Change::Drop { .. } => false,
            })
    }

    /// Whether an index of this name is not the one that the table is replicated by.
    fn is_no_identity(&self, name: &str) -> bool {
        [self.from, self.to].into_iter().all(|table| table::identity_index(table) != Some(name))
    }

    /// Whether it is a constraint that differs from one which goes in nothing but its name.
    fn is_renamed_constraint(&self, change: &Change<Constraint>) -> bool {
        let Change::Add { to } = change else { return false };
        self.alteration.constraints.iter().any(|other| match other {
            Change::Drop { from } => Constraint { name: to.name.clone(), ..from.clone() } == *to,
            Change::Add { .. } | Change::Alter { .. } => false,
        })
    }

    /// Whether a column of a primary key may be null afterwards, which that key doesn't let it.
    fn frees_columns_of(&self, key: &Constraint) -> bool {
        let is_free = |column: &&Column| column.nullable && is_primary_key_over(key, &column.name);
        self.to.columns.iter().any(|column| is_free(&column))
    }

    fn keeps_columns_of(&self, difference: &Difference, constraint: &Constraint) -> bool {
        self.keeps_columns_of_part(difference, ObjectKind::Constraint, constraint.shown_name())
    }

    /// Whether everything that a part stands on is there afterwards, and as it was.
    fn keeps_columns_of_part(&self, difference: &Difference, kind: ObjectKind, name: &str) -> bool {
        let part = self.alteration.from.id.part(kind, name);
        let stays = |on: &ObjectId| match on.kind {
            ObjectKind::Column if on.table.as_ref() == Some(&self.alteration.from.id.name) => {
                let columns = (self.from.column(&on.name), self.to.column(&on.name));
                matches!(columns, (Some(from), Some(to)) if from.generated == to.generated
                    && !column::changes_type(from, to))
            }
            ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Index => true,
            _ => {
                let (from, to) = (difference.from.objects.get(on), difference.to.objects.get(on));
                *on == self.alteration.from.id || from == to
            }
        };
        difference.from.dependencies.iter().filter(|one| one.dependent == part).all(|one| stays(&one.on))
    }

    /// The columns that were there and may be null no longer.
    fn columns_that_lose_null(&self, difference: &Difference) -> impl Iterator<Item = &'a Column> + use<'a> {
        let version = difference.to.version;
        self.alteration.columns.iter().filter_map(move |change| {
            let Change::Alter { from, to } = change else { return None };
            let stays = column::decide(&Column { name: to.name.clone(), ..from.clone() }, to, version)
                == Action::Alter
                && to.generated.is_none()
                && (to.identity.is_none() || from.identity.is_some());
            (from.nullable && !to.nullable && stays).then_some(to)
        })
    }
}

/// Who can't be there without a part of a table, before or afterwards.
#[derive(Default)]
struct Needs {
    /// Foreign keys that come.
    foreign_keys: BTreeSet<ObjectId>,
    /// Everything else.
    others: BTreeSet<ObjectId>,
}

impl Needs {
    fn of(difference: &Difference, part: &ObjectId) -> Self {
        let mut needs = Self::default();
        for schema in [&difference.from, &difference.to] {
            for dependent in schema.dependents(part) {
                let comes =
                    is_foreign_key(&difference.to, dependent) && !is_foreign_key(&difference.from, dependent);
                match comes {
                    true => needs.foreign_keys.insert(dependent.clone()),
                    false => needs.others.insert(dependent.clone()),
                };
            }
        }
        needs
    }
}

fn table_of(schema: &Schema, part: &ObjectId) -> Option<ObjectId> {
    let id = ObjectId::new(ObjectKind::Table, part.schema.as_deref(), part.table.as_deref()?);
    schema.table(&id).is_some().then_some(id)
}

fn is_foreign_key(schema: &Schema, part: &ObjectId) -> bool {
    part.kind == ObjectKind::Constraint
        && table_of(schema, part)
            .and_then(|id| schema.table(&id)?.constraint(&part.name))
            .is_some_and(|one| matches!(one.kind, ConstraintKind::ForeignKey(_)))
}

fn is_primary_key_over(constraint: &Constraint, column: &str) -> bool {
    let ConstraintKind::PrimaryKey { parts } = &constraint.kind else { return false };
    parts.iter().any(|part| matches!(&part.key, crate::schema::Key::Column(name) if name == column))
}

fn has_children(difference: &Difference, id: &ObjectId) -> bool {
    let is_child = |table: &Table| {
        table.inherits.contains(id) || table.partition_of.as_ref().is_some_and(|place| place.parent == *id)
    };
    [&difference.from, &difference.to]
        .into_iter()
        .any(|schema| schema.tables().any(|(_, table)| is_child(table)))
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

/// Whether something has this name afterwards, in the namespace of a table.
fn is_taken(schema: &Schema, table: &ObjectId, name: &str) -> bool {
    !namesake::is_free(schema, table, name)
}
