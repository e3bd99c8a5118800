//! What a server does not know, or from which version on it does. Not how a statement is asked.

use crate::schema::ServerVersion;

use super::said::Said;

/// Something that a server does not know, or from some version on.
pub(super) struct Fact {
    /// The first version that knows it; none if no version does.
    pub(super) since: Option<ServerVersion>,
    /// What it is, in words that stand behind "knows".
    pub(super) what: &'static str,
    /// What to write instead.
    pub(super) help: &'static str,
    /// Whether a statement says it.
    pub(super) says: fn(&Said<'_>) -> bool,
}

/// Something that a server knows from a version on.
pub(super) const fn since(
    version: (u32, u32, u32),
    what: &'static str,
    help: &'static str,
    says: fn(&Said<'_>) -> bool,
) -> Fact {
    Fact { since: Some(ServerVersion::new(version.0, version.1, version.2)), what, help, says }
}

/// Something that no version of a server knows.
pub(super) const fn never(what: &'static str, help: &'static str, says: fn(&Said<'_>) -> bool) -> Fact {
    Fact { since: None, what, help, says }
}
