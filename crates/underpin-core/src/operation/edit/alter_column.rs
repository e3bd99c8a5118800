//! A column that is otherwise afterwards.

use crate::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
    model::{Counting, ModelType, PerFlavour, object},
    name::chosen,
    operation::{
        AlterColumn,
        blueprint::Blueprint,
        draft::{Draft, needs_schema, there_already},
    },
    schema::{
        Column, Constraint, ConstraintKind, Generated, Identity, ObjectId, ObjectKind, SequenceOptions,
    },
};

pub(super) fn alter(draft: &mut Draft, said: &AlterColumn) -> Result<(), Diagnostic> {
    let id = draft.table_id(&said.table)?;
    if draft.table(&id)?.column(&said.column).is_none() {
        if draft.known {
            return Err(super::column::missing(draft, &id, &said.column)?);
        }
        assume(draft, &id, said)?;
    }
    let mut name = said.column.clone();
    if let Some(new) = said.rename.as_ref().filter(|new| **new != said.column) {
        if draft.table(&id)?.column(new).is_some() {
            return Err(there_already(&id.part(ObjectKind::Column, new)));
        }
        draft.rename(id.part(ObjectKind::Column, new), &said.column);
        name.clone_from(new);
    }
    let mut column = draft.column_mut(&id, &name)?.clone();
    if said.data_type.is_some() {
        retype(draft, &id, said, &mut column)?;
    }
    describe(draft, said, &mut column)?;
    if column.nullable {
        // What says so by a name of its own goes (PostgreSQL 18).
        draft
            .table_mut(&id)?
            .constraints
            .retain(|one| !matches!(&one.kind, ConstraintKind::NotNull { column } if *column == name));
    }
    count(draft, &id, said, &mut column)?;
    super::column::check_types(draft, &id, std::slice::from_ref(&column))?;
    *draft.column_mut(&id, &name)? = column;
    reposition(draft, &id, said, &name)
}

/// Gives a column its new type; on SQLite with the check that an enum is there.
fn retype(
    draft: &mut Draft,
    id: &ObjectId,
    said: &AlterColumn,
    column: &mut Column,
) -> Result<(), Diagnostic> {
    let Some(model_type) = said.data_type.as_ref().and_then(|data_type| data_type.get(draft.flavour)) else {
        return Ok(());
    };
    let owner = format!("{}.{}", id.name, column.name);
    let strict = draft.table(id)?.options.contains_key("strict");
    column.data_type = object::data_type(model_type, draft.flavour, strict, &owner)?;
    // A collation is of a type, and so is a character set.
    if !matches!(model_type, ModelType::Raw(_)) && !is_text(model_type) {
        (column.collation, column.charset) = (None, None);
    }
    if let Some(using) = said.using.as_ref().and_then(|using| using.get(draft.flavour)) {
        draft.only_on(&[Flavour::Postgres, Flavour::Sqlite], "USING")?;
        column.options.insert("using".to_owned(), using.clone());
    }
    if draft.dialect() == Dialect::Sqlite {
        let name = chosen(&id.name, &said.column, "check");
        let begin = format!("{} IN (", crate::name::quote(Dialect::Sqlite, &column.name));
        let is_of_enum = |one: &Constraint| match &one.kind {
            ConstraintKind::Check { expression } => {
                one.name.as_deref() == Some(&name) && expression.starts_with(&begin)
            }
            _ => false,
        };
        draft.table_mut(id)?.constraints.retain(|one| !is_of_enum(one));
        let shown = crate::operation::Column::new(&column.name, model_type.clone());
        let mut blueprint = Blueprint::new(&said.table);
        blueprint.add_column(&shown);
        let made = blueprint.made(draft, id)?.table.constraints;
        draft.table_mut(id)?.constraints.extend(made);
    }
    Ok(())
}

const fn is_text(model_type: &ModelType) -> bool {
    matches!(
        model_type,
        ModelType::String | ModelType::Text | ModelType::Varchar(_) | ModelType::Char(_) | ModelType::Enum(_)
    )
}

/// Whether something is said for this engine: a value, or that there is none on any.
fn is_about<T: PartialEq>(said: &PerFlavour<T>, flavour: Flavour) -> bool {
    said.get(flavour).is_some() || *said == PerFlavour::none()
}

/// Everything that is one property and one value.
fn describe(draft: &Draft, said: &AlterColumn, column: &mut Column) -> Result<(), Diagnostic> {
    let flavour = draft.flavour;
    if let Some(nullable) = said.nullable {
        column.nullable = nullable;
    }
    if let Some(default) = &said.default {
        let kept = ModelType::Raw(column.data_type.clone());
        let model_type = said.data_type.as_ref().and_then(|data_type| data_type.get(flavour));
        match default.get(flavour) {
            Some(value) => {
                column.default = Some(object::default(value, model_type.unwrap_or(&kept), flavour));
            }
            None if is_about(default, flavour) => column.default = None,
            None => {}
        }
    }
    if let Some(generated) = said.generated.as_ref().filter(|said| is_about(said, flavour)) {
        column.generated = generated
            .get(flavour)
            .map(|said| Generated { expression: said.expression.clone(), stored: said.stored });
        let is_virtual = column.generated.as_ref().is_some_and(|generated| !generated.stored);
        if is_virtual && flavour == Flavour::Postgres {
            draft.since(18, "columns that are computed when they are read")?;
        }
        if column.generated.is_some() {
            column.default = None;
        }
    }
    if let Some(collation) = said.collation.as_ref().and_then(|collation| collation.get(flavour)) {
        column.collation = Some(match draft.dialect() {
            Dialect::Postgres => crate::name::quote(Dialect::Postgres, collation),
            Dialect::Sqlite | Dialect::Mysql => collation.clone(),
        });
    }
    if let Some(on_update) = said.on_update.as_ref().filter(|said| is_about(said, flavour)) {
        let value = on_update.get(flavour).cloned();
        if value.is_some() {
            draft.only_on(&[Flavour::Mysql, Flavour::Mariadb], "ON UPDATE of a column")?;
        }
        column.on_update = value;
    }
    if let Some(invisible) = said.invisible {
        if invisible {
            draft.only_on(&[Flavour::Mysql, Flavour::Mariadb], "invisible columns")?;
        }
        column.invisible = invisible;
    }
    if let Some(comment) = said.comment.as_ref().filter(|_| flavour != Flavour::Sqlite) {
        column.comment.clone_from(comment);
    }
    Ok(())
}

/// Lets the server number the rows, or no longer.
fn count(draft: &Draft, id: &ObjectId, said: &AlterColumn, column: &mut Column) -> Result<(), Diagnostic> {
    let Some(counting) = said.counting else { return Ok(()) };
    match (draft.dialect(), counting) {
        (Dialect::Postgres, None) => column.identity = None,
        (Dialect::Postgres, Some(counting)) => {
            let said = SequenceOptions { data_type: column.data_type.clone(), ..SequenceOptions::default() };
            let sequence = crate::dialect::postgres_sequence(&said);
            let identity = column.identity.get_or_insert(Identity { always: false, sequence });
            identity.always = counting == Counting::Always;
            column.default = None;
            column.nullable = false;
        }
        (Dialect::Mysql, counting) => column.auto_increment = counting.is_some(),
        (Dialect::Sqlite, None) => column.auto_increment = false,
        (Dialect::Sqlite, Some(counting)) => {
            let table = draft.table(id)?;
            if crate::dialect::sqlite::change::rowid_alias(table) != Some(column.name.as_str()) {
                return Err(draft.unsupported("numbers for rows but in a primary key of one integer"));
            }
            column.auto_increment |= counting == Counting::NeverAgain;
        }
    }
    match &said.identity {
        Some(identity) => super::column::set_identity(draft, column, &identity.counter),
        None => Ok(()),
    }
}

/// Moves a column to its place, where the order of columns counts.
fn reposition(draft: &mut Draft, id: &ObjectId, said: &AlterColumn, name: &str) -> Result<(), Diagnostic> {
    let Some(position) = &said.position else { return Ok(()) };
    if !draft.known && draft.dialect() == Dialect::Mysql {
        return Err(needs_schema("the order of the columns", draft.flavour));
    }
    let (known, flavour) = (draft.known, draft.flavour);
    let table = draft.table_mut(id)?;
    let Some(at) = table.columns.iter().position(|column| column.name == name) else { return Ok(()) };
    let column = table.columns.remove(at);
    match known {
        true => super::column::place(table, column, Some(position), known, flavour),
        false => super::column::place(table, column, None, known, flavour),
    }
}

/// Takes a column for granted: as it was said to be, or as one that is otherwise in everything that is said to
/// change, which is enough where each property is changed by itself.
fn assume(draft: &mut Draft, id: &ObjectId, said: &AlterColumn) -> Result<(), Diagnostic> {
    let only_name =
        AlterColumn { rename: None, ..said.clone() } == AlterColumn::new(said.table.clone(), &said.column);
    match draft.dialect() {
        Dialect::Mysql if said.existing.is_none() => return Err(needs_schema("the column", draft.flavour)),
        Dialect::Sqlite if !only_name => return Err(needs_schema("the table", draft.flavour)),
        // It is said behind the type.
        Dialect::Postgres
            if said.existing.is_none()
                && said.data_type.is_none()
                && said
                    .collation
                    .as_ref()
                    .is_some_and(|collation| collation.get(draft.flavour).is_some()) =>
        {
            return Err(needs_schema("the column", draft.flavour));
        }
        Dialect::Mysql | Dialect::Sqlite | Dialect::Postgres => {}
    }
    super::column::assume(draft, id, &said.table, &said.column, said.existing.as_ref())?;
    if said.existing.is_some() {
        return Ok(());
    }
    if only_name {
        // A name needs nothing but the other one, there and back.
        draft.unknown = None;
    }
    let flavour = draft.flavour;
    draft.assume(id, |table| {
        let Some(column) = table.columns.iter_mut().find(|column| column.name == said.column) else { return };
        column.nullable = !said.nullable.unwrap_or(false);
        if said.default.as_ref().is_some_and(|default| *default == PerFlavour::none()) {
            column.default = Some("NULL".to_owned());
        }
        if let Some(generated) = &said.generated {
            let expression = String::new();
            let stored = generated.get(flavour).is_none_or(|generated| generated.stored);
            column.generated = Some(Generated { expression, stored });
        }
        if said.counting == Some(None) {
            column.identity = Some(Identity { always: false, sequence: SequenceOptions::default() });
            column.nullable = false;
        }
        if said.counting.is_some_and(|counting| counting.is_some()) {
            column.nullable = false;
        }
        if said.comment == Some(None) {
            column.comment = Some(String::new());
        }
    });
    Ok(())
}
