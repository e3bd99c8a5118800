//! What a person asks for on the command line: `head`, `ae10+2`, `billing@base`. Not its answer:
//! which revisions a target means depends on a graph, and is worked out in `resolve`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, ErrorKind};

/// A place in the graph of revisions, named or counted.
///
/// `Display` writes what `FromStr` reads.
///
/// ```
/// use underpin_core::revision::{Symbol, Target};
///
/// let target: Target = "billing@+2".parse()?;
/// assert_eq!(target, Target::Relative { branch: Some("billing".into()), from: None, offset: 2 });
/// assert_eq!("ae10".parse(), Ok(Target::Named("ae10".into())));
/// assert_eq!(target.to_string(), "billing@+2");
/// # Ok::<(), underpin_core::revision::InvalidTarget>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Target {
    /// `head`: the one head; an error if there are several.
    Head,
    /// `heads`: every effective head, that is, every revision that nothing follows or depends on.
    Heads,
    /// `base`: the state before the first revision.
    Base,
    /// `current`: what the database has.
    Current,
    /// An id, a unique prefix of one, or a branch label.
    Named(String),
    /// `branch@symbol`; the branch is a label, or any id on it.
    InBranch {
        /// The label, the id, or a unique prefix of one.
        branch: String,
        /// What of that branch.
        symbol: Symbol,
    },
    /// `+2`, `-1`, `ae10+2`, `head-1`, `billing@-1`, `billing@base+2`.
    Relative {
        /// The branch to stay on.
        branch: Option<String>,
        /// Where counting starts; with none, at what the database has.
        from: Option<Symbol>,
        /// How many revisions up, or, below zero, down.
        offset: i32,
    },
}

/// A target without a branch and without counting.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// `head`.
    Head,
    /// `heads`.
    Heads,
    /// `base`.
    Base,
    /// `current`.
    Current,
    /// An id, a unique prefix of one, or a branch label.
    Named(String),
}

/// A text that is no target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a target: {reason}")]
pub struct InvalidTarget {
    text: String,
    reason: &'static str,
    hint: &'static str,
}

/// What targets look like, where every kind of them is allowed.
const FORMS: &str = "targets look like head, heads, base, an id or its beginning, +1, -1, ID+1, branch@head";

impl InvalidTarget {
    pub(super) fn new(text: &str, reason: &'static str) -> Self {
        Self::for_purpose(text, reason, FORMS)
    }

    /// For a purpose that not every target has a meaning for; the hint names those that have one.
    pub(super) fn for_purpose(text: &str, reason: &'static str, hint: &'static str) -> Self {
        Self { text: text.to_owned(), reason, hint }
    }

    /// The class of the error.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::InvalidTarget
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        Some(self.hint.to_owned())
    }
}

impl From<InvalidTarget> for Diagnostic {
    fn from(error: InvalidTarget) -> Self {
        let diagnostic = Self::new(error.kind(), error.to_string());
        match error.hint() {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }
}

impl Target {
    /// The same target as three parts: the branch, the symbol, and the offset.
    pub(super) fn parts(&self) -> (Option<&str>, Option<Symbol>, Option<i32>) {
        match self {
            Self::Head => (None, Some(Symbol::Head), None),
            Self::Heads => (None, Some(Symbol::Heads), None),
            Self::Base => (None, Some(Symbol::Base), None),
            Self::Current => (None, Some(Symbol::Current), None),
            Self::Named(name) => (None, Some(Symbol::Named(name.clone())), None),
            Self::InBranch { branch, symbol } => (Some(branch), Some(symbol.clone()), None),
            Self::Relative { branch, from, offset } => (branch.as_deref(), from.clone(), Some(*offset)),
        }
    }
}

impl From<Symbol> for Target {
    fn from(symbol: Symbol) -> Self {
        match symbol {
            Symbol::Head => Self::Head,
            Symbol::Heads => Self::Heads,
            Symbol::Base => Self::Base,
            Symbol::Current => Self::Current,
            Symbol::Named(name) => Self::Named(name),
        }
    }
}

impl From<&super::RevisionId> for Target {
    fn from(id: &super::RevisionId) -> Self {
        Self::Named(id.to_string())
    }
}

impl FromStr for Symbol {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Self, InvalidTarget> {
        Ok(match text {
            "" => return Err(InvalidTarget::new(text, "it is empty")),
            "head" => Self::Head,
            "heads" => Self::Heads,
            "base" => Self::Base,
            "current" => Self::Current,
            name => {
                check_name(name)?;
                Self::Named(name.to_owned())
            }
        })
    }
}

impl FromStr for Target {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Self, InvalidTarget> {
        // The error shows the whole text, not the part that is wrong with it.
        parse(text).map_err(|error| InvalidTarget::new(text, error.reason))
    }
}

fn parse(text: &str) -> Result<Target, InvalidTarget> {
    let (branch, rest) = match text.split_once('@') {
        Some((branch, rest)) => {
            check_name(branch)?;
            (Some(branch.to_owned()), rest)
        }
        None => (None, text),
    };
    if let Some((from, offset)) = split_offset(rest)? {
        let from = if from.is_empty() { None } else { Some(from.parse()?) };
        return Ok(Target::Relative { branch, from, offset });
    }
    let symbol: Symbol = rest.parse()?;
    Ok(match branch {
        Some(branch) => Target::InBranch { branch, symbol },
        None => symbol.into(),
    })
}

/// Splits `ae10+2` into `ae10` and 2; nothing if the text does not end in a sign and digits.
fn split_offset(text: &str) -> Result<Option<(&str, i32)>, InvalidTarget> {
    let rest = text.trim_end_matches(|c: char| c.is_ascii_digit());
    if rest.len() == text.len() {
        return Ok(None);
    }
    let digits = &text[rest.len()..];
    let (from, sign) = if let Some(from) = rest.strip_suffix('+') {
        (from, 1)
    } else if let Some(from) = rest.strip_suffix('-') {
        (from, -1)
    } else {
        return Ok(None);
    };
    match digits.parse::<i32>() {
        Ok(count) => Ok(Some((from, sign * count))),
        Err(_) => Err(InvalidTarget::new(text, "the number of steps is too large")),
    }
}

/// Whether a text can name a revision or a branch. A hyphen is allowed inside: labels may have one.
fn check_name(name: &str) -> Result<(), InvalidTarget> {
    let refuse = |reason| Err(InvalidTarget::new(name, reason));
    if name.is_empty() {
        return refuse("a name is missing");
    }
    if name.contains(':') {
        return refuse("a range a:b is not allowed here");
    }
    if name.starts_with('-') || name.ends_with('-') {
        return refuse("a minus sign must be followed by a number of steps");
    }
    if name.contains('+') {
        return refuse("a plus sign must be followed by a number of steps");
    }
    if name.contains(|c: char| c.is_whitespace() || c.is_control() || "@,/\\\"'()".contains(c)) {
        return refuse("it holds a character that no name has");
    }
    Ok(())
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Head => "head",
            Self::Heads => "heads",
            Self::Base => "base",
            Self::Current => "current",
            Self::Named(name) => name,
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (branch, symbol, offset) = self.parts();
        if let Some(branch) = branch {
            write!(f, "{branch}@")?;
        }
        if let Some(symbol) = symbol {
            write!(f, "{symbol}")?;
        }
        match offset {
            Some(offset) => write!(f, "{offset:+}"),
            None => Ok(()),
        }
    }
}

impl TryFrom<String> for Target {
    type Error = InvalidTarget;

    fn try_from(text: String) -> Result<Self, InvalidTarget> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_is_read_and_written_back() {
        for text in [
            "head",
            "heads",
            "base",
            "current",
            "ae10",
            "0001",
            "a",
            "v1.2_x",
            "+1",
            "-3",
            "ae10+2",
            "ae10-2",
            "base+2",
            "head-1",
            "billing@head",
            "billing@heads",
            "billing@base",
            "billing@ae10",
            "billing@+1",
            "billing@-2",
            "billing@head-1",
            "billing@base+2",
            "ae10@head",
            "shopping-cart@head",
            "shopping-cart",
            "v1.2-1",
        ] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_target_is_refused_with_the_whole_text() {
        for text in [
            "",
            "@",
            "@head",
            "a@",
            "a@b@c",
            "a:b",
            "+",
            "-",
            "a+",
            "a-",
            "a b",
            "++1",
            "a+1b",
            "a@b c",
            "+99999999999999999999",
            "\n",
        ] {
            let error = text.parse::<Target>().unwrap_err();
            assert!(error.to_string().starts_with(&format!("{text:?} is not a target")), "{error}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_as_it_was_meant(text in "[a-c0-9@+:.-]{0,8}|\\PC{0,8}") {
            if let Ok(target) = text.parse::<Target>() {
                prop_assert_eq!(target.to_string().parse(), Ok(target));
            }
        }
    }
}
