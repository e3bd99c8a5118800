//! Indexes and primary keys. A unique constraint is an index on these servers, and nothing else.

use underpin_core::schema::{Constraint, ConstraintKind, Index, IndexPart, Key};

use super::{catalog::Catalog, table::Drafts, text};
use crate::database::{DatabaseError, Row};

/// Reads the indexes of all tables, and their primary keys.
pub(super) async fn read(catalog: &mut Catalog<'_>, drafts: &mut Drafts) -> Result<(), DatabaseError> {
    let (visible, expression) = match catalog.is_mariadb() {
        false => ("IS_VISIBLE", "EXPRESSION"),
        true if catalog.is_at_least(10, 6, 0) => ("IF(IGNORED = 'YES', 'NO', 'YES')", "NULL"),
        true => ("'YES'", "NULL"),
    };
    let mut rows = catalog
        .fetch(&format!(
            "SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, COLLATION, SUB_PART, INDEX_TYPE, \
             INDEX_COMMENT, {visible}, {expression}, SEQ_IN_INDEX FROM information_schema.STATISTICS \
             WHERE TABLE_SCHEMA = {{database}}"
        ))
        .await?;
    rows.sort_by(|one, other| {
        let place = |row: &Row| row.integer(10);
        one.text(1).cmp(other.text(1)).then_with(|| place(one).cmp(&place(other)))
    });
    for row in &rows {
        let Some(draft) = drafts.get_mut(row.text(0)) else { continue };
        let indexes = &mut draft.table.indexes;
        match indexes.last_mut() {
            Some(last) if last.name == row.text(1) => last.parts.push(part(row)),
            _ => indexes.push(index(row)),
        }
    }
    for draft in drafts.values_mut() {
        let indexes = std::mem::take(&mut draft.table.indexes);
        for index in indexes {
            if index.name == "PRIMARY" {
                draft.table.constraints.push(primary_key(index));
            } else {
                draft.table.indexes.push(index);
            }
        }
    }
    Ok(())
}

fn index(row: &Row) -> Index {
    Index {
        unique: row.text(2) == "0",
        method: method(row.text(6)),
        invisible: row.text(8) == "NO",
        comment: Some(row.text(7)).filter(|comment| !comment.is_empty()).map(str::to_owned),
        ..Index::new(row.text(1), vec![part(row)])
    }
}

/// The kind of an index. How a plain one is built counts only where somebody asked for it, which
/// `SHOW CREATE TABLE` tells.
fn method(index_type: &str) -> Option<String> {
    (!matches!(index_type, "BTREE" | "HASH")).then(|| index_type.to_ascii_lowercase())
}

fn part(row: &Row) -> IndexPart {
    let key = match row.optional(3) {
        Some(column) => Key::Column(column.to_owned()),
        None => Key::Expression(text::unescaped(row.text(9))),
    };
    // A spatial index tells the size of its rectangles here, which nobody can choose.
    let has_length = !matches!(row.text(6), "SPATIAL" | "RTREE" | "FULLTEXT");
    IndexPart {
        descending: row.text(4) == "D",
        length: row.optional(5).filter(|_| has_length).and_then(|length| length.parse().ok()),
        ..IndexPart::of(key)
    }
}

fn primary_key(index: Index) -> Constraint {
    let mut constraint = Constraint::new(Some(index.name), ConstraintKind::PrimaryKey { parts: index.parts });
    constraint.comment = index.comment;
    constraint
}
