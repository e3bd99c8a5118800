//! The convention for the names of constraints and indexes, a setting for each kind of them.

use underpin_core::{
    diagnostic::Diagnostic,
    model::{NamePattern, NamedKind, Naming},
};

use super::Resolver;
use crate::config::key::Key;

impl Resolver {
    pub(super) fn naming(&mut self) -> Result<Naming, Diagnostic> {
        let mut naming = Naming::new();
        for kind in NamedKind::ALL {
            let read = |text: &str| pattern(kind, text).map(Some);
            let show =
                |pattern: &Option<NamePattern>| pattern.as_ref().map(ToString::to_string).unwrap_or_default();
            if let Some(pattern) = self.take(key(kind), read, None, show)? {
                naming = naming.pattern(kind, pattern);
            }
        }
        Ok(naming)
    }
}

const fn key(kind: NamedKind) -> Key {
    match kind {
        NamedKind::PrimaryKey => Key::NamingPrimaryKey,
        NamedKind::Unique => Key::NamingUnique,
        NamedKind::Check => Key::NamingCheck,
        NamedKind::ForeignKey => Key::NamingForeignKey,
        NamedKind::Index => Key::NamingIndex,
    }
}

/// A pattern, if it says nothing that this kind does not have. Python's configparser doubles percent signs.
fn pattern(kind: NamedKind, text: &str) -> Option<NamePattern> {
    let pattern: NamePattern = text.replace("%%", "%").parse().ok()?;
    (kind == NamedKind::ForeignKey || !pattern.has_referred_table()).then_some(pattern)
}
