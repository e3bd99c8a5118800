//! A view or a materialised view.

use serde::Serialize;

use super::{Column, Index, Options};

/// A view or a materialised view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct View {
    /// The query, as the server writes it. On SQLite the whole statement, as it was written.
    pub query: String,
    /// Names, types, defaults and comments of its columns, as far as the server tells. What follows
    /// from the query is told too: whether a view can be replaced depends on it (PostgreSQL).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
    /// The indexes of a materialised view, sorted by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// `security_barrier`, `check_option`, `algorithm`, `definer`, `sql_security`.
    #[serde(skip_serializing_if = "Options::is_empty")]
    pub options: Options,
}
