//! The file that a backup is written to: under another name until it is whole, on the disk before it has its
//! own, and readable to nobody else.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use underpin_core::diagnostic::Diagnostic;

use super::{directory::unfinished, failure};

/// A file that is gone when this is dropped, unless it was finished.
#[derive(Debug)]
pub(super) struct Destination {
    target: PathBuf,
    unfinished: PathBuf,
}

impl Destination {
    /// An empty file under its other name.
    ///
    /// # Errors
    /// A directory that can't be made or written to, and a file that is there already.
    pub(super) fn create(target: &Path) -> Result<Self, Diagnostic> {
        let directory = parent(target);
        make_directory(directory).map_err(|error| failure::file("can't make", directory, &error))?;
        if target.exists() {
            return Err(failure::unmade(format!("{} is there already", target.display()))
                .hint("name a file that is not there"));
        }
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let unfinished = directory.join(unfinished(&name));
        let _ = fs::remove_file(&unfinished);
        private_file(&unfinished).map_err(|error| failure::file("can't write", &unfinished, &error))?;
        Ok(Self { target: target.to_owned(), unfinished })
    }

    /// Where it is written to.
    pub(super) fn path(&self) -> &Path {
        &self.unfinished
    }

    /// Its size; 0 where it is not there.
    pub(super) fn size(&self) -> u64 {
        fs::metadata(&self.unfinished).map_or(0, |metadata| metadata.len())
    }

    /// Gives it its name, once all of it is on the disk, and says where it is.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn finish(self) -> Result<PathBuf, Diagnostic> {
        let failed = |error: io::Error| failure::file("can't finish", &self.target, &error);
        only_ours(&self.unfinished).map_err(failed)?;
        OpenOptions::new()
            .read(true)
            .write(true)
            .open(&self.unfinished)
            .and_then(|file| file.sync_all())
            .map_err(failed)?;
        fs::rename(&self.unfinished, &self.target).map_err(failed)?;
        sync_directory(parent(&self.target));
        // The history is read elsewhere, too.
        Ok(std::path::absolute(&self.target).unwrap_or_else(|_| self.target.clone()))
    }
}

impl Drop for Destination {
    fn drop(&mut self) {
        // Gone already where it was finished.
        let _ = fs::remove_file(&self.unfinished);
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

/// Makes a new, empty file that nobody else can read.
pub(super) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Takes a file from everybody else, whoever has made it.
fn only_ours(path: &Path) -> io::Result<()> {
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

    #[test]
    fn a_file_has_its_name_only_once_it_is_finished() {
        let directory = tempfile::tempdir().expect("a directory");
        let target = directory.path().join("b/shop.dump");
        let destination = Destination::create(&target).expect("a destination");
        fs::write(destination.path(), "x").expect("written");
        assert!(!target.exists() && destination.size() == 1);
        drop(destination);
        assert_eq!(fs::read_dir(target.parent().expect("a parent")).expect("a directory").count(), 0);

        let destination = Destination::create(&target).expect("a destination");
        assert_eq!(destination.finish().expect("finished"), target);
        assert_eq!(fs::read_dir(target.parent().expect("a parent")).expect("a directory").count(), 1);
        assert!(Destination::create(&target).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().expect("a directory");
        let destination = Destination::create(&directory.path().join("shop.dump")).expect("a destination");
        fs::set_permissions(destination.path(), fs::Permissions::from_mode(0o644)).expect("opened");
        let path = destination.finish().expect("finished");
        assert_eq!(fs::metadata(path).expect("a file").permissions().mode() & 0o777, 0o600);
    }
}
