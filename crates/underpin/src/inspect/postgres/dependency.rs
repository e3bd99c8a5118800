//! Who can't be there without whom. What the bodies of functions name is not known to the server
//! either, unless they are written in standard SQL (`BEGIN ATOMIC`).

use underpin_core::schema::{ObjectId, ObjectKind};

use super::catalog::{Catalog, numbers};
use crate::database::DatabaseError;

/// Reads `pg_depend` (the manual's section 53.18). What belongs to an extension stands for it.
///
/// There are some thirty of them to a table, so they come by kind, as lists of numbers. Left out are those
/// that tell nothing: of a row type on its table and an array on its element, and of the triggers that a
/// foreign key is made of.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let list = |column: &str| format!("array_to_json(array_agg(d.{column}::bigint))");
    let sql = format!(
        "SELECT d.classid::regclass::text, d.refclassid::regclass::text, d.deptype, {}, {}, {}, {} \
         FROM pg_catalog.pg_depend d WHERE d.objid >= 16384 AND d.refobjid >= 16384 \
         AND d.deptype IN ('n', 'a', 'i', 'e', 'P', 'S') AND NOT (d.deptype = 'i' \
         AND d.classid IN ('pg_catalog.pg_type'::regclass, 'pg_catalog.pg_trigger'::regclass)) \
         GROUP BY d.classid, d.refclassid, d.deptype ORDER BY d.deptype = 'e' DESC",
        list("objid"),
        list("objsubid"),
        list("refobjid"),
        list("refobjsubid"),
    );
    for row in &catalog.fetch(&sql).await? {
        let one = numbers(row, 3).into_iter().zip(numbers(row, 4));
        let other = numbers(row, 5).into_iter().zip(numbers(row, 6));
        for ((object, column), (referenced, place)) in one.zip(other) {
            let dependent = (row.text(0), object, column);
            let on = (row.text(1), referenced, place);
            match row.text(2) {
                "e" => {
                    if let Some(extension) = catalog.resolve(on.0, on.1, 0) {
                        catalog.know_member(dependent.0, dependent.1, extension);
                    }
                }
                how => add(catalog, how, dependent, on),
            }
        }
    }
    Ok(())
}

/// Adds that one thing needs another, each the name of its catalog, its number and that of its column.
fn add(catalog: &mut Catalog<'_>, how: &str, dependent: (&str, i64, i64), on: (&str, i64, i64)) {
    let is_key = (dependent.0, on.0) == ("pg_constraint", "pg_class");
    let on = match catalog.whole_key(on.1).filter(|_| is_key) {
        // A foreign key to one partition needs the key that this has from its parent.
        Some(whole) => Some(whole.clone()),
        None => catalog.resolve(on.0, on.1, on.2),
    };
    let dependent = catalog.resolve(dependent.0, dependent.1, dependent.2);
    if let (Some(dependent), Some(on)) = (dependent, on)
        && dependent != on
        && !is_ownership(&dependent, &on)
        && !is_attachment(how, &dependent, &on)
    {
        catalog.schema.depends(dependent, on);
    }
}

/// A sequence goes with the column that owns it, and the column's default needs the sequence: what
/// would be a circle is told by the sequence itself.
fn is_ownership(dependent: &ObjectId, on: &ObjectId) -> bool {
    dependent.kind == ObjectKind::Sequence && matches!(on.kind, ObjectKind::Column | ObjectKind::Table)
}

/// That an index of a partition belongs to one of its parent is told by the constraint whose index it
/// is (`index_of`): each can go and come only together with the other.
fn is_attachment(how: &str, dependent: &ObjectId, on: &ObjectId) -> bool {
    let is_index = |id: &ObjectId| matches!(id.kind, ObjectKind::Index | ObjectKind::Constraint);
    matches!(how, "P" | "S") && is_index(dependent) && is_index(on)
}
