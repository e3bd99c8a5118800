//! What can be wrong with a statement in batches before any server sees it. Not what the catalog says.

/// What is wrong with a note about batches, or with the statement that it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchesError {
    /// The note names no table.
    #[error("this note names no table")]
    NoTable,
    /// The note names no key.
    #[error("this note names no key of {0}")]
    NoKey(String),
    /// A column of the key stands twice.
    #[error("the key has {0} twice")]
    RepeatedColumn(String),
    /// A word that means nothing there.
    #[error("{0:?} means nothing in a note about batches")]
    UnknownWord(String),
    /// An option with a value that it can't have.
    #[error("{option} can't be {value:?}: expected {expected}")]
    WrongValue {
        /// The option.
        option: &'static str,
        /// The value as it stands there.
        value: String,
        /// What it can be.
        expected: &'static str,
    },
    /// A second note for one statement.
    #[error("this statement has two notes about batches")]
    SecondNote,
    /// A note that no statement follows.
    #[error("no statement follows this note about batches")]
    DanglingNote,
    /// The statement does not say where the condition goes.
    #[error("the statement of these batches has no :batch")]
    NoMark,
    /// A mark in a statement that has no note.
    #[error(":batch stands in a statement that has no note about batches")]
    MarkWithoutNote,
    /// A statement that changes no rows.
    #[error("a {0} can't be run in batches")]
    OtherStatement(String),
    /// The statement moves rows to places that are still to come.
    #[error("the statement changes {0}, which is part of the key that its batches are cut by")]
    ChangesKey(String),
}

impl BatchesError {
    /// What to do about it.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NoTable | Self::NoKey(_) | Self::RepeatedColumn(_) => {
                "name the table and the columns of one of its unique keys: -- batches: orders by id"
            }
            Self::UnknownWord(_) => {
                "behind the key may stand `rows 1000`, `time 500ms` and `pause 50ms`; a column of such a name is written in quotes"
            }
            Self::WrongValue { .. } => "correct the value, or leave the option out",
            Self::SecondNote | Self::DanglingNote => {
                "write one note, on a line of its own directly before its statement"
            }
            Self::NoMark => {
                "write :batch where the condition on the key belongs, as in WHERE total IS NULL AND :batch"
            }
            Self::MarkWithoutNote => {
                "write the table and its key on a line before the statement: -- batches: orders by id"
            }
            Self::OtherStatement(_) => "batches are for INSERT … SELECT, UPDATE and DELETE",
            Self::ChangesKey(_) => {
                "a row would be met again, or never; cut the batches by another unique key"
            }
        }
    }
}
