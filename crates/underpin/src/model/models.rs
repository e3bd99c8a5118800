//! The models of a program, all of them together. What is done with them is not decided here.

use std::sync::Arc;

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    difference::Renames,
    model::{self, ModelTable, Naming},
};

use super::{StatementSource, Table};

/// The models of a program: the schema that it is written for.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use underpin::{Table, core::dialect::Flavour, models};
///
/// #[derive(Table)]
/// #[table(name = "customers")]
/// struct Customer {
///     #[column(primary_key)]
///     id: i64,
/// }
///
/// #[derive(Table)]
/// #[table(name = "orders")]
/// struct Order {
///     #[column(primary_key)]
///     id: i64,
///     #[column(references = Customer::id)]
///     customer_id: i64,
/// }
///
/// let models = models![Order, Customer];
/// let statements = models.statements(Flavour::Postgres).unwrap();
/// assert!(statements[0].starts_with("CREATE TABLE \"customers\""));
/// assert!(statements[1].starts_with("CREATE TABLE \"orders\""));
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Models {
    tables: Vec<ModelTable>,
    naming: Naming,
    others: Vec<Arc<dyn StatementSource>>,
}

impl Models {
    /// No models.
    pub const fn new() -> Self {
        Self { tables: Vec::new(), naming: Naming::new(), others: Vec::new() }
    }

    /// These, and this one.
    #[must_use]
    pub fn with<T: Table>(self) -> Self {
        self.with_table(T::model())
    }

    /// These, and one that no struct describes.
    #[must_use]
    pub fn with_table(mut self, table: ModelTable) -> Self {
        self.tables.push(table);
        self
    }

    /// These, and what something else describes. It comes after the models, and may refer to them.
    #[must_use]
    pub fn described_by(mut self, source: impl StatementSource + 'static) -> Self {
        self.others.push(Arc::new(source));
        self
    }

    /// How constraints and indexes are called that have no name, unless the settings say otherwise
    /// (`[naming]` in `underpin.toml`).
    ///
    /// ```
    /// use underpin::core::model::{NamedKind, Naming};
    ///
    /// let naming = Naming::new().pattern(NamedKind::Index, "ix_{table}_{columns}".parse()?);
    /// let models = underpin::models![].naming(naming);
    /// # Ok::<(), underpin::core::model::PatternError>(())
    /// ```
    #[must_use]
    pub fn naming(mut self, naming: Naming) -> Self {
        self.naming = naming;
        self
    }

    /// The same, where the patterns of the settings count first.
    pub(crate) fn named_by(mut self, settings: &Naming) -> Self {
        self.naming = self.naming.overridden_by(settings);
        self
    }

    /// These and those. Where both have a convention for names, a pattern of those counts first.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.naming = self.naming.overridden_by(&others.naming);
        self.tables.extend(others.tables);
        self.others.extend(others.others);
        self
    }

    /// The models that are structs, in the order in which they were given.
    pub fn tables(&self) -> &[ModelTable] {
        &self.tables
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.others.is_empty()
    }

    /// The statements that create everything on this engine, without semicolons, each after what it needs.
    ///
    /// # Errors
    /// A model that names what is not there, or that this engine can't have.
    pub fn statements(&self, flavour: Flavour) -> Result<Vec<String>, Diagnostic> {
        let mut statements = model::statements(&self.tables, &self.naming, flavour)?;
        for other in &self.others {
            statements.extend(other.statements(flavour)?);
        }
        Ok(statements)
    }

    /// The same as one text, as it would stand in a file.
    ///
    /// # Errors
    /// As [`statements`](Self::statements).
    pub fn sql(&self, flavour: Flavour) -> Result<String, Diagnostic> {
        let statements = self.statements(flavour)?;
        Ok(statements.into_iter().map(|statement| statement + ";\n").collect::<Vec<_>>().join("\n"))
    }

    /// The tables as a `schema.sql` with a section for each engine that can have them, for a start-up that
    /// creates what is missing. Comments are left out: such tables are provisional.
    ///
    /// # Errors
    /// If no engine can have them: that of the first.
    #[allow(dead_code, reason = "asked for by the start-up alone")]
    pub(crate) fn schema_text(&self) -> Result<String, Diagnostic> {
        let mut text = String::new();
        let mut error = None;
        for flavour in Flavour::ALL {
            match self.statements(flavour) {
                Ok(statements) => {
                    text.push_str(&format!("-- underpin: upgrade {flavour}\n"));
                    let kept = statements.iter().filter(|statement| !statement.starts_with("COMMENT ON "));
                    text.extend(kept.map(|statement| format!("{statement};\n\n")));
                }
                Err(failed) => error = error.or(Some(failed)),
            }
        }
        match error {
            Some(error) if text.is_empty() => Err(error),
            _ => Ok(text),
        }
    }

    /// Whether a table of this name is one of them, in the connection's own namespace.
    pub(crate) fn has_own_table(&self, name: &str, flavour: Flavour) -> bool {
        let of_models = |table: &ModelTable| table.name.name == name && table.name.schema(flavour).is_none();
        self.tables.iter().any(of_models)
            || self.others.iter().any(|other| other.own_tables().iter().any(|table| table == name))
    }

    /// What had another name, on this engine. `namespace` is the one that a table without any is in, where
    /// inspection writes it (PostgreSQL: `public`).
    pub fn renames(&self, flavour: Flavour, namespace: Option<&str>) -> Renames {
        let mut renames = model::renames(&self.tables, flavour, namespace);
        for other in &self.others {
            renames.0.extend(other.renames(flavour, namespace).0);
        }
        renames
    }
}

/// The models of a program: `models![Customer, Order]`, in any order.
///
/// Each is a struct with [`#[derive(Table)]`](derive@crate::Table). The result is a [`Models`](crate::Models).
#[macro_export]
macro_rules! models {
    ($($model:ty),* $(,)?) => {
        $crate::Models::new()$(.with::<$model>())*
    };
}
