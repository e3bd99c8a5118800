//! Who may do what with an object.

use serde::Serialize;

/// One privilege of one grantee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Grant {
    /// Who.
    pub grantee: Grantee,
    /// What: `SELECT`, `USAGE`, `EXECUTE`.
    pub privilege: String,
    /// Whether it may be passed on.
    pub grantable: bool,
}

/// Who may do something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grantee {
    /// Everybody.
    Public,
    /// A role or user.
    Role(String),
}
