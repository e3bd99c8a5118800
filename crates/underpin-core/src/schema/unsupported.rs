//! What a database holds and the vocabulary has no word for.

use std::fmt;

use serde::Serialize;

/// Something that was found and can't be compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unsupported {
    /// What it is, in words: `text search dictionary`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}
