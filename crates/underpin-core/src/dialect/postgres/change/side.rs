//! One of the two schemas as units: the smallest things that can be dropped and made by themselves,
//! with what each of them needs. Not what is done with them.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{
    Body, Column, Constraint, ConstraintKind, Index, Object, ObjectId, ObjectKind, Schema, Table,
};

/// The smallest thing that can be dropped and made by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit<'a> {
    /// The object that it is, or is a part of.
    pub(super) object: &'a Object,
    /// What it is.
    pub(super) part: Part<'a>,
    /// Its place among its like.
    pub(super) place: usize,
}

/// What a unit is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part<'a> {
    /// The object, without those of its parts that are units.
    Whole,
    /// A column, without its default.
    Column(&'a Column),
    /// The default of a column.
    Default(&'a Column),
    /// A constraint.
    Constraint(&'a Constraint),
    /// An index.
    Index(&'a Index),
}

/// One of the two schemas.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub(super) schema: &'a Schema,
    pub(super) units: BTreeMap<ObjectId, Unit<'a>>,
    /// What each unit needs.
    needs: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
    /// Who needs each unit.
    needed_by: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
}

impl<'a> Unit<'a> {
    /// The table that this unit is part of.
    pub(super) fn table(&self) -> Option<&'a Table> {
        match &self.object.body {
            Body::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Whether it is a foreign key.
    pub(super) fn is_foreign_key(&self) -> bool {
        self.foreign_table().is_some()
    }

    /// Whether it is, or has, an index that some partitions have no part of.
    pub(super) fn is_partial(&self) -> bool {
        match self.part {
            Part::Index(index) => index.options.contains_key("partial"),
            Part::Constraint(constraint) => constraint.options.contains_key("partial"),
            Part::Whole | Part::Column(_) | Part::Default(_) => false,
        }
    }

    /// Whether it is a constraint that `CREATE TABLE` can't make as it is to be: a foreign key refers to
    /// other tables, of a new table the server takes `NOT VALID` for valid, and a new partition has the
    /// index that a constraint is to be of only once it is there.
    pub(super) fn comes_after_its_table(&self) -> bool {
        match self.part {
            Part::Constraint(constraint) => {
                matches!(constraint.kind, ConstraintKind::ForeignKey(_))
                    || !constraint.validated && constraint.enforced
                    || constraint.options.contains_key("index_of")
                    || self.is_partial()
            }
            Part::Whole | Part::Column(_) | Part::Default(_) | Part::Index(_) => false,
        }
    }

    /// The table that it refers to as a foreign key.
    pub(super) fn foreign_table(&self) -> Option<&'a ObjectId> {
        match self.part {
            Part::Constraint(Constraint { kind: ConstraintKind::ForeignKey(key), .. }) => Some(&key.table),
            _ => None,
        }
    }
}

impl<'a> Side<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        let units: BTreeMap<_, _> = schema.objects.values().flat_map(units_of).collect();
        let mut side = Self { schema, units, needs: BTreeMap::new(), needed_by: BTreeMap::new() };
        for dependency in &schema.dependencies {
            side.link(&dependency.dependent, &dependency.on);
        }
        side.link_parts();
        side
    }

    /// The unit of this id, or the one that has it as a part: the view of a view's column.
    pub(super) fn home(&self, id: &ObjectId) -> Option<ObjectId> {
        if self.units.contains_key(id) {
            return Some(id.clone());
        }
        let owner = id.table.as_deref()?;
        let kinds = [
            ObjectKind::Table,
            ObjectKind::View,
            ObjectKind::MaterializedView,
            ObjectKind::Composite,
            ObjectKind::Domain,
        ];
        kinds
            .into_iter()
            .map(|kind| ObjectId::new(kind, id.schema.as_deref(), owner))
            .find(|id| self.units.contains_key(id))
    }

    /// What a unit needs directly.
    pub(super) fn needs(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.needs.get(id).into_iter().flatten()
    }

    /// Who needs a unit directly.
    pub(super) fn needed_by(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.needed_by.get(id).into_iter().flatten()
    }

    /// The partitions and children of a table.
    pub(super) fn children(&self, table: &ObjectId) -> impl Iterator<Item = (&ObjectId, &'a Table)> {
        self.needed_by(table).filter_map(|id| Some((id, self.schema.table(id)?))).filter(move |(_, child)| {
            child.inherits.contains(table)
                || child.partition_of.as_ref().is_some_and(|place| place.parent == *table)
        })
    }

    /// Whether one unit needs another, through any number of others.
    pub(super) fn reaches(&self, from: &ObjectId, to: &ObjectId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(id) = open.pop() {
            if id == to {
                return true;
            }
            if seen.insert(id) {
                open.extend(self.needs(id));
            }
        }
        false
    }

    fn link(&mut self, dependent: &ObjectId, on: &ObjectId) {
        if let (Some(dependent), Some(on)) = (self.home(dependent), self.home(on))
            && dependent != on
            && !is_own_part(&dependent, &on)
        {
            self.needs.entry(dependent.clone()).or_default().insert(on.clone());
            self.needed_by.entry(on).or_default().insert(dependent);
        }
    }

    /// What follows from the objects themselves, whether or not a server told it.
    fn link_parts(&mut self) {
        let ids: Vec<(ObjectId, Unit<'a>)> =
            self.units.iter().map(|(id, unit)| (id.clone(), *unit)).collect();
        for (id, unit) in ids {
            let owner = &unit.object.id;
            if id != *owner {
                self.link(&id, owner);
            }
            match unit.part {
                Part::Whole => self.link_object(unit.object),
                Part::Column(_) => {}
                Part::Default(column) => self.link(&id, &owner.part(ObjectKind::Column, &column.name)),
                Part::Constraint(constraint) => self.link_constraint(&id, owner, constraint),
                Part::Index(index) => {
                    for part in &index.parts {
                        if let crate::schema::Key::Column(name) = &part.key {
                            self.link(&id, &owner.part(ObjectKind::Column, name));
                        }
                    }
                }
            }
        }
    }

    fn link_object(&mut self, object: &Object) {
        let id = &object.id;
        if let Some(schema) = &id.schema {
            self.link(id, &ObjectId::new(ObjectKind::Namespace, None, schema));
        }
        match &object.body {
            Body::Table(table) => {
                for parent in
                    table.inherits.iter().chain(table.partition_of.iter().map(|place| &place.parent))
                {
                    self.link(id, parent);
                }
            }
            Body::Trigger(trigger) => self.link(id, &trigger.on),
            Body::Policy(policy) => self.link(id, &policy.on),
            Body::Definition(_) if id.table.is_some() => {
                let owner = id.table.as_deref().unwrap_or_default();
                for kind in [ObjectKind::Table, ObjectKind::View, ObjectKind::MaterializedView] {
                    self.link(id, &ObjectId::new(kind, id.schema.as_deref(), owner));
                }
            }
            Body::Namespace
            | Body::Enum(_)
            | Body::Domain(_)
            | Body::Composite(_)
            | Body::Sequence(_)
            | Body::View(_)
            | Body::Routine(_)
            | Body::Definition(_) => {}
        }
    }

    fn link_constraint(&mut self, id: &ObjectId, owner: &ObjectId, constraint: &Constraint) {
        // The parent's index goes before the constraint whose index is a part of it, and takes that of
        // a constraint that is there when it comes ("CREATE INDEX" in the manual, Notes).
        let place = self.schema.table(owner).and_then(|table| table.partition_of.as_ref());
        if let (Some(index), Some(place)) = (constraint.options.get("index_of"), place) {
            let index = place.parent.part(ObjectKind::Index, index);
            self.link(&index, id);
        }
        match &constraint.kind {
            ConstraintKind::ForeignKey(key) => {
                for column in &key.columns {
                    self.link(id, &owner.part(ObjectKind::Column, column));
                }
                self.link(id, &key.table);
                for column in &key.referenced {
                    self.link(id, &key.table.part(ObjectKind::Column, column));
                }
                for unique in self.keys(&key.table, &key.referenced) {
                    self.link(id, &unique);
                }
            }
            ConstraintKind::PrimaryKey { parts } | ConstraintKind::Unique { parts, .. } => {
                for part in parts {
                    if let crate::schema::Key::Column(name) = &part.key {
                        self.link(id, &owner.part(ObjectKind::Column, name));
                    }
                }
            }
            ConstraintKind::NotNull { column } => self.link(id, &owner.part(ObjectKind::Column, column)),
            ConstraintKind::Check { .. } | ConstraintKind::Exclusion => {}
        }
    }

    /// The keys of a table over just these columns: what a foreign key can refer to. Where the server
    /// told which one it is, that one only.
    fn keys(&self, table: &ObjectId, columns: &[String]) -> Vec<ObjectId> {
        let wanted: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
        let Some(Body::Table(body)) = self.schema.objects.get(table).map(|object| &object.body) else {
            return Vec::new();
        };
        let is_key = |parts: &[crate::schema::IndexPart]| {
            parts.len() == wanted.len()
                && parts.iter().all(|part| match &part.key {
                    crate::schema::Key::Column(name) => wanted.contains(name.as_str()),
                    crate::schema::Key::Expression(_) => false,
                })
        };
        let constraints = body.constraints.iter().filter_map(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { parts } | ConstraintKind::Unique { parts, .. } if is_key(parts) => {
                constraint.name.as_deref().map(|name| table.part(ObjectKind::Constraint, name))
            }
            _ => None,
        });
        let told: Vec<ObjectId> = constraints.collect();
        if told.len() == 1 {
            return told;
        }
        // Several: the server knows which one, and told it as a dependency.
        Vec::new()
    }
}

/// Whether a unit would need a part of its own. What a table says of a column without a unit of its own (that it is
/// never null, PostgreSQL 18) is told by the server as something that needs the column, and is the table's.
fn is_own_part(dependent: &ObjectId, on: &ObjectId) -> bool {
    dependent.table.is_none() && dependent.schema == on.schema && on.table.as_ref() == Some(&dependent.name)
}

/// The units of an object with their ids.
fn units_of(object: &Object) -> Vec<(ObjectId, Unit<'_>)> {
    let id = &object.id;
    let mut units = vec![(id.clone(), Unit { object, part: Part::Whole, place: 0 })];
    let mut add = |id: ObjectId, part, place| units.push((id, Unit { object, part, place }));
    match &object.body {
        Body::Table(table) => {
            for (place, column) in table.columns.iter().enumerate() {
                add(id.part(ObjectKind::Column, &column.name), Part::Column(column), place);
                if column.default.is_some() {
                    add(id.part(ObjectKind::Default, &column.name), Part::Default(column), place);
                }
            }
            for (place, constraint) in table.constraints.iter().enumerate() {
                let name =
                    constraint.name.clone().unwrap_or_else(|| super::constraint::chosen_name(id, constraint));
                add(id.part(ObjectKind::Constraint, &name), Part::Constraint(constraint), place);
            }
            for (place, index) in table.indexes.iter().enumerate() {
                add(id.part(ObjectKind::Index, &index.name), Part::Index(index), place);
            }
        }
        Body::View(view) => {
            for (place, index) in view.indexes.iter().enumerate() {
                add(id.part(ObjectKind::Index, &index.name), Part::Index(index), place);
            }
            for (place, column) in view.columns.iter().enumerate() {
                if column.default.is_some() {
                    add(id.part(ObjectKind::Default, &column.name), Part::Default(column), place);
                }
            }
        }
        Body::Namespace
        | Body::Enum(_)
        | Body::Domain(_)
        | Body::Composite(_)
        | Body::Sequence(_)
        | Body::Routine(_)
        | Body::Trigger(_)
        | Body::Policy(_)
        | Body::Definition(_) => {}
    }
    units
}
