//! How long things may take. Nothing in Underpin waits without one of these.

use std::time::Duration;

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use crate::database::Stop;

/// The time limits of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The whole run, from connecting to the last check; none is no limit.
    pub run: Option<Duration>,
    /// Until the database answers.
    pub connect: Duration,
    /// Waiting for the migration lock; none leaves it to `run`.
    pub lock: Option<Duration>,
    /// Each statement of a revision; none leaves it to `run`.
    pub statement: Option<Duration>,
    /// How long a transaction or a statement is tried again while others hold a lock that it needs.
    pub table_lock: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            run: Some(Duration::from_secs(60)),
            connect: Duration::from_secs(30),
            lock: None,
            statement: None,
            table_lock: Duration::from_secs(300),
        }
    }
}

/// `2 seconds`, `1.5 seconds`, `1 second`.
pub(crate) fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    let unit = if duration == Duration::from_secs(1) { "second" } else { "seconds" };
    if duration.subsec_nanos() == 0 {
        format!("{} {unit}", duration.as_secs())
    } else {
        format!("{seconds} {unit}")
    }
}

/// What the message of a run that was over its time begins with.
const RUN: &str = "Could not run migrations: ";
const CONTINUE: &str = "run it again; it goes on from here";

/// An error of what is no run of revisions, and goes on nowhere when it is done again, where what they share has
/// told it as one.
pub(crate) fn outside_of_runs(mut error: Diagnostic) -> Diagnostic {
    if let Some(message) = error.message.strip_prefix(RUN) {
        error.message = message.to_owned();
    }
    for hint in error.hints.iter_mut().filter(|hint| *hint == CONTINUE) {
        *hint = "run it again: it begins anew".to_owned();
    }
    error
}

impl Stop {
    /// The diagnostic for work that was stopped.
    pub(crate) fn diagnostic(self, during: &str) -> Diagnostic {
        match self {
            Self::Timeout(limit) => Diagnostic::new(
                ErrorKind::Timeout,
                format!("{RUN}Timeout after {} {during}", in_words(limit)),
            )
            .hint("give it more time with --timeout or UNDERPIN_TIMEOUT"),
            Self::StatementTimeout(limit) => Diagnostic::new(
                ErrorKind::Timeout,
                format!("{RUN}Timeout after {} for one statement {during}", in_words(limit)),
            )
            .hint("give it more time with --statement-timeout or UNDERPIN_STATEMENT_TIMEOUT"),
            Self::Interrupted => {
                Diagnostic::new(ErrorKind::Interrupted, format!("interrupted {during}")).hint(CONTINUE)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_read_as_a_person_says_them() {
        assert_eq!(in_words(Duration::from_secs(60)), "60 seconds");
        assert_eq!(in_words(Duration::from_secs(1)), "1 second");
        assert_eq!(in_words(Duration::from_millis(1_500)), "1.5 seconds");
    }
}
