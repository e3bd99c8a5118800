//! Models: what `#[derive(Table)]` and `#[derive(Enum)]` say about a struct or an enum, as plain data, and the
//! statements that create it. Not an object-relational mapper, and not normalised: the statements are executed in
//! a scratch database and read back from there (decision D4).
//!
//! # Names
//! What has no name of its own gets one, on every engine the same, as PostgreSQL would have chosen it:
//!
//! | | |
//! |---|---|
//! | primary key | `orders_pkey` |
//! | unique | `orders_email_key`, `orders_shop_id_number_key` |
//! | foreign key | `orders_customer_id_fkey` |
//! | check | `orders_total_check`; `orders_check` if it is about several columns |
//! | index, unique or not | `orders_customer_id_created_at_idx`; `orders_lower_idx` over `lower(email)` |
//!
//! A name that is taken gets a number behind it (`orders_total_check1`), and one of more than 63 bytes is
//! shortened where its table's and its columns' names are longest. MySQL and MariaDB call every primary
//! key `PRIMARY`; on SQLite it has a name only if one was said.
//!
//! A [`Naming`] says otherwise: a pattern for each kind of them. What it names alike is an error.

mod column;
mod constraint;
mod convention;
mod data_type;
mod enumeration;
mod flavour;
mod index;
mod naming;
pub(crate) mod object;
mod rename;
mod render;
mod table;

pub use column::{Counting, ModelColumn, ModelDefault, ModelGenerated};
pub use constraint::{ModelCheck, ModelForeignKey, ModelPrimaryKey, ModelUnique};
pub use convention::{NamePattern, NamedKind, Naming, PatternError};
pub use data_type::{IntegerWidth, ModelType};
pub use enumeration::{ModelEnum, ModelEnumValue};
pub use flavour::PerFlavour;
pub use index::{ModelIndex, ModelKey, ModelPart};
pub use rename::renames;
pub use render::statements;
pub use table::{ModelName, ModelOption, ModelTable};
