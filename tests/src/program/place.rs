//! Where the programs under test lie.
//! It builds none: a test that built its own program would build it with other features than everything else.

use std::env;
use std::path::PathBuf;

/// The variable with the directory of the programs.
const VARIABLE: &str = "UNDERPIN_TEST_BIN_DIR";

/// The path of a program.
#[track_caller]
pub(crate) fn of(name: &str) -> PathBuf {
    let directory = env::var_os(VARIABLE).map(PathBuf::from).or_else(beside_the_tests);
    let path = directory.unwrap_or_default().join(name);
    assert!(
        path.is_file(),
        "{} is not there: build it with `cargo build --workspace --all-features --bins --examples`, or run `cargo xtask test`",
        path.display()
    );
    path
}

/// The directory above the one that cargo puts test programs into.
fn beside_the_tests() -> Option<PathBuf> {
    Some(env::current_exe().ok()?.parent()?.parent()?.to_path_buf())
}
