//! A statement of a revision file, with its place in the file. Not how it is run.

use crate::{backfill::Batches, diagnostic::Place, lint, sql::Statement};

/// A statement of a revision file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStatement {
    /// The statement, without its terminator.
    pub text: String,
    /// The line of the file that it starts at, counted from 1.
    pub line: usize,
    /// The column, in characters, that it starts at, counted from 1.
    pub column: usize,
    /// The query that tells whether it has been run, if the file has one for it.
    pub probe: Option<String>,
    /// How it is cut into batches, if the file says so.
    pub batches: Option<Batches>,
    /// The notes to lint before it: `-- lint: ignore …`.
    pub lint_notes: Vec<String>,
    pub(crate) place: Place,
}

impl FileStatement {
    /// The place of its first line.
    pub fn place(&self) -> Place {
        self.place.clone()
    }

    /// The place of a character of `text`, counted from 1, as PostgreSQL reports it with an error.
    pub fn place_of_character(&self, position: usize) -> Place {
        let byte = self
            .text
            .char_indices()
            .nth(position.saturating_sub(1))
            .map_or(self.text.len(), |(byte, _)| byte);
        let inner = Place::in_text(&self.place.file, &self.text, byte..byte + 1, self.line);
        if inner.line > self.line {
            return inner;
        }
        let column = self.column + inner.column - 1;
        Place { column, text: self.place.text.clone(), ..inner }
    }
}

/// The statements of a section, whose text starts at `first_line` of the file.
pub(super) fn in_file(
    file: &str,
    text: &str,
    first_line: usize,
    statements: &[Statement<'_>],
) -> Vec<FileStatement> {
    let (mut line, mut at) = (first_line, 0);
    statements
        .iter()
        .map(|statement| {
            let start = statement.span.start;
            line += text[at..start].bytes().filter(|&byte| byte == b'\n').count();
            at = start;
            let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
            let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
            let range = start - line_start..statement.span.end - line_start;
            let place = Place::in_text(file, &text[line_start..line_end], range, line);
            FileStatement {
                text: statement.text.to_owned(),
                line,
                column: place.column,
                probe: statement.probe.map(str::to_owned),
                batches: statement.batches.clone(),
                lint_notes: lint::notes(&text[statement.segment.start..start]),
                place,
            }
        })
        .collect()
}
