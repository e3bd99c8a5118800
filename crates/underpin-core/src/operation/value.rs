//! A value that stands in SQL as a literal.

use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    name::literal,
};

/// A value: what `bind` and `row` take. Text, numbers, true and false become one by themselves.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A whole number without a sign.
    Unsigned(u64),
    /// A binary number.
    Float(f64),
    /// A decimal number, written out: `12.50`.
    Decimal(String),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A JSON value, written out.
    Json(String),
    /// A day, a time or a moment, written out as the engine reads it: `2026-11-21 09:30:00`.
    Moment(String),
}

macro_rules! values {
    ($($rust:ty => $variant:ident),+) => { $(
        impl From<$rust> for Value {
            fn from(value: $rust) -> Self {
                Self::$variant(value.into())
            }
        }
    )+ };
}

values!(bool => Boolean, i8 => Integer, i16 => Integer, i32 => Integer, i64 => Integer, u8 => Unsigned,
    u16 => Unsigned, u32 => Unsigned, u64 => Unsigned, f32 => Float, f64 => Float, &str => Text,
    String => Text, Vec<u8> => Bytes, &[u8] => Bytes);

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Value {
    /// A decimal number, written out.
    pub fn decimal(text: &str) -> Self {
        Self::Decimal(text.to_owned())
    }

    /// A JSON value, written out.
    pub fn json(text: &str) -> Self {
        Self::Json(text.to_owned())
    }

    /// A day, a time or a moment, written out.
    pub fn moment(text: &str) -> Self {
        Self::Moment(text.to_owned())
    }

    /// The value as a literal that means the same under every setting of the server.
    ///
    /// # Errors
    /// A decimal that is none, and a binary number that the engine has not: MySQL and MariaDB know no infinity, and
    /// none but PostgreSQL what is no number.
    pub(super) fn literal(&self, dialect: Dialect) -> Result<String, Diagnostic> {
        let wrong = |message: String| Err(Diagnostic::new(ErrorKind::Unsupported, message));
        Ok(match self {
            Self::Null => "NULL".to_owned(),
            Self::Boolean(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Unsigned(number) => number.to_string(),
            Self::Float(number) if number.is_finite() => format!("{number:e}"),
            Self::Float(number) => match (dialect, number.is_nan()) {
                (Dialect::Postgres, true) => "'NaN'::float8".to_owned(),
                (Dialect::Postgres, false) if *number > 0.0 => "'Infinity'::float8".to_owned(),
                (Dialect::Postgres, false) => "'-Infinity'::float8".to_owned(),
                (Dialect::Sqlite, false) => if *number > 0.0 { "9e999" } else { "-9e999" }.to_owned(),
                (Dialect::Sqlite | Dialect::Mysql, _) => {
                    return wrong(format!("{number} is no number that this engine has"));
                }
            },
            Self::Decimal(text) if is_decimal(text) => text.clone(),
            Self::Decimal(text) => return wrong(format!("{text:?} is no decimal number")),
            Self::Text(text) | Self::Json(text) | Self::Moment(text) => literal(dialect, text),
            Self::Bytes(bytes) => {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                match dialect {
                    Dialect::Postgres => format!("decode('{hex}', 'hex')"),
                    Dialect::Sqlite | Dialect::Mysql => format!("X'{hex}'"),
                }
            }
        })
    }
}

/// Whether a text is a decimal number and nothing else.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, behind) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| part.chars().all(|character| character.is_ascii_digit());
    !whole.is_empty() && !behind.is_empty() && all(whole) && all(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_literal_of_each_engine() {
        let shown = |value: Value, dialect| value.literal(dialect).unwrap();
        assert_eq!(shown("it's".into(), Dialect::Postgres), "E'it''s'");
        assert_eq!(shown(vec![0_u8, 255].into(), Dialect::Postgres), "decode('00ff', 'hex')");
        assert_eq!(shown(vec![0_u8, 255].into(), Dialect::Mysql), "X'00ff'");
        assert_eq!(shown(1.5_f64.into(), Dialect::Sqlite), "1.5e0");
        assert_eq!(shown(None::<i32>.into(), Dialect::Sqlite), "NULL");
        assert_eq!(shown(Value::decimal("-12.50"), Dialect::Mysql), "-12.50");
        assert!(Value::decimal("1); DROP TABLE t").literal(Dialect::Mysql).is_err());
        assert!(Value::Float(f64::NAN).literal(Dialect::Mysql).is_err());
    }
}
