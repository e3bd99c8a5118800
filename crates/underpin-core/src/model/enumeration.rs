//! An enum of Rust as a type of a database. Not the enum's variants with data: those have no column.

use super::ModelName;

/// A type with a few values: a type of its own on PostgreSQL, `ENUM` on MySQL and MariaDB, a text with a
/// check on SQLite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelEnum {
    /// Its name, which only PostgreSQL needs.
    pub name: ModelName,
    /// The name that it had.
    pub renamed_from: Option<String>,
    /// Its values in their order.
    pub values: Vec<ModelEnumValue>,
    /// Its comment (PostgreSQL).
    pub comment: Option<String>,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelEnumValue {
    /// The value, as it stands in the database.
    pub name: String,
    /// What it was called.
    pub renamed_from: Option<String>,
}

impl ModelEnum {
    /// An enum of these values.
    pub fn new(name: &str, values: &[&str]) -> Self {
        Self {
            name: ModelName::new(name),
            renamed_from: None,
            values: values.iter().map(|value| ModelEnumValue::new(value)).collect(),
            comment: None,
        }
    }
}

impl ModelEnumValue {
    /// A value that was always called so.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), renamed_from: None }
    }
}
