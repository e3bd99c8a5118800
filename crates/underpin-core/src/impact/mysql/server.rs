//! What differs between MySQL and MariaDB and between their versions, by name. Not which statement it
//! matters to.

use crate::{dialect::Flavour, schema::ServerVersion};

use super::super::Way;

/// A MySQL or MariaDB server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Server {
    pub(super) flavour: Flavour,
    pub(super) version: ServerVersion,
}

impl Server {
    /// One way on MySQL, another on MariaDB.
    pub(super) const fn either(self, mysql: Way, mariadb: Way) -> Way {
        match self.flavour {
            Flavour::Mariadb => mariadb,
            Flavour::Mysql | Flavour::Postgres | Flavour::Sqlite => mysql,
        }
    }

    /// The server copies every row; MariaDB lets writers go on since 11.2 (release notes, MDEV-16329).
    pub(super) fn copy(self) -> Way {
        let online = self.mariadb() && self.version >= ServerVersion::new(11, 2, 0);
        if online { Way { concurrency: super::super::Concurrency::None, ..Way::COPY } } else { Way::COPY }
    }

    /// Only the catalog changes, which MySQL calls in place.
    pub(super) const fn metadata(self) -> Way {
        self.either(Way::INPLACE, Way::INSTANT)
    }

    /// An index is built or dropped.
    pub(super) const fn index(self) -> Way {
        self.either(Way::INPLACE, Way::NOCOPY)
    }

    /// Whether it is MariaDB.
    pub(super) fn mariadb(self) -> bool {
        self.flavour == Flavour::Mariadb
    }

    /// Whether it is a MariaDB of an older version than this.
    pub(super) fn mariadb_before(self, major: u32, minor: u32, patch: u32) -> bool {
        self.mariadb() && self.version < ServerVersion::new(major, minor, patch)
    }

    /// Whether it is a MySQL of an older version than this.
    pub(super) fn mysql_before(self, major: u32, minor: u32, patch: u32) -> bool {
        !self.mariadb() && self.version < ServerVersion::new(major, minor, patch)
    }
}
