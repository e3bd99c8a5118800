//! Making and renaming tables, and whether `ALTER TABLE` is enough for a change.

use super::{
    column, constraint, names,
    order::{Altered, Columns, Way},
    quote,
};
use crate::{
    dialect::{
        Dialect,
        sqlite::create::{CreateTable, Reader, create_table},
    },
    difference::{Alteration, Change, Difference, comparable},
    schema::{Constraint, ConstraintKind, ServerVersion, Table, TableKind},
};

/// The first version that drops columns (sqlite.org, "ALTER TABLE DROP COLUMN").
const DROPS_COLUMNS: ServerVersion = ServerVersion::new(3, 35, 0);

/// The statement that makes a table under this name: the one that somebody wrote, where there is one.
pub(super) fn create(name: &str, table: &Table) -> String {
    let written = table.create.as_deref().and_then(after_name);
    let modifier = match table.kind {
        TableKind::Virtual => "VIRTUAL ",
        TableKind::Ordinary | TableKind::Foreign => "",
    };
    let rest = written.map_or_else(|| definition(table), str::to_owned);
    format!("CREATE {modifier}TABLE {} {rest}", quote(name))
}

/// What a statement says after the name of what it makes.
pub(super) fn after_name(create: &str) -> Option<&str> {
    let mut reader = Reader::new(create);
    while !reader.eat(&["TABLE"]) {
        reader.next()?;
    }
    reader.eat(&["IF", "NOT", "EXISTS"]);
    reader.qualified_name()?;
    create.get(reader.position()..)
}

/// The statement of a table that nobody wrote. The checks and foreign keys of the columns `beside` stand
/// beside them, where `ADD COLUMN` takes them, and those of all others below.
pub(crate) fn written(name: &str, table: &Table, beside: &[(String, Constraint)]) -> String {
    format!("CREATE TABLE {} {}", quote(name), definition_with(table, beside))
}

/// A table whose statement nobody wrote.
fn definition(table: &Table) -> String {
    definition_with(table, &[])
}

fn definition_with(table: &Table, beside: &[(String, Constraint)]) -> String {
    let key = table.constraints.iter().find(|constraint| column::is_counted_key(table, constraint));
    let columns = table.columns.iter().map(|made| {
        let own = beside.iter().filter(|(column, _)| *column == made.name);
        let clauses = own.map(|(_, constraint)| format!(" {}", constraint::beside_column(constraint)));
        column::definition(made, key) + &clauses.collect::<String>()
    });
    let is_below = |constraint: &&Constraint| {
        key != Some(*constraint) && !beside.iter().any(|(_, other)| other == *constraint)
    };
    let constraints = table.constraints.iter().filter(is_below);
    let pieces: Vec<String> = columns.chain(constraints.map(constraint::definition)).collect();
    let options: Vec<&str> = [("without_rowid", "WITHOUT ROWID"), ("strict", "STRICT")]
        .into_iter()
        .filter_map(|(option, words)| table.options.contains_key(option).then_some(words))
        .collect();
    let options = if options.is_empty() { String::new() } else { format!(" {}", options.join(", ")) };
    format!("(\n  {}\n){options}", pieces.join(",\n  "))
}

/// New names for a table and its columns. SQLite carries them into foreign keys, indexes, and what is
/// left of views and triggers. The columns of a virtual table it can't rename: that table is made anew.
pub(super) fn renames(altered: &Altered<'_>, difference: &Difference) -> Vec<String> {
    let (from, to) = (&altered.alteration.from.id.name, &altered.alteration.to.id.name);
    let rename = |from: &str, to: &str| format!("ALTER TABLE {} RENAME TO {}", quote(from), quote(to));
    let mut statements = Vec::new();
    if from.eq_ignore_ascii_case(to) && from != to {
        // The name is taken, by the table itself.
        let between = names::free(difference, to);
        statements.extend([rename(from, &between), rename(&between, to)]);
    } else if from != to {
        statements.push(rename(from, to));
    }
    for change in &altered.alteration.columns {
        if let Change::Alter { from, to: column } = change
            && from.name != column.name
            && altered.renamed.kind != TableKind::Virtual
        {
            let (from, column) = (quote(&from.name), quote(&column.name));
            statements.push(format!("ALTER TABLE {} RENAME COLUMN {from} TO {column}", quote(to)));
        }
    }
    statements
}

/// How a table becomes what it is to be.
pub(super) fn way(
    alteration: &Alteration,
    from: &Table,
    renamed: &Table,
    wanted: &Table,
    version: ServerVersion,
) -> Way {
    if comparable(Dialect::Sqlite, &Table { indexes: Vec::new(), ..renamed.clone() })
        == comparable(Dialect::Sqlite, &Table { indexes: Vec::new(), ..wanted.clone() })
    {
        return Way::InPlace(Columns::default());
    }
    match (renamed.kind, wanted.kind) {
        (TableKind::Ordinary, TableKind::Ordinary) => {
            in_place(alteration, from, renamed, wanted, version).map_or(Way::Rebuild, Way::InPlace)
        }
        (_, TableKind::Virtual) => Way::Virtual,
        _ => Way::Rebuild,
    }
}

/// The statements that add and drop columns, if they make of the table what it is to be.
fn in_place(
    alteration: &Alteration,
    from: &Table,
    renamed: &Table,
    wanted: &Table,
    version: ServerVersion,
) -> Option<Columns> {
    let said = |table: &Table| create_table(table.create.as_deref()?);
    let (before, after) = (said(from)?, said(wanted)?);
    let mut result = Table { indexes: Vec::new(), ..renamed.clone() };
    let table = quote(&alteration.to.id.name);
    let mut columns = Columns::default();
    for change in &alteration.columns {
        match change {
            Change::Add { to } => {
                let made = after.column(&to.name)?;
                column::can_be_added(made, later(alteration, &to.name)).then_some(())?;
                result.columns.push(to.clone());
                result.constraints.extend(made.constraints.iter().cloned());
                columns.adds.push(format!("ALTER TABLE {table} ADD COLUMN {}", made.definition));
            }
            Change::Drop { from } => {
                let gone = before.column(&from.name)?;
                let others = dropped(alteration).filter(|name| *name != from.name);
                // A name in quotes that is no column's is a text, so that what stays may name it still.
                let stays = wanted.indexes.iter().map(|index| &index.create).chain([&wanted.create]);
                let named = column::names_any(&gone.definition, others)
                    || stays.flatten().any(|text| column::names_any(text, [from.name.as_str()]));
                (version >= DROPS_COLUMNS && !named).then_some(())?;
                result.columns.retain(|column| column.name != from.name);
                remove(&mut result.constraints, &before, &from.name)?;
                columns.drops.push(format!("ALTER TABLE {table} DROP COLUMN {}", quote(&from.name)));
            }
            // What else changes, the comparison below finds.
            Change::Alter { .. } => {}
        }
    }
    let wanted = Table { indexes: Vec::new(), ..wanted.clone() };
    let enough = comparable(Dialect::Sqlite, &result) == comparable(Dialect::Sqlite, &wanted);
    enough.then_some(columns)
}

/// The columns that are added after this one.
fn later<'a>(alteration: &'a Alteration, name: &str) -> impl Iterator<Item = &'a str> {
    let added = alteration.columns.iter().filter_map(|change| match change {
        Change::Add { to } => Some(to.name.as_str()),
        Change::Drop { .. } | Change::Alter { .. } => None,
    });
    added.skip_while(move |added| *added != name).skip(1)
}

fn dropped(alteration: &Alteration) -> impl Iterator<Item = &str> {
    alteration.columns.iter().filter_map(|change| match change {
        Change::Drop { from } => Some(from.name.as_str()),
        Change::Add { .. } | Change::Alter { .. } => None,
    })
}

/// Takes away the constraints that go with a column; `None` if SQLite does not let such a column go
/// ("ALTER TABLE DROP COLUMN" in its documentation).
fn remove(constraints: &mut Vec<Constraint>, before: &CreateTable, column: &str) -> Option<()> {
    for gone in &before.column(column)?.constraints {
        match gone.kind {
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => {}
            _ => return None,
        }
        let place = constraints.iter().position(|constraint| constraint == gone)?;
        constraints.remove(place);
    }
    Some(())
}

/// Whether the statement of a table names the table itself before a column, as only its own name can
/// be named: it can't be made under another one.
pub(super) fn names_itself(name: &str, table: &Table) -> bool {
    let Some(rest) = table.create.as_deref().and_then(after_name) else { return false };
    let mut reader = Reader::new(rest);
    while !reader.is_done() {
        match reader.name() {
            Some(said) if reader.is_operator(".") && said.eq_ignore_ascii_case(name) => return true,
            Some(_) => {}
            None => {
                reader.next();
            }
        }
    }
    false
}
