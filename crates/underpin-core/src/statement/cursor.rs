//! A place among the tokens of a statement, and the steps that a reader takes from there. Not what
//! the tokens mean.

use crate::{
    dialect::Dialect,
    sql::{Code, TokenKind, catalog_name},
};

use super::{Expression, ObjectName, parentheses::closing};

/// A place among the tokens of a statement.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    pub(super) dialect: Dialect,
    source: &'a str,
    codes: &'a [Code<'a>],
    at: usize,
    /// How many pairs of parentheses it stands in.
    depth: usize,
}

/// What stands deeper is not read: readers call themselves for what stands in parentheses, and nobody writes as
/// many (SQLite's parser takes fewer than a hundred, "Limits In SQLite").
const DEEPEST: usize = 100;

impl<'a> Cursor<'a> {
    pub(super) fn new(dialect: Dialect, source: &'a str, codes: &'a [Code<'a>]) -> Self {
        Self { dialect, source, codes, at: 0, depth: 0 }
    }

    /// The same statement, but only these tokens of it.
    fn within(&self, codes: &'a [Code<'a>]) -> Self {
        Self { codes, at: 0, ..self.clone() }
    }

    pub(super) fn code(&self) -> Option<&'a Code<'a>> {
        self.codes.get(self.at)
    }

    pub(super) fn ended(&self) -> bool {
        self.at >= self.codes.len()
    }

    /// The byte that the next token starts at.
    pub(super) fn start(&self) -> usize {
        self.code().map_or(self.source.len(), |code| code.start)
    }

    /// The byte after the token before.
    pub(super) fn end(&self) -> usize {
        self.at
            .checked_sub(1)
            .and_then(|at| self.codes.get(at))
            .map_or(0, |code| code.start + code.text.len())
    }

    pub(super) fn advance(&mut self) -> Option<&'a Code<'a>> {
        let code = self.code();
        self.at += usize::from(code.is_some());
        code
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.code().is_some_and(|code| code.is(word))
    }

    pub(super) fn is_at(&self, offset: usize, word: &str) -> bool {
        self.codes.get(self.at + offset).is_some_and(|code| code.is(word))
    }

    pub(super) fn is_one_of(&self, words: &[&str]) -> bool {
        self.code().is_some_and(|code| code.is_one_of(words))
    }

    pub(super) fn is_operator(&self, operator: &str) -> bool {
        self.code().is_some_and(|code| code.is_operator(operator))
    }

    pub(super) fn is_operator_at(&self, offset: usize, operator: &str) -> bool {
        self.codes.get(self.at + offset).is_some_and(|code| code.is_operator(operator))
    }

    /// Steps over the words, if all of them stand here.
    pub(super) fn eat(&mut self, words: &str) -> bool {
        let mut count = 0;
        for word in words.split(' ') {
            if !self.is_at(count, word) {
                return false;
            }
            count += 1;
        }
        self.at += count;
        true
    }

    /// Steps over one of the words and tells which.
    pub(super) fn eat_one_of<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        let word = words.iter().copied().find(|word| self.is(word))?;
        self.at += 1;
        Some(word)
    }

    pub(super) fn eat_operator(&mut self, operator: &str) -> bool {
        let found = self.is_operator(operator);
        self.at += usize::from(found);
        found
    }

    /// The word here in upper case, stepped over.
    pub(super) fn word(&mut self) -> Option<String> {
        let code = self.code().filter(|code| code.kind == TokenKind::Word)?;
        self.at += 1;
        Some(code.text.to_ascii_uppercase())
    }

    /// `IF EXISTS`.
    pub(super) fn if_exists(&mut self) -> bool {
        self.eat("IF EXISTS")
    }

    /// `IF NOT EXISTS`.
    pub(super) fn if_not_exists(&mut self) -> bool {
        self.eat("IF NOT EXISTS")
    }

    /// One identifier, in quotes or not.
    pub(super) fn identifier(&mut self) -> Option<String> {
        let code = self.code()?;
        let name = match (code.kind, self.dialect) {
            // SQLite takes names in the quotes of texts, MySQL takes aliases so.
            (TokenKind::String, Dialect::Sqlite) => Some(crate::sql::unquote(code.text)),
            _ => catalog_name(self.dialect, code),
        }?;
        self.at += 1;
        Some(name)
    }

    /// A name with its schema.
    pub(super) fn name(&mut self) -> Option<ObjectName> {
        let mut name = self.identifier()?;
        let mut schema = None;
        while self.is_operator(".") {
            self.at += 1;
            schema = Some(name);
            name = self.identifier()?;
        }
        Some(ObjectName { schema, name })
    }

    /// Names with commas between.
    pub(super) fn names(&mut self) -> Vec<ObjectName> {
        let mut names = Vec::new();
        loop {
            self.eat("ONLY");
            names.extend(self.name());
            self.eat_operator("*");
            if !self.eat_operator(",") {
                return names;
            }
        }
    }

    /// The text of a literal in quotes.
    pub(super) fn text(&mut self) -> Option<String> {
        let code = self.code().filter(|code| code.kind == TokenKind::String)?;
        self.at += 1;
        Some(crate::sql::unquote(code.text))
    }

    /// What stands between a parenthesis here and its partner, both stepped over. Nothing does where there are
    /// too many of them.
    pub(super) fn parenthesised(&mut self) -> Option<Cursor<'a>> {
        if !self.is_operator("(") {
            return None;
        }
        let end = closing(self.codes, self.at);
        let codes = if self.depth < DEEPEST { self.codes.get(self.at + 1..end) } else { None };
        let inner = Self { depth: self.depth + 1, ..self.within(codes.unwrap_or_default()) };
        self.at = (end + 1).min(self.codes.len());
        Some(inner)
    }

    /// The pieces between commas that stand in no parentheses, from here to the end.
    pub(super) fn pieces(&mut self) -> Vec<Cursor<'a>> {
        let mut pieces = Vec::new();
        while !self.ended() {
            let start = self.at;
            self.skip_until(|cursor| cursor.is_operator(","));
            pieces.push(self.within(&self.codes[start..self.at]));
            self.at += 1;
        }
        pieces
    }

    /// Steps over tokens, a pair of parentheses as one, until `stop` or the end.
    pub(super) fn skip_until(&mut self, stop: impl Fn(&Self) -> bool) {
        while !self.ended() && !stop(self) {
            if self.is_operator("(") {
                self.parenthesised();
            } else {
                self.at += 1;
            }
        }
    }

    /// Identifiers within a pair of parentheses here.
    pub(super) fn columns(&mut self) -> Vec<String> {
        let Some(mut inner) = self.parenthesised() else { return Vec::new() };
        inner.pieces().iter_mut().filter_map(Cursor::identifier).collect()
    }

    /// All that is left, as an expression.
    pub(super) fn rest(&mut self) -> Expression {
        let start = self.at;
        self.at = self.codes.len();
        self.expression_of(start)
    }

    /// An expression that ends where one of the words stands, in no parentheses.
    pub(super) fn expression_until(&mut self, words: &[&str]) -> Expression {
        let start = self.at;
        // The first token belongs to it, whatever it is: DEFAULT NULL, DEFAULT NOT true.
        if self.is_operator("(") {
            self.parenthesised();
        } else {
            self.advance();
        }
        // An operator wants something behind it: `DEFAULT 1 + - 2`, `NOT NULL` after a value ends it.
        self.skip_until(|cursor| cursor.is_one_of(words) || cursor.is_operator(","));
        self.expression_of(start)
    }

    fn expression_of(&self, start: usize) -> Expression {
        Expression::new(self.dialect, self.source, self.codes.get(start..self.at).unwrap_or_default())
    }
}

impl Cursor<'_> {
    /// The name of a variable or setting, with its dots and marks, stepped over.
    pub(super) fn skip_variable(&mut self) -> String {
        let mut name = String::new();
        while let Some(code) = self.code() {
            let part =
                matches!(code.kind, TokenKind::Word | TokenKind::QuotedIdentifier | TokenKind::Parameter)
                    || code.is_operator(".");
            if !part || code.is("TO") && !name.is_empty() {
                break;
            }
            name.push_str(code.text);
            self.at += 1;
        }
        name
    }
}
