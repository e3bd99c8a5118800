//! The keys of rows as SQL: how one is read, how it is written back, and the conditions and queries that
//! lead from one batch to the next. The server compares; nothing here knows an order.

use super::Batches;
use crate::{
    dialect::Dialect,
    name::{literal, quote, quote_in},
};

/// How the values of a column travel from the server and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// As a text that the server reads as the column's type.
    Text,
    /// As a number: MySQL may compare a number with a text as floating-point numbers ("Type Conversion in
    /// Expression Evaluation" in its manual).
    Number,
    /// As hexadecimal digits, because its bytes are no text.
    Bytes,
    /// As the literal that the server itself writes: a column of SQLite holds values of any type.
    Literal,
}

impl KeyKind {
    /// How values of this type travel; nothing for a type whose values can't be told apart by what is read
    /// of them, or whose order is another than that of comparisons.
    ///
    /// `data_type` is the type as the catalog names it without its length: `DATA_TYPE` on MySQL.
    pub fn of(dialect: Dialect, data_type: &str) -> Option<Self> {
        match dialect {
            Dialect::Sqlite => Some(Self::Literal),
            Dialect::Postgres => Some(Self::Text),
            Dialect::Mysql => match data_type.to_ascii_lowercase().as_str() {
                "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "year" => {
                    Some(Self::Number)
                }
                "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => Some(Self::Bytes),
                // Rounded when they are read; by number in their order and by text in comparisons.
                "float" | "double" | "bit" | "enum" | "set" => None,
                _ => Some(Self::Text),
            },
        }
    }

    /// A value that was read, as it is written into a condition.
    fn literal(self, dialect: Dialect, value: &str) -> String {
        let digits = value.strip_prefix('-').unwrap_or(value);
        let number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        match self {
            Self::Number if number => value.to_owned(),
            Self::Text | Self::Number => literal(dialect, value),
            Self::Bytes => match value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                true => format!("X'{value}'"),
                false => literal(dialect, value),
            },
            Self::Literal => value.to_owned(),
        }
    }
}

/// A column of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyColumn {
    /// Its name, as the catalog holds it.
    pub name: String,
    /// How its values travel.
    pub kind: KeyKind,
}

/// The key that batches are cut by, of a table that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    dialect: Dialect,
    table: String,
    alias: Option<String>,
    columns: Vec<KeyColumn>,
}

impl Keys {
    /// The key of these batches, with what the catalog says of its columns.
    pub fn new(dialect: Dialect, batches: &Batches, columns: Vec<KeyColumn>) -> Self {
        Self {
            dialect,
            table: quote_in(dialect, batches.table.schema.as_deref(), &batches.table.name),
            alias: batches.alias.as_ref().map(|alias| quote(dialect, alias)),
            columns,
        }
    }

    /// The query of the first row's key, or of the last one's.
    pub fn end(&self, last: bool) -> String {
        format!("SELECT {} FROM {} ORDER BY {} LIMIT 1", self.values(), self.table, self.order(last))
    }

    /// The query of the key that ends the next `rows` rows; it has no row where fewer are left.
    pub fn bound(&self, after: Option<&[String]>, last: &[String], rows: u64) -> String {
        format!(
            "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT 1 OFFSET {}",
            self.values(),
            self.table,
            self.between(None, after, last),
            self.order(false),
            rows.saturating_sub(1)
        )
    }

    /// The condition of the rows behind one key and up to another, in the words of the statement.
    pub fn condition(&self, after: Option<&[String]>, to: &[String]) -> String {
        self.between(self.alias.as_deref(), after, to)
    }

    fn between(&self, alias: Option<&str>, after: Option<&[String]>, to: &[String]) -> String {
        let upper = self.compared(alias, '<', to);
        match after {
            Some(after) => format!("{} AND {upper}", self.compared(alias, '>', after)),
            None => upper,
        }
    }

    /// The rows above a key, or those up to it.
    fn compared(&self, alias: Option<&str>, sign: char, key: &[String]) -> String {
        let pairs: Vec<(String, String)> = self
            .columns
            .iter()
            .zip(key)
            .map(|(column, value)| {
                let name = quote(self.dialect, &column.name);
                let name = alias.map_or_else(|| name.clone(), |alias| format!("{alias}.{name}"));
                (name, column.kind.literal(self.dialect, value))
            })
            .collect();
        let end = if sign == '<' { "<=" } else { ">" };
        match (&pairs[..], self.dialect) {
            ([(name, value)], _) => format!("{name} {end} {value}"),
            (_, Dialect::Sqlite | Dialect::Postgres) => {
                let (names, values): (Vec<String>, Vec<String>) = pairs.into_iter().unzip();
                format!("({}) {end} ({})", names.join(", "), values.join(", "))
            }
            // MySQL reads no range out of a comparison of rows ("Range Optimization of Row Constructor
            // Expressions" in its manual), but one out of the first column.
            ([(name, value), ..], Dialect::Mysql) => {
                format!("{name} {sign}= {value} AND {}", expanded(&pairs, sign, end))
            }
            ([], _) => "1 = 1".to_owned(),
        }
    }

    fn values(&self) -> String {
        let value = |column: &KeyColumn| {
            let name = quote(self.dialect, &column.name);
            match column.kind {
                KeyKind::Text | KeyKind::Number => name,
                KeyKind::Bytes => format!("HEX({name})"),
                KeyKind::Literal => format!("quote({name})"),
            }
        };
        self.columns.iter().map(value).collect::<Vec<_>>().join(", ")
    }

    fn order(&self, last: bool) -> String {
        let direction = if last { " DESC" } else { "" };
        let column = |column: &KeyColumn| format!("{}{direction}", quote(self.dialect, &column.name));
        self.columns.iter().map(column).collect::<Vec<_>>().join(", ")
    }
}

/// `(a > 1 OR (a = 1 AND b > 2))`.
fn expanded(pairs: &[(String, String)], sign: char, end: &str) -> String {
    match pairs {
        [] => "1 = 1".to_owned(),
        [(name, value)] => format!("{name} {end} {value}"),
        [(name, value), rest @ ..] => {
            format!("({name} {sign} {value} OR ({name} = {value} AND {}))", expanded(rest, sign, end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(dialect: Dialect, note: &str, kind: KeyKind) -> Keys {
        let batches = Batches::parse(dialect, note).unwrap();
        let columns = batches.key.iter().map(|name| KeyColumn { name: name.clone(), kind }).collect();
        Keys::new(dialect, &batches, columns)
    }

    fn key(values: &[&str]) -> Vec<String> {
        values.iter().map(|&value| value.to_owned()).collect()
    }

    #[test]
    fn a_batch_is_behind_one_key_and_up_to_another() {
        let keys = keys(Dialect::Postgres, "shop.orders as o by id", KeyKind::Text);
        assert_eq!(keys.condition(None, &key(&["20"])), "\"o\".\"id\" <= '20'");
        assert_eq!(
            keys.condition(Some(&key(&["it's"])), &key(&["20"])),
            "\"o\".\"id\" > E'it''s' AND \"o\".\"id\" <= '20'"
        );
        assert_eq!(
            keys.bound(Some(&key(&["10"])), &key(&["99"]), 1_000),
            "SELECT \"id\" FROM \"shop\".\"orders\" WHERE \"id\" > '10' AND \"id\" <= '99' ORDER BY \"id\" LIMIT 1 OFFSET 999"
        );
        assert_eq!(keys.end(true), "SELECT \"id\" FROM \"shop\".\"orders\" ORDER BY \"id\" DESC LIMIT 1");
    }

    #[test]
    fn a_key_of_several_columns_is_compared_as_each_engine_reads_ranges() {
        let rows = keys(Dialect::Sqlite, "t by a, b", KeyKind::Literal);
        assert_eq!(
            rows.condition(Some(&key(&["1", "'x'"])), &key(&["2", "'y'"])),
            "(\"a\", \"b\") > (1, 'x') AND (\"a\", \"b\") <= (2, 'y')"
        );
        assert_eq!(
            rows.end(false),
            "SELECT quote(\"a\"), quote(\"b\") FROM \"t\" ORDER BY \"a\", \"b\" LIMIT 1"
        );
        let expanded = keys(Dialect::Mysql, "t by a, b, c", KeyKind::Number);
        assert_eq!(
            expanded.condition(Some(&key(&["1", "-2", "3.5"])), &key(&["4", "5", "6"])),
            "`a` >= 1 AND (`a` > 1 OR (`a` = 1 AND (`b` > -2 OR (`b` = -2 AND `c` > 3.5)))) AND \
             `a` <= 4 AND (`a` < 4 OR (`a` = 4 AND (`b` < 5 OR (`b` = 5 AND `c` <= 6))))"
        );
    }

    #[test]
    fn values_are_written_as_their_column_is_compared() {
        let mysql = |data_type: &str, value: &str| {
            KeyKind::of(Dialect::Mysql, data_type).map(|kind| kind.literal(Dialect::Mysql, value))
        };
        assert_eq!(mysql("bigint", "9223372036854775807").as_deref(), Some("9223372036854775807"));
        assert_eq!(mysql("bigint", "1 OR 1").as_deref(), Some("'1 OR 1'"));
        assert_eq!(mysql("varchar", "7").as_deref(), Some("'7'"));
        assert_eq!(mysql("binary", "00FF").as_deref(), Some("X'00FF'"));
        assert_eq!(mysql("double", "1"), None);
        assert_eq!(KeyKind::of(Dialect::Postgres, "uuid"), Some(KeyKind::Text));
    }
}
