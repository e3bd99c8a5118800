//! How bad a team takes the rules of lint to be, a setting for each severity.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    lint::{LintSettings, Severity},
};

use super::Resolver;
use crate::config::{key::Key, value};

const KEYS: [(Key, Option<Severity>); 4] = [
    (Key::LintErrors, Some(Severity::Error)),
    (Key::LintWarnings, Some(Severity::Warning)),
    (Key::LintNotes, Some(Severity::Note)),
    (Key::LintOff, None),
];

impl Resolver {
    pub(super) fn lint(&mut self) -> Result<LintSettings, Diagnostic> {
        let mut settings = LintSettings::default();
        for (key, severity) in KEYS {
            for rule in self.list(key)? {
                settings = settings.set(&rule, severity).map_err(|error| {
                    let subject = self.origin(key).subject(key);
                    Diagnostic::new(ErrorKind::Configuration, format!("{subject}: {error}"))
                        .hint("the rules are listed by `underpin lint --rules`")
                })?;
            }
        }
        Ok(settings)
    }

    /// The revision up to which revisions are left alone.
    pub(super) fn lint_since(&mut self) -> Result<Option<String>, Diagnostic> {
        self.take(Key::LintSince, value::text, None, |id| id.clone().unwrap_or_default())
    }
}
