//! Splitting SQL text into the statements that a driver can send one by one. Not a parser: where a
//! statement ends inside a body of BEGIN … END is in `dialect/*/block.rs`.

use std::ops::Range;

use super::{Code, Lexer, SqlError, SqlErrorKind, Token, TokenKind, line_column};
use crate::{
    backfill::{Batches, BatchesError, MARK, ends_mark},
    dialect::{Dialect, mysql, postgres, sqlite},
};

/// One statement of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<'a> {
    /// The statement, without comments or blanks around it and without its terminator.
    pub text: &'a str,
    /// The bytes of the source that `text` covers.
    pub span: Range<usize>,
    /// All bytes that belong to it: what stands before it, and its terminator. The segments of a
    /// source follow each other without a gap; what follows the last terminator belongs to the
    /// last statement.
    pub segment: Range<usize>,
    /// The query of a comment `-- probe: SELECT …` on a line of its own before it, which tells
    /// whether the statement has been run.
    pub probe: Option<&'a str>,
    /// How it is cut into batches, as a comment `-- batches: TABLE by KEY` on a line of its own before it
    /// says.
    pub batches: Option<Batches>,
}

impl Statement<'_> {
    /// The line and column that the statement starts at, in the source it was split from.
    pub fn position(&self, source: &str) -> (usize, usize) {
        line_column(source, self.span.start)
    }
}

/// Splits `source` into statements.
///
/// A piece that holds nothing but comments is no statement. `DELIMITER` lines of MySQL are obeyed
/// and not part of any statement's text.
///
/// ```
/// use underpin_core::{dialect::Dialect, sql};
///
/// let statements = sql::split(Dialect::Sqlite, "CREATE TABLE a (b);\n-- the end\nDROP TABLE c")?;
/// assert_eq!(statements[0].text, "CREATE TABLE a (b)");
/// assert_eq!(statements[1].position("CREATE TABLE a (b);\n-- the end\nDROP TABLE c"), (3, 1));
/// # Ok::<(), sql::SqlError>(())
/// ```
///
/// # Errors
/// At a NUL byte, at the start of anything that is never closed, at a command of a client program
/// (psql, mysql, sqlite3), at a probe or a note about batches that belongs to no statement, and at a
/// statement that can't be run in the batches that its note says.
pub fn split(dialect: Dialect, source: &str) -> Result<Vec<Statement<'_>>, SqlError> {
    let Pieces { statements, stray, .. } = pieces(dialect, source)?;
    stray.map_or(Ok(statements), Err)
}

/// The statements of a source with their tokens.
pub(crate) struct Pieces<'a> {
    /// The statements.
    pub(crate) statements: Vec<Statement<'a>>,
    /// The tokens of all statements, without trivia and terminators.
    pub(crate) tokens: Vec<Token>,
    /// For each statement the index after its last token.
    pub(crate) token_ends: Vec<usize>,
    /// The first place for the condition of a batch in a statement that has no note; the text of one
    /// statement alone has none.
    pub(crate) stray: Option<SqlError>,
}

/// Where a dialect's statements end. A tracker lives for one statement.
pub(crate) trait Blocks: Default {
    /// Takes note of the next token of the statement, which is no trivia. A semicolon comes here
    /// only if it did not end the statement.
    fn feed(&mut self, code: &Code<'_>);

    /// What is still open, with the byte that it starts at; a semicolon does not end the statement
    /// while something is.
    fn open(&self) -> Option<(SqlErrorKind, usize)>;

    /// Whether the statement can hold others, so that only a delimiter set on purpose ends it.
    fn compound(&self) -> bool;

    /// Whether `DELIMITER` lines mean anything.
    fn obeys_delimiter() -> bool {
        false
    }

    /// What a client program would take this token for; `index` counts the statement's tokens.
    fn refuse(
        code: &Code<'_>,
        index: usize,
        first: &Code<'_>,
        previous: Option<&Code<'_>>,
    ) -> Option<SqlErrorKind>;
}

/// Splits `source`, and keeps the tokens.
pub(crate) fn pieces(dialect: Dialect, source: &str) -> Result<Pieces<'_>, SqlError> {
    let lexer = Lexer::new(dialect, source)?;
    match dialect {
        Dialect::Sqlite => Splitter::<sqlite::block::Triggers>::new(lexer).run(),
        Dialect::Postgres => Splitter::<postgres::block::Bodies>::new(lexer).run(),
        Dialect::Mysql => Splitter::<mysql::block::Compounds>::new(lexer).run(),
    }
}

struct Splitter<'a, B> {
    lexer: Lexer<'a>,
    blocks: B,
    pieces: Pieces<'a>,
    /// The start of the segment under way.
    segment: usize,
    /// The first and the previous token of the statement under way.
    first: Option<Code<'a>>,
    previous: Option<Code<'a>>,
    /// The index of its first token, and the index after its last one that is not a semicolon.
    first_token: usize,
    token_end: usize,
    /// Whether it holds more than hints.
    substance: bool,
    probe: Option<(&'a str, Range<usize>)>,
    batches: Option<(Batches, Range<usize>)>,
    /// The first place for the condition of a batch.
    mark: Option<usize>,
}

impl<'a, B: Blocks> Splitter<'a, B> {
    fn new(lexer: Lexer<'a>) -> Self {
        let estimate = lexer.source().len();
        Self {
            lexer,
            blocks: B::default(),
            pieces: Pieces {
                statements: Vec::with_capacity(estimate / 64),
                tokens: Vec::with_capacity(estimate / 5),
                token_ends: Vec::with_capacity(estimate / 64),
                stray: None,
            },
            segment: 0,
            first: None,
            previous: None,
            first_token: 0,
            token_end: 0,
            substance: false,
            probe: None,
            batches: None,
            mark: None,
        }
    }

    fn run(mut self) -> Result<Pieces<'a>, SqlError> {
        while let Some(token) = self.lexer.next_token()? {
            match token.kind {
                TokenKind::Whitespace | TokenKind::BlockComment => {}
                TokenKind::LineComment => self.comment(token)?,
                TokenKind::Delimiter => self.end_statement(token.end)?,
                TokenKind::Semicolon if self.semicolon_ends() => self.end_statement(token.end)?,
                _ if self.delimiter_line(token)? => {}
                _ => self.code(token)?,
            }
        }
        self.finish()
    }

    fn semicolon_ends(&self) -> bool {
        !self.lexer.in_executable()
            && if self.lexer.delimiter() == ";" {
                self.blocks.open().is_none()
            } else {
                !self.blocks.compound()
            }
    }

    fn code(&mut self, token: Token) -> Result<(), SqlError> {
        let code = Code::new(token, self.lexer.source());
        let index = self.pieces.tokens.len() - self.first_token;
        let first = self.first.get_or_insert(code);
        if !self.lexer.in_executable()
            && let Some(kind) = B::refuse(&code, index, first, self.previous.as_ref())
        {
            return Err(self.refused(kind, token));
        }
        self.pieces.tokens.push(token);
        if token.kind != TokenKind::Semicolon {
            self.token_end = self.pieces.tokens.len();
        }
        if !matches!(token.kind, TokenKind::Hint | TokenKind::ExecutableOpen | TokenKind::ExecutableClose) {
            self.substance |= token.kind != TokenKind::Semicolon;
            self.blocks.feed(&code);
            self.previous = Some(code);
            if self.mark.is_none() && (token.kind == TokenKind::Parameter || code.is("batch")) {
                self.mark = self.mark_here();
            }
        }
        Ok(())
    }

    /// The start of the place for a batch's condition that the last token ends, if it ends one.
    fn mark_here(&self) -> Option<usize> {
        const LENGTH: usize = 3;
        let tokens = &self.pieces.tokens[self.first_token..];
        let tokens = &tokens[tokens.len().saturating_sub(LENGTH)..];
        let source = self.lexer.source();
        let codes: Vec<Code<'_>> = tokens.iter().map(|&token| Code::new(token, source)).collect();
        ends_mark(&codes)
    }

    /// Notes a probe or batches, if the comment says such and stands alone on its line before the statement.
    fn comment(&mut self, token: Token) -> Result<(), SqlError> {
        let source = self.lexer.source();
        let text = token.text(source);
        let (query, batches) = (note(text, "probe"), note(text, "batches"));
        if query.is_none() && batches.is_none() || self.first.is_some() || !starts_line(source, token.start) {
            return Ok(());
        }
        if let Some(batches) = batches {
            return self.batches_note(batches, token);
        }
        let query = query.unwrap_or_default().trim_end_matches(';').trim_end();
        if query.is_empty() {
            return Err(self.error(SqlErrorKind::EmptyProbe, token.span()));
        }
        if self.probe.is_some() {
            return Err(self.error(SqlErrorKind::SecondProbe, token.span()));
        }
        self.probe = Some((query, token.span()));
        Ok(())
    }

    fn batches_note(&mut self, text: &str, token: Token) -> Result<(), SqlError> {
        let wrong = |this: &Self, error| this.error(SqlErrorKind::Batches(error), token.span());
        if self.batches.is_some() {
            return Err(wrong(self, BatchesError::SecondNote));
        }
        let batches = Batches::parse(self.lexer.dialect(), text).map_err(|error| wrong(self, error))?;
        self.batches = Some((batches, token.span()));
        Ok(())
    }

    /// What the statement that ends here is to be cut into, if it can be.
    fn batches_of(&mut self, text: &str) -> Result<Option<Batches>, SqlError> {
        match (self.batches.take(), self.mark) {
            (None, None) => Ok(None),
            (None, Some(start)) => {
                let kind = SqlErrorKind::Batches(BatchesError::MarkWithoutNote);
                let stray = self.error(kind, start..start + MARK.len());
                self.pieces.stray.get_or_insert(stray);
                Ok(None)
            }
            (Some((batches, span)), _) => match batches.check(self.lexer.dialect(), text) {
                Ok(()) => Ok(Some(batches)),
                Err(error) => Err(self.error(SqlErrorKind::Batches(error), span)),
            },
        }
    }

    /// Obeys a `DELIMITER` line of the mysql program, if this is one.
    fn delimiter_line(&mut self, token: Token) -> Result<bool, SqlError> {
        let source = self.lexer.source();
        if !B::obeys_delimiter() || !Code::new(token, source).is("DELIMITER") || self.lexer.in_executable() {
            return Ok(false);
        }
        if self.first.is_some() {
            let rest = source[token.end..].lines().next().unwrap_or_default().trim();
            // A column may be called `delimiter`, but no column's type is made of marks alone.
            let marks = !rest.is_empty() && rest.chars().all(|c| c.is_ascii_punctuation() && c != ',');
            return if marks && starts_line(source, token.start) {
                let kind = SqlErrorKind::DelimiterInStatement(self.lexer.delimiter().to_owned());
                Err(self.error(kind, token.span()))
            } else {
                Ok(false)
            };
        }
        let argument = unquote(self.lexer.skip_line().split_whitespace().next().unwrap_or_default());
        if argument.is_empty() {
            return Err(self.error(SqlErrorKind::DelimiterMissing, token.span()));
        }
        if argument.contains('\\') {
            return Err(self.error(SqlErrorKind::DelimiterBackslash, token.span()));
        }
        self.lexer.set_delimiter(argument);
        Ok(true)
    }

    /// Ends the statement under way; `end` is the byte after its terminator.
    fn end_statement(&mut self, end: usize) -> Result<(), SqlError> {
        let source = self.lexer.source();
        self.pieces.tokens.truncate(self.token_end.max(self.first_token));
        let tokens = &self.pieces.tokens;
        if self.substance
            && let (Some(first), Some(last)) = (tokens.get(self.first_token), tokens.last())
        {
            let span = first.start..last.end;
            let text = &source[span.clone()];
            let probe = self.probe.take().map(|(query, _)| query);
            let batches = self.batches_of(text)?;
            let segment = self.segment..end;
            self.pieces.statements.push(Statement { text, span, segment, probe, batches });
            self.pieces.token_ends.push(self.pieces.tokens.len());
            self.segment = end;
        } else {
            self.pieces.tokens.truncate(self.first_token);
            self.no_note_left()?;
        }
        self.first_token = self.pieces.tokens.len();
        self.token_end = self.first_token;
        self.first = None;
        self.previous = None;
        self.mark = None;
        self.substance = false;
        self.blocks = B::default();
        Ok(())
    }

    fn finish(mut self) -> Result<Pieces<'a>, SqlError> {
        let end = self.lexer.position();
        if self.lexer.delimiter() == ";"
            && let Some((kind, start)) = self.blocks.open()
        {
            let length = self.lexer.source()[start..].bytes().take_while(u8::is_ascii_alphabetic).count();
            return Err(self.error(kind, start..start + length.max(1)));
        }
        self.end_statement(end)?;
        self.no_note_left()?;
        if let Some(last) = self.pieces.statements.last_mut() {
            last.segment.end = end;
        }
        Ok(self.pieces)
    }

    fn no_note_left(&self) -> Result<(), SqlError> {
        match (&self.probe, &self.batches) {
            (Some((_, span)), _) => Err(self.error(SqlErrorKind::DanglingProbe, span.clone())),
            (None, Some((_, span))) => {
                Err(self.error(SqlErrorKind::Batches(BatchesError::DanglingNote), span.clone()))
            }
            (None, None) => Ok(()),
        }
    }

    /// Names a client's command in full: `\restrict` and not only its backslash.
    fn refused(&self, kind: SqlErrorKind, token: Token) -> SqlError {
        let SqlErrorKind::ClientCommand { program, .. } = kind else { return self.error(kind, token.span()) };
        let rest = &self.lexer.source()[token.start..];
        let ends = |c: char| c.is_whitespace() || c == ';';
        let command = rest.split(ends).next().unwrap_or(rest).chars().take(40).collect::<String>();
        let span = token.start..token.start + command.len();
        self.error(SqlErrorKind::ClientCommand { program, command }, span)
    }

    fn error(&self, kind: SqlErrorKind, span: Range<usize>) -> SqlError {
        SqlError::new(kind, self.lexer.source(), span)
    }
}

/// What a comment `-- WORD: …` says.
fn note<'a>(comment: &'a str, word: &str) -> Option<&'a str> {
    let content = comment.strip_prefix("--")?.trim_start();
    let (first, said) = content.split_once(':')?;
    first.trim_end().eq_ignore_ascii_case(word).then(|| said.trim())
}

/// Whether only blanks stand before `start` on its line.
pub(crate) fn starts_line(source: &str, start: usize) -> bool {
    let before = &source[..start];
    let line = before.rfind('\n').map_or(before, |newline| &before[newline + 1..]);
    line.trim_start_matches('\u{feff}').trim_start().is_empty()
}

/// The mysql program takes the delimiter in quotes as well.
fn unquote(argument: &str) -> &str {
    ['\'', '"', '`']
        .into_iter()
        .find_map(|quote| argument.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(argument)
}

#[cfg(test)]
mod tests;
