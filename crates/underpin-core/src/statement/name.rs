//! The name of an object as a statement has it and as the catalog would hold it. Not resolved: a
//! name without a schema stays one.

use std::fmt;

/// The name of a table, an index or another object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// The schema (or database, or attached file), if the statement says so.
    pub schema: Option<String>,
    /// Its name; folded to lower case on PostgreSQL where it has no quotes.
    pub name: String,
}

impl ObjectName {
    /// A name without a schema.
    pub fn plain(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into() }
    }
}

/// `schema.name`, without quotes.
impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        f.write_str(&self.name)
    }
}
