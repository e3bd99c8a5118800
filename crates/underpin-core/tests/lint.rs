//! That `docs/reference/lint.md` is what the rules say of themselves. With `UNDERPIN_UPDATE_DOCS` set it
//! is written anew instead.

use std::{env, fs, path::PathBuf};

use underpin_core::lint::reference;

#[test]
fn the_page_of_the_rules_is_made_from_them() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/lint.md");
    let wanted = reference();
    if env::var_os("UNDERPIN_UPDATE_DOCS").is_some() {
        fs::write(&path, &wanted).expect("docs/reference can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let differing =
        written.lines().zip(wanted.lines()).position(|(one, other)| one != other).map(|line| line + 1);
    assert!(
        written == wanted,
        "docs/reference/lint.md is out of date from line {differing:?} on: write it with UNDERPIN_UPDATE_DOCS=1"
    );
}
