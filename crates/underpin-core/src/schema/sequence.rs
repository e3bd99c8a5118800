//! A sequence of numbers.

use serde::Serialize;

use super::ObjectId;

/// A sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sequence {
    /// What it counts and how.
    #[serde(flatten)]
    pub options: SequenceOptions,
    /// The column that it goes with (`OWNED BY`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owned_by: Option<ObjectId>,
    /// Whether it survives a crash; not with `UNLOGGED`.
    pub logged: bool,
    /// What stores it (MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
}

/// What a sequence counts and how. Numbers as the server writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SequenceOptions {
    /// The type of its numbers; empty where the server has but one.
    #[serde(rename = "type")]
    pub data_type: String,
    /// The first number.
    pub start: String,
    /// From one number to the next.
    pub increment: String,
    /// The smallest number.
    pub minimum: String,
    /// The largest number.
    pub maximum: String,
    /// How many numbers a session takes at a time.
    pub cache: String,
    /// Whether it begins again at its end.
    pub cycle: bool,
}
