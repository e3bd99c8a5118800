//! A page of `docs/reference` that is made from what the program knows. Not what stands in it.

use std::{env, fs, path::PathBuf};

/// Compares a page with what it is made from. With `UNDERPIN_UPDATE_DOCS` set it is written anew instead.
pub(crate) fn check(name: &str, wanted: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference").join(name);
    if env::var_os("UNDERPIN_UPDATE_DOCS").is_some() {
        fs::write(&path, wanted).expect("docs/reference can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let differing =
        written.lines().zip(wanted.lines()).position(|(one, other)| one != other).map(|line| line + 1);
    assert!(
        written == wanted,
        "docs/reference/{name} is out of date from line {differing:?} on: write it with UNDERPIN_UPDATE_DOCS=1"
    );
}
