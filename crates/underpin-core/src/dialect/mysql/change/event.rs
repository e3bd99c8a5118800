//! Scheduled events.

use super::{Phases, name, routine::program};
use crate::schema::{Body, Object};

/// Drops and makes an event.
pub(super) fn write(from: Option<&Object>, to: Option<&Object>, phases: &mut Phases) {
    if let Some(from) = from {
        phases.drop_programs.push(format!("DROP EVENT {}", name(&from.id)));
    }
    if let Some(Object { body: Body::Definition(definition), .. }) = to {
        phases.create_events.extend(program(&definition.create, &definition.options));
    }
}
