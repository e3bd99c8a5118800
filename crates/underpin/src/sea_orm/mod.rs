//! The entities of SeaORM as what is wanted: its own schema builder says what they are on each engine, and
//! they go wherever models go. Queries, connections and SeaORM's migrations are none of this.
//!
//! ```
//! mod user {
//!     use sea_orm::entity::prelude::*;
//!
//!     #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
//!     #[sea_orm(table_name = "users")]
//!     pub struct Model {
//!         #[sea_orm(primary_key)]
//!         pub id: i64,
//!         #[sea_orm(unique)]
//!         pub email: String,
//!     }
//!
//!     #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
//!     pub enum Relation {}
//!
//!     impl ActiveModelBehavior for ActiveModel {}
//! }
//!
//! let models = underpin::sea_orm::entities![user::Entity];
//! let startup = underpin::Startup::new("shop").models(models);
//! ```

mod entity;
mod order;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use ::sea_orm::{DbBackend, EntityTrait};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    difference::{Rename, Renames},
    schema::{ObjectId, ObjectKind},
};

use crate::{Models, model::StatementSource};
use entity::Described;

/// The entities of a program as its models: `entities![user::Entity, post::Entity]`, in any order.
///
/// The result is a [`Models`](crate::Models), which [`models!`](crate::models) can be joined to with
/// [`Models::and`](crate::Models::and).
#[doc(hidden)]
#[macro_export]
macro_rules! __sea_orm_entities {
    ($($entity:ty),* $(,)?) => {
        $crate::sea_orm::Entities::new()$(.with::<$entity>())*.into_models()
    };
}

pub use crate::__sea_orm_entities as entities;

/// Entities of SeaORM.
#[derive(Clone, Default)]
pub struct Entities {
    entities: Vec<Reader>,
}

/// What describes one entity. It is asked for each engine, because an entity is not the same on all.
#[derive(Clone, Copy)]
struct Reader {
    name: &'static str,
    read: fn(DbBackend) -> Described,
}

impl Entities {
    /// None yet.
    pub const fn new() -> Self {
        Self { entities: Vec::new() }
    }

    /// These, and this one.
    #[must_use]
    pub fn with<E: EntityTrait>(mut self) -> Self {
        self.entities.push(Reader { name: std::any::type_name::<E>(), read: entity::read::<E> });
        self
    }

    /// As the models of a program.
    pub fn into_models(self) -> Models {
        Models::new().described_by(self)
    }

    /// What the entities are on an engine, each table once.
    fn described(&self, flavour: Flavour) -> Result<Vec<Described>, Diagnostic> {
        let backend = backend(flavour);
        let mut found: Vec<Described> = Vec::new();
        for reader in &self.entities {
            let described = guarded(reader.name, flavour, || (reader.read)(backend))?;
            if !found.iter().any(|other| other.name == described.name) {
                found.push(described);
            }
        }
        Ok(found)
    }
}

impl fmt::Debug for Entities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entities.iter().map(|entity| entity.name)).finish()
    }
}

impl StatementSource for Entities {
    fn statements(&self, flavour: Flavour) -> Result<Vec<String>, Diagnostic> {
        let described = self.described(flavour)?;
        guarded("the entities", flavour, || order::statements(described, backend(flavour)))
    }

    fn own_tables(&self) -> Vec<String> {
        let described = self.described(Flavour::Sqlite).unwrap_or_default();
        described.into_iter().filter(|entity| entity.name.0.is_none()).map(|entity| entity.name.1).collect()
    }

    fn renames(&self, flavour: Flavour, namespace: Option<&str>) -> Renames {
        let described = self.described(flavour).unwrap_or_default();
        let renames = described.into_iter().flat_map(|entity| {
            let (schema, table) = entity.name;
            let id = ObjectId::new(ObjectKind::Table, schema.as_deref().or(namespace), &table);
            entity.renamed.into_iter().map(move |(column, from)| Rename {
                to: id.part(ObjectKind::Column, &column),
                from,
                schema: None,
            })
        });
        Renames(renames.collect())
    }
}

const fn backend(flavour: Flavour) -> DbBackend {
    match flavour.dialect() {
        Dialect::Sqlite => DbBackend::Sqlite,
        Dialect::Postgres => DbBackend::Postgres,
        Dialect::Mysql => DbBackend::MySql,
    }
}

/// SeaORM's builders panic where an engine has not what an entity asks for, such as an array on SQLite.
fn guarded<T>(what: &str, flavour: Flavour, work: impl FnOnce() -> T) -> Result<T, Diagnostic> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let said = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_default();
        let message = format!("SeaORM can't write {what} for {}: {said}", flavour.title());
        Diagnostic::new(ErrorKind::Unsupported, message)
    })
}
