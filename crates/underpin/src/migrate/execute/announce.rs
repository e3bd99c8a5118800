//! What is told of a step while it runs. Nothing is done here.

use std::time::Duration;

use underpin_core::{plan::Step, revision::Direction};

use super::Finished;
use crate::{
    history::Outcome,
    migrate::{Event, Events, event::milliseconds},
    telemetry::metrics,
};

pub(super) fn started(events: &Events, step: &Step, index: usize, of: usize) {
    events.send(&Event::RevisionStarted {
        revision: step.revision().clone(),
        message: step.header.message.clone(),
        direction: step.direction,
        number: index + 1,
        of,
    });
}

/// The statements of a step that is sent as a whole.
pub(super) fn statements(events: &Events, step: &Step) {
    let of = step.statements.len();
    for (index, statement) in step.statements.iter().enumerate() {
        events.send(&Event::Statement {
            revision: step.revision().clone(),
            statement: index + 1,
            of,
            sql: statement.text.clone(),
        });
    }
}

pub(super) fn finished(events: &Events, step: &Step, duration: Duration) -> Finished {
    let finished = Finished {
        revision: step.revision().clone(),
        message: step.header.message.clone(),
        direction: step.direction,
        statements: step.statements.len(),
        duration,
    };
    let outcome = match step.direction {
        Direction::Upgrade => Outcome::Applied,
        Direction::Downgrade => Outcome::Reverted,
    };
    metrics::revision(step, duration, outcome);
    events.send(&Event::RevisionApplied {
        revision: finished.revision.clone(),
        message: finished.message.clone(),
        direction: finished.direction,
        statements: finished.statements,
        milliseconds: milliseconds(duration),
        transaction: step.transactional,
    });
    finished
}
