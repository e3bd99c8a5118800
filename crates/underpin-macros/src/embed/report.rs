//! Errors and warnings of the macro, in the forms that stable Rust has for them. Not their wording.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote_spanned;
use underpin_core::diagnostic::Diagnostic;

use super::input::Input;

/// How many errors are written out before the rest is only counted.
const SHOWN: usize = 10;

/// An expression that does not compile, and says everything that is wrong.
pub(super) fn errors(input: &Input, errors: &[Diagnostic]) -> TokenStream {
    let message = message(errors);
    quote_spanned! { input.span() => ::core::compile_error!(#message) }
}

/// An item that compiles with a warning.
///
/// Only the use of something deprecated makes the compiler say words of ours without failing; the
/// message points at the macro's literal, and `#[allow(deprecated)]` on the item around silences it.
pub(super) fn warning(input: &Input, message: &str) -> TokenStream {
    quote_spanned! { input.span() =>
        const _: () = {
            #[deprecated(note = #message)]
            #[allow(non_upper_case_globals)]
            const embedded_revisions: () = ();
            embedded_revisions
        };
    }
}

fn message(errors: &[Diagnostic]) -> String {
    let mut texts: Vec<String> = errors.iter().take(SHOWN).map(text).collect();
    if errors.len() > SHOWN {
        texts.push(format!("and {} more errors", errors.len() - SHOWN));
    }
    texts.join("\n\n")
}

/// One error with its place, the line it points at, and its hints.
fn text(error: &Diagnostic) -> String {
    let mut text = error.message.clone();
    if let Some(place) = &error.place {
        let number = place.line.to_string();
        let margin = " ".repeat(number.len());
        let caret = " ".repeat(place.column.saturating_sub(1)) + &"^".repeat(place.length);
        let label = place.label.as_ref().map(|label| format!(" {label}")).unwrap_or_default();
        let _ = write!(text, "\n{margin} --> {}:{}:{}", place.file, place.line, place.column);
        let _ = write!(text, "\n{number} | {}\n{margin} | {caret}{label}", place.text);
    }
    for hint in &error.hints {
        let _ = write!(text, "\nhint: {hint}");
    }
    text
}

#[cfg(test)]
mod tests {
    use underpin_core::diagnostic::{ErrorKind, Place};

    use super::*;

    #[test]
    fn an_error_is_written_with_its_line_and_its_hint() {
        let place = Place::in_text("m/a.sql", "-- id: 1\n", 3..5, 12);
        let error = Diagnostic::new(ErrorKind::RevisionFile, "no such key").at(place).hint("remove it");
        assert_eq!(
            text(&error),
            "no such key\n   --> m/a.sql:12:4\n12 | -- id: 1\n   |    ^^\nhint: remove it"
        );
    }

    #[test]
    fn many_errors_are_counted() {
        let errors: Vec<_> =
            (0..12).map(|n| Diagnostic::new(ErrorKind::RevisionFile, format!("wrong {n}"))).collect();
        let message = message(&errors);
        assert!(message.starts_with("wrong 0\n\nwrong 1\n\n"), "{message}");
        assert!(message.ends_with("wrong 9\n\nand 2 more errors"), "{message}");
    }
}
