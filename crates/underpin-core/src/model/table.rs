//! A model: a struct that describes a table.

use std::{collections::BTreeMap, fmt};

use super::{ModelCheck, ModelColumn, ModelForeignKey, ModelIndex, ModelPrimaryKey, ModelUnique, PerFlavour};
use crate::dialect::Flavour;

/// A model: what a struct says about a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelTable {
    /// The table's name.
    pub name: ModelName,
    /// The name that it had.
    pub renamed_from: Option<String>,
    /// Its comment. SQLite keeps none.
    pub comment: Option<String>,
    /// Its columns in their order.
    pub columns: Vec<ModelColumn>,
    /// Its primary key; without columns there is none.
    pub primary_key: ModelPrimaryKey,
    /// What is there once.
    pub uniques: Vec<ModelUnique>,
    /// What is not false.
    pub checks: Vec<ModelCheck>,
    /// What other tables have.
    pub foreign_keys: Vec<ModelForeignKey>,
    /// Its indexes.
    pub indexes: Vec<ModelIndex>,
    /// What one engine alone knows. What MySQL has counts on MariaDB too, unless that has its own.
    pub options: BTreeMap<(Flavour, ModelOption), String>,
    /// Extensions that its columns need (PostgreSQL).
    pub extensions: Vec<String>,
}

/// The name of a table or of an enum, with the namespace that it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelName {
    /// The namespace, where it is not the connection's own. Only PostgreSQL has any.
    pub schema: PerFlavour<String>,
    /// The name.
    pub name: String,
}

/// What one engine alone knows about a table. Each is for the engines that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModelOption {
    /// `ENGINE` (MySQL, MariaDB).
    Engine,
    /// `CHARACTER SET` (MySQL, MariaDB).
    Charset,
    /// `COLLATE` (MySQL, MariaDB).
    Collation,
    /// `ROW_FORMAT` (MySQL, MariaDB).
    RowFormat,
    /// `AUTO_INCREMENT`: the first number (MySQL, MariaDB).
    AutoIncrement,
    /// `STRICT` (SQLite); it has no value.
    Strict,
    /// `WITHOUT ROWID` (SQLite); it has no value.
    WithoutRowid,
    /// `UNLOGGED` (PostgreSQL); it has no value.
    Unlogged,
    /// `FILLFACTOR` (PostgreSQL).
    Fillfactor,
    /// `TABLESPACE` (PostgreSQL).
    Tablespace,
    /// `PARTITION BY`: how rows are given to partitions (PostgreSQL, MySQL, MariaDB).
    PartitionBy,
}

impl ModelTable {
    /// A table without columns.
    pub fn new(name: ModelName) -> Self {
        Self {
            name,
            renamed_from: None,
            comment: None,
            columns: Vec::new(),
            primary_key: ModelPrimaryKey::default(),
            uniques: Vec::new(),
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            indexes: Vec::new(),
            options: BTreeMap::new(),
            extensions: Vec::new(),
        }
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&ModelColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// What this option is on this engine.
    pub fn option(&self, flavour: Flavour, option: ModelOption) -> Option<&str> {
        let own = self.options.get(&(flavour, option));
        let relative = match flavour {
            Flavour::Mariadb => self.options.get(&(Flavour::Mysql, option)),
            Flavour::Sqlite | Flavour::Postgres | Flavour::Mysql => None,
        };
        own.or(relative).map(String::as_str)
    }
}

impl ModelName {
    /// A name in the connection's own namespace.
    pub fn new(name: &str) -> Self {
        Self { schema: PerFlavour::none(), name: name.to_owned() }
    }

    /// The same in this namespace.
    #[must_use]
    pub fn within(self, schema: &str) -> Self {
        Self { schema: PerFlavour::every(schema.to_owned()), ..self }
    }

    /// The namespace on this engine.
    pub fn schema(&self, flavour: Flavour) -> Option<&str> {
        self.schema.get(flavour).map(String::as_str)
    }
}

/// A name in the connection's own namespace. Dots in it are part of it.
impl From<&str> for ModelName {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for ModelName {
    fn from(name: String) -> Self {
        Self::new(&name)
    }
}

/// A namespace and a name in it.
impl From<(&str, &str)> for ModelName {
    fn from((schema, name): (&str, &str)) -> Self {
        Self::new(name).within(schema)
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
