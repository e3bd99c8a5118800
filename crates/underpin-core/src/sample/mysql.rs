//! The statements that copy a sample between two databases of MySQL or MariaDB, which have no `COPY`: values are
//! read as the bytes that the server stores or writes, and written as literals that say their character set. Not
//! who sends them.

use super::{KEYS, Link, SampledTable};
use crate::{
    dialect::Dialect,
    name::{literal, mysql_bytes, quote},
};

/// What makes a session read every value as it is stored: bytes without a conversion, zero dates, padded texts as
/// short as they are, and times in a zone without gaps.
pub const READING: &str = "\
    SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; \
    SET SESSION sql_mode = '', time_zone = '+00:00', character_set_results = NULL";

/// What makes a session write every value as it was, in any order of the tables.
pub const WRITING: &str = "\
    SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', time_zone = '+00:00', \
    foreign_key_checks = 0, character_set_results = NULL";

/// How the values of a column are read and written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueForm {
    /// A number, which stands for itself.
    Number,
    /// A `FLOAT`, of which the server writes six digits unless it is made a `DOUBLE` ("Problems with
    /// Floating-Point Values" in MySQL's manual).
    Float,
    /// Text of this character set; and whatever the server writes as text.
    Text(String),
    /// Bytes.
    Bytes,
}

impl ValueForm {
    /// The form of a column, from `DATA_TYPE` and `CHARACTER_SET_NAME` of `information_schema.COLUMNS`.
    pub fn of(data_type: &str, character_set: Option<&str>) -> Self {
        let word = |set: &&str| {
            !set.is_empty() && set.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if let Some(set) = character_set.filter(word) {
            return Self::Text(set.to_owned());
        }
        match data_type.to_ascii_lowercase().as_str() {
            "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "double" | "year" => {
                Self::Number
            }
            "float" => Self::Float,
            "bit" | "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" | "vector"
            | "geometry" | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring"
            | "multipolygon" | "geomcollection" | "geometrycollection" => Self::Bytes,
            // Dates and times, JSON, and types that MariaDB writes as text: UUID, INET6.
            _ => Self::Text("utf8mb4".to_owned()),
        }
    }

    /// What reads a column.
    fn read(&self, name: &str) -> String {
        match self {
            Self::Float => format!("({name} + 0e0)"),
            Self::Number | Self::Text(_) | Self::Bytes => name.to_owned(),
        }
    }

    /// What was read, as a literal.
    pub fn literal(&self, value: Option<&[u8]>) -> String {
        let Some(value) = value else { return "NULL".to_owned() };
        let is_number = !value.is_empty() && value.iter().all(|byte| b"0123456789+-.eE".contains(byte));
        match self {
            Self::Number | Self::Float if is_number => String::from_utf8_lossy(value).into_owned(),
            Self::Number | Self::Float => mysql_bytes("_utf8mb4 ", value),
            Self::Text(set) => mysql_bytes(&format!("_{set} "), value),
            Self::Bytes => mysql_bytes("", value),
        }
    }
}

/// A table with the forms of the columns that are copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormedTable<'a> {
    /// The table.
    pub table: &'a SampledTable,
    /// The form of each of its columns.
    pub forms: Vec<ValueForm>,
}

impl FormedTable<'_> {
    /// The first rows, by the key; without one, as the engine finds them.
    pub fn first_rows(&self, limit: u64) -> String {
        let order = match self.table.key.is_empty() {
            true => String::new(),
            false => format!(" ORDER BY {}", list(self.table.key.iter().map(|name| mark(name)))),
        };
        format!("{}{order} LIMIT {limit}", self.select())
    }

    /// The rows that these keys refer to, each of which are literals.
    pub fn rows_of(&self, link: &Link, keys: &[Vec<String>]) -> String {
        let own = list(link.referenced.iter().map(|name| mark(name)));
        let keys = list(keys.iter().map(|key| format!("({})", key.join(", "))));
        format!("{} WHERE ({own}) IN ({keys})", self.select())
    }

    /// What takes rows in; behind it come the values of each.
    pub fn take_in(&self) -> String {
        let columns = list(self.table.columns.iter().map(|column| mark(&column.name)));
        format!("INSERT INTO {} ({columns}) VALUES ", name(self.table))
    }

    /// The values of a row, as they stand behind [`take_in`](Self::take_in).
    pub fn values(&self, row: &[Option<Vec<u8>>]) -> String {
        let literal = |(form, value): (&ValueForm, &Option<Vec<u8>>)| form.literal(value.as_deref());
        format!("({})", list(self.forms.iter().zip(row).map(literal)))
    }

    fn select(&self) -> String {
        let read = self.table.columns.iter().zip(&self.forms);
        format!(
            "SELECT {} FROM {}",
            list(read.map(|(column, form)| form.read(&mark(&column.name)))),
            name(self.table)
        )
    }
}

/// The keys that rows refer to and no row has, in an order, some at a time; the forms are those of the columns
/// that refer.
pub fn missing(
    link: &Link,
    forms: &[ValueForm],
    child: &SampledTable,
    parent: &SampledTable,
    offset: u64,
) -> String {
    let own: Vec<String> = link.columns.iter().map(|column| format!("c.{}", mark(&column.name))).collect();
    let equal: Vec<String> = own
        .iter()
        .zip(&link.referenced)
        .map(|(own, referenced)| format!("p.{} = {own}", mark(referenced)))
        .collect();
    let there: Vec<String> = own.iter().map(|own| format!("{own} IS NOT NULL")).collect();
    format!(
        "SELECT DISTINCT {} FROM {} AS c WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS p WHERE {}) \
         ORDER BY {} LIMIT {KEYS} OFFSET {offset}",
        list(own.iter().zip(forms).map(|(own, form)| form.read(own))),
        name(child),
        there.join(" AND "),
        name(parent),
        equal.join(" AND "),
        list((1..=own.len()).map(|place| place.to_string())),
    )
}

/// What leaves nothing in a table. A versioned table of MariaDB can't be truncated.
pub fn empty(table: &SampledTable) -> String {
    format!("DELETE FROM {}", name(table))
}

/// What makes a table count on from here.
pub fn count_from(table: &str, next: u64) -> String {
    format!("ALTER TABLE {} AUTO_INCREMENT = {next}", quote(Dialect::Mysql, table))
}

/// The form of each column of the tables of the session's database: table, column, type, character set.
pub const FORMS: &str = "\
    SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, CHARACTER_SET_NAME FROM information_schema.COLUMNS \
    WHERE TABLE_SCHEMA = DATABASE()";

/// The triggers of the session's database, in the order that they are made in.
pub const TRIGGERS: &str = "\
    SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() \
    ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER";

/// What makes a trigger again that `SHOW CREATE TRIGGER` has told of, with the `sql_mode` that it was made with.
pub fn trigger_again(sql_mode: &str, statement: &str) -> [String; 2] {
    [format!("SET SESSION sql_mode = {}", literal(Dialect::Mysql, sql_mode)), statement.to_owned()]
}

fn name(table: &SampledTable) -> String {
    mark(&table.id.name)
}

fn mark(name: &str) -> String {
    quote(Dialect::Mysql, name)
}

fn list(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_written_as_it_was() {
        for (data_type, set, value, expected) in [
            ("int", None, &b"-5"[..], "-5"),
            ("decimal", None, b"1.50", "1.50"),
            ("varchar", Some("latin1"), b"\xe4'", "_latin1 X'e427'"),
            ("enum", Some("utf8mb4"), b"", "_utf8mb4 X''"),
            ("json", None, b"{}", "_utf8mb4 X'7b7d'"),
            ("date", None, b"0000-00-00", "_utf8mb4 X'303030302d30302d3030'"),
            ("bit", None, b"\x05", "X'05'"),
            ("blob", None, b"\x00\xff", "X'00ff'"),
            ("geometry", None, b"\x00", "X'00'"),
        ] {
            assert_eq!(ValueForm::of(data_type, set).literal(Some(value)), expected, "{data_type}");
        }
        assert_eq!(ValueForm::Number.literal(None), "NULL");
        assert_eq!(ValueForm::Number.literal(Some(b"1 OR 1")), "_utf8mb4 X'31204f522031'");
        assert_eq!(ValueForm::of("float", None).read("`f`"), "(`f` + 0e0)");
    }
}
