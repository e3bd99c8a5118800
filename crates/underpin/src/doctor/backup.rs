//! Whether a backup can be made where one is wanted. Without it such a run does not begin.

use tokio::time::Instant;

use super::{Finding, PATIENCE};
use crate::{
    backup::readiness,
    database::{Errand, Interrupt, Session},
    migrate::Migrator,
    policy::BackupPolicy,
};

/// What there is to say of backups.
pub(super) async fn finding(migrator: &Migrator, session: &mut dyn Session) -> Finding {
    let before = match migrator.backups.policy {
        BackupPolicy::Never => return Finding::ok("backup", "no run makes one"),
        BackupPolicy::BeforeDestructive => "that delete data",
        BackupPolicy::BeforeAny => "that change anything",
    };
    let (_handle, interrupt) = Interrupt::new(Errand::PART, Instant::now(), Some(PATIENCE));
    match readiness(&migrator.database, &migrator.backups, session, &interrupt).await {
        Ok(said) => Finding::ok("backup", said),
        Err(error) => {
            let error = migrator.database.redacted(error);
            let message = format!("runs {before} will not begin: {}", error.message);
            let finding = Finding::warning("backup", message);
            match error.first_hint() {
                Some(hint) => finding.hint(hint),
                None => finding,
            }
        }
    }
}
