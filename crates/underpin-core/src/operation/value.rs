//! A value that stands in SQL as a literal.

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
}
