//! What column a type of Rust becomes. What each engine calls it is written in `underpin-core`.

use std::borrow::Cow;

use underpin_core::model::{IntegerWidth, ModelType};

/// A type of Rust that a column can have.
///
/// Yours can be one, too:
///
/// ```
/// use underpin::{ColumnType, core::model::ModelType};
///
/// struct CustomerId(i64);
///
/// impl ColumnType for CustomerId {
///     fn column_type() -> ModelType {
///         i64::column_type()
///     }
/// }
///
/// assert!(Option::<CustomerId>::NULLABLE);
/// ```
///
/// | Rust | [`ModelType`], whose page says what it is called where |
/// |---|---|
/// | `bool`, `i8` … `i64`, `u8` … `u64`, `f32`, `f64` | `Boolean`, `Integer`, `Real`, `Double` |
/// | `String`, `&str`, `Box<str>`, `Cow<str>` | `String` |
/// | `Vec<u8>`, `[u8; N]` | `Bytes` |
/// | `Vec<T>` | `Array` (PostgreSQL) |
/// | `Option<T>` | the type of `T`, and it may be null |
/// | `Box<T>` | the type of `T` |
/// | feature `chrono`: `NaiveDate`, `NaiveTime`, `NaiveDateTime`, `DateTime<_>` | `Date`, `Time`, `Timestamp`, `Instant` |
/// | feature `time`: `Date`, `Time`, `PrimitiveDateTime`, `OffsetDateTime` | the same |
/// | feature `uuid`: `Uuid` | `Uuid` |
/// | feature `rust_decimal`: `Decimal` | `Decimal`; MySQL and MariaDB want its digits |
/// | feature `json`: `serde_json::Value`, `sqlx::types::Json<T>` | `Json` |
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type that a column can have",
    label = "no column has this type",
    note = "say what it is in the database with `#[column(type = …)]`, or implement `underpin::ColumnType` for it",
    note = "chrono, time, uuid, rust_decimal and serde_json are behind features of these names (`json`)"
)]
pub trait ColumnType {
    /// Whether a column of this type may be null.
    const NULLABLE: bool = false;

    /// The type of the column.
    fn column_type() -> ModelType;

    /// The type of several of these. Bytes are no array, and a trait can't say that otherwise.
    #[doc(hidden)]
    fn several() -> ModelType {
        ModelType::Array(Box::new(Self::column_type()))
    }
}

/// Types that stand for one of the enumeration each.
macro_rules! column_types {
    ($($(#[$attribute:meta])* $rust:ty => $model:expr,)+) => { $(
        $(#[$attribute])*
        impl $crate::ColumnType for $rust {
            fn column_type() -> ::underpin_core::model::ModelType {
                use ::underpin_core::model::ModelType;
                $model
            }
        }
    )+ };
}
#[allow(unused_imports, reason = "types of other crates are behind features")]
pub(super) use column_types;

column_types! {
    bool => ModelType::Boolean,
    i8 => ModelType::signed(IntegerWidth::Eight),
    i16 => ModelType::signed(IntegerWidth::Sixteen),
    i32 => ModelType::signed(IntegerWidth::ThirtyTwo),
    i64 => ModelType::signed(IntegerWidth::SixtyFour),
    u16 => ModelType::unsigned(IntegerWidth::Sixteen),
    u32 => ModelType::unsigned(IntegerWidth::ThirtyTwo),
    u64 => ModelType::unsigned(IntegerWidth::SixtyFour),
    f32 => ModelType::Real,
    f64 => ModelType::Double,
    String => ModelType::String,
    &'static str => ModelType::String,
    Box<str> => ModelType::String,
    Cow<'_, str> => ModelType::String,
}

impl ColumnType for u8 {
    fn column_type() -> ModelType {
        ModelType::unsigned(IntegerWidth::Eight)
    }

    fn several() -> ModelType {
        ModelType::Bytes
    }
}

impl<T: ColumnType> ColumnType for Vec<T> {
    fn column_type() -> ModelType {
        T::several()
    }
}

impl<T: ColumnType, const LENGTH: usize> ColumnType for [T; LENGTH] {
    fn column_type() -> ModelType {
        T::several()
    }
}

impl<T: ColumnType> ColumnType for Option<T> {
    const NULLABLE: bool = true;

    fn column_type() -> ModelType {
        T::column_type()
    }

    fn several() -> ModelType {
        T::several()
    }
}

impl<T: ColumnType> ColumnType for Box<T> {
    const NULLABLE: bool = T::NULLABLE;

    fn column_type() -> ModelType {
        T::column_type()
    }

    fn several() -> ModelType {
        T::several()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_no_array_and_other_vectors_are() {
        assert_eq!(Vec::<u8>::column_type(), ModelType::Bytes);
        assert_eq!(<[u8; 16]>::column_type(), ModelType::Bytes);
        assert_eq!(Vec::<String>::column_type(), ModelType::Array(Box::new(ModelType::String)));
        assert_eq!(Option::<Vec<u8>>::column_type(), ModelType::Bytes);
    }

    #[test]
    fn only_an_option_may_be_null() {
        let nullable =
            [i64::NULLABLE, String::NULLABLE, Option::<i64>::NULLABLE, Box::<Option<i64>>::NULLABLE];
        assert_eq!(nullable, [false, false, true, true]);
    }
}
