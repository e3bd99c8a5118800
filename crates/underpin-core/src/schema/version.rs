//! The version of a server, as far as what it can do depends on it.

use std::fmt;

use serde::{Serialize, Serializer};

/// The version of a server: `16.4`, `10.11.6`, `3.46.0`.
///
/// ```
/// use underpin_core::schema::ServerVersion;
///
/// let version = ServerVersion::parse("10.11.6-MariaDB-log").unwrap();
/// assert!(version >= ServerVersion::new(10, 6, 0));
/// assert_eq!(version.to_string(), "10.11.6");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerVersion {
    /// What changes with a new series.
    pub major: u32,
    /// What changes within it.
    pub minor: u32,
    /// What mends it.
    pub patch: u32,
}

impl ServerVersion {
    /// A version of its three numbers.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// The numbers at the beginning of a server's own words; missing ones are 0.
    pub fn parse(text: &str) -> Option<Self> {
        let end = text.find(|character: char| !character.is_ascii_digit() && character != '.');
        let mut numbers = text[..end.unwrap_or(text.len())].split('.').map(str::parse::<u32>);
        let major = numbers.next()?.ok()?;
        let mut next = || numbers.next().and_then(Result::ok).unwrap_or(0);
        Some(Self { major, minor: next(), patch: next() })
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl Serialize for ServerVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
