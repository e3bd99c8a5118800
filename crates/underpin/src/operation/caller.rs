//! Where in the source of a revision an operation is called, so that a message can point there.

use std::panic::Location;

use underpin_core::diagnostic::Place;

/// Where an operation is called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller(&'static Location<'static>);

impl Caller {
    /// Whoever called the function that calls this.
    #[track_caller]
    pub(crate) fn here() -> Self {
        Self(Location::caller())
    }

    /// The place in a revision's file, or in the file of a function that the revision calls.
    pub(crate) fn place(self, file: &str, text: &str) -> Place {
        let name = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let (line, column) = (self.0.line() as usize, self.0.column() as usize);
        let own = name(self.0.file()) == name(file);
        let (file, text) = match own {
            true => (file, text.lines().nth(line.saturating_sub(1)).unwrap_or_default()),
            false => (self.0.file(), ""),
        };
        let rest = text.chars().skip(column.saturating_sub(1));
        let length = rest.take_while(|c| c.is_alphanumeric() || *c == '_').count().max(1);
        Place { file: file.to_owned(), line, column, text: text.to_owned(), length, label: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_found_in_the_text_of_its_file() {
        let caller = Caller::here();
        let place = caller.place("migrations/caller.rs", include_str!("caller.rs"));
        assert!(place.text.ends_with("Caller::here();"), "{place:?}");
        assert_eq!((place.file.as_str(), place.length), ("migrations/caller.rs", "Caller".len()));
        let elsewhere = caller.place("migrations/a.rs", "");
        assert!(elsewhere.file.ends_with("operation/caller.rs"), "{elsewhere:?}");
    }
}
