//! What revisions make of an empty database, as a schema. They are run as in production, by the same
//! executor and with the same history, only elsewhere.

use std::time::Duration;

use async_trait::async_trait;
use underpin_core::{diagnostic::Diagnostic, revision::Target};

use super::DesiredSchema;
use crate::{database::Database, migrate::Migrator};

/// What revisions make of an empty database.
#[derive(Clone, Debug)]
pub struct RevisionSchema {
    migrator: Migrator,
    targets: Vec<Target>,
}

impl RevisionSchema {
    /// All revisions of this migrator; its own database is not touched.
    pub fn heads(migrator: &Migrator) -> Self {
        Self::at(migrator, vec![Target::Heads])
    }

    /// The revisions up to these targets; none for what is there before the first.
    pub fn at(migrator: &Migrator, targets: Vec<Target>) -> Self {
        Self { migrator: migrator.clone(), targets }
    }
}

#[async_trait]
impl DesiredSchema for RevisionSchema {
    fn describe(&self) -> String {
        let targets: Vec<String> = self.targets.iter().map(ToString::to_string).collect();
        match targets.as_slice() {
            [] => "no revisions".to_owned(),
            [heads] if heads == "heads" => "the revisions".to_owned(),
            targets => format!("the revisions up to {}", targets.join(", ")),
        }
    }

    async fn make(&self, empty: &Database, _patience: Duration) -> Result<(), Diagnostic> {
        if self.targets.is_empty() || self.migrator.revisions().is_empty() {
            return Ok(());
        }
        self.migrator.elsewhere(empty).upgrade_to(self.targets.clone()).await?;
        Ok(())
    }
}
