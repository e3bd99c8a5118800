//! Tables and their options, without what is in them.

use std::collections::BTreeMap;

use underpin_core::schema::{Body, Object, ObjectKind, Options, Schema, Table, Unsupported};

use super::{catalog::Catalog, text};
use crate::database::{DatabaseError, Row};

/// A table that is being read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) kind: Kind,
    pub(super) table: Table,
    pub(super) comment: Option<String>,
    /// The collation that its text columns have unless they say otherwise.
    pub(super) collation: String,
    /// Whether it has partitions.
    pub(super) partitioned: bool,
    /// What it has and the vocabulary has no word for.
    pub(super) unknown: Vec<String>,
}

/// What kind of thing stands among the tables.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Kind {
    #[default]
    Table,
    View,
    Sequence,
}

/// The things among the tables, by name.
pub(super) type Drafts = BTreeMap<String, Draft>;

/// Reads the tables, and the names of views and sequences with them.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<Drafts, DatabaseError> {
    let rows = catalog
        .fetch(
            "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT \
             FROM information_schema.TABLES WHERE TABLE_SCHEMA = {database}",
        )
        .await?;
    Ok(rows.iter().filter_map(|row| Some((row.text(0).to_owned(), draft(row)?))).collect())
}

fn draft(row: &Row) -> Option<Draft> {
    let kind = match row.text(1) {
        "BASE TABLE" | "SYSTEM VERSIONED" => Kind::Table,
        "VIEW" => Kind::View,
        "SEQUENCE" => Kind::Sequence,
        // A temporary table is nobody else's, and a system view is the server's.
        _ => return None,
    };
    let collation = row.text(3).to_owned();
    let mut options = text::options(row.text(4));
    let partitioned = options.remove("partitioned").is_some();
    // Whether rows are in the secondary engine now, which no statement sets.
    options.remove("secondary_load");
    // Aria's tables have it there whether or not it was said; `SHOW CREATE TABLE` tells.
    options.remove("transactional");
    if row.text(1) == "SYSTEM VERSIONED" {
        options.insert("system_versioning".to_owned(), String::new());
    }
    set(&mut options, "engine", row.text(2));
    set(&mut options, "charset", charset(&collation));
    set(&mut options, "collation", &collation);
    let comment = Some(row.text(5)).filter(|comment| !comment.is_empty()).map(str::to_owned);
    let table = Table { options, ..Table::default() };
    Some(Draft { kind, table, comment, collation, partitioned, unknown: Vec::new() })
}

fn set(options: &mut Options, name: &str, value: &str) {
    if !value.is_empty() {
        options.insert(name.to_owned(), value.to_owned());
    }
}

/// The character set of a collation: what stands before the first underscore.
pub(super) fn charset(collation: &str) -> &str {
    collation.split_once('_').map_or(collation, |(charset, _)| charset)
}

/// Puts the tables that were read into the schema.
pub(super) fn insert(catalog: &Catalog<'_>, drafts: Drafts, schema: &mut Schema) {
    for (name, draft) in drafts {
        if draft.kind == Kind::Table {
            let mut table = draft.table;
            let unknown = draft.unknown.into_iter();
            schema.unsupported.extend(unknown.map(|kind| Unsupported { kind, name: name.clone() }));
            table.constraints.sort_by(|one, other| one.name.cmp(&other.name));
            table.indexes.sort_by(|one, other| one.name.cmp(&other.name));
            let object = Object::new(catalog.id(ObjectKind::Table, &name), Body::Table(table));
            schema.insert(object.with_comment(draft.comment));
        }
    }
}
