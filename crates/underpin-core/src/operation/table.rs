//! A table that is made, and the operations that drop one and rename one.

use super::{Check, Column, Exclusion, ForeignKey, Index, PrimaryKey, Unique};
use crate::{
    dialect::Flavour,
    model::{ModelName, ModelOption},
};

/// A table, as `create_table` takes it: the same source is the same logical schema on every engine, and what
/// has no name gets the one that a model would give it (see [`model`](crate::model)).
///
/// | | |
/// |---|---|
/// | PostgreSQL | `CREATE TABLE`, then its indexes and comments |
/// | MySQL, MariaDB | one `CREATE TABLE` |
/// | SQLite | `CREATE TABLE`, then its indexes; comments are passed over, because it keeps none |
///
/// ```
/// use underpin_core::operation::*;
///
/// Table::new("orders")
///     .column(Column::new("id", big_integer()).primary_key().auto_increment())
///     .column(Column::new("customer_id", big_integer()))
///     .column(Column::new("total", decimal(12, 2)).default(0))
///     .foreign_key(ForeignKey::new(["customer_id"]).references("customers", ["id"]).on_delete(Action::Cascade))
///     .index(Index::new(["customer_id"]))
///     .check("total >= 0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub(super) name: ModelName,
    pub(super) columns: Vec<Column>,
    pub(super) primary_key: Option<PrimaryKey>,
    pub(super) uniques: Vec<Unique>,
    pub(super) checks: Vec<Check>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) exclusions: Vec<Exclusion>,
    pub(super) indexes: Vec<Index>,
    pub(super) comment: Option<String>,
    pub(super) options: Vec<(Flavour, ModelOption, String)>,
    pub(super) parameters: Vec<(Flavour, String, String)>,
    pub(super) if_not_exists: bool,
}

impl Table {
    /// A table without columns.
    pub fn new(name: impl Into<ModelName>) -> Self {
        Self {
            name: name.into(),
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            exclusions: Vec::new(),
            indexes: Vec::new(),
            comment: None,
            options: Vec::new(),
            parameters: Vec::new(),
            if_not_exists: false,
        }
    }

    setters! {
        /// The namespace that it is in (PostgreSQL).
        namespace schema of name;
    }

    /// It has this column, behind those that were said before.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// These columns tell each row from all others.
    #[must_use]
    pub fn primary_key(mut self, key: impl Into<PrimaryKey>) -> Self {
        self.primary_key = Some(key.into());
        self
    }

    /// The values of these columns are there once.
    #[must_use]
    pub fn unique(mut self, unique: impl Into<Unique>) -> Self {
        self.uniques.push(unique.into());
        self
    }

    /// An expression that is not false.
    #[must_use]
    pub fn check(mut self, check: impl Into<Check>) -> Self {
        self.checks.push(check.into());
        self
    }

    /// Columns whose values another table has.
    #[must_use]
    pub fn foreign_key(mut self, key: ForeignKey) -> Self {
        self.foreign_keys.push(key);
        self
    }

    /// Rows that exclude each other (PostgreSQL).
    #[must_use]
    pub fn exclusion(mut self, exclusion: Exclusion) -> Self {
        self.exclusions.push(exclusion);
        self
    }

    /// It has this index.
    #[must_use]
    pub fn index(mut self, index: Index) -> Self {
        self.indexes.push(index);
        self
    }

    setters! {
        /// Its comment; SQLite keeps none.
        words comment;
    }

    /// What one engine alone knows: `ENGINE`, `STRICT`, `UNLOGGED`. What MySQL has counts on MariaDB too,
    /// unless that has its own. An option without a value has an empty one.
    #[must_use]
    pub fn option(mut self, flavour: Flavour, option: ModelOption, value: &str) -> Self {
        self.options.push((flavour, option, value.to_owned()));
        self
    }

    /// A storage parameter of one engine: what stands in `WITH (…)` on PostgreSQL (and `access_method` behind
    /// `USING`), and as `NAME=value` behind the table on MySQL and MariaDB.
    #[must_use]
    pub fn parameter(mut self, flavour: Flavour, name: &str, value: &str) -> Self {
        self.parameters.push((flavour, name.to_owned(), value.to_owned()));
        self
    }

    setters! {
        /// Nothing is done if there is a table of this name, whatever its columns.
        flag if_not_exists;
    }
}

/// Drops a table with its rows, indexes and triggers: `DROP TABLE` on every engine. What refers to it is an
/// error of the server's on PostgreSQL, MySQL and MariaDB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropTable {
    pub(super) name: ModelName,
    pub(super) if_exists: bool,
    pub(super) existing: Option<Table>,
}

impl DropTable {
    /// Drops this table.
    pub fn new(name: impl Into<ModelName>) -> Self {
        Self { name: name.into(), if_exists: false, existing: None }
    }

    setters! {
        /// The namespace that it is in (PostgreSQL).
        namespace schema of name;
        /// Nothing is done if there is no table of this name.
        flag if_exists;
        /// What the table is, for the way back where no server can be asked. Its rows are gone in any case.
        value existing: Table;
    }
}

/// Gives a table another name: `RENAME TO`, `RENAME TABLE` on MySQL and MariaDB. Foreign keys of others follow on
/// every engine; views follow on PostgreSQL and SQLite. The names of its indexes and constraints stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameTable {
    pub(super) from: ModelName,
    pub(super) to: String,
}

impl RenameTable {
    /// Gives the table `from` the name `to`.
    pub fn new(from: impl Into<ModelName>, to: &str) -> Self {
        Self { from: from.into(), to: to.to_owned() }
    }

    setters! {
        /// The namespace that it is in (PostgreSQL) and stays in.
        namespace schema of from;
    }
}
