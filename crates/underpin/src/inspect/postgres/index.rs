//! Indexes of tables and materialised views. Not those that a constraint brings, and not those that a
//! partition has from its parent.

use underpin_core::{
    name::chosen,
    schema::{Index, IndexPart, Key, ObjectKind, Options},
};

use super::catalog::{Catalog, add_options, filled, join_comment, number, packed, text, texts, unpacked};
use crate::database::{DatabaseError, Row};

/// Reads `pg_index`.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let nulls = catalog.since(15, "i.indnullsnotdistinct", "false");
    let sql = format!(
        "SELECT i.indexrelid, i.indrelid, c.relname, i.indisunique, \
         CASE WHEN am.amname <> 'btree' THEN am.amname END, pg_catalog.pg_get_indexdef(i.indexrelid), \
         pg_catalog.pg_get_expr(i.indpred, i.indrelid), i.indnkeyatts, i.indkey::text, i.indoption::text, \
         CASE WHEN {nulls} OR NOT i.indisvalid OR i.indexprs IS NOT NULL OR c.reloptions IS NOT NULL \
         OR c.reltablespace <> 0 OR i.indisclustered OR d.description IS NOT NULL OR h.inhrelid IS NOT NULL \
         OR t.relkind = 'p' THEN {} END \
         FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
         JOIN pg_catalog.pg_class t ON t.oid = i.indrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_am am ON am.oid = c.relam \
         LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid {} \
         WHERE t.relkind IN ('r', 'p', 'm') AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k \
         WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AND {}",
        unusual(nulls),
        join_comment("d", "pg_class", "c.oid"),
        catalog.in_scope(),
    );
    let mut rows = catalog.fetch(&sql).await?;
    rows.sort_by_cached_key(|row| (number(row, 1), row.text(2).to_owned()));
    for row in &rows {
        add(catalog, row);
    }
    Ok(())
}

/// The SQL that tells what few indexes have. Of the parts of an index, only one with an expression among
/// them is asked for: the names of columns are known.
fn unusual(nulls: &str) -> String {
    packed(&[
        nulls,
        "i.indisvalid",
        "CASE WHEN i.indexprs IS NOT NULL THEN (SELECT json_agg(pg_catalog.pg_get_indexdef(i.indexrelid, p, false) \
         ORDER BY p) FROM generate_series(1, i.indnatts) p) END",
        "array_to_json(c.reloptions)",
        "(SELECT ts.spcname FROM pg_catalog.pg_tablespace ts WHERE ts.oid = c.reltablespace)",
        "i.indisclustered",
        "d.description",
        "h.inhrelid IS NOT NULL",
        "t.relkind",
        "(SELECT p.relname FROM pg_catalog.pg_class p WHERE p.oid = h.inhparent)",
        &partial("t", "i"),
        "COALESCE((SELECT NOT pi.indisvalid FROM pg_catalog.pg_index pi WHERE pi.indexrelid = h.inhparent), false)",
        "CASE WHEN i.indexprs IS NOT NULL THEN (SELECT json_agg(a.attnum || '=' || a.attstattarget ORDER BY a.attnum) \
         FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0) END",
    ])
}

fn add(catalog: &mut Catalog<'_>, row: &Row) {
    let relation = number(row, 1);
    let Some(owner) = catalog.known("pg_class", relation).cloned() else { return };
    catalog.know("pg_class", number(row, 0), owner.part(ObjectKind::Index, row.text(2)));
    let unusual = unpacked(row, 10);
    let parts = parts(catalog, row, &unusual);
    if unusual.truth(7) {
        let usual = chosen(&owner.name, &joined(&parts), "idx");
        let usual = if unusual.truth(11) { None } else { Some(usual.as_str()) };
        keep_name(catalog, relation, unusual.text(9), row.text(2), usual);
        return;
    }
    let index = index(row, &unusual, parts);
    if let Some(table) = catalog.table(relation) {
        table.indexes.push(index);
    } else if let Some(view) = catalog.view(relation) {
        view.indexes.push(index);
    }
}

/// The SQL that tells which partitions of a table `t` have an index of their own for the index `i`,
/// null where all have one.
pub(super) fn partial(t: &str, i: &str) -> String {
    format!(
        "CASE WHEN {t}.relkind = 'p' AND NOT {i}.indisvalid THEN (SELECT COALESCE(string_agg(\
         pg_catalog.quote_ident(xn.nspname) || '.' || pg_catalog.quote_ident(x.relname), ', ' \
         ORDER BY xn.nspname, x.relname), '') FROM pg_catalog.pg_inherits xh \
         JOIN pg_catalog.pg_index xi ON xi.indexrelid = xh.inhrelid \
         JOIN pg_catalog.pg_class x ON x.oid = xi.indrelid \
         JOIN pg_catalog.pg_namespace xn ON xn.oid = x.relnamespace WHERE xh.inhparent = {i}.indexrelid) END"
    )
}

/// Keeps the name that a partition's index has, where it is not one that the server would choose for
/// the index of that name of the parent: where that one has partitions without an index, it is made
/// without any, and every name is needed.
pub(super) fn keep_name(
    catalog: &mut Catalog<'_>,
    relation: i64,
    parent: &str,
    name: &str,
    usual: Option<&str>,
) {
    let chosen = usual
        .and_then(|usual| name.strip_prefix(usual))
        .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    if chosen || parent.is_empty() {
        return;
    }
    if let Some(table) = catalog.table(relation) {
        table.options.insert(format!("index_name.{parent}"), name.to_owned());
    }
}

/// The columns in the name that the server would choose (`ChooseIndexNameAddition` in its
/// `indexcmds.c`).
fn joined(parts: &[IndexPart]) -> String {
    let name = |part: &IndexPart| match &part.key {
        Key::Column(column) => column.clone(),
        Key::Expression(_) => "expr".to_owned(),
    };
    parts.iter().map(name).collect::<Vec<_>>().join("_")
}

fn index(row: &Row, unusual: &Row, mut parts: Vec<IndexPart>) -> Index {
    let keys = usize::try_from(number(row, 7)).unwrap_or(parts.len());
    let include = parts.split_off(keys.min(parts.len()));
    // An index of a partitioned table is written without its partitions' and made with them, unless
    // some have none.
    let create = match unusual.optional(10) {
        Some(_) => row.text(5).to_owned(),
        None => row.text(5).replacen(" ON ONLY ", " ON ", 1),
    };
    Index {
        unique: row.truth(3),
        method: filled(row, 4),
        include: include
            .into_iter()
            .map(|part| match part.key {
                Key::Column(name) | Key::Expression(name) => name,
            })
            .collect(),
        predicate: text(row, 6),
        nulls_not_distinct: unusual.truth(0),
        // That of a partitioned table is invalid as long as a partition has none.
        valid: unusual.text(1) != "false" || unusual.text(8) == "p",
        comment: text(unusual, 6),
        options: options(unusual),
        create: Some(create),
        ..Index::new(row.text(2), parts)
    }
}

/// What the index is over; a column's number is 0 where it is an expression (`indkey` in the manual's
/// section 53.26), and bits of `indoption` say what is not the usual order.
fn parts(catalog: &Catalog<'_>, row: &Row, unusual: &Row) -> Vec<IndexPart> {
    let relation = number(row, 1);
    let orders: Vec<&str> = row.text(9).split(' ').collect();
    let texts = texts(unusual, 2);
    let part = |(at, column): (usize, &str)| {
        let name = column.parse().ok().and_then(|column| catalog.columns.get(&(relation, column)));
        let key = match name {
            Some(name) => Key::Column(name.clone()),
            None => Key::Expression(texts.get(at).cloned().unwrap_or_default()),
        };
        let order: u8 = orders.get(at).and_then(|order| order.parse().ok()).unwrap_or(0);
        let (descending, nulls_first) = (order & 1 != 0, order & 2 != 0);
        let nulls_first = (descending != nulls_first).then_some(nulls_first);
        IndexPart { descending, nulls_first, ..IndexPart::of(key) }
    };
    row.text(8).split(' ').enumerate().map(part).collect()
}

fn options(unusual: &Row) -> Options {
    let mut options = Options::new();
    add_options(&mut options, "with.", texts(unusual, 3));
    add_options(&mut options, "statistics.", texts(unusual, 12));
    options.extend(filled(unusual, 4).map(|space| ("tablespace".to_owned(), space)));
    if unusual.truth(5) {
        options.insert("clustered".to_owned(), String::new());
    }
    options.extend(text(unusual, 10).map(|partitions| ("partial".to_owned(), partitions)));
    options
}
