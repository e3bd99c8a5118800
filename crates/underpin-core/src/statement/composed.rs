//! Texts that an expression puts together: literals, `||`, `concat` and `format`. What is known only when
//! it runs is an ellipsis in them.

use std::ops::Range;

use super::parentheses::closing;
use crate::sql::{Code, TokenKind, unquote};

/// What stands for a value that nobody knows yet.
const UNKNOWN: &str = "…";

/// A literal in quotes.
pub(super) struct Literal {
    /// What it says.
    pub(super) text: String,
    /// The bytes between its quotes, if they are what it says.
    pub(super) span: Option<Range<usize>>,
    /// All of its bytes.
    pub(super) whole: Range<usize>,
}

/// The literal that a token is.
pub(super) fn literal(code: &Code<'_>) -> Option<Literal> {
    if code.kind != TokenKind::String {
        return None;
    }
    let whole = code.start..code.start + code.text.len();
    if code.text.starts_with('$') {
        let tag = code.text[1..].find('$')? + 2;
        let text = code.text.get(tag..code.text.len().checked_sub(tag)?)?;
        let start = code.start + tag;
        return Some(Literal { text: text.to_owned(), span: Some(start..start + text.len()), whole });
    }
    // E'…' and N'…'; a backslash before a quote is one of them.
    let quoted = code.text.trim_start_matches(|it: char| it.is_ascii_alphabetic());
    let text = unquote(quoted).replace("\\'", "'");
    let start = code.start + (code.text.len() - quoted.len()) + 1;
    let verbatim = quoted.get(1..quoted.len().saturating_sub(1)) == Some(text.as_str());
    let span = verbatim.then(|| start..start + text.len());
    Some(Literal { text, span, whole })
}

/// The texts that an expression may be. One that begins with what nobody knows is left out.
pub(super) fn texts(codes: &[Code<'_>]) -> Vec<String> {
    let mut texts = Vec::new();
    let mut at = 0;
    while at < codes.len() {
        let (operand, next) = operand(codes, at);
        let Some(mut text) = operand else {
            // A call may have texts among its arguments.
            at += 1;
            continue;
        };
        at = next;
        while codes.get(at).is_some_and(|code| code.is_operator("||")) {
            let (operand, next) = self::operand(codes, at + 1);
            text.push_str(operand.as_deref().unwrap_or(UNKNOWN));
            at = next;
        }
        texts.push(text);
    }
    texts
}

/// The text of an operand that begins here, if it is known, and what stands behind it.
fn operand(codes: &[Code<'_>], at: usize) -> (Option<String>, usize) {
    let Some(code) = codes.get(at) else { return (None, at) };
    if let Some(literal) = literal(code) {
        return (Some(literal.text), at + 1);
    }
    let call = codes.get(at + 1).is_some_and(|next| next.is_operator("("));
    if call && code.is_one_of(&["CONCAT", "FORMAT"]) {
        let end = closing(codes, at + 1);
        let arguments = arguments(codes, at + 2, end);
        let of = |range: &Range<usize>| operand(codes, range.start).0;
        let text = if code.is("CONCAT") {
            let parts = arguments.iter().map(|argument| of(argument).unwrap_or_else(|| UNKNOWN.to_owned()));
            Some(parts.collect::<String>())
        } else {
            arguments.first().and_then(of).map(|pattern| formatted(&pattern))
        };
        return (text.filter(|text| !text.starts_with(UNKNOWN)), end + 1);
    }
    let mut next = at;
    while let Some(code) = codes.get(next) {
        let ends = code.is_operator("||")
            || code.is_operator(",")
            || code.is_operator(")")
            || code.is_one_of(&["INTO", "USING"])
            || matches!(code.kind, TokenKind::Semicolon | TokenKind::Delimiter);
        if ends {
            break;
        }
        next = if code.is_operator("(") { closing(codes, next) + 1 } else { next + 1 };
    }
    (None, next)
}

/// The arguments of a call, as ranges of tokens.
fn arguments(codes: &[Code<'_>], from: usize, to: usize) -> Vec<Range<usize>> {
    let mut arguments = Vec::new();
    let (mut start, mut at) = (from, from);
    while at < to.min(codes.len()) {
        if codes[at].is_operator("(") {
            at = closing(codes, at);
        } else if codes[at].is_operator(",") {
            arguments.push(start..at);
            start = at + 1;
        }
        at += 1;
    }
    arguments.push(start..to);
    arguments
}

/// A pattern of PostgreSQL's `format` with an ellipsis for each value (manual, 9.4.1 "format").
fn formatted(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        text.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let kind = behind.find(['I', 's', 'L', '%']).unwrap_or(behind.len());
        match behind[kind..].chars().next() {
            Some('%') => text.push('%'),
            Some('L') => text.push_str("'…'"),
            Some(_) | None => text.push_str(UNKNOWN),
        }
        rest = behind.get(kind + 1..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}
