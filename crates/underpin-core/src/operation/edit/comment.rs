//! Comments on tables and columns. SQLite keeps none.

use crate::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    operation::{
        AlterColumn, ColumnComment, TableComment,
        draft::{Draft, not_there},
    },
};

pub(super) fn on_table(draft: &mut Draft, said: &TableComment) -> Result<(), Diagnostic> {
    if draft.flavour == Flavour::Sqlite {
        return Ok(());
    }
    let id = draft.table_id(&said.table)?;
    if !draft.known {
        if said.existing.is_none() {
            draft.note_unknown(&id);
        }
        // Where it is not known, it is another one than the one that it gets.
        let assumed = match &said.existing {
            Some(existing) => existing.clone(),
            None => said.comment.is_none().then(String::new),
        };
        for schema in [&mut draft.before, &mut draft.after] {
            if let Some(object) = schema.objects.get_mut(&id) {
                object.comment.clone_from(&assumed);
            }
        }
    }
    let object = draft.after.objects.get_mut(&id).ok_or_else(|| not_there(&id))?;
    object.comment.clone_from(&said.comment);
    Ok(())
}

pub(super) fn on_column(draft: &mut Draft, said: &ColumnComment) -> Result<(), Diagnostic> {
    if draft.flavour == Flavour::Sqlite {
        return Ok(());
    }
    let mut change = AlterColumn::new(said.table.clone(), &said.column);
    change.comment = Some(said.comment.clone());
    change.existing.clone_from(&said.existing);
    super::alter_column::alter(draft, &change)
}
