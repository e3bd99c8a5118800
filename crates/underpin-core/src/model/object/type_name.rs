//! The name of a type as a server keeps it. Only what is surely the same type is written otherwise; what is
//! not known here stays as somebody wrote it.

use crate::dialect::{Dialect, Flavour};

/// The name of a type as this server keeps it.
pub(super) fn kept(name: &str, flavour: Flavour) -> String {
    match flavour.dialect() {
        Dialect::Sqlite => name.to_owned(),
        Dialect::Postgres => on_postgres(name),
        Dialect::Mysql => on_mysql(name),
    }
}

/// What `format_type` writes ("Data Types" in PostgreSQL's manual, table 8.1).
fn on_postgres(name: &str) -> String {
    if let Some(element) = name.strip_suffix("[]") {
        return format!("{}[]", on_postgres(element));
    }
    let (word, digits) = match name.split_once('(') {
        Some((word, rest)) if rest.ends_with(')') => (word.trim_end(), format!("({}", rest.replace(' ', ""))),
        Some(_) => return name.to_owned(),
        None => (name, String::new()),
    };
    let plain = match word.to_ascii_lowercase().as_str() {
        "bool" | "boolean" => "boolean",
        "smallint" | "int2" => "smallint",
        "int" | "integer" | "int4" => "integer",
        "bigint" | "int8" => "bigint",
        "real" | "float4" => "real",
        "double precision" | "float8" => "double precision",
        "numeric" | "decimal" => "numeric",
        "varchar" | "character varying" => "character varying",
        "char" | "character" if digits.is_empty() => "character(1)",
        "char" | "character" => "character",
        "text" => "text",
        "bytea" => "bytea",
        "date" => "date",
        "uuid" => "uuid",
        "json" => "json",
        "jsonb" => "jsonb",
        "time" => return format!("time{digits} without time zone"),
        "timetz" => return format!("time{digits} with time zone"),
        "timestamp" => return format!("timestamp{digits} without time zone"),
        "timestamptz" => return format!("timestamp{digits} with time zone"),
        _ => return name.to_owned(),
    };
    format!("{plain}{digits}")
}

/// What `COLUMN_TYPE` says in `information_schema`, but for the widths at which MariaDB shows whole numbers.
fn on_mysql(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    let mut in_string = false;
    for character in name.chars() {
        if character == '\'' {
            in_string = !in_string;
        }
        if in_string {
            written.push(character);
        } else if !(character == ' ' && written.ends_with(',')) {
            written.push(character.to_ascii_lowercase());
        }
    }
    let (word, rest) = written.split_once(' ').unwrap_or((&written, ""));
    let plain = match (word, rest.is_empty()) {
        ("boolean" | "bool", _) => return "tinyint(1)".to_owned(),
        ("integer", _) => "int",
        ("dec" | "numeric", _) => "decimal",
        ("datetime(0)", true) => "datetime",
        ("timestamp(0)", true) => "timestamp",
        ("time(0)", true) => "time",
        (word, _) => word,
    };
    if rest.is_empty() { plain.to_owned() } else { format!("{plain} {rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_called_what_their_server_calls_them() {
        for (said, postgres) in [
            ("NUMERIC(12, 2)", "numeric(12,2)"),
            ("VARCHAR(40)[]", "character varying(40)[]"),
            ("TIMESTAMPTZ", "timestamp with time zone"),
            ("TIME(3)", "time(3) without time zone"),
            ("citext", "citext"),
            ("\"Mood\"", "\"Mood\""),
        ] {
            assert_eq!(kept(said, Flavour::Postgres), postgres);
        }
        assert_eq!(kept("BIGINT UNSIGNED", Flavour::Mysql), "bigint unsigned");
        assert_eq!(kept("TIMESTAMP(0)", Flavour::Mariadb), "timestamp");
        assert_eq!(kept("ENUM('A, B', 'c')", Flavour::Mysql), "enum('A, B','c')");
        assert_eq!(kept("BOOLEAN", Flavour::Mariadb), "tinyint(1)");
        assert_eq!(kept("VARCHAR(9)", Flavour::Sqlite), "VARCHAR(9)");
    }
}
