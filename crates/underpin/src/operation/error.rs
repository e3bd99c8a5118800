//! What can go wrong in a revision in Rust: whatever its code meets. Not how that is told.

use std::{any::Any, error::Error, fmt};

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

/// What a function of a revision returns.
pub type Result<T, E = OperationError> = std::result::Result<T, E>;

/// Why a function of a revision did not reach its end. Every error becomes one by `?`.
///
/// ```
/// use underpin::operation::{OperationError, Result};
///
/// fn price(text: &str) -> Result<u32> {
///     Ok(text.parse()?)
/// }
/// assert_eq!(price("7").ok(), Some(7));
/// assert!(price("seven").is_err());
/// let own = OperationError::new("the rates of 2026 are missing");
/// assert_eq!(own.to_string(), "the rates of 2026 are missing");
/// ```
pub struct OperationError(Box<Diagnostic>);

impl OperationError {
    /// An error in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Diagnostic::new(ErrorKind::MigrationFailed, message)))
    }

    /// A panic, in its own words.
    pub(crate) fn of_panic(panic: &(dyn Any + Send)) -> Self {
        let words = panic.downcast_ref::<&str>().copied().map(str::to_owned);
        let words = words.or_else(|| panic.downcast_ref::<String>().cloned());
        Self::new(format!("its code panicked: {}", words.as_deref().unwrap_or("without a word")))
    }

    pub(crate) fn into_diagnostic(self) -> Diagnostic {
        *self.0
    }
}

// It is no `Error` itself, because then every other could not become one.
impl<E: Error + Send + Sync + 'static> From<E> for OperationError {
    fn from(error: E) -> Self {
        let error: Box<dyn Error + Send + Sync> = Box::new(error);
        match error.downcast::<Diagnostic>() {
            Ok(diagnostic) => Self(diagnostic),
            Err(error) => {
                let mut message = error.to_string();
                let mut source = error.source();
                while let Some(deeper) = source {
                    let text = deeper.to_string();
                    if !message.contains(&text) {
                        message.push_str(": ");
                        message.push_str(&text);
                    }
                    source = deeper.source();
                }
                Self::new(message)
            }
        }
    }
}

impl fmt::Debug for OperationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for OperationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}
