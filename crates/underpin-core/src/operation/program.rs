//! Functions, procedures and triggers: what runs in a database, as the statements that make them, one for each
//! engine, because no two engines have one language.

use crate::{
    dialect::Flavour,
    model::{ModelName, PerFlavour},
};

/// A function or a procedure, as `create_function` and `replace_function` take it. SQLite has none that a
/// statement makes.
///
/// ```
/// use underpin_core::operation::*;
///
/// Function::new("twice")
///     .arguments("integer")
///     .on(Flavour::Postgres, "CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql RETURN n * 2")
///     .on(Flavour::Mysql, "CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n * 2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub(super) name: ModelName,
    pub(super) procedure: bool,
    pub(super) arguments: String,
    pub(super) definition: PerFlavour<String>,
    pub(super) comment: Option<String>,
    pub(super) existing: Option<PerFlavour<String>>,
}

impl Function {
    /// A function of this name, which takes no arguments and of which nothing is said yet.
    pub fn new(name: impl Into<ModelName>) -> Self {
        Self {
            name: name.into(),
            procedure: false,
            arguments: String::new(),
            definition: PerFlavour::none(),
            comment: None,
            existing: None,
        }
    }

    /// A procedure of this name.
    pub fn procedure(name: impl Into<ModelName>) -> Self {
        Self { procedure: true, ..Self::new(name) }
    }

    setters! {
        /// The namespace that it is in (PostgreSQL).
        namespace schema of name;
    }

    /// The types of its arguments, which tell it from others of its name on PostgreSQL: `integer, text`.
    #[must_use]
    pub fn arguments(mut self, types: &str) -> Self {
        self.arguments = types.to_owned();
        self
    }

    /// The statement that makes it on every engine that has none of its own.
    #[must_use]
    pub fn definition(mut self, statement: &str) -> Self {
        let mut definition = PerFlavour::every(statement.to_owned());
        for flavour in Flavour::ALL {
            if let Some(own) = self.definition.get(flavour) {
                definition = definition.on(flavour, own.clone());
            }
        }
        self.definition = definition;
        self
    }

    /// The statement that makes it on this engine. Where there is none, nothing is done.
    #[must_use]
    pub fn on(mut self, flavour: Flavour, statement: &str) -> Self {
        self.definition = self.definition.on(flavour, statement.to_owned());
        self
    }

    setters! {
        /// Its comment (PostgreSQL).
        words comment;
    }

    /// The statement that made what is there, for the way back from `replace_function` where no server can be
    /// asked.
    #[must_use]
    pub fn existing(mut self, statement: &str) -> Self {
        self.existing = Some(PerFlavour::every(statement.to_owned()));
        self
    }
}

/// Drops a function or a procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropFunction {
    pub(super) name: ModelName,
    pub(super) procedure: bool,
    pub(super) arguments: Option<String>,
    pub(super) if_exists: bool,
    pub(super) existing: Option<Function>,
}

impl DropFunction {
    /// Drops the function of this name.
    pub fn new(name: impl Into<ModelName>) -> Self {
        Self { name: name.into(), procedure: false, arguments: None, if_exists: false, existing: None }
    }

    /// Drops the procedure of this name.
    pub fn procedure(name: impl Into<ModelName>) -> Self {
        Self { procedure: true, ..Self::new(name) }
    }

    setters! {
        /// The namespace that it is in (PostgreSQL).
        namespace schema of name;
        /// The types of its arguments, which tell it from others of its name on PostgreSQL. Needed only where
        /// there are several.
        words arguments;
        /// Nothing is done if there is no such function.
        flag if_exists;
        /// What the function is, for the way back where no server can be asked.
        value existing: Function;
    }
}

/// A trigger of a table or a view, as `create_trigger` and `replace_trigger` take it. No engine changes one in
/// place: it goes and comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    pub(super) table: ModelName,
    pub(super) name: String,
    pub(super) definition: PerFlavour<String>,
    pub(super) comment: Option<String>,
    pub(super) existing: Option<PerFlavour<String>>,
}

impl Trigger {
    /// A trigger of this name on this table, of which nothing is said yet.
    pub fn new(table: impl Into<ModelName>, name: &str) -> Self {
        Self {
            table: table.into(),
            name: name.to_owned(),
            definition: PerFlavour::none(),
            comment: None,
            existing: None,
        }
    }

    setters! {
        /// The namespace that the table is in (PostgreSQL).
        namespace schema of table;
    }

    /// The statement that makes it on this engine: `CREATE TRIGGER …`. Where there is none, nothing is done.
    #[must_use]
    pub fn on(mut self, flavour: Flavour, statement: &str) -> Self {
        self.definition = self.definition.on(flavour, statement.to_owned());
        self
    }

    setters! {
        /// Its comment (PostgreSQL).
        words comment;
    }

    /// The statement that made what is there, for the way back from `replace_trigger` where no server can be
    /// asked.
    #[must_use]
    pub fn existing(mut self, statement: &str) -> Self {
        self.existing = Some(PerFlavour::every(statement.to_owned()));
        self
    }
}

/// Drops a trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropTrigger {
    pub(super) table: ModelName,
    pub(super) name: String,
    pub(super) if_exists: bool,
    pub(super) existing: Option<Trigger>,
}

impl DropTrigger {
    /// Drops the trigger of this name on this table.
    pub fn new(table: impl Into<ModelName>, name: &str) -> Self {
        Self { table: table.into(), name: name.to_owned(), if_exists: false, existing: None }
    }

    setters! {
        /// The namespace that the table is in (PostgreSQL).
        namespace schema of table;
        /// Nothing is done if there is no such trigger.
        flag if_exists;
        /// What the trigger is, for the way back where no server can be asked.
        value existing: Trigger;
    }
}
