//! The scanning that the lexers of all dialects share: where a construct that starts here ends.
//! Not a lexer: which construct it is, the dialect says.

use super::{SqlErrorKind, TokenKind};

/// What a dialect's lexer looks at.
#[derive(Clone, Copy)]
pub(crate) struct Input<'a> {
    /// The whole source.
    pub(crate) bytes: &'a [u8],
    /// The byte that the token starts at.
    pub(crate) at: usize,
    /// The delimiter in force, if it is not the semicolon.
    pub(crate) delimiter: Option<&'a str>,
    /// Whether an executable comment is open.
    pub(crate) executable: bool,
    /// Whether a backslash in a string makes what follows it another character (MySQL, MariaDB).
    pub(crate) escapes: bool,
}

/// A token's kind and the byte after its end, or what is not terminated.
pub(crate) type Scanned = Result<(TokenKind, usize), SqlErrorKind>;

impl Input<'_> {
    /// The byte `offset` bytes on, or 0 (which no source holds) after the end.
    pub(crate) fn peek(&self, offset: usize) -> u8 {
        self.bytes.get(self.at + offset).copied().unwrap_or(0)
    }

    /// Whether the rest starts with `text`.
    pub(crate) fn starts_with(&self, text: &str) -> bool {
        self.bytes[self.at..].starts_with(text.as_bytes())
    }

    /// The end of a string that opens `prefix` bytes on, with the quote that stands there.
    pub(crate) fn string(&self, prefix: usize, backslash: bool) -> Scanned {
        let quote = self.peek(prefix);
        quoted_end(self.bytes, self.at + prefix + 1, quote, backslash)
            .map(|end| (TokenKind::String, end))
            .ok_or(SqlErrorKind::UnterminatedString)
    }

    /// The end of a quoted identifier that opens `prefix` bytes on and ends with `close`.
    pub(crate) fn identifier(&self, prefix: usize, close: u8) -> Scanned {
        quoted_end(self.bytes, self.at + prefix + 1, close, false)
            .map(|end| (TokenKind::QuotedIdentifier, end))
            .ok_or(SqlErrorKind::UnterminatedIdentifier)
    }

    /// The end of a block comment that starts here.
    pub(crate) fn comment(&self, kind: TokenKind, nested: bool) -> Scanned {
        comment_end(self.bytes, self.at, nested)
            .map(|end| (kind, end))
            .ok_or(SqlErrorKind::UnterminatedComment)
    }

    /// The longest of `operators` that starts here, or the one character that does.
    pub(crate) fn operator(&self, operators: &[&str]) -> (TokenKind, usize) {
        let length = operators
            .iter()
            .filter(|operator| self.starts_with(operator))
            .map(|operator| operator.len())
            .max();
        (TokenKind::Operator, self.at + length.unwrap_or(1))
    }
}

/// Whether a byte is a blank in every dialect.
pub(crate) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Whether a byte can start a word in every dialect; all of UTF-8 beyond ASCII can.
pub(crate) const fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

/// Whether a byte can stand in a word in every dialect.
pub(crate) const fn continues_word(byte: u8) -> bool {
    starts_word(byte) || byte.is_ascii_digit() || byte == b'$'
}

/// The first byte from `at` on that does not fit.
pub(crate) fn run_end(bytes: &[u8], at: usize, fits: impl Fn(u8) -> bool) -> usize {
    bytes[at..].iter().position(|&byte| !fits(byte)).map_or(bytes.len(), |length| at + length)
}

/// The end of a quoted text whose content starts at `at`; a doubled quote stands for itself.
pub(crate) fn quoted_end(bytes: &[u8], mut at: usize, quote: u8, backslash: bool) -> Option<usize> {
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\\' && backslash {
            at += 2;
        } else if byte != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return Some(at + 1);
        }
    }
    None
}

fn comment_end(bytes: &[u8], start: usize, nested: bool) -> Option<usize> {
    let mut depth = 1_usize;
    let mut at = start + 2;
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (b'*', b'/') => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Some(at);
                }
            }
            (b'/', b'*') if nested => {
                depth += 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    None
}

/// The end of a number that starts at `at`; `underscores` may stand between its digits.
pub(crate) fn number_end(bytes: &[u8], at: usize, underscores: bool) -> usize {
    let byte = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let digits = |mut index: usize, fits: fn(&u8) -> bool| {
        while fits(&byte(index)) || (underscores && byte(index) == b'_' && fits(&byte(index + 1))) {
            index += 1;
        }
        index
    };
    if byte(at) == b'0' && matches!(byte(at + 1), b'x' | b'X' | b'o' | b'O' | b'b' | b'B') {
        let end = digits(at + 2, u8::is_ascii_hexdigit);
        if end > at + 2 {
            return end;
        }
    }
    let mut end = digits(at, u8::is_ascii_digit);
    // `1..10` is a range, not the number `1.`.
    if byte(end) == b'.' && byte(end + 1) != b'.' {
        end = digits(end + 1, u8::is_ascii_digit);
    }
    if matches!(byte(end), b'e' | b'E') {
        let sign = usize::from(matches!(byte(end + 1), b'+' | b'-'));
        if byte(end + 1 + sign).is_ascii_digit() {
            end = digits(end + 1 + sign, u8::is_ascii_digit);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_where_they_should() {
        for (text, length) in [
            ("1", 1),
            ("1.5e-3+2", 6),
            ("0xAE+1", 4),
            ("1..10", 1),
            ("1_000x", 5),
            ("1e", 1),
            (".5)", 2),
            ("1.", 2),
        ] {
            assert_eq!(number_end(text.as_bytes(), 0, true), length, "{text}");
        }
        assert_eq!(number_end(b"1_0", 0, false), 1);
    }

    #[test]
    fn a_comment_that_opens_and_closes_with_one_star_is_still_open() {
        assert_eq!(comment_end(b"/*/", 0, false), None);
        assert_eq!(comment_end(b"/*/*/", 0, false), Some(5));
        assert_eq!(comment_end(b"/*/*/", 0, true), None);
        assert_eq!(comment_end(b"/* /**/ */", 0, true), Some(10));
    }
}
