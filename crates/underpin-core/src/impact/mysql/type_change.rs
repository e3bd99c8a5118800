//! The way of MySQL and MariaDB to change the type, the character set and the collation of a column.
//! Not what else its definition says.

use crate::{
    catalog::{Column, Table},
    dialect::Flavour,
    statement::{ColumnDefinition, DataType},
};

use super::{super::Way, Server};

/// The way to give a column another type, character set or collation.
pub(super) fn type_way(server: Server, table: &Table, from: &Column, to: &ColumnDefinition) -> Way {
    let indexed = table.indexes.iter().any(|index| index.about(&from.name));
    let (Some(old), Some(new)) = (&from.data_type, &to.data_type) else { return server.copy() };
    if old.name != new.name || old.unsigned != new.unsigned {
        return server.copy();
    }
    let before = Text::of(old, from.collation.as_deref(), table);
    let after = Text::of(new, to.collation.as_deref(), table);
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

/// Which character set and collation a column names.
#[derive(PartialEq, Eq)]
struct Text {
    charset: Option<String>,
    collation: Option<String>,
}

impl Text {
    fn of(data_type: &DataType, collation: Option<&str>, table: &Table) -> Self {
        // A column that names neither gets what the table has; a character set alone brings its own.
        let of_table = table.collation.as_deref().filter(|_| data_type.charset.is_none());
        let collation = collation.or(of_table).map(str::to_lowercase);
        let of_collation = collation.as_ref().and_then(|name| name.split('_').next()).map(str::to_owned);
        let charset = data_type.charset.as_ref().map(|name| name.to_lowercase()).or(of_collation);
        let charset = charset.map(|name| if name == "utf8" { "utf8mb3".to_owned() } else { name });
        Self { charset, collation }
    }

    /// How many bytes a character may take; where that is not known, each of the usual numbers.
    fn widths(&self, data_type: &DataType) -> &'static [u64] {
        if data_type.name == "varbinary" {
            return &[1];
        }
        match self.charset.as_deref() {
            Some("utf8mb4" | "utf16" | "utf32" | "gb18030") => &[4],
            Some("utf8mb3" | "eucjpms" | "ujis") => &[3],
            Some("ucs2" | "gbk" | "big5" | "sjis" | "cp932" | "euckr" | "gb2312") => &[2],
            Some(_) => &[1],
            None => &[1, 3, 4],
        }
    }
}

/// `varchar(n)` to `varchar(m)`: its length is kept in one byte up to 255 bytes, and in two above.
fn sized(server: Server, old: &DataType, new: &DataType, before: &Text, after: &Text) -> Way {
    let (Some(from), Some(to)) = (old.number(0), new.number(0)) else { return server.copy() };
    if to < from {
        return server.copy();
    }
    let known = before.charset.is_some() && after.charset.is_some();
    let mut worst = Way::INSTANT;
    for from_width in before.widths(old) {
        for to_width in after.widths(new) {
            if known || from_width == to_width {
                worst = worst.and(lengthened(server, from * from_width, to * to_width));
            }
        }
    }
    worst
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

fn text_way(server: Server, before: &Text, after: &Text, indexed: bool) -> Way {
    // The collation of a character set that is named alone is the server's to choose.
    let one_unnamed = before.collation.is_none() || after.collation.is_none();
    if before.charset == after.charset && (one_unnamed || before.collation == after.collation) {
        return Way::INSTANT;
    }
    match (before.charset.as_deref(), after.charset.as_deref()) {
        (Some(one), Some(other)) if one == other => {}
        (Some("utf8mb3"), Some("utf8mb4")) => {}
        (Some(_) | None, Some(_) | None) => return server.copy(),
    }
    // Another order of the same bytes: an index over them is built again.
    match (indexed, server.flavour) {
        (false, _) => server.metadata(),
        (true, Flavour::Mariadb) => Way::NOCOPY,
        (true, Flavour::Mysql | Flavour::Postgres | Flavour::Sqlite) => server.copy(),
    }
}
