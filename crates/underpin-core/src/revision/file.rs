//! A revision file: its header, its sections of SQL, and the statements in them. Nothing here reads
//! from a disk; the text comes from whoever has it.

mod code;
mod error;
mod keys;
mod language;
mod marker;
mod name;
mod render;
mod section;
mod statement;
mod timestamp;

pub use error::{FileError, FileErrorKind};
pub use language::Language;
pub use name::{file_stem, slug};
pub use section::Section;
pub use statement::FileStatement;

use super::{Direction, Header};
use crate::{
    diagnostic::Place,
    dialect::Flavour,
    sql::{self, Checksum, SqlErrorKind},
};

/// A revision as its file has it.
///
/// ```
/// use underpin_core::{dialect::Flavour, revision::{Direction, RevisionFile}};
///
/// let text = "-- revision: 3f9a0c12b7e4\n-- message: add orders\n\n\
///     -- underpin: upgrade\nCREATE TABLE orders (id BIGINT PRIMARY KEY);\n\n\
///     -- underpin: downgrade\nDROP TABLE orders;\n";
/// let file = RevisionFile::parse("3f9a0c12b7e4_add_orders.sql", text)?;
/// assert_eq!(file.header.message, "add orders");
/// let statements = file.statements(Direction::Downgrade, Flavour::Postgres)?;
/// assert_eq!(statements[0].text, "DROP TABLE orders");
/// assert_eq!(statements[0].line, 8);
/// # Ok::<(), underpin_core::revision::FileError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionFile {
    /// What it says of itself.
    pub header: Header,
    /// What it is written in.
    pub language: Language,
    /// Its sections, in the order of the file. One in Rust has none.
    pub sections: Vec<Section>,
    /// The file, as its user would name it.
    pub file: String,
    /// The whole text, without a byte order mark.
    pub text: String,
}

impl RevisionFile {
    /// Parses the text of a file; `file` names it in errors.
    ///
    /// # Errors
    /// A header that is missing or wrong, a section marker that is wrong or can't be told from a
    /// string, SQL outside of the sections. Errors within the SQL come with
    /// [`RevisionFile::statements`], unless they hide where a section ends.
    pub fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let source = Source { file, text };
        if let Some(nul) = text.find('\0') {
            return Err(source.error(FileErrorKind::Sql(SqlErrorKind::Nul), nul..nul + 1));
        }
        let language = source.language();
        let (header, sections) = match language {
            Language::Sql => {
                let candidates = marker::candidates(text);
                let first = marker::first(&candidates).unwrap_or(text.len());
                (keys::header(source, first)?, section::sections(source, &candidates)?)
            }
            Language::Rust => {
                let header = keys::header(source, code::start(text))?;
                code::check(source)?;
                (header, Vec::new())
            }
        };
        Ok(Self { header, language, sections, file: file.to_owned(), text: text.to_owned() })
    }

    /// Parses the text of a file that was parsed before, so that its header is known, and that its code is right
    /// where it is written in Rust.
    ///
    /// # Errors
    /// As [`RevisionFile::parse`], of the sections.
    pub fn parse_sections(file: &str, text: &str, header: Header) -> Result<Self, FileError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let source = Source { file, text };
        let language = source.language();
        let sections = match language {
            Language::Sql => section::sections(source, &marker::candidates(text))?,
            Language::Rust => Vec::new(),
        };
        Ok(Self { header, language, sections, file: file.to_owned(), text: text.to_owned() })
    }

    /// Parses a text of upgrade sections that is no revision and has no header. Without any section
    /// marker, all of it is one section for every dialect.
    pub(crate) fn without_header(file: &str, text: &str, header: Header) -> Result<Self, FileError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let source = Source { file, text };
        if let Some(nul) = text.find('\0') {
            return Err(source.error(FileErrorKind::Sql(SqlErrorKind::Nul), nul..nul + 1));
        }
        let candidates = marker::candidates(text);
        let sections = match marker::first(&candidates) {
            Some(first) => {
                keys::refuse_sql(source, first)?;
                section::sections(source, &candidates)?
            }
            None => vec![Section {
                direction: Direction::Upgrade,
                flavour: None,
                range: 0..text.len(),
                first_line: 1,
            }],
        };
        let language = Language::Sql;
        Ok(Self { header, language, sections, file: file.to_owned(), text: text.to_owned() })
    }

    /// The byte that the code of a revision in Rust starts at, behind its header.
    pub fn code_start(&self) -> usize {
        code::start(&self.text)
    }

    /// Whether it says what is to be done in this direction on a server of this flavour.
    pub fn has(&self, direction: Direction, flavour: Flavour) -> bool {
        match self.language {
            Language::Sql => self.section(direction, flavour).is_some(),
            Language::Rust => code::has(&self.text, direction),
        }
    }

    /// The section that a server of this flavour runs: MariaDB takes its own, or else MySQL's; every
    /// flavour takes its own, or else the plain one.
    pub fn section(&self, direction: Direction, flavour: Flavour) -> Option<&Section> {
        let of = |wanted: Option<Flavour>| {
            self.sections.iter().find(|section| section.direction == direction && section.flavour == wanted)
        };
        let cousin = || if flavour == Flavour::Mariadb { of(Some(Flavour::Mysql)) } else { None };
        of(Some(flavour)).or_else(cousin).or_else(|| of(None))
    }

    /// The text of the section that a server of this flavour runs.
    pub fn section_text(&self, direction: Direction, flavour: Flavour) -> Option<&str> {
        self.section(direction, flavour).map(|section| &self.text[section.range.clone()])
    }

    /// The statements of the section that a server of this flavour runs.
    ///
    /// # Errors
    /// If no section is meant for this flavour, or its SQL can't be split; and if it is written in Rust,
    /// because then nobody knows its statements before it runs.
    pub fn statements(
        &self,
        direction: Direction,
        flavour: Flavour,
    ) -> Result<Vec<FileStatement>, FileError> {
        let section = self.required(direction, flavour)?;
        let text = &self.text[section.range.clone()];
        let statements =
            sql::split(flavour.dialect(), text).map_err(|error| self.sql_error(section, error))?;
        Ok(statement::in_file(&self.file, text, section.first_line, &statements))
    }

    /// The checksum of the upgrade that a server of this flavour runs; see [`sql::checksum`].
    /// Whether it runs in a transaction counts as well, the rest of the header does not.
    ///
    /// # Errors
    /// As [`RevisionFile::statements`], but for Rust, which has one checksum for all flavours: of its
    /// code without comments and without `downgrade`.
    pub fn checksum(&self, flavour: Flavour) -> Result<Checksum, FileError> {
        let mut hasher = sql::Hasher::default();
        if self.language == Language::Rust {
            code::hash(self.source(), &mut hasher)?;
            if !self.header.transaction {
                hasher.flag("transaction: off");
            }
            return Ok(hasher.finish());
        }
        let section = self.required(Direction::Upgrade, flavour)?;
        hasher
            .source(flavour.dialect(), &self.text[section.range.clone()])
            .map_err(|error| self.sql_error(section, error))?;
        if !self.header.transaction {
            hasher.flag("transaction: off");
        }
        Ok(hasher.finish())
    }

    fn required(&self, direction: Direction, flavour: Flavour) -> Result<&Section, FileError> {
        self.section(direction, flavour).ok_or_else(|| {
            let id = self.header.id.clone();
            let kind = match self.language {
                Language::Sql => FileErrorKind::NoSection { direction, flavour, id },
                Language::Rust => FileErrorKind::NoStatements { id },
            };
            self.source().error(kind, 0..self.text.find('\n').unwrap_or(0))
        })
    }

    fn source(&self) -> Source<'_> {
        Source { file: &self.file, text: &self.text }
    }

    fn sql_error(&self, section: &Section, error: sql::SqlError) -> FileError {
        let span = error.span.start + section.range.start..error.span.end + section.range.start;
        self.source().error(FileErrorKind::Sql(error.kind), span)
    }
}

/// A text and the name of its file, for errors.
#[derive(Clone, Copy)]
struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn language(self) -> Language {
        Language::of(self.file)
    }

    fn error(self, kind: FileErrorKind, range: std::ops::Range<usize>) -> FileError {
        FileError { kind, place: Box::new(Place::in_text(self.file, self.text, range, 1)) }
    }

    /// An error about a whole line, of which the blanks around it don't count.
    fn line_error(self, kind: FileErrorKind, start: usize) -> FileError {
        let line = self.text[start..].lines().next().unwrap_or_default();
        let blanks = line.len() - line.trim_start().len();
        self.error(kind, start + blanks..start + line.trim_end().len().max(blanks))
    }
}

/// Where `part`, which is a slice of `text`, starts in it.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

#[cfg(test)]
mod tests;
