//! Revisions in Rust, before they run: whether this program has them, and their statements as far as they
//! can be told without a database. Running them is in `execute/code`.

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    plan::{self, OpenEnd, Plan, Step},
    revision::{Direction, Language},
    schema::ServerVersion,
};

use crate::{operation, source::Revisions};

/// Refuses a plan with a step in Rust that this program does not have, before anything is changed.
pub(super) fn check_plan(revisions: &Revisions, plan: &Plan) -> Result<(), Diagnostic> {
    let missing = |step: &&Step| {
        step.language == Language::Rust && revisions.function(step.revision(), step.direction).is_none()
    };
    match plan.steps.iter().find(missing) {
        Some(step) => Err(plan::needs_application(&step.header, &step.file).state("nothing was changed")),
        None => Ok(()),
    }
}

/// Writes into a plan what its steps in Rust will send, as far as that can be told: an operation that
/// asks the database ends what is known.
pub(super) fn foretell(revisions: &Revisions, plan: &mut Plan, version: ServerVersion) {
    let flavour = plan.flavour;
    for step in plan.steps.iter_mut().filter(|step| step.language == Language::Rust) {
        let Some(function) = revisions.function(step.revision(), step.direction) else { continue };
        let text = revisions.file(step.revision()).map(|file| file.text).unwrap_or_default();
        let written = operation::write(function, flavour, version, (&step.file, &text));
        step.statements = written.statements;
        step.open_end = written.open_end.map(OpenEnd::of);
        step.asks_schema = written.asks_schema;
        step.downgrade = back(revisions, step, flavour, version);
    }
}

/// What the upgrade of a revision sends, as far as that can be told without a database, and why that may not be all;
/// nothing where this program does not have it.
#[cfg(feature = "cli")]
pub(crate) fn upgrade_in_rust(
    revisions: &Revisions,
    file: &underpin_core::revision::RevisionFile,
    flavour: Flavour,
    version: ServerVersion,
) -> Option<(Vec<plan::PlannedStatement>, Option<Diagnostic>)> {
    let function = revisions.function(file.header.id.as_str(), Direction::Upgrade)?;
    let written = operation::write(function, flavour, version, (&file.file, &file.text));
    Some((written.statements, written.open_end))
}

/// The way back as SQL, which the ledger keeps for programs that don't have the revision; nothing where
/// it asks the database.
fn back(revisions: &Revisions, step: &Step, flavour: Flavour, version: ServerVersion) -> Option<String> {
    let function = revisions.function(step.revision(), Direction::Downgrade)?;
    let written = operation::write(function, flavour, version, (&step.file, ""));
    let texts = written.statements.iter().map(|statement| statement.text.as_str());
    written.open_end.is_none().then(|| super::offline::written(flavour, texts))
}

/// Refuses to write a script of a plan whose statements are not all known.
pub(super) fn refuse_open_ends(plan: &Plan) -> Result<(), Diagnostic> {
    plan.steps.iter().try_for_each(|step| match &step.open_end {
        Some(end) => Err(end.diagnostic(&step.title())),
        None => Ok(()),
    })
}
