//! What the catalog says of the table that batches are cut from: whether it is one, its columns, and its
//! unique keys. The decision is a function of that.

use underpin_core::{
    backfill::{Batches, KeyColumn, KeyKind, Keys},
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    name::{literal, quote_in},
};

use super::{super::Execution, PartError};
use crate::database::Row;

/// A table as the catalog has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Facts {
    /// What it is, in words, if it is no table.
    other: Option<String>,
    /// About how many rows it has.
    estimate: Option<u64>,
    columns: Vec<Column>,
    /// The columns of each unique key, in order.
    unique: Vec<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    name: String,
    data_type: String,
    nullable: bool,
}

impl Execution<'_> {
    /// The key of some batches, and about how many rows there are.
    pub(super) async fn keys(&mut self, batches: &Batches) -> Result<(Keys, Option<u64>), PartError> {
        let dialect = self.dialect();
        let facts = match dialect {
            Dialect::Sqlite => self.facts_sqlite(batches).await?,
            Dialect::Postgres => self.facts_postgres(batches).await?,
            Dialect::Mysql => self.facts_mysql(batches).await?,
        };
        let columns = key_columns(dialect, batches, facts.as_ref());
        let columns = columns.map_err(|error| PartError::Refused(Box::new(error)))?;
        Ok((Keys::new(dialect, batches, columns), facts.and_then(|facts| facts.estimate)))
    }

    async fn facts_postgres(&mut self, batches: &Batches) -> Result<Option<Facts>, PartError> {
        let dialect = Dialect::Postgres;
        let name = quote_in(dialect, batches.table.schema.as_deref(), &batches.table.name);
        let table = format!("to_regclass({})", literal(dialect, &name));
        let sql = format!(
            "SELECT c.relkind, c.reltuples::bigint FROM pg_catalog.pg_class AS c WHERE c.oid = {table}"
        );
        let rows = self.ask(&sql).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let other = match row.text(0) {
            "r" | "p" => None,
            "v" => Some("a view"),
            "m" => Some("a materialized view"),
            "f" => Some("a foreign table"),
            _ => Some("no table"),
        };
        let columns = format!(
            "SELECT a.attname, t.typname, NOT a.attnotnull FROM pg_catalog.pg_attribute AS a \
             JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid \
             WHERE a.attrelid = {table} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
        );
        // Only what holds for every row at any time: no index with a condition, and none half built.
        let unique = format!(
            "SELECT i.indexrelid, a.attname FROM pg_catalog.pg_index AS i \
             CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place) \
             JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number \
             WHERE i.indrelid = {table} AND i.indisunique AND i.indisvalid AND i.indpred IS NULL \
             AND i.indexprs IS NULL AND k.place <= i.indnkeyatts ORDER BY i.indisprimary DESC, 1, k.place"
        );
        Ok(Some(Facts {
            other: other.map(str::to_owned),
            estimate: row.integer(1).and_then(|rows| u64::try_from(rows).ok()).filter(|rows| *rows > 0),
            columns: self.ask(&columns).await?.iter().map(column).collect(),
            unique: grouped(&self.ask(&unique).await?),
        }))
    }

    async fn facts_mysql(&mut self, batches: &Batches) -> Result<Option<Facts>, PartError> {
        let text = |value: &str| literal(Dialect::Mysql, value);
        let schema = batches.table.schema.as_deref().map_or_else(|| "DATABASE()".to_owned(), text);
        let of = format!("TABLE_SCHEMA = {schema} AND TABLE_NAME = {}", text(&batches.table.name));
        let sql = format!("SELECT TABLE_TYPE, TABLE_ROWS FROM information_schema.TABLES WHERE {of}");
        let rows = self.ask(&sql).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let other = match row.text(0) {
            // MariaDB has another word for a table that keeps its history.
            "BASE TABLE" | "SYSTEM VERSIONED" => None,
            "VIEW" => Some("a view"),
            _ => Some("no table"),
        };
        let columns = format!(
            "SELECT COLUMN_NAME, DATA_TYPE, IS_NULLABLE = 'YES' FROM information_schema.COLUMNS WHERE {of} \
             ORDER BY ORDINAL_POSITION"
        );
        // A part of a column, or an expression, is no column; such a key is left out as a whole.
        let unique = format!(
            "SELECT INDEX_NAME, CASE WHEN SUB_PART IS NULL THEN COLUMN_NAME END FROM information_schema.STATISTICS \
             WHERE {of} AND NON_UNIQUE = 0 ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX"
        );
        Ok(Some(Facts {
            other: other.map(str::to_owned),
            estimate: row.integer(1).and_then(|rows| u64::try_from(rows).ok()).filter(|rows| *rows > 0),
            columns: self.ask(&columns).await?.iter().map(column).collect(),
            unique: grouped(&self.ask(&unique).await?),
        }))
    }

    async fn facts_sqlite(&mut self, batches: &Batches) -> Result<Option<Facts>, PartError> {
        let text = |value: &str| literal(Dialect::Sqlite, value);
        let name = text(&batches.table.name);
        let schema = match &batches.table.schema {
            Some(schema) => format!("schema = {} COLLATE NOCASE", text(schema)),
            None => "1 = 1".to_owned(),
        };
        let sql = format!(
            "SELECT type, schema FROM pragma_table_list WHERE name = {name} COLLATE NOCASE AND {schema} \
             ORDER BY schema <> 'temp', schema <> 'main' LIMIT 1"
        );
        let rows = self.ask(&sql).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let other = match row.text(0) {
            "table" => None,
            "view" => Some("a view"),
            _ => Some("no table"),
        };
        let schema = text(row.text(1));
        // Only a column that is the rowid itself can't be NULL by being a primary key ("CREATE TABLE",
        // "ROWIDs and the INTEGER PRIMARY KEY").
        let columns = format!(
            "SELECT name, type, NOT \"notnull\" AND NOT (pk = 1 AND upper(type) = 'INTEGER' AND \
             (SELECT max(pk) FROM pragma_table_info({name}, {schema})) = 1) FROM pragma_table_info({name}, {schema})"
        );
        let primary =
            format!("SELECT 1, name FROM pragma_table_info({name}, {schema}) WHERE pk > 0 ORDER BY pk");
        let unique = format!(
            "SELECT l.name, i.name FROM pragma_index_list({name}, {schema}) AS l \
             JOIN pragma_index_info(l.name, {schema}) AS i WHERE l.\"unique\" AND NOT l.partial ORDER BY l.seq, i.seqno"
        );
        let mut keys = grouped(&self.ask(&primary).await?);
        keys.extend(grouped(&self.ask(&unique).await?));
        keys.dedup();
        Ok(Some(Facts {
            other: other.map(str::to_owned),
            estimate: None,
            columns: self.ask(&columns).await?.iter().map(column).collect(),
            unique: keys,
        }))
    }
}

fn column(row: &Row) -> Column {
    Column { name: row.text(0).to_owned(), data_type: row.text(1).to_owned(), nullable: row.truth(2) }
}

/// The columns of each key, from rows of a key and a column; a key with something else in it is left out.
fn grouped(rows: &[Row]) -> Vec<Vec<String>> {
    let keys = rows.chunk_by(|one, other| one.text(0) == other.text(0));
    keys.filter_map(|key| key.iter().map(|row| row.optional(1).map(str::to_owned)).collect()).collect()
}

/// The columns of the key, if batches can be cut by it.
fn key_columns(
    dialect: Dialect,
    batches: &Batches,
    facts: Option<&Facts>,
) -> Result<Vec<KeyColumn>, Diagnostic> {
    let table = &batches.table.name;
    let same = |one: &str, other: &str| match dialect {
        Dialect::Postgres => one == other,
        Dialect::Sqlite | Dialect::Mysql => one.eq_ignore_ascii_case(other),
    };
    let Some(facts) = facts else {
        return Err(refused(format!("there is no table {table} that batches could be cut from"))
            .hint("name the table of the statement in its note"));
    };
    if let Some(other) = &facts.other {
        return Err(refused(format!("batches can't be cut from {table}, which is {other}"))
            .hint("name the table that it is made from, and a unique key of that"));
    }
    let is_unique = facts.unique.iter().any(|key| {
        key.len() == batches.key.len() && key.iter().zip(&batches.key).all(|(one, other)| same(one, other))
    });
    let mut columns = Vec::new();
    for name in &batches.key {
        let Some(column) = facts.columns.iter().find(|column| same(&column.name, name)) else {
            return Err(refused(format!("{table} has no column {name}")).hint(keys_in_words(table, facts)));
        };
        if column.nullable {
            let message = format!("{table}.{name} may be NULL, and no batch would meet such a row");
            return Err(refused(message).hint(keys_in_words(table, facts)));
        }
        let Some(kind) = KeyKind::of(dialect, &column.data_type) else {
            let message = format!(
                "batches can't be cut by {table}.{name}: values of type {} are not in the order in which they compare, or not exact",
                column.data_type
            );
            return Err(refused(message).hint(keys_in_words(table, facts)));
        };
        columns.push(KeyColumn { name: column.name.clone(), kind });
    }
    match is_unique {
        true => Ok(columns),
        false => {
            Err(refused(format!("{table} has no unique key of {}, in this order", batches.key_in_words()))
                .hint(keys_in_words(table, facts)))
        }
    }
}

fn refused(message: String) -> Diagnostic {
    Diagnostic::new(ErrorKind::MigrationFailed, message)
}

fn keys_in_words(table: &str, facts: &Facts) -> String {
    if facts.unique.is_empty() {
        return format!("{table} has no unique key; give it one first");
    }
    let keys: Vec<String> = facts.unique.iter().map(|key| format!("({})", key.join(", "))).collect();
    format!("the unique keys of {table}: {}", keys.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let column = |name: &str, data_type: &str, nullable| Column {
            name: name.to_owned(),
            data_type: data_type.to_owned(),
            nullable,
        };
        let key = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Facts {
            columns: vec![
                column("id", "bigint", false),
                column("tenant", "int", false),
                column("code", "varchar", true),
                column("weight", "double", false),
            ],
            unique: vec![key(&["id"]), key(&["tenant", "id"]), key(&["code"]), key(&["weight"])],
            ..Facts::default()
        }
    }

    fn told(note: &str, facts: Option<&Facts>) -> Result<usize, String> {
        let batches = Batches::parse(Dialect::Mysql, note).unwrap();
        let columns = key_columns(Dialect::Mysql, &batches, facts);
        columns.map(|columns| columns.len()).map_err(|error| error.message)
    }

    #[test]
    fn a_unique_key_in_its_order_is_taken() {
        let facts = facts();
        assert_eq!(told("orders by ID", Some(&facts)), Ok(1));
        assert_eq!(told("orders by tenant, id", Some(&facts)), Ok(2));
    }

    #[test]
    fn what_is_no_key_of_a_table_is_refused() {
        let facts = facts();
        let view = Facts { other: Some("a view".to_owned()), ..Facts::default() };
        for (note, facts, expected) in [
            ("orders by id", None, "there is no table orders"),
            ("orders by id", Some(&view), "which is a view"),
            ("orders by name", Some(&facts), "has no column name"),
            ("orders by code", Some(&facts), "orders.code may be NULL"),
            ("orders by weight", Some(&facts), "type double"),
            ("orders by tenant", Some(&facts), "no unique key of tenant"),
            ("orders by id, tenant", Some(&facts), "no unique key of id, tenant"),
        ] {
            let error = told(note, facts).unwrap_err();
            assert!(error.contains(expected), "{note}: {error}");
        }
    }

    #[test]
    fn a_key_of_more_than_columns_is_left_out() {
        let row =
            |key: &str, column: Option<&str>| Row(vec![Some(key.to_owned()), column.map(str::to_owned)]);
        let rows = [row("a", Some("x")), row("a", None), row("b", Some("x")), row("b", Some("y"))];
        assert_eq!(grouped(&rows), [["x", "y"]]);
    }
}
