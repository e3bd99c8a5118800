//! A scratch database of SQLite: a file in a directory of its own, which its owner holds a lock in.
//! Not one in memory, because a run makes several connections, and only one could see it.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::{Keep, Scratch, name};
use crate::database::{Database, SafeUrl};

/// The file whose lock says that the owner of a directory is alive.
const OWNER: &str = "owner.lock";

/// How old a directory without an owner's file must be: its owner may be about to make it.
const UNFINISHED: Duration = Duration::from_secs(60);

/// A directory with a scratch database in it.
pub(super) struct Directory {
    path: PathBuf,
    /// Held for as long as the database is in use; the system lets go of it when the process ends.
    _owner: File,
}

impl Directory {
    /// Removes it with everything in it.
    pub(super) fn remove(self) {
        // What stays is removed by the next run.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Makes one, and removes those whose owners are gone.
pub(super) fn create() -> Result<Scratch, Diagnostic> {
    let temporary = crate::config::temporary_directory();
    sweep(&temporary);
    let path = temporary.join(name::new());
    let owner = own(&path).map_err(|error| {
        let message = format!("no scratch database could be made in {}: {error}", temporary.display());
        Diagnostic::new(ErrorKind::Unavailable, message)
            .state("nothing was changed")
            .hint("make room there, or let TMPDIR name another directory")
            .caused_by(error)
    })?;
    // The absolute path of a temporary directory has no characters that a URL needs escaped, or else
    // the URL's own reader puts them right: it takes paths as they are.
    let url = SafeUrl::parse("sqlite:scratch.db")?.below(&path);
    let keep = Keep::Directory(Directory { path, _owner: owner });
    Ok(Scratch { database: Database::url(url), keep: Some(keep) })
}

fn own(path: &Path) -> io::Result<File> {
    fs::create_dir(path)?;
    let owner = File::create_new(path.join(OWNER))?;
    owner.lock()?;
    Ok(owner)
}

/// Removes the directories whose owners are gone. What can't be looked at is left alone.
fn sweep(temporary: &Path) {
    let Ok(entries) = fs::read_dir(temporary) else { return };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_str().is_some_and(name::is_ours);
        if ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) && is_abandoned(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_abandoned(directory: &Path) -> bool {
    match File::open(directory.join(OWNER)) {
        Ok(owner) => match owner.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
        },
        // What can't be read may be somebody's whose user is another.
        Err(error) if error.kind() != io::ErrorKind::NotFound => false,
        Err(_) => {
            let made = fs::metadata(directory).and_then(|metadata| metadata.modified());
            let age = made.ok().and_then(|made| SystemTime::now().duration_since(made).ok());
            age.is_some_and(|age| age > UNFINISHED)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_whose_owner_is_gone_is_swept_and_one_in_use_is_not() {
        let temporary = tempfile::tempdir().expect("a directory");
        let (used, left) = (temporary.path().join(name::new()), temporary.path().join(name::new()));
        let owner = own(&used).expect("a directory");
        drop(own(&left).expect("a directory"));
        let other = temporary.path().join("underpin_scratch_mine");
        fs::create_dir(&other).expect("a directory");
        sweep(temporary.path());
        assert!(used.is_dir() && !left.exists() && other.is_dir());
        drop(owner);
        sweep(temporary.path());
        assert!(!used.exists());
    }
}
