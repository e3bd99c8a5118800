//! What is dangerous about what becomes of a column.

use super::{Hazard, HazardKind, Rows, hazard};
use crate::{
    dialect::{Dialect, mysql, sqlite::affinity::Affinity},
    difference::Change,
    loss::lost_precision,
    schema::{Column, ObjectId, ObjectKind},
};

/// What is dangerous about what becomes of a column of this table.
pub(super) fn hazards(rows: &Rows<'_>, table: &ObjectId, change: &Change<Column>) -> Vec<Hazard> {
    match change {
        Change::Add { to } => added(rows, table, to).into_iter().collect(),
        Change::Drop { from } => {
            let id = table.part(ObjectKind::Column, &from.name);
            let computed = from.generated.is_some();
            let kind = if computed { HazardKind::BreaksReaders } else { HazardKind::DeletesData };
            vec![hazard(kind, &id, format!("{id} is gone with what it holds"))]
        }
        Change::Alter { from, to } => altered(rows, table, from, to),
    }
}

fn added(rows: &Rows<'_>, table: &ObjectId, to: &Column) -> Option<Hazard> {
    let id = table.part(ObjectKind::Column, &to.name);
    let filled = to.nullable
        || to.default.is_some()
        || to.generated.is_some()
        || to.identity.is_some()
        || to.auto_increment
        || rows.rowid == Some(to.name.as_str());
    if filled {
        return None;
    }
    let what = format!("{id} may not be null and has no default");
    Some(match rows.dialect {
        // "Data Type Default Values" in the manual of MySQL.
        Dialect::Mysql => hazard(
            HazardKind::DependsOnRows,
            &id,
            format!("{what}: rows get the value that its type has in place of one (0, an empty text)"),
        ),
        Dialect::Sqlite | Dialect::Postgres => hazard(
            HazardKind::DependsOnRows,
            &id,
            format!("{what}: it can only be added while there are no rows"),
        )
        .counted_by(Some(rows.all(&to.name))),
    })
}

fn altered(rows: &Rows<'_>, table: &ObjectId, from: &Column, to: &Column) -> Vec<Hazard> {
    let id = table.part(ObjectKind::Column, &to.name);
    let mut hazards = Vec::new();
    if from.name != to.name {
        let message = format!("programs that say {} fail once it is {}", from.name, to.name);
        hazards.push(hazard(HazardKind::BreaksReaders, &id, message));
    }
    if from.nullable && !to.nullable && !fills_nulls(rows, from, to) {
        let message = format!("rows where {id} is null stand in the way");
        let query = rows.null(&from.name);
        hazards.push(hazard(HazardKind::DependsOnRows, &id, message).counted_by(Some(query)));
    }
    if from.data_type != to.data_type {
        hazards.extend(converted(rows, &id, from, to));
        let types = format!("{} -> {}", from.data_type, to.data_type);
        hazards.push(hazard(
            HazardKind::Rewrites,
            table,
            format!("{table} may be written anew: {id} is {types}"),
        ));
    }
    if from.generated != to.generated {
        hazards.push(hazard(
            HazardKind::Rewrites,
            table,
            format!("{table} may be written anew: {id} is computed otherwise"),
        ));
    }
    hazards
}

/// Whether rows without a value get the default, or a number of their own, when it must have one.
fn fills_nulls(rows: &Rows<'_>, from: &Column, to: &Column) -> bool {
    let has_default = to.default.as_ref().is_some_and(|default| !default.eq_ignore_ascii_case("NULL"));
    match rows.dialect {
        Dialect::Sqlite => has_default || rows.rowid == Some(to.name.as_str()),
        Dialect::Mysql => has_default && from.generated.is_none() && to.generated.is_none(),
        Dialect::Postgres => false,
    }
}

/// What becomes of the values when the type is another one.
fn converted(rows: &Rows<'_>, id: &ObjectId, from: &Column, to: &Column) -> Vec<Hazard> {
    let (old, new) = (from.data_type.as_str(), to.data_type.as_str());
    let depends = |message: String| hazard(HazardKind::DependsOnRows, id, message);
    let deletes = |message: String| hazard(HazardKind::DeletesData, id, message);
    let lost = lost_precision(rows.dialect, old, new, false);
    let rounded = lost.map(|lost| deletes(format!("{lost} of {id} are lost ({old} -> {new})")));
    let fits = || depends(format!("every value of {id} has to fit its new type ({old} -> {new})"));
    match rows.dialect {
        Dialect::Sqlite => {
            let rewritten = Affinity::of(old).becomes_number_in(Affinity::of(new));
            let message = format!("values of {id} are rewritten as numbers ({old} -> {new})");
            // Of texts it is lost how they were written: `007` is 7 then.
            let told = |message| if lost.is_some() { deletes(message) } else { depends(message) };
            rewritten.then(|| told(message)).into_iter().collect()
        }
        Dialect::Postgres => {
            let message = format!("only the first element of each value of {id} is kept ({old} -> {new})");
            let lost = keeps_first_element(old, new).then(|| deletes(message));
            lost.into_iter().chain(rounded).chain([fits()]).collect()
        }
        Dialect::Mysql => {
            let gone = mysql::change::labels_gone(old, new, rows.collation(from)).join(", ");
            let message = format!("rows that have {gone} in {id} lose it: they get the default or null");
            let lost = (!gone.is_empty()).then(|| deletes(message));
            lost.into_iter().chain(rounded).chain([fits()]).collect()
        }
    }
}

/// Whether an array becomes something that has room for one element. As a text it is kept whole.
fn keeps_first_element(old: &str, new: &str) -> bool {
    let is_text = ["text", "character", "\"char\""].iter().any(|text| new.starts_with(text));
    old.ends_with("[]") && !new.ends_with("[]") && !is_text
}

#[cfg(test)]
mod tests {
    use crate::{
        dialect::{Flavour, sqlite::create::create_table},
        difference::{Hazard, HazardKind, Renames, compare},
        schema::{Body, Column, Object, ObjectId, ObjectKind, Schema, ServerVersion, Table},
    };

    fn hazards(flavour: Flavour, from: Table, to: Table) -> Vec<Hazard> {
        let schema = |table| {
            let mut schema = Schema::empty(flavour, ServerVersion::new(16, 0, 0));
            schema.insert(Object::new(ObjectId::new(ObjectKind::Table, None, "t"), Body::Table(table)));
            schema
        };
        compare(&schema(from), &schema(to), &Renames::NONE).hazards()
    }

    fn told(flavour: Flavour, from: Table, to: Table) -> Vec<(HazardKind, String)> {
        let hazards = hazards(flavour, from, to).into_iter();
        let dangerous = hazards.filter(|hazard| hazard.kind != HazardKind::Rewrites);
        dangerous.map(|hazard| (hazard.kind, hazard.message)).collect()
    }

    fn table(column: Column) -> Table {
        Table { columns: vec![Column { name: "a".to_owned(), ..column }], ..Table::default() }
    }

    fn of_types(flavour: Flavour, from: &str, to: &str) -> Vec<(HazardKind, String)> {
        let of = |data_type: &str| table(Column { data_type: data_type.to_owned(), ..Column::default() });
        told(flavour, of(from), of(to))
    }

    #[test]
    fn what_a_new_type_takes_away_is_told() {
        let labels = of_types(Flavour::Mysql, "enum('a','b')", "enum('a')");
        assert!(labels[0].0 == HazardKind::DeletesData && labels[0].1.contains("'b'"), "{labels:?}");
        let array = of_types(Flavour::Postgres, "integer[]", "integer");
        assert_eq!(array[0].0, HazardKind::DeletesData);
        assert_eq!(of_types(Flavour::Postgres, "integer[]", "text")[0].0, HazardKind::DependsOnRows);
        let digits = of_types(Flavour::Postgres, "numeric(10,4)", "numeric(10,2)");
        let message = "digits behind the point of column t.a are lost (numeric(10,4) -> numeric(10,2))";
        assert_eq!(digits[0], (HazardKind::DeletesData, message.to_owned()));
        let number = of_types(Flavour::Sqlite, "TEXT", "INTEGER");
        let rewritten = "values of column t.a are rewritten as numbers (TEXT -> INTEGER)";
        assert_eq!(number, [(HazardKind::DeletesData, rewritten.to_owned())]);
        assert_eq!(of_types(Flavour::Sqlite, "BLOB", "INTEGER")[0].0, HazardKind::DependsOnRows);
        assert_eq!(of_types(Flavour::Sqlite, "INTEGER", "BIGINT"), []);
    }

    #[test]
    fn nobody_is_asked_about_a_check_of_a_column_that_comes() {
        let of = |text: &str| create_table(text).unwrap().table();
        let before = of("CREATE TABLE t (id INTEGER)");
        for (after, asks) in [
            ("CREATE TABLE t (id INTEGER, \"order\" INTEGER CHECK (\"order\" IN (1, 2)))", false),
            ("CREATE TABLE t (id INTEGER CHECK (id > 0), \"order\" INTEGER)", true),
        ] {
            let hazards = hazards(Flavour::Sqlite, before.clone(), of(after));
            let counted = hazards.iter().any(|hazard| hazard.query.is_some());
            assert_eq!(counted, asks, "{after}");
        }
    }

    #[test]
    fn rows_without_a_value_are_in_nobodys_way_where_they_get_the_default() {
        let null = Column { nullable: true, ..Column::default() };
        let filled = Column { default: Some("1".to_owned()), ..Column::default() };
        for (flavour, count) in [(Flavour::Sqlite, 0), (Flavour::Mysql, 0), (Flavour::Postgres, 1)] {
            let told = told(flavour, table(null.clone()), table(filled.clone()));
            assert_eq!(told.len(), count, "{flavour}: {told:?}");
        }
    }

    #[test]
    fn a_new_key_of_sqlite_that_numbers_the_rows_is_no_danger() {
        let of = |text: &str| create_table(text).unwrap().table();
        let mut keyed = of("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)");
        keyed.columns[0].nullable = false;
        assert_eq!(told(Flavour::Sqlite, of("CREATE TABLE t (a TEXT)"), keyed), []);
    }
}
