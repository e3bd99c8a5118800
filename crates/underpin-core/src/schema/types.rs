//! Types that a database defines for itself: enumerated ones, domains, composite ones.

use serde::Serialize;

use super::Constraint;

/// An enumerated type: its values in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EnumType {
    /// The values.
    pub values: Vec<String>,
}

/// A domain: a type with a default and conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Domain {
    /// The type that it is made from.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Its collation, where it is not that of the type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// Its default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Whether it may be null.
    pub nullable: bool,
    /// Its conditions, sorted by name.
    pub constraints: Vec<Constraint>,
}

/// A composite type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Composite {
    /// Its attributes in their order.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Its collation, where it is not that of the type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}
