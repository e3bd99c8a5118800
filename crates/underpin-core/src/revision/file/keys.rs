//! The header of a revision file: its `-- key: value` lines, `//! key: value` in Rust. Not the graph that
//! it makes.

use super::{FileError, FileErrorKind, Source, offset, timestamp};
use crate::revision::{Header, Phase, RevisionId};

/// The keys that a header can have, in the order that they are written in.
pub(super) const KEYS: &[&str] = &[
    "revision",
    "parents",
    "depends_on",
    "labels",
    "message",
    "created",
    "transaction",
    "destructive",
    "phase",
    "replaces",
];

/// A `-- key: value` line.
#[derive(Clone, Copy)]
struct Line<'a> {
    key: &'a str,
    value: &'a str,
    /// The byte that its value (or, without one, its key) starts at.
    start: usize,
    line_start: usize,
}

/// Parses the header, which ends before byte `end`.
pub(super) fn header(source: Source<'_>, end: usize) -> Result<Header, FileError> {
    let (lines, stray) = key_lines(source, end);
    if !lines.iter().any(|line| known(line.key).is_some() || nearest(line.key, KEYS).is_some()) {
        return Err(source.line_error(FileErrorKind::NoHeader, 0));
    }
    let mut values = Values { source, values: [None; KEYS.len()] };
    for line in &lines {
        values.add(*line)?;
    }
    if let Some(stray) = stray {
        return Err(source.line_error(FileErrorKind::SqlBeforeSection, stray));
    }
    values.header(lines[0].line_start)
}

/// Refuses anything but comments before `end`.
pub(super) fn refuse_sql(source: Source<'_>, end: usize) -> Result<(), FileError> {
    match key_lines(source, end).1 {
        Some(stray) => Err(source.line_error(FileErrorKind::SqlBeforeSection, stray)),
        None => Ok(()),
    }
}

/// The key lines before `end`, and the first line that is no comment.
fn key_lines(source: Source<'_>, end: usize) -> (Vec<Line<'_>>, Option<usize>) {
    let (mut lines, mut at) = (Vec::new(), 0);
    let mark = source.language().comment();
    for line in source.text[..end].split_inclusive('\n') {
        let content = line.trim();
        if let Some(comment) = content.strip_prefix(mark) {
            lines.extend(key_line(source.text, comment, at));
        } else if !content.is_empty() {
            return (lines, Some(at));
        }
        at += line.len();
    }
    (lines, None)
}

/// A comment is a key line if it starts with one word and a colon; `https://…` does not.
fn key_line<'a>(text: &'a str, comment: &'a str, line_start: usize) -> Option<Line<'a>> {
    let (key, value) = comment.split_once(':')?;
    let url = value.starts_with("//");
    let (key, value) = (key.trim(), value.trim());
    let word = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if !word || url {
        return None;
    }
    let shown = if value.is_empty() { key } else { value };
    Some(Line { key, value, start: offset(text, shown), line_start })
}

/// Refuses the header's keys between a section's marker, which ends at `start`, and its SQL: they
/// would do nothing there.
pub(super) fn refuse_keys(source: Source<'_>, start: usize) -> Result<(), FileError> {
    let mut at = start;
    for line in source.text[start..].split_inclusive('\n') {
        let content = line.trim();
        match content.strip_prefix("--") {
            Some(comment) => {
                let key = key_line(source.text, comment, at).and_then(|line| known(line.key));
                if let Some(key) = key {
                    return Err(source.line_error(FileErrorKind::MisplacedKey(KEYS[key]), at));
                }
            }
            None if content.is_empty() => {}
            None => break,
        }
        at += line.len();
    }
    Ok(())
}

fn known(key: &str) -> Option<usize> {
    KEYS.iter().position(|known| *known == key)
}

/// The one of `names` that `word` was most likely meant to be.
pub(super) fn nearest(word: &str, names: &[&'static str]) -> Option<&'static str> {
    let word = word.to_ascii_lowercase().replace('-', "_");
    let distance = |name: &str| strsim::damerau_levenshtein(&word, name);
    let (name, distance) =
        names.iter().map(|name| (*name, distance(name))).min_by_key(|(_, distance)| *distance)?;
    (distance * 3 <= name.len()).then_some(name)
}

/// The values of the keys, in the order of [`KEYS`].
struct Values<'a> {
    source: Source<'a>,
    values: [Option<Line<'a>>; KEYS.len()],
}

impl<'a> Values<'a> {
    fn add(&mut self, line: Line<'a>) -> Result<(), FileError> {
        let Some(index) = known(line.key) else {
            let kind =
                FileErrorKind::UnknownKey { key: line.key.to_owned(), nearest: nearest(line.key, KEYS) };
            return Err(self.source.line_error(kind, line.line_start));
        };
        if self.values[index].is_some() {
            return Err(self.source.line_error(FileErrorKind::DuplicateKey(KEYS[index]), line.line_start));
        }
        self.values[index] = Some(line);
        Ok(())
    }

    fn get(&self, key: &str) -> Option<Line<'a>> {
        known(key).and_then(|index| self.values[index])
    }

    fn header(&self, first_line: usize) -> Result<Header, FileError> {
        let revision = self
            .required("revision")?
            .ok_or_else(|| self.source.line_error(FileErrorKind::MissingRevision, first_line))?;
        let id = self.id("revision", revision, revision.value)?;
        let mut header = Header::new(id, self.ids("parents")?);
        header.depends_on = self.ids("depends_on")?.into_iter().map(String::from).collect();
        header.labels = self.ids("labels")?.into_iter().map(String::from).collect();
        self.not_itself("parents", &header.id, header.parents.contains(&header.id))?;
        let depends_on_itself = header.depends_on.iter().any(|name| **name == *header.id);
        self.not_itself("depends_on", &header.id, depends_on_itself)?;
        header.message = self.get("message").map(|line| line.value.to_owned()).unwrap_or_default();
        header.created = self.created()?;
        header.transaction =
            self.word("transaction", "on or off", &[("on", true), ("off", false)])?.unwrap_or(true);
        header.destructive_reviewed =
            self.word("destructive", "reviewed", &[("reviewed", true)])?.unwrap_or(false);
        let phases = [("expand", Phase::Expand), ("contract", Phase::Contract)];
        header.phase = self.word("phase", "expand or contract", &phases)?;
        header.replaces = self.ids("replaces")?;
        self.not_itself("replaces", &header.id, header.replaces.contains(&header.id))?;
        Ok(header)
    }

    /// The line of a key that makes no sense without a value.
    fn required(&self, key: &'static str) -> Result<Option<Line<'a>>, FileError> {
        match self.get(key) {
            Some(line) if line.value.is_empty() => {
                Err(self.source.line_error(FileErrorKind::MissingValue(key), line.line_start))
            }
            line => Ok(line),
        }
    }

    fn id(&self, key: &'static str, line: Line<'_>, text: &str) -> Result<RevisionId, FileError> {
        RevisionId::new(text).map_err(|error| {
            let range = line.start..line.start + line.value.len();
            self.source.error(FileErrorKind::InvalidId { key, error }, range)
        })
    }

    /// A comma-separated list of ids or labels, which obey the same rules.
    fn ids(&self, key: &'static str) -> Result<Vec<RevisionId>, FileError> {
        let Some(line) = self.get(key).filter(|line| !line.value.is_empty()) else { return Ok(Vec::new()) };
        let mut ids = Vec::new();
        for entry in line.value.split(',').map(str::trim) {
            if entry.is_empty() {
                return Err(self.source.line_error(FileErrorKind::EmptyEntry(key), line.line_start));
            }
            let id = self.id(key, line, entry)?;
            if ids.contains(&id) {
                let kind = FileErrorKind::RepeatedEntry { key, entry: entry.to_owned() };
                return Err(self.source.line_error(kind, line.line_start));
            }
            ids.push(id);
        }
        Ok(ids)
    }

    fn not_itself(&self, key: &'static str, id: &RevisionId, itself: bool) -> Result<(), FileError> {
        match self.get(key) {
            Some(line) if itself => Err(self
                .source
                .line_error(FileErrorKind::NamesItself { key, id: id.clone() }, line.line_start)),
            _ => Ok(()),
        }
    }

    fn created(&self) -> Result<Option<String>, FileError> {
        let Some(line) = self.required("created")? else { return Ok(None) };
        if timestamp::is_valid(line.value) {
            return Ok(Some(line.value.to_owned()));
        }
        Err(self.invalid("created", "a time such as 2026-11-20T11:03:00Z", line))
    }

    fn word<T: Copy>(
        &self,
        key: &'static str,
        expected: &'static str,
        words: &[(&str, T)],
    ) -> Result<Option<T>, FileError> {
        let Some(line) = self.required(key)? else { return Ok(None) };
        match words.iter().find(|(word, _)| *word == line.value) {
            Some((_, value)) => Ok(Some(*value)),
            None => Err(self.invalid(key, expected, line)),
        }
    }

    fn invalid(&self, key: &'static str, expected: &'static str, line: Line<'_>) -> FileError {
        let kind = FileErrorKind::InvalidValue { key, value: line.value.to_owned(), expected };
        self.source.error(kind, line.start..line.start + line.value.len())
    }
}
