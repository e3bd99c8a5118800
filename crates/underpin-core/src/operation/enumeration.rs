//! Types with a few values. PostgreSQL has them as objects; elsewhere they are a property of the columns that
//! use them, so that changing one is changing those columns. One source says both.

use crate::model::{ModelEnum, ModelEnumValue, ModelName};

/// An enumerated type: `CREATE TYPE … AS ENUM` on PostgreSQL. Elsewhere it is no object, and making it is
/// nothing to do: the columns that use it are `ENUM(…)` on MySQL and MariaDB, a text with a check on SQLite
/// (see [`enumeration`](super::enumeration())).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enumeration {
    pub(super) model: ModelEnum,
    pub(super) if_not_exists: bool,
}

impl Enumeration {
    /// A type of this name with these values in their order.
    pub fn new<'a>(name: impl Into<ModelName>, values: impl IntoIterator<Item = &'a str>) -> Self {
        let values: Vec<&str> = values.into_iter().collect();
        let mut model = ModelEnum::new("", &values);
        model.name = name.into();
        Self { model, if_not_exists: false }
    }

    /// The namespace that it is in (PostgreSQL).
    #[must_use]
    pub fn schema(mut self, schema: &str) -> Self {
        self.model.name = self.model.name.within(schema);
        self
    }

    /// Its comment (PostgreSQL).
    #[must_use]
    pub fn comment(mut self, comment: &str) -> Self {
        self.model.comment = Some(comment.to_owned());
        self
    }

    setters! {
        /// Nothing is done if there is a type of this name.
        flag if_not_exists;
    }
}

/// Changes the values of an enumerated type.
///
/// | | |
/// |---|---|
/// | PostgreSQL | `ALTER TYPE … ADD VALUE`, `RENAME VALUE`; where a value goes, the type is made anew and its columns with it |
/// | MySQL, MariaDB | the columns that were named with [`used_by`](Self::used_by) get another `ENUM(…)`; rows with a value that is renamed keep it under its new name |
/// | SQLite | those columns get another check; rows with a value that is renamed get the new one |
///
/// Rows that have a value which goes are an error of the server's, and nothing is changed.
///
/// ```
/// use underpin_core::operation::*;
///
/// AlterEnum::new("order_status").add_after("sent", "open").rename("done", "closed").used_by("orders", "status");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterEnum {
    pub(super) name: ModelName,
    pub(super) changes: Vec<EnumChange>,
    pub(super) used_by: Vec<(ModelName, String)>,
    pub(super) rename: Option<String>,
    pub(super) existing: Option<Vec<ModelEnumValue>>,
}

/// What becomes of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EnumChange {
    Add { value: String, place: ValuePlace },
    Rename { from: String, to: String },
    Remove { value: String },
}

/// Where a value comes among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ValuePlace {
    End,
    Before(String),
    After(String),
}

impl AlterEnum {
    /// A change of this type, of which nothing is said yet.
    pub fn new(name: impl Into<ModelName>) -> Self {
        Self { name: name.into(), changes: Vec::new(), used_by: Vec::new(), rename: None, existing: None }
    }

    setters! {
        /// The namespace that it is in (PostgreSQL).
        namespace schema of name;
    }

    /// It has this value, too, behind all others.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "nobody takes a change for a sum")]
    pub fn add(self, value: &str) -> Self {
        self.added(value, ValuePlace::End)
    }

    /// It has this value, too, behind that one.
    #[must_use]
    pub fn add_after(self, value: &str, other: &str) -> Self {
        self.added(value, ValuePlace::After(other.to_owned()))
    }

    /// It has this value, too, before that one.
    #[must_use]
    pub fn add_before(self, value: &str, other: &str) -> Self {
        self.added(value, ValuePlace::Before(other.to_owned()))
    }

    fn added(mut self, value: &str, place: ValuePlace) -> Self {
        self.changes.push(EnumChange::Add { value: value.to_owned(), place });
        self
    }

    /// One of its values is called otherwise; rows that have it follow.
    #[must_use]
    pub fn rename(mut self, from: &str, to: &str) -> Self {
        self.changes.push(EnumChange::Rename { from: from.to_owned(), to: to.to_owned() });
        self
    }

    /// It no longer has this value.
    #[must_use]
    pub fn remove(mut self, value: &str) -> Self {
        self.changes.push(EnumChange::Remove { value: value.to_owned() });
        self
    }

    /// The type itself is called otherwise (PostgreSQL); nothing to do elsewhere.
    #[must_use]
    pub fn rename_type(mut self, name: &str) -> Self {
        self.rename = Some(name.to_owned());
        self
    }

    /// A column that has the type: what is changed where it is no object of its own. On PostgreSQL it is told by
    /// the server.
    #[must_use]
    pub fn used_by(mut self, table: impl Into<ModelName>, column: &str) -> Self {
        self.used_by.push((table.into(), column.to_owned()));
        self
    }

    /// The values that it has, where no server can be asked.
    #[must_use]
    pub fn existing<'a>(mut self, values: impl IntoIterator<Item = &'a str>) -> Self {
        self.existing = Some(values.into_iter().map(ModelEnumValue::new).collect());
        self
    }
}

/// Drops an enumerated type (PostgreSQL); nothing to do elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropEnum {
    pub(super) name: ModelName,
    pub(super) if_exists: bool,
    pub(super) existing: Option<Enumeration>,
}

impl DropEnum {
    /// Drops this type.
    pub fn new(name: impl Into<ModelName>) -> Self {
        Self { name: name.into(), if_exists: false, existing: None }
    }

    setters! {
        /// The namespace that it is in (PostgreSQL).
        namespace schema of name;
        /// Nothing is done if there is no type of this name.
        flag if_exists;
        /// What the type is, for the way back where no server can be asked.
        value existing: Enumeration;
    }
}
