//! Tables that come, go and are renamed.

use crate::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
    operation::{
        DropTable, RenameTable, Table,
        blueprint::Blueprint,
        draft::{Draft, needs_schema, there_already},
        options_on,
    },
    schema::{Body, Object, ObjectId, ObjectKind},
};

pub(super) fn create(draft: &mut Draft, said: &Table) -> Result<(), Diagnostic> {
    let id = draft.id(ObjectKind::Table, &said.name)?;
    if draft.after.objects.contains_key(&id) {
        return if said.if_not_exists { Ok(()) } else { Err(there_already(&id)) };
    }
    let object = made(draft, &id, said)?;
    draft.create(object);
    Ok(())
}

/// The table as an object, with what it needs noted.
fn made(draft: &mut Draft, id: &ObjectId, said: &Table) -> Result<Object, Diagnostic> {
    let mut table = Blueprint::of_table(said).made(draft, id)?.table;
    let storage = options_on(&said.parameters, draft.flavour);
    table.options.extend(storage.into_iter().map(|(name, value)| match draft.dialect() {
        Dialect::Postgres if !name.contains('.') && !matches!(&*name, "access_method" | "tablespace") => {
            (format!("with.{name}"), value)
        }
        Dialect::Postgres | Dialect::Sqlite | Dialect::Mysql => (name, value),
    }));
    super::constraint::index_keys(draft, &mut table);
    super::constraint::assume_referenced(draft, id, &table);
    super::column::check_types(draft, id, &table.columns)?;
    let comment = said.comment.clone().filter(|_| draft.flavour != Flavour::Sqlite);
    Ok(Object::new(id.clone(), Body::Table(table)).with_comment(comment))
}

pub(super) fn drop(draft: &mut Draft, said: &DropTable) -> Result<(), Diagnostic> {
    let id = draft.id(ObjectKind::Table, &said.name)?;
    if !draft.after.objects.contains_key(&id) {
        match (&said.existing, draft.known) {
            (_, true) if said.if_exists => return Ok(()),
            (_, true) => return Err(draft.missing(&id)),
            (Some(existing), false) => {
                let object = made(draft, &id, existing)?;
                draft.assume_object(object);
            }
            (None, false) => {
                draft.table_id(&said.name)?;
                draft.note_unknown(&id);
            }
        }
    }
    draft.refuse_viewed(&id)?;
    draft.remove(&id);
    Ok(())
}

pub(super) fn rename(draft: &mut Draft, said: &RenameTable) -> Result<(), Diagnostic> {
    let id = draft.table_id(&said.from)?;
    let to = id.renamed(&said.to);
    if draft.after.objects.contains_key(&to) {
        return Err(there_already(&to));
    }
    if draft.dialect() == Dialect::Sqlite && draft.table(&id)?.kind == crate::schema::TableKind::Virtual {
        return Err(needs_schema("a virtual table", draft.flavour));
    }
    draft.rename(to, &id.name);
    Ok(())
}
