//! The statements of entities, in an order in which a server takes them: namespaces, enums, tables after
//! those that they refer to, with their indexes; at last the foreign keys of a circle, where a server does
//! not take them within the tables.

use ::sea_orm::{DbBackend, StatementBuilder};
use underpin_core::{dialect::Dialect, name::quote};

use super::entity::{Described, Name, name_of};

/// The statements that create these.
pub(super) fn statements(entities: Vec<Described>, backend: DbBackend) -> Vec<String> {
    let mut statements = namespaces(&entities, backend);
    for enumeration in entities.iter().flat_map(|entity| &entity.enums) {
        let statement = text(backend, enumeration);
        // Several entities may have columns of one enum.
        if !statements.contains(&statement) {
            statements.push(statement);
        }
    }
    let mut made: Vec<Name> = Vec::new();
    let mut left = entities;
    let mut deferred = Vec::new();
    while !left.is_empty() {
        let names: Vec<Name> = left.iter().map(|entity| entity.name.clone()).collect();
        let waits =
            |entity: &Described| referred(entity).any(|name| name != entity.name && names.contains(&name));
        // In a circle, the first has to do without its keys for the moment.
        let next = left.iter().position(|entity| !waits(entity)).unwrap_or(0);
        let mut entity = left.remove(next);
        made.push(entity.name.clone());
        for mut key in std::mem::take(&mut entity.keys) {
            let there = key.get_foreign_key().get_ref_table().map(name_of);
            let is_later = there.is_some_and(|name| names.contains(&name) && !made.contains(&name));
            if is_later && backend != DbBackend::Sqlite {
                deferred.push(text(backend, &key));
            } else {
                entity.table.foreign_key(&mut key);
            }
        }
        statements.push(text(backend, &entity.table));
        statements.extend(entity.indexes.iter().map(|index| text(backend, index)));
    }
    statements.extend(deferred);
    statements
}

/// The tables that an entity's foreign keys refer to.
fn referred(entity: &Described) -> impl Iterator<Item = Name> {
    entity.keys.iter().filter_map(|key| key.get_foreign_key().get_ref_table().map(name_of))
}

fn namespaces(entities: &[Described], backend: DbBackend) -> Vec<String> {
    if backend != DbBackend::Postgres {
        return Vec::new();
    }
    let mut names: Vec<&String> = entities.iter().filter_map(|entity| entity.name.0.as_ref()).collect();
    names.sort_unstable();
    names.dedup();
    let names = names.into_iter().filter(|name| *name != "public");
    names.map(|name| format!("CREATE SCHEMA IF NOT EXISTS {}", quote(Dialect::Postgres, name))).collect()
}

fn text(backend: DbBackend, statement: &impl StatementBuilder) -> String {
    backend.build(statement).sql
}
