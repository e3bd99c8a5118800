//! The kinds of error, and the one table of exit codes.

use std::fmt;

/// The exit status of every program that is built on Underpin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExitCode {
    /// Done, or clean.
    Done = 0,
    /// A yes/no question whose answer is no: pending revisions, drift, a finding.
    No = 1,
    /// Usage or configuration.
    Usage = 2,
    /// The database can't be reached, or a permission is missing.
    Unavailable = 3,
    /// A migration failed and was rolled back.
    Failed = 4,
    /// A migration failed and the database was left dirty.
    Dirty = 5,
    /// A lock or a time limit.
    Timeout = 6,
    /// A conflict between the database's history and the revisions at hand.
    Conflict = 7,
    /// Refused by policy.
    Refused = 8,
    /// A bug in Underpin.
    Bug = 70,
    /// Interrupted by a signal.
    Interrupted = 130,
}

impl ExitCode {
    /// Every exit code, in ascending order.
    pub const ALL: [Self; 11] = [
        Self::Done,
        Self::No,
        Self::Usage,
        Self::Unavailable,
        Self::Failed,
        Self::Dirty,
        Self::Timeout,
        Self::Conflict,
        Self::Refused,
        Self::Bug,
        Self::Interrupted,
    ];

    /// The number that the process ends with.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// What the number means, for `help exit-codes`.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done, or clean",
            Self::No => "a yes/no question whose answer is no: pending revisions, drift, a finding",
            Self::Usage => "usage or configuration",
            Self::Unavailable => "database unavailable, or a permission is missing",
            Self::Failed => "migration failed, rolled back",
            Self::Dirty => "failed, database left dirty",
            Self::Timeout => "lock or time limit",
            Self::Conflict => {
                "history conflict: unknown or edited revision, several heads, database newer, two indexes of one name"
            }
            Self::Refused => "refused by policy",
            Self::Bug => "a bug in Underpin",
            Self::Interrupted => "interrupted",
        }
    }
}

macro_rules! error_kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal => $exit:ident,)*) => {
        /// The class of an error: its stable name in JSON, and its exit code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[$doc])* $variant,)*
        }

        impl ErrorKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name, as it stands in JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The exit code that an error of this kind ends a program with.
            pub const fn exit_code(self) -> ExitCode {
                match self { $(Self::$variant => ExitCode::$exit,)* }
            }
        }
    };
}

error_kinds! {
    /// The command line asks for something that can't be.
    Usage = "usage" => Usage,
    /// A setting is not of its kind, or a configuration file can't be read.
    Configuration = "configuration" => Usage,
    /// No database URL was given anywhere.
    MissingUrl = "missing_url" => Usage,
    /// A revision file can't be read or parsed.
    RevisionFile = "revision_file" => Usage,
    /// The directory of revisions is not there.
    DirectoryNotFound = "directory_not_found" => Usage,
    /// The directory of revisions holds none.
    NoRevisions = "no_revisions" => Usage,
    /// The engine can't do what is asked of it.
    Unsupported = "unsupported" => Usage,
    /// A revision is written in Rust, and this program is not the application that has it.
    NeedsApplication = "needs_application" => Usage,
    /// Models contradict each other, or name what is not there.
    Model = "model" => Usage,
    /// A prefix fits several revisions.
    AmbiguousPrefix = "ambiguous_prefix" => Usage,
    /// A target that no grammar covers.
    InvalidTarget = "invalid_target" => Usage,
    /// Pending revisions, where none were to be.
    Pending = "pending" => No,
    /// A database, models or a downgrade that are not what the revisions make.
    Drift = "drift" => No,
    /// The server does not answer.
    Unavailable = "unavailable" => Unavailable,
    /// The server refuses the credentials.
    Authentication = "authentication" => Unavailable,
    /// The database does not exist on its server.
    DatabaseNotFound = "database_not_found" => Unavailable,
    /// A privilege is missing.
    Permission = "permission" => Unavailable,
    /// The database can't be written to.
    ReadOnly = "read_only" => Unavailable,
    /// A statement failed; its revision was rolled back.
    MigrationFailed = "migration_failed" => Failed,
    /// A statement failed, or a run was cut off, where it could not be rolled back.
    Dirty = "dirty" => Dirty,
    /// After the run, the history is not what the plan says.
    VerificationFailed = "verification_failed" => Dirty,
    /// Another migrator held the lock for too long.
    LockTimeout = "lock_timeout" => Timeout,
    /// The lock was lost while the run was under way.
    LockLost = "lock_lost" => Timeout,
    /// A time limit expired.
    Timeout = "timeout" => Timeout,
    /// A revision that is neither in the files nor, where it matters, in the database.
    UnknownRevision = "unknown_revision" => Conflict,
    /// A revision's file was changed after it was applied.
    EditedRevision = "edited_revision" => Conflict,
    /// One head was asked for, and there are several.
    MultipleHeads = "multiple_heads" => Conflict,
    /// The database holds revisions that this program does not know.
    DatabaseNewer = "database_newer" => Conflict,
    /// Tables are there already, and no history says how they came.
    Untracked = "untracked" => Conflict,
    /// A table that a start-up made without revisions has rows, and a revision would create it.
    ProvisionalTable = "provisional_table" => Conflict,
    /// Two files claim one id.
    DuplicateRevision = "duplicate_revision" => Conflict,
    /// Two revisions claim one branch label.
    DuplicateLabel = "duplicate_label" => Conflict,
    /// Two indexes of one name in one place.
    DuplicateIndex = "duplicate_index" => Conflict,
    /// A revision names a parent or a dependency that is not there.
    UnknownParent = "unknown_parent" => Conflict,
    /// Revisions depend on each other in a circle.
    Cycle = "cycle" => Conflict,
    /// No branch has that name.
    NoSuchBranch = "no_such_branch" => Conflict,
    /// The revision is not part of the named branch.
    NotInBranch = "not_in_branch" => Conflict,
    /// The target can't be reached from the current state in that direction.
    NotReachable = "not_reachable" => Conflict,
    /// A relative target walks past the end.
    RelativeOutOfRange = "relative_out_of_range" => Conflict,
    /// A relative target meets a fork.
    AmbiguousWalk = "ambiguous_walk" => Conflict,
    /// A target and its own ancestor were asked for together.
    Overlap = "overlap" => Conflict,
    /// A new revision was to follow one that already has a successor.
    NotAHead = "not_a_head" => Conflict,
    /// A revision has no downgrade.
    Irreversible = "irreversible" => Refused,
    /// A guard or a policy forbids it.
    Refused = "refused" => Refused,
    /// A revision deletes data, and nobody has said that this is meant.
    Destructive = "destructive" => Refused,
    /// No backup could be made or read where one was wanted.
    BackupFailed = "backup_failed" => Refused,
    /// A hook failed, and the policy is to fail with it.
    HookFailed = "hook_failed" => Refused,
    /// The run was interrupted.
    Interrupted = "interrupted" => Interrupted,
    /// A bug in Underpin.
    Internal = "internal" => Bug,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ErrorKind::ALL.len());
    }
}
