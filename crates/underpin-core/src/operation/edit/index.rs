//! Indexes that come and go.

use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    operation::{
        DropIndex, Index as Said,
        blueprint::Blueprint,
        draft::{Draft, not_there, there_already, with_suggestion},
    },
    schema::{Body, Index, ObjectId, ObjectKind},
};

pub(super) fn create(draft: &mut Draft, said: &Said) -> Result<(), Diagnostic> {
    let Some(table) = &said.table else {
        let message = "an index by itself is of a table: Index::on(\"orders\", [\"customer_id\"])";
        return Err(Diagnostic::new(ErrorKind::Model, message));
    };
    let id = owner(draft, table)?;
    let mut blueprint = Blueprint::new(table);
    blueprint.add_index(said);
    let made = blueprint.made(draft, &id)?.table.indexes;
    for index in made {
        if index_of(draft, &id, &index.name).is_some() {
            if said.if_not_exists {
                return Ok(());
            }
            return Err(there_already(&id.part(ObjectKind::Index, &index.name)));
        }
        if let Some(indexes) = indexes_mut(draft, &id) {
            indexes.push(index);
        }
    }
    Ok(())
}

pub(super) fn drop(draft: &mut Draft, said: &DropIndex) -> Result<(), Diagnostic> {
    let id = owner(draft, &said.table)?;
    if index_of(draft, &id, &said.name).is_none() {
        if draft.known && said.if_exists {
            return Ok(());
        }
        if draft.known {
            let names = names(draft, &id);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let index = id.part(ObjectKind::Index, &said.name);
            return Err(with_suggestion(not_there(&index), &said.name, &names));
        }
        let mut index = match &said.existing {
            Some(existing) => {
                let mut blueprint = Blueprint::new(&said.table);
                blueprint.add_index(existing);
                blueprint.made(draft, &id)?.table.indexes.pop()
            }
            None => {
                draft.note_unknown(&id.part(ObjectKind::Index, &said.name));
                None
            }
        }
        .unwrap_or_else(|| Index::new(&said.name, Vec::new()));
        index.name.clone_from(&said.name);
        draft.assume(&id, |table| table.indexes.push(index.clone()));
    }
    if let Some(indexes) = indexes_mut(draft, &id) {
        indexes.retain(|index| index.name != said.name);
    }
    if said.concurrently && draft.flavour == Flavour::Postgres {
        set_concurrently(draft, &id, &said.name);
    }
    Ok(())
}

/// Says of an index that goes that it goes while others use its table, and comes back so.
fn set_concurrently(draft: &mut Draft, id: &ObjectId, name: &str) {
    let indexes = match draft.before.objects.get_mut(id).map(|object| &mut object.body) {
        Some(Body::Table(table)) => &mut table.indexes,
        Some(Body::View(view)) => &mut view.indexes,
        _ => return,
    };
    if let Some(index) = indexes.iter_mut().find(|index| index.name == name) {
        index.options.insert("concurrently".to_owned(), String::new());
    }
}

/// The table, or the materialised view, that an index is of.
fn owner(draft: &mut Draft, name: &crate::model::ModelName) -> Result<ObjectId, Diagnostic> {
    if draft.flavour == Flavour::Postgres {
        let view = draft.id(ObjectKind::MaterializedView, name)?;
        if draft.after.objects.contains_key(&view) {
            return Ok(view);
        }
    }
    draft.table_id(name)
}

fn indexes_mut<'a>(draft: &'a mut Draft, id: &ObjectId) -> Option<&'a mut Vec<Index>> {
    match &mut draft.after.objects.get_mut(id)?.body {
        Body::Table(table) => Some(&mut table.indexes),
        Body::View(view) => Some(&mut view.indexes),
        _ => None,
    }
}

fn names(draft: &mut Draft, id: &ObjectId) -> Vec<String> {
    let indexes = indexes_mut(draft, id);
    indexes.map(|all| all.iter().map(|index| index.name.clone()).collect()).unwrap_or_default()
}

fn index_of<'a>(draft: &'a mut Draft, id: &ObjectId, name: &str) -> Option<&'a mut Index> {
    indexes_mut(draft, id)?.iter_mut().find(|index| index.name == name)
}
