//! Which point of a run a test wants to hold it at. Only programs for tests ask.

use std::{env, path::PathBuf};

/// `UNDERPIN_TEST_POINT=NAME=FILE`.
pub(crate) fn test_point() -> Option<(String, PathBuf)> {
    let value = env::var("UNDERPIN_TEST_POINT").ok()?;
    let (name, file) = value.split_once('=')?;
    Some((name.to_owned(), PathBuf::from(file)))
}
