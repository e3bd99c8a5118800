//! What can go wrong, as plain data: one table of kinds and exit codes, and the diagnostic that
//! every public error becomes. Nothing here prints.

mod credential;
mod kind;
mod place;

pub use credential::mask_credentials;
pub use kind::{ErrorKind, ExitCode};
pub use place::Place;

use std::{error::Error as StdError, fmt};

/// An error as its reader meets it: what, where, in which state things are, what to do next.
///
/// Whatever is put into its words goes through [`mask_credentials`] on the way in, and once more
/// where they become text, so that no message has to think of the passwords in what it repeats.
#[derive(Debug)]
pub struct Diagnostic {
    /// The class of the error, which decides the exit code.
    pub kind: ErrorKind,
    /// What happened, in one sentence without a full stop.
    pub message: String,
    /// The place in a file that it happened at, if there is one.
    pub place: Option<Box<Place>>,
    /// The state that the database was left in, if a database was involved.
    pub state: Option<String>,
    /// What to do next.
    pub hints: Vec<String>,
    /// The error behind this one.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Diagnostic {
    /// A diagnostic with a message and nothing else.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: masked(message), place: None, state: None, hints: Vec::new(), source: None }
    }

    /// The class of the error.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What to do next, if there is one thing to say about it.
    pub fn first_hint(&self) -> Option<&str> {
        self.hints.first().map(String::as_str)
    }

    /// The exit code that a program should end with because of it.
    pub const fn exit_code(&self) -> ExitCode {
        self.kind.exit_code()
    }

    /// Adds a line that says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(masked(hint));
        self
    }

    /// Says where in a file it happened.
    #[must_use]
    pub fn at(mut self, mut place: Place) -> Self {
        place.file = masked(place.file);
        place.label = place.label.map(masked);
        self.place = Some(Box::new(place));
        self
    }

    /// Says which state the database was left in.
    #[must_use]
    pub fn state(mut self, state: impl Into<String>) -> Self {
        self.state = Some(masked(state));
        self
    }

    /// The same again, for somebody else who is told: without the error behind it, which can't be copied.
    #[must_use]
    pub fn retold(&self) -> Self {
        Self {
            kind: self.kind,
            message: self.message.clone(),
            place: self.place.clone(),
            state: self.state.clone(),
            hints: self.hints.clone(),
            source: None,
        }
    }

    /// Keeps the error behind this one.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

fn masked(text: impl Into<String>) -> String {
    mask_credentials(&text.into()).into_owned()
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask_credentials(&self.message))?;
        if let Some(place) = &self.place {
            write!(f, " ({}:{}:{})", place.file, place.line, place.column)?;
        }
        if let Some(state) = &self.state {
            write!(f, "; state: {}", mask_credentials(state))?;
        }
        for hint in &self.hints {
            write!(f, "; hint: {}", mask_credentials(hint))?;
        }
        Ok(())
    }
}

impl StdError for Diagnostic {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_gets_into_no_part_of_a_diagnostic() {
        let secret = "postgres://u:secret@h/x";
        let place = Place::in_text(secret, "a", 0..1, 1).label(secret);
        let mut diagnostic = Diagnostic::new(ErrorKind::Usage, secret).hint(secret).state(secret).at(place);
        assert!(!format!("{diagnostic:?} {diagnostic}").contains("secret"), "{diagnostic:?}");
        diagnostic.message = secret.to_owned();
        assert!(!diagnostic.to_string().contains("secret"), "{diagnostic}");
    }
}
