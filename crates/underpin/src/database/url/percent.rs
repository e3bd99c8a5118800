//! Percent-encoding as people write it, which is not always correct. Not for whole URLs: only for
//! one component at a time.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What has to be encoded in a component that is shown.
const SHOWN: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'/')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'@')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// The same for a path, which keeps its separators.
const SHOWN_PATH: &AsciiSet = &CONTROLS.add(b'#').add(b'%').add(b'?');

/// Decodes `%XX`. A `%` that no two hexadecimal digits follow stands for itself, and where the
/// result would be no text at all, nothing is decoded: people paste passwords as they are.
pub(super) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%').then(|| hexadecimal(bytes.get(at + 1..at + 3))).flatten();
        decoded.push(escaped.unwrap_or(byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

fn hexadecimal(digits: Option<&[u8]>) -> Option<u8> {
    let [high, low] = digits? else { return None };
    let value = |digit: &u8| char::from(*digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some(value(high)? * 16 + value(low)?)
}

/// Encodes a component for a URL that is shown.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, SHOWN).to_string()
}

/// Encodes the path of a file for a URL that is shown.
pub(super) fn encode_path(text: &str) -> String {
    utf8_percent_encode(text, SHOWN_PATH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correct_escapes_decode_and_stray_percent_signs_stay() {
        for (written, meant) in [
            ("p%40ss%3aw%2Frd%25", "p@ss:w/rd%"),
            ("p@ss:w/rd%", "p@ss:w/rd%"),
            ("100%sure", "100%sure"),
            ("%", "%"),
            ("%4", "%4"),
            ("%+1", "%+1"),
            ("%c3%a9", "é"),
            ("%ff", "%ff"),
        ] {
            assert_eq!(decode(written), meant, "{written}");
        }
    }

    #[test]
    fn what_was_encoded_decodes_to_itself() {
        let text = "a b@c/d%41é?#";
        assert_eq!(decode(&encode(text)), text);
        assert_eq!(decode(&encode_path(text)), text);
    }
}
