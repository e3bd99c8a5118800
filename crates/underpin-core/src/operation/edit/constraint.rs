//! Constraints that come and go.

use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    model::ModelCheck,
    operation::{
        AddConstraint, Check, Constraint as Said, DropConstraint,
        blueprint::Blueprint,
        constraint::DroppedKind,
        draft::{Draft, needs_schema, not_there, there_already, with_suggestion},
    },
    schema::{
        Action, Body, Constraint, ConstraintKind, ForeignKey, Index, IndexPart, Key, Object, ObjectId,
        ObjectKind, Table,
    },
};

pub(super) fn add(draft: &mut Draft, said: &AddConstraint) -> Result<(), Diagnostic> {
    let id = draft.table_id(&said.table)?;
    if let Said::Check(Check { model: ModelCheck { name: None, .. }, .. }) = &said.constraint
        && !draft.known
    {
        // It is named after the one column that it is of, as on every other engine.
        let error = needs_schema("the columns that the name of a check is made from", draft.flavour);
        return Err(error.hint("or give it a name: Check::new(…).name(…)"));
    }
    let mut blueprint = Blueprint::new(&said.table);
    blueprint.add_constraint(&said.constraint);
    let mut made = blueprint.made(draft, &id)?.table;
    assume_referenced(draft, &id, &made);
    if draft.known {
        index_keys_of(draft, &id, &mut made)?;
    } else if matches!(said.constraint, Said::ForeignKey(_)) {
        note_own_index(draft);
    }
    let dialect = draft.dialect();
    let table = draft.table_mut(&id)?;
    for constraint in made.constraints {
        let is_key = |one: &Constraint| matches!(one.kind, ConstraintKind::PrimaryKey { .. });
        let same = |other: &&mut Constraint| {
            (constraint.name.is_some() && other.name == constraint.name)
                || (is_key(other) && is_key(&constraint))
        };
        if let Some(other) = table.constraints.iter_mut().find(same) {
            if said.if_not_exists {
                return Ok(());
            }
            return Err(there_already(&id.part(ObjectKind::Constraint, other.shown_name())));
        }
        if is_key(&constraint) {
            // The columns of a primary key are never null, said or not.
            for column in key_columns(&constraint) {
                let column = table.columns.iter_mut().find(|known| known.name == column);
                if let Some(column) = column.filter(|_| dialect != Dialect::Sqlite) {
                    column.nullable = false;
                }
            }
        }
        table.constraints.push(constraint);
    }
    for index in made.indexes {
        if table.index(&index.name).is_some() {
            if said.if_not_exists {
                return Ok(());
            }
            return Err(there_already(&id.part(ObjectKind::Index, &index.name)));
        }
        table.indexes.push(index);
    }
    Ok(())
}

/// Notes that InnoDB may have made an index for a foreign key, which only the schema tells.
fn note_own_index(draft: &mut Draft) {
    if draft.dialect() == Dialect::Mysql {
        let why = "whether the foreign key has an index of its own was not known when this was written";
        draft.unknown.get_or_insert_with(|| why.to_owned());
    }
}

fn key_columns(constraint: &Constraint) -> Vec<String> {
    let ConstraintKind::PrimaryKey { parts } = &constraint.kind else { return Vec::new() };
    let column = |part: &IndexPart| match &part.key {
        Key::Column(name) => Some(name.clone()),
        Key::Expression(_) => None,
    };
    parts.iter().filter_map(column).collect()
}

/// Gives the foreign keys of a new table the indexes that InnoDB would make for them by itself, so that they go
/// with them on the way back ("FOREIGN KEY Constraints" in MySQL's manual).
pub(super) fn index_keys(draft: &Draft, table: &mut Table) {
    if draft.dialect() != Dialect::Mysql {
        return;
    }
    let keys: Vec<(String, Vec<String>)> = table
        .constraints
        .iter()
        .filter_map(|one| match &one.kind {
            ConstraintKind::ForeignKey(key) => Some((one.name.clone()?, key.columns.clone())),
            _ => None,
        })
        .collect();
    for (name, columns) in keys {
        if !is_indexed(table, &columns) {
            let parts = columns.iter().map(|column| IndexPart::column(column)).collect();
            table.indexes.push(Index::new(&name, parts));
        }
    }
}

/// The same for keys that come to a table that is there.
pub(super) fn index_keys_of(draft: &Draft, id: &ObjectId, parts: &mut Table) -> Result<(), Diagnostic> {
    let mut whole = draft.table(id)?.clone();
    let before = whole.indexes.len() + parts.indexes.len();
    whole.constraints.extend(parts.constraints.iter().cloned());
    whole.indexes.extend(parts.indexes.iter().cloned());
    let of_others = draft.table(id)?.constraints.len();
    let mut own = Table { constraints: whole.constraints.split_off(of_others), ..whole.clone() };
    own.constraints.extend(
        whole.constraints.into_iter().filter(|one| {
            matches!(one.kind, ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. })
        }),
    );
    index_keys(draft, &mut own);
    parts.indexes.extend(own.indexes.into_iter().skip(before));
    Ok(())
}

fn is_indexed(table: &Table, columns: &[String]) -> bool {
    let begins = |parts: &[IndexPart]| {
        parts.len() >= columns.len()
            && parts.iter().zip(columns).all(|(part, column)| part.key == Key::Column(column.clone()))
    };
    let of_key = |one: &Constraint| match &one.kind {
        ConstraintKind::PrimaryKey { parts } => begins(parts),
        _ => false,
    };
    table.indexes.iter().any(|index| index.method.is_none() && begins(&index.parts))
        || table.constraints.iter().any(of_key)
}

/// Takes it for granted that the tables are there that foreign keys refer to.
pub(super) fn assume_referenced(draft: &mut Draft, id: &ObjectId, table: &Table) {
    if draft.known {
        return;
    }
    for constraint in &table.constraints {
        if let ConstraintKind::ForeignKey(key) = &constraint.kind
            && key.table != *id
            && !draft.after.objects.contains_key(&key.table)
        {
            draft.assume_object(Object::new(key.table.clone(), Body::Table(Table::default())));
        }
    }
}

pub(super) fn drop(draft: &mut Draft, said: &DropConstraint) -> Result<(), Diagnostic> {
    let id = draft.table_id(&said.table)?;
    if take(draft, &id, said)? {
        return Ok(());
    }
    if draft.known {
        if said.if_exists {
            return Ok(());
        }
        let name = said.name.as_deref().unwrap_or("(primary key)");
        let known: Vec<&str> = draft.table(&id)?.constraints.iter().map(Constraint::shown_name).collect();
        return Err(with_suggestion(not_there(&id.part(ObjectKind::Constraint, name)), name, &known));
    }
    if matches!(said.existing, Some(Said::ForeignKey(_))) {
        note_own_index(draft);
    }
    match &said.existing {
        Some(existing) => assume_existing(draft, &id, said, existing)?,
        None => assume_named(draft, &id, said)?,
    }
    take(draft, &id, said)?;
    Ok(())
}

/// Takes the constraint from the table; false if there is none.
fn take(draft: &mut Draft, id: &ObjectId, said: &DropConstraint) -> Result<bool, Diagnostic> {
    let is_unique_index = draft.dialect() == Dialect::Mysql;
    let table = draft.table_mut(id)?;
    let is_meant = |one: &Constraint| match (&said.name, said.kind) {
        (Some(name), Some(kind)) => one.name.as_ref() == Some(name) && is_of(one, kind),
        (Some(name), None) => one.name.as_ref() == Some(name),
        (None, _) => matches!(one.kind, ConstraintKind::PrimaryKey { .. }),
    };
    if let Some(place) = table.constraints.iter().position(is_meant) {
        let gone = table.constraints.remove(place);
        if let (true, ConstraintKind::ForeignKey(key)) = (is_unique_index, &gone.kind) {
            // The index that came with it goes with it, if no other key can do without.
            let parts: Vec<IndexPart> = key.columns.iter().map(|column| IndexPart::column(column)).collect();
            let own = Index::new(gone.shown_name(), parts);
            let needed = table.constraints.iter().any(|other| match &other.kind {
                ConstraintKind::ForeignKey(other) => other.columns == key.columns,
                _ => false,
            });
            table.indexes.retain(|index| needed || *index != own);
        }
        return Ok(true);
    }
    let is_meant = |index: &Index| {
        is_unique_index
            && index.unique
            && said.name.as_ref() == Some(&index.name)
            && said.kind.is_none_or(|kind| kind == DroppedKind::Unique)
    };
    let place = table.indexes.iter().position(is_meant);
    if let Some(place) = place {
        table.indexes.remove(place);
    }
    Ok(place.is_some())
}

const fn is_of(constraint: &Constraint, kind: DroppedKind) -> bool {
    matches!(
        (&constraint.kind, kind),
        (ConstraintKind::PrimaryKey { .. }, DroppedKind::PrimaryKey)
            | (ConstraintKind::Unique { .. }, DroppedKind::Unique)
            | (ConstraintKind::Check { .. }, DroppedKind::Check)
            | (ConstraintKind::ForeignKey(_), DroppedKind::ForeignKey)
    )
}

/// Takes a constraint for granted that was said to be there.
fn assume_existing(
    draft: &mut Draft,
    id: &ObjectId,
    said: &DropConstraint,
    existing: &Said,
) -> Result<(), Diagnostic> {
    let mut blueprint = Blueprint::new(&said.table);
    blueprint.add_constraint(existing);
    let mut made = blueprint.made(draft, id)?.table;
    if let (Some(name), [one]) = (&said.name, &mut made.constraints[..]) {
        one.name = Some(name.clone());
    }
    if let (Some(name), [one]) = (&said.name, &mut made.indexes[..]) {
        one.name.clone_from(name);
    }
    assume_referenced(draft, id, &made);
    draft.assume(id, |table| {
        table.constraints.extend(made.constraints.iter().cloned());
        table.indexes.extend(made.indexes.iter().cloned());
    });
    Ok(())
}

/// Takes a constraint for granted of which nothing but its name is known.
fn assume_named(draft: &mut Draft, id: &ObjectId, said: &DropConstraint) -> Result<(), Diagnostic> {
    let name = said.name.clone().unwrap_or_else(|| match draft.flavour {
        Flavour::Mysql | Flavour::Mariadb => "PRIMARY".to_owned(),
        Flavour::Sqlite | Flavour::Postgres => crate::name::chosen(&id.name, "", "pkey"),
    });
    draft.note_unknown(&id.part(ObjectKind::Constraint, &name));
    let kind = match (said.kind, draft.dialect()) {
        (Some(kind), _) => kind,
        (None, Dialect::Mysql) => {
            let message = format!("{} has another clause for each kind of constraint", draft.flavour.title());
            return Err(Diagnostic::new(ErrorKind::Unsupported, message)
                .hint("say which it is: DropConstraint::foreign_key(…), unique(…), check(…), primary_key(…)")
                .hint("or run it with a connection"));
        }
        // Neither of them has more than one.
        (None, Dialect::Postgres | Dialect::Sqlite) => DroppedKind::Check,
    };
    let mysql = draft.dialect() == Dialect::Mysql;
    let kind = match kind {
        DroppedKind::PrimaryKey => ConstraintKind::PrimaryKey { parts: Vec::new() },
        DroppedKind::Unique if mysql => {
            let index = Index { unique: true, ..Index::new(&name, Vec::new()) };
            draft.assume(id, |table| table.indexes.push(index.clone()));
            return Ok(());
        }
        DroppedKind::Unique => ConstraintKind::Unique { parts: Vec::new(), nulls_not_distinct: false },
        DroppedKind::Check => ConstraintKind::Check { expression: String::new() },
        DroppedKind::ForeignKey => ConstraintKind::ForeignKey(ForeignKey {
            columns: Vec::new(),
            table: id.clone(),
            referenced: Vec::new(),
            on_update: Action::NoAction,
            on_delete: Action::NoAction,
            on_delete_columns: Vec::new(),
            match_full: false,
        }),
    };
    let constraint = Constraint::new(Some(name), kind);
    draft.assume(id, |table| table.constraints.push(constraint.clone()));
    Ok(())
}
