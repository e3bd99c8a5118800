//! The file that a backup is written to: in a directory of its own until it is whole and on the disk, and
//! readable to nobody else.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use underpin_core::diagnostic::Diagnostic;

use super::{directory::unfinished, failure, place};
use crate::owned_directory::OwnedDirectory;

/// A file that is gone when this is dropped, unless it was finished.
#[derive(Debug)]
pub(super) struct Destination {
    target: PathBuf,
    /// Beside the target. Its lock tells others that somebody is at work in it, and nobody else can look
    /// into it, however the file is made there.
    workplace: OwnedDirectory,
    file: PathBuf,
}

impl Destination {
    /// A place for a file that is not there yet.
    ///
    /// # Errors
    /// A directory that can't be made or written to, a target that is there already, and one that another backup is
    /// being written to.
    pub(super) fn create(target: &Path) -> Result<Self, Diagnostic> {
        place::check(target, failure::unmade)?;
        let directory = parent(target);
        make_directory(directory).map_err(|error| failure::file("can't make", directory, &error))?;
        if target.exists() {
            return Err(failure::unmade(format!("{} is there already", target.display()))
                .hint("name a file that is not there"));
        }
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let place = directory.join(unfinished(&name));
        let workplace = OwnedDirectory::create(place.clone()).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                failure::unmade(format!("another backup is being written to {}", target.display()))
                    .hint("wait for it, or name another file; what a killed one has left is removed once it is a minute old")
            }
            _ => failure::file("can't write", &place, &error),
        })?;
        let file = workplace.path().join(&*name);
        Ok(Self { target: target.to_owned(), workplace, file })
    }

    /// Where it is written to.
    pub(super) fn path(&self) -> &Path {
        &self.file
    }

    /// Its size; nothing where it is not there.
    pub(super) fn size(&self) -> Option<u64> {
        fs::metadata(&self.file).ok().map(|metadata| metadata.len())
    }

    /// Gives it its name, once all of it is on the disk, and says where it is.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn finish(self) -> Result<PathBuf, Diagnostic> {
        let failed = |error: io::Error| failure::file("can't finish", &self.target, &error);
        only_ours(&self.file).map_err(failed)?;
        OpenOptions::new()
            .read(true)
            .write(true)
            .open(&self.file)
            .and_then(|file| file.sync_all())
            .map_err(failed)?;
        fs::rename(&self.file, &self.target).map_err(failed)?;
        drop(self.workplace);
        sync_directory(parent(&self.target));
        // The history is read elsewhere, too.
        Ok(std::path::absolute(&self.target).unwrap_or_else(|_| self.target.clone()))
    }
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Makes a directory that nobody else can read, if it is not there.
fn make_directory(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Takes a file from everybody else, whoever has made it. A link would be followed to the file of another.
fn only_ours(path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::other("what was left there is no file"));
    }
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Brings the name to the disk; not every file system can.
fn sync_directory(directory: &Path) {
    #[cfg(unix)]
    let _ = File::open(directory).and_then(|directory| directory.sync_all());
    #[cfg(not(unix))]
    let _ = directory;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(directory: &Path) -> usize {
        fs::read_dir(directory).expect("a directory").count()
    }

    #[test]
    fn a_file_has_its_name_only_once_it_is_finished() {
        let directory = tempfile::tempdir().expect("a directory");
        let target = directory.path().join("b/shop.dump");
        let kept = directory.path().join("b");
        let destination = Destination::create(&target).expect("a destination");
        assert_eq!(destination.size(), None);
        fs::write(destination.path(), "").expect("written");
        assert_eq!(destination.size(), Some(0));
        fs::write(destination.path(), "x").expect("written");
        assert!(!target.exists() && destination.size() == Some(1));
        drop(destination);
        assert_eq!(count(&kept), 0);

        let destination = Destination::create(&target).expect("a destination");
        // Two at once do not write to the same file.
        assert!(Destination::create(&target).is_err());
        fs::write(destination.path(), "x").expect("written");
        assert_eq!(destination.finish().expect("finished"), target);
        assert_eq!(count(&kept), 1);
        assert!(Destination::create(&target).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_it_at_any_time() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        let directory = tempfile::tempdir().expect("a directory");
        let destination = Destination::create(&directory.path().join("shop.dump")).expect("a destination");
        fs::write(destination.path(), "x").expect("written");
        fs::set_permissions(destination.path(), fs::Permissions::from_mode(0o644)).expect("opened");
        assert_eq!(mode(parent(destination.path())), 0o700);
        assert_eq!(mode(&destination.finish().expect("finished")), 0o600);
    }
}
