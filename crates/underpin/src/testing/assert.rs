//! Assertions about revisions, for a program's own tests. What they find out is found out by
//! `rehearse`.

use crate::{
    Revisions, SchemaSource, Scope, ScratchServer, TrialOutcome, database::Database, migrate::Migrator,
};

use super::TestDatabase;

/// Asserts that every revision can be applied, taken back and applied again, and that each downgrade
/// restores what was there before. What says that it is irreversible is let be.
///
/// # Panics
/// If a revision fails, or leaves something behind; the message names it.
pub async fn assert_round_trip(server: &ScratchServer, revisions: impl Into<Revisions>) {
    let migrator = rehearsal(revisions.into());
    let trial = match migrator.test_revisions(server, &Scope::default()).await {
        Ok(trial) => trial,
        Err(error) => panic!("the revisions can't be tried: {error}"),
    };
    let bad: Vec<String> = trial
        .revisions
        .iter()
        .filter_map(|step| match &step.outcome {
            TrialOutcome::DowngradeDiffers(left) => Some(format!(
                "the downgrade of {} {} would have to {}",
                step.revision,
                step.message,
                left.join(", ")
            )),
            TrialOutcome::UpgradeDiffers(left) => Some(format!(
                "{} {}, applied again, would have to {}",
                step.revision,
                step.message,
                left.join(", ")
            )),
            TrialOutcome::Proven | TrialOutcome::Irreversible | TrialOutcome::NotAlone(_) => None,
        })
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// Asserts that a database is what is wanted: models, a `schema.sql`, other revisions.
///
/// # Panics
/// If it is not; the message says what it would take.
pub async fn assert_no_diff(database: &TestDatabase, wanted: &SchemaSource) {
    match database.migrator().diff(wanted, database.server(), &Scope::default()).await {
        Ok(difference) => assert!(
            difference.is_empty(),
            "the database is not what {} says; it would take:\n{}",
            wanted.describe(),
            difference.summary().join("\n")
        ),
        Err(error) => panic!("the two can't be compared: {error}"),
    }
}

/// A migrator whose own database is never touched.
fn rehearsal(revisions: Revisions) -> Migrator {
    let nowhere = crate::SafeUrl::parse(":memory:").map(Database::url);
    let migrator =
        nowhere.and_then(|database| Migrator::builder().database(database).revisions(revisions).assemble());
    migrator.unwrap_or_else(|error| panic!("{error}"))
}
