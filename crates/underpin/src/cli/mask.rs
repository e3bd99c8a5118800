//! Keeps a password that was typed in the wrong place out of the message about it. Where a URL
//! belongs, it is masked by its type; this is for the words that were never read as one.

use std::ffi::OsString;

use underpin_core::diagnostic::Diagnostic;

use crate::database::SafeUrl;

/// A text that may repeat some of the arguments, without the credentials in them.
pub(super) fn text(text: &str, arguments: &[OsString]) -> String {
    let mut masked = text.to_owned();
    for argument in arguments {
        let word = argument.to_string_lossy();
        let value = word.split_once('=').map_or(&*word, |(_, value)| value);
        for candidate in [&*word, value].into_iter().filter(|candidate| may_hold_credentials(candidate)) {
            let safe = SafeUrl::parse(candidate).map_or_else(|_| "***".to_owned(), |url| url.to_string());
            masked = masked.replace(candidate, &safe);
            masked = masked.replace(format!("{candidate:?}").trim_matches('"'), &safe);
        }
    }
    masked
}

/// The same for all that a diagnostic says.
pub(super) fn diagnostic(mut error: Diagnostic, arguments: &[OsString]) -> Diagnostic {
    error.message = text(&error.message, arguments);
    for hint in &mut error.hints {
        *hint = text(hint, arguments);
    }
    error
}

fn may_hold_credentials(word: &str) -> bool {
    (word.contains("://") && word.contains('@')) || word.contains("password=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_in_the_wrong_place_is_masked() {
        let url = "postgres://app:p@ss:w/rd%@db/shop";
        for argument in [url.to_owned(), format!("--timeout={url}")] {
            let said =
                text(&format!("error: unexpected argument '{url}' found, {url:?}"), &[argument.into()]);
            assert!(!said.contains("p@ss") && !said.contains("w/rd"), "{said}");
            assert!(said.contains("postgresql://app@db/shop"), "{said}");
        }
    }

    #[test]
    fn other_words_stay_as_they_are() {
        assert_eq!(text("no revision abc@head", &["abc@head".into()]), "no revision abc@head");
    }
}
