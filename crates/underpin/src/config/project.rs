//! Which directories may be searched for `.env` and `underpin.toml`: those of the project and no
//! others, so that a file that somebody left in a temporary or a home directory decides nothing.

use std::path::{Path, PathBuf};

/// The name of the configuration file.
pub(super) const CONFIGURATION: &str = "underpin.toml";

/// What a project's directory is known by when nothing says where its root is.
const PACKAGES: &[&str] =
    &["Cargo.toml", "pyproject.toml", "package.json", "alembic.ini", "setup.py", "setup.cfg", "go.mod"];

/// The directories from `working_directory` up to the root of the project, both included.
///
/// The root is the nearest directory that holds `underpin.toml`, `.git` or a `Cargo.toml` with a
/// workspace, or else the nearest that holds a package. Without any of them only the working
/// directory itself is searched. A home directory is never reached from below.
pub(super) fn search_path(working_directory: &Path, home: Option<&Path>) -> Vec<PathBuf> {
    let above: Vec<&Path> = working_directory
        .ancestors()
        .enumerate()
        .take_while(|(depth, directory)| *depth == 0 || Some(*directory) != home)
        .map(|(_, directory)| directory)
        .collect();
    let root = above
        .iter()
        .position(|directory| is_root(directory))
        .or_else(|| above.iter().position(|directory| holds_package(directory)))
        .unwrap_or(0);
    above.into_iter().take(root + 1).map(Path::to_owned).collect()
}

/// The first of the directories that holds a file of this name.
pub(super) fn find(directories: &[PathBuf], name: &str) -> Option<PathBuf> {
    directories.iter().map(|directory| directory.join(name)).find(|path| path.is_file())
}

fn is_root(directory: &Path) -> bool {
    directory.join(CONFIGURATION).is_file() || directory.join(".git").exists() || is_workspace(directory)
}

fn is_workspace(directory: &Path) -> bool {
    std::fs::read_to_string(directory.join("Cargo.toml"))
        .is_ok_and(|text| text.lines().any(|line| line.trim_start().starts_with("[workspace")))
}

fn holds_package(directory: &Path) -> bool {
    PACKAGES.iter().any(|name| directory.join(name).is_file())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a temporary directory");
        fs::create_dir_all(directory.path().join("a/b/c")).expect("directories");
        for (path, text) in files {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
            fs::write(path, text).expect("a file");
        }
        directory
    }

    fn searched(tree: &tempfile::TempDir, home: Option<&str>) -> Vec<String> {
        let home = home.map(|home| tree.path().join(home));
        let show = |path: PathBuf| {
            path.strip_prefix(tree.path()).map(|path| path.display().to_string()).unwrap_or_default()
        };
        search_path(&tree.path().join("a/b/c"), home.as_deref()).into_iter().map(show).collect()
    }

    #[test]
    fn the_search_ends_at_the_root_of_the_project() {
        for (files, found) in [
            (&[("a/underpin.toml", "")][..], &["a/b/c", "a/b", "a"][..]),
            (&[("a/.git/HEAD", ""), (".env", "")], &["a/b/c", "a/b", "a"]),
            (&[("a/b/Cargo.toml", "[package]"), ("a/Cargo.toml", "[workspace]\n")], &["a/b/c", "a/b", "a"]),
            (&[("a/b/Cargo.toml", "[package]")], &["a/b/c", "a/b"]),
            (&[("a/alembic.ini", "[alembic]"), ("a/.env", "")], &["a/b/c", "a/b", "a"]),
            (&[("a/go.mod", "module a")], &["a/b/c", "a/b", "a"]),
            (
                &[("a/b/pyproject.toml", ""), ("underpin.toml", ""), ("a/.git/HEAD", "")],
                &["a/b/c", "a/b", "a"],
            ),
        ] {
            assert_eq!(searched(&tree(files), None), found, "{files:?}");
        }
    }

    #[test]
    fn without_a_project_only_the_working_directory_is_searched() {
        // The temporary directory itself lies in no project on any machine that this runs on, but
        // to be sure of that the home directory is the boundary here.
        let tree = tree(&[("a/.env", "")]);
        assert_eq!(searched(&tree, Some("a/b")), ["a/b/c"]);
    }

    #[test]
    fn a_home_directory_is_not_reached_from_below() {
        assert_eq!(searched(&tree(&[("a/.git/HEAD", ""), ("a/.env", "")]), Some("a")), ["a/b/c"]);
    }
}
