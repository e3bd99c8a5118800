//! A stretch of a statement's tokens, taken apart from its beginning. Not a parser: whoever does not
//! find what is expected takes nothing.

use crate::{
    dialect::Dialect,
    sql::{Code, TokenKind, words::codes},
};

/// The tokens of a statement, or of a part of it.
#[derive(Clone, Debug)]
pub(super) struct Clause<'a> {
    statement: &'a str,
    codes: Vec<Code<'a>>,
}

impl<'a> Clause<'a> {
    pub(super) fn new(dialect: Dialect, statement: &'a str) -> Self {
        Self { statement, codes: codes(dialect, statement).collect() }
    }

    fn part(&self, codes: &[Code<'a>]) -> Self {
        Self { statement: self.statement, codes: codes.to_vec() }
    }

    /// Its text as it is written.
    pub(super) fn text(&self) -> &'a str {
        match (self.codes.first(), self.codes.last()) {
            (Some(first), Some(last)) => &self.statement[first.start..last.start + last.text.len()],
            _ => "",
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Whether the word is anywhere outside of parentheses.
    pub(super) fn has(&self, word: &str) -> bool {
        self.position(|code| code.is(word)).is_some()
    }

    /// Whether the words stand somewhere outside of parentheses, one behind the other.
    pub(super) fn has_phrase(&self, first: &str, second: &str) -> bool {
        self.codes.windows(2).any(|pair| pair[0].is(first) && pair[1].is(second))
    }

    /// Whether it begins with one of these words.
    pub(super) fn starts_with(&self, words: &[&str]) -> bool {
        self.codes.first().is_some_and(|code| code.is_one_of(words))
    }

    /// What follows these words, if it begins with all of them.
    pub(super) fn after(&self, words: &[&str]) -> Option<Self> {
        let found = self.codes.len() >= words.len()
            && words.iter().zip(&self.codes).all(|(word, code)| code.is(word));
        found.then(|| self.part(&self.codes[words.len()..]))
    }

    /// What follows these words, or all of it where it does not begin with them.
    pub(super) fn skip(&self, words: &[&str]) -> Self {
        self.after(words).unwrap_or_else(|| self.clone())
    }

    /// What stands before and behind the first such word outside of parentheses.
    pub(super) fn split_at(&self, word: &str) -> Option<(Self, Self)> {
        let at = self.position(|code| code.is(word))?;
        Some((self.part(&self.codes[..at]), self.part(&self.codes[at + 1..])))
    }

    /// A name, with what qualifies it, and what follows.
    pub(super) fn name(&self) -> Option<(&'a str, Self)> {
        let is_name =
            |at: usize| self.codes.get(at).is_some_and(|code| is_identifier(code)).then_some(()).is_some();
        if !is_name(0) {
            return None;
        }
        let mut end = 1;
        while self.codes.get(end).is_some_and(|code| code.is_operator(".")) && is_name(end + 1) {
            end += 2;
        }
        Some((self.part(&self.codes[..end]).text(), self.part(&self.codes[end..])))
    }

    /// The content of the next parentheses, and what follows them.
    pub(super) fn parenthesised(&self) -> Option<(Self, Self)> {
        let open = self.codes.iter().position(|code| code.is_operator("("))?;
        let mut depth = 0_usize;
        for (at, code) in self.codes.iter().enumerate().skip(open) {
            depth = deeper(depth, code);
            if depth == 0 {
                return Some((self.part(&self.codes[open + 1..at]), self.part(&self.codes[at + 1..])));
            }
        }
        None
    }

    /// The parts between the commas outside of parentheses.
    pub(super) fn parts(&self) -> Vec<Self> {
        let mut parts = Vec::new();
        let (mut depth, mut start) = (0_usize, 0);
        for (at, code) in self.codes.iter().enumerate() {
            depth = deeper(depth, code);
            if depth == 0 && code.is_operator(",") {
                parts.push(self.part(&self.codes[start..at]));
                start = at + 1;
            }
        }
        parts.push(self.part(&self.codes[start..]));
        parts
    }

    /// The names that it lists; nothing where one of the parts is more than a name.
    pub(super) fn names(&self) -> Option<Vec<String>> {
        self.parts()
            .iter()
            .map(|part| {
                let (name, rest) = part.name()?;
                let plain =
                    rest.is_empty() || rest.after(&["ASC"]).is_some() || rest.after(&["DESC"]).is_some();
                plain.then(|| name.to_owned())
            })
            .collect()
    }

    fn position(&self, is: impl Fn(&Code<'_>) -> bool) -> Option<usize> {
        let mut depth = 0_usize;
        self.codes.iter().position(|code| {
            depth = deeper(depth, code);
            depth == 0 && is(code)
        })
    }
}

fn deeper(depth: usize, code: &Code<'_>) -> usize {
    match code {
        _ if code.is_operator("(") => depth + 1,
        _ if code.is_operator(")") => depth.saturating_sub(1),
        _ => depth,
    }
}

fn is_identifier(code: &Code<'_>) -> bool {
    matches!(code.kind, TokenKind::Word | TokenKind::QuotedIdentifier)
}
