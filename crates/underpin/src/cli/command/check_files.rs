//! The part of `check` that needs no database: every finding in the revision files is shown, and
//! the last one decides how the command ends.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
};

use crate::{
    check::{check_files, several_heads},
    cli::{context::Context, failure},
    config::{Key, Origin},
};

/// Looks at the files, or at what the program embeds.
///
/// # Errors
/// The last finding; the others are shown before.
pub(super) fn check(context: &Context<'_>) -> Result<(), Diagnostic> {
    let settings = context.settings()?;
    let from_flag = matches!(settings.origin(Key::Directory), Origin::Flag { .. });
    let mut findings = match context.application().revisions() {
        // The macro has found the rest when the program was compiled.
        Some(embedded) if !from_flag => several_heads(embedded.graph()?).into_iter().collect(),
        _ => check_files(&settings.revision_directory(), flavour(context)?),
    };
    let Some(last) = findings.pop() else { return Ok(()) };
    for finding in &findings {
        failure::show(context.output(), finding);
    }
    Err(last)
}

/// The flavour that the SQL has to be for, where the URL says so; MySQL's says nothing of MariaDB.
fn flavour(context: &Context<'_>) -> Result<Option<Flavour>, Diagnostic> {
    match context.settings()?.database_url() {
        Ok(url) => Ok(match url.dialect() {
            Dialect::Sqlite => Some(Flavour::Sqlite),
            Dialect::Postgres => Some(Flavour::Postgres),
            Dialect::Mysql => None,
        }),
        Err(error) if error.kind == ErrorKind::MissingUrl => Ok(None),
        Err(error) => Err(error),
    }
}
