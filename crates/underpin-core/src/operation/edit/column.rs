//! Columns that come and go, with what is over them.

use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    operation::{
        AddColumn, Column as Said, DropColumn,
        blueprint::Blueprint,
        column::Position,
        draft::{Draft, REST, needs_schema, there_already},
        sequence::Counter,
    },
    schema::{
        Body, Column, Constraint, ConstraintKind, Index, IndexPart, Key, ObjectId, ObjectKind,
        SequenceOptions, Table,
    },
    sql::object_names,
};

/// What a column has that no model can say.
///
/// # Errors
/// What this engine can't have.
pub(in crate::operation) fn extras(
    draft: &Draft,
    column: &mut Column,
    said: &Said,
) -> Result<(), Diagnostic> {
    if draft.dialect() == Dialect::Mysql {
        column.charset.clone_from(&said.charset);
    }
    if let Some(identity) = &said.identity {
        set_identity(draft, column, &identity.counter)?;
    }
    let is_virtual = column.generated.as_ref().is_some_and(|generated| !generated.stored);
    if is_virtual && draft.flavour == Flavour::Postgres {
        draft.since(18, "columns that are computed when they are read")?;
    }
    column.options.extend(said.options_on(draft.flavour));
    Ok(())
}

/// Gives an identity the properties that were said.
pub(super) fn set_identity(draft: &Draft, column: &mut Column, said: &Counter) -> Result<(), Diagnostic> {
    match &mut column.identity {
        Some(identity) if *said != Counter::default() => {
            let data_type = identity.sequence.data_type.clone();
            let mut options = SequenceOptions { data_type, ..SequenceOptions::default() };
            fill(&mut options, said);
            identity.sequence = crate::dialect::postgres_sequence(&options);
        }
        Some(_) => {}
        None if *said == Counter::default() => {}
        None => return Err(draft.unsupported("properties of the numbers that it gives to rows")),
    }
    Ok(())
}

/// Gives a sequence the properties that were said.
pub(super) fn fill(options: &mut SequenceOptions, said: &Counter) {
    let set = |field: &mut String, value: Option<i64>| {
        if let Some(value) = value {
            *field = value.to_string();
        }
    };
    set(&mut options.start, said.start);
    set(&mut options.increment, said.increment);
    set(&mut options.minimum, said.minimum);
    set(&mut options.maximum, said.maximum);
    if let Some(cache) = said.cache {
        options.cache = cache.to_string();
    }
    options.cycle = said.cycle.unwrap_or(options.cycle);
}

pub(super) fn add(draft: &mut Draft, said: &AddColumn) -> Result<(), Diagnostic> {
    let id = draft.table_id(&said.table)?;
    let name = &said.column.model.name;
    if draft.table(&id)?.column(name).is_some() {
        let column = id.part(ObjectKind::Column, name);
        return if said.if_not_exists { Ok(()) } else { Err(there_already(&column)) };
    }
    let mut blueprint = Blueprint::new(&said.table);
    blueprint.add_column(&said.column);
    let made = blueprint.made(draft, &id)?;
    check_types(draft, &id, &made.table.columns)?;
    super::constraint::assume_referenced(draft, &id, &made.table);
    let beside = made.beside.into_iter().map(|(column, one)| (id.clone(), column, one));
    draft.beside.extend(beside);
    let mut parts = made.table;
    // Nothing but what comes with it is over a column that is new.
    super::constraint::index_keys(draft, &mut parts);
    let (flavour, known) = (draft.flavour, draft.known);
    if let Some(Position::After(other)) = &said.column.position {
        require(draft, &id, other)?;
    }
    let table = draft.table_mut(&id)?;
    for column in parts.columns {
        place(table, column, said.column.position.as_ref(), known, flavour)?;
    }
    table.constraints.extend(parts.constraints);
    table.indexes.extend(parts.indexes);
    Ok(())
}

/// Makes sure that a column is there, or takes it for granted.
fn require(draft: &mut Draft, id: &ObjectId, name: &str) -> Result<(), Diagnostic> {
    if draft.table(id)?.column(name).is_some() {
        return Ok(());
    }
    if draft.known {
        return Err(missing(draft, id, name)?);
    }
    let column = Column { name: name.to_owned(), nullable: true, ..Column::default() };
    // Before the rest: what comes behind it stands between them.
    draft.assume(id, |table| table.columns.insert(0, column.clone()));
    Ok(())
}

/// What is to be said of a column that is not there.
pub(super) fn missing(draft: &Draft, id: &ObjectId, name: &str) -> Result<Diagnostic, Diagnostic> {
    let names: Vec<&str> = draft.table(id)?.columns.iter().map(|column| column.name.as_str()).collect();
    let column = id.part(ObjectKind::Column, name);
    Ok(crate::operation::draft::with_suggestion(crate::operation::draft::not_there(&column), name, &names))
}

/// Puts a column at its place; where that is not said, behind all others.
pub(super) fn place(
    table: &mut Table,
    column: Column,
    position: Option<&Position>,
    known: bool,
    flavour: Flavour,
) -> Result<(), Diagnostic> {
    let find = |name: &str| {
        let found = table.columns.iter().position(|column| column.name == name);
        found.ok_or_else(|| {
            Diagnostic::new(
                ErrorKind::Model,
                format!("there is no column {name} to put {} beside", column.name),
            )
        })
    };
    let at = match position {
        None => table.columns.len(),
        Some(Position::First) => 0,
        Some(Position::After(other)) => find(other)? + 1,
        Some(Position::Before(_)) if !known && flavour.dialect() == Dialect::Mysql => {
            return Err(needs_schema("the order of the columns", flavour));
        }
        Some(Position::Before(_)) if !known => table.columns.len(),
        Some(Position::Before(other)) => find(other)?,
    };
    table.columns.insert(at, column);
    Ok(())
}

/// Looks for the enumerated types of columns, which operations of their own make, and notes who needs them.
pub(super) fn check_types(draft: &mut Draft, table: &ObjectId, columns: &[Column]) -> Result<(), Diagnostic> {
    if draft.flavour != Flavour::Postgres || !draft.known {
        return Ok(());
    }
    for column in columns {
        let Some(name) = column.data_type.trim_end_matches("[]").strip_suffix('"') else { continue };
        let name = name.rsplit_once("\".\"").map_or(name, |(_, name)| name).trim_start_matches('"');
        let found = draft.after.objects.keys().find(|id| id.name == name && is_type(id.kind)).cloned();
        if let Some(found) = found {
            draft.after.depends(table.part(ObjectKind::Column, &column.name), found);
        } else {
            let message = format!("column {}: there is no type {name}", column.name);
            return Err(Diagnostic::new(ErrorKind::Model, message)
                .hint("make it first: op.create_enum(Enumeration::new(…))"));
        }
    }
    Ok(())
}

const fn is_type(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite | ObjectKind::Range)
}

pub(super) fn drop(draft: &mut Draft, said: &DropColumn) -> Result<(), Diagnostic> {
    let id = draft.table_id(&said.table)?;
    if draft.table(&id)?.column(&said.column).is_none() {
        match draft.known {
            true if said.if_exists => return Ok(()),
            true => return Err(missing(draft, &id, &said.column)?),
            false => assume(draft, &id, &said.table, &said.column, said.existing.as_ref())?,
        }
    }
    let gone = id.part(ObjectKind::Column, &said.column);
    draft.refuse_viewed(&gone)?;
    let dialect = draft.dialect();
    let needs: Vec<ObjectId> = draft.after.dependents(&gone).cloned().collect();
    let table = draft.table_mut(&id)?;
    table.columns.retain(|column| column.name != said.column);
    table.indexes.retain(|index| !is_over(dialect, index, &said.column));
    table.constraints.retain(|one| {
        let own = one.name.as_ref().map(|name| id.part(ObjectKind::Constraint, name));
        !is_about(dialect, one, &said.column) && !own.is_some_and(|own| needs.contains(&own))
    });
    if table.columns.is_empty() {
        let message = format!("{gone} is the only column of its table, which can't be without any");
        return Err(Diagnostic::new(ErrorKind::Model, message).hint("drop the table"));
    }
    let is_owned = |body: &Body| match body {
        Body::Sequence(sequence) => sequence.owned_by.as_ref() == Some(&gone),
        _ => false,
    };
    draft.after.objects.retain(|_, object| !is_owned(&object.body));
    let default = id.part(ObjectKind::Default, &said.column);
    draft.forget(|other| *other == gone || *other == default);
    Ok(())
}

/// Takes a column for granted: as it was said to be, or as nothing but its name.
pub(super) fn assume(
    draft: &mut Draft,
    id: &ObjectId,
    table: &crate::model::ModelName,
    name: &str,
    existing: Option<&Said>,
) -> Result<(), Diagnostic> {
    let Some(existing) = existing else {
        draft.note_unknown(&id.part(ObjectKind::Column, name));
        let column = Column { name: name.to_owned(), nullable: true, ..Column::default() };
        draft.assume(id, |table| table.columns.push(column.clone()));
        return Ok(());
    };
    let mut existing = existing.clone();
    name.clone_into(&mut existing.model.name);
    let mut blueprint = Blueprint::new(table);
    blueprint.add_column(&existing);
    let made = blueprint.made(draft, id)?;
    let beside = made.beside.into_iter().map(|(column, one)| (id.clone(), column, one));
    draft.beside.extend(beside);
    draft.assume(id, |table| {
        table.columns.extend(made.table.columns.iter().cloned());
        table.constraints.extend(made.table.constraints.iter().cloned());
        table.indexes.extend(made.table.indexes.iter().cloned());
    });
    Ok(())
}

/// Whether an index is over a column, so that it goes with it.
fn is_over(dialect: Dialect, index: &Index, column: &str) -> bool {
    has_part(dialect, &index.parts, column)
        || index.include.iter().any(|name| name == column)
        || index.predicate.as_ref().is_some_and(|predicate| names(dialect, predicate, column))
}

/// Whether a constraint is about a column, so that it goes with it.
fn is_about(dialect: Dialect, constraint: &Constraint, column: &str) -> bool {
    match &constraint.kind {
        ConstraintKind::PrimaryKey { parts } | ConstraintKind::Unique { parts, .. } => {
            has_part(dialect, parts, column)
        }
        ConstraintKind::Check { expression } => names(dialect, expression, column),
        ConstraintKind::ForeignKey(key) => key.columns.iter().any(|name| name == column),
        ConstraintKind::Exclusion => {
            constraint.definition.as_ref().is_some_and(|definition| names(dialect, definition, column))
        }
        ConstraintKind::NotNull { column: own } => own == column,
    }
}

fn has_part(dialect: Dialect, parts: &[IndexPart], column: &str) -> bool {
    parts.iter().any(|part| match &part.key {
        Key::Column(name) => name == column,
        Key::Expression(expression) => names(dialect, expression, column),
    })
}

fn names(dialect: Dialect, text: &str, column: &str) -> bool {
    column != REST && object_names(dialect, text).iter().any(|name| name == column)
}
