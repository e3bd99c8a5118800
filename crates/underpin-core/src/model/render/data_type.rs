//! What each engine calls a type. What a Rust type stands for is decided in the `underpin` crate.

use super::{qualified, unsupported};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    model::{IntegerWidth, ModelEnum, ModelType},
    name,
};

/// What an engine calls a type. `strict` is a table of SQLite that knows five types.
pub(in crate::model) fn data_type(
    data_type: &ModelType,
    flavour: Flavour,
    strict: bool,
    owner: &str,
) -> Result<String, Diagnostic> {
    match flavour {
        Flavour::Sqlite if strict => on_strict_sqlite(data_type, owner),
        Flavour::Sqlite => on_sqlite(data_type, owner),
        Flavour::Postgres => Ok(on_postgres(data_type)),
        Flavour::Mysql | Flavour::Mariadb => on_mysql(data_type, flavour, owner),
    }
}

fn on_sqlite(data_type: &ModelType, owner: &str) -> Result<String, Diagnostic> {
    Ok(match data_type {
        ModelType::Boolean => "BOOLEAN".to_owned(),
        ModelType::Integer { .. } => "INTEGER".to_owned(),
        ModelType::Real | ModelType::Double => "REAL".to_owned(),
        ModelType::Decimal(digits) => with_digits("NUMERIC", *digits),
        ModelType::String | ModelType::Text | ModelType::Json | ModelType::Enum(_) => "TEXT".to_owned(),
        ModelType::Varchar(length) => format!("VARCHAR({length})"),
        ModelType::Char(length) => format!("CHAR({length})"),
        ModelType::Bytes | ModelType::Binary(_) | ModelType::Varbinary(_) | ModelType::Uuid => {
            "BLOB".to_owned()
        }
        ModelType::Date => "DATE".to_owned(),
        ModelType::Time(_) => "TIME".to_owned(),
        ModelType::Timestamp(_) | ModelType::Instant(_) => "DATETIME".to_owned(),
        ModelType::Array(_) => return Err(no_array(Flavour::Sqlite, owner)),
        ModelType::Raw(text) => text.clone(),
    })
}

fn on_strict_sqlite(data_type: &ModelType, owner: &str) -> Result<String, Diagnostic> {
    Ok(match data_type {
        ModelType::Boolean | ModelType::Integer { .. } => "INTEGER".to_owned(),
        ModelType::Real | ModelType::Double | ModelType::Decimal(_) => "REAL".to_owned(),
        ModelType::String
        | ModelType::Text
        | ModelType::Json
        | ModelType::Enum(_)
        | ModelType::Varchar(_)
        | ModelType::Char(_)
        | ModelType::Date
        | ModelType::Time(_)
        | ModelType::Timestamp(_)
        | ModelType::Instant(_) => "TEXT".to_owned(),
        ModelType::Bytes | ModelType::Binary(_) | ModelType::Varbinary(_) | ModelType::Uuid => {
            "BLOB".to_owned()
        }
        ModelType::Array(_) => return Err(no_array(Flavour::Sqlite, owner)),
        ModelType::Raw(text) => text.clone(),
    })
}

fn on_postgres(data_type: &ModelType) -> String {
    match data_type {
        ModelType::Boolean => "BOOLEAN".to_owned(),
        ModelType::Integer { width, signed } => postgres_integer(*width, *signed).to_owned(),
        ModelType::Real => "REAL".to_owned(),
        ModelType::Double => "DOUBLE PRECISION".to_owned(),
        ModelType::Decimal(digits) => with_digits("NUMERIC", *digits),
        ModelType::String | ModelType::Text => "TEXT".to_owned(),
        ModelType::Varchar(length) => format!("VARCHAR({length})"),
        ModelType::Char(length) => format!("CHAR({length})"),
        ModelType::Bytes | ModelType::Binary(_) | ModelType::Varbinary(_) => "BYTEA".to_owned(),
        ModelType::Date => "DATE".to_owned(),
        ModelType::Time(digits) => with_fraction("TIME", *digits),
        ModelType::Timestamp(digits) => with_fraction("TIMESTAMP", *digits),
        ModelType::Instant(digits) => with_fraction("TIMESTAMPTZ", *digits),
        ModelType::Uuid => "UUID".to_owned(),
        ModelType::Json => "JSONB".to_owned(),
        ModelType::Array(element) => format!("{}[]", on_postgres(element)),
        ModelType::Enum(enumeration) => qualified(&enumeration.name, Flavour::Postgres),
        ModelType::Raw(text) => text.clone(),
    }
}

fn on_mysql(data_type: &ModelType, flavour: Flavour, owner: &str) -> Result<String, Diagnostic> {
    Ok(match data_type {
        ModelType::Boolean => "BOOLEAN".to_owned(),
        ModelType::Integer { width, signed: true } => mysql_integer(*width).to_owned(),
        ModelType::Integer { width, signed: false } => format!("{} UNSIGNED", mysql_integer(*width)),
        ModelType::Real => "FLOAT".to_owned(),
        ModelType::Double => "DOUBLE".to_owned(),
        // Without digits it would have none behind its point, and lose them without a word.
        ModelType::Decimal(None) => {
            let message = format!("{owner}: on {} a decimal has so many digits as one says", flavour.title());
            return Err(Diagnostic::new(ErrorKind::Unsupported, message)
                .hint("say how many, and how many behind the point: #[column(type = decimal(12, 2))]"));
        }
        ModelType::Decimal(digits) => with_digits("DECIMAL", *digits),
        ModelType::String => "VARCHAR(255)".to_owned(),
        ModelType::Text => "LONGTEXT".to_owned(),
        ModelType::Varchar(length) => format!("VARCHAR({length})"),
        ModelType::Char(length) => format!("CHAR({length})"),
        ModelType::Bytes => "LONGBLOB".to_owned(),
        ModelType::Binary(length) => format!("BINARY({length})"),
        ModelType::Varbinary(length) => format!("VARBINARY({length})"),
        ModelType::Date => "DATE".to_owned(),
        ModelType::Time(digits) => with_fraction("TIME", digits.or(Some(6))),
        ModelType::Timestamp(digits) => with_fraction("DATETIME", digits.or(Some(6))),
        ModelType::Instant(digits) => with_fraction("TIMESTAMP", digits.or(Some(6))),
        ModelType::Uuid => "BINARY(16)".to_owned(),
        ModelType::Json => "JSON".to_owned(),
        ModelType::Array(_) => return Err(no_array(flavour, owner)),
        ModelType::Enum(enumeration) => mysql_enum(enumeration),
        ModelType::Raw(text) => text.clone(),
    })
}

const fn postgres_integer(width: IntegerWidth, signed: bool) -> &'static str {
    match (width, signed) {
        (IntegerWidth::Eight, _) | (IntegerWidth::Sixteen, true) => "SMALLINT",
        (IntegerWidth::Sixteen, false) | (IntegerWidth::ThirtyTwo, true) => "INTEGER",
        (IntegerWidth::ThirtyTwo, false) | (IntegerWidth::SixtyFour, true) => "BIGINT",
        (IntegerWidth::SixtyFour, false) => "NUMERIC(20)",
    }
}

const fn mysql_integer(width: IntegerWidth) -> &'static str {
    match width {
        IntegerWidth::Eight => "TINYINT",
        IntegerWidth::Sixteen => "SMALLINT",
        IntegerWidth::ThirtyTwo => "INT",
        IntegerWidth::SixtyFour => "BIGINT",
    }
}

fn mysql_enum(enumeration: &ModelEnum) -> String {
    let values: Vec<String> =
        enumeration.values.iter().map(|value| name::mysql_string(&value.name)).collect();
    format!("ENUM({})", values.join(", "))
}

fn with_digits(name: &str, digits: Option<(u16, u16)>) -> String {
    digits.map_or_else(|| name.to_owned(), |(all, behind)| format!("{name}({all}, {behind})"))
}

fn with_fraction(name: &str, digits: Option<u8>) -> String {
    digits.map_or_else(|| name.to_owned(), |digits| format!("{name}({digits})"))
}

fn no_array(flavour: Flavour, owner: &str) -> Diagnostic {
    unsupported(flavour, owner, "arrays")
        .hint("keep it as JSON there: mysql(type = json), sqlite(type = json)")
}
