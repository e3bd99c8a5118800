//! The statements that make one schema into another, in an order that the server takes.
//! What differs was decided before; here it is only put in order and written down.

mod script;

pub(crate) use script::script;

use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    difference::{Difference, Statement},
};

/// The statements that carry out a difference.
///
/// # Errors
/// A change that this server can't make.
pub(crate) fn statements(difference: &Difference) -> Result<Vec<Statement>, Diagnostic> {
    match difference.is_empty() {
        true => Ok(Vec::new()),
        false => Err(Diagnostic::new(ErrorKind::Internal, "changes of this dialect are not there yet")),
    }
}
