//! How far a restore had come where it ended, and so in which state the database is. What went wrong is told
//! elsewhere.

use underpin_core::diagnostic::Diagnostic;

/// How far a restore has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(all(feature = "postgres", feature = "mysql")),
    allow(dead_code, reason = "each engine has some")
)]
pub(super) enum Phase {
    /// Nothing is changed, or what was is undone.
    Untouched,
    /// The word that ends the transaction with all of it was sent, and nobody has heard the answer.
    Committing,
    /// What was there is being dropped or is gone, the backup is not in its place, and no transaction holds
    /// the two together.
    Emptied,
    /// The tables are those of the backup; what else it has is not there yet.
    Exchanged,
    /// The tables are as they were; what else was there is not all there again.
    Undressed,
    /// Tables were being exchanged, and nobody can tell how far that came.
    Unknown,
}

impl Phase {
    /// The state of the database, for the one who is told.
    const fn state(self) -> &'static str {
        match self {
            Self::Untouched => "nothing was changed",
            Self::Committing => "unknown: either all of the backup is in its place, or nothing was changed",
            Self::Emptied => "the database is emptied, and only a part of the backup is in it",
            Self::Exchanged => {
                "the tables and rows are those of the backup; its history, views, triggers, routines and events are not all there"
            }
            Self::Undressed => {
                "the tables and rows are as they were; the views, triggers, routines and events are not all there"
            }
            Self::Unknown => "unknown: the tables are those of the backup, or those that were there before",
        }
    }

    /// What to do about it.
    const fn hint(self) -> Option<&'static str> {
        match self {
            Self::Untouched => None,
            Self::Committing => {
                Some("look with `underpin status`, and run it again if the backup is not there")
            }
            Self::Emptied | Self::Exchanged | Self::Undressed | Self::Unknown => {
                Some("mend what is wrong and run it again: it begins anew")
            }
        }
    }
}

/// A restore that went wrong.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) phase: Phase,
    why: Box<Diagnostic>,
    /// The database that has what was replaced, where it is kept.
    kept: Option<String>,
}

impl Broken {
    /// One that went wrong in this phase.
    pub(super) fn during(phase: Phase, why: Diagnostic) -> Self {
        Self { phase, why: Box::new(why), kept: None }
    }

    /// One that went wrong while nothing was changed.
    pub(super) fn untouched(why: Diagnostic) -> Self {
        Self::during(Phase::Untouched, why)
    }

    /// What is told of it where the state is nobody's business.
    pub(super) fn untold(self) -> Diagnostic {
        *self.why
    }

    /// The same, with the database that has what was replaced.
    #[cfg(feature = "mysql")]
    pub(super) fn keeping(mut self, database: String) -> Self {
        self.kept = Some(database);
        self
    }

    /// What is told of it.
    pub(super) fn diagnostic(self) -> Diagnostic {
        let diagnostic = self.why.state(self.phase.state());
        let diagnostic = match &self.kept {
            Some(database) => diagnostic.hint(format!(
                "what was there before is in the database {database}, which stays until somebody drops it; views, triggers, \
                 routines and events, where there were any, are scripts in its table underpin_beside, for the server's own client"
            )),
            None => diagnostic,
        };
        match self.phase.hint() {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::failure;

    #[test]
    fn the_state_is_that_of_the_phase() {
        let told = |phase| Broken::during(phase, failure::unrestored("no room")).diagnostic();
        let untouched = told(Phase::Untouched);
        assert_eq!((untouched.state.as_deref(), untouched.hints.len()), (Some("nothing was changed"), 0));
        for phase in [Phase::Committing, Phase::Emptied, Phase::Exchanged, Phase::Undressed, Phase::Unknown] {
            let told = told(phase);
            assert!(told.state.is_some_and(|state| !state.contains("nothing was changed") || phase == Phase::Committing));
            assert!(told.hints.iter().any(|hint| hint.contains("run it again")));
        }
    }
}
