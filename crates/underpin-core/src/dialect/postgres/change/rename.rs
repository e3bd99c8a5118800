//! Renames that a person said. They come first and everything else is done under the new names,
//! because the server follows a rename by itself wherever the old name is used.

use super::text::{literal, owner, qualified, quote, target};
use crate::{
    difference::{Alteration, Change, Difference, Operation, Rename, Renames, Statement},
    schema::{Body, Dependency, EnumType, ObjectId, ObjectKind, Schema},
};

/// The renames that a difference holds.
pub(super) fn said(difference: &Difference) -> Renames {
    let mut renames = Vec::new();
    for alteration in alterations(difference) {
        let (from, to) = (&alteration.from, &alteration.to);
        if alteration.is_rename() && from.id.name != to.id.name {
            renames.push(Rename { to: to.id.clone(), from: from.id.name.clone() });
        }
        for change in &alteration.columns {
            if let Change::Alter { from, to: new } = change
                && from.name != new.name
            {
                let to = to.id.part(ObjectKind::Column, &new.name);
                renames.push(Rename { to, from: from.name.clone() });
            }
        }
    }
    Renames(renames)
}

fn alterations(difference: &Difference) -> impl Iterator<Item = &Alteration> {
    difference.operations.iter().filter_map(|operation| match operation {
        Operation::Alter(alteration) => Some(&**alteration),
        Operation::Create(_) | Operation::Drop(_) => None,
    })
}

/// A schema as it is when everything has its new name.
pub(super) fn applied(schema: &Schema, renames: &Renames) -> Schema {
    let mut renamed = schema.clone();
    if renames.0.is_empty() {
        return renamed;
    }
    renamed.objects.clear();
    for object in schema.objects.values() {
        renamed.insert(renames.applied_to(object));
    }
    renamed.dependencies = schema
        .dependencies
        .iter()
        .map(|dependency| Dependency {
            dependent: moved(&dependency.dependent, renames),
            on: moved(&dependency.on, renames),
        })
        .collect();
    renamed
}

/// The id that something will have; that of a part follows its own name and its table's.
fn moved(id: &ObjectId, renames: &Renames) -> ObjectId {
    let table = ObjectId { table: None, ..id.clone() };
    let _ = table;
    let outer = renames.new_id(id);
    if outer == *id { outer } else { renames.new_id(&outer) }
}

/// The statements that rename.
pub(super) fn statements(difference: &Difference) -> Vec<Statement> {
    let mut statements = Vec::new();
    for alteration in alterations(difference) {
        let (from, to) = (&alteration.from, &alteration.to);
        if alteration.is_rename() && from.id.name != to.id.name {
            let old = ObjectId { table: to.id.table.clone(), ..from.id.clone() };
            let name = quote(&to.id.name);
            statements.push(Statement::new(format!("ALTER {} RENAME TO {name}", target(&old))));
        }
        for change in &alteration.columns {
            if let Change::Alter { from, to: new } = change
                && from.name != new.name
            {
                let (old, new) = (quote(&from.name), quote(&new.name));
                let table = qualified(&to.id);
                statements.push(Statement::new(format!("ALTER TABLE {table} RENAME COLUMN {old} TO {new}")));
            }
        }
    }
    let _ = (owner, literal);
    statements
}

/// Values of an enumerated type are not parts that a difference tells; unused until it does.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_without_renames_stays_what_it_is() {
        let schema = Schema::empty(
            crate::dialect::Flavour::Postgres,
            crate::schema::ServerVersion::new(16, 0, 0),
        );
        assert_eq!(applied(&schema, &Renames::NONE), schema);
        let _ = Body::Enum(EnumType { values: Vec::new() });
    }
}
