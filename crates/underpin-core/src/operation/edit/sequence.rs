//! Sequences (PostgreSQL, MariaDB).

use super::column::fill;
use crate::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    operation::{
        AlterSequence, DropSequence, Sequence as Said,
        draft::{Draft, needs_schema, there_already},
    },
    schema::{Body, Object, ObjectId, ObjectKind, Sequence, SequenceOptions},
};

pub(super) fn create(draft: &mut Draft, said: &Said) -> Result<(), Diagnostic> {
    draft.only_on(&[Flavour::Postgres, Flavour::Mariadb], "sequences")?;
    let id = draft.id(ObjectKind::Sequence, &said.name)?;
    if draft.after.objects.contains_key(&id) {
        return if said.if_not_exists { Ok(()) } else { Err(there_already(&id)) };
    }
    let object = made(draft, id, said)?;
    draft.create(object);
    Ok(())
}

fn made(draft: &mut Draft, id: ObjectId, said: &Said) -> Result<Object, Diagnostic> {
    let mut options = match draft.flavour {
        Flavour::Mariadb => usual_on_mariadb(),
        Flavour::Postgres | Flavour::Mysql | Flavour::Sqlite => SequenceOptions::default(),
    };
    if let Some(data_type) = said.data_type.as_ref().filter(|_| draft.flavour == Flavour::Postgres) {
        options.data_type.clone_from(data_type);
    }
    fill(&mut options, &said.counter);
    if draft.flavour == Flavour::Postgres {
        options = crate::dialect::postgres_sequence(&options);
    }
    let owned_by = match &said.owned_by {
        None => None,
        Some((table, column)) => {
            draft.only_on(&[Flavour::Postgres], "sequences that go with a column")?;
            Some(draft.table_id(table)?.part(ObjectKind::Column, column))
        }
    };
    let sequence = Sequence { options, owned_by, logged: true, engine: None };
    Ok(Object::new(id, Body::Sequence(sequence)).with_comment(said.comment.clone()))
}

/// What a sequence has that was made without a word ("CREATE SEQUENCE" in MariaDB's manual).
fn usual_on_mariadb() -> SequenceOptions {
    SequenceOptions {
        data_type: String::new(),
        start: "1".to_owned(),
        increment: "1".to_owned(),
        minimum: "1".to_owned(),
        maximum: "9223372036854775806".to_owned(),
        cache: "1000".to_owned(),
        cycle: false,
    }
}

pub(super) fn alter(draft: &mut Draft, said: &AlterSequence) -> Result<(), Diagnostic> {
    draft.only_on(&[Flavour::Postgres, Flavour::Mariadb], "sequences")?;
    let id = draft.id(ObjectKind::Sequence, &said.name)?;
    if !draft.after.objects.contains_key(&id) {
        match (&said.existing, draft.known) {
            (_, true) => return Err(draft.missing(&id)),
            (Some(existing), false) => {
                let object = made(draft, id.clone(), existing)?;
                draft.assume_object(object);
            }
            (None, false) if draft.flavour == Flavour::Mariadb => {
                return Err(needs_schema("the sequence", draft.flavour));
            }
            (None, false) => {
                draft.note_unknown(&id);
                let cycle = said.counter.cycle.is_some_and(|cycle| !cycle);
                let options = SequenceOptions { cycle, ..SequenceOptions::default() };
                let sequence = Sequence { options, owned_by: None, logged: true, engine: None };
                draft.assume_object(Object::new(id.clone(), Body::Sequence(sequence)));
            }
        }
    }
    if let Some(Body::Sequence(sequence)) = draft.after.objects.get_mut(&id).map(|object| &mut object.body) {
        fill(&mut sequence.options, &said.counter);
        if let Some(data_type) = said.data_type.as_ref().filter(|_| draft.flavour == Flavour::Postgres) {
            sequence.options.data_type.clone_from(data_type);
        }
    }
    if let Some(name) = &said.rename {
        draft.rename(id.renamed(name), &id.name);
    }
    Ok(())
}

pub(super) fn drop(draft: &mut Draft, said: &DropSequence) -> Result<(), Diagnostic> {
    draft.only_on(&[Flavour::Postgres, Flavour::Mariadb], "sequences")?;
    let id = draft.id(ObjectKind::Sequence, &said.name)?;
    if !draft.after.objects.contains_key(&id) {
        match (&said.existing, draft.known) {
            (_, true) if said.if_exists => return Ok(()),
            (_, true) => return Err(draft.missing(&id)),
            (Some(existing), false) => {
                let object = made(draft, id.clone(), existing)?;
                draft.assume_object(object);
            }
            (None, false) => {
                draft.note_unknown(&id);
                let sequence = Sequence {
                    options: SequenceOptions::default(),
                    owned_by: None,
                    logged: true,
                    engine: None,
                };
                draft.assume_object(Object::new(id.clone(), Body::Sequence(sequence)));
            }
        }
    }
    draft.remove(&id);
    Ok(())
}
