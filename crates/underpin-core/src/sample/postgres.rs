//! The statements that copy a sample between two databases of PostgreSQL: `COPY` in its text form ("COPY" in the
//! manual), which every type can be written in and read from. Not who sends them.

use super::{KEYS, Link, SampledTable};
use crate::{
    dialect::Dialect,
    name::{literal, quote, quote_in},
};

/// Settings of a transaction under which both ends write and read every value alike, and no more than is there.
/// `row_security` makes a policy that would hide rows an error, as in `pg_dump`.
pub const SETTINGS: &str = "\
    SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC'; \
    SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 3; SET LOCAL lc_monetary = 'C'; \
    SET LOCAL xmloption = 'content'; SET LOCAL row_security = off; SET LOCAL synchronize_seqscans = off; \
    SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

/// The first rows of a table, by its key; without one, as they are stored.
pub fn first_rows(table: &SampledTable, limit: u64) -> String {
    let order = match table.key.is_empty() {
        true => String::new(),
        false => format!(" ORDER BY {}", names(&table.key)),
    };
    out(table, &format!("{order} LIMIT {limit}"))
}

/// The rows of a table that these keys refer to, each key as [`missing`] has read it.
pub fn rows_of(link: &Link, parent: &SampledTable, keys: &[Vec<String>]) -> String {
    let value = |(value, column): (&String, &super::SampledColumn)| {
        format!("{}::{}", literal(Dialect::Postgres, value), column.data_type)
    };
    let tuple = |key: &Vec<String>| {
        let values: Vec<String> = key.iter().zip(&link.columns).map(value).collect();
        format!("({})", values.join(", "))
    };
    let keys: Vec<String> = keys.iter().map(tuple).collect();
    out(parent, &format!(" WHERE ({}) IN ({})", names(&link.referenced), keys.join(", ")))
}

/// What takes rows in.
pub fn take_in(table: &SampledTable) -> String {
    format!("COPY {} ({}) FROM STDIN", name(table), columns(table))
}

/// The keys that rows refer to and no row has, as text, in an order, some at a time.
pub fn missing(link: &Link, child: &SampledTable, parent: &SampledTable, offset: u64) -> String {
    let own: Vec<String> = link.columns.iter().map(|column| format!("c.{}", mark(&column.name))).collect();
    let equal: Vec<String> = own
        .iter()
        .zip(&link.referenced)
        .map(|(own, referenced)| format!("p.{} = {own}", mark(referenced)))
        .collect();
    let keys: Vec<String> = own.iter().map(|own| format!("{own}::text")).collect();
    let there: Vec<String> = own.iter().map(|own| format!("{own} IS NOT NULL")).collect();
    let order: Vec<String> = (1..=keys.len()).map(|place| place.to_string()).collect();
    format!(
        "SELECT DISTINCT {} FROM {} AS c WHERE {} AND NOT EXISTS (SELECT FROM {} AS p WHERE {}) \
         ORDER BY {} LIMIT {KEYS} OFFSET {offset}",
        keys.join(", "),
        name(child),
        there.join(" AND "),
        name(parent),
        equal.join(" AND "),
        order.join(", ")
    )
}

/// What leaves nothing in the tables whose rows are chosen.
pub fn empty<'a>(tables: impl Iterator<Item = &'a SampledTable>) -> String {
    let names: Vec<String> = tables.map(name).collect();
    format!("TRUNCATE {}", names.join(", "))
}

fn out(table: &SampledTable, rest: &str) -> String {
    // Rows of tables that inherit are those tables' own; a partitioned table has none itself.
    let only = if table.partitioned { "" } else { "ONLY " };
    format!("COPY (SELECT {} FROM {only}{}{rest}) TO STDOUT", columns(table), name(table))
}

fn name(table: &SampledTable) -> String {
    quote_in(Dialect::Postgres, table.id.schema.as_deref(), &table.id.name)
}

fn columns(table: &SampledTable) -> String {
    let columns: Vec<String> = table.columns.iter().map(|column| mark(&column.name)).collect();
    columns.join(", ")
}

fn names(columns: &[String]) -> String {
    let columns: Vec<String> = columns.iter().map(|name| mark(name)).collect();
    columns.join(", ")
}

fn mark(name: &str) -> String {
    quote(Dialect::Postgres, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{SampledColumn, tests::id};

    fn table(name: &str) -> SampledTable {
        let column = |name: &str| SampledColumn { name: name.to_owned(), data_type: "bigint".to_owned() };
        SampledTable {
            id: id(name),
            columns: vec![column("id"), column("a\"b")],
            key: vec!["id".to_owned()],
            partitioned: false,
            partition: false,
        }
    }

    #[test]
    fn the_first_rows_are_those_of_the_key() {
        assert_eq!(
            first_rows(&table("t"), 7),
            "COPY (SELECT \"id\", \"a\"\"b\" FROM ONLY \"app\".\"t\" ORDER BY \"id\" LIMIT 7) TO STDOUT"
        );
        let whole = SampledTable { partitioned: true, key: Vec::new(), ..table("t") };
        assert_eq!(
            first_rows(&whole, 7),
            "COPY (SELECT \"id\", \"a\"\"b\" FROM \"app\".\"t\" LIMIT 7) TO STDOUT"
        );
        assert_eq!(take_in(&table("t")), "COPY \"app\".\"t\" (\"id\", \"a\"\"b\") FROM STDIN");
    }

    #[test]
    fn what_is_referred_to_is_asked_for_by_its_key() {
        let link = Link {
            child: 0,
            columns: vec![SampledColumn { name: "boss".to_owned(), data_type: "bigint".to_owned() }],
            parent: 0,
            referenced: vec!["id".to_owned()],
        };
        assert_eq!(
            missing(&link, &table("t"), &table("t"), 0),
            "SELECT DISTINCT c.\"boss\"::text FROM \"app\".\"t\" AS c WHERE c.\"boss\" IS NOT NULL AND NOT EXISTS \
             (SELECT FROM \"app\".\"t\" AS p WHERE p.\"id\" = c.\"boss\") ORDER BY 1 LIMIT 500 OFFSET 0"
        );
        let keys = [vec!["1".to_owned()], vec!["it's".to_owned()]];
        assert!(
            rows_of(&link, &table("t"), &keys)
                .ends_with("WHERE (\"id\") IN (('1'::bigint), (E'it''s'::bigint))) TO STDOUT")
        );
    }
}
