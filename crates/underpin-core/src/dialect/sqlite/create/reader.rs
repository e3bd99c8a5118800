//! A walk along the tokens of a statement. Not a grammar.

use crate::{
    dialect::Dialect,
    sql::{Code, TokenKind, unquote, words::codes},
};

/// Where one is among the tokens of a statement.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    source: &'a str,
    codes: Vec<Code<'a>>,
    at: usize,
}

impl<'a> Reader<'a> {
    /// At the beginning of a statement.
    pub(crate) fn new(source: &'a str) -> Self {
        Self { source, codes: codes(Dialect::Sqlite, source).collect(), at: 0 }
    }

    /// The tokens that are left.
    pub(crate) fn rest(&self) -> &[Code<'a>] {
        self.codes.get(self.at..).unwrap_or_default()
    }

    /// Whether nothing is left.
    pub(crate) fn is_done(&self) -> bool {
        self.rest().is_empty()
    }

    /// The byte of the source that the next token starts at.
    pub(crate) fn position(&self) -> usize {
        self.rest().first().map_or(self.source.len(), |code| code.start)
    }

    /// The source from a position to the end of the token before the next one.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        let end = self.at.checked_sub(1).and_then(|last| self.codes.get(last));
        end.and_then(|code| self.source.get(start..code.start + code.text.len())).unwrap_or_default()
    }

    /// Whether this word comes next.
    pub(crate) fn is(&self, word: &str) -> bool {
        self.is_at(0, word)
    }

    /// Whether this word comes so many tokens on.
    pub(crate) fn is_at(&self, offset: usize, word: &str) -> bool {
        self.rest().get(offset).is_some_and(|code| code.is(word))
    }

    /// Whether one of these words comes next.
    pub(crate) fn is_one_of(&self, words: &[&str]) -> bool {
        self.rest().first().is_some_and(|code| code.is_one_of(words))
    }

    /// Whether this operator comes next.
    pub(crate) fn is_operator(&self, operator: &str) -> bool {
        self.rest().first().is_some_and(|code| code.is_operator(operator))
    }

    /// Goes past these words, if they all come next.
    pub(crate) fn eat(&mut self, words: &[&str]) -> bool {
        let there = words.iter().enumerate().all(|(offset, word)| self.is_at(offset, word));
        if there {
            self.at += words.len();
        }
        there
    }

    /// Goes past this operator, if it comes next.
    pub(crate) fn eat_operator(&mut self, operator: &str) -> bool {
        let there = self.is_operator(operator);
        self.at += usize::from(there);
        there
    }

    /// The next token, which is gone past.
    pub(crate) fn next(&mut self) -> Option<Code<'a>> {
        let code = self.rest().first().copied();
        self.at += usize::from(code.is_some());
        code
    }

    /// The name that comes next: a word, or a text in quotes of any kind.
    pub(crate) fn name(&mut self) -> Option<String> {
        let name = name(self.rest().first()?)?;
        self.at += 1;
        Some(name)
    }

    /// The last part of a name with dots in it.
    pub(crate) fn qualified_name(&mut self) -> Option<String> {
        let mut name = self.name()?;
        while self.eat_operator(".") {
            name = self.name()?;
        }
        Some(name)
    }

    /// What is within the parentheses that open here; goes past them.
    pub(crate) fn group(&mut self) -> Option<Self> {
        if !self.is_operator("(") {
            return None;
        }
        let start = self.at + 1;
        let mut depth = 0_usize;
        while let Some(code) = self.next() {
            match code.text {
                "(" if code.kind == TokenKind::Operator => depth += 1,
                ")" if code.kind == TokenKind::Operator => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let codes = self.codes.get(start..self.at - 1)?.to_vec();
                return Some(Self { source: self.source, codes, at: 0 });
            }
        }
        None
    }

    /// The parts of what is left, as commas outside of parentheses part it.
    pub(crate) fn parts(&self) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut depth = 0_usize;
        let mut start = self.at;
        let part = |range: std::ops::Range<usize>| Self {
            source: self.source,
            codes: self.codes.get(range).unwrap_or_default().to_vec(),
            at: 0,
        };
        for (index, code) in self.codes.iter().enumerate().skip(self.at) {
            match code.text {
                "(" if code.kind == TokenKind::Operator => depth += 1,
                ")" if code.kind == TokenKind::Operator => depth = depth.saturating_sub(1),
                "," if code.kind == TokenKind::Operator && depth == 0 => {
                    parts.push(part(start..index));
                    start = index + 1;
                }
                _ => {}
            }
        }
        parts.push(part(start..self.codes.len()));
        parts
    }

    /// The same without its last tokens.
    pub(crate) fn without_last(mut self, count: usize) -> Self {
        self.codes.truncate(self.codes.len().saturating_sub(count).max(self.at));
        self
    }
}

/// The name that a token stands for, where a name is expected.
pub(super) fn name(code: &Code<'_>) -> Option<String> {
    match code.kind {
        TokenKind::Word => Some(code.text.to_owned()),
        TokenKind::QuotedIdentifier => Some(unquote(code.text)),
        TokenKind::String if code.text.starts_with('\'') => Some(unquote(code.text)),
        _ => None,
    }
}
