//! The types of a model's columns, as far as every engine has them in some form. What one engine calls
//! them is written in `render`.

use super::ModelEnum;

/// The type of a column: what a Rust type or `type = …` stands for on every engine.
///
/// | | SQLite | PostgreSQL | MySQL, MariaDB |
/// |---|---|---|---|
/// | `Boolean` | `BOOLEAN` | `boolean` | `BOOLEAN` |
/// | `Integer`, 8 to 64 bits | `INTEGER` | `smallint`, `smallint`, `integer`, `bigint` | `TINYINT` … `BIGINT` |
/// | the same without a sign | `INTEGER` | `smallint`, `integer`, `bigint`, `numeric(20)` | `… UNSIGNED` |
/// | `Real`, `Double` | `REAL` | `real`, `double precision` | `FLOAT`, `DOUBLE` |
/// | `Decimal` | `NUMERIC` | `numeric` | `DECIMAL`; its digits must be said |
/// | `String` | `TEXT` | `text` | `VARCHAR(255)` |
/// | `Text` | `TEXT` | `text` | `LONGTEXT` |
/// | `Varchar`, `Char` | `VARCHAR(n)`, `CHAR(n)` | `varchar(n)`, `char(n)` | `VARCHAR(n)`, `CHAR(n)` |
/// | `Bytes` | `BLOB` | `bytea` | `LONGBLOB` |
/// | `Binary`, `Varbinary` | `BLOB` | `bytea` | `BINARY(n)`, `VARBINARY(n)` |
/// | `Date`, `Time` | `DATE`, `TIME` | `date`, `time` | `DATE`, `TIME(6)` |
/// | `Timestamp` | `DATETIME` | `timestamp` | `DATETIME(6)` |
/// | `Instant` | `DATETIME` | `timestamptz` | `TIMESTAMP(6)` |
/// | `Uuid` | `BLOB` | `uuid` | `BINARY(16)` |
/// | `Json` | `TEXT` | `jsonb` | `JSON` |
/// | `Array` | – | `type[]` | – |
/// | `Enum` | `TEXT` with a check | a type of its own | `ENUM(…)` |
///
/// They are the types that sqlx reads and writes the Rust types as. In a `STRICT` table of SQLite, which
/// knows five types only, they become `INTEGER`, `REAL`, `TEXT` or `BLOB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelType {
    /// True or false.
    Boolean,
    /// A whole number.
    Integer {
        /// How many bits it has.
        width: IntegerWidth,
        /// Whether it can be negative.
        signed: bool,
    },
    /// A binary number of 32 bits.
    Real,
    /// A binary number of 64 bits.
    Double,
    /// A decimal number: how many digits it has, and how many of them behind the point. Without
    /// them as many as it takes, where the engine can do that.
    Decimal(Option<(u16, u16)>),
    /// A text of the length that is usual for a name or a title.
    String,
    /// A text of any length.
    Text,
    /// A text of at most so many characters.
    Varchar(u32),
    /// A text of so many characters.
    Char(u32),
    /// Bytes, as many as it takes.
    Bytes,
    /// So many bytes.
    Binary(u32),
    /// At most so many bytes.
    Varbinary(u32),
    /// A day.
    Date,
    /// A time of day, with so many digits of a second; without them microseconds.
    Time(Option<u8>),
    /// A day and a time of day wherever one is, with so many digits of a second.
    Timestamp(Option<u8>),
    /// A moment, with so many digits of a second.
    Instant(Option<u8>),
    /// A universally unique identifier.
    Uuid,
    /// A JSON value.
    Json,
    /// Several values of this type (PostgreSQL).
    Array(Box<Self>),
    /// One of a few values.
    Enum(ModelEnum),
    /// What an engine calls it, as it is.
    Raw(String),
}

/// How many bits a whole number has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegerWidth {
    /// 8 bits.
    Eight,
    /// 16 bits.
    Sixteen,
    /// 32 bits.
    ThirtyTwo,
    /// 64 bits.
    SixtyFour,
}

impl ModelType {
    /// A whole number that can be negative.
    pub const fn signed(width: IntegerWidth) -> Self {
        Self::Integer { width, signed: true }
    }

    /// A whole number that can't be negative.
    pub const fn unsigned(width: IntegerWidth) -> Self {
        Self::Integer { width, signed: false }
    }

    /// The enum that it is or that its elements are.
    pub fn enumeration(&self) -> Option<&ModelEnum> {
        match self {
            Self::Enum(enumeration) => Some(enumeration),
            Self::Array(element) => element.enumeration(),
            Self::Boolean
            | Self::Integer { .. }
            | Self::Real
            | Self::Double
            | Self::Decimal(_)
            | Self::String
            | Self::Text
            | Self::Varchar(_)
            | Self::Char(_)
            | Self::Bytes
            | Self::Binary(_)
            | Self::Varbinary(_)
            | Self::Date
            | Self::Time(_)
            | Self::Timestamp(_)
            | Self::Instant(_)
            | Self::Uuid
            | Self::Json
            | Self::Raw(_) => None,
        }
    }
}
