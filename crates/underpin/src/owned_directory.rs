//! A directory that lives as long as whoever made it: its owner holds a lock in it, by which others tell what
//! killed programs have left behind. Not where anything is kept.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// The file whose lock says that the owner of a directory is alive.
const OWNER: &str = "owner.lock";

/// What ends the name of a directory whose owner has not taken the lock yet.
const COMING: &str = ".new";

/// How old a directory must be in which nobody has a lock to hold: its owner may be about to make it.
const UNFINISHED: Duration = Duration::from_secs(60);

/// A directory that only its owner can look into; gone with all that is in it when this is dropped.
#[derive(Debug)]
pub(crate) struct OwnedDirectory {
    path: PathBuf,
    /// Held for as long as the directory is in use; the system lets go of it when the process ends.
    _owner: File,
}

impl OwnedDirectory {
    /// Makes one. What a killed program has left under the same name goes first.
    ///
    /// # Errors
    /// What the file system says; `AlreadyExists` where somebody alive has it.
    pub(crate) fn create(path: PathBuf) -> io::Result<Self> {
        if path.is_dir() && is_abandoned(&path) {
            fs::remove_dir_all(&path)?;
        }
        // It gets its name once it has its lock, so that nobody takes it for abandoned in between.
        let coming = coming(&path);
        make(&coming)?;
        let owned = File::create_new(coming.join(OWNER)).and_then(|owner| {
            owner.lock()?;
            fs::rename(&coming, &path)?;
            Ok(owner)
        });
        match owned {
            Ok(owner) => Ok(Self { path, _owner: owner }),
            Err(error) => {
                let _ = fs::remove_dir_all(&coming);
                Err(error)
            }
        }
    }

    /// Makes one of a name that nobody can guess. What killed programs have left under names that begin so goes
    /// first.
    ///
    /// # Errors
    /// What the system says.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn unguessable(parent: &Path, prefix: &str) -> io::Result<Self> {
        Self::sweep(parent, |name| name.starts_with(prefix));
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Self::create(parent.join(format!("{prefix}{name}")))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes from a directory those of ours, told by their names, whose owners are gone. What can't be
    /// looked at is left alone.
    pub(crate) fn sweep(parent: &Path, is_ours: impl Fn(&str) -> bool) {
        let Ok(entries) = fs::read_dir(parent) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let ours = name.to_str().is_some_and(|name| is_ours(name.strip_suffix(COMING).unwrap_or(name)));
            if ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) && is_abandoned(&entry.path()) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

impl Drop for OwnedDirectory {
    fn drop(&mut self) {
        // What stays is removed by the next sweep.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn coming(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(COMING);
    PathBuf::from(name)
}

/// Makes a directory that nobody else can look into.
fn make(path: &Path) -> io::Result<()> {
    #[allow(unused_mut, reason = "it gets a mode where there are modes")]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn is_abandoned(directory: &Path) -> bool {
    let is_coming = directory.as_os_str().to_string_lossy().ends_with(COMING);
    match File::open(directory.join(OWNER)) {
        // Before it has its name, its owner may be about to take the lock.
        Ok(owner) => match owner.try_lock() {
            Ok(()) => !is_coming || is_old(directory),
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
        },
        // What can't be read may be somebody's whose user is another.
        Err(error) if error.kind() != io::ErrorKind::NotFound => false,
        Err(_) => is_old(directory),
    }
}

fn is_old(directory: &Path) -> bool {
    let made = fs::metadata(directory).and_then(|metadata| metadata.modified());
    let age = made.ok().and_then(|made| SystemTime::now().duration_since(made).ok());
    age.is_some_and(|age| age > UNFINISHED)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a killed program leaves.
    fn left(path: &Path) {
        fs::create_dir(path).expect("a directory");
        fs::write(path.join(OWNER), "").expect("a file");
    }

    #[test]
    fn a_directory_whose_owner_is_gone_is_swept_and_one_in_use_is_not() {
        let parent = tempfile::tempdir().expect("a directory");
        let at = |name: &str| parent.path().join(name);
        let used = OwnedDirectory::create(at("ours-1")).expect("a directory");
        for name in ["ours-2", "ours-3.new", "theirs"] {
            left(&at(name));
        }
        fs::create_dir(at("ours-4")).expect("a directory");
        OwnedDirectory::sweep(parent.path(), |name| name.starts_with("ours"));
        assert!(used.path().is_dir() && !at("ours-2").exists() && at("theirs").is_dir());
        // Whoever made these may be about to go on.
        assert!(at("ours-3.new").is_dir() && at("ours-4").is_dir());
        drop(used);
        assert!(!at("ours-1").exists());
    }

    #[test]
    fn two_never_have_the_same_one() {
        let parent = tempfile::tempdir().expect("a directory");
        let path = parent.path().join("ours");
        left(&path);
        let owned = OwnedDirectory::create(path.clone()).expect("the abandoned one goes");
        fs::write(owned.path().join("work"), "x").expect("written");
        assert!(OwnedDirectory::create(path.clone()).is_err());
        assert!(path.join("work").is_file() && !coming(&path).exists());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_look_into_it() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().expect("a directory");
        let owned = OwnedDirectory::create(parent.path().join("ours")).expect("a directory");
        assert_eq!(fs::metadata(owned.path()).expect("there").permissions().mode() & 0o777, 0o700);
    }
}
