//! Tables that something else than models describes, beside them: an object-relational mapper's entities.
//! What they are is that library's business; here they are statements and names.

use std::fmt;

use underpin_core::{diagnostic::Diagnostic, dialect::Flavour, difference::Renames};

/// Something that says in its own way which tables there are to be.
pub trait StatementSource: Send + Sync + fmt::Debug {
    /// The statements that create everything on this engine, without semicolons, each after what it needs.
    ///
    /// # Errors
    /// What this engine can't have.
    fn statements(&self, flavour: Flavour) -> Result<Vec<String>, Diagnostic>;

    /// The tables that are in the connection's own namespace.
    fn own_tables(&self) -> Vec<String>;

    /// What had another name, on this engine. `namespace` is the one that a table without any is in, where
    /// inspection writes it (PostgreSQL: `public`).
    fn renames(&self, flavour: Flavour, namespace: Option<&str>) -> Renames {
        let _ = (flavour, namespace);
        Renames::NONE
    }
}
