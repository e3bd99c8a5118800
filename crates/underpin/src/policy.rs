//! The axes that decide what a start-up does: plain enumerations, each with one word per choice.
//! How settings are combined into them is the business of `config`, not of this file.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A word that is none of a policy's choices.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not one of {}", accepted.join(", "))]
pub struct UnknownChoice {
    /// The word that was given.
    pub given: String,
    /// The words that would have been understood.
    pub accepted: &'static [&'static str],
}

macro_rules! choices {
    (
        $(#[$doc:meta])*
        $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal $(| $other:literal)*,)+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// Every choice, the default first.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The words of [`Self::ALL`], in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];

            /// The word for this choice in settings, messages and JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $name {
            type Err = UnknownChoice;

            /// Reads a word in any case, with `-` for `_` and blanks around it forgiven; also another word
            /// that means the same.
            fn from_str(text: &str) -> Result<Self, UnknownChoice> {
                match text.trim().to_ascii_lowercase().replace('-', "_").as_str() {
                    $($word $(| $other)* => Ok(Self::$variant),)+
                    _ => Err(UnknownChoice { given: text.to_owned(), accepted: Self::WORDS }),
                }
            }
        }
    };
}

choices! {
    /// What a start-up does about revisions that the database does not have yet.
    Mode {
        /// Apply them.
        #[default]
        Apply = "apply",
        /// Look, report, and write nothing.
        Check = "check",
        /// Create the tables that are missing, and apply no revision.
        Create = "create",
        /// Don't touch the database at all.
        Off = "off",
    }
}

choices! {
    /// What a start-up does when bringing the database up to date fails.
    OnFailure {
        /// Refuse to start.
        #[default]
        Abort = "abort",
        /// Start, and report that the service is degraded.
        Continue = "continue",
        /// Create the tables that are missing, start, and report that the service is degraded.
        CreateTables = "create_tables",
    }
}

choices! {
    /// What a start-up in mode [`Mode::Check`] does about pending revisions.
    OnPending {
        /// Warn and start.
        #[default]
        Warn = "warn",
        /// Refuse to start.
        Fail = "fail",
    }
}

choices! {
    /// What it means for a run that a hook fails.
    OnHookFailure {
        /// A warning in the log.
        #[default]
        Warn = "warn",
        /// The run stops where it is.
        Fail = "fail",
    }
}

choices! {
    /// What a start-up does about a database that holds revisions this program does not know.
    OnNewer {
        /// Refuse to start.
        #[default]
        Refuse = "refuse",
        /// Warn and start.
        Warn = "warn",
    }
}

choices! {
    /// What a start-up does about a database that is not what its revisions make of an empty one.
    VerifyOnStartup {
        /// It does not look.
        #[default]
        Off = "off",
        /// Warn and start.
        Warn = "warn",
        /// Refuse to start.
        Fail = "fail",
    }
}

choices! {
    /// What an upgrade does about revisions that delete data and that nobody has reviewed for that.
    Destructive {
        /// Ask where there is somebody to ask, and refuse otherwise: a start-up refuses.
        #[default]
        Confirm = "confirm",
        /// Refuse.
        Deny = "deny",
        /// Apply them.
        Allow = "allow",
    }
}

choices! {
    /// Before which runs a backup is made.
    BackupPolicy {
        /// Before a run that deletes data.
        #[default]
        BeforeDestructive = "before_destructive",
        /// Before every run that has something to do.
        BeforeAny = "before_any" | "always",
        /// Before none.
        Never = "never" | "off",
    }
}

choices! {
    /// How the revisions of one run share transactions.
    TransactionMode {
        /// One transaction for each revision.
        #[default]
        Each = "each",
        /// One transaction for the whole run.
        All = "all",
        /// No transaction that the statements don't open themselves.
        None = "none",
    }
}

choices! {
    /// What the migration lock hangs on, where a pooler may stand before PostgreSQL, or MariaDB may be one of a
    /// Galera cluster.
    LockMode {
        /// The session; each transaction, where a pooler hands out sessions; a lease beside the session, in a cluster.
        #[default]
        Auto = "auto",
        /// The session alone.
        Session = "session",
        /// Each transaction, on PostgreSQL.
        Transaction = "transaction",
    }
}

choices! {
    /// How the id of a new revision is made.
    IdStyle {
        /// Twelve random hexadecimal digits.
        #[default]
        Hash = "hash",
        /// The next number: `0001`, `0002`, and so on.
        Sequence = "sequence",
        /// The time of its creation, in UTC: `20261120110300`.
        Timestamp = "timestamp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_reads_back_from_its_own_word_and_from_json() {
        fn check<T>(all: &[T], words: &[&str])
        where
            T: FromStr<Err = UnknownChoice> + fmt::Display + fmt::Debug + PartialEq + Serialize,
            T: for<'de> Deserialize<'de>,
        {
            assert_eq!(all.len(), words.len());
            for (choice, word) in all.iter().zip(words) {
                assert_eq!(choice.to_string(), *word);
                assert_eq!(word.parse::<T>().as_ref(), Ok(choice));
                let json = serde_json::to_string(choice).expect("a choice is a JSON string");
                assert_eq!(json, format!("\"{word}\""));
                assert_eq!(&serde_json::from_str::<T>(&json).expect("it reads back"), choice);
            }
        }
        check(Mode::ALL, Mode::WORDS);
        check(OnFailure::ALL, OnFailure::WORDS);
        check(OnPending::ALL, OnPending::WORDS);
        check(OnNewer::ALL, OnNewer::WORDS);
        check(TransactionMode::ALL, TransactionMode::WORDS);
        check(LockMode::ALL, LockMode::WORDS);
        check(VerifyOnStartup::ALL, VerifyOnStartup::WORDS);
        check(IdStyle::ALL, IdStyle::WORDS);
        check(Destructive::ALL, Destructive::WORDS);
        check(BackupPolicy::ALL, BackupPolicy::WORDS);
    }

    #[test]
    fn case_blanks_and_dashes_are_forgiven_and_other_words_are_not() {
        assert_eq!(" Apply ".parse(), Ok(Mode::Apply));
        assert_eq!("create-tables".parse(), Ok(OnFailure::CreateTables));
        assert_eq!("off".parse(), Ok(BackupPolicy::Never));
        assert_eq!("Always".parse(), Ok(BackupPolicy::BeforeAny));
        let error = "maybe".parse::<Mode>().expect_err("maybe is no mode");
        assert_eq!(error.to_string(), "\"maybe\" is not one of apply, check, create, off");
    }

    #[test]
    fn the_defaults_fail_closed() {
        assert_eq!(Mode::default(), Mode::Apply);
        assert_eq!(OnFailure::default(), OnFailure::Abort);
        assert_eq!(OnPending::default(), OnPending::Warn);
        assert_eq!(OnNewer::default(), OnNewer::Refuse);
        assert_eq!(TransactionMode::default(), TransactionMode::Each);
        assert_eq!(Destructive::default(), Destructive::Confirm);
        assert_eq!(BackupPolicy::default(), BackupPolicy::BeforeDestructive);
    }
}
