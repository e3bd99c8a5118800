//! Names and literals as SQL text: the only place where either is quoted. Not a query builder.

use crate::dialect::Dialect;

/// Quotes an identifier, whatever characters it holds.
///
/// ```
/// use underpin_core::{dialect::Dialect, name::quote};
///
/// assert_eq!(quote(Dialect::Postgres, "order"), "\"order\"");
/// assert_eq!(quote(Dialect::Mysql, "a`b"), "`a``b`");
/// ```
pub fn quote(dialect: Dialect, identifier: &str) -> String {
    let mark = match dialect {
        Dialect::Sqlite | Dialect::Postgres => '"',
        Dialect::Mysql => '`',
    };
    let mut quoted = String::with_capacity(identifier.len() + 2);
    quoted.push(mark);
    for character in identifier.chars() {
        if character == mark {
            quoted.push(mark);
        }
        quoted.push(character);
    }
    quoted.push(mark);
    quoted
}

/// Quotes `schema.identifier`, or the identifier alone.
pub fn quote_in(dialect: Dialect, schema: Option<&str>, identifier: &str) -> String {
    match schema {
        Some(schema) => format!("{}.{}", quote(dialect, schema), quote(dialect, identifier)),
        None => quote(dialect, identifier),
    }
}

/// An identifier as PostgreSQL writes it: quoted where it would not be itself otherwise. Behind a schema, where no
/// word is a keyword.
pub(crate) fn quote_where_needed(identifier: &str) -> String {
    let mut characters = identifier.chars();
    let is_letter = |character: char| character.is_ascii_lowercase() || character == '_';
    let plain = characters.next().is_some_and(is_letter)
        && characters.all(|character| is_letter(character) || character.is_ascii_digit());
    if plain { identifier.to_owned() } else { quote(Dialect::Postgres, identifier) }
}

/// The name that PostgreSQL gives to what was given none: `orders_id_seq`, `orders_total_not_null`.
///
/// It has at most 63 bytes; the longer of the two names gives way (`makeObjectName` in the server's
/// `indexcmds.c`). What is of no column leaves it empty.
///
/// ```
/// use underpin_core::name::chosen;
///
/// assert_eq!(chosen("orders", "id", "seq"), "orders_id_seq");
/// assert_eq!(chosen("orders", "", "pkey"), "orders_pkey");
/// assert_eq!(chosen(&"t".repeat(60), "id", "seq"), format!("{}_id_seq", "t".repeat(56)));
/// ```
pub fn chosen(table: &str, column: &str, label: &str) -> String {
    let separators = if column.is_empty() { 1 } else { 2 };
    let room = 63_usize.saturating_sub(label.len() + separators);
    let (mut first, mut second) = (table.len(), column.len());
    while first + second > room {
        if first > second { first -= 1 } else { second -= 1 }
    }
    let cut = |text: &str, length: usize| {
        let end = (0..=length).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text[..end].to_owned()
    };
    let (table, column) = (cut(table, first), cut(column, second));
    match column.is_empty() {
        true => format!("{table}_{label}"),
        false => format!("{table}_{column}_{label}"),
    }
}

/// Writes a text value as a literal that means the same under every setting of the server.
///
/// The history travels in the same round trip as the statements that it records, and the protocols
/// that carry several statements have no parameters; so its values become literals, here and
/// nowhere else. A backslash or a quote switches to a form that no `sql_mode` and no
/// `standard_conforming_strings` reads differently: `E''` on PostgreSQL ("String Constants with
/// C-Style Escapes" in its manual), hexadecimal on MySQL and MariaDB ("Hexadecimal Literals").
/// A NUL can't stand in a PostgreSQL text or in SQL text at all; it becomes U+FFFD.
pub fn literal(dialect: Dialect, value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    push_literal(&mut text, dialect, value);
    text
}

/// The same at the end of a text.
pub fn push_literal(text: &mut String, dialect: Dialect, value: &str) {
    if !value.bytes().any(|byte| matches!(byte, 0 | b'\\' | b'\'')) {
        text.push('\'');
        text.push_str(value);
        text.push('\'');
        return;
    }
    let value = value.replace('\0', "\u{fffd}");
    let written = match dialect {
        _ if !value.contains(['\\', '\'']) => format!("'{value}'"),
        Dialect::Sqlite => format!("'{}'", value.replace('\'', "''")),
        Dialect::Postgres => format!("E'{}'", value.replace('\\', "\\\\").replace('\'', "''")),
        Dialect::Mysql => mysql_bytes("_utf8mb4 ", value.as_bytes()),
    };
    text.push_str(&written);
}

/// Writes bytes as a hexadecimal literal of MySQL and MariaDB, behind the character set that they are in
/// (`_latin1 `; "Character Set Introducers" in the manual) or nothing.
///
/// ```
/// assert_eq!(underpin_core::name::mysql_bytes("_latin1 ", b"\xe4"), "_latin1 X'e4'");
/// ```
pub fn mysql_bytes(introducer: &str, bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2 + introducer.len() + 3);
    text.push_str(introducer);
    text.push_str("X'");
    for byte in bytes {
        text.push(HEX[usize::from(byte >> 4)]);
        text.push(HEX[usize::from(byte & 15)]);
    }
    text.push('\'');
    text
}

/// Writes a text value between quotes on MySQL and MariaDB, where their grammars take nothing else: the values
/// of an `ENUM`, a `COMMENT`. It means the same under every `sql_mode` but `NO_BACKSLASH_ESCAPES`, which
/// reads two backslashes for one.
///
/// ```
/// assert_eq!(underpin_core::name::mysql_string("it's"), "'it''s'");
/// ```
pub fn mysql_string(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "''").replace('\0', "\u{fffd}"))
}

/// Writes an optional text value as a literal or as `NULL`.
pub fn optional_literal(dialect: Dialect, value: Option<&str>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |value| literal(dialect, value))
}

const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_survives_every_string_setting() {
        assert_eq!(literal(Dialect::Sqlite, "it's \\ here"), "'it''s \\ here'");
        assert_eq!(literal(Dialect::Postgres, "it's \\ here"), "E'it''s \\\\ here'");
        assert_eq!(literal(Dialect::Mysql, "a'\\"), "_utf8mb4 X'61275c'");
        assert_eq!(literal(Dialect::Postgres, "a\0b"), "'a\u{fffd}b'");
        assert_eq!(optional_literal(Dialect::Mysql, None), "NULL");
    }

    #[test]
    fn the_quoting_mark_is_doubled() {
        assert_eq!(quote(Dialect::Postgres, "a\"b"), "\"a\"\"b\"");
        assert_eq!(quote_in(Dialect::Sqlite, Some("main"), "t"), "\"main\".\"t\"");
    }

    #[test]
    fn a_long_name_is_shortened_where_it_is_longest() {
        let name = chosen(&"t".repeat(60), &"c".repeat(10), "idx");
        assert_eq!(name, format!("{}_{}_idx", "t".repeat(48), "c".repeat(10)));
        assert_eq!(name.len(), 63);
        assert!(chosen(&"ä".repeat(60), "", "pkey").len() <= 63);
    }
}
