//! The id of a revision. Not a target: `head`, `-1` and prefixes are in `target`.

use std::{borrow::Borrow, fmt, ops::Deref, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

/// The id of a revision: any text of 1 to 255 characters that a target can name.
///
/// Cheap to clone. Ids compare by their bytes, so `A1` and `a1` are two revisions.
///
/// ```
/// use underpin_core::revision::RevisionId;
///
/// let id: RevisionId = "006_conversation_history_tags".parse()?;
/// assert_eq!(id.short(), "006_conv");
/// assert!("a@b".parse::<RevisionId>().is_err());
/// # Ok::<(), underpin_core::revision::InvalidRevisionId>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RevisionId(Arc<str>);

/// A text that can't be a revision's id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRevisionId {
    /// The text is empty.
    #[error("a revision id can't be empty")]
    Empty,
    /// The text is longer than 255 characters.
    #[error("a revision id has at most 255 characters, this one has {0}")]
    TooLong(usize),
    /// The text holds a character that targets, lists or file names use for something else.
    #[error("{0:?} can't stand in a revision id ({1:?})")]
    Character(char, String),
    /// The word means something else as a target.
    #[error("{0:?} can't be a revision id: it is a target of its own")]
    Reserved(String),
}

impl RevisionId {
    /// The words that are targets of their own.
    const RESERVED: [&'static str; 4] = ["head", "heads", "base", "current"];

    /// Checks `text` and makes it an id.
    ///
    /// # Errors
    /// If it is empty, longer than 255 characters, one of `head`, `heads`, `base` and `current`,
    /// or holds a blank, a control character or one of `@ + - : , / \ " ' ( )`.
    pub fn new(text: &str) -> Result<Self, InvalidRevisionId> {
        if text.is_empty() {
            return Err(InvalidRevisionId::Empty);
        }
        let length = text.chars().count();
        if length > 255 {
            return Err(InvalidRevisionId::TooLong(length));
        }
        if Self::RESERVED.contains(&text) {
            return Err(InvalidRevisionId::Reserved(text.to_owned()));
        }
        // Most ids are nothing but these, which need no second look.
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let foreign = if plain { None } else { text.chars().find(|&c| !Self::may_hold(c)) };
        match foreign {
            Some(c) => Err(InvalidRevisionId::Character(c, text.to_owned())),
            None => Ok(Self(text.into())),
        }
    }

    fn may_hold(character: char) -> bool {
        let taken = matches!(character, '@' | '+' | '-' | ':' | ',' | '/' | '\\' | '"' | '\'' | '(' | ')');
        !taken && !character.is_whitespace() && !character.is_control()
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight characters, for display.
    pub fn short(&self) -> &str {
        match self.0.char_indices().nth(8) {
            Some((end, _)) => &self.0[..end],
            None => &self.0,
        }
    }
}

impl Deref for RevisionId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for RevisionId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl FromStr for RevisionId {
    type Err = InvalidRevisionId;

    fn from_str(text: &str) -> Result<Self, InvalidRevisionId> {
        Self::new(text)
    }
}

impl TryFrom<String> for RevisionId {
    type Error = InvalidRevisionId;

    fn try_from(text: String) -> Result<Self, InvalidRevisionId> {
        Self::new(&text)
    }
}

impl From<RevisionId> for String {
    fn from(id: RevisionId) -> Self {
        id.0.as_ref().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_may_be_long_and_have_words() {
        assert!(RevisionId::new(&"x".repeat(255)).is_ok());
        assert_eq!(RevisionId::new(&"é".repeat(256)), Err(InvalidRevisionId::TooLong(256)));
        assert!(RevisionId::new("006_conversation_history_tags").is_ok());
    }

    #[test]
    fn what_a_target_uses_is_refused() {
        for text in ["", "a b", "a@b", "a+1", "a-1", "a:b", "head", "base", "a,b", "a/b"] {
            assert!(RevisionId::new(text).is_err(), "{text}");
        }
    }
}
