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
    catalog::{Birth, Catalog},
    dialect::Flavour,
    schema::ServerVersion,
    sql,
    statement::{self, ObjectName, Statement},
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

impl Impact {
    /// With what another statement does beside it.
    fn join(&mut self, other: Self) {
        let locks = self.locks.drain(..).chain(other.locks).map(|lock| (lock.table, lock.mode));
        self.locks = strongest(locks).into_iter().map(|(table, mode)| TableLock { table, mode }).collect();
        self.locks.sort_by(|one, other| one.table.cmp(&other.table));
        for (tables, more) in [(&mut self.rewrites, other.rewrites), (&mut self.scans, other.scans)] {
            tables.extend(more);
            tables.sort();
            tables.dedup();
        }
        self.scans.retain(|table| !self.rewrites.contains(table));
        for build in other.builds {
            match self.builds.iter_mut().find(|known| known.table == build.table) {
                Some(known) => known.indexes += build.indexes,
                None => self.builds.push(build),
            }
        }
        self.way = self.way.or(other.way);
        self.known &= other.known;
    }
}

/// What a statement of this text does to whoever uses the database meanwhile, with the statements that it runs
/// itself ([`within`](statement::within)): a `DO`, a `WITH`, a routine that is called. The catalog is what the
/// database holds right before it, and is brought to what it holds behind it; `birth` is that of what is made.
/// `earlier` are the texts of the statements before it, which variables and routines are looked up in.
///
/// ```
/// use underpin_core::{
///     catalog::{Birth, Catalog},
///     dialect::{Dialect, Flavour},
///     impact::impact_of_text,
///     schema::ServerVersion,
/// };
///
/// let mut catalog = Catalog::of_sql(Dialect::Postgres, "CREATE TABLE orders (id int)");
/// let text = "DO $$ BEGIN ALTER TABLE orders ADD note text; END $$";
/// let version = ServerVersion::new(16, 0, 0);
/// let impact =
///     impact_of_text(Flavour::Postgres, version, &mut catalog, Birth::Transaction(0), text, &[]);
/// assert_eq!(impact.locks[0].to_string(), "ACCESS EXCLUSIVE on orders");
/// ```
pub fn impact_of_text(
    flavour: Flavour,
    version: ServerVersion,
    catalog: &mut Catalog,
    birth: Birth,
    text: &str,
    earlier: &[&str],
) -> Impact {
    let dialect = flavour.dialect();
    let text = sql::executed(flavour, version, text);
    let inner = statement::within(dialect, &text, earlier);
    let mut whole = Impact::default();
    for text in std::iter::once(text.as_ref()).chain(inner.iter().map(|within| within.text.as_str())) {
        let statement = statement::parse(dialect, text);
        whole.join(impact(flavour, version, catalog, &statement));
        catalog.apply(&statement, birth);
    }
    whole
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
