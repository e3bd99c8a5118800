//! What is found out by running revisions in a scratch database: drift, whether downgrades take
//! back what upgrades did, what a new revision has to do, which revision a database is at. The
//! database itself is only looked at; what changes it says so in its name.

mod copied;
mod detect;
mod drift;
mod foretell;
mod generate;
mod lock;
mod missing;
mod obstacle;
mod operations;
mod options;
mod proof;
mod push;
mod rehearsal;
mod restored;
mod row_count;
mod sample;
mod trial;

use underpin_core::{
    diagnostic::Diagnostic,
    difference::Difference,
    revision::{RevisionId, Target},
    schema::Schema,
};

pub use copied::RehearsalCopy;
pub use detect::Detected;
pub use drift::Drift;
pub use generate::{Generated, GeneratedSection, GeneratedStage};
pub use lock::RehearsedLock;
pub use obstacle::Obstacle;
pub use options::RehearsalOptions;
pub use push::Pushed;
pub use rehearsal::Rehearsal;
pub use row_count::RowChange;
pub use sample::CopiedTable;
pub use trial::{Trial, TrialOutcome, TrialStep};

use crate::{
    Scope, ScratchServer,
    desired::{ReadSchema, RevisionSchema, SchemaSource},
    migrate::Migrator,
};

impl Migrator {
    /// Reads what the database holds, without the history.
    ///
    /// # Errors
    /// If the database can't be reached or read.
    pub async fn inspect(&self, scope: &Scope) -> Result<Schema, Diagnostic> {
        self.database.inspect(&self.own(scope), self.limits.connect).await
    }

    /// What makes the database into what is wanted.
    ///
    /// # Errors
    /// As [`SchemaSource::difference`].
    pub async fn diff(
        &self,
        to: &SchemaSource,
        server: &ScratchServer,
        scope: &Scope,
    ) -> Result<Difference, Diagnostic> {
        let live = SchemaSource::Live(self.database.clone());
        live.difference(to, server, &self.own(scope)).await
    }

    /// What the revisions up to these targets make of an empty database.
    async fn replayed(
        &self,
        targets: Vec<Target>,
        server: &ScratchServer,
        scope: &Scope,
    ) -> Result<ReadSchema, Diagnostic> {
        SchemaSource::desired(RevisionSchema::at(self, targets)).read(server, scope).await
    }

    /// A scope without this migrator's own tables.
    fn own(&self, scope: &Scope) -> Scope {
        scope.clone().history(self.tables.clone())
    }
}

/// The targets that name exactly these revisions.
fn named(ids: &[RevisionId]) -> Vec<Target> {
    ids.iter().map(|id| Target::Named(id.to_string())).collect()
}
