//! What can be asked of this program, one file a task.
//! The servers themselves are the business of `engines`.

mod ci;
mod docs;
mod long;
mod test;

pub(crate) use ci::ci;
pub(crate) use docs::docs;
pub(crate) use long::{RunnerOptions, bench, soak};
pub(crate) use test::{TestOptions, test};
