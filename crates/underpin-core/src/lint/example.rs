//! A text with or without a finding: what the tests of a rule run, what its reference shows, and what tells
//! how bad its findings are.

use super::{Finding, LintSettings, Script, Wrapping, usual_version};
use crate::{catalog::Catalog, dialect::Flavour, schema::ServerVersion};

/// A text with or without a finding.
pub struct Example {
    /// The server that it is for.
    pub flavour: Flavour,
    /// Its version, `16`; empty for the newest that is known.
    pub version: &'static str,
    /// Whether nobody says a version, and the usual one is taken.
    pub assumed: bool,
    /// The schema as it stands before; empty if nothing is known of it.
    pub before: &'static str,
    /// The statements.
    pub sql: &'static str,
    /// What the text is for, in its author's words; empty if they are not known.
    pub message: &'static str,
    /// Whether the rule finds something.
    pub found: bool,
}

impl Example {
    /// Statements in which the rule finds something.
    pub const fn bad(flavour: Flavour, sql: &'static str) -> Self {
        Self { flavour, version: "", assumed: false, before: "", sql, message: "", found: true }
    }

    /// Statements in which the rule finds nothing.
    pub const fn good(flavour: Flavour, sql: &'static str) -> Self {
        Self { flavour, version: "", assumed: false, before: "", sql, message: "", found: false }
    }

    /// The same on a server of this version.
    #[must_use]
    pub const fn on(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// The same where nobody says a version.
    #[must_use]
    pub const fn on_any(mut self) -> Self {
        self.assumed = true;
        self
    }

    /// The same on a database that these statements made.
    #[must_use]
    pub const fn after(mut self, before: &'static str) -> Self {
        self.before = before;
        self
    }

    /// The same of a revision with this message.
    #[must_use]
    pub const fn called(mut self, message: &'static str) -> Self {
        self.message = message;
        self
    }

    /// What all rules find in it; nothing where it can't be split into statements.
    pub(super) fn findings(&self, wrapping: Wrapping) -> Vec<Finding> {
        let dialect = self.flavour.dialect();
        let mut catalog = if self.before.is_empty() {
            Catalog::unknown(dialect)
        } else {
            Catalog::of_sql(dialect, self.before)
        };
        let message = (!self.message.is_empty()).then_some(self.message);
        let version = match self.assumed {
            true => usual_version(self.flavour),
            false => ServerVersion::parse(self.version).unwrap_or_else(|| newest(self.flavour)),
        };
        let plain = Script::plain(self.flavour, version, self.sql);
        let script = Script { message, wrapping, assumed: self.assumed, ..plain };
        super::lint(&script, &mut catalog, &LintSettings::every_rule()).unwrap_or_default()
    }
}

/// The newest version of a server that is known here.
const fn newest(flavour: Flavour) -> ServerVersion {
    match flavour {
        Flavour::Sqlite => ServerVersion::new(3, 53, 0),
        Flavour::Postgres => ServerVersion::new(18, 0, 0),
        Flavour::Mysql => ServerVersion::new(9, 7, 0),
        Flavour::Mariadb => ServerVersion::new(11, 8, 0),
    }
}
