//! The tables of a catalog by their names, with and without a schema. Not which of several a name means.

use std::collections::BTreeMap;

use crate::statement::ObjectName;

use super::Table;

/// Tables by the key that the whole name of each is in the catalog's dialect.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tables {
    by_key: BTreeMap<String, Table>,
    /// The keys by what they end with behind the schema: a text of thousands of tables asks for each name many
    /// times.
    keys: BTreeMap<String, Vec<String>>,
}

impl Tables {
    pub(super) fn contains(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Table> {
        self.by_key.get(key)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Table> {
        self.by_key.get_mut(key)
    }

    /// The tables that have this name in any schema, in the order of their keys.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = (&str, &Table)> {
        let keys = self.keys.get(name).into_iter().flatten();
        keys.filter_map(|key| Some((key.as_str(), self.by_key.get(key)?)))
    }

    pub(super) fn insert(&mut self, key: String, table: Table) {
        self.note(&key);
        self.by_key.insert(key, table);
    }

    /// The table with this key; where there is none, one of which only its name is known.
    pub(super) fn known(&mut self, key: String, name: &ObjectName) -> &mut Table {
        self.note(&key);
        self.by_key.entry(key).or_insert_with(|| Table::stub(name.clone()))
    }

    fn note(&mut self, key: &str) {
        let keys = self.keys.entry(last_part(key).to_owned()).or_default();
        if let Err(place) = keys.binary_search_by(|other| other.as_str().cmp(key)) {
            keys.insert(place, key.to_owned());
        }
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Table> {
        let table = self.by_key.remove(key)?;
        if let Some(keys) = self.keys.get_mut(last_part(key)) {
            keys.retain(|other| other != key);
        }
        Some(table)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Table> {
        self.by_key.values()
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut Table> {
        self.by_key.values_mut()
    }
}

fn last_part(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(_, name)| name)
}
