//! SQLite's tokens (sqlite.org, "SQL As Understood By SQLite"; `tokenize.c`). Not their order.

use crate::sql::{
    TokenKind,
    scan::{Input, Scanned, continues_word, number_end, run_end, starts_word},
};

const OPERATORS: &[&str] = &["->>", "->", "||", "<=", "<>", "<<", "==", "!=", ">=", ">>"];

/// The token that starts here, which is neither a blank nor a semicolon.
pub(crate) fn scan(input: &Input<'_>) -> Scanned {
    let Input { bytes, at, .. } = *input;
    match (input.peek(0), input.peek(1)) {
        (b'-', b'-') => Ok((TokenKind::LineComment, run_end(bytes, at, |byte| byte != b'\n'))),
        (b'/', b'*') => input.comment(TokenKind::BlockComment, false),
        (b'\'', _) => input.string(0, false),
        (b'x' | b'X', b'\'') => input.string(1, false),
        (b'"', _) => input.identifier(0, b'"'),
        (b'`', _) => input.identifier(0, b'`'),
        (b'[', _) => bracketed(input),
        (b'.', b'0'..=b'9') | (b'0'..=b'9', _) => Ok((TokenKind::Number, number_end(bytes, at, true))),
        (b'?', _) => Ok((TokenKind::Parameter, run_end(bytes, at + 1, |byte| byte.is_ascii_digit()))),
        (b':' | b'@' | b'$', next) if continues_word(next) && next != b'$' => {
            Ok((TokenKind::Parameter, run_end(bytes, at + 1, continues_word)))
        }
        (byte, _) if starts_word(byte) => Ok((TokenKind::Word, run_end(bytes, at, continues_word))),
        (b'\\' | b'#' | b'$' | b'^' | b'{' | b'}', _) => Ok((TokenKind::Unknown, at + 1)),
        (byte, _) if byte.is_ascii_control() => Ok((TokenKind::Unknown, at + 1)),
        _ => Ok(input.operator(OPERATORS)),
    }
}

/// `[name]` ends at the first closing bracket; there is no escape.
fn bracketed(input: &Input<'_>) -> Scanned {
    let end = run_end(input.bytes, input.at, |byte| byte != b']');
    if end == input.bytes.len() {
        return Err(crate::sql::SqlErrorKind::UnterminatedIdentifier);
    }
    Ok((TokenKind::QuotedIdentifier, end + 1))
}
