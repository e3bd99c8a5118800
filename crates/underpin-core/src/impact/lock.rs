//! A lock on a table, in the server's words. Not who waits for it.

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
    hash::Hash,
};

use serde::{Serialize, Serializer};

use crate::statement::ObjectName;

/// A lock that a statement takes on something that was there before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableLock {
    /// The table; a view, or an index that is locked harder than its table (PostgreSQL); `main` on
    /// SQLite, which locks all of a database.
    pub table: ObjectName,
    /// How.
    pub mode: LockMode,
}

/// How a table is locked, from what nobody notices to what nobody gets past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockMode {
    /// PostgreSQL: what `FOR UPDATE` and the check of a foreign key hold on the table that is referred to.
    RowShare,
    /// PostgreSQL: writers of rows hold it.
    RowExclusive,
    /// MySQL, MariaDB: rows are locked, and the table is kept as it is.
    Rows,
    /// PostgreSQL: other schema changes and VACUUM wait.
    ShareUpdateExclusive,
    /// MySQL, MariaDB: everybody waits, but only for the moments in which the catalog changes.
    Metadata,
    /// SQLite: one writer for the database as a whole; readers go on in WAL mode.
    Writer,
    /// PostgreSQL: writers wait.
    Share,
    /// PostgreSQL: writers wait.
    ShareRowExclusive,
    /// MySQL, MariaDB: rows that are read are kept as they are, so that writers wait until the transaction
    /// is over.
    SharedRows,
    /// MySQL, MariaDB: writers wait until the statement is done.
    Shared,
    /// PostgreSQL: writers and `FOR UPDATE` wait.
    Exclusive,
    /// MySQL, MariaDB: everybody waits until the statement is done.
    Whole,
    /// PostgreSQL: everybody waits, readers too.
    AccessExclusive,
}

/// The strongest lock of each table, in the order in which the tables are first named.
///
/// ```
/// use underpin_core::impact::{LockMode, strongest};
///
/// let locks = [("a", LockMode::Share), ("b", LockMode::RowShare), ("a", LockMode::RowExclusive)];
/// assert_eq!(strongest(locks), [("a", LockMode::Share), ("b", LockMode::RowShare)]);
/// ```
pub fn strongest<Table: Clone + Eq + Hash>(
    locks: impl IntoIterator<Item = (Table, LockMode)>,
) -> Vec<(Table, LockMode)> {
    let mut strongest: Vec<(Table, LockMode)> = Vec::new();
    let mut places: HashMap<Table, usize> = HashMap::new();
    for (table, mode) in locks {
        match places.entry(table) {
            Entry::Occupied(place) => {
                let known = &mut strongest[*place.get()].1;
                *known = mode.max(*known);
            }
            Entry::Vacant(place) => {
                strongest.push((place.key().clone(), mode));
                place.insert(strongest.len() - 1);
            }
        }
    }
    strongest
}

impl LockMode {
    /// In the server's words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::Rows => "ROWS",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Metadata => "METADATA",
            Self::Writer => "WRITE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::SharedRows => "SHARED ROWS",
            Self::Shared => "SHARED",
            Self::Exclusive => "EXCLUSIVE",
            Self::Whole => "EXCLUSIVE (to the end)",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// What PostgreSQL calls `AccessExclusiveLock` and the like in `pg_locks` ("Explicit Locking" in its
    /// manual). Nothing for `AccessShareLock`, which a query takes.
    pub fn of_postgres(name: &str) -> Option<Self> {
        Some(match name {
            "RowShareLock" => Self::RowShare,
            "RowExclusiveLock" => Self::RowExclusive,
            "ShareUpdateExclusiveLock" => Self::ShareUpdateExclusive,
            "ShareLock" => Self::Share,
            "ShareRowExclusiveLock" => Self::ShareRowExclusive,
            "ExclusiveLock" => Self::Exclusive,
            "AccessExclusiveLock" => Self::AccessExclusive,
            _ => return None,
        })
    }

    /// Who waits for it, in a few words.
    pub const fn who_waits(self) -> &'static str {
        match self {
            Self::RowShare | Self::RowExclusive => "nobody but schema changes waits",
            Self::Rows => "whoever writes the same rows waits",
            Self::ShareUpdateExclusive => "other schema changes wait, reads and writes go on",
            Self::Metadata => "reads and writes wait for a moment",
            Self::Writer => "other writers wait",
            Self::Share | Self::ShareRowExclusive | Self::SharedRows | Self::Shared | Self::Exclusive => {
                "writes wait, reads go on"
            }
            Self::Whole | Self::AccessExclusive => "reads and writes wait",
        }
    }

    /// Whether writers wait as long as it is held.
    pub const fn blocks_writes(self) -> bool {
        match self {
            Self::RowShare
            | Self::RowExclusive
            | Self::Rows
            | Self::ShareUpdateExclusive
            | Self::Metadata => false,
            Self::Writer
            | Self::Share
            | Self::ShareRowExclusive
            | Self::SharedRows
            | Self::Shared
            | Self::Exclusive
            | Self::Whole
            | Self::AccessExclusive => true,
        }
    }

    /// Whether readers wait as long as it is held.
    pub const fn blocks_reads(self) -> bool {
        match self {
            Self::Whole | Self::AccessExclusive => true,
            Self::RowShare
            | Self::RowExclusive
            | Self::Rows
            | Self::ShareUpdateExclusive
            | Self::Metadata
            | Self::Writer
            | Self::Share
            | Self::ShareRowExclusive
            | Self::SharedRows
            | Self::Shared
            | Self::Exclusive => false,
        }
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for LockMode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// `ACCESS EXCLUSIVE on orders`.
impl fmt::Display for TableLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.mode, self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_locks_on_a_table_the_strongest_is_told() {
        let locks = [
            ("orders", LockMode::Share),
            ("items", LockMode::RowShare),
            ("orders", LockMode::AccessExclusive),
            ("orders", LockMode::RowExclusive),
        ];
        assert_eq!(strongest(locks), [("orders", LockMode::AccessExclusive), ("items", LockMode::RowShare)]);
    }
}
