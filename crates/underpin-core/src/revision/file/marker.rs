//! Section markers: the lines `-- underpin: upgrade [dialect]`, and which of the lines that look
//! like one are. Not the sections between them.

use std::ops::Range;

use super::{FileErrorKind, Source, offset, section};
use crate::{
    dialect::{Dialect, Flavour, UnknownDialect},
    revision::{Direction, FileError},
    sql::{self, Code, Lexer, TokenKind, run_end, starts_line},
};

/// Something that looks like a section marker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    /// The byte of its first dash.
    pub(super) start: usize,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    /// A marker, or one that is wrong in its words.
    Marker,
    /// A marker without a colon.
    MissingColon,
    /// A marker behind something else.
    NotAlone,
}

/// A section marker that has been understood.
pub(super) struct Marker {
    pub(super) direction: Direction,
    pub(super) flavour: Option<Flavour>,
    /// The bytes of its line, with the line end.
    pub(super) line: Range<usize>,
}

/// Everything in `text` that looks like a section marker, in any case of its letters.
pub(super) fn candidates(text: &str) -> Vec<Candidate> {
    let bytes = text.as_bytes();
    let (mut candidates, mut at) = (Vec::new(), 0);
    loop {
        let start = run_end(bytes, at, |byte| byte != b'-');
        at = run_end(bytes, start, |byte| byte == b'-');
        match at - start {
            0 => return candidates,
            1 => {}
            _ => candidates.extend(candidate(text, start, at)),
        }
    }
}

/// What the dashes from `start` to `end` begin, if it looks like a marker.
fn candidate(text: &str, start: usize, end: usize) -> Option<Candidate> {
    let word = text[end..].trim_start_matches([' ', '\t']).strip_prefix(['u', 'U'])?;
    let after = word.strip_prefix("nderpin").or_else(|| word.strip_prefix("NDERPIN"))?;
    let rest = after.lines().next().unwrap_or_default();
    let tail = rest.trim_start();
    let colon = tail.starts_with(':');
    let word = tail.trim_start_matches(':').split_whitespace().next().unwrap_or_default();
    let named = Direction::ALL.iter().any(|direction| word.eq_ignore_ascii_case(direction.name()));
    let shape = if starts_line(text, start) {
        if colon {
            Shape::Marker
        } else if named && tail.len() < rest.len() {
            Shape::MissingColon
        } else {
            return None;
        }
    } else if named && (colon || tail.len() < rest.len()) {
        Shape::NotAlone
    } else {
        return None;
    };
    Some(Candidate { start, shape })
}

/// The first candidate on a line of its own, which is where the header ends.
pub(super) fn first(candidates: &[Candidate]) -> Option<usize> {
    candidates.iter().find(|candidate| candidate.shape != Shape::NotAlone).map(|candidate| candidate.start)
}

/// Reads the marker at a candidate that is one.
pub(super) fn read(source: Source<'_>, candidate: Candidate) -> Result<Marker, FileError> {
    let start = candidate.start;
    match candidate.shape {
        Shape::Marker => {}
        Shape::MissingColon => return Err(source.line_error(FileErrorKind::MissingColon, start)),
        Shape::NotAlone => return Err(source.line_error(FileErrorKind::MarkerNotAlone, start)),
    }
    let rest = &source.text[start..];
    let end = start + rest.find('\n').map_or(rest.len(), |newline| newline + 1);
    let line = &source.text[start..end];
    let words = line.split_once(':').map_or("", |(_, words)| words);
    let mut words = words.split_whitespace().map(|word| {
        let at = offset(source.text, word);
        (word, at..at + word.len())
    });
    let direction = direction(source, words.next(), start)?;
    let flavour = words.next().map(|word| flavour(source, word)).transpose()?;
    if let Some((word, range)) = words.next() {
        return Err(source.error(FileErrorKind::WordsAfterMarker(word.to_owned()), range));
    }
    Ok(Marker { direction, flavour, line: start..end })
}

fn direction(
    source: Source<'_>,
    word: Option<(&str, Range<usize>)>,
    start: usize,
) -> Result<Direction, FileError> {
    let Some((word, range)) = word else {
        return Err(source.line_error(FileErrorKind::UnknownSection { word: String::new() }, start));
    };
    Direction::ALL
        .into_iter()
        .find(|direction| word.eq_ignore_ascii_case(direction.name()))
        .ok_or_else(|| source.error(FileErrorKind::UnknownSection { word: word.to_owned() }, range))
}

fn flavour(source: Source<'_>, (word, range): (&str, Range<usize>)) -> Result<Flavour, FileError> {
    word.parse().map_err(|UnknownDialect(word)| {
        let nearest = super::keys::nearest(&word, &Flavour::ALL.map(Flavour::name));
        source.error(FileErrorKind::UnknownDialect { word, nearest }, range)
    })
}

/// The candidate that ends a section which starts at `start`, if one does.
///
/// A candidate ends the section unless it stands inside of a token, and tokens are the dialect's.
/// A section for every dialect is read as each; readings that meet an error or a character that
/// the dialect does not have don't count. If the rest disagree, the file has to say more.
pub(super) fn end_of_section(
    source: Source<'_>,
    start: usize,
    flavour: Option<Flavour>,
    candidates: &[Candidate],
) -> Result<Option<Candidate>, FileError> {
    let candidates = section::after(candidates, start);
    let Some(&first) = candidates.first() else { return Ok(None) };
    if first.shape != Shape::NotAlone && is_plain(&source.text[start..first.start]) {
        return Ok(Some(first));
    }
    let failed = |error: sql::SqlError| {
        let span = error.span.start + start..error.span.end + start;
        source.error(FileErrorKind::Sql(error.kind), span)
    };
    if let Some(flavour) = flavour {
        return reading(flavour.dialect(), source.text, start, candidates)
            .map(|reading| reading.end)
            .map_err(failed);
    }
    let readings = Dialect::ALL.map(|dialect| (dialect, reading(dialect, source.text, start, candidates)));
    let known = readings
        .iter()
        .filter_map(|(dialect, reading)| Some((*dialect, reading.as_ref().ok()?)))
        .collect::<Vec<_>>();
    let clean = known.iter().filter(|(_, reading)| !reading.foreign).copied().collect::<Vec<_>>();
    let readings_left = if clean.is_empty() { known } else { clean };
    agreement(source, &readings_left).unwrap_or_else(|| {
        // No reading is left: the one that came furthest tells best what is wrong.
        let errors = readings.into_iter().filter_map(|(_, reading)| reading.err());
        match errors.max_by_key(|error| error.span.start) {
            Some(error) => Err(failed(error)),
            None => Ok(Some(first)),
        }
    })
}

/// What the readings say, if there is any.
fn agreement(
    source: Source<'_>,
    readings: &[(Dialect, &Reading)],
) -> Option<Result<Option<Candidate>, FileError>> {
    let key = |reading: &Reading| reading.end.map_or(usize::MAX, |candidate| candidate.start);
    let earliest = readings.iter().min_by_key(|(_, reading)| key(reading))?;
    let latest = readings.iter().max_by_key(|(_, reading)| key(reading))?;
    Some(match earliest.1.end {
        Some(candidate) if earliest.1.end != latest.1.end => {
            let kind = FileErrorKind::AmbiguousMarker { inside: latest.0, outside: earliest.0 };
            Err(source.line_error(kind, candidate.start))
        }
        end => Ok(end),
    })
}

/// How a dialect reads a section.
struct Reading {
    /// The candidate that it takes for the end of the section.
    end: Option<Candidate>,
    /// Whether it met a character that it has no use for.
    foreign: bool,
}

fn reading(
    dialect: Dialect,
    text: &str,
    start: usize,
    candidates: &[Candidate],
) -> Result<Reading, sql::SqlError> {
    let section = &text[start..];
    let mut lexer = Lexer::new(dialect, section)?;
    let mut candidates = candidates.iter().peekable();
    let mut foreign = false;
    while let Some(token) = lexer.next_token()? {
        while candidates.next_if(|candidate| candidate.start < start + token.start).is_some() {}
        let Some(candidate) = candidates.peek() else { break };
        if candidate.start == start + token.start {
            return Ok(Reading { end: Some(**candidate), foreign });
        }
        let code = Code::new(token, section);
        foreign |= is_foreign(dialect, &code);
        if dialect == Dialect::Mysql && code.is("DELIMITER") && starts_line(section, token.start) {
            let line = lexer.skip_line();
            if let Some(delimiter) = line.split_whitespace().next() {
                lexer.set_delimiter(delimiter);
            }
        }
    }
    Ok(Reading { end: None, foreign })
}

/// Whether a token is a sign that the text was written for another dialect: `$tag$` is a parameter
/// in SQLite, which nobody binds here, and a deprecated name in MySQL.
fn is_foreign(dialect: Dialect, code: &Code<'_>) -> bool {
    match dialect {
        Dialect::Sqlite => matches!(code.kind, TokenKind::Unknown | TokenKind::Parameter),
        Dialect::Postgres => code.kind == TokenKind::Unknown,
        Dialect::Mysql => code.kind == TokenKind::Unknown || code.text.starts_with('$'),
    }
}

/// Whether no dialect can find anything in `text` that reaches over a line end.
///
/// Most sections are like that, and need no lexer to find their end.
fn is_plain(text: &str) -> bool {
    !text.bytes().any(|byte| matches!(byte, b'\'' | b'"' | b'`' | b'[' | b'$')) && !text.contains("/*")
}
