//! The sequences of MariaDB, each of which is a table of one row that tells what it does.

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote_in},
    schema::{Body, Object, ObjectKind, Schema, Sequence, SequenceOptions},
};

use super::{
    catalog::Catalog,
    table::{Drafts, Kind},
};
use crate::database::DatabaseError;

/// Reads all sequences with one query.
pub(super) async fn read(
    catalog: &mut Catalog<'_>,
    drafts: &Drafts,
    schema: &mut Schema,
) -> Result<(), DatabaseError> {
    let names = drafts.iter().filter(|(_, draft)| draft.kind == Kind::Sequence).map(|(name, _)| name);
    let queries: Vec<String> = names
        .map(|name| {
            format!(
                "SELECT {}, start_value, `increment`, minimum_value, maximum_value, cache_size, cycle_option \
                 FROM {}",
                literal(Dialect::Mysql, name),
                quote_in(Dialect::Mysql, Some(&catalog.database), name)
            )
        })
        .collect();
    if queries.is_empty() {
        return Ok(());
    }
    for row in catalog.fetch(&queries.join(" UNION ALL ")).await? {
        let options = SequenceOptions {
            data_type: String::new(),
            start: row.text(1).to_owned(),
            increment: row.text(2).to_owned(),
            minimum: row.text(3).to_owned(),
            maximum: row.text(4).to_owned(),
            cache: row.text(5).to_owned(),
            cycle: row.truth(6),
        };
        let draft = drafts.get(row.text(0));
        let engine = draft.and_then(|draft| draft.table.options.get("engine").cloned());
        let sequence = Sequence { options, owned_by: None, logged: true, engine };
        let comment = draft.and_then(|draft| draft.comment.clone());
        let id = catalog.id(ObjectKind::Sequence, row.text(0));
        schema.insert(Object::new(id, Body::Sequence(sequence)).with_comment(comment));
    }
    Ok(())
}
