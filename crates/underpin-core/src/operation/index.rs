//! An index, and the operations that make one and drop one.

use super::Part;
use crate::{
    dialect::Flavour,
    model::{ModelIndex, ModelName},
};

/// An index: within [`Table::index`](super::Table::index), or by itself with [`Index::on`].
///
/// | | |
/// |---|---|
/// | PostgreSQL, SQLite | `CREATE INDEX` |
/// | MySQL, MariaDB | `ALTER TABLE … ADD KEY` |
///
/// ```
/// use underpin_core::operation::*;
///
/// Index::on("orders", ["customer_id"]).concurrently().if_not_exists();
/// Index::on("orders", [Part::expression("lower(email)")]).unique().predicate("email IS NOT NULL");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    pub(super) table: Option<ModelName>,
    pub(super) model: ModelIndex,
    pub(super) invisible: bool,
    pub(super) concurrently: bool,
    pub(super) if_not_exists: bool,
    pub(super) parameters: Vec<(Flavour, String, String)>,
    /// The collations of the parts.
    pub(super) collations: Vec<Option<String>>,
}

impl Index {
    /// An index over these columns and expressions, of the table that it is said of.
    pub fn new<P: Into<Part>>(parts: impl IntoIterator<Item = P>) -> Self {
        let (parts, collations) =
            parts.into_iter().map(Into::into).map(|part: Part| (part.model, part.collation)).unzip();
        Self {
            table: None,
            model: ModelIndex { parts, ..ModelIndex::default() },
            invisible: false,
            concurrently: false,
            if_not_exists: false,
            parameters: Vec::new(),
            collations,
        }
    }

    /// An index of this table over these columns and expressions.
    pub fn on<P: Into<Part>>(table: impl Into<ModelName>, parts: impl IntoIterator<Item = P>) -> Self {
        Self { table: Some(table.into()), ..Self::new(parts) }
    }

    /// The namespace that its table is in, and so is the index (PostgreSQL).
    #[must_use]
    pub fn schema(mut self, schema: &str) -> Self {
        self.table = self.table.map(|table| table.within(schema));
        self
    }

    /// Its name, where it is not the usual one (`orders_customer_id_idx`).
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.model.name = Some(name.to_owned());
        self
    }

    /// Values are there once.
    #[must_use]
    pub const fn unique(mut self) -> Self {
        self.model.unique = true;
        self
    }

    /// How it is built, where it is not a B-tree: `gin`, `gist`, `brin`, `hash` (PostgreSQL), `fulltext`,
    /// `spatial`, `hash` (MySQL, MariaDB).
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.model.method = Some(method.to_owned());
        self
    }

    /// The rows that it is for (SQLite, PostgreSQL); an error elsewhere.
    #[must_use]
    pub fn predicate(mut self, predicate: &str) -> Self {
        self.model.predicate = Some(predicate.to_owned());
        self
    }

    /// Columns that it carries along (PostgreSQL); an error elsewhere.
    #[must_use]
    pub fn include<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.model.include = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Two nulls are the same (PostgreSQL 15); an error elsewhere.
    #[must_use]
    pub const fn nulls_not_distinct(mut self) -> Self {
        self.model.nulls_not_distinct = true;
        self
    }

    setters! {
        /// The planner passes it over: `INVISIBLE` (MySQL), `IGNORED` (MariaDB); an error elsewhere.
        flag invisible;
    }

    /// Its comment; SQLite keeps none.
    #[must_use]
    pub fn comment(mut self, comment: &str) -> Self {
        self.model.comment = Some(comment.to_owned());
        self
    }

    /// A property on one engine: `tablespace`, `with.fillfactor` (PostgreSQL), `parser`, `key_block_size`
    /// (MySQL, MariaDB).
    #[must_use]
    pub fn parameter(mut self, flavour: Flavour, name: &str, value: &str) -> Self {
        self.parameters.push((flavour, name.to_owned(), value.to_owned()));
        self
    }

    setters! {
        /// Writers are not kept waiting while it is built: `CONCURRENTLY` (PostgreSQL), which runs outside a
        /// transaction. MySQL and MariaDB build InnoDB's indexes so anyway, and SQLite has but one writer.
        flag concurrently;
        /// Nothing is done if there is an index of this name.
        flag if_not_exists;
    }

    /// Only these engines have it.
    #[must_use]
    pub fn only(mut self, flavours: impl IntoIterator<Item = Flavour>) -> Self {
        self.model.only = flavours.into_iter().collect();
        self
    }
}

/// Drops an index: `DROP INDEX`, `ALTER TABLE … DROP INDEX` on MySQL and MariaDB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropIndex {
    pub(super) table: ModelName,
    pub(super) name: String,
    pub(super) concurrently: bool,
    pub(super) if_exists: bool,
    pub(super) existing: Option<Index>,
}

impl DropIndex {
    /// Drops the index of this name of this table.
    pub fn new(table: impl Into<ModelName>, name: &str) -> Self {
        Self {
            table: table.into(),
            name: name.to_owned(),
            concurrently: false,
            if_exists: false,
            existing: None,
        }
    }

    setters! {
        /// The namespace that its table is in, and so is the index (PostgreSQL).
        namespace schema of table;
        /// Who uses the table is not kept waiting: `CONCURRENTLY` (PostgreSQL), outside a transaction.
        flag concurrently;
        /// Nothing is done if the table has no index of this name.
        flag if_exists;
        /// What the index is, for the way back where no server can be asked.
        value existing: Index;
    }
}

impl super::Operation {
    /// The same, where it makes or drops an index, without keeping writers waiting; any other as it is.
    #[must_use]
    pub fn concurrently(self) -> Self {
        match self {
            Self::CreateIndex(index) => Self::CreateIndex(index.concurrently()),
            Self::DropIndex(index) => Self::DropIndex(index.concurrently()),
            other => other,
        }
    }
}
