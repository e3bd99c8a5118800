//! Named points of a run at which a test holds it, to kill it, its connection or its server there. They
//! are in no program but those that are built with the feature `test-points` and with debug
//! assertions; everywhere else reaching one is nothing.

/// A point of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(all(feature = "test-points", debug_assertions)), allow(dead_code, reason = "nobody asks"))]
pub(crate) enum Point {
    /// The history was read, and the lock is not taken yet.
    Looked,
    /// The lock is held, and nothing is written yet.
    Locked,
    /// A backup is made, and not one byte of the database is changed.
    BackupMade,
    /// A backup that is brought back is loaded beside the database.
    BackupLoaded,
    /// The tables of a backup are in the place of those that were there, and nothing else of it.
    TablesExchanged,
    /// A restore has lost its session, and goes on undoing itself with another.
    RestoreTakenUp,
    /// The history's tables were created.
    HistoryCreated,
    /// The journal has the revision.
    JournalOpened,
    /// The journal or an open transaction has the statement, which was not sent yet.
    StatementStarted,
    /// The statement was done, and the journal does not say so yet.
    StatementDone,
    /// One statement of a journal is done and recorded, and the next not begun.
    BetweenStatements,
    /// One batch of a statement is committed, and the next not begun.
    BetweenBatches,
    /// All statements of a journal are done, and the revision is not recorded.
    StatementsDone,
    /// A transaction holds a revision or a run, and is not committed.
    BeforeCommit,
    /// One revision is done, and the next not begun.
    BetweenRevisions,
    /// A revision is committed, and with it the lock went that ends with its transaction.
    BetweenTurns,
    /// Everything is committed, and the lock still held.
    BeforeUnlock,
    /// The copy of a rehearsal is made, and nothing was run on it.
    Copied,
}

#[cfg(all(feature = "test-points", debug_assertions))]
impl Point {
    const fn name(self) -> &'static str {
        match self {
            Self::Looked => "looked",
            Self::Locked => "locked",
            Self::BackupMade => "backup-made",
            Self::BackupLoaded => "backup-loaded",
            Self::TablesExchanged => "tables-exchanged",
            Self::RestoreTakenUp => "restore-taken-up",
            Self::HistoryCreated => "history-created",
            Self::JournalOpened => "journal-opened",
            Self::StatementStarted => "statement-started",
            Self::StatementDone => "statement-done",
            Self::BetweenStatements => "between-statements",
            Self::BetweenBatches => "between-batches",
            Self::StatementsDone => "statements-done",
            Self::BeforeCommit => "before-commit",
            Self::BetweenRevisions => "between-revisions",
            Self::BetweenTurns => "between-turns",
            Self::BeforeUnlock => "before-unlock",
            Self::Copied => "copied",
        }
    }
}

/// Nothing.
#[cfg(not(all(feature = "test-points", debug_assertions)))]
#[allow(clippy::unused_async, reason = "as where it waits")]
pub(crate) async fn reach(_: Point) {}

/// For how long a run is held whose test has ended without letting it go. Tests hold one for half a minute.
#[cfg(all(feature = "test-points", debug_assertions))]
const LONGEST: std::time::Duration = std::time::Duration::from_secs(120);

/// The pause between two looks whether it may go on.
#[cfg(all(feature = "test-points", debug_assertions))]
const LOOK: std::time::Duration = std::time::Duration::from_millis(5);

/// Waits where a test says so: the file that it names holds how many times the point is to be passed
/// first. `FILE.reached` says that it is held, until it is removed, for [`LONGEST`] at most: by the clock, for
/// how long so many pauses take is another time on each machine.
#[cfg(all(feature = "test-points", debug_assertions))]
pub(crate) async fn reach(point: Point) {
    use std::{fs, time::Instant};

    let Some((name, file)) = crate::config::test_point() else { return };
    if name != point.name() {
        return;
    }
    let Ok(text) = fs::read_to_string(&file) else { return };
    match text.trim().parse::<u32>().ok().and_then(|passes| passes.checked_sub(1)) {
        Some(left) => {
            let _ = fs::write(&file, left.to_string());
            return;
        }
        None => drop(fs::remove_file(&file)),
    }
    let reached = file.with_extension("reached");
    let _ = fs::write(&reached, point.name());
    let since = Instant::now();
    while reached.exists() && since.elapsed() < LONGEST {
        tokio::time::sleep(LOOK).await;
    }
}
