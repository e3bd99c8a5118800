//! How long things may take. Nothing in Underpin waits without one of these.

use std::time::Duration;

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use crate::database::{Cause, Stop};

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

impl Stop {
    /// The diagnostic for work that was stopped.
    pub(crate) fn diagnostic(self, during: &str) -> Diagnostic {
        let could_not = self.errand.words.map(|words| format!("Could not {words}: ")).unwrap_or_default();
        let timeout =
            |words: String| Diagnostic::new(ErrorKind::Timeout, format!("{could_not}Timeout after {words}"));
        match self.cause {
            Cause::Timeout(limit) => timeout(format!("{} {during}", in_words(limit)))
                .hint("give it more time with --timeout or UNDERPIN_TIMEOUT"),
            Cause::StatementTimeout(limit) => {
                timeout(format!("{} for one statement {during}", in_words(limit)))
                    .hint("give it more time with --statement-timeout or UNDERPIN_STATEMENT_TIMEOUT")
            }
            Cause::Interrupted => {
                Diagnostic::new(ErrorKind::Interrupted, format!("interrupted {during}")).hint(self.again())
            }
        }
    }

    const fn again(self) -> &'static str {
        match self.errand.goes_on {
            true => "run it again; it goes on from here",
            false => "run it again: it begins anew",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Errand;

    #[test]
    fn what_was_stopped_is_told_as_what_it_is() {
        let limit = Duration::from_secs(2);
        for (errand, cause, message, hint) in [
            (
                Errand::RUN,
                Cause::Timeout(limit),
                "Could not run migrations: Timeout after 2 seconds in it",
                "give it more time with --timeout or UNDERPIN_TIMEOUT",
            ),
            (
                Errand::to("stamp"),
                Cause::StatementTimeout(limit),
                "Could not stamp: Timeout after 2 seconds for one statement in it",
                "give it more time with --statement-timeout or UNDERPIN_STATEMENT_TIMEOUT",
            ),
            (
                Errand::PART,
                Cause::Timeout(limit),
                "Timeout after 2 seconds in it",
                "give it more time with --timeout or UNDERPIN_TIMEOUT",
            ),
            (Errand::RUN, Cause::Interrupted, "interrupted in it", "run it again; it goes on from here"),
            (Errand::to("restore"), Cause::Interrupted, "interrupted in it", "run it again: it begins anew"),
        ] {
            let error = Stop { errand, cause }.diagnostic("in it");
            assert_eq!((error.message.as_str(), error.first_hint()), (message, Some(hint)));
        }
    }

    #[test]
    fn limits_read_as_a_person_says_them() {
        assert_eq!(in_words(Duration::from_secs(60)), "60 seconds");
        assert_eq!(in_words(Duration::from_secs(1)), "1 second");
        assert_eq!(in_words(Duration::from_millis(1_500)), "1.5 seconds");
    }
}
