//! A token of SQL text: its kind and where it stands. Not its meaning.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Blanks and line ends.
    Whitespace,
    /// `-- …` or, in MySQL, `# …`, without its line end.
    LineComment,
    /// `/* … */`.
    BlockComment,
    /// `/*+ … */` where it is an optimizer hint: in MySQL, and for PostgreSQL's `pg_hint_plan`.
    Hint,
    /// `/*!`, `/*!50003` or `/*M!` of MySQL and MariaDB: what follows is code.
    ExecutableOpen,
    /// The `*/` that belongs to an [`TokenKind::ExecutableOpen`].
    ExecutableClose,
    /// An identifier without quotes, or a keyword.
    Word,
    /// An identifier in the quotes of its dialect.
    QuotedIdentifier,
    /// A string or blob in any quotes, with its prefix.
    String,
    /// A number.
    Number,
    /// A parameter or variable: `?1`, `:name`, `$1`, `@name`.
    Parameter,
    /// An operator or a punctuation mark.
    Operator,
    /// A semicolon.
    Semicolon,
    /// The delimiter set by a `DELIMITER` line.
    Delimiter,
    /// A character that the dialect has no use for.
    Unknown,
}

impl TokenKind {
    /// Whether a statement means the same without it.
    pub const fn is_trivia(self) -> bool {
        matches!(self, Self::Whitespace | Self::LineComment | Self::BlockComment)
    }
}

/// A piece of SQL text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The byte that it starts at.
    pub start: usize,
    /// The byte after its end.
    pub end: usize,
}

impl Token {
    /// The bytes that it covers.
    pub const fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Its text in the source that it was lexed from.
    pub fn text<'a>(&self, source: &'a str) -> &'a str {
        &source[self.span()]
    }
}

/// A token together with its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code<'a> {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Its text.
    pub(crate) text: &'a str,
    /// The byte that it starts at.
    pub(crate) start: usize,
}

impl<'a> Code<'a> {
    /// Pairs a token with its text.
    pub(crate) fn new(token: Token, source: &'a str) -> Self {
        Self { kind: token.kind, text: token.text(source), start: token.start }
    }

    /// Whether it is this unquoted word, in any case.
    pub(crate) fn is(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is one of these unquoted words, in any case.
    pub(crate) fn is_one_of(&self, words: &[&str]) -> bool {
        self.kind == TokenKind::Word && words.iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }

    /// Whether it is this operator.
    pub(crate) fn is_operator(&self, operator: &str) -> bool {
        self.kind == TokenKind::Operator && self.text == operator
    }
}
