//! What the commands that need a database do without one: scripts of SQL, and plans from a state that
//! is given.

mod plan;
mod script;

pub(super) use plan::plan;
pub(super) use script::{Flags, downgrade, stamp, upgrade};
