//! Who can't be there without whom. What the bodies of functions name is not known to the server
//! either, unless they are written in standard SQL (`BEGIN ATOMIC`).

use underpin_core::schema::{ObjectId, ObjectKind};

use super::catalog::{Catalog, number};
use crate::database::DatabaseError;

/// Reads `pg_depend` (the manual's section 53.18). What belongs to an extension stands for it.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let sql = "SELECT d.classid::regclass::text, d.objid, d.objsubid, \
               d.refclassid::regclass::text, d.refobjid, d.refobjsubid, d.deptype \
               FROM pg_catalog.pg_depend d WHERE d.objid >= 16384 AND d.refobjid >= 16384 \
               AND d.deptype IN ('n', 'a', 'i', 'e', 'P', 'S') ORDER BY d.deptype = 'e' DESC";
    let rows = catalog.fetch(sql).await?;
    for row in &rows {
        let (one, other) = ((row.text(0), number(row, 1)), (row.text(3), number(row, 4)));
        if row.text(6) == "e" {
            if let Some(extension) = catalog.resolve(other.0, other.1, 0) {
                catalog.know_member(one.0, one.1, extension);
            }
            continue;
        }
        let dependent = catalog.resolve(one.0, one.1, number(row, 2));
        let whole = catalog.whole_key(other.1).filter(|_| (one.0, other.0) == ("pg_constraint", "pg_class"));
        let on = match whole {
            // A foreign key to one partition needs the key that this has from its parent.
            Some(whole) => Some(whole.clone()),
            None => catalog.resolve(other.0, other.1, number(row, 5)),
        };
        if let (Some(dependent), Some(on)) = (dependent, on)
            && dependent != on
            && !is_ownership(&dependent, &on)
            && !is_attachment(row.text(6), &dependent, &on)
        {
            catalog.schema.depends(dependent, on);
        }
    }
    Ok(())
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
