//! Which directory holds the revisions: the configured one, or its subdirectory `versions`, as in
//! Alembic's layout. What the files in it mean is none of its business.

use std::path::{Path, PathBuf};

/// Alembic's name for the subdirectory of the revisions.
const SUBDIRECTORY: &str = "versions";

/// `directory` itself, or `directory/versions` where only that one holds revisions.
pub(super) fn revisions(directory: &Path) -> PathBuf {
    let below = directory.join(SUBDIRECTORY);
    if !holds_revisions(directory) && holds_revisions(&below) { below } else { directory.to_owned() }
}

/// Whether a directory holds a file that can be a revision. One that can't be listed holds none;
/// whoever reads the directory next will say why.
fn holds_revisions(directory: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(directory) else { return false };
    entries.filter_map(Result::ok).any(|entry| {
        let path = entry.path();
        let revision = path.extension().is_some_and(|extension| extension == "sql" || extension == "rs");
        revision && path.is_file()
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_subdirectory_is_taken_only_where_it_alone_holds_revisions() {
        let root = tempfile::tempdir().expect("a temporary directory");
        let directory = root.path().join("migrations");
        assert_eq!(revisions(&directory), directory);
        fs::create_dir_all(directory.join("versions")).expect("directories");
        fs::write(directory.join("env.py"), "").expect("a file");
        assert_eq!(revisions(&directory), directory);
        fs::write(directory.join("versions/0001_a.sql"), "").expect("a file");
        assert_eq!(revisions(&directory), directory.join("versions"));
        fs::write(directory.join("0001_a.sql"), "").expect("a file");
        assert_eq!(revisions(&directory), directory);
    }
}
