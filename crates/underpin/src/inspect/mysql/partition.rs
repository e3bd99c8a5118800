//! The partitions of tables.

use underpin_core::schema::{Options, Partition};

use super::{catalog::Catalog, table::Drafts};
use crate::database::{DatabaseError, Row};

/// Reads the partitions of all tables that have any.
pub(super) async fn read(catalog: &mut Catalog<'_>, drafts: &mut Drafts) -> Result<(), DatabaseError> {
    let rows = catalog
        .fetch(
            "SELECT TABLE_NAME, PARTITION_NAME, SUBPARTITION_NAME, PARTITION_METHOD, SUBPARTITION_METHOD, \
             PARTITION_EXPRESSION, SUBPARTITION_EXPRESSION, PARTITION_DESCRIPTION, PARTITION_COMMENT \
             FROM information_schema.PARTITIONS \
             WHERE TABLE_SCHEMA = {database} AND PARTITION_NAME IS NOT NULL \
             ORDER BY TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION",
        )
        .await?;
    for row in &rows {
        let Some(draft) = drafts.get_mut(row.text(0)) else { continue };
        let table = &mut draft.table;
        table.partition_by.get_or_insert_with(|| partition_by(row));
        if table.partitions.last().is_none_or(|last| last.name != row.text(1)) {
            table.partitions.push(partition(row));
        }
        if let (Some(subpartition), Some(last)) = (row.optional(2), table.partitions.last_mut()) {
            last.subpartitions.push(subpartition.to_owned());
        }
    }
    Ok(())
}

fn partition_by(row: &Row) -> String {
    let mut by = format!("{} ({})", row.text(3), row.text(5));
    if let Some(method) = row.optional(4) {
        by.push_str(&format!(" SUBPARTITION BY {method} ({})", row.text(6)));
    }
    by
}

fn partition(row: &Row) -> Partition {
    let description = row.text(7);
    let bound = match row.text(3) {
        "RANGE" if description == "MAXVALUE" => Some("VALUES LESS THAN MAXVALUE".to_owned()),
        "RANGE" | "RANGE COLUMNS" => Some(format!("VALUES LESS THAN ({description})")),
        "LIST" | "LIST COLUMNS" if description == "DEFAULT" => Some("DEFAULT".to_owned()),
        "LIST" | "LIST COLUMNS" => Some(format!("VALUES IN ({description})")),
        "SYSTEM_TIME" if description == "CURRENT" => Some("CURRENT".to_owned()),
        "SYSTEM_TIME" => Some("HISTORY".to_owned()),
        _ => None,
    };
    let mut options = Options::new();
    if !row.text(8).is_empty() {
        options.insert("comment".to_owned(), row.text(8).to_owned());
    }
    Partition { name: row.text(1).to_owned(), bound, options, subpartitions: Vec::new() }
}
