//! Functions, procedures and triggers that come, go and are replaced.

use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    model::{ModelName, PerFlavour},
    operation::{
        DropFunction, DropTrigger, Function, Trigger as SaidTrigger,
        draft::{Draft, not_there, there_already},
    },
    schema::{Body, Object, ObjectId, ObjectKind, Options, Routine, Trigger},
};

const fn kind(procedure: bool) -> ObjectKind {
    if procedure { ObjectKind::Procedure } else { ObjectKind::Function }
}

/// The routines of this name, of which PostgreSQL may have several.
fn named(draft: &Draft, name: &ModelName, procedure: bool) -> Result<Vec<ObjectId>, Diagnostic> {
    let id = draft.id(kind(procedure), name)?;
    let same =
        |other: &&ObjectId| (other.kind, &other.schema, &other.name) == (id.kind, &id.schema, &id.name);
    Ok(draft.after.objects.keys().filter(same).cloned().collect())
}

/// The types of arguments without their names, so that `n integer` and `integer` are the same.
fn types(arguments: &str) -> Vec<String> {
    let last = |one: &str| one.rsplit(' ').next().unwrap_or_default().to_ascii_lowercase();
    arguments.split(',').map(str::trim).filter(|one| !one.is_empty()).map(last).collect()
}

fn function_id(draft: &Draft, said: &Function) -> Result<ObjectId, Diagnostic> {
    let id = draft.id(kind(said.procedure), &said.name)?;
    if draft.flavour != Flavour::Postgres {
        return Ok(id);
    }
    let known = named(draft, &said.name, said.procedure)?;
    let same =
        |other: &&ObjectId| types(other.arguments.as_deref().unwrap_or_default()) == types(&said.arguments);
    Ok(known.iter().find(same).cloned().unwrap_or_else(|| id.with_arguments(&said.arguments)))
}

/// The routine as an object; `None` where this engine has none of it.
fn function(
    draft: &Draft,
    id: &ObjectId,
    said: &Function,
    definition: &PerFlavour<String>,
) -> Result<Option<Object>, Diagnostic> {
    let Some(definition) = definition.get(draft.flavour) else { return Ok(None) };
    if draft.dialect() == Dialect::Sqlite {
        return Err(draft.unsupported("functions that a statement makes"));
    }
    let mut create = definition.trim().trim_end_matches(';').trim_end().to_owned();
    if draft.flavour == Flavour::Postgres {
        for word in ["FUNCTION", "PROCEDURE"] {
            let begin = format!("CREATE {word}");
            if create.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(&begin)) {
                create = format!("CREATE OR REPLACE {word}{}", &create[begin.len()..]);
            }
        }
    }
    let routine = Routine { create, ..Routine::default() };
    let comment = said.comment.clone().filter(|_| draft.flavour == Flavour::Postgres);
    Ok(Some(Object::new(id.clone(), Body::Routine(routine)).with_comment(comment)))
}

pub(super) fn create_function(draft: &mut Draft, said: &Function) -> Result<(), Diagnostic> {
    let id = function_id(draft, said)?;
    let Some(object) = function(draft, &id, said, &said.definition)? else { return Ok(()) };
    if draft.after.objects.contains_key(&id) {
        return Err(there_already(&id).hint("put it in place of that one: op.replace_function(…)"));
    }
    draft.create(object);
    Ok(())
}

pub(super) fn replace_function(draft: &mut Draft, said: &Function) -> Result<(), Diagnostic> {
    let id = function_id(draft, said)?;
    let Some(mut object) = function(draft, &id, said, &said.definition)? else { return Ok(()) };
    if !draft.after.objects.contains_key(&id) && !draft.known {
        let before = match &said.existing {
            Some(existing) => function(draft, &id, said, existing)?,
            None => None,
        };
        if before.is_none() {
            draft.note_unknown(&id);
        }
        let unknown = || Object::new(id.clone(), Body::Routine(Routine::default()));
        draft.assume_object(before.unwrap_or_else(unknown));
    }
    if let (Some(old), Body::Routine(routine)) = (draft.after.objects.get(&id), &mut object.body) {
        object.grants.clone_from(&old.grants);
        if object.comment.is_none() {
            object.comment.clone_from(&old.comment);
        }
        if let Body::Routine(old) = &old.body {
            // What it takes and gives stays: that is what `CREATE OR REPLACE` demands.
            *routine = Routine { create: std::mem::take(&mut routine.create), ..old.clone() };
        }
    }
    match draft.after.objects.contains_key(&id) {
        true => draft.after.insert(object),
        false => draft.create(object),
    }
    Ok(())
}

pub(super) fn drop_function(draft: &mut Draft, said: &DropFunction) -> Result<(), Diagnostic> {
    if draft.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let mut known = named(draft, &said.name, said.procedure)?;
    if let Some(arguments) = &said.arguments {
        let same = |id: &ObjectId| types(id.arguments.as_deref().unwrap_or_default()) == types(arguments);
        known.retain(|id| draft.flavour != Flavour::Postgres || same(id));
    }
    let id = match (&known[..], draft.known) {
        ([one], _) => one.clone(),
        ([], true) if said.if_exists => return Ok(()),
        ([], true) => {
            let id = draft.id(kind(said.procedure), &said.name)?;
            return Err(draft.missing(&id));
        }
        ([], false) => assume_function(draft, said)?,
        ([first, ..], _) => {
            let message = format!("there are {} of the name {}", known.len(), first.name);
            return Err(
                Diagnostic::new(ErrorKind::Model, message).hint("say which: .arguments(\"integer, text\")")
            );
        }
    };
    draft.refuse_viewed(&id)?;
    draft.remove(&id);
    Ok(())
}

fn assume_function(draft: &mut Draft, said: &DropFunction) -> Result<ObjectId, Diagnostic> {
    let mut id = draft.id(kind(said.procedure), &said.name)?;
    if draft.flavour == Flavour::Postgres {
        let existing = said.existing.as_ref().map(|existing| existing.arguments.clone());
        id = id.with_arguments(&said.arguments.clone().or(existing).unwrap_or_default());
    }
    let object = match &said.existing {
        Some(existing) => function(draft, &id, existing, &existing.definition)?,
        None => None,
    };
    if object.is_none() {
        draft.note_unknown(&id);
    }
    let unknown = || Object::new(id.clone(), Body::Routine(Routine::default()));
    draft.assume_object(object.unwrap_or_else(unknown));
    Ok(id)
}

/// The table or the view that a trigger is on.
fn owner(draft: &mut Draft, name: &ModelName) -> Result<ObjectId, Diagnostic> {
    let view = draft.id(ObjectKind::View, name)?;
    match draft.after.objects.contains_key(&view) {
        true => Ok(view),
        false => {
            let table = draft.id(ObjectKind::Table, name)?;
            match draft.after.objects.contains_key(&table) || !draft.known {
                true => Ok(table),
                false => Err(draft.missing(&table)),
            }
        }
    }
}

fn trigger(
    draft: &Draft,
    on: &ObjectId,
    said: &SaidTrigger,
    definition: &PerFlavour<String>,
) -> Option<Object> {
    let create = definition.get(draft.flavour)?.trim().trim_end_matches(';').trim_end().to_owned();
    let id = on.part(ObjectKind::Trigger, &said.name);
    let mut options = Options::new();
    if draft.dialect() == Dialect::Mysql {
        // Triggers of one kind fire in the order in which they were made.
        let last = draft.after.objects.keys().filter(|other| other.table == id.table).count();
        options.insert("order".to_owned(), last.to_string());
    }
    let comment = said.comment.clone().filter(|_| draft.flavour == Flavour::Postgres);
    Some(Object::new(id, Body::Trigger(Trigger { on: on.clone(), create, options })).with_comment(comment))
}

pub(super) fn create_trigger(draft: &mut Draft, said: &SaidTrigger) -> Result<(), Diagnostic> {
    let on = owner(draft, &said.table)?;
    let Some(object) = trigger(draft, &on, said, &said.definition) else { return Ok(()) };
    if draft.after.objects.contains_key(&object.id) {
        return Err(there_already(&object.id).hint("put it in place of that one: op.replace_trigger(…)"));
    }
    draft.after.insert(object);
    Ok(())
}

pub(super) fn replace_trigger(draft: &mut Draft, said: &SaidTrigger) -> Result<(), Diagnostic> {
    let on = owner(draft, &said.table)?;
    let Some(mut object) = trigger(draft, &on, said, &said.definition) else { return Ok(()) };
    if !draft.after.objects.contains_key(&object.id) && !draft.known {
        let before = said.existing.as_ref().and_then(|existing| trigger(draft, &on, said, existing));
        if before.is_none() {
            draft.note_unknown(&object.id);
        }
        let unknown = || unknown_trigger(&on, &said.name);
        draft.assume_object(before.unwrap_or_else(unknown));
    }
    if let Some(old) = draft.after.objects.get(&object.id) {
        if object.comment.is_none() {
            object.comment.clone_from(&old.comment);
        }
        if let (Body::Trigger(old), Body::Trigger(new)) = (&old.body, &mut object.body) {
            for name in ["order", "enabled"] {
                if let Some(value) = old.options.get(name) {
                    new.options.insert(name.to_owned(), value.clone());
                }
            }
        }
    }
    draft.after.insert(object);
    Ok(())
}

fn unknown_trigger(on: &ObjectId, name: &str) -> Object {
    let trigger = Trigger { on: on.clone(), create: String::new(), options: Options::new() };
    Object::new(on.part(ObjectKind::Trigger, name), Body::Trigger(trigger))
}

pub(super) fn drop_trigger(draft: &mut Draft, said: &DropTrigger) -> Result<(), Diagnostic> {
    let on = owner(draft, &said.table)?;
    let id = on.part(ObjectKind::Trigger, &said.name);
    if !draft.after.objects.contains_key(&id) {
        match (&said.existing, draft.known) {
            (_, true) if said.if_exists => return Ok(()),
            (_, true) => return Err(not_there(&id)),
            (existing, false) => {
                let object = existing
                    .as_ref()
                    .and_then(|existing| trigger(draft, &on, existing, &existing.definition));
                if object.is_none() {
                    draft.note_unknown(&id);
                }
                draft.assume_object(object.unwrap_or_else(|| unknown_trigger(&on, &said.name)));
            }
        }
    }
    draft.remove(&id);
    Ok(())
}
