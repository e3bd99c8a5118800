//! The tokens of MySQL and MariaDB (MySQL manual, "Language Structure"; MariaDB manual, "Comment
//! Syntax"), with the default `sql_mode`: double quotes are strings, and backslashes escape until the text
//! says otherwise. Not their order.

use crate::sql::{
    TokenKind, delimiter_at,
    scan::{Input, Scanned, continues_word, is_blank, number_end, run_end},
};

const OPERATORS: &[&str] = &["<=>", "->>", "->", "||", "&&", "<=", "<>", "<<", ">=", ">>", "!=", ":=", ".."];

/// The token that starts here, which is neither a blank nor a semicolon.
pub(crate) fn scan(input: &Input<'_>) -> Scanned {
    let Input { bytes, at, .. } = *input;
    match (input.peek(0), input.peek(1)) {
        (b'#', _) => Ok((TokenKind::LineComment, line_end(bytes, at))),
        // "The -- comment style requires the second dash to be followed by at least one whitespace
        // or control character"; the end of the text counts as one.
        (b'-', b'-') if is_blank(input.peek(2)) || input.peek(2).is_ascii_control() => {
            Ok((TokenKind::LineComment, line_end(bytes, at)))
        }
        (b'/', b'*') => comment(input),
        (b'*', b'/') if input.executable => Ok((TokenKind::ExecutableClose, at + 2)),
        (b'\'' | b'"', _) => input.string(0, input.escapes),
        (b'x' | b'X' | b'b' | b'B' | b'n' | b'N', b'\'') => input.string(1, input.escapes),
        (b'`', _) => input.identifier(0, b'`'),
        // `a.2024_b` is a name behind a name, not a fraction.
        (b'.', b'0'..=b'9') if !follows_name(bytes, at) => {
            Ok((TokenKind::Number, number_end(bytes, at, false)))
        }
        (b'0'..=b'9', _) => Ok(number_or_word(input)),
        (b'?', _) => Ok((TokenKind::Parameter, at + 1)),
        (b'@', _) => Ok(variable(input)),
        (b'\\', b'N') => Ok((TokenKind::Word, at + 2)),
        (b'\\', _) => Ok((TokenKind::Unknown, at + 1)),
        (byte, _) if continues_word(byte) => Ok((TokenKind::Word, word_end(input, at))),
        (byte, _) if byte.is_ascii_control() => Ok((TokenKind::Unknown, at + 1)),
        _ => Ok(input.operator(OPERATORS)),
    }
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    run_end(bytes, at, |byte| byte != b'\n')
}

/// `/*!`, `/*!50003`, `/*M!100100` open code; everything else is a comment or a hint.
fn comment(input: &Input<'_>) -> Scanned {
    let length = match (input.peek(2), input.peek(3)) {
        (b'!', _) => 3,
        (b'M', b'!') => 4,
        (b'+', _) => return input.comment(TokenKind::Hint, false),
        _ => return input.comment(TokenKind::BlockComment, false),
    };
    let digits = (0..6).take_while(|&index| input.peek(length + index).is_ascii_digit()).count();
    let version = if digits >= 5 { digits } else { 0 };
    Ok((TokenKind::ExecutableOpen, input.at + length + version))
}

fn follows_name(bytes: &[u8], at: usize) -> bool {
    at > 0 && (continues_word(bytes[at - 1]) || bytes[at - 1] == b'`')
}

/// A word may start with a digit, as in `2024_orders`.
fn number_or_word(input: &Input<'_>) -> (TokenKind, usize) {
    let number = number_end(input.bytes, input.at, false);
    let word = word_end(input, input.at);
    if word > number { (TokenKind::Word, word) } else { (TokenKind::Number, number) }
}

/// A word ends at the delimiter in force, even if that is made of characters a word may hold.
fn word_end(input: &Input<'_>, at: usize) -> usize {
    let end = run_end(input.bytes, at, continues_word);
    match input.delimiter {
        Some(delimiter) if !input.executable => {
            (at + 1..end).find(|&index| delimiter_at(input.bytes, index, delimiter)).unwrap_or(end)
        }
        _ => end,
    }
}

/// `@name`, `@@name.part`; a lone `@` stands before a quoted host or variable name.
fn variable(input: &Input<'_>) -> (TokenKind, usize) {
    let name = input.at + if input.peek(1) == b'@' { 2 } else { 1 };
    match input.bytes.get(name) {
        Some(&byte) if continues_word(byte) => {
            let mut end = word_end(input, name);
            while input.bytes.get(end) == Some(&b'.')
                && input.bytes.get(end + 1).copied().is_some_and(continues_word)
            {
                end = word_end(input, end + 1);
            }
            (TokenKind::Parameter, end)
        }
        _ => (TokenKind::Operator, name),
    }
}
