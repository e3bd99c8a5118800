//! A difference as operations: what a person would have written, from what the servers say of both ends. The
//! differences of several kinds of server become one source where that can be said, and nothing where it
//! can't. Nothing is proven here: who writes it into a file runs it before (`rehearse`).

mod alteration;
mod column;
mod constraint;
mod data_type;
mod default;
mod enumeration;
mod index;
mod order;
mod table;

use std::collections::BTreeMap;

use super::Operation;
use crate::{
    dialect::Flavour,
    difference::{Alteration, Difference, Operation as Change},
    model::{ModelName, PerFlavour},
    schema::{Body, Object, ObjectId, Schema},
};

/// In whose words an expression is said that each server writes in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// In those of one server for all, as somebody would write it: SQLite's, which keeps what was written.
    Shared,
    /// In those of each.
    Own,
}

/// One thing as several kinds of server have it, one after the other.
type Each<'a, T> = [(Side<'a>, T)];

/// Where a thing was read.
#[derive(Clone, Copy)]
struct Side<'a> {
    flavour: Flavour,
    /// The schema that it is in.
    schema: &'a Schema,
    wording: Wording,
}

/// The operations that make all of these differences, one for each kind of server; nothing where they are not
/// the same change, or hold something that no operation says as well as SQL does.
pub fn portable(differences: &[&Difference], wording: Wording) -> Option<Vec<Operation>> {
    let mut gathered = Gathered::default();
    for difference in differences {
        gathered.add(difference, wording)?;
    }
    let flavours: Vec<Flavour> = differences.iter().map(|difference| difference.to.flavour).collect();
    let mut operations = enumeration::made(&gathered)?;
    let mut created = Vec::new();
    for each in order::referred_first(&gathered.created)? {
        whole(each, &flavours)?;
        created.push(Operation::from(table::table(each)?));
    }
    operations.extend(created);
    for each in gathered.altered.values() {
        operations.extend(alteration::operation(each, &flavours)?);
    }
    let dropped = order::referred_first(&gathered.dropped)?;
    for each in dropped.into_iter().rev() {
        whole(each, &flavours)?;
        let (_, object) = each.first()?;
        operations.push(super::DropTable::new(name(&object.id)).into());
    }
    operations.extend(enumeration::dropped(&gathered));
    Some(operations)
}

/// What every kind of server has.
fn whole<T>(each: &Each<'_, T>, flavours: &[Flavour]) -> Option<()> {
    (each.len() == flavours.len()).then_some(())
}

/// What differs, by what it is about.
#[derive(Default)]
struct Gathered<'a> {
    created: BTreeMap<&'a ObjectId, Vec<(Side<'a>, &'a Object)>>,
    dropped: BTreeMap<&'a ObjectId, Vec<(Side<'a>, &'a Object)>>,
    altered: BTreeMap<&'a ObjectId, Vec<(Ends<'a>, &'a Alteration)>>,
    created_types: Vec<&'a Object>,
    dropped_types: Vec<&'a Object>,
    altered_types: Vec<&'a Alteration>,
    /// How many kinds of server there are.
    servers: usize,
}

/// Where both ends of a change were read.
type Ends<'a> = (Side<'a>, Side<'a>);

impl<'a> Gathered<'a> {
    fn add(&mut self, difference: &'a Difference, wording: Wording) -> Option<()> {
        let flavour = difference.to.flavour;
        let from = Side { flavour, schema: &difference.from, wording };
        let to = Side { flavour, schema: &difference.to, wording };
        self.servers += 1;
        for change in &difference.operations {
            match (change, &change.object().body) {
                (Change::Create(object), Body::Table(_)) => {
                    self.created.entry(&object.id).or_default().push((to, object));
                }
                (Change::Drop(object), Body::Table(_)) => {
                    self.dropped.entry(&object.id).or_default().push((from, object));
                }
                (Change::Alter(alteration), Body::Table(_)) => {
                    let each = self.altered.entry(&alteration.to.id).or_default();
                    each.push(((from, to), alteration));
                }
                (Change::Create(object), Body::Enum(_)) => self.created_types.push(object),
                (Change::Drop(object), Body::Enum(_)) => self.dropped_types.push(object),
                (Change::Alter(alteration), Body::Enum(_)) => self.altered_types.push(alteration),
                _ => return None,
            }
        }
        Some(())
    }
}

/// The name of a table or a type, as an operation says it.
fn name(id: &ObjectId) -> ModelName {
    match &id.schema {
        Some(schema) => ModelName::new(&id.name).within(schema),
        None => ModelName::new(&id.name),
    }
}

/// A value that may be another one on each engine, said as seldom as possible.
fn per_flavour<T: Clone + PartialEq>(each: impl IntoIterator<Item = (Flavour, T)>) -> PerFlavour<T> {
    let mut each: Vec<(Flavour, T)> = each.into_iter().collect();
    // What MySQL has counts on MariaDB, so that it is said first.
    each.sort_by_key(|(flavour, _)| flavour.index());
    let mut said = each.first().map_or_else(PerFlavour::none, |(_, value)| PerFlavour::every(value.clone()));
    for (flavour, value) in each {
        if said.get(flavour) != Some(&value) {
            said = said.on(flavour, value);
        }
    }
    said
}

/// The same text for all, or each its own.
fn worded<'a>(each: &[(Side<'a>, String)]) -> PerFlavour<String> {
    let author = each.iter().find(|(side, _)| side.flavour == Flavour::Sqlite);
    match author.filter(|(side, _)| side.wording == Wording::Shared) {
        Some((_, text)) => PerFlavour::every(text.clone()),
        None => per_flavour(each.iter().map(|(side, text)| (side.flavour, text.clone()))),
    }
}

/// What all have alike; nothing where they differ.
fn alike<T: PartialEq>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut values = values.into_iter();
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}
