//! A view, and the operation that drops one.

use crate::{
    dialect::Flavour,
    model::{ModelName, PerFlavour},
};

/// A view, as `create_view` and `replace_view` take it: `CREATE VIEW`, and in place of one that is there
/// `CREATE OR REPLACE VIEW` where the engine can, else it goes and comes.
///
/// ```
/// use underpin_core::operation::*;
///
/// View::new("open_orders", "SELECT id, total FROM orders WHERE status = 'open'");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub(super) name: ModelName,
    pub(super) query: PerFlavour<String>,
    pub(super) materialized: bool,
    pub(super) comment: Option<String>,
    pub(super) options: Vec<(Flavour, String, String)>,
    pub(super) if_not_exists: bool,
    pub(super) existing: Option<PerFlavour<String>>,
}

impl View {
    /// A view of this query.
    pub fn new(name: impl Into<ModelName>, query: &str) -> Self {
        Self {
            name: name.into(),
            query: PerFlavour::every(query.to_owned()),
            materialized: false,
            comment: None,
            options: Vec::new(),
            if_not_exists: false,
            existing: None,
        }
    }

    /// The query on this engine, where it is another one.
    #[must_use]
    pub fn on(mut self, flavour: Flavour, query: &str) -> Self {
        self.query = self.query.on(flavour, query.to_owned());
        self
    }

    setters! {
        /// The namespace that it is in (PostgreSQL).
        namespace schema of name;
        /// The server keeps its rows (PostgreSQL); an error elsewhere.
        flag materialized;
        /// Its comment (PostgreSQL); no other engine keeps one.
        words comment;
    }

    /// What one engine alone knows: `with.security_barrier` (PostgreSQL), `algorithm`, `definer`,
    /// `sql_security`, `check_option` (MySQL, MariaDB).
    #[must_use]
    pub fn option(mut self, flavour: Flavour, name: &str, value: &str) -> Self {
        self.options.push((flavour, name.to_owned(), value.to_owned()));
        self
    }

    setters! {
        /// Nothing is done if there is a view of this name.
        flag if_not_exists;
    }

    /// The query that it has, for the way back from `replace_view` where no server can be asked.
    #[must_use]
    pub fn existing(mut self, query: &str) -> Self {
        self.existing = Some(PerFlavour::every(query.to_owned()));
        self
    }
}

/// Drops a view: `DROP VIEW`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropView {
    pub(super) name: ModelName,
    pub(super) materialized: bool,
    pub(super) if_exists: bool,
    pub(super) existing: Option<View>,
}

impl DropView {
    /// Drops this view.
    pub fn new(name: impl Into<ModelName>) -> Self {
        Self { name: name.into(), materialized: false, if_exists: false, existing: None }
    }

    setters! {
        /// The namespace that it is in (PostgreSQL).
        namespace schema of name;
        /// The server keeps its rows (PostgreSQL).
        flag materialized;
        /// Nothing is done if there is no view of this name.
        flag if_exists;
        /// What the view is, for the way back where no server can be asked.
        value existing: View;
    }
}
