//! The spans of a run and of each of its revisions. Their names and fields are part of the interface.

use tracing::{Span, info_span};
use underpin_core::plan::Step;

/// The span of a whole run, from connecting to the last check.
pub(crate) fn run(service: &str, run: &str, goal: &str) -> Span {
    info_span!(target: "underpin::migrate", "underpin.run", service, run, goal)
}

/// The span of one revision, from its first statement to its record.
pub(crate) fn revision(step: &Step) -> Span {
    info_span!(
        target: "underpin::migrate",
        "underpin.revision",
        revision = %step.revision(),
        direction = %step.direction,
        transaction = step.transactional,
    )
}
