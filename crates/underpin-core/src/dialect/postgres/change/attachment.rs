//! Indexes of partitions that are parts of an index of the parent, where that does not come by itself:
//! those of constraints that the partition alone has, and those of an index that some partitions have
//! no part of. Not their names, which `table` gives them.

use super::{
    action::Action,
    constraint,
    plan::Plan,
    side::{Part, Unit},
    table,
    text::{literal, qualified, quote},
};
use crate::{
    difference::Statement,
    name::quote_in,
    schema::{Constraint, ConstraintKind, Index, Key, ObjectId, ObjectKind, Schema, Table},
};

/// Adds the constraint of a partition whose index is a part of an index that the parent has already:
/// the part that is there becomes the constraint's (`USING INDEX` in the manual's "ALTER TABLE").
/// Which name it has is known to the server only. Nothing where the usual statement does.
pub(super) fn constraint(
    plan: &Plan<'_>,
    unit: &Unit<'_>,
    constraint: &Constraint,
) -> Option<Vec<Statement>> {
    let id = &unit.object.id;
    let parent = &unit.table()?.partition_of.as_ref()?.parent;
    let index = constraint.options.get("index_of")?;
    if plan.action(&parent.part(ObjectKind::Index, index)).makes() {
        return None;
    }
    let kind = match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } => "PRIMARY KEY",
        ConstraintKind::Unique { .. } => "UNIQUE",
        ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => return None,
    };
    let name = constraint.name.as_deref()?;
    let deferral = constraint::deferral(constraint.deferral);
    let table = qualified(id);
    let add = format!("ALTER TABLE {table} ADD {}", constraint::definition(id, constraint));
    let mut statements = vec![Statement::new(format!(
        "DO $underpin$\nDECLARE\n  part text;\nBEGIN\n  \
         SELECT c.relname INTO part FROM pg_catalog.pg_inherits h\n    \
         JOIN pg_catalog.pg_index i ON i.indexrelid = h.inhrelid\n    \
         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid\n    \
         WHERE h.inhparent = {}::pg_catalog.regclass AND i.indrelid = {}::pg_catalog.regclass;\n  \
         IF part IS NULL THEN\n    EXECUTE {};\n  ELSE\n    \
         EXECUTE {} || pg_catalog.quote_ident(part) || {};\n  END IF;\nEND $underpin$",
        literal(&quote_in(crate::dialect::Dialect::Postgres, parent.schema.as_deref(), index)),
        literal(&table),
        literal(&add),
        literal(&format!("ALTER TABLE {table} ADD CONSTRAINT {} {kind} USING INDEX ", quote(name))),
        literal(deferral),
    ))];
    statements.extend(constraint::extras(id, None, constraint));
    Some(statements)
}

/// Gives the partitions that are to have a part of an index theirs, where others are to have none.
pub(super) fn partial_index(plan: &Plan<'_>, owner: &ObjectId, index: &Index) -> Vec<Statement> {
    let Some(create) = index.create.as_deref().filter(|_| index.options.contains_key("partial")) else {
        return Vec::new();
    };
    let Some((_, what)) = create.split_once(" USING ") else { return Vec::new() };
    let unique = if index.unique { "UNIQUE " } else { "" };
    let whole = quote_in(crate::dialect::Dialect::Postgres, owner.schema.as_deref(), &index.name);
    let mut statements = Vec::new();
    for (child, table) in plan.to.children(owner) {
        for (_, name) in table::index_names(table).filter(|(parent, _)| *parent == index.name) {
            let part = quote_in(crate::dialect::Dialect::Postgres, child.schema.as_deref(), name);
            let only = if table.partition_by.is_some() { "ONLY " } else { "" };
            statements.push(Statement::new(format!(
                "CREATE {unique}INDEX {} ON {only}{} USING {what}",
                quote(name),
                qualified(child)
            )));
            statements.push(Statement::new(format!("ALTER INDEX {whole} ATTACH PARTITION {part}")));
        }
    }
    statements
}

/// The same for the index of a constraint; nothing where all partitions are to have a part of it.
pub(super) fn partial_constraint(
    plan: &Plan<'_>,
    owner: &ObjectId,
    constraint: &Constraint,
) -> Option<Vec<Statement>> {
    let whole = constraint.name.as_deref().filter(|_| constraint.options.contains_key("partial"))?;
    let add = |table: &ObjectId, name: &str| {
        let named = Constraint { name: Some(name.to_owned()), ..constraint.clone() };
        let definition = constraint::definition(table, &named);
        Statement::new(format!("ALTER TABLE ONLY {} ADD {definition}", qualified(table)))
    };
    let mut statements = vec![add(owner, whole)];
    let whole_index = quote_in(crate::dialect::Dialect::Postgres, owner.schema.as_deref(), whole);
    for (child, table) in plan.to.children(owner) {
        for (_, name) in table::index_names(table).filter(|(parent, _)| *parent == whole) {
            let part = quote_in(crate::dialect::Dialect::Postgres, child.schema.as_deref(), name);
            statements.push(add(child, name));
            statements.push(Statement::new(format!("ALTER INDEX {whole_index} ATTACH PARTITION {part}")));
        }
    }
    statements.extend(constraint::extras(owner, None, constraint));
    Some(statements)
}

/// Whether an index of a table that is attached is to stay its own though the parent has one like it:
/// the server would take it for its part of that one, so it comes when the table is attached
/// ("ATTACH PARTITION" in the manual's "ALTER TABLE").
pub(super) fn stays_apart(plan: &Plan<'_>, unit: &Unit<'_>) -> bool {
    let id = &unit.object.id;
    let parent = |table: Option<&Table>| Some(table?.partition_of.as_ref()?.parent.clone());
    let Some(after) = parent(plan.to.schema.table(id)) else { return false };
    let Some(before) = plan.from.schema.table(id) else { return false };
    if plan.action(id).drops() || parent(Some(before)).as_ref() == Some(&after) {
        return false;
    }
    let Some(parent) = plan.to.schema.table(&after) else { return false };
    match unit.part {
        Part::Index(index) => parent.indexes.iter().any(|other| is_alike(index, other)),
        Part::Constraint(constraint) => {
            let (ConstraintKind::PrimaryKey { parts } | ConstraintKind::Unique { parts, .. }) =
                &constraint.kind
            else {
                return false;
            };
            let is_over = |index: &Index| index.unique && index.predicate.is_none() && index.parts == *parts;
            !constraint.options.contains_key("index_of")
                && parts.iter().all(|part| matches!(part.key, Key::Column(_)))
                && parent.indexes.iter().any(is_over)
        }
        Part::Whole | Part::Column(_) | Part::Default(_) => false,
    }
}

impl Plan<'_> {
    /// What is to stay a table's own when that is attached goes before.
    pub(super) fn set_apart(&mut self) {
        let is_apart = |id: &ObjectId, unit: &Unit<'_>| {
            self.from.units.contains_key(id) && !self.action(id).drops() && stays_apart(self, unit)
        };
        let apart: Vec<ObjectId> =
            self.to.units.iter().filter(|(id, unit)| is_apart(id, unit)).map(|(id, _)| id.clone()).collect();
        self.actions.extend(apart.into_iter().map(|id| (id, Action::Replace)));
    }

    /// The index of the parent that the index of a partition's constraint is a part of before: neither
    /// can go without the other, unless the partition does.
    pub(super) fn index_above(&self, constraint: &ObjectId) -> Option<ObjectId> {
        let unit = self.from.units.get(constraint)?;
        let Part::Constraint(body) = unit.part else { return None };
        let parent = &unit.table()?.partition_of.as_ref()?.parent;
        let index = parent.part(ObjectKind::Index, body.options.get("index_of")?);
        (!self.leaves_with_its_table(constraint)).then_some(index)
    }

    /// The constraints of partitions whose indexes are parts of an index before.
    pub(super) fn constraints_below(&self, index: &ObjectId) -> Vec<ObjectId> {
        if index.kind != ObjectKind::Index {
            return Vec::new();
        }
        let below = self.from.needs(index).filter(|need| need.kind == ObjectKind::Constraint);
        below.filter(|need| self.index_above(need).as_ref() == Some(index)).cloned().collect()
    }

    /// Whether the table of a constraint goes, or leaves its parent.
    pub(super) fn leaves_with_its_table(&self, constraint: &ObjectId) -> bool {
        let Some(table) = self.from.units.get(constraint).map(|unit| &unit.object.id) else { return false };
        let parent = |schema: &Schema| Some(schema.table(table)?.partition_of.as_ref()?.parent.clone());
        self.action(table).drops() || parent(self.from.schema) != parent(self.to.schema)
    }
}

/// Whether a table is a partition of one that stays and that foreign keys refer to.
pub(super) fn is_referred_to(plan: &Plan<'_>, table: &Table) -> bool {
    let mut place = table.partition_of.as_ref();
    if place.is_none_or(|place| plan.action(&place.parent).drops()) {
        return false;
    }
    while let Some(outer) = place {
        let is_key = |id: &ObjectId| {
            let unit = plan.from.units.get(id);
            unit.and_then(Unit::foreign_table) == Some(&outer.parent)
        };
        if plan.from.needed_by(&outer.parent).any(is_key) {
            return true;
        }
        place = plan.from.schema.table(&outer.parent).and_then(|table| table.partition_of.as_ref());
    }
    false
}

/// The tables that a partition is a partition of, through any number of others.
pub(super) fn above<'a>(table: &'a Table, schema: &'a Schema) -> Vec<&'a ObjectId> {
    let parent = |table: &'a Table| table.partition_of.as_ref().map(|place| &place.parent);
    std::iter::successors(parent(table), |id| schema.table(id).and_then(parent)).collect()
}

/// What becomes of the parts that a partition has of the indexes above it when it is detached, which
/// leaves them to it: what gives them the names that they are to have, or such that they are known by
/// when they are not to be there; and what drops those then.
pub(super) fn indexes_left(plan: &Plan<'_>, id: &ObjectId) -> (Vec<Statement>, Vec<Statement>) {
    let (mut named, mut left) = (Vec::new(), Vec::new());
    let (Some(before), Some(after)) = (plan.from.schema.table(id), plan.to.schema.table(id)) else {
        return (named, left);
    };
    let Some(place) = &before.partition_of else { return (named, left) };
    if after.partition_of.as_ref().is_some_and(|other| other.parent == place.parent) {
        return (named, left);
    }
    for parent in above(before, plan.from.schema) {
        Leaving { plan, id, before, after, parent }.parts(&mut named, &mut left);
    }
    if plan.version().major >= 18 {
        let never_null = after.columns.iter().filter(|column| !column.nullable);
        left.extend(never_null.map(|column| table::name_not_null(id, &column.name)));
    }
    (named, left)
}

/// A partition that leaves, and one of the tables above it.
struct Leaving<'a> {
    plan: &'a Plan<'a>,
    id: &'a ObjectId,
    before: &'a Table,
    after: &'a Table,
    parent: &'a ObjectId,
}

impl Leaving<'_> {
    fn parts(&self, named: &mut Vec<Statement>, left: &mut Vec<Statement>) {
        let Some(parent) = self.plan.from.schema.table(self.parent) else { return };
        let joined = above(self.after, self.plan.to.schema);
        let joined: Vec<&Table> = joined.into_iter().filter_map(|id| self.plan.to.schema.table(id)).collect();
        for index in &parent.indexes {
            let alike = |other: &&Index| is_alike(index, other);
            let is_new = |other: &&Index| self.is_new(ObjectKind::Index, &other.name);
            let wanted = self.after.indexes.iter().filter(is_new).find(alike);
            let shared = self.is_of_own_key(index)
                || joined.iter().any(|joined| joined.indexes.iter().any(|other| is_alike(index, other)));
            let wanted = wanted.map(|index| index.name.as_str());
            self.part((&index.name, ObjectKind::Index), wanted, shared, named, left);
        }
        for key in parent.constraints.iter().filter(|constraint| is_key(constraint)) {
            let is_alike = |other: &&Constraint| other.kind == key.kind && other.definition == key.definition;
            let is_new = |other: &&Constraint| {
                other.name.as_deref().is_some_and(|name| self.is_new(ObjectKind::Constraint, name))
            };
            let wanted = self.after.constraints.iter().filter(is_new).find(is_alike);
            let shared = joined.iter().any(|joined| joined.constraints.iter().any(|other| is_alike(&other)));
            let name = key.name.as_deref().unwrap_or_default();
            let wanted = wanted.and_then(|key| key.name.as_deref());
            self.part((name, ObjectKind::Constraint), wanted, shared, named, left);
        }
    }

    fn is_new(&self, kind: ObjectKind, name: &str) -> bool {
        !self.plan.from.units.contains_key(&self.id.part(kind, name))
    }

    /// Whether the partition has a key of its own whose index is a part of this one.
    fn is_of_own_key(&self, index: &Index) -> bool {
        let is_parent = self.before.partition_of.as_ref().is_some_and(|place| place.parent == *self.parent);
        self.before.constraints.iter().filter(|own| own.options.contains_key("index_of")).any(|own| {
            match (&own.kind, is_parent) {
                (_, true) => own.options.get("index_of") == Some(&index.name),
                (ConstraintKind::PrimaryKey { parts } | ConstraintKind::Unique { parts, .. }, false) => {
                    index.unique && *parts == index.parts
                }
                _ => false,
            }
        })
    }

    /// The name of the part of an index, as far as it is known.
    fn known(&self, index: &str) -> Option<&str> {
        let place = self.before.partition_of.as_ref().filter(|place| place.parent == *self.parent);
        let mut names = table::index_names(self.before).filter(|_| place.is_some());
        names.find(|(parent, _)| *parent == index).map(|(_, name)| name)
    }

    fn part(
        &self,
        (index, kind): (&str, ObjectKind),
        wanted: Option<&str>,
        shared: bool,
        named: &mut Vec<Statement>,
        left: &mut Vec<Statement>,
    ) {
        let id = self.id;
        let name = match (wanted, self.known(index)) {
            (None, _) if shared => return,
            (Some(wanted), _) => wanted.to_owned(),
            (None, Some(known)) => known.to_owned(),
            (None, None) => table::aside(index),
        };
        if self.known(index) != Some(&name) {
            named.push(table::name_index(id, self.parent, index, &name));
        }
        if wanted.is_none() {
            left.push(match kind {
                ObjectKind::Constraint => {
                    super::column::altering(id, &format!("DROP CONSTRAINT IF EXISTS {}", quote(&name)))
                }
                _ => {
                    let name = quote_in(crate::dialect::Dialect::Postgres, id.schema.as_deref(), &name);
                    Statement::new(format!("DROP INDEX IF EXISTS {name}"))
                }
            });
        }
    }
}

const fn is_key(constraint: &Constraint) -> bool {
    match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } | ConstraintKind::Exclusion => true,
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::NotNull { .. } => {
            false
        }
    }
}

/// Whether two indexes are the same but for their names.
pub(super) fn is_alike(one: &Index, other: &Index) -> bool {
    (one.unique, &one.method, &one.parts, &one.include, &one.predicate)
        == (other.unique, &other.method, &other.parts, &other.include, &other.predicate)
}
