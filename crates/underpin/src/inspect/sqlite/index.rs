//! Indexes. Those that a constraint brings have no statement and are not here.

use underpin_core::{
    dialect::sqlite::create::{create_index, object_text},
    schema::{Body, Index, Object, Schema},
};

use super::Entry;

/// Adds an index to its table.
pub(super) fn read(entry: &Entry, schema: &mut Schema) {
    let index = create_index(&entry.sql)
        .map(|index| Index { name: entry.name.clone(), ..index })
        .unwrap_or_else(|| unread(entry));
    let Some(Object { body: Body::Table(table), .. }) = schema.objects.get_mut(&entry.on()) else { return };
    let place = table.indexes.partition_point(|other| other.name < index.name);
    table.indexes.insert(place, index);
}

/// An index whose statement is not understood: it is compared as a whole.
fn unread(entry: &Entry) -> Index {
    let mut index = Index { create: Some(entry.sql.clone()), ..Index::new(&entry.name, Vec::new()) };
    index.options.insert("text".to_owned(), object_text(&entry.sql));
    index
}
