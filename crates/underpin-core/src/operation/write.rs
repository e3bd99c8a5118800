//! An operation as statements. What each edits is in `edit`; how a difference is written is the dialects'.

use super::{Known, Operation, WrittenOperation};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
};

impl Operation {
    /// Whether it, or its way back, needs the schema of the database on this engine: [`Known::Nothing`] is an
    /// error then, or makes it irreversible.
    pub fn needs_schema(&self, flavour: Flavour) -> bool {
        let _ = flavour;
        !matches!(self, Self::Execute(_) | Self::BulkInsert(_))
    }

    /// The statements that do it and those that take it back.
    ///
    /// # Errors
    /// What the engine does not have, what is not there to be changed, and what can't be written without the
    /// schema where nothing is known.
    pub fn write(&self, known: Known<'_>) -> Result<WrittenOperation, Diagnostic> {
        let message = format!("{}: not yet on {}", self.title(), known.flavour().title());
        Err(Diagnostic::new(ErrorKind::Unsupported, message))
    }
}
