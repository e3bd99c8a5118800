//! A column that is to be otherwise: as many of its properties as are said, in one operation.

use super::{Column, Identity, IntoDataType, IntoDefault, column::Position};
use crate::{
    dialect::Flavour,
    model::{Counting, ModelDefault, ModelGenerated, ModelName, ModelType, PerFlavour},
};

/// Changes a column; what is not said stays as it is.
///
/// | | |
/// |---|---|
/// | PostgreSQL | one `ALTER TABLE` for each property |
/// | MySQL, MariaDB | one `MODIFY COLUMN` or `CHANGE COLUMN` that says everything again, so that nothing gets lost; it needs the column as it is |
/// | SQLite | `RENAME COLUMN`; everything else makes the table anew with its rows and needs the table as it is |
///
/// ```
/// use underpin_core::operation::*;
///
/// AlterColumn::new("orders", "note").data_type(text()).using("note::text").not_null().rename("remark");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterColumn {
    pub(super) table: ModelName,
    pub(super) column: String,
    pub(super) data_type: Option<PerFlavour<ModelType>>,
    pub(super) using: Option<PerFlavour<String>>,
    pub(super) nullable: Option<bool>,
    pub(super) default: Option<PerFlavour<ModelDefault>>,
    pub(super) generated: Option<PerFlavour<ModelGenerated>>,
    pub(super) counting: Option<Option<Counting>>,
    pub(super) identity: Option<Identity>,
    pub(super) collation: Option<PerFlavour<String>>,
    pub(super) on_update: Option<PerFlavour<String>>,
    pub(super) invisible: Option<bool>,
    pub(super) rename: Option<String>,
    pub(super) comment: Option<Option<String>>,
    pub(super) position: Option<Position>,
    pub(super) existing: Option<Column>,
}

impl AlterColumn {
    /// A change of this column, of which nothing is said yet.
    pub fn new(table: impl Into<ModelName>, column: &str) -> Self {
        Self {
            table: table.into(),
            column: column.to_owned(),
            data_type: None,
            using: None,
            nullable: None,
            default: None,
            generated: None,
            counting: None,
            identity: None,
            collation: None,
            on_update: None,
            invisible: None,
            rename: None,
            comment: None,
            position: None,
            existing: None,
        }
    }

    setters! {
        /// The namespace that the table is in (PostgreSQL).
        namespace schema of table;
    }

    /// It gets this type. PostgreSQL converts values by a cast, or as [`using`](Self::using) says.
    #[must_use]
    pub fn data_type(mut self, data_type: impl IntoDataType) -> Self {
        self.data_type = Some(data_type.into_data_type());
        self
    }

    /// How values become those of the new type on PostgreSQL: `note::integer`. The other engines convert in
    /// their own ways; where that would be wrong, see [`using_on`](Self::using_on), or write the rows with
    /// [`Sql`](super::Sql) before.
    #[must_use]
    pub fn using(self, expression: &str) -> Self {
        self.using_on(Flavour::Postgres, expression)
    }

    /// The same on this engine: PostgreSQL or SQLite, where it is what the rows are copied with. MySQL and MariaDB
    /// have no such thing, and it is an error there.
    #[must_use]
    pub fn using_on(mut self, flavour: Flavour, expression: &str) -> Self {
        self.using = Some(self.using.unwrap_or_default().on(flavour, expression.to_owned()));
        self
    }

    /// It may be null.
    #[must_use]
    pub const fn nullable(mut self) -> Self {
        self.nullable = Some(true);
        self
    }

    /// It is never null. Where rows have nulls, the statement fails and nothing is changed, unless the column
    /// has a default on SQLite, MySQL or MariaDB, which those rows get.
    #[must_use]
    pub const fn not_null(mut self) -> Self {
        self.nullable = Some(false);
        self
    }

    /// What it is if nothing is said. Rows that are there stay as they are.
    #[must_use]
    pub fn default(mut self, value: impl IntoDefault) -> Self {
        self.default = Some(value.into_default());
        self
    }

    /// It has no default any more.
    #[must_use]
    pub fn no_default(mut self) -> Self {
        self.default = Some(PerFlavour::none());
        self
    }

    /// It is computed from this expression, stored with the row.
    #[must_use]
    pub fn computed(mut self, expression: &str) -> Self {
        let generated = ModelGenerated { expression: expression.to_owned(), stored: true };
        self.generated = Some(PerFlavour::every(generated));
        self
    }

    /// It is computed from this expression when it is read.
    #[must_use]
    pub fn computed_when_read(mut self, expression: &str) -> Self {
        let generated = ModelGenerated { expression: expression.to_owned(), stored: false };
        self.generated = Some(PerFlavour::every(generated));
        self
    }

    /// What it is computed from on this engine, where that is something else.
    #[must_use]
    pub fn computed_on(mut self, flavour: Flavour, expression: &str, stored: bool) -> Self {
        let generated = ModelGenerated { expression: expression.to_owned(), stored };
        self.generated = Some(self.generated.unwrap_or_default().on(flavour, generated));
        self
    }

    /// It is a column like any other, with the values that were computed.
    #[must_use]
    pub fn not_computed(mut self) -> Self {
        self.generated = Some(PerFlavour::none());
        self
    }

    /// The server numbers the rows: `AUTO_INCREMENT`, an identity on PostgreSQL.
    #[must_use]
    pub const fn auto_increment(mut self) -> Self {
        self.counting = Some(Some(Counting::ByDefault));
        self
    }

    /// The server numbers the rows no longer.
    #[must_use]
    pub fn no_auto_increment(mut self) -> Self {
        self.counting = Some(None);
        self.identity = None;
        self
    }

    /// The server numbers the rows from a sequence of these properties (PostgreSQL).
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        self.counting = Some(Some(if identity.always { Counting::Always } else { Counting::ByDefault }));
        self.identity = Some(identity);
        self
    }

    /// It has this collation.
    #[must_use]
    pub fn collation(mut self, name: &str) -> Self {
        self.collation = Some(PerFlavour::every(name.to_owned()));
        self
    }

    /// It has this collation on this engine.
    #[must_use]
    pub fn collation_on(mut self, flavour: Flavour, name: &str) -> Self {
        let collation = self.collation.unwrap_or_default();
        self.collation = Some(collation.on(flavour, name.to_owned()));
        self
    }

    /// What an update of the row sets it to (MySQL, MariaDB).
    #[must_use]
    pub fn on_update(mut self, expression: &str) -> Self {
        self.on_update = Some(PerFlavour::every(expression.to_owned()));
        self
    }

    /// What an update of the row sets it to, on this engine alone.
    #[must_use]
    pub fn on_update_on(mut self, flavour: Flavour, expression: &str) -> Self {
        let said = self.on_update.unwrap_or_default();
        self.on_update = Some(said.on(flavour, expression.to_owned()));
        self
    }

    /// An update of the row does not set it any more (MySQL, MariaDB).
    #[must_use]
    pub fn no_on_update(mut self) -> Self {
        self.on_update = Some(PerFlavour::none());
        self
    }

    setters! {
        /// Whether `SELECT *` leaves it out (MySQL, MariaDB).
        value invisible: bool;
        /// It gets this name. Everything else that is said here is of the same column.
        words rename;
    }

    /// It has this comment; SQLite keeps none.
    #[must_use]
    pub fn comment(mut self, comment: &str) -> Self {
        self.comment = Some(Some(comment.to_owned()));
        self
    }

    /// It has no comment any more.
    #[must_use]
    pub fn no_comment(mut self) -> Self {
        self.comment = Some(None);
        self
    }

    /// It comes before all others (MySQL, MariaDB).
    #[must_use]
    pub fn first(mut self) -> Self {
        self.position = Some(Position::First);
        self
    }

    /// It comes behind this one (MySQL, MariaDB).
    #[must_use]
    pub fn after(mut self, column: &str) -> Self {
        self.position = Some(Position::After(column.to_owned()));
        self
    }

    /// It comes before this one (MySQL, MariaDB).
    #[must_use]
    pub fn before(mut self, column: &str) -> Self {
        self.position = Some(Position::Before(column.to_owned()));
        self
    }

    setters! {
        /// What the column is, where no server can be asked: MySQL and MariaDB can't change it without that, and
        /// the way back needs it everywhere.
        value existing: Column;
    }
}
