//! What lint sees of revisions in Rust: the statements that are known without their database, and those that a scratch
//! database tells.

use underpin_core::{
    catalog::Catalog,
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
    lint::{FileFinding, FileLint},
    revision::{Direction, Language, RevisionFile, Target},
};

use crate::{
    OfflineScript,
    cli::{context::Context, place},
    migrate::upgrade_in_rust,
    source::Revisions,
};

/// The revisions in Rust of a project.
pub(super) struct InRust<'a> {
    revisions: &'a Revisions,
    lint: &'a FileLint,
    told: OfflineScript,
}

/// Whether lint has seen a revision to its end.
pub(super) enum End {
    Known,
    /// What comes behind the last statement that is known counts on rows, or on the connection: a sentence about it.
    Open(String),
    /// Its functions are in another program, or were made of another text.
    Elsewhere,
}

impl<'a> InRust<'a> {
    /// Asks a scratch database about those that ask for the schema, if there is one: SQLite always has one, and another
    /// server is used for it where somebody has named it for that.
    pub(super) async fn of(context: &Context<'_>, lint: &'a FileLint, revisions: &'a Revisions) -> Self {
        let plain = || OfflineScript::new(revisions.clone(), lint.flavour);
        let told = match is_needed(revisions, lint).then(|| scratch_is_named(context, lint.flavour)) {
            Some(true) => told(context, plain()).await,
            Some(false) | None => Ok(plain()),
        };
        let told = told.unwrap_or_else(|error| {
            tracing::debug!(target: "underpin::lint", %error, "no scratch database tells more of the revisions");
            plain()
        });
        Self { revisions, lint, told }
    }

    /// The findings in what a revision is known to send. Behind what is not known, there may be any table.
    pub(super) fn findings(&self, file: &RevisionFile, catalog: &mut Catalog) -> (Vec<FileFinding>, End) {
        if let Some(statements) = self.told.told(&file.header.id, Direction::Upgrade) {
            return (self.lint.planned(file, statements, catalog), End::Known);
        }
        let Some((statements, open_end)) =
            upgrade_in_rust(self.revisions, file, self.lint.flavour, self.lint.version)
        else {
            catalog.admit_others();
            return (Vec::new(), End::Elsewhere);
        };
        let findings = self.lint.planned(file, &statements, catalog);
        let end = open_end.map(|why| {
            catalog.admit_others();
            End::Open(not_all(file, &why))
        });
        (findings, end.unwrap_or(End::Known))
    }
}

fn is_needed(revisions: &Revisions, lint: &FileLint) -> bool {
    let Ok(graph) = revisions.graph() else { return false };
    let mut in_rust = graph
        .iter()
        .filter_map(|revision| revisions.file(revision.id()).ok())
        .filter(|file| file.language == Language::Rust);
    in_rust.any(|file| {
        upgrade_in_rust(revisions, &file, lint.flavour, lint.version).is_some_and(|(_, end)| end.is_some())
    })
}

fn scratch_is_named(context: &Context<'_>, flavour: Flavour) -> bool {
    let named = || context.settings().is_ok_and(|settings| settings.scratch_url().is_some());
    flavour.dialect() == Dialect::Sqlite || named()
}

async fn told(context: &Context<'_>, script: OfflineScript) -> Result<OfflineScript, Diagnostic> {
    let server = place::scratch(context, &[], Some(script.flavour().dialect()))?;
    let asked = script.told_of_upgrade(&server, &Target::Base, &[Target::Heads]);
    Box::pin(context.limited(asked)).await
}

fn not_all(file: &RevisionFile, end: &Diagnostic) -> String {
    let from = end.place.as_ref().map(|place| format!(" from line {} on", place.line)).unwrap_or_default();
    format!("{} is not linted{from}: {}", file.file, end.message)
}
