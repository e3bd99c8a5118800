//! Which program a person edits files with. Not a setting of ours: every tool shares it.

use std::env;

/// What `$VISUAL` or else `$EDITOR` says, which may be a program with arguments.
pub(crate) fn editor() -> Option<String> {
    ["VISUAL", "EDITOR"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.trim().is_empty())
}
