//! A secret and how it is kept out of texts. Not a vault: the secret lies in memory as it is.

use std::{borrow::Cow, fmt};

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands where a secret stood.
pub(super) const MASK: &str = "***";

/// The characters that URL libraries encode in the part before the `@` (URL Standard, "userinfo
/// percent-encode set").
const USERINFO: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'/')
    .add(b':')
    .add(b';')
    .add(b'=')
    .add(b'@')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'|');

/// The same with `%`, as careful libraries write it.
const USERINFO_AND_PERCENT: &AsciiSet = &USERINFO.add(b'%');

/// A text that is never shown: `Debug` prints three asterisks, whatever its length.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the driver and for nobody else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Every way in which the secret may stand in a text: as it is, percent-encoded as various
    /// libraries do it, and escaped as in a quoted string. The longest come first.
    pub(super) fn forms(&self, written: Option<&str>) -> Vec<String> {
        let plain = self.0.as_str();
        let encoded = utf8_percent_encode(plain, NON_ALPHANUMERIC).to_string();
        let quoted = format!("{plain:?}");
        let mut forms = vec![
            plain.to_owned(),
            encoded.replace("%20", "+"),
            lower_case_escapes(&encoded),
            utf8_percent_encode(plain, USERINFO).to_string(),
            utf8_percent_encode(plain, USERINFO_AND_PERCENT).to_string(),
            quoted.trim_matches('"').to_owned(),
            plain.replace('\\', "\\\\").replace('\'', "\\'"),
            encoded,
        ];
        forms.extend(written.map(str::to_owned));
        forms.retain(|form| !form.is_empty());
        forms.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        forms.dedup();
        forms
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

fn lower_case_escapes(encoded: &str) -> String {
    let mut lowered = String::with_capacity(encoded.len());
    let mut escape = 0;
    for character in encoded.chars() {
        escape = if character == '%' { 3 } else { escape.max(1) - 1 };
        lowered.push(if escape > 0 { character.to_ascii_lowercase() } else { character });
    }
    lowered
}

/// Replaces every form of a secret in `text`.
///
/// A secret that is also a visible name (`app:app@db`) is only replaced where its place gives it
/// away, since hiding the name would hide nothing and make the message useless. A very short one
/// is only replaced where it stands as a word of its own.
pub(super) fn redact(text: &str, forms: &[String], visible: &str) -> String {
    let mut text = Cow::Borrowed(text);
    for form in forms {
        if !text.contains(form.as_str()) {
            continue;
        }
        let replaced = if visible.contains(form.as_str()) {
            replace_in_place(&text, form)
        } else if form.chars().count() < 4 {
            replace_words(&text, form)
        } else {
            text.replace(form.as_str(), MASK)
        };
        text = Cow::Owned(replaced);
    }
    text.into_owned()
}

/// Replaces `form` where a URL or a list of parameters has its password.
fn replace_in_place(text: &str, form: &str) -> String {
    ["password=", "password='", "password: ", "password: \""]
        .iter()
        .fold(text.replace(&format!(":{form}@"), &format!(":{MASK}@")), |text, before| {
            text.replace(&format!("{before}{form}"), &format!("{before}{MASK}"))
        })
}

/// Replaces `form` where no letter or digit touches it.
fn replace_words(text: &str, form: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(form) {
        let (before, after) = (&rest[..at], &rest[at + form.len()..]);
        let touched = before.chars().next_back().or_else(|| replaced.chars().next_back());
        let alone = !touched.is_some_and(char::is_alphanumeric)
            && !after.chars().next().is_some_and(char::is_alphanumeric);
        replaced.push_str(before);
        replaced.push_str(if alone { MASK } else { form });
        rest = after;
    }
    replaced + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(secret: &str, text: &str, visible: &str) -> String {
        redact(text, &Secret::new(secret).forms(None), visible)
    }

    #[test]
    fn every_form_of_a_secret_is_replaced() {
        let secret = "p@ss:w/rd% 'x'";
        for form in [
            "p@ss:w/rd% 'x'",
            "p%40ss%3Aw%2Frd%25%20%27x%27",
            "p%40ss%3aw%2frd%25%20%27x%27",
            "p%40ss%3Aw%2Frd%25+%27x%27",
            "p%40ss%3Aw%2Frd%25%20'x'",
            "p@ss:w/rd% \\'x\\'",
        ] {
            let text = format!("error in mysql://app:{form}@db/shop");
            assert_eq!(redacted(secret, &text, "mysql://app@db/shop"), "error in mysql://app:***@db/shop");
        }
    }

    #[test]
    fn a_secret_that_is_also_a_name_is_replaced_only_where_it_is_the_password() {
        let visible = "postgresql://app@app/app";
        assert_eq!(
            redacted("app", "no user app for app:app@app/app, password=app", visible),
            "no user app for app:***@app/app, password=***"
        );
    }

    #[test]
    fn a_short_secret_does_not_tear_words_apart() {
        assert_eq!(redacted("is", "this is it: is", "db"), "this *** it: ***");
    }

    #[test]
    fn the_debug_form_shows_neither_text_nor_length() {
        assert_eq!(format!("{:?}", Secret::new("a long secret")), "***");
    }
}
