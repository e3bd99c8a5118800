//! The database's own defaults. Its name is never written: the current one is meant.

use super::Phases;
use crate::schema::{Body, Object};

/// Sets the character set and collation of new tables. What is there keeps its own.
pub(super) fn write(to: Option<&Object>, phases: &mut Phases) {
    let Some(Object { body: Body::Definition(definition), .. }) = to else { return };
    let option = |name: &str| definition.options.get(name).cloned().unwrap_or_default();
    phases.database.push(format!(
        "ALTER DATABASE CHARACTER SET {} COLLATE {}",
        option("charset"),
        option("collation")
    ));
}
