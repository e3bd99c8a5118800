//! What can be wrong with a set of revisions. Not what can be wrong with a wish: that is `PathError`.

use std::fmt;

use super::{Revision, RevisionId};
use crate::diagnostic::{Diagnostic, ErrorKind};

/// A revision as messages name it: `ae10 (versions/ae10_add_orders.sql)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: RevisionId,
    /// Its file.
    pub file: String,
}

impl Member {
    pub(in crate::revision) fn of(revision: &Revision) -> Self {
        Self { id: revision.id().clone(), file: revision.file.clone() }
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.id, self.file)
    }
}

/// Revisions that form no graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// Two files claim one id.
    #[error("two files claim the revision {}: {} and {}", first.id, first.file, second.file)]
    DuplicateRevision {
        /// The one that was loaded first.
        first: Member,
        /// The other.
        second: Member,
    },
    /// A parent is not there.
    #[error("revision {revision} names the parent {parent:?}, which no file defines")]
    UnknownParent {
        /// The missing parent.
        parent: String,
        /// Who names it.
        revision: Member,
    },
    /// A dependency is neither a revision nor a label.
    #[error("revision {revision} depends on {dependency:?}, which is no revision and no branch label")]
    UnknownDependency {
        /// The missing dependency.
        dependency: String,
        /// Who names it.
        revision: Member,
    },
    /// A revision is its own parent or dependency.
    #[error("revision {0} follows or depends on itself")]
    SelfLoop(Member),
    /// Revisions require each other in a circle: each the next, and the last the first.
    #[error("revisions require each other in a circle: {}", circle(.0))]
    Cycle(Vec<Member>),
    /// Two revisions claim one branch label.
    #[error("two revisions claim the branch label {label:?}: {first} and {second}")]
    DuplicateLabel {
        /// The label.
        label: String,
        /// The one that was loaded first.
        first: Member,
        /// The other.
        second: Member,
    },
    /// A branch label is the id of a revision.
    #[error("the branch label {label:?} of revision {revision} is the id of {owner}")]
    LabelIsRevision {
        /// The label.
        label: String,
        /// Who carries it.
        revision: Member,
        /// Whose id it is.
        owner: Member,
    },
    /// No target could name the label.
    #[error("the branch label {label:?} of revision {revision} can't be named by a target")]
    InvalidLabel {
        /// The label.
        label: String,
        /// Who carries it.
        revision: Member,
    },
}

fn circle(members: &[Member]) -> String {
    let names: Vec<String> = members.iter().chain(members.first()).map(Member::to_string).collect();
    names.join(" -> ")
}

impl GraphError {
    /// The class of the error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::DuplicateRevision { .. } => ErrorKind::DuplicateRevision,
            Self::UnknownParent { .. } | Self::UnknownDependency { .. } => ErrorKind::UnknownParent,
            Self::SelfLoop(_) | Self::Cycle(_) => ErrorKind::Cycle,
            Self::DuplicateLabel { .. } | Self::LabelIsRevision { .. } => ErrorKind::DuplicateLabel,
            Self::InvalidLabel { .. } => ErrorKind::RevisionFile,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::DuplicateRevision { .. } => "give one of them another id, or remove the copy".to_owned(),
            Self::UnknownParent { revision, .. } => {
                format!("add the missing file, or mend the parents line of {}", revision.file)
            }
            Self::UnknownDependency { revision, .. } => {
                format!("add the missing file, or mend the depends_on line of {}", revision.file)
            }
            Self::SelfLoop(revision) => {
                format!("remove its own id from the parents or depends_on line of {}", revision.file)
            }
            Self::Cycle(_) => {
                "break the circle: mend the parents or depends_on line of one of these files".to_owned()
            }
            Self::DuplicateLabel { .. } | Self::LabelIsRevision { .. } => {
                "give one of them another label".to_owned()
            }
            Self::InvalidLabel { .. } => {
                "a label has no blanks, none of @ + : and none of the words head, heads, base and current, \
                 and does not end in a hyphen and a number"
                    .to_owned()
            }
        })
    }
}

impl From<GraphError> for Diagnostic {
    fn from(error: GraphError) -> Self {
        let diagnostic = Self::new(error.kind(), error.to_string());
        match error.hint() {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }
}
