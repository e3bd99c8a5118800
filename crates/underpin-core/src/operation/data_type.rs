//! The types of columns as functions, so that an operation reads like the table that it makes. What each
//! engine calls them is on the page of [`ModelType`]; written they are there where models are.

use crate::{
    dialect::Flavour,
    model::{IntegerWidth, ModelEnum, ModelType, PerFlavour},
};

/// What can be said for the type of a column: a function of this module, or what [`raw`] and
/// [`per_flavour`] give.
///
/// ```compile_fail
/// use underpin_core::operation::*;
///
/// Column::new("note", "text"); // a text is no type: say text(), or raw("text")
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type of a column",
    label = "say a type here: `string()`, `big_integer()`, `decimal(12, 2)`, …",
    note = "what only an engine itself knows is `raw(\"citext\")`, and `per_flavour(text()).on(Flavour::Mysql, raw(\"TINYTEXT\"))` is another type on one engine"
)]
pub trait IntoDataType {
    /// The type on each engine.
    fn into_data_type(self) -> PerFlavour<ModelType>;
}

impl IntoDataType for ModelType {
    fn into_data_type(self) -> PerFlavour<ModelType> {
        PerFlavour::every(self)
    }
}

impl IntoDataType for PerFlavour<ModelType> {
    fn into_data_type(self) -> PerFlavour<ModelType> {
        self
    }
}

macro_rules! types {
    ($($(#[$doc:meta])* $name:ident => $model:expr;)+) => { $(
        $(#[$doc])*
        pub const fn $name() -> ModelType {
            $model
        }
    )+ };
}

types! {
    /// True or false.
    boolean => ModelType::Boolean;
    /// A whole number of 8 bits, or of the fewest that the engine has.
    tiny_integer => ModelType::signed(IntegerWidth::Eight);
    /// A whole number of 16 bits.
    small_integer => ModelType::signed(IntegerWidth::Sixteen);
    /// A whole number of 32 bits.
    integer => ModelType::signed(IntegerWidth::ThirtyTwo);
    /// A whole number of 64 bits.
    big_integer => ModelType::signed(IntegerWidth::SixtyFour);
    /// A whole number of 32 bits without a sign.
    unsigned_integer => ModelType::unsigned(IntegerWidth::ThirtyTwo);
    /// A whole number of 64 bits without a sign.
    unsigned_big_integer => ModelType::unsigned(IntegerWidth::SixtyFour);
    /// A binary number of 32 bits.
    real => ModelType::Real;
    /// A binary number of 64 bits.
    double => ModelType::Double;
    /// A decimal number of any length; MySQL and MariaDB want [`decimal`] with its digits.
    numeric => ModelType::Decimal(None);
    /// A text of the length that is usual for a name or a title: `VARCHAR(255)` on MySQL and MariaDB, `text`
    /// elsewhere.
    string => ModelType::String;
    /// A text of any length.
    text => ModelType::Text;
    /// Bytes, as many as it takes.
    bytes => ModelType::Bytes;
    /// A day.
    date => ModelType::Date;
    /// A time of day, with microseconds.
    time => ModelType::Time(None);
    /// A day and a time of day wherever one is, with microseconds.
    timestamp => ModelType::Timestamp(None);
    /// A moment, with microseconds.
    instant => ModelType::Instant(None);
    /// A universally unique identifier.
    uuid => ModelType::Uuid;
    /// A JSON value.
    json => ModelType::Json;
}

/// A decimal number of so many digits, and so many of them behind its point.
pub const fn decimal(digits: u16, behind: u16) -> ModelType {
    ModelType::Decimal(Some((digits, behind)))
}

/// A text of at most so many characters.
pub const fn varchar(length: u32) -> ModelType {
    ModelType::Varchar(length)
}

/// A text of so many characters.
pub const fn character(length: u32) -> ModelType {
    ModelType::Char(length)
}

/// So many bytes.
pub const fn binary(length: u32) -> ModelType {
    ModelType::Binary(length)
}

/// At most so many bytes.
pub const fn varbinary(length: u32) -> ModelType {
    ModelType::Varbinary(length)
}

/// A time of day with so many digits of a second.
pub const fn time_with(digits: u8) -> ModelType {
    ModelType::Time(Some(digits))
}

/// A day and a time of day wherever one is, with so many digits of a second.
pub const fn timestamp_with(digits: u8) -> ModelType {
    ModelType::Timestamp(Some(digits))
}

/// A moment with so many digits of a second.
pub const fn instant_with(digits: u8) -> ModelType {
    ModelType::Instant(Some(digits))
}

/// Several values of this type (PostgreSQL).
pub fn array(of: ModelType) -> ModelType {
    ModelType::Array(Box::new(of))
}

/// One of a few values: a type of this name on PostgreSQL, which an operation of its own makes (see
/// [`Enumeration`](super::Enumeration)), `ENUM` on MySQL and MariaDB, a text with a check on SQLite.
pub fn enumeration<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> ModelType {
    let values: Vec<&str> = values.into_iter().collect();
    ModelType::Enum(ModelEnum::new(name, &values))
}

/// What an engine calls it, as it is.
pub fn raw(name: &str) -> ModelType {
    ModelType::Raw(name.to_owned())
}

/// A value for every engine, which [`PerFlavour::on`] says otherwise for one of them: MySQL's counts on
/// MariaDB too.
///
/// ```
/// use underpin_core::operation::*;
///
/// let note = per_flavour(text()).on(Flavour::Mysql, raw("TINYTEXT"));
/// Column::new("note", note);
/// ```
pub const fn per_flavour<T>(value: T) -> PerFlavour<T> {
    PerFlavour::every(value)
}

/// A value for one engine alone.
pub fn only_on<T>(flavour: Flavour, value: T) -> PerFlavour<T> {
    PerFlavour::none().on(flavour, value)
}
