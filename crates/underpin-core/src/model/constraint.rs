//! The constraints of a model. What has no name is named in `naming`.

use super::{ModelName, PerFlavour};
use crate::{
    dialect::Flavour,
    schema::{Action, Deferral},
};

/// The columns that tell each row from all others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelPrimaryKey {
    /// Its name, where it is not the usual one. MySQL and MariaDB know no other than `PRIMARY`.
    pub name: Option<String>,
    /// Its columns in their order.
    pub columns: Vec<String>,
}

/// Values that are there once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelUnique {
    /// Its name, where it is not the usual one.
    pub name: Option<String>,
    /// Its columns in their order.
    pub columns: Vec<String>,
    /// Whether two nulls are the same (PostgreSQL).
    pub nulls_not_distinct: bool,
    /// Whether it can wait for the end of the transaction (PostgreSQL).
    pub deferral: Deferral,
    /// The engines that have it; all if nothing is said.
    pub only: Vec<Flavour>,
}

/// An expression that is not false.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelCheck {
    /// Its name, where it is not the usual one.
    pub name: Option<String>,
    /// The column that it was said beside, which its usual name has in it.
    pub column: Option<String>,
    /// The expression. An engine for which there is none does not have the check.
    pub expression: PerFlavour<String>,
    /// The engines that have it; all if nothing is said.
    pub only: Vec<Flavour>,
}

/// Values that another table has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelForeignKey {
    /// Its name, where it is not the usual one.
    pub name: Option<String>,
    /// The columns here.
    pub columns: Vec<String>,
    /// The table there.
    pub table: ModelName,
    /// The columns there.
    pub referenced: Vec<String>,
    /// What happens here when a row there goes.
    pub on_delete: Action,
    /// What happens here when a value there changes.
    pub on_update: Action,
    /// Whether it can wait for the end of the transaction (SQLite, PostgreSQL).
    pub deferral: Deferral,
    /// The engines that have it; all if nothing is said.
    pub only: Vec<Flavour>,
}

impl ModelForeignKey {
    /// A foreign key that allows nothing to go that is referred to.
    pub const fn new(columns: Vec<String>, table: ModelName, referenced: Vec<String>) -> Self {
        Self {
            name: None,
            columns,
            table,
            referenced,
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            deferral: Deferral::None,
            only: Vec::new(),
        }
    }
}
