//! Why a wish can't be granted: a target that means nothing here, or too much, or can't be
//! reached. Not what is wrong with the revisions themselves: that is `GraphError`.

use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    revision::{InvalidTarget, Member, RevisionId},
};

/// A target, and why there is no answer to it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// The text is no target, or not one for this purpose.
    #[error(transparent)]
    InvalidTarget(#[from] InvalidTarget),
    /// Nothing has that name, and nothing that may be abbreviated begins with it.
    #[error("can't locate the revision {name:?}: no id and no branch label is that or begins with it")]
    UnknownRevision {
        /// What was asked for.
        name: String,
        /// Ids that begin with it but are too short to be abbreviated.
        short: Vec<Member>,
    },
    /// The database has a revision that no file defines, and the way leads past it.
    #[error("the database has {}, which no file here defines", quoted(.ids))]
    UnknownApplied {
        /// Those ids.
        ids: Vec<RevisionId>,
    },
    /// A prefix fits several revisions.
    #[error("{prefix:?} is the beginning of several revisions: {}", list(.candidates))]
    AmbiguousPrefix {
        /// What was asked for.
        prefix: String,
        /// What it could mean.
        candidates: Vec<Member>,
    },
    /// One head was asked for, and there are several.
    #[error("{target:?} means one revision, but there are several heads: {}", list(.heads))]
    MultipleHeads {
        /// What was asked for.
        target: String,
        /// The heads.
        heads: Vec<Member>,
        /// Whether all of them may be asked for instead.
        all: bool,
    },
    /// No branch has that name.
    #[error("there is no branch {branch:?}: no branch label and no id is that or begins with it")]
    NoSuchBranch {
        /// What was asked for.
        branch: String,
    },
    /// The revision is not part of the named branch.
    #[error("revision {revision} is not part of the branch {branch:?}")]
    NotInBranch {
        /// The revision.
        revision: Member,
        /// The branch.
        branch: String,
    },
    /// The target can't be reached from here in that direction.
    #[error("{target:?} can't be reached: {reason}")]
    NotReachable {
        /// What was asked for.
        target: String,
        /// What stands in the way.
        reason: Unreachable,
    },
    /// A relative target walks past the end.
    #[error("{target:?} goes {} {}, but there {}", revisions(*.wanted), if *up { "up" } else { "down" }, only(*.found))]
    RelativeOutOfRange {
        /// What was asked for.
        target: String,
        /// Whether it walks up.
        up: bool,
        /// How many steps it has.
        wanted: u32,
        /// How many could be taken.
        found: u32,
    },
    /// A relative target of no steps.
    #[error("0 steps lead nowhere")]
    NoSteps {
        /// Whether the command goes up.
        up: bool,
    },
    /// A relative target without a start where the command has no way in that direction.
    #[error("{target:?} does not lead {}", if *up { "up from where the database is" } else { "down from where the database is" })]
    WrongDirection {
        /// What was asked for.
        target: String,
        /// Whether the command goes up.
        up: bool,
    },
    /// A relative target meets a fork.
    #[error("{target:?} is ambiguous: from {} it could go to {}", start(.at), list(.choices))]
    AmbiguousWalk {
        /// What was asked for.
        target: String,
        /// The fork; none for the base.
        at: Option<Member>,
        /// The ways that lead on.
        choices: Vec<Member>,
    },
    /// A relative target starts at what the database has, and that is several heads, or none.
    #[error("{target:?} is ambiguous: it could start from {}", list(.starts))]
    AmbiguousStart {
        /// What was asked for.
        target: String,
        /// The heads of the database that it could start from.
        starts: Vec<Member>,
    },
    /// A revision and its own ancestor were asked for together.
    #[error("{revision} and {ancestor} were asked for together, but the second is an ancestor of the first")]
    Overlap {
        /// The newer one.
        revision: Member,
        /// The older one.
        ancestor: Member,
    },
    /// A new revision was to follow one that already has a successor.
    #[error("revision {revision} is not a head: it is followed by {}", list(.children))]
    NotAHead {
        /// The revision.
        revision: Member,
        /// What follows it.
        children: Vec<Member>,
    },
    /// One revision was named twice as a parent.
    #[error("revision {0} was named twice")]
    NamedTwice(Member),
    /// There is nothing to merge.
    #[error("a merge needs two revisions or more, and {} given", match .0 { Some(one) => format!("only {one} was"), None => "none was".to_owned() })]
    NothingToMerge(Option<Member>),
}

/// What stands in the way of a target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// A downgrade to a revision that is not applied.
    #[error("revision {0} is not applied, so there is no way back to it")]
    NotApplied(Member),
    /// A downgrade to a revision that no applied revision follows, though some depend on it.
    #[error("nothing that is applied follows revision {revision}; {} only depends on it", list(.dependents))]
    OnlyDependents {
        /// The revision.
        revision: Member,
        /// The applied revisions that depend on it.
        dependents: Vec<Member>,
    },
    /// A downgrade along a branch that does not begin after the target.
    #[error("no revision after it leads to the branch {branch:?}")]
    OtherBranch {
        /// The branch.
        branch: String,
    },
    /// The ends of a range are not on one line.
    #[error("revision {0} is not an ancestor of the newer end of the range")]
    NotAncestor(Member),
}

fn revisions(number: u32) -> String {
    if number == 1 { "1 revision".to_owned() } else { format!("{number} revisions") }
}

/// How many there are, where there are too few.
fn only(number: u32) -> String {
    match number {
        0 => "is none".to_owned(),
        1 => "is only 1".to_owned(),
        _ => format!("are only {number}"),
    }
}

fn list(members: &[Member]) -> String {
    const SHOWN: usize = 5;
    let mut text = members.iter().take(SHOWN).map(Member::to_string).collect::<Vec<_>>().join(", ");
    if members.len() > SHOWN {
        text.push_str(&format!(" and {} more", members.len() - SHOWN));
    }
    if text.is_empty() { "nothing".to_owned() } else { text }
}

fn quoted(ids: &[RevisionId]) -> String {
    ids.iter().map(|id| format!("{id:?}")).collect::<Vec<_>>().join(", ")
}

fn start(at: &Option<Member>) -> String {
    at.as_ref().map_or_else(|| "the base".to_owned(), Member::to_string)
}

impl PathError {
    /// The class of the error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidTarget(error) => error.kind(),
            Self::UnknownRevision { .. } | Self::UnknownApplied { .. } => ErrorKind::UnknownRevision,
            Self::AmbiguousPrefix { .. } => ErrorKind::AmbiguousPrefix,
            Self::MultipleHeads { .. } => ErrorKind::MultipleHeads,
            Self::NoSuchBranch { .. } => ErrorKind::NoSuchBranch,
            Self::NotInBranch { .. } => ErrorKind::NotInBranch,
            Self::NotReachable { .. } => ErrorKind::NotReachable,
            Self::RelativeOutOfRange { .. } | Self::NoSteps { .. } | Self::WrongDirection { .. } => {
                ErrorKind::RelativeOutOfRange
            }
            Self::AmbiguousWalk { .. } | Self::AmbiguousStart { .. } => ErrorKind::AmbiguousWalk,
            Self::Overlap { .. } => ErrorKind::Overlap,
            Self::NotAHead { .. } => ErrorKind::NotAHead,
            Self::NamedTwice(_) | Self::NothingToMerge(_) => ErrorKind::Usage,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::InvalidTarget(error) => return error.hint(),
            Self::UnknownRevision { short, .. } if !short.is_empty() => {
                format!("ids of up to three characters must be written in full: {}", list(short))
            }
            Self::UnknownRevision { .. } => "`history` lists every revision there is".to_owned(),
            Self::UnknownApplied { .. } => {
                "use the program that applied it, or bring back its file; to forget it, `stamp TARGET --purge`"
                    .to_owned()
            }
            Self::AmbiguousPrefix { .. } => "write more of the id".to_owned(),
            Self::MultipleHeads { all: false, .. } => {
                "one revision is needed here: name its id, BRANCH@head, or base".to_owned()
            }
            Self::MultipleHeads { target, .. } => match target.strip_suffix("head") {
                Some(prefix) => format!(
                    "name one of them, or BRANCH@head, or all with {prefix}heads; `merge heads` joins them"
                ),
                None => "name one of them".to_owned(),
            },
            Self::NoSuchBranch { .. } => "`heads` and `branches` show the labels there are".to_owned(),
            Self::NotInBranch { revision, .. } => format!("name it without the branch: {}", revision.id),
            Self::NotReachable { reason, .. } => reason.hint(),
            Self::RelativeOutOfRange { found: 0, up: true, .. } => {
                "`heads` shows where it ends, and `current` where the database is".to_owned()
            }
            Self::RelativeOutOfRange { found: 0, up: false, .. } => {
                "`current` shows where the database is".to_owned()
            }
            Self::RelativeOutOfRange { up: true, .. } => "name the head, or fewer steps".to_owned(),
            Self::RelativeOutOfRange { up: false, .. } => "name base, or fewer steps".to_owned(),
            Self::NoSteps { up: true } => "count at least one revision up, +1, or name one".to_owned(),
            Self::NoSteps { up: false } => "count at least one revision down, -1, or name one".to_owned(),
            Self::WrongDirection { up: true, .. } => {
                "an upgrade counts up, +1; to count down from a revision, write ID-1".to_owned()
            }
            Self::WrongDirection { up: false, .. } => {
                "a downgrade counts down, -1; to count up from a revision, write ID+1".to_owned()
            }
            Self::AmbiguousWalk { .. } => {
                "name the revision, or stay on a branch: BRANCH@+1, BRANCH@-1".to_owned()
            }
            Self::AmbiguousStart { .. } => {
                "say from which, as in ID+1 or ID-1, or on which branch, as in BRANCH@+1 or BRANCH@-1"
                    .to_owned()
            }
            Self::Overlap { revision, .. } => format!("name {} alone", revision.id),
            Self::NotAHead { .. } => "--splice starts a new branch there".to_owned(),
            Self::NamedTwice(_) => "name each revision once".to_owned(),
            Self::NothingToMerge(_) => "`heads` shows what could be merged".to_owned(),
        })
    }
}

impl Unreachable {
    fn hint(&self) -> String {
        match self {
            Self::NotApplied(member) => format!("`upgrade {}` goes forward to it", member.id),
            Self::OnlyDependents { dependents, .. } => match dependents.first() {
                Some(dependent) => format!("to unwind what depends on it, `downgrade {}-1`", dependent.id),
                None => "it is where it should be".to_owned(),
            },
            Self::OtherBranch { branch } => format!("`downgrade {branch}@base` unwinds the branch"),
            Self::NotAncestor(_) => "put the older end first".to_owned(),
        }
    }
}

impl From<PathError> for Diagnostic {
    fn from(error: PathError) -> Self {
        let diagnostic = Self::new(error.kind(), error.to_string());
        match error.hint() {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }
}
