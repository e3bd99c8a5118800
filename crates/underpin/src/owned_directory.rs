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
    /// Makes one. What a killed program has left under the same name goes first; what it has left before it had that
    /// name, once it is a minute old.
    ///
    /// # Errors
    /// What the file system says; `AlreadyExists` where somebody alive has it, or is about to.
    pub(crate) fn create(path: PathBuf) -> io::Result<Self> {
        // It gets its name once it has its lock, so that nobody takes it for abandoned in between.
        let coming = coming(&path);
        for left in [&path, &coming] {
            remove_abandoned(left)?;
        }
        if path.is_dir() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        make(&coming)?;
        let owner = own(&coming)?;
        match fs::rename(&coming, &path) {
            Ok(()) => Ok(Self { path, _owner: owner }),
            Err(error) => {
                let _ = fs::remove_dir_all(&coming);
                Err(match error.kind() {
                    io::ErrorKind::DirectoryNotEmpty => io::ErrorKind::AlreadyExists.into(),
                    _ => error,
                })
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
            if ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let _ = remove_abandoned(&entry.path());
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

/// Takes the lock in a directory that was made just now.
fn own(directory: &Path) -> io::Result<File> {
    let file = directory.join(OWNER);
    let owner = File::create_new(&file).inspect_err(|_| {
        // Only where nobody else has put one there.
        let _ = fs::remove_dir(directory);
    })?;
    // Whoever was held up for longer than that is old has lost it.
    match owner.try_lock() {
        Ok(()) if is_at(&owner, &file) => Ok(owner),
        Ok(()) | Err(TryLockError::WouldBlock) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(TryLockError::Error(error)) => {
            let _ = fs::remove_dir_all(directory);
            Err(error)
        }
    }
}

/// Removes a directory whose owner is gone, if it is there and one of those. Its lock is held until it is removed: of
/// two who find it, the slower one must not remove what the faster one has made in its place.
fn remove_abandoned(directory: &Path) -> io::Result<()> {
    let Some(owner) = claim(directory) else { return Ok(()) };
    // Where a file that is open can't be removed, nothing can be held.
    #[cfg(not(unix))]
    drop(owner);
    let removed = fs::remove_dir_all(directory);
    #[cfg(unix)]
    drop(owner);
    match removed {
        // On a disk of the network what is removed stays until it is closed. Nobody's new directory is empty.
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => fs::remove_dir(directory),
        removed => removed,
    }
}

/// The lock of a directory whose owner is gone; nothing where it is not, or where nobody can tell.
fn claim(directory: &Path) -> Option<File> {
    let is_coming = directory.as_os_str().to_string_lossy().ends_with(COMING);
    let file = directory.join(OWNER);
    let owner = match File::open(&file) {
        // Before it has its name, its owner may be about to take the lock.
        Ok(owner) => (!is_coming || is_old(directory)).then_some(owner)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound && is_old(directory) => {
            File::create_new(&file).ok()?
        }
        // What can't be read may be somebody's whose user is another.
        Err(_) => return None,
    };
    held(owner, &file)
}

/// Takes the lock of a file that was opened, if nobody has it and the file is still the one that is there.
fn held(owner: File, file: &Path) -> Option<File> {
    owner.try_lock().ok()?;
    is_at(&owner, file).then_some(owner)
}

/// Whether a file that is open is still the one that is there.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(open), Ok(there)) = (file.metadata(), fs::metadata(path)) else { return false };
    (open.dev(), open.ino()) == (there.dev(), there.ino())
}

#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> bool {
    path.is_file()
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

    /// Makes a directory as old as one that nobody is about to go on with.
    #[cfg(unix)]
    fn age(path: &Path) {
        let directory = File::open(path).expect("a directory");
        directory.set_modified(SystemTime::now() - 2 * UNFINISHED).expect("aged");
    }

    #[cfg(unix)]
    #[test]
    fn what_was_killed_before_it_had_its_name_is_in_nobodys_way_for_long() {
        let parent = tempfile::tempdir().expect("a directory");
        let path = parent.path().join("ours");
        for has_lock in [true, false] {
            let coming = coming(&path);
            fs::create_dir(&coming).expect("a directory");
            if has_lock {
                fs::write(coming.join(OWNER), "").expect("a file");
            }
            let error = OwnedDirectory::create(path.clone()).expect_err("its owner may go on");
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
            assert!(coming.is_dir() && !path.exists());
            age(&coming);
            drop(OwnedDirectory::create(path.clone()).expect("it is old"));
            assert!(!coming.exists() && !path.exists());
        }
    }

    #[test]
    fn somebody_alive_is_one_error_however_he_is_found() {
        let parent = tempfile::tempdir().expect("a directory");
        let path = parent.path().join("ours");
        let kind = || OwnedDirectory::create(path.clone()).expect_err("somebody has it").kind();
        let owned = OwnedDirectory::create(path.clone()).expect("a directory");
        assert_eq!(kind(), io::ErrorKind::AlreadyExists);
        drop(owned);
        let _coming = OwnedDirectory::create(coming(&path)).expect("a directory");
        assert_eq!(kind(), io::ErrorKind::AlreadyExists);
    }

    #[cfg(unix)]
    #[test]
    fn the_lock_of_one_that_is_gone_is_not_that_of_its_successor() {
        let parent = tempfile::tempdir().expect("a directory");
        let path = parent.path().join("ours");
        left(&path);
        // Somebody slow has found it abandoned, too.
        let slow = File::open(path.join(OWNER)).expect("a file");
        let faster = OwnedDirectory::create(path.clone()).expect("the abandoned one goes");
        assert!(held(slow, &path.join(OWNER)).is_none());
        drop(faster);
    }

    /// Of many who find one that is abandoned, none removes what another has made there since.
    #[cfg(unix)]
    #[test]
    fn nobody_removes_what_another_has_made_in_the_place_of_an_abandoned_one() {
        let parent = tempfile::tempdir().expect("a directory");
        for round in 0..100 {
            let path = parent.path().join(format!("ours-{round}"));
            left(&path);
            (0..20).for_each(|number| fs::write(path.join(number.to_string()), "").expect("a file"));
            let (start, owned) = (std::sync::Barrier::new(4), std::sync::Mutex::new(Vec::new()));
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        start.wait();
                        if let Ok(directory) = OwnedDirectory::create(path.clone()) {
                            owned.lock().expect("no panic").push(directory);
                        }
                    });
                }
            });
            let owned = owned.into_inner().expect("no panic");
            assert!(owned.len() <= 1, "{} have it", owned.len());
            assert!(owned.iter().all(|directory| directory.path().join(OWNER).is_file()), "it is gone");
        }
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
