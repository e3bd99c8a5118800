//! The lexer: SQL text as tokens that cover it completely. Not a parser, and not the place of any
//! dialect's rules; those are in `dialect/*/lexical.rs`.

use super::{
    SqlError, SqlErrorKind, Token, TokenKind,
    scan::{Input, Scanned, is_blank, run_end},
};
use crate::dialect::{
    Dialect,
    mysql::{self, mode::Backslashes},
    postgres, sqlite,
};

/// Lexes all of `source`: the tokens follow each other without a gap, from its first byte to its
/// last.
///
/// # Errors
/// At a NUL byte, and at the start of a string, identifier or comment that is never closed.
pub fn tokens(dialect: Dialect, source: &str) -> Result<Vec<Token>, SqlError> {
    let mut lexer = Lexer::new(dialect, source)?;
    let mut tokens = Vec::with_capacity(source.len() / 4);
    while let Some(token) = lexer.next_token()? {
        tokens.push(token);
    }
    Ok(tokens)
}

/// A lexer at work.
pub(crate) struct Lexer<'a> {
    dialect: Dialect,
    source: &'a str,
    position: usize,
    /// The delimiter in force, if it is not the semicolon.
    delimiter: Option<&'a str>,
    /// Where the executable comment that is open starts.
    executable: Option<usize>,
    /// What backslashes are (MySQL, MariaDB).
    backslashes: Backslashes,
}

impl<'a> Lexer<'a> {
    /// A lexer at the start of `source`.
    pub(crate) fn new(dialect: Dialect, source: &'a str) -> Result<Self, SqlError> {
        match source.find('\0') {
            Some(nul) => Err(SqlError::new(SqlErrorKind::Nul, source, nul..nul + 1)),
            None => Ok(Self {
                dialect,
                source,
                position: 0,
                delimiter: None,
                executable: None,
                backslashes: Backslashes::default(),
            }),
        }
    }

    /// The dialect.
    pub(crate) const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The source.
    pub(crate) fn source(&self) -> &'a str {
        self.source
    }

    /// The byte that the next token starts at.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// Whether an executable comment is open.
    pub(crate) fn in_executable(&self) -> bool {
        self.executable.is_some()
    }

    /// The delimiter in force.
    pub(crate) fn delimiter(&self) -> &'a str {
        self.delimiter.unwrap_or(";")
    }

    /// Sets the delimiter that ends a statement.
    pub(crate) fn set_delimiter(&mut self, delimiter: &'a str) {
        self.delimiter = (delimiter != ";").then_some(delimiter);
        self.backslashes.begin();
    }

    /// From here on a backslash in a string is a character like any other, as the session may say that a
    /// statement comes from; nothing where it is one already.
    pub(crate) fn without_escapes(&mut self) -> Option<()> {
        (self.dialect == Dialect::Mysql && self.backslashes.escape()).then(|| self.backslashes.be_plain())
    }

    /// Goes to the end of the line, and returns what was skipped, without the line end.
    pub(crate) fn skip_line(&mut self) -> &'a str {
        let rest = &self.source[self.position..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        self.position += line.len();
        line
    }

    /// The next token, or `None` at the end.
    pub(crate) fn next_token(&mut self) -> Result<Option<Token>, SqlError> {
        let start = self.position;
        if start == self.source.len() {
            return match self.executable {
                Some(open) => Err(self.error(SqlErrorKind::UnterminatedComment, open)),
                None => Ok(None),
            };
        }
        let (kind, end) = self.scan(start).map_err(|kind| self.error(kind, start))?;
        match kind {
            TokenKind::ExecutableOpen if self.executable.is_none() => self.executable = Some(start),
            TokenKind::ExecutableClose => self.executable = None,
            _ => {}
        }
        if self.dialect == Dialect::Mysql {
            self.backslashes.feed(kind, &self.source[start..end]);
        }
        self.position = end;
        Ok(Some(Token { kind, start, end }))
    }

    fn scan(&self, at: usize) -> Scanned {
        let bytes = self.source.as_bytes();
        let byte = bytes[at];
        if is_blank(byte) {
            return Ok((TokenKind::Whitespace, run_end(bytes, at, is_blank)));
        }
        if at == 0 && self.source.starts_with('\u{feff}') {
            return Ok((TokenKind::Whitespace, '\u{feff}'.len_utf8()));
        }
        let executable = self.executable.is_some();
        if let Some(delimiter) = self.delimiter
            && !executable
            && delimiter_at(bytes, at, delimiter)
        {
            return Ok((TokenKind::Delimiter, at + delimiter.len()));
        }
        if byte == b';' {
            return Ok((TokenKind::Semicolon, at + 1));
        }
        let escapes = self.backslashes.escape();
        let input = Input { bytes, at, delimiter: self.delimiter, executable, escapes };
        match self.dialect {
            Dialect::Sqlite => sqlite::lexical::scan(&input),
            Dialect::Postgres => postgres::lexical::scan(&input),
            Dialect::Mysql => mysql::lexical::scan(&input),
        }
    }

    fn error(&self, kind: SqlErrorKind, start: usize) -> SqlError {
        let length = self.source[start..].chars().next().map_or(0, char::len_utf8);
        SqlError::new(kind, self.source, start..start + length)
    }
}

/// Whether the delimiter stands at `at`.
///
/// The mysql program finds it anywhere, so that `$$` ends `END$$` although `$` may stand in a word;
/// a delimiter of letters such as `go` is only found as a whole word, lest it cut one in two.
pub(crate) fn delimiter_at(bytes: &[u8], at: usize, delimiter: &str) -> bool {
    let wordy = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let delimiter = delimiter.as_bytes();
    bytes[at..].starts_with(delimiter)
        && !(delimiter.first().copied().is_some_and(wordy) && at > 0 && wordy(bytes[at - 1]))
        && !(delimiter.last().copied().is_some_and(wordy)
            && bytes.get(at + delimiter.len()).copied().is_some_and(wordy))
}

#[cfg(test)]
mod tests;
