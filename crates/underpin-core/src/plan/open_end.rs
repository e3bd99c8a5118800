//! Why the statements of a revision in Rust are not all known before it runs. Not an error: only who
//! needs all of them makes one of it.

use crate::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    revision::Header,
};

/// Why a revision may send more than its plan says, or something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenEnd {
    kind: ErrorKind,
    /// Why, in words.
    pub message: String,
    place: Option<Place>,
    hints: Vec<String>,
}

impl OpenEnd {
    /// The end of what could be told, where this went wrong.
    pub fn of(error: Diagnostic) -> Self {
        Self {
            kind: error.kind,
            message: error.message,
            place: error.place.map(|place| *place),
            hints: error.hints,
        }
    }

    /// A revision in Rust whose functions are in another program.
    pub fn elsewhere(header: &Header, file: &str) -> Self {
        Self::of(needs_application(header, file))
    }

    /// The error for whoever needs all statements of this revision.
    pub fn diagnostic(&self, title: &str) -> Diagnostic {
        let message = match self.kind {
            ErrorKind::NeedsApplication => self.message.clone(),
            _ => format!("revision {title} can't be written down: {}", self.message),
        };
        let mut diagnostic = Diagnostic::new(self.kind, message);
        diagnostic.hints.clone_from(&self.hints);
        match &self.place {
            Some(place) => diagnostic.at(place.clone()),
            None => diagnostic,
        }
    }
}

/// What is said of a revision in Rust where its functions are not.
pub fn needs_application(header: &Header, file: &str) -> Diagnostic {
    let id = &header.id;
    let message = format!("revision {id} is written in Rust ({file}), and this program does not have it");
    Diagnostic::new(ErrorKind::NeedsApplication, message).hint(
        "use the application that it is compiled into with `embed!`; where that has the commands of \
         `underpin::cli`, it is `cargo run -- migrate upgrade`, say",
    )
}
