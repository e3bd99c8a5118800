//! Views that come, go and are replaced.

use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    model::PerFlavour,
    name::{quote, quote_in},
    operation::{
        DropView, View as Said,
        draft::{Draft, REST, there_already},
        options_on,
    },
    schema::{Body, Column, Object, ObjectId, ObjectKind, View},
};

fn kind(draft: &Draft, materialized: bool) -> Result<ObjectKind, Diagnostic> {
    if materialized {
        draft.only_on(&[Flavour::Postgres], "materialized views")?;
        return Ok(ObjectKind::MaterializedView);
    }
    Ok(ObjectKind::View)
}

pub(super) fn create(draft: &mut Draft, said: &Said) -> Result<(), Diagnostic> {
    let id = draft.id(kind(draft, said.materialized)?, &said.name)?;
    if draft.after.objects.contains_key(&id) {
        return if said.if_not_exists { Ok(()) } else { Err(there_already(&id)) };
    }
    let object = made(draft, &id, said, &said.query)?;
    draft.create(object);
    Ok(())
}

fn made(draft: &Draft, id: &ObjectId, said: &Said, query: &PerFlavour<String>) -> Result<Object, Diagnostic> {
    let Some(query) = query.get(draft.flavour) else {
        let message = format!("{id} has no query on {}", draft.flavour.title());
        return Err(Diagnostic::new(ErrorKind::Model, message).hint("say one: .on(Flavour::…, \"SELECT …\")"));
    };
    let query = query.trim().trim_end_matches(';').trim_end();
    let query = match draft.dialect() {
        Dialect::Sqlite => format!("CREATE VIEW {} AS {query}", quote(Dialect::Sqlite, &id.name)),
        Dialect::Postgres | Dialect::Mysql => query.to_owned(),
    };
    let view = View { query, options: options_on(&said.options, draft.flavour), ..View::default() };
    let comment = said.comment.clone().filter(|_| draft.flavour == Flavour::Postgres);
    Ok(Object::new(id.clone(), Body::View(view)).with_comment(comment))
}

/// A view of another query. On PostgreSQL it goes and comes, because only a server can tell whether
/// `CREATE OR REPLACE` would take the new columns, and the way back never could.
pub(super) fn replace(draft: &mut Draft, said: &Said) -> Result<(), Diagnostic> {
    let id = draft.id(kind(draft, said.materialized)?, &said.name)?;
    if !draft.after.objects.contains_key(&id) {
        if draft.known {
            return create(draft, said);
        }
        let mut before = match &said.existing {
            Some(query) => made(draft, &id, said, query)?,
            None => {
                draft.note_unknown(&id);
                Object::new(id.clone(), Body::View(View::default()))
            }
        };
        if let Body::View(view) = &mut before.body {
            mark(view);
        }
        draft.assume_object(before);
    }
    let mut object = made(draft, &id, said, &said.query)?;
    if let (Some(old), Body::View(view)) = (draft.after.objects.get(&id), &mut object.body) {
        object.grants.clone_from(&old.grants);
        if object.comment.is_none() {
            object.comment.clone_from(&old.comment);
        }
        if let Body::View(old) = &old.body {
            view.indexes.clone_from(&old.indexes);
            // The names that a view gives to its columns are those of the query that it had.
            for (name, value) in old.options.iter().filter(|(name, _)| *name != "columns") {
                view.options.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
    }
    let is_postgres = draft.flavour == Flavour::Postgres;
    if let Some(Body::View(view)) =
        draft.before.objects.get_mut(&id).map(|object| &mut object.body).filter(|_| is_postgres)
    {
        // What a server has read has columns; one that is known by its query alone has none.
        if view.columns.is_empty() {
            mark(view);
        }
        if let Body::View(view) = &mut object.body {
            view.columns = vec![Column { name: REST.to_owned(), ..Column::default() }];
        }
    }
    draft.after.insert(object);
    Ok(())
}

/// Gives a view a column that no other has, so that nothing is taken for a view that only grows.
fn mark(view: &mut View) {
    view.columns = vec![Column::default()];
}

pub(super) fn drop(draft: &mut Draft, said: &DropView) -> Result<(), Diagnostic> {
    let id = draft.id(kind(draft, said.materialized)?, &said.name)?;
    if !draft.after.objects.contains_key(&id) {
        match (&said.existing, draft.known) {
            (_, true) if said.if_exists => return Ok(()),
            (_, true) => return Err(draft.missing(&id)),
            (Some(existing), false) => {
                let object = made(draft, &id, existing, &existing.query)?;
                draft.assume_object(object);
            }
            (None, false) => {
                draft.note_unknown(&id);
                let query = format!("CREATE VIEW {}", quote_in(draft.dialect(), None, &id.name));
                let view = View { query, ..View::default() };
                draft.assume_object(Object::new(id.clone(), Body::View(view)));
            }
        }
    }
    draft.refuse_viewed(&id)?;
    draft.remove(&id);
    Ok(())
}
