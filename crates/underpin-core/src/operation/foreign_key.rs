//! Values that another table has.

use crate::{
    dialect::Flavour,
    model::{ModelForeignKey, ModelName},
    schema::{Action, Deferral},
};

/// Columns whose values another table has.
///
/// ```
/// use underpin_core::operation::*;
///
/// ForeignKey::new(["customer_id"]).references("customers", ["id"]).on_delete(Action::Cascade);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    pub(super) model: ModelForeignKey,
    pub(super) match_full: bool,
    pub(super) on_delete_columns: Vec<String>,
    pub(super) not_valid: bool,
    pub(super) not_enforced: bool,
    pub(super) comment: Option<String>,
}

impl ForeignKey {
    /// A foreign key over these columns; what they refer to says [`references`](Self::references).
    pub fn new<C: Into<String>>(columns: impl IntoIterator<Item = C>) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        Self {
            model: ModelForeignKey::new(columns, ModelName::new(""), Vec::new()),
            match_full: false,
            on_delete_columns: Vec::new(),
            not_valid: false,
            not_enforced: false,
            comment: None,
        }
    }

    /// The table and its columns that have the values.
    #[must_use]
    pub fn references<C: Into<String>>(
        mut self,
        table: impl Into<ModelName>,
        columns: impl IntoIterator<Item = C>,
    ) -> Self {
        self.model.table = table.into();
        self.model.referenced = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Its name, where it is not the usual one (`orders_customer_id_fkey`).
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.model.name = Some(name.to_owned());
        self
    }

    /// What happens here when a row there goes. `SET DEFAULT` is an error on MySQL and MariaDB, which don't do
    /// it.
    #[must_use]
    pub const fn on_delete(mut self, action: Action) -> Self {
        self.model.on_delete = action;
        self
    }

    /// The columns that `SET NULL` or `SET DEFAULT` is for, where not all (PostgreSQL 15).
    #[must_use]
    pub fn on_delete_columns<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.on_delete_columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// What happens here when a value there changes.
    #[must_use]
    pub const fn on_update(mut self, action: Action) -> Self {
        self.model.on_update = action;
        self
    }

    /// Whether it can wait for the end of the transaction (SQLite, PostgreSQL); an error elsewhere.
    #[must_use]
    pub const fn deferral(mut self, deferral: Deferral) -> Self {
        self.model.deferral = deferral;
        self
    }

    setters! {
        /// Either all columns are null or none: `MATCH FULL` (PostgreSQL; SQLite keeps the words). MySQL and MariaDB
        /// don't do it, so that it is an error there.
        flag match_full;
        /// Rows that are there are not looked at: `NOT VALID` (PostgreSQL). Everywhere else they are.
        flag not_valid;
        /// It is there and nobody looks at it: `NOT ENFORCED` (PostgreSQL 18); an error elsewhere.
        flag not_enforced;
        /// Its comment (PostgreSQL).
        words comment;
    }

    /// Only these engines have it.
    #[must_use]
    pub fn only(mut self, flavours: impl IntoIterator<Item = Flavour>) -> Self {
        self.model.only = flavours.into_iter().collect();
        self
    }
}
