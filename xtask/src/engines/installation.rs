//! Where the programs of a server lie, on the machine itself or unpacked, and how they are started from there.
//! It starts nothing and fetches nothing.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// A directory tree with a server in it.
#[derive(Debug, Clone)]
pub(crate) struct Installation {
    root: PathBuf,
    /// The loader of an unpacked tree that brings its own C library, with which alone its programs run.
    loader: Option<PathBuf>,
    libraries: Vec<PathBuf>,
}

impl Installation {
    /// The machine's own programs.
    pub(crate) fn of_machine() -> Self {
        Self { root: PathBuf::from("/"), loader: None, libraries: Vec::new() }
    }

    /// An unpacked tree; with `own_loader` it holds everything down to the C library, else only what the machine
    /// itself lacks.
    pub(crate) fn unpacked(root: &Path, own_loader: bool) -> Self {
        // Older packages still carry files in `/lib`, which the machine itself has merged into `/usr/lib`.
        let places = ["usr/lib", "lib"].map(|place| subdirectories(&root.join(place), is_of_architecture));
        let mut libraries = places.concat();
        libraries.push(root.join("usr/lib/mysql/private"));
        libraries.retain(|directory| directory.is_dir());
        let loader = own_loader.then(|| find_loader(&libraries)).flatten();
        Self { root: root.to_path_buf(), loader, libraries }
    }

    /// The tree's `/usr`.
    pub(crate) fn usr(&self) -> PathBuf {
        self.root.join("usr")
    }

    /// Whether these are the machine's own programs.
    pub(crate) fn is_machine(&self) -> bool {
        self.root == Path::new("/")
    }

    /// A program in the places where packages put servers, or on the machine's own path.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        let mut places = vec![self.root.join("usr/sbin"), self.root.join("usr/bin")];
        if self.is_machine() {
            places.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
        }
        places.into_iter().map(|place| place.join(name)).find(|path| path.is_file())
    }

    /// The directory with the server programs of the newest PostgreSQL.
    pub(crate) fn postgres_programs(&self) -> Option<PathBuf> {
        let mut versions = subdirectories(&self.root.join("usr/lib/postgresql"), |_| true);
        versions.sort_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
        let mut places: Vec<_> = versions.into_iter().rev().map(|version| version.join("bin")).collect();
        if self.is_machine() {
            places.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
        }
        let place =
            places.into_iter().find(|p| p.join("initdb").is_file() && p.join("postgres").is_file())?;
        // The server looks for its files beside its real place, not beside a link to it.
        fs::canonicalize(place.join("postgres")).ok()?.parent().map(Path::to_path_buf)
    }

    /// The words of a command line that start a program of this installation.
    pub(crate) fn words(&self, program: &Path) -> Vec<OsString> {
        let mut words = Vec::new();
        if let Some(loader) = &self.loader {
            words.extend([loader.into(), "--library-path".into(), self.library_path()]);
        }
        words.push(program.into());
        words
    }

    /// The variables that a program of this installation needs.
    pub(crate) fn environment(&self) -> Option<(&'static str, OsString)> {
        let needed = self.loader.is_none() && !self.libraries.is_empty();
        needed.then(|| ("LD_LIBRARY_PATH", self.library_path()))
    }

    fn library_path(&self) -> OsString {
        env::join_paths(&self.libraries).unwrap_or_default()
    }
}

/// Whether this is the directory of an architecture's libraries, as `x86_64-linux-gnu`.
fn is_of_architecture(name: &str) -> bool {
    name.contains("-linux-gnu")
}

fn find_loader(libraries: &[PathBuf]) -> Option<PathBuf> {
    libraries
        .iter()
        .flat_map(|directory| fs::read_dir(directory).into_iter().flatten().flatten())
        .find_map(|entry| entry.file_name().to_string_lossy().starts_with("ld-linux").then(|| entry.path()))
}

fn subdirectories(directory: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries.filter(|entry| wanted(&entry.file_name().to_string_lossy())).map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }

    #[test]
    fn the_newest_postgres_is_taken_by_number_not_by_letter() {
        let tree = tempfile::tempdir().unwrap();
        for version in ["9", "15", "17"] {
            touch(&tree.path().join(format!("usr/lib/postgresql/{version}/bin/initdb")));
            touch(&tree.path().join(format!("usr/lib/postgresql/{version}/bin/postgres")));
        }
        let programs = Installation::unpacked(tree.path(), false).postgres_programs().unwrap();
        assert!(programs.ends_with("usr/lib/postgresql/17/bin"), "{}", programs.display());
    }

    #[test]
    fn libraries_outside_of_usr_are_found_as_well() {
        let tree = tempfile::tempdir().unwrap();
        touch(&tree.path().join("lib/aarch64-linux-gnu/libkeyutils.so.1"));
        touch(&tree.path().join("usr/lib/aarch64-linux-gnu/libpq.so.5"));
        let (_, path) = Installation::unpacked(tree.path(), false).environment().unwrap();
        assert_eq!(env::split_paths(&path).count(), 2, "{path:?}");
    }

    #[test]
    fn a_tree_with_its_own_c_library_is_started_through_its_own_loader() {
        let tree = tempfile::tempdir().unwrap();
        touch(&tree.path().join("usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"));
        let whole = Installation::unpacked(tree.path(), true);
        let words = whole.words(Path::new("/p"));
        assert!(words[0].to_string_lossy().ends_with("ld-linux-x86-64.so.2"), "{words:?}");
        assert_eq!(words.last().unwrap(), "/p");
        assert_eq!(whole.environment(), None);
        let partial = Installation::unpacked(tree.path(), false);
        assert_eq!(partial.words(Path::new("/p")), ["/p"]);
        assert_eq!(partial.environment().unwrap().0, "LD_LIBRARY_PATH");
    }
}
