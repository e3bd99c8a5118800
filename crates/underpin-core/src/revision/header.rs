//! The header of a revision: what the graph and the executor must know about it.

use serde::{Deserialize, Serialize};

use super::RevisionId;

/// What a revision says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its id.
    pub id: RevisionId,
    /// The revisions it follows: none for a base, several for a merge.
    pub parents: Vec<RevisionId>,
    /// Revisions or branch labels that must be applied before it, without being its parents.
    pub depends_on: Vec<String>,
    /// Names for the branch that starts here.
    pub labels: Vec<String>,
    /// What it does, in one line.
    pub message: String,
    /// When it was written, as RFC 3339 in UTC; kept as it stands in the file.
    pub created: Option<String>,
    /// Whether it runs in a transaction; false for `transaction: off`.
    pub transaction: bool,
    /// Whether a person has said that losing data is meant: `destructive: reviewed`.
    pub destructive_reviewed: bool,
    /// Its place in a rolling deploy.
    pub phase: Option<Phase>,
    /// The revisions that it was made of, besides one with its own id (`underpin squash`). A database
    /// that has them all has it.
    pub replaces: Vec<RevisionId>,
}

/// The place of a revision in a rolling deploy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Older programs can live with the result.
    Expand,
    /// Older programs can't.
    Contract,
}

impl Header {
    /// A header with an id and parents, and nothing else.
    pub fn new(id: RevisionId, parents: Vec<RevisionId>) -> Self {
        Self {
            id,
            parents,
            depends_on: Vec::new(),
            labels: Vec::new(),
            message: String::new(),
            created: None,
            transaction: true,
            destructive_reviewed: false,
            phase: None,
            replaces: Vec::new(),
        }
    }
}
