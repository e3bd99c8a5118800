//! A statement as its tokens without trivia, to ask what it starts with. Not a grammar.

use super::{Code, Lexer, TokenKind};
use crate::dialect::Dialect;

/// The tokens of one statement without trivia, hints and the marks of executable comments.
///
/// What reads words has to do with a statement that was split before, so that it can be lexed; a string of
/// MySQL's that is not closed then is one in which a backslash is a character like any other.
pub(crate) fn codes(dialect: Dialect, statement: &str) -> impl Iterator<Item = Code<'_>> {
    let mut lexer = Lexer::new(dialect, statement).ok();
    std::iter::from_fn(move || {
        let lexer = lexer.as_mut()?;
        loop {
            let token = match lexer.next_token() {
                Ok(token) => token?,
                Err(_) => {
                    lexer.without_escapes()?;
                    continue;
                }
            };
            let skipped = matches!(
                token.kind,
                TokenKind::Hint | TokenKind::ExecutableOpen | TokenKind::ExecutableClose
            );
            if !skipped && !token.kind.is_trivia() {
                return Some(Code::new(token, statement));
            }
        }
    })
}

/// Whether tokens begin with these words, which have blanks between: `a|b` is one of them, `*` any token, and `(`
/// a parenthesis.
pub(crate) fn follows(codes: &[Code<'_>], words: &str) -> bool {
    let one_of = |code: &Code<'_>, words: &str| words.split('|').any(|word| code.is(word));
    words.split(' ').enumerate().all(|(index, word)| {
        codes
            .get(index)
            .is_some_and(|code| word == "*" || one_of(code, word) || word == "(" && code.is_operator("("))
    })
}

/// The first place among tokens at which these words follow each other, as [`follows`] reads them.
pub(crate) fn place(codes: &[Code<'_>], words: &str) -> Option<usize> {
    (0..codes.len()).find(|&at| follows(&codes[at..], words))
}

/// The first tokens of a statement, to match words against.
pub(crate) struct Words<'a> {
    codes: Vec<Code<'a>>,
}

impl<'a> Words<'a> {
    /// All tokens of a statement.
    pub(crate) fn new(dialect: Dialect, statement: &'a str) -> Self {
        Self { codes: codes(dialect, statement).collect() }
    }

    /// The first few tokens of a statement, for who asks no further: reading all of it costs as much as
    /// splitting a file does.
    pub(crate) fn beginning(dialect: Dialect, statement: &'a str) -> Self {
        const FEW: usize = 4;
        Self { codes: codes(dialect, statement).take(FEW).collect() }
    }

    /// The tokens.
    pub(crate) fn codes(&self) -> &[Code<'a>] {
        &self.codes
    }

    /// Whether the token at `index` is this word.
    pub(crate) fn is(&self, index: usize, word: &str) -> bool {
        self.codes.get(index).is_some_and(|code| code.is(word))
    }

    /// Whether the token at `index` is one of these words.
    pub(crate) fn is_one_of(&self, index: usize, words: &[&str]) -> bool {
        self.codes.get(index).is_some_and(|code| code.is_one_of(words))
    }

    /// Whether the statement starts with these words.
    pub(crate) fn start_with(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(index, word)| self.is(index, word))
    }

    /// Whether any token from `index` on is this word.
    pub(crate) fn any(&self, index: usize, word: &str) -> bool {
        self.codes.iter().skip(index).any(|code| code.is(word))
    }

    /// The first word as it stands, or an empty text.
    pub(crate) fn first(&self) -> Code<'a> {
        self.codes.first().copied().unwrap_or(Code { kind: TokenKind::Unknown, text: "", start: 0 })
    }
}
