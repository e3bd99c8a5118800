//! What can be wrong with a revision file. Not what a server says about its SQL.

use super::Language;
use crate::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    dialect::{Dialect, Flavour},
    revision::{Direction, InvalidRevisionId, RevisionId},
    sql::SqlErrorKind,
};

/// An error in a revision file, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{}:{}: {kind}", place.file, place.line, place.column)]
pub struct FileError {
    /// What is wrong.
    #[source]
    pub kind: FileErrorKind,
    /// Where.
    pub place: Box<Place>,
}

/// What is wrong with a revision file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileErrorKind {
    /// There is no header at all.
    #[error("no header: the first line must be `-- revision: ID`")]
    NoHeader,
    /// The header does not say the revision's id.
    #[error("the header has no `-- revision: ID` line")]
    MissingRevision,
    /// A key that no header has.
    #[error("unknown key {key:?} in the header")]
    UnknownKey {
        /// The key as it stands there.
        key: String,
        /// The known key that looks most like it.
        nearest: Option<&'static str>,
    },
    /// A key that stands twice.
    #[error("{0} stands twice in the header")]
    DuplicateKey(&'static str),
    /// A key without the value that it needs.
    #[error("{0} has no value")]
    MissingValue(&'static str),
    /// A key of the header behind a section marker.
    #[error("{0} stands in a section, where it has no effect")]
    MisplacedKey(&'static str),
    /// A value that is none of those the key can have.
    #[error("{key} can't be {value:?}: expected {expected}")]
    InvalidValue {
        /// The key.
        key: &'static str,
        /// The value as it stands there.
        value: String,
        /// What it can be.
        expected: &'static str,
    },
    /// An id or a label that can't be one.
    #[error("{key}: {error}")]
    InvalidId {
        /// The key.
        key: &'static str,
        /// Why it can't.
        error: InvalidRevisionId,
    },
    /// Two commas in a list with nothing between them.
    #[error("{0} has an empty entry")]
    EmptyEntry(&'static str),
    /// An entry that stands twice in a list.
    #[error("{key} names {entry} twice")]
    RepeatedEntry {
        /// The key.
        key: &'static str,
        /// The entry.
        entry: String,
    },
    /// A revision that names itself as a parent or a dependency.
    #[error("revision {id} can't name itself in {key}")]
    NamesItself {
        /// The key.
        key: &'static str,
        /// The revision.
        id: RevisionId,
    },
    /// Something else than a comment before the first section marker.
    #[error("SQL before the first section: a section marker must come before it")]
    SqlBeforeSection,
    /// No section says how to upgrade.
    #[error("there is no upgrade section")]
    MissingUpgrade,
    /// A section marker without a word it knows.
    #[error("a section is an upgrade or a downgrade, not {word:?}")]
    UnknownSection {
        /// The word.
        word: String,
    },
    /// A section marker for a dialect that Underpin does not know.
    #[error("a section can't be for {word:?}: expected sqlite, postgres, mysql or mariadb")]
    UnknownDialect {
        /// The word.
        word: String,
        /// The dialect that looks most like it.
        nearest: Option<&'static str>,
    },
    /// A section marker with words behind the dialect.
    #[error("a section marker ends after the dialect, but {0:?} follows")]
    WordsAfterMarker(String),
    /// Two sections for the same direction and dialect.
    #[error("this section was there before, on line {first_line}")]
    DuplicateSection {
        /// The line of the first one's marker.
        first_line: usize,
    },
    /// A section marker without its colon.
    #[error("this section marker lacks its colon")]
    MissingColon,
    /// A section marker behind something else on its line.
    #[error("a section marker must stand on a line of its own")]
    MarkerNotAlone,
    /// A section marker that is one for some dialects, and part of a string or comment for others.
    #[error("this is a section marker for {} and part of a string or comment for {}", title(*.outside), title(*.inside))]
    AmbiguousMarker {
        /// A dialect that takes it for part of something else.
        inside: Dialect,
        /// A dialect that takes it for a marker.
        outside: Dialect,
    },
    /// No section of this direction is meant for a server of this flavour.
    #[error("revision {id} has no {direction} section for {}", .flavour.title())]
    NoSection {
        /// The direction.
        direction: Direction,
        /// The flavour.
        flavour: Flavour,
        /// The revision.
        id: RevisionId,
    },
    /// The SQL of a section can't be split into statements.
    #[error("{0}")]
    Sql(SqlErrorKind),
    /// A revision in Rust whose text is no Rust.
    #[error("this is not Rust: {0}")]
    NotRust(String),
    /// A revision in Rust that does not say how to upgrade.
    #[error("there is no function `upgrade`")]
    MissingFunction,
    /// A function of a revision in Rust that can't be called.
    #[error("the function `{name}` {what}")]
    WrongFunction {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Somebody asked for the statements of a revision in Rust.
    #[error("revision {id} is written in Rust, so that its statements are known only when it runs")]
    NoStatements {
        /// The revision.
        id: RevisionId,
    },
}

const fn title(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "SQLite",
        Dialect::Postgres => "PostgreSQL",
        Dialect::Mysql => "MySQL",
    }
}

impl FileErrorKind {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoHeader => "write a header, or let `underpin revision` write the file",
            Self::MissingRevision => "add `-- revision: ID` as the first line",
            Self::UnknownKey { nearest: Some(key), .. } => return Some(format!("did you mean `-- {key}:`?")),
            Self::UnknownKey { nearest: None, .. } => {
                return Some(format!(
                    "the keys are {}; a comment without a colon after its first word is left alone",
                    super::keys::KEYS.join(", ")
                ));
            }
            Self::DuplicateKey(_) => {
                "keep one of the lines; parents, depends_on and labels take a comma-separated list"
            }
            Self::MissingValue(_) | Self::EmptyEntry(_) => "write the value, or remove the line",
            Self::MisplacedKey(_) => "move the line up, before the first `-- underpin:` line",
            Self::InvalidValue { .. } => "correct the value, or remove the line",
            Self::InvalidId { .. } => "use letters, digits and underscores",
            Self::RepeatedEntry { .. } | Self::NamesItself { .. } => "remove it from the list",
            Self::SqlBeforeSection | Self::MissingUpgrade => {
                "write `-- underpin: upgrade` on a line of its own before the SQL"
            }
            Self::UnknownSection { .. } | Self::WordsAfterMarker(_) | Self::MissingColon => {
                "write `-- underpin: upgrade` or `-- underpin: downgrade`, and a dialect after it if it is only for that"
            }
            Self::UnknownDialect { nearest: Some(name), .. } => return Some(format!("did you mean {name}?")),
            Self::UnknownDialect { nearest: None, .. } => {
                "remove the word to make the section one for every dialect"
            }
            Self::DuplicateSection { .. } => "put the statements of both into one section",
            Self::MarkerNotAlone => "move it to the next line",
            Self::AmbiguousMarker { .. } => {
                "name the dialect of the section it is in, as in `-- underpin: upgrade postgres`"
            }
            Self::NoSection { direction, flavour, .. } => {
                return Some(format!(
                    "write a section `-- underpin: {direction} {flavour}`, which may be empty"
                ));
            }
            Self::Sql(kind) => return kind.hint(),
            Self::NotRust(_) => "mend it; `cargo build` says more",
            Self::MissingFunction | Self::WrongFunction { .. } => {
                "write `pub async fn upgrade(op: &mut Operations<'_>) -> Result<()>`, and `downgrade` alike"
            }
            Self::NoStatements { .. } => "run this in the application that the revision is compiled into",
        };
        Some(hint.to_owned())
    }

    const fn error_kind(&self) -> ErrorKind {
        match self {
            Self::NoSection { direction: Direction::Upgrade, .. } | Self::NoStatements { .. } => {
                ErrorKind::Unsupported
            }
            Self::NoSection { direction: Direction::Downgrade, .. } => ErrorKind::Irreversible,
            _ => ErrorKind::RevisionFile,
        }
    }
}

impl From<FileError> for Diagnostic {
    fn from(error: FileError) -> Self {
        // A line of the header starts otherwise in Rust.
        let language = Language::of(&error.place.file);
        let words = |text: String| text.replace("`-- ", &format!("`{} ", language.comment()));
        let diagnostic = Self::new(error.kind.error_kind(), words(error.kind.to_string())).at(*error.place);
        match error.kind.hint() {
            Some(hint) => diagnostic.hint(words(hint)),
            None => diagnostic,
        }
    }
}
