//! The order in which tables can be created: what is referred to comes first. Who refers to whom is all
//! that is looked at.

use crate::{
    dialect::{Dialect, Flavour},
    model::{ModelForeignKey, ModelName, ModelTable},
};

/// Tables in an order in which they can be created.
pub(super) struct Order<'a> {
    /// The tables; each after those that it refers to, as far as that can be.
    pub(super) tables: Vec<&'a ModelTable>,
    /// Foreign keys that can be added only when all tables are there.
    pub(super) deferred: Vec<(&'a ModelTable, &'a ModelForeignKey)>,
}

/// Puts the tables in order. What is free stays in the order of the models.
pub(super) fn ordered(tables: &[ModelTable], flavour: Flavour) -> Order<'_> {
    let mut order = Order { tables: Vec::with_capacity(tables.len()), deferred: Vec::new() };
    let mut visited = vec![false; tables.len()];
    for start in 0..tables.len() {
        visit(tables, start, flavour, &mut visited, &mut order.tables);
    }
    // SQLite looks for the other table only when rows are written.
    if flavour.dialect() == Dialect::Sqlite {
        return order;
    }
    let place = |name: &ModelName| order.tables.iter().position(|table| is(&table.name, name, flavour));
    for (at, table) in order.tables.iter().copied().enumerate() {
        for key in &table.foreign_keys {
            if place(&key.table).is_some_and(|other| other > at) {
                order.deferred.push((table, key));
            }
        }
    }
    order
}

/// Depth first, without recursion: a chain of tables may be long.
fn visit<'a>(
    tables: &'a [ModelTable],
    start: usize,
    flavour: Flavour,
    visited: &mut [bool],
    into: &mut Vec<&'a ModelTable>,
) {
    if std::mem::replace(&mut visited[start], true) {
        return;
    }
    let mut path = vec![(start, 0)];
    while let Some((table, next_key)) = path.pop() {
        let Some(key) = tables[table].foreign_keys.get(next_key) else {
            into.push(&tables[table]);
            continue;
        };
        path.push((table, next_key + 1));
        let other = tables.iter().position(|other| is(&other.name, &key.table, flavour));
        if let Some(other) = other
            && !std::mem::replace(&mut visited[other], true)
        {
            path.push((other, 0));
        }
    }
}

/// Whether these are the same name on this engine.
pub(super) fn is(one: &ModelName, other: &ModelName, flavour: Flavour) -> bool {
    one.name == other.name && one.schema(flavour) == other.schema(flavour)
}

impl Order<'_> {
    /// Whether this foreign key is added later.
    pub(super) fn defers(&self, key: &ModelForeignKey) -> bool {
        self.deferred.iter().any(|(_, deferred)| std::ptr::eq(*deferred, key))
    }
}
