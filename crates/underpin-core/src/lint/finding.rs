//! What a rule has found: where, how bad, and what to write instead.

use std::{fmt, ops::Range, str::FromStr};

use serde::Serialize;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a thought.
    Note,
    /// Dangerous under load, or for programs of an earlier release.
    Warning,
    /// Don't run it against a database in use.
    Error,
}

/// Something dangerous, or worth a thought, in a text of SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule.
    pub rule: &'static str,
    /// How bad it is, as the settings have it.
    pub severity: Severity,
    /// The number of the statement, counted from 0; nothing where the text as a whole is meant.
    pub statement: Option<usize>,
    /// The bytes of the text that are meant.
    pub span: Range<usize>,
    /// What is dangerous, in a sentence without a full stop.
    pub message: String,
    /// The locks that it is about, in the server's words.
    pub lock: Option<String>,
    /// What to write instead: statements of SQL, or a sentence where there are none.
    pub help: String,
}

impl Severity {
    /// In one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Severity {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Note, Self::Warning, Self::Error]
            .into_iter()
            .find(|severity| severity.name() == text)
            .ok_or(())
    }
}
