//! The way of MySQL and MariaDB to change the type, the character set and the collation of a column.
//! Not what else its definition says.

use crate::{
    catalog::{Column, Table},
    dialect::Flavour,
    schema::ServerVersion,
    statement::{ActionKind, AlterTable, ColumnDefinition, DataType, Expression, TableOption},
};

use super::{super::Way, Server};

/// Where a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Indexed {
    /// Nowhere.
    Nowhere,
    /// In an index.
    Index,
    /// In the primary key.
    Key,
}

/// The way to give a column another type, character set or collation.
///
/// What names no character set has that of the table.
pub(super) fn type_way(
    server: Server,
    table: &Table,
    from: &Column,
    to: &ColumnDefinition,
    indexed: Indexed,
) -> Way {
    let (Some(old), Some(new)) = (&from.data_type, &to.data_type) else { return server.copy() };
    // A text with the same check is no `json` while it is being made.
    let json = [was_json(table, from), new.name == "json"];
    if server.flavour == Flavour::Mariadb && json[0] != json[1] {
        return server.copy();
    }
    if kept_as(server, old) != kept_as(server, new) || old.unsigned != new.unsigned {
        return server.copy();
    }
    let usual = usual(table);
    let before = Text::of(old, from.collation.as_deref(), &usual);
    let after = Text::of(new, to.collation.as_deref(), &usual);
    let way = match new.name.as_str() {
        "varchar" | "varbinary" => sized(server, old, new, &before, &after),
        "enum" | "set" => appended(server, old, new),
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year" => Way::INSTANT,
        name => {
            if arguments(name, old) == arguments(name, new) {
                Way::INSTANT
            } else {
                server.copy()
            }
        }
    };
    way.and(text_way(server, &before, &after, indexed))
}

/// The name of the type that the server keeps it as.
fn kept_as(server: Server, data_type: &DataType) -> &str {
    match data_type.name.as_str() {
        "json" if server.flavour == Flavour::Mariadb => "longtext",
        name => name,
    }
}

/// Whether a column is MariaDB's `json`: a text that a check with `JSON_VALID` looks at (MariaDB
/// documentation, "JSON Data Type").
fn was_json(table: &Table, column: &Column) -> bool {
    let named = column.data_type.as_ref().is_some_and(|data_type| data_type.name == "json");
    let validates = |condition: &Expression| condition.calls.iter().any(|call| call == "json_valid");
    let mut conditions = table.checks_on(&column.name).filter_map(|check| check.kind.condition());
    named || conditions.any(validates)
}

/// The character set and the collation of a column.
struct Text {
    charset: String,
    /// The collation, where it or its table names one.
    collation: Option<String>,
}

/// What columns of a table get that name nothing: its collation or its character set in lower case, and
/// else what both servers come with since MySQL 8.0 and MariaDB 11.6.
fn usual(table: &Table) -> String {
    said(table.options.iter()).unwrap_or_else(|| "utf8mb4".to_owned())
}

/// The collation or else the character set that options of a table say, in lower case.
fn said<'a>(options: impl Iterator<Item = &'a TableOption>) -> Option<String> {
    let named: Vec<String> = options
        .filter_map(|option| match option {
            TableOption::Charset(name) => Some(name.to_lowercase()),
            _ => None,
        })
        .collect();
    // A collation says its character set, too.
    let collation = named.iter().find(|name| name.contains('_'));
    collation.or(named.first()).cloned()
}

/// A column as it will be, where it names no character set and its table gets one by the same statement.
pub(super) fn in_its_table(alter: &AlterTable, column: &ColumnDefinition) -> ColumnDefinition {
    const TEXTS: &[&str] = &["char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"];
    let mut column = column.clone();
    let options = alter.actions.iter().filter_map(|action| match &action.kind {
        ActionKind::Option(option) => Some(option),
        _ => None,
    });
    if let (Some(data_type), Some(said)) = (&mut column.data_type, said(options))
        && TEXTS.contains(&data_type.name.as_str())
        && data_type.charset.is_none()
        && column.collation.is_none()
    {
        let place = if said.contains('_') { &mut column.collation } else { &mut data_type.charset };
        *place = Some(said);
    }
    column
}

impl Text {
    fn of(data_type: &DataType, collation: Option<&str>, usual: &str) -> Self {
        let named = data_type.charset.as_ref().map(|name| name.to_lowercase());
        let inherited = (named.is_none() && usual.contains('_')).then_some(usual);
        let collation = collation.or(inherited).map(str::to_lowercase);
        let first = named.or_else(|| collation.clone()).unwrap_or_else(|| usual.to_owned());
        let charset = match first.split('_').next().unwrap_or_default() {
            "utf8" => "utf8mb3",
            // MariaDB: a collation of every Unicode character set, and utf8mb4 is what it is used with.
            "uca1400" => "utf8mb4",
            other => other,
        };
        Self { charset: charset.to_owned(), collation }
    }

    /// Whether nothing changes, as far as it is known: what has named no collation has the usual one.
    fn same(&self, other: &Self, server: Server) -> bool {
        let before = self.collation.as_deref().or_else(|| usual_collation(server, &self.charset));
        let collations = before.zip(other.collation.as_deref());
        self.charset == other.charset && collations.is_none_or(|(one, other)| plain(one) == plain(other))
    }

    /// How many bytes a character may take.
    fn width(&self, data_type: &DataType) -> u64 {
        if data_type.name == "varbinary" {
            return 1;
        }
        match self.charset.as_str() {
            "utf8mb4" | "utf16" | "utf16le" | "utf32" | "gb18030" => 4,
            "utf8mb3" | "eucjpms" | "ujis" => 3,
            "ucs2" | "gbk" | "big5" | "sjis" | "cp932" | "euckr" | "gb2312" => 2,
            _ => 1,
        }
    }
}

/// The name of a collation without that of its character set where that has two.
fn plain(collation: &str) -> &str {
    let named = collation.strip_prefix("utf8mb3_").or_else(|| collation.strip_prefix("utf8_"));
    named.unwrap_or(collation)
}

/// The collation that a character set comes with (`SHOW CHARACTER SET` of MySQL 8.4, MariaDB 10.11; MariaDB
/// 11.6 release notes), as far as it is one of those that are used.
fn usual_collation(server: Server, charset: &str) -> Option<&'static str> {
    let unicode = server.version >= ServerVersion::new(11, 6, 0);
    Some(match (charset, server.flavour) {
        ("utf8mb4", Flavour::Mariadb) if unicode => "utf8mb4_uca1400_ai_ci",
        ("utf8mb4", Flavour::Mariadb) => "utf8mb4_general_ci",
        ("utf8mb4", Flavour::Mysql | Flavour::Postgres | Flavour::Sqlite) => "utf8mb4_0900_ai_ci",
        ("utf8mb3", Flavour::Mariadb) if unicode => "utf8mb3_uca1400_ai_ci",
        ("utf8mb3", _) => "utf8mb3_general_ci",
        ("latin1", _) => "latin1_swedish_ci",
        ("ascii", _) => "ascii_general_ci",
        _ => return None,
    })
}

/// `varchar(n)` to `varchar(m)`: its length is kept in one byte up to 255 bytes, and in two above.
fn sized(server: Server, old: &DataType, new: &DataType, before: &Text, after: &Text) -> Way {
    let (Some(from), Some(to)) = (old.number(0), new.number(0)) else { return server.copy() };
    if to < from {
        return server.copy();
    }
    lengthened(server, from * before.width(old), to * after.width(new))
}

/// A longest value of `from` bytes becomes one of `to` bytes.
fn lengthened(server: Server, from: u64, to: u64) -> Way {
    const ONE_BYTE: u64 = 255;
    if from == to {
        Way::INSTANT
    } else if (from <= ONE_BYTE) == (to <= ONE_BYTE) {
        server.metadata()
    } else {
        // MariaDB has a spare bit in the length of what is short enough for it.
        let spare = server.flavour == Flavour::Mariadb && from <= 127;
        if spare { Way::INSTANT } else { server.copy() }
    }
}

/// Values behind those that are there leave rows as they are, while as many bytes hold all of them.
fn appended(server: Server, old: &DataType, new: &DataType) -> Way {
    let bytes = |data_type: &DataType| match (data_type.name.as_str(), data_type.arguments.len()) {
        ("enum", ..=255) => 1,
        ("enum", _) => 2,
        (_, members @ ..=32) => members.div_ceil(8),
        (_, _) => 8,
    };
    if new.arguments.starts_with(&old.arguments) && bytes(old) == bytes(new) {
        Way::INSTANT
    } else {
        server.copy()
    }
}

fn arguments(name: &str, data_type: &DataType) -> Vec<u64> {
    let number = |index| data_type.number(index);
    match name {
        "decimal" => vec![number(0).unwrap_or(10), number(1).unwrap_or(0)],
        "char" | "binary" | "bit" => vec![number(0).unwrap_or(1)],
        "datetime" | "timestamp" | "time" => vec![number(0).unwrap_or(0)],
        _ => data_type.arguments.iter().filter_map(|text| text.trim().parse().ok()).collect(),
    }
}

fn text_way(server: Server, before: &Text, after: &Text, indexed: Indexed) -> Way {
    if before.same(after, server) {
        return Way::INSTANT;
    }
    let widened = before.charset == "utf8mb3" && after.charset == "utf8mb4";
    if before.charset != after.charset && !widened {
        return server.copy();
    }
    // Another order of the same bytes: an index over them is built again, and rows stand in the order of their
    // primary key.
    match (indexed, server.flavour) {
        (Indexed::Nowhere, _) => server.metadata(),
        (Indexed::Index, Flavour::Mariadb) => Way::NOCOPY,
        (Indexed::Index | Indexed::Key, _) => server.copy(),
    }
}
