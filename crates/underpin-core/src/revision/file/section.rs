//! The sections of a revision file. Not their statements.

use std::ops::Range;

use super::{
    FileError, FileErrorKind, Source, keys,
    marker::{self, Candidate, Marker},
};
use crate::{dialect::Flavour, revision::Direction};

/// A section of a revision file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Whether it upgrades or downgrades.
    pub direction: Direction,
    /// The flavour that its marker names: none for a section for every dialect. One for MySQL is
    /// taken by MariaDB too, unless the file has one for MariaDB.
    pub flavour: Option<Flavour>,
    /// The bytes of the file between its marker's line and the next marker.
    pub range: Range<usize>,
    /// The line that `range` starts at, counted from 1.
    pub first_line: usize,
}

/// The sections of a file, from the first marker on.
pub(super) fn sections(source: Source<'_>, candidates: &[Candidate]) -> Result<Vec<Section>, FileError> {
    let mut sections: Vec<Section> = Vec::new();
    let mut lines = Lines { text: source.text, at: 0, line: 1 };
    let mut next = marker::first(candidates)
        .and_then(|first| candidates.iter().find(|candidate| candidate.start == first).copied());
    while let Some(candidate) = next {
        let Marker { direction, flavour, line } = marker::read(source, candidate)?;
        let twin = sections.iter().find(|other| other.direction == direction && other.flavour == flavour);
        if let Some(twin) = twin {
            let kind = FileErrorKind::DuplicateSection { first_line: twin.first_line - 1 };
            return Err(source.line_error(kind, candidate.start));
        }
        let start = line.end;
        keys::refuse_keys(source, start)?;
        next = marker::end_of_section(source, start, flavour, candidates)?;
        let end = next.map_or(source.text.len(), |candidate| line_start(source.text, candidate.start));
        let first_line = lines.number(candidate.start) + 1;
        sections.push(Section { direction, flavour, range: start..end.max(start), first_line });
    }
    if sections.iter().any(|section| section.direction == Direction::Upgrade) {
        Ok(sections)
    } else {
        Err(source.line_error(FileErrorKind::MissingUpgrade, last_line(source.text)))
    }
}

/// The candidates from `start` on.
pub(super) fn after(candidates: &[Candidate], start: usize) -> &[Candidate] {
    &candidates[candidates.partition_point(|candidate| candidate.start < start)..]
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The start of the last line that holds anything.
fn last_line(text: &str) -> usize {
    line_start(text, text.trim_end().len())
}

/// Counts lines, on the way through a text.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line of a byte that is not before the one asked for last.
    fn number(&mut self, at: usize) -> usize {
        self.line += self.text[self.at..at].bytes().filter(|&byte| byte == b'\n').count();
        self.at = at;
        self.line
    }
}
