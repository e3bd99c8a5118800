//! What a hook is told: which moment it is, of which run, on which database. No credentials, and no
//! SQL unless it is asked for.

use serde::Serialize;
use underpin_core::revision::{Direction, RevisionId};

macro_rules! moments {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)+) => {
        /// A moment of a run at which hooks are called.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Moment {
            $($(#[$doc])* $name,)+
        }

        impl Moment {
            /// Every moment, in the order in which they come.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The word for it in settings and in JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }
        }
    };
}

moments! {
    /// The migration lock has been waited for for a while.
    SlowLock = "slow_lock",
    /// There is something to do, the lock is ours, and nothing is changed yet.
    BeforeRun = "before_run",
    /// A revision is about to begin.
    BeforeRevision = "before_revision",
    /// A revision and its record are done.
    AfterRevision = "after_revision",
    /// Everything is done and verified, and the lock is free.
    AfterRun = "after_run",
    /// The run has failed.
    Error = "error",
}

/// What happened, with what there is to know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "moment", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Happening {
    /// Somebody else holds the migration lock.
    SlowLock {
        /// Who, as far as the engine tells.
        holder: Option<String>,
        /// For how long it has been waited for.
        waited_ms: u64,
    },
    /// The run begins.
    BeforeRun {
        /// What it will apply or take back, in order.
        revisions: Vec<RevisionId>,
        /// The heads before.
        from: Vec<RevisionId>,
        /// The heads after.
        to: Vec<RevisionId>,
    },
    /// A revision begins.
    BeforeRevision {
        /// Its id.
        revision: RevisionId,
        /// What it does.
        title: String,
        /// Which way it is run.
        direction: Direction,
        /// Its place in the plan, from 1.
        number: usize,
        /// The number of revisions in the plan.
        of: usize,
        /// Its statements, where they are asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        sql: Option<Vec<String>>,
    },
    /// A revision is done.
    AfterRevision {
        /// Its id.
        revision: RevisionId,
        /// What it does.
        title: String,
        /// Which way it was run.
        direction: Direction,
        /// How long it took.
        duration_ms: u64,
    },
    /// The run is over, and all is well.
    AfterRun {
        /// What it has applied or taken back, in order.
        revisions: Vec<RevisionId>,
        /// The heads of what is applied now.
        current: Vec<RevisionId>,
        /// How long it took.
        duration_ms: u64,
    },
    /// The run has failed.
    Error {
        /// The kind of the error, as in its JSON.
        kind: String,
        /// What happened, in one sentence; what the server said of a statement is not in it.
        message: String,
        /// The state that the database was left in.
        state: Option<String>,
    },
}

impl Happening {
    /// The moment that it belongs to.
    pub const fn moment(&self) -> Moment {
        match self {
            Self::SlowLock { .. } => Moment::SlowLock,
            Self::BeforeRun { .. } => Moment::BeforeRun,
            Self::BeforeRevision { .. } => Moment::BeforeRevision,
            Self::AfterRevision { .. } => Moment::AfterRevision,
            Self::AfterRun { .. } => Moment::AfterRun,
            Self::Error { .. } => Moment::Error,
        }
    }
}

/// What a hook is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Notice {
    /// The version of this form.
    pub schema: u32,
    /// What happened.
    #[serde(flatten)]
    pub happening: Happening,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// The service that is brought up.
    pub service: String,
    /// The run, as the history's log has it.
    pub run: String,
    /// The database, without credentials.
    pub database: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_flat_json_with_the_moment_in_it() {
        let notice = Notice {
            schema: 1,
            happening: Happening::BeforeRun { revisions: Vec::new(), from: Vec::new(), to: Vec::new() },
            at: "2026-11-20T11:03:00Z".to_owned(),
            service: "shop".to_owned(),
            run: "ab12".to_owned(),
            database: "sqlite:a.db".to_owned(),
        };
        assert_eq!(
            serde_json::to_string(&notice).expect("JSON"),
            "{\"schema\":1,\"moment\":\"before_run\",\"revisions\":[],\"from\":[],\"to\":[],\
             \"at\":\"2026-11-20T11:03:00Z\",\"service\":\"shop\",\"run\":\"ab12\",\"database\":\"sqlite:a.db\"}"
        );
    }

    #[test]
    fn a_moment_is_named_as_in_json() {
        for moment in Moment::ALL {
            assert_eq!(serde_json::to_value(moment).expect("a text"), moment.name());
        }
    }
}
