//! Models: structs and enums that say what tables and types there are to be. They are no object-relational mapper:
//! nothing here reads or writes a row.

mod column_type;
mod foreign;
mod models;
mod source;

use underpin_core::model::{ModelEnum, ModelName, ModelTable};

pub use column_type::ColumnType;
pub use models::Models;
pub use source::StatementSource;

/// What the code that the derives write refers to. Not meant for anything else.
#[doc(hidden)]
pub mod generated {
    pub use super::{ColumnType, Enum, Table};
    pub use underpin_core::{
        dialect::Flavour,
        model::{
            Counting, ModelCheck, ModelColumn, ModelDefault, ModelEnum, ModelEnumValue, ModelForeignKey,
            ModelGenerated, ModelIndex, ModelKey, ModelName, ModelOption, ModelPart, ModelPrimaryKey,
            ModelTable, ModelType, ModelUnique, PerFlavour,
        },
        schema::{Action, Deferral},
    };

    /// A column of a model, so that a reference to one that is not there does not compile.
    #[derive(Clone, Copy, Debug)]
    pub struct ColumnName(pub &'static str);
}

/// A struct that describes a table; made by [`#[derive(Table)]`](derive@crate::Table).
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use underpin::{Table, core::dialect::Flavour, models};
///
/// #[derive(Table)]
/// #[table(name = "customers")]
/// struct Customer {
///     #[column(primary_key, auto_increment)]
///     id: i64,
///     #[column(unique)]
///     email: String,
/// }
///
/// assert_eq!(Customer::name().name, "customers");
/// let statements = models![Customer].statements(Flavour::Sqlite).unwrap();
/// assert!(statements[0].starts_with("CREATE TABLE \"customers\""));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    note = "put `#[derive(underpin::Table)]` on the struct"
)]
pub trait Table {
    /// The names of the columns, each as a field of the name that the struct's field has.
    #[doc(hidden)]
    type Columns;

    /// The same as a value, from which `references = Customer::id` takes a name.
    #[doc(hidden)]
    const COLUMNS: Self::Columns;

    /// The table's name.
    fn name() -> ModelName;

    /// Everything that the struct says about the table.
    fn model() -> ModelTable;
}

/// An enum that describes a type of the database; made by [`#[derive(Enum)]`](derive@crate::Enum).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an enum of the models",
    note = "put `#[derive(underpin::Enum)]` on the enum"
)]
pub trait Enum {
    /// The values and the name of the type.
    fn model() -> ModelEnum;

    /// This value as it stands in the database.
    fn value(&self) -> &'static str;
}
