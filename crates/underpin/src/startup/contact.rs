//! What became of asking the database, in the word that the table of a start-up has where no server gave its
//! name. It asks nobody.

use underpin_core::diagnostic::ErrorKind;

/// What became of asking the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Contact {
    /// Nobody asked: migrations are off, or something was wrong before.
    #[default]
    NotAsked,
    /// It did not answer.
    Unanswered,
    /// It answered, and would not tell: the password is wrong, a right is missing.
    Refused,
}

impl Contact {
    /// What an error says of it, if anything.
    pub(crate) const fn of(error: ErrorKind) -> Option<Self> {
        match error {
            ErrorKind::Unavailable | ErrorKind::Timeout => Some(Self::Unanswered),
            ErrorKind::Authentication
            | ErrorKind::DatabaseNotFound
            | ErrorKind::Permission
            | ErrorKind::ReadOnly
            | ErrorKind::MigrationFailed => Some(Self::Refused),
            // The kinds of the core may become more; those that are left come before anybody asks, or after
            // the server has given its name.
            _ => None,
        }
    }

    /// The word for it.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::NotAsked => "not looked at",
            Self::Unanswered => "unreachable",
            Self::Refused => "refused",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_can_be_unreachable() {
        for (error, said) in [
            (ErrorKind::Unavailable, Some("unreachable")),
            (ErrorKind::Timeout, Some("unreachable")),
            (ErrorKind::Authentication, Some("refused")),
            (ErrorKind::Permission, Some("refused")),
            (ErrorKind::MultipleHeads, None),
            (ErrorKind::NoRevisions, None),
            (ErrorKind::Configuration, None),
        ] {
            assert_eq!(Contact::of(error).map(Contact::words), said, "{error}");
        }
        assert_eq!(Contact::default().words(), "not looked at");
    }
}
