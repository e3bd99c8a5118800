//! What is renamed by a difference, and names that nothing has yet.

use crate::{
    difference::{Change, Difference, Operation, Rename, Renames},
    schema::{Body, ObjectKind, Schema},
};

/// The renames of tables and columns that a difference holds.
pub(super) fn renames(difference: &Difference) -> Renames {
    let mut renames = Vec::new();
    for operation in &difference.operations {
        let Operation::Alter(alteration) = operation else { continue };
        let (from, to) = (&alteration.from.id, &alteration.to.id);
        if from.name != to.name {
            renames.push(Rename { to: to.clone(), from: from.name.clone(), schema: None });
        }
        for change in &alteration.columns {
            if let Change::Alter { from, to: column } = change
                && from.name != column.name
            {
                let to = to.part(ObjectKind::Column, &column.name);
                renames.push(Rename { to, from: from.name.clone(), schema: None });
            }
        }
    }
    Renames(renames)
}

/// A name for a table on its way that nothing has on either side.
pub(super) fn free(difference: &Difference, table: &str) -> String {
    let taken = |name: &str| has(&difference.from, name) || has(&difference.to, name);
    let first = format!("underpin_new_{table}");
    if !taken(&first) {
        return first;
    }
    (2_u32..).map(|number| format!("{first}_{number}")).find(|name| !taken(name)).unwrap_or(first)
}

/// Whether something has this name; tables, views and indexes share their names, and so does case.
fn has(schema: &Schema, name: &str) -> bool {
    schema.objects.values().any(|object| {
        let indexes = match &object.body {
            Body::Table(table) => table.indexes.as_slice(),
            _ => &[],
        };
        object.id.name.eq_ignore_ascii_case(name)
            || indexes.iter().any(|index| index.name.eq_ignore_ascii_case(name))
    })
}
