//! SQLite's lock: the write transaction itself, begun with BEGIN IMMEDIATE ("Transaction" in its
//! documentation). Around revisions that can't run in a transaction, a lock on a file beside the
//! database takes its place; the operating system frees it when its process ends.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{LockHolder, only_error};
use crate::database::{DatabaseError, ErrorClass, Session};

#[derive(Clone, Debug)]
pub(crate) struct SqliteLock {
    /// The database's file; nothing for a database in memory, which nobody else can see.
    file: Option<PathBuf>,
    /// The lock file, while this run holds it.
    held: Arc<Mutex<Option<File>>>,
    /// Whether a try has to give the session its settings first.
    unprepared: Arc<AtomicBool>,
}

/// What a revision may have set for the whole session, put back.
const SETTINGS: &str =
    "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = OFF; PRAGMA writable_schema = OFF";

impl SqliteLock {
    pub(super) fn new(file: Option<PathBuf>) -> Self {
        Self { file, held: Arc::default(), unprepared: Arc::default() }
    }

    /// Puts back what a revision may have set for the whole session.
    pub(super) async fn prepare(&self, session: &mut dyn Session) -> Result<(), DatabaseError> {
        session.execute(SETTINGS).await.map(drop).map_err(only_error)
    }

    /// The same, together with the try that comes.
    pub(super) fn prepare_with_try(&self) {
        self.unprepared.store(true, Ordering::Relaxed);
    }

    pub(super) async fn try_acquire(&self, session: &mut dyn Session) -> Result<bool, DatabaseError> {
        // For the lock we wait ourselves, so that the wait can be told of and interrupted. Once it
        // is ours, a commit has to let those who read just now finish, which is soon.
        let script = "PRAGMA busy_timeout = 20; BEGIN IMMEDIATE; PRAGMA busy_timeout = 5000";
        let script = match self.unprepared.load(Ordering::Relaxed) {
            true => format!("{SETTINGS}; {script}"),
            false => script.to_owned(),
        };
        match session.execute(&script).await {
            Ok(_) => {
                self.unprepared.store(false, Ordering::Relaxed);
                Ok(true)
            }
            Err(failure) if failure.error.class == ErrorClass::Busy => Ok(false),
            Err(failure) => Err(failure.error),
        }
    }

    pub(super) async fn release(&self, session: &mut dyn Session) {
        // Fails where no transaction is open any more, which is what is wanted.
        let _ = session.execute("ROLLBACK").await;
        self.committed();
    }

    /// Lets go of what is left when the transaction is committed.
    pub(super) fn committed(&self) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Tries to take the lock file, which has to be held for as long as this database is changed
    /// outside of a transaction.
    pub(crate) fn try_hold_file(&self) -> Result<bool, DatabaseError> {
        self.try_hold(true)
    }

    /// Whether nobody else holds the lock file; if it is there, it is ours then. A run that is
    /// between two revisions of which one leaves the transaction holds nothing but this file.
    pub(crate) fn try_pass_file(&self) -> Result<bool, DatabaseError> {
        self.try_hold(false)
    }

    fn try_hold(&self, create: bool) -> Result<bool, DatabaseError> {
        let Some(database) = &self.file else { return Ok(true) };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_some() {
            return Ok(true);
        }
        let path = beside(database);
        // To hold a file that somebody else has made, the right to read it is enough.
        let file = match File::options().read(true).write(create).create(create).truncate(false).open(&path) {
            Ok(file) => file,
            Err(error) if !create && error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
            Err(error) => {
                return Err(DatabaseError::new(
                    ErrorClass::Permission,
                    format!("can't open the lock file {}: {error}", path.display()),
                ));
            }
        };
        match file.try_lock() {
            // Dropped with its database meanwhile: whoever comes next makes another one.
            Ok(()) if !is_still(&file, &path) => Ok(false),
            Ok(()) => {
                *held = Some(file);
                Ok(true)
            }
            Err(std::fs::TryLockError::WouldBlock) => Ok(false),
            Err(std::fs::TryLockError::Error(error)) => Err(DatabaseError::new(
                ErrorClass::Permission,
                format!("can't lock {}: {error}", path.display()),
            )),
        }
    }

    pub(super) fn holder(&self) -> Option<LockHolder> {
        let file = self.file.as_deref()?;
        let candidates = [file.to_owned(), with_suffix(file, "-shm"), beside(file)];
        candidates.iter().find_map(|path| locking_process(path, "WRITE")).map(Self::process)
    }

    /// Another process that reads the database, where the system tells.
    pub(crate) fn reader(&self) -> Option<LockHolder> {
        locking_process(self.file.as_deref()?, "READ").map(Self::process)
    }

    fn process(process: u32) -> LockHolder {
        let program = std::fs::read_to_string(format!("/proc/{process}/comm"))
            .map_or_else(|_| "a process".to_owned(), |name| name.trim().to_owned());
        LockHolder {
            session: Some(format!("process {process}")),
            program: Some(program),
            host: None,
            since: None,
        }
    }
}

/// Who writes to a database, where the system tells.
pub(crate) fn writer(file: &Path) -> Option<LockHolder> {
    SqliteLock::new(Some(file.to_owned())).holder()
}

/// What the name of the lock file ends with, behind that of the database.
pub(crate) const LOCK_FILE: &str = ".underpin.lock";

fn beside(database: &Path) -> PathBuf {
    with_suffix(database, LOCK_FILE)
}

/// Whether a file that was opened is the one that has this name.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(opened), Ok(named)) => identity(opened) == identity(named),
        (Err(_), _) | (_, Err(_)) => false,
    }
}

/// A file that is open can't be removed here.
#[cfg(not(unix))]
fn is_still(_file: &File, _path: &Path) -> bool {
    true
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Another process that holds a lock of this kind on a file, where the system lists the locks of files:
/// Linux does in `/proc/locks` (described in proc(5)).
#[cfg(target_os = "linux")]
fn locking_process(path: &Path, kind: &str) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let inode = std::fs::metadata(path).ok()?.ino();
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    locks.lines().find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, _, _, held, process, file, ..] = fields[..] else { return None };
        let process: u32 = process.parse().ok()?;
        let same = file.rsplit(':').next().and_then(|inode| inode.parse().ok()) == Some(inode);
        (same && held == kind && process != std::process::id()).then_some(process)
    })
}

#[cfg(not(target_os = "linux"))]
fn locking_process(_path: &Path, _kind: &str) -> Option<u32> {
    None
}
