//! PostgreSQL's tokens (manual, "Lexical Structure"; `scan.l`), with `standard_conforming_strings`
//! on, as it is by default. Not their order.

use crate::sql::{
    SqlErrorKind, TokenKind,
    scan::{Input, Scanned, continues_word, is_blank, number_end, quoted_end, run_end, starts_word},
};

const OPERATOR_CHARACTERS: &[u8] = b"+-*/<>=~!@#%^&|`?";

/// The token that starts here, which is neither a blank nor a semicolon.
pub(crate) fn scan(input: &Input<'_>) -> Scanned {
    let Input { bytes, at, .. } = *input;
    match (input.peek(0), input.peek(1), input.peek(2)) {
        (b'-', b'-', _) => Ok((TokenKind::LineComment, comment_line_end(bytes, at))),
        (b'/', b'*', b'+') => input.comment(TokenKind::Hint, true),
        (b'/', b'*', _) => input.comment(TokenKind::BlockComment, true),
        (b'\'', _, _) => input.string(0, false),
        (b'e' | b'E', b'\'', _) => escape_string(input),
        (b'b' | b'B' | b'x' | b'X' | b'n' | b'N', b'\'', _) => input.string(1, false),
        (b'u' | b'U', b'&', b'\'') => input.string(2, false),
        (b'u' | b'U', b'&', b'"') => input.identifier(2, b'"'),
        (b'"', _, _) => input.identifier(0, b'"'),
        (b'$', _, _) => dollar(input),
        (b'.', b'0'..=b'9', _) | (b'0'..=b'9', _, _) => Ok((TokenKind::Number, number_end(bytes, at, true))),
        (byte, _, _) if starts_word(byte) => Ok((TokenKind::Word, run_end(bytes, at, continues_word))),
        (byte, _, _) if OPERATOR_CHARACTERS.contains(&byte) => {
            Ok((TokenKind::Operator, operator_end(bytes, at)))
        }
        (b'\\' | b'{' | b'}', _, _) => Ok((TokenKind::Unknown, at + 1)),
        (byte, _, _) if byte.is_ascii_control() => Ok((TokenKind::Unknown, at + 1)),
        _ => Ok(input.operator(&["::", ":=", ".."])),
    }
}

/// PostgreSQL ends a comment at either line end character.
fn comment_line_end(bytes: &[u8], at: usize) -> usize {
    run_end(bytes, at, |byte| byte != b'\n' && byte != b'\r')
}

/// `E'…'`, with the pieces that continue it on following lines: their backslashes escape as well.
fn escape_string(input: &Input<'_>) -> Scanned {
    let bytes = input.bytes;
    let mut content = input.at + 2;
    loop {
        let end = quoted_end(bytes, content, b'\'', true).ok_or(SqlErrorKind::UnterminatedString)?;
        match continuation(bytes, end) {
            Some(next) => content = next,
            None => return Ok((TokenKind::String, end)),
        }
    }
}

/// The start of the content of a string piece that continues one that ends at `at`: only blanks
/// with a line end, and `--` comments, may stand between the two.
fn continuation(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut line_end = false;
    loop {
        match bytes.get(at)? {
            b'\'' => return line_end.then_some(at + 1),
            b'-' if bytes.get(at + 1) == Some(&b'-') => at = comment_line_end(bytes, at),
            &byte if is_blank(byte) => {
                line_end |= byte == b'\n' || byte == b'\r';
                at += 1;
            }
            _ => return None,
        }
    }
}

/// `$1`, `$$…$$` or `$tag$…$tag$`. A `$` inside a word never comes here, because the word takes it.
fn dollar(input: &Input<'_>) -> Scanned {
    let Input { bytes, at, .. } = *input;
    if input.peek(1).is_ascii_digit() {
        return Ok((TokenKind::Parameter, run_end(bytes, at + 1, |byte| byte.is_ascii_digit())));
    }
    let tag_end = run_end(bytes, at + 1, |byte| continues_word(byte) && byte != b'$');
    if bytes.get(tag_end) != Some(&b'$') {
        return Ok((TokenKind::Unknown, at + 1));
    }
    let tag = &bytes[at..=tag_end];
    let content = tag_end + 1;
    match bytes[content..].windows(tag.len()).position(|window| window == tag) {
        Some(length) => Ok((TokenKind::String, content + length + tag.len())),
        None => Err(SqlErrorKind::UnterminatedDollarQuote(String::from_utf8_lossy(tag).into_owned())),
    }
}

/// The rules of the manual's section "Operators": an operator stops before a comment, and it ends
/// in `+` or `-` only if it also holds one of the characters that no SQL standard operator has.
fn operator_end(bytes: &[u8], at: usize) -> usize {
    let mut end = run_end(bytes, at, |byte| OPERATOR_CHARACTERS.contains(&byte));
    let comment = bytes[at..end].windows(2).position(|pair| pair == b"--" || pair == b"/*");
    if let Some(length) = comment {
        end = at + length;
    }
    if !bytes[at..end].iter().any(|byte| b"~!@#%^&|`?".contains(byte)) {
        while end > at + 1 && matches!(bytes[end - 1], b'+' | b'-') {
            end -= 1;
        }
    }
    end
}
