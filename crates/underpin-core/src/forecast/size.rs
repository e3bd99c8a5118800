//! How large a table is, as its server estimates it.

use serde::Serialize;

use crate::statement::ObjectName;

/// How large a table is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableSize {
    /// Its schema, where the dialect has such.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Its rows, as the server's statistics estimate them; nothing where they were never counted.
    pub rows: Option<u64>,
    /// Its bytes on the disk, without its indexes.
    pub bytes: Option<u64>,
}

impl TableSize {
    /// Whether it is the size of the table of this name; a name without a schema is of any.
    pub fn is_of(&self, name: &ObjectName) -> bool {
        let schema = name.schema.is_none() || self.schema.is_none() || name.schema == self.schema;
        schema && self.name.eq_ignore_ascii_case(&name.name)
    }
}
