//! Constraints of tables and domains. Not those that a partition or child has from its parent, and not
//! constraint triggers, which are triggers.

use underpin_core::{
    name::chosen,
    schema::{
        Action, Body, Constraint, ConstraintKind, Deferral, ForeignKey, IndexPart, ObjectId, ObjectKind,
        Options,
    },
};

use super::catalog::{
    Catalog, add_options, filled, join_comment, number, numbers, packed, text, texts, unpacked,
};
use crate::database::{DatabaseError, Row};

/// Reads `pg_constraint`.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let enforced = catalog.since(18, "k.conenforced", "true");
    let nulls = catalog.since(15, "i.indnullsnotdistinct", "false");
    let set = catalog.since(15, "k.confdelsetcols", "NULL::int2[]");
    let sql = format!(
        "SELECT k.oid, k.conrelid, k.contypid, k.conname, k.contype, pg_catalog.pg_get_constraintdef(k.oid), \
         array_to_json(k.conkey), k.confrelid, array_to_json(k.confkey), k.confupdtype, k.confdeltype, \
         k.confmatchtype, k.conindid, pg_catalog.pg_get_expr(k.conbin, k.conrelid), \
         CASE WHEN k.condeferrable OR NOT k.convalidated OR NOT {enforced} OR k.coninhcount > 0 OR {set} IS NOT NULL \
         OR k.connoinherit AND k.contype IN ('c', 'n') OR d.description IS NOT NULL OR {nulls} \
         OR ic.reloptions IS NOT NULL OR ic.reltablespace <> 0 OR i.indisclustered OR id.description IS NOT NULL \
         OR c.relkind = 'p' OR c.relispartition THEN {} END \
         FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace \
         LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conrelid \
         LEFT JOIN pg_catalog.pg_class ic ON ic.oid = k.conindid AND k.contype IN ('p', 'u', 'x') \
         LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = ic.oid {} {} \
         WHERE k.contype IN ('p', 'u', 'c', 'f', 'x', 'n') AND {}",
        unusual(enforced, nulls, set),
        join_comment("d", "pg_constraint", "k.oid"),
        join_comment("id", "pg_class", "ic.oid"),
        catalog.in_scope(),
    );
    let mut rows = catalog.fetch(&sql).await?;
    rows.sort_by_cached_key(|row| (number(row, 1), number(row, 2), row.text(3).to_owned()));
    for row in &rows {
        if number(row, 1) != 0 { of_table(catalog, row) } else { of_domain(catalog, row) }
    }
    Ok(())
}

/// The SQL that tells what few constraints have.
fn unusual(enforced: &str, nulls: &str, set: &str) -> String {
    let of_parent = |column: &str| {
        format!("(SELECT p.{column} FROM pg_catalog.pg_constraint p WHERE p.oid = k.conparentid)")
    };
    packed(&[
        "k.condeferrable",
        "k.condeferred",
        "k.convalidated",
        enforced,
        "k.conislocal",
        "k.coninhcount",
        &format!("array_to_json({set})"),
        "k.connoinherit",
        "d.description",
        nulls,
        "array_to_json(ic.reloptions)",
        "(SELECT ts.spcname FROM pg_catalog.pg_tablespace ts WHERE ts.oid = ic.reltablespace)",
        "i.indisclustered",
        "c.relispartition",
        "id.description",
        &of_parent("conname"),
        "(SELECT p.relname FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent \
         WHERE h.inhrelid = ic.oid)",
        &super::index::partial("c", "i"),
        "COALESCE((SELECT NOT pi.indisvalid FROM pg_catalog.pg_inherits h \
         JOIN pg_catalog.pg_index pi ON pi.indexrelid = h.inhparent WHERE h.inhrelid = ic.oid), false)",
        &of_parent("conindid"),
        &of_parent("conrelid"),
    ])
}

/// What few constraints have, and what the others have in its place.
#[derive(Debug)]
struct Unusual(Row);

impl Unusual {
    fn of(row: &Row) -> Self {
        Self(unpacked(row, 14))
    }

    fn is_packed(&self) -> bool {
        !self.0.0.is_empty()
    }

    fn deferral(&self) -> Deferral {
        match (self.0.truth(0), self.0.truth(1)) {
            (false, _) => Deferral::None,
            (true, false) => Deferral::Immediate,
            (true, true) => Deferral::Deferred,
        }
    }

    fn validated(&self) -> bool {
        !self.is_packed() || self.0.truth(2)
    }

    fn enforced(&self) -> bool {
        !self.is_packed() || self.0.truth(3)
    }

    /// Whether it comes and goes with one of a parent.
    fn is_of_parent(&self) -> bool {
        number(&self.0, 5) > 0 && (self.0.truth(13) || !self.0.truth(4))
    }

    fn no_inherit(&self) -> bool {
        self.0.truth(7)
    }

    fn comment(&self) -> Option<String> {
        text(&self.0, 8)
    }

    /// The name of the parent's.
    fn parent(&self) -> &str {
        self.0.text(15)
    }
}

fn of_table(catalog: &mut Catalog<'_>, row: &Row) {
    let relation = number(row, 1);
    let Some(table) = catalog.known("pg_class", relation).cloned() else { return };
    let id = table.part(ObjectKind::Constraint, row.text(3));
    let unusual = Unusual::of(row);
    if !unusual.is_of_parent() || row.text(4) != "f" {
        // A foreign key that a partition has from its parent, or that is there for a partition of the
        // table referred to, comes and goes with the parent's: what it needs is no need of the table.
        catalog.know("pg_constraint", number(row, 0), id.clone());
    }
    if matches!(row.text(4), "p" | "u" | "x") {
        catalog.know("pg_class", number(row, 12), id);
    }
    if unusual.is_of_parent() {
        let (index, parent) = (number(&unusual.0, 19), number(&unusual.0, 20));
        if let Some(parent) = catalog.known("pg_class", parent).filter(|_| row.text(4) != "f") {
            let whole = parent.part(ObjectKind::Constraint, unusual.parent());
            catalog.keys.insert(number(row, 12), (index, whole));
        }
        keep_index_name(catalog, &table, relation, row, &unusual);
        return;
    }
    let Some(kind) = kind(catalog, relation, row, &unusual) else { return };
    if let ConstraintKind::NotNull { column } = &kind {
        let usual = chosen(&table.name, column, "not_null");
        let is_plain = unusual.validated() && !unusual.no_inherit() && unusual.comment().is_none();
        if usual == row.text(3) && is_plain {
            return;
        }
    }
    let constraint = Constraint {
        deferral: unusual.deferral(),
        validated: unusual.validated(),
        enforced: unusual.enforced(),
        comment: unusual.comment(),
        options: options(row, &unusual),
        definition: text(row, 5),
        ..Constraint::new(text(row, 3), kind)
    };
    if let Some(table) = catalog.table(relation) {
        table.constraints.push(constraint);
    }
}

/// Keeps the name of a partition's key where it is not one that the server would choose.
fn keep_index_name(catalog: &mut Catalog<'_>, table: &ObjectId, relation: i64, row: &Row, unusual: &Unusual) {
    let columns: Vec<String> = numbers(row, 6)
        .into_iter()
        .filter_map(|number| catalog.columns.get(&(relation, number)).cloned())
        .collect();
    let usual = match row.text(4) {
        "p" => chosen(&table.name, "", "pkey"),
        "u" => chosen(&table.name, &columns.join("_"), "key"),
        "x" => chosen(&table.name, &columns.join("_"), "excl"),
        _ => return,
    };
    let usual = if unusual.0.truth(18) { None } else { Some(usual.as_str()) };
    super::index::keep_name(catalog, relation, unusual.parent(), row.text(3), usual);
}

fn of_domain(catalog: &mut Catalog<'_>, row: &Row) {
    let Some(domain) = catalog.known("pg_type", number(row, 2)).cloned() else { return };
    catalog.know("pg_constraint", number(row, 0), domain.part(ObjectKind::Constraint, row.text(3)));
    let unusual = Unusual::of(row);
    let kind = match row.text(4) {
        "n" if row.text(3) == chosen(&domain.name, "", "not_null") && unusual.comment().is_none() => return,
        "n" => ConstraintKind::NotNull { column: String::new() },
        _ => ConstraintKind::Check { expression: row.text(13).to_owned() },
    };
    let constraint = Constraint {
        validated: unusual.validated(),
        comment: unusual.comment(),
        definition: text(row, 5),
        ..Constraint::new(text(row, 3), kind)
    };
    if let Some(Body::Domain(domain)) = catalog.schema.objects.get_mut(&domain).map(|object| &mut object.body)
    {
        domain.constraints.push(constraint);
    }
}

fn kind(catalog: &Catalog<'_>, relation: i64, row: &Row, unusual: &Unusual) -> Option<ConstraintKind> {
    let names = |relation: i64, numbers: Vec<i64>| -> Vec<String> {
        let name = |number| catalog.columns.get(&(relation, number)).cloned();
        numbers.into_iter().filter_map(name).collect()
    };
    let columns = names(relation, numbers(row, 6));
    let parts = || columns.iter().map(|column| IndexPart::column(column)).collect();
    Some(match row.text(4) {
        "p" => ConstraintKind::PrimaryKey { parts: parts() },
        "u" => ConstraintKind::Unique { parts: parts(), nulls_not_distinct: unusual.0.truth(9) },
        "c" => ConstraintKind::Check { expression: row.text(13).to_owned() },
        "x" => ConstraintKind::Exclusion,
        "n" => ConstraintKind::NotNull { column: columns.first()?.clone() },
        _ => {
            let there = number(row, 7);
            let unknown = || ObjectId::new(ObjectKind::Table, None, "");
            ConstraintKind::ForeignKey(ForeignKey {
                columns,
                table: catalog.known("pg_class", there).cloned().unwrap_or_else(unknown),
                referenced: names(there, numbers(row, 8)),
                on_update: action(row.text(9)),
                on_delete: action(row.text(10)),
                on_delete_columns: names(relation, numbers(&unusual.0, 6)),
                match_full: row.text(11) == "f",
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

fn options(row: &Row, unusual: &Unusual) -> Options {
    let mut options = Options::new();
    let few = &unusual.0;
    add_options(&mut options, "with.", texts(few, 10));
    options.extend(filled(few, 11).map(|space| ("tablespace".to_owned(), space)));
    if few.truth(12) {
        options.insert("clustered".to_owned(), String::new());
    }
    if unusual.no_inherit() && matches!(row.text(4), "c" | "n") {
        options.insert("no_inherit".to_owned(), String::new());
    }
    if number(few, 5) > 0 && row.text(4) == "c" {
        // The child said it too, and keeps it when the parent goes (`conislocal`).
        options.insert("inherited".to_owned(), "local".to_owned());
    }
    options.extend(filled(few, 14).map(|comment| ("index_comment".to_owned(), comment)));
    options.extend(filled(few, 16).map(|index| ("index_of".to_owned(), index)));
    options.extend(text(few, 17).map(|partitions| ("partial".to_owned(), partitions)));
    options
}
