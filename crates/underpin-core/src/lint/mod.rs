//! What is dangerous about statements before anything runs: rules, one a file, that are asked about
//! each statement in the order in which a run sends them. Not what a server says, and no opinion on
//! whether a statement is correct.

mod context;
mod example;
mod file;
mod finding;
mod ignore;
mod mysql;
mod part;
mod partitioned;
mod planned;
mod rebuild;
mod reference;
mod rule;
mod script;
mod settings;
#[cfg(test)]
mod tests;

pub use context::{Context, Found, Moment};
pub use example::Example;
pub use file::{FileFinding, FileLint, usual_version};
pub use finding::{Finding, Severity};
pub use reference::reference;
pub use rule::{Check, RULES, Rule};
pub use script::{Script, Wrapping};
pub use settings::{LintSettings, UnknownRule};

pub(crate) use ignore::notes;
pub use ignore::{rust_file_notes, rust_notes};
pub(crate) use planned::source;

use crate::{catalog::Catalog, sql::SqlError};

/// Reads the statements of a script in order and asks every rule about each of them; the catalog is
/// what it is after the script then.
///
/// ```
/// use underpin_core::{
///     catalog::Catalog,
///     dialect::{Dialect, Flavour},
///     lint::{self, LintSettings, Script},
///     schema::ServerVersion,
/// };
///
/// let script = Script::plain(Flavour::Postgres, ServerVersion::new(16, 0, 0), "CREATE INDEX i ON orders (total)");
/// let mut catalog = Catalog::unknown(Dialect::Postgres);
/// let findings = lint::lint(&script, &mut catalog, &LintSettings::default())?;
/// assert_eq!(findings[0].rule, "blocking-index");
/// assert_eq!(findings[0].help, "CREATE INDEX CONCURRENTLY i ON orders (total)");
/// # Ok::<(), underpin_core::sql::SqlError>(())
/// ```
///
/// # Errors
/// Where the text can't be split into statements.
pub fn lint(
    script: &Script<'_>,
    catalog: &mut Catalog,
    settings: &LintSettings,
) -> Result<Vec<Finding>, SqlError> {
    script.findings(catalog, settings)
}
