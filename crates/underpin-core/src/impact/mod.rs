//! What a statement does to whoever uses the database meanwhile: locks, rows that are written anew or
//! read, indexes that are built. Facts by server and version, measured; not whether that is dangerous,
//! which is `lint`, and not how long it takes.

mod algorithm;
mod gathering;
mod lock;
pub mod mysql;
pub mod postgres;
mod sqlite;
#[cfg(test)]
mod tests;

pub use algorithm::{Algorithm, Concurrency, Way};
pub use lock::{LockMode, TableLock, strongest};

use crate::{
    catalog::Catalog,
    dialect::Flavour,
    schema::ServerVersion,
    statement::{ObjectName, Statement},
};
use gathering::Gathering;

/// What a statement does to whoever uses the database meanwhile.
///
/// Only what was there before the statements counts ([`Birth::Before`](crate::catalog::Birth)): nobody
/// waits for a table that the same run has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// The locks, the strongest of each table, by table. `ACCESS SHARE`, which is in the way of nothing
    /// but `ACCESS EXCLUSIVE`, is left out.
    pub locks: Vec<TableLock>,
    /// The tables whose rows are all written anew; their indexes are built again with them.
    pub rewrites: Vec<ObjectName>,
    /// The tables whose rows are all read, and not written.
    pub scans: Vec<ObjectName>,
    /// The indexes that are built on tables that are not written anew.
    pub builds: Vec<IndexBuild>,
    /// How MySQL or MariaDB carries out an `ALTER TABLE`, `CREATE INDEX` or `DROP INDEX`.
    pub way: Option<Way>,
    /// Whether the statement is one whose impact is known here.
    pub known: bool,
}

/// Indexes that are built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexBuild {
    /// The table that they are on.
    pub table: ObjectName,
    /// How many there are.
    pub indexes: usize,
}

impl Default for Impact {
    fn default() -> Self {
        Self {
            locks: Vec::new(),
            rewrites: Vec::new(),
            scans: Vec::new(),
            builds: Vec::new(),
            way: None,
            known: true,
        }
    }
}

/// What a statement does to whoever uses the database meanwhile, on this server, where the catalog is
/// what the database holds right before it.
///
/// ```
/// use underpin_core::{
///     catalog::Catalog,
///     dialect::{Dialect, Flavour},
///     impact::impact,
///     schema::ServerVersion,
///     statement,
/// };
///
/// let catalog = Catalog::of_sql(Dialect::Postgres, "CREATE TABLE orders (id int, total int)");
/// let statement = statement::parse(Dialect::Postgres, "ALTER TABLE orders ALTER total TYPE bigint");
/// let impact = impact(Flavour::Postgres, ServerVersion::new(16, 0, 0), &catalog, &statement);
/// assert_eq!(impact.locks[0].to_string(), "ACCESS EXCLUSIVE on orders");
/// assert_eq!(impact.rewrites[0].to_string(), "orders");
/// ```
pub fn impact(flavour: Flavour, version: ServerVersion, catalog: &Catalog, statement: &Statement) -> Impact {
    let mut gathering = Gathering::new(catalog);
    match flavour {
        Flavour::Postgres => postgres::gather(&mut gathering, version, statement),
        Flavour::Mysql | Flavour::Mariadb => mysql::gather(&mut gathering, flavour, version, statement),
        Flavour::Sqlite => sqlite::gather(&mut gathering, statement),
    }
    gathering.finish()
}
