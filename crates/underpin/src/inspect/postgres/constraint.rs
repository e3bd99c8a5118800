//! Constraints of tables and domains. Not those that a partition or child has from its parent, and not
//! constraint triggers, which are triggers.

use underpin_core::{
    name::chosen,
    schema::{
        Action, Body, Constraint, ConstraintKind, Deferral, ForeignKey, IndexPart, ObjectId, ObjectKind,
        Options,
    },
};

use super::catalog::{Catalog, add_options, filled, number, numbers, text, texts};
use crate::database::{DatabaseError, Row};

/// Reads `pg_constraint`.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let enforced = catalog.since(18, "k.conenforced", "true");
    let nulls = catalog.since(15, "i.indnullsnotdistinct", "false");
    let columns = catalog.since(15, "array_to_json(k.confdelsetcols)", "NULL");
    let sql = format!(
        "SELECT k.oid, k.conrelid, k.contypid, k.conname, k.contype, pg_catalog.pg_get_constraintdef(k.oid), \
         k.condeferrable, k.condeferred, k.convalidated, {enforced}, k.conislocal, k.coninhcount, \
         array_to_json(k.conkey), k.confrelid, array_to_json(k.confkey), k.confupdtype, k.confdeltype, \
         k.confmatchtype, {columns}, k.connoinherit, k.conindid, pg_catalog.pg_get_expr(k.conbin, k.conrelid), \
         pg_catalog.obj_description(k.oid, 'pg_constraint'), {nulls}, array_to_json(ic.reloptions), ts.spcname, \
         i.indisclustered, c.relispartition, ic.relname, pg_catalog.obj_description(k.conindid, 'pg_class'), \
         (SELECT p.conname FROM pg_catalog.pg_constraint p WHERE p.oid = k.conparentid), \
         (SELECT p.relname FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent \
          WHERE h.inhrelid = ic.oid), {}, \
         COALESCE((SELECT NOT pi.indisvalid FROM pg_catalog.pg_inherits h \
         JOIN pg_catalog.pg_index pi ON pi.indexrelid = h.inhparent WHERE h.inhrelid = ic.oid), false), \
         (SELECT p.conindid FROM pg_catalog.pg_constraint p WHERE p.oid = k.conparentid), \
         (SELECT p.conrelid FROM pg_catalog.pg_constraint p WHERE p.oid = k.conparentid) \
         FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace \
         LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conrelid \
         LEFT JOIN pg_catalog.pg_class ic ON ic.oid = k.conindid AND k.contype IN ('p', 'u', 'x') \
         LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = ic.oid \
         LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = ic.reltablespace \
         WHERE k.contype IN ('p', 'u', 'c', 'f', 'x', 'n') AND {} ORDER BY k.conrelid, k.contypid, k.conname",
        super::index::partial("c", "i"),
        catalog.in_scope(),
    );
    for row in catalog.fetch(&sql).await? {
        if number(&row, 1) != 0 { of_table(catalog, &row) } else { of_domain(catalog, &row) }
    }
    Ok(())
}

fn of_table(catalog: &mut Catalog<'_>, row: &Row) {
    let relation = number(row, 1);
    let Some(table) = catalog.known("pg_class", relation).cloned() else { return };
    let id = table.part(ObjectKind::Constraint, row.text(3));
    let from_parent = number(row, 11) > 0 && (row.truth(27) || !row.truth(10));
    if !from_parent || row.text(4) != "f" {
        // A foreign key that a partition has from its parent, or that is there for a partition of the
        // table referred to, comes and goes with the parent's: what it needs is no need of the table.
        catalog.know("pg_constraint", number(row, 0), id.clone());
    }
    if matches!(row.text(4), "p" | "u" | "x") {
        catalog.know("pg_class", number(row, 20), id);
    }
    if from_parent {
        if let Some(parent) = catalog.known("pg_class", number(row, 35)).filter(|_| row.text(4) != "f") {
            let whole = parent.part(ObjectKind::Constraint, row.text(30));
            catalog.keys.insert(number(row, 20), (number(row, 34), whole));
        }
        keep_index_name(catalog, &table, relation, row);
        return;
    }
    let Some(kind) = kind(catalog, relation, row) else { return };
    if let ConstraintKind::NotNull { column } = &kind {
        let usual = chosen(&table.name, column, "not_null");
        if usual == row.text(3) && row.truth(8) && !row.truth(19) && row.optional(22).is_none() {
            return;
        }
    }
    let constraint = Constraint {
        deferral: deferral(row),
        validated: row.truth(8),
        enforced: row.truth(9),
        comment: text(row, 22),
        options: options(row),
        definition: text(row, 5),
        ..Constraint::new(text(row, 3), kind)
    };
    if let Some(table) = catalog.table(relation) {
        table.constraints.push(constraint);
    }
}

/// Keeps the name of a partition's key where it is not one that the server would choose.
fn keep_index_name(catalog: &mut Catalog<'_>, table: &ObjectId, relation: i64, row: &Row) {
    let columns: Vec<String> = numbers(row, 12)
        .into_iter()
        .filter_map(|number| catalog.columns.get(&(relation, number)).cloned())
        .collect();
    let usual = match row.text(4) {
        "p" => chosen(&table.name, "", "pkey"),
        "u" => chosen(&table.name, &columns.join("_"), "key"),
        "x" => chosen(&table.name, &columns.join("_"), "excl"),
        _ => return,
    };
    let usual = if row.truth(33) { None } else { Some(usual.as_str()) };
    super::index::keep_name(catalog, relation, row.text(30), row.text(3), usual);
}

fn of_domain(catalog: &mut Catalog<'_>, row: &Row) {
    let Some(domain) = catalog.known("pg_type", number(row, 2)).cloned() else { return };
    catalog.know("pg_constraint", number(row, 0), domain.part(ObjectKind::Constraint, row.text(3)));
    if row.text(4) == "n" {
        return;
    }
    let kind = ConstraintKind::Check { expression: row.text(21).to_owned() };
    let constraint = Constraint {
        validated: row.truth(8),
        comment: text(row, 22),
        definition: text(row, 5),
        ..Constraint::new(text(row, 3), kind)
    };
    if let Some(Body::Domain(domain)) = catalog.schema.objects.get_mut(&domain).map(|object| &mut object.body)
    {
        domain.constraints.push(constraint);
    }
}

fn kind(catalog: &Catalog<'_>, relation: i64, row: &Row) -> Option<ConstraintKind> {
    let names = |relation: i64, index: usize| -> Vec<String> {
        let name = |number| catalog.columns.get(&(relation, number)).cloned();
        numbers(row, index).into_iter().filter_map(name).collect()
    };
    let columns = names(relation, 12);
    let parts = || columns.iter().map(|column| IndexPart::column(column)).collect();
    Some(match row.text(4) {
        "p" => ConstraintKind::PrimaryKey { parts: parts() },
        "u" => ConstraintKind::Unique { parts: parts(), nulls_not_distinct: row.truth(23) },
        "c" => ConstraintKind::Check { expression: row.text(21).to_owned() },
        "x" => ConstraintKind::Exclusion,
        "n" => ConstraintKind::NotNull { column: columns.first()?.clone() },
        _ => {
            let there = number(row, 13);
            let unknown = || ObjectId::new(ObjectKind::Table, None, "");
            ConstraintKind::ForeignKey(ForeignKey {
                columns,
                table: catalog.known("pg_class", there).cloned().unwrap_or_else(unknown),
                referenced: names(there, 14),
                on_update: action(row.text(15)),
                on_delete: action(row.text(16)),
                on_delete_columns: names(relation, 18),
                match_full: row.text(17) == "f",
            })
        }
    })
}

fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

fn deferral(row: &Row) -> Deferral {
    match (row.truth(6), row.truth(7)) {
        (false, _) => Deferral::None,
        (true, false) => Deferral::Immediate,
        (true, true) => Deferral::Deferred,
    }
}

fn options(row: &Row) -> Options {
    let mut options = Options::new();
    add_options(&mut options, "with.", texts(row, 24));
    options.extend(filled(row, 25).map(|space| ("tablespace".to_owned(), space)));
    if row.truth(26) {
        options.insert("clustered".to_owned(), String::new());
    }
    if row.truth(19) && matches!(row.text(4), "c" | "n") {
        options.insert("no_inherit".to_owned(), String::new());
    }
    options.extend(filled(row, 29).map(|comment| ("index_comment".to_owned(), comment)));
    options.extend(filled(row, 31).map(|index| ("index_of".to_owned(), index)));
    options.extend(text(row, 32).map(|partitions| ("partial".to_owned(), partitions)));
    options
}
