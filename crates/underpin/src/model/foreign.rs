//! What columns the types of other crates become. Each crate is behind a feature of its name.

#[cfg(any(
    feature = "chrono",
    feature = "time",
    feature = "uuid",
    feature = "rust_decimal",
    feature = "json"
))]
use super::column_type::column_types;

#[cfg(feature = "chrono")]
column_types! {
    chrono::NaiveDate => ModelType::Date,
    chrono::NaiveTime => ModelType::Time(None),
    chrono::NaiveDateTime => ModelType::Timestamp(None),
}

#[cfg(feature = "chrono")]
impl<Zone: chrono::TimeZone> crate::ColumnType for chrono::DateTime<Zone> {
    fn column_type() -> underpin_core::model::ModelType {
        underpin_core::model::ModelType::Instant(None)
    }
}

#[cfg(feature = "time")]
column_types! {
    time::Date => ModelType::Date,
    time::Time => ModelType::Time(None),
    time::PrimitiveDateTime => ModelType::Timestamp(None),
    time::OffsetDateTime => ModelType::Instant(None),
    time::UtcDateTime => ModelType::Instant(None),
}

#[cfg(feature = "uuid")]
column_types! {
    uuid::Uuid => ModelType::Uuid,
}

#[cfg(feature = "rust_decimal")]
column_types! {
    rust_decimal::Decimal => ModelType::Decimal(None),
}

#[cfg(feature = "json")]
column_types! {
    serde_json::Value => ModelType::Json,
}

#[cfg(feature = "json")]
impl<T> crate::ColumnType for sqlx::types::Json<T> {
    fn column_type() -> underpin_core::model::ModelType {
        underpin_core::model::ModelType::Json
    }
}
