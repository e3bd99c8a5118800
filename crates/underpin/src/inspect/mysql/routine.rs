//! Functions and procedures, as `SHOW CREATE` has them: the catalog alone does not tell how their
//! arguments were written.

use underpin_core::schema::{Body, Object, ObjectKind, Options, Routine, Schema, Unsupported};

use super::{catalog::Catalog, text};
use crate::database::{DatabaseError, Row};

/// Reads all routines.
pub(super) async fn read(catalog: &mut Catalog<'_>, schema: &mut Schema) -> Result<(), DatabaseError> {
    let rows = catalog
        .fetch(
            "SELECT ROUTINE_TYPE, ROUTINE_NAME, DTD_IDENTIFIER, DEFINER, SQL_MODE \
             FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = {database} \
             ORDER BY ROUTINE_TYPE, ROUTINE_NAME",
        )
        .await?;
    for (kind, word) in [(ObjectKind::Function, "FUNCTION"), (ObjectKind::Procedure, "PROCEDURE")] {
        let routines: Vec<&Row> = rows.iter().filter(|row| row.text(0) == word).collect();
        let names: Vec<&str> = routines.iter().map(|row| row.text(1)).collect();
        let shown = catalog.show_create(word, &names).await?;
        for (row, shown) in routines.into_iter().zip(&shown) {
            insert(catalog, schema, kind, row, shown.optional(2));
        }
    }
    for row in rows.iter().filter(|row| !matches!(row.text(0), "FUNCTION" | "PROCEDURE")) {
        let kind = row.text(0).to_ascii_lowercase();
        schema.unsupported.push(Unsupported { kind, name: row.text(1).to_owned() });
    }
    Ok(())
}

fn insert(catalog: &Catalog<'_>, schema: &mut Schema, kind: ObjectKind, row: &Row, create: Option<&str>) {
    let name = row.text(1);
    let Some(create) = create else {
        // The body is shown to its definer and to who may see every routine.
        let kind = format!("{kind} whose body may not be seen");
        schema.unsupported.push(Unsupported { kind, name: name.to_owned() });
        return;
    };
    let options: Options = catalog.program_options(row.text(3), row.text(4));
    let routine = Routine {
        create: catalog.local(&text::program(create)),
        returns: (kind == ObjectKind::Function).then(|| row.text(2).to_owned()),
        signature: String::new(),
        options,
    };
    schema.insert(Object::new(catalog.id(kind, name), Body::Routine(routine)));
}
