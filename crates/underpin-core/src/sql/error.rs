//! What can be wrong with SQL text before any server sees it. Not a server's syntax error.

use std::ops::Range;

use super::line_column;
use crate::{
    backfill::BatchesError,
    diagnostic::{Diagnostic, ErrorKind, Place},
};

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SqlErrorKind {
    /// A NUL byte, which no server takes in a statement.
    #[error("a NUL byte can't stand in SQL text")]
    Nul,
    /// A string that is not closed.
    #[error("this string is never closed")]
    UnterminatedString,
    /// A quoted identifier that is not closed.
    #[error("this quoted identifier is never closed")]
    UnterminatedIdentifier,
    /// A dollar-quoted string of PostgreSQL that is not closed; with its tag.
    #[error("this dollar-quoted string is never closed with {0}")]
    UnterminatedDollarQuote(String),
    /// A comment that is not closed.
    #[error("this comment is never closed with */")]
    UnterminatedComment,
    /// A compound statement that is not closed; with the word that opened it.
    #[error("this {0} is never closed with END")]
    UnterminatedBlock(&'static str),
    /// A parenthesis that is not closed, where the end of the statement depends on it.
    #[error("this parenthesis is never closed")]
    UnterminatedParenthesis,
    /// A command of a client program.
    #[error("{command:?} is a command of the {program} program, not SQL")]
    ClientCommand {
        /// The program that knows it.
        program: &'static str,
        /// The command.
        command: String,
    },
    /// `COPY … FROM STDIN` or `COPY … TO STDOUT`, whose data flows beside the SQL.
    #[error("COPY with {0} carries its data outside of SQL")]
    CopyData(&'static str),
    /// `DELIMITER` without one.
    #[error("DELIMITER needs a delimiter on the same line")]
    DelimiterMissing,
    /// A delimiter with a backslash, which the mysql program refuses as well.
    #[error("a delimiter can't contain a backslash")]
    DelimiterBackslash,
    /// A `DELIMITER` line where the statement before it was not ended.
    #[error("the statement before this DELIMITER line is not ended with {0}")]
    DelimiterInStatement(String),
    /// A probe without a query.
    #[error("this probe has no query")]
    EmptyProbe,
    /// A second probe for one statement.
    #[error("this statement has two probes")]
    SecondProbe,
    /// A probe that no statement follows.
    #[error("no statement follows this probe")]
    DanglingProbe,
    /// Something about a statement in batches.
    #[error("{0}")]
    Batches(BatchesError),
}

impl SqlErrorKind {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Nul => "save the file as UTF-8 text",
            Self::ClientCommand { command, .. } if command.eq_ignore_ascii_case("\\g") => {
                "end the statement with a semicolon instead"
            }
            Self::ClientCommand { command, .. } if command.ends_with("restrict") => {
                "remove the lines with \\restrict and \\unrestrict that pg_dump writes"
            }
            Self::ClientCommand { .. } => "write what it does as SQL, or remove the line",
            Self::CopyData(_) => "write the rows as INSERT statements (pg_dump --inserts does)",
            Self::UnterminatedBlock(_) => "close it with END, or set a DELIMITER around the statement",
            Self::DelimiterInStatement(delimiter) => {
                return Some(format!("write {delimiter} at the end of the statement"));
            }
            Self::EmptyProbe => {
                "write a query that returns true once the statement has run: -- probe: SELECT …"
            }
            Self::SecondProbe | Self::DanglingProbe => {
                "write one probe, on a line of its own directly before its statement"
            }
            Self::Batches(error) => error.hint(),
            Self::UnterminatedString
            | Self::UnterminatedIdentifier
            | Self::UnterminatedDollarQuote(_)
            | Self::UnterminatedComment
            | Self::UnterminatedParenthesis
            | Self::DelimiterMissing
            | Self::DelimiterBackslash => return None,
        };
        Some(hint.to_owned())
    }
}

/// An error in SQL text, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {kind}")]
pub struct SqlError {
    /// What is wrong.
    pub kind: SqlErrorKind,
    /// The bytes of the source that are meant; an unterminated construct is named by its start.
    pub span: Range<usize>,
    /// The line of the source, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

impl SqlError {
    /// An error at `span` of `source`.
    pub(crate) fn new(kind: SqlErrorKind, source: &str, span: Range<usize>) -> Self {
        let (line, column) = line_column(source, span.start);
        Self { kind, span, line, column }
    }

    /// The place of the error in a file, of which `source` is the part from `first_line` on.
    pub fn place(&self, file: &str, source: &str, first_line: usize) -> Place {
        Place::in_text(file, source, self.span.clone(), first_line)
    }

    /// The error as its reader meets it; for the arguments see [`SqlError::place`].
    pub fn diagnostic(&self, file: &str, source: &str, first_line: usize) -> Diagnostic {
        let diagnostic = Diagnostic::new(ErrorKind::RevisionFile, self.kind.to_string())
            .at(self.place(file, source, first_line));
        match self.kind.hint() {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }
}
