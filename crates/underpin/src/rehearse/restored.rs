//! A copy made of a backup: restored into the scratch database, compared with where the database stands, and brought
//! there. A backup of a later or of another state is refused, because nothing that is run on it would tell of this
//! database.

use std::path::{Path, PathBuf};

use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    revision::RevisionId,
    sql,
};

use super::{copied::RehearsalCopy, drift::replayable, named};
use crate::{
    database::{Access, Database, Errand, Interrupt},
    migrate::{Migrator, Status, at, failed_to},
};

/// Where a backup stands against the database.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// Both have the same revisions.
    Same,
    /// The database has these revisions, and the backup has not.
    Behind(Vec<RevisionId>),
    /// The backup has these revisions, and the database has not.
    Ahead(Vec<RevisionId>),
    /// The backup has no revision at all, and the database has.
    Unmanaged,
}

impl Migrator {
    /// Restores a backup into a scratch database, and applies what is applied here and was not yet when it was
    /// made.
    pub(super) async fn restore_copy(
        &self,
        copy: &Database,
        file: &Path,
    ) -> Result<RehearsalCopy, Diagnostic> {
        let live = self.status().await?;
        if let Some(dirty) = &live.dirty {
            return Err(dirty.diagnostic());
        }
        // It makes none; its programs are those that bring one back.
        let there = Self { backups: self.backups.clone(), ..self.elsewhere(copy) };
        there.restore(file).await?;
        self.refuse_leading_out(copy, file).await?;
        let quiet = self.elsewhere(copy);
        let restored = quiet.status().await?;
        let caught_up = match standing(Applied::of(&restored), Applied::of(&live)) {
            _ if restored.dirty.is_some() => return Err(half_done(file, &restored)),
            Standing::Same => Vec::new(),
            Standing::Behind(missing) => {
                replayable(&live)?;
                quiet.upgrade_to(named(&live.current)).await?;
                missing
            }
            Standing::Ahead(more) => return Err(ahead(file, &more)),
            Standing::Unmanaged => return Err(unmanaged(file)),
        };
        let file: PathBuf = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        Ok(RehearsalCopy::Backup { file, caught_up })
    }
}

/// What is run on MySQL and MariaDB without anybody naming it, by kind, name and text.
const UNSEEN: &str = "SELECT 'trigger', TRIGGER_NAME, ACTION_STATEMENT FROM information_schema.TRIGGERS \
     WHERE TRIGGER_SCHEMA = DATABASE() UNION ALL \
     SELECT lower(ROUTINE_TYPE), ROUTINE_NAME, ROUTINE_DEFINITION FROM information_schema.ROUTINES \
     WHERE ROUTINE_SCHEMA = DATABASE() UNION ALL \
     SELECT 'event', EVENT_NAME, EVENT_DEFINITION FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()";

impl Migrator {
    /// Refuses a copy in which a trigger, a routine or an event names a database: it was restored as it is, and
    /// would write to what is live. That of revisions is refused before it is made.
    async fn refuse_leading_out(&self, copy: &Database, file: &Path) -> Result<(), Diagnostic> {
        if copy.dialect() != Dialect::Mysql {
            return Ok(());
        }
        let (_handle, interrupt) = Interrupt::new(Errand::REHEARSE, Instant::now(), self.limits.run);
        let session = copy.connect(Access::Read, self.limits.connect, &interrupt).await?;
        let Some(mut session) = session else { return Ok(()) };
        let read = interrupt.limit(session.fetch(UNSEEN)).await;
        session.close().await;
        let rows = read.map_err(|stop| stop.diagnostic("while the copy was looked at"))?;
        let rows = rows.map_err(|error| failed_to(&error, "the copy could not be looked at"))?;
        let led_out = rows.iter().find_map(|row| {
            let body = row.optional(2)?;
            sql::body_leaves_database(body).map(|what| format!("{} {} {what}", row.text(0), row.text(1)))
        });
        led_out.map_or(Ok(()), |what| Err(leading_out(file, &what)))
    }
}

fn leading_out(file: &Path, what: &str) -> Diagnostic {
    let message = format!("{}: its {what}, which the copy must not: that is live", file.display());
    Diagnostic::new(ErrorKind::Configuration, message)
        .state("nothing was changed")
        .hint("write names in bodies without the database in front, or rehearse without --from-backup")
}

/// What tells which revisions a database has: all that are known and not pending, and what is not known here.
#[derive(Clone, Copy, Debug)]
struct Applied<'a> {
    current: &'a [RevisionId],
    pending: &'a [RevisionId],
    unknown: &'a [RevisionId],
}

impl<'a> Applied<'a> {
    fn of(status: &'a Status) -> Self {
        Self { current: &status.current, pending: &status.pending, unknown: &status.unknown }
    }
}

fn standing(backup: Applied<'_>, live: Applied<'_>) -> Standing {
    let without = |these: &[RevisionId], those: &[RevisionId]| -> Vec<RevisionId> {
        these.iter().filter(|id| !those.contains(id)).cloned().collect()
    };
    let mut more = without(live.pending, backup.pending);
    more.extend(without(backup.unknown, live.unknown));
    let mut missing = without(backup.pending, live.pending);
    missing.extend(without(live.unknown, backup.unknown));
    match (more.is_empty(), missing.is_empty()) {
        (false, _) => Standing::Ahead(more),
        (true, false) if backup.current.is_empty() => Standing::Unmanaged,
        (true, false) => Standing::Behind(missing),
        (true, true) => Standing::Same,
    }
}

fn ahead(file: &Path, more: &[RevisionId]) -> Diagnostic {
    let has = format!("{} has {}, which the database has not", file.display(), at(more));
    Diagnostic::new(
        ErrorKind::NotReachable,
        format!("the backup is of another state than the database: {has}"),
    )
    .state("nothing was changed")
    .hint("name a backup that was made at the present revision or before it; `underpin backup` makes one")
}

fn unmanaged(file: &Path) -> Diagnostic {
    let message = format!(
        "{} has no history, so that nothing tells which revisions are in it; the database has some",
        file.display()
    );
    Diagnostic::new(ErrorKind::NotReachable, message)
        .state("nothing was changed")
        .hint("name a backup that has the history's tables in it; `underpin backup` makes one")
}

fn half_done(file: &Path, restored: &Status) -> Diagnostic {
    let revision = restored.dirty.as_ref().map(|dirty| dirty.revision.as_str()).unwrap_or_default();
    let message = format!("{} was made while revision {revision} was half done", file.display());
    Diagnostic::new(ErrorKind::NotReachable, message)
        .state("nothing was changed")
        .hint("name a backup that was made before that revision or after it; `underpin backup` makes one")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<RevisionId> {
        text.split_whitespace().map(|id| RevisionId::new(id).expect("an id")).collect()
    }

    /// How a backup stands of which these are pending and unknown, where `3` is pending and nothing unknown.
    fn stands(current: &str, pending: &str, unknown: &str) -> Standing {
        let (current, pending, unknown) = (ids(current), ids(pending), ids(unknown));
        let (live, waiting) = (ids("2"), ids("3"));
        standing(
            Applied { current: &current, pending: &pending, unknown: &unknown },
            Applied { current: &live, pending: &waiting, unknown: &[] },
        )
    }

    #[test]
    fn a_backup_is_told_by_what_it_has_and_has_not() {
        assert_eq!(stands("2", "3", ""), Standing::Same);
        assert_eq!(stands("1", "2 3", ""), Standing::Behind(ids("2")));
        assert_eq!(stands("3", "", ""), Standing::Ahead(ids("3")));
        assert_eq!(stands("x", "2 3", "x"), Standing::Ahead(ids("x")));
        assert_eq!(stands("3 1", "2", ""), Standing::Ahead(ids("3")));
        assert_eq!(stands("", "1 2 3", ""), Standing::Unmanaged);
    }
}
