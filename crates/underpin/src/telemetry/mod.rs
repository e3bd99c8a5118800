//! What a run leaves for those who watch services: spans, numbers and one last line. Nobody who
//! watches can change what happens; who is asked is in `hook`.

pub(crate) mod metrics;
pub(crate) mod span;
mod state;
mod summary;

pub(crate) use state::WatchedState;
pub(crate) use summary::{Summary, TARGET as SUMMARY};
