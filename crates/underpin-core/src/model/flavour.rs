//! What may differ from engine to engine. Sections for engines follow the rule of revision files.

use crate::dialect::Flavour;

/// A value for every engine, and others for some of them.
///
/// As in a revision file, what is said for MySQL counts on MariaDB too, unless that has its own.
///
/// ```
/// use underpin_core::{dialect::Flavour, model::PerFlavour};
///
/// let value = PerFlavour::every("TEXT").on(Flavour::Mysql, "LONGTEXT");
/// assert_eq!(value.get(Flavour::Sqlite), Some(&"TEXT"));
/// assert_eq!(value.get(Flavour::Mariadb), Some(&"LONGTEXT"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerFlavour<T> {
    every: Option<T>,
    flavours: [Option<T>; Flavour::ALL.len()],
}

impl<T> PerFlavour<T> {
    /// Nothing on any engine.
    pub const fn none() -> Self {
        Self { every: None, flavours: [None, None, None, None] }
    }

    /// The same on every engine.
    pub const fn every(value: T) -> Self {
        Self { every: Some(value), flavours: [None, None, None, None] }
    }

    /// The same, with another value on this engine.
    #[must_use]
    pub fn on(mut self, flavour: Flavour, value: T) -> Self {
        self.flavours[flavour.index()] = Some(value);
        self
    }

    /// What counts where nothing else is said, and what is said for each engine.
    pub(crate) const fn parts(&self) -> (Option<&T>, &[Option<T>; Flavour::ALL.len()]) {
        (self.every.as_ref(), &self.flavours)
    }

    /// What counts on this engine.
    pub fn get(&self, flavour: Flavour) -> Option<&T> {
        let own = self.flavours[flavour.index()].as_ref();
        let relative = match flavour {
            Flavour::Mariadb => self.flavours[Flavour::Mysql.index()].as_ref(),
            Flavour::Sqlite | Flavour::Postgres | Flavour::Mysql => None,
        };
        own.or(relative).or(self.every.as_ref())
    }
}

impl<T> Default for PerFlavour<T> {
    fn default() -> Self {
        Self::none()
    }
}

/// Whether something that is limited to these engines is for this one. No limit is every engine; MySQL
/// stands for itself alone here.
pub(crate) fn is_for(only: &[Flavour], flavour: Flavour) -> bool {
    only.is_empty() || only.contains(&flavour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mariadb_has_what_mysql_has_unless_it_has_its_own() {
        let value = PerFlavour::none().on(Flavour::Mysql, 1);
        assert_eq!(value.get(Flavour::Mariadb), Some(&1));
        assert_eq!(value.get(Flavour::Postgres), None);
        assert_eq!(value.on(Flavour::Mariadb, 2).get(Flavour::Mariadb), Some(&2));
    }
}
