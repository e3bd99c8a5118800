//! The order in which SQLite takes the changes. It looks at the names in views, triggers and foreign
//! keys only when they are used, so little has to wait for anything: but `ALTER TABLE` looks at all of
//! them, and what goes has to be out of the way of what comes under the same name.

use std::collections::BTreeSet;

use super::{index, names, program, quote, quoted_text, rebuild, table, virtual_table};
use crate::{
    diagnostic::Diagnostic,
    difference::{Alteration, Change, Difference, Operation, Renames},
    schema::{Body, Column, Object, ObjectId, Table, TableKind},
};

/// A table that is to be otherwise.
pub(super) struct Altered<'a> {
    pub(super) alteration: &'a Alteration,
    /// As it is once it and its columns have their new names.
    pub(super) renamed: Table,
    pub(super) wanted: &'a Table,
    pub(super) way: Way,
}

/// The statements that add columns, and those that drop some. A table has a column at any time.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) adds: Vec<String>,
    pub(super) drops: Vec<String>,
}

/// How a table becomes what it is to be.
pub(super) enum Way {
    /// By statements that add and drop columns, besides those for its indexes.
    InPlace(Columns),
    /// By making it anew.
    Rebuild,
    /// By having the module make it anew.
    Virtual,
}

/// All statements in their order.
pub(super) fn ordered(difference: &Difference) -> Result<Vec<String>, Diagnostic> {
    let renames = names::renames(difference);
    let altered = altered(difference, &renames);
    let anew: BTreeSet<&ObjectId> =
        altered.iter().filter(|table| table.is_made_anew()).map(Altered::id).collect();

    let displaced = match altered.iter().any(Altered::is_looked_at) {
        true => program::displaced(difference),
        false => BTreeSet::new(),
    };

    let mut statements = program::drops(difference, &displaced);
    statements.extend(index::drops(&altered));
    for table in &altered {
        statements.extend(table::renames(table, difference));
    }
    for table in &altered {
        if let Way::InPlace(columns) = &table.way {
            statements.extend(columns.adds.iter().chain(&columns.drops).cloned());
        }
    }
    statements.extend(dropped(difference).map(|object| format!("DROP TABLE {}", quote(&object.id.name))));
    statements
        .extend(created(difference, TableKind::Ordinary).map(|(id, made)| table::create(&id.name, made)));
    for table in altered.iter().filter(|table| matches!(table.way, Way::Rebuild)) {
        statements.extend(rebuild::rebuild(table, difference));
    }
    statements
        .extend(created(difference, TableKind::Virtual).map(|(id, made)| table::create(&id.name, made)));
    for table in altered.iter().filter(|table| matches!(table.way, Way::Virtual)) {
        statements.extend(virtual_table::remake(table, difference)?);
    }
    statements.extend(index::creates(difference, &altered));
    statements.extend(program::creates(difference, &displaced, &anew));
    Ok(statements)
}

impl Altered<'_> {
    /// The table, as it is called in the end.
    pub(super) fn id(&self) -> &ObjectId {
        &self.alteration.to.id
    }

    /// Whether it is changed in a way for which SQLite looks at every view and trigger.
    fn is_looked_at(&self) -> bool {
        let renamed =
            |change: &Change<Column>| matches!(change, Change::Alter { from, to } if from.name != to.name);
        self.alteration.is_rename()
            || self.alteration.columns.iter().any(renamed)
            || matches!(&self.way, Way::InPlace(columns) if !columns.drops.is_empty())
    }

    /// Whether its indexes and triggers vanish on the way.
    pub(super) fn is_made_anew(&self) -> bool {
        match self.way {
            Way::Rebuild | Way::Virtual => true,
            Way::InPlace(_) => false,
        }
    }
}

fn altered<'a>(difference: &'a Difference, renames: &Renames) -> Vec<Altered<'a>> {
    let alteration = |operation: &'a Operation| match operation {
        Operation::Alter(alteration) => Some(&**alteration),
        Operation::Create(_) | Operation::Drop(_) => None,
    };
    // `ALTER TABLE` writes such texts in other quotes, or takes them for columns.
    let is_quoted = quoted_text::any(&difference.from);
    difference
        .operations
        .iter()
        .filter_map(alteration)
        .filter_map(|alteration| {
            let (Body::Table(from), Body::Table(wanted)) = (&alteration.from.body, &alteration.to.body)
            else {
                return None;
            };
            let Body::Table(renamed) = renames.applied_to(&alteration.from).body else { return None };
            let way = match is_quoted && loses_a_name(alteration) {
                true if renamed.kind == TableKind::Ordinary && wanted.kind == TableKind::Ordinary => {
                    Way::Rebuild
                }
                _ => table::way(alteration, from, &renamed, wanted, difference.from.version),
            };
            Some(Altered { alteration, renamed, wanted, way })
        })
        .collect()
}

/// Whether a column goes or gets another name.
fn loses_a_name(alteration: &Alteration) -> bool {
    alteration.columns.iter().any(|change| match change {
        Change::Drop { .. } => true,
        Change::Alter { from, to } => from.name != to.name,
        Change::Add { .. } => false,
    })
}

fn dropped(difference: &Difference) -> impl Iterator<Item = &Object> {
    difference.operations.iter().filter_map(|operation| match operation {
        Operation::Drop(object) if matches!(object.body, Body::Table(_)) => Some(object),
        _ => None,
    })
}

/// The tables of this kind that are to be made, with their ids.
pub(super) fn created(difference: &Difference, kind: TableKind) -> impl Iterator<Item = (&ObjectId, &Table)> {
    difference.operations.iter().filter_map(move |operation| match operation {
        Operation::Create(Object { id, body: Body::Table(table), .. }) if table.kind == kind => {
            Some((id, table))
        }
        _ => None,
    })
}
