//! What is known of a database's catalog while statements are read one after the other: from a
//! `schema.sql`, from inspection, and from the statements before. Not a simulation of a server: what
//! it does not know it says, and nothing is checked.

mod apply;
mod apply_alter;
mod family;
mod from_schema;
mod search_path;
mod table;
mod tables;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeMap};

use search_path::SearchPath;
pub use table::{Birth, Column, Constraint, Index, Table, Trigger};
use tables::Tables;

use crate::{
    dialect::Dialect,
    sql,
    statement::{self, CreateDomain, ObjectName},
};

/// What is known of a database's catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    dialect: Dialect,
    /// Whether a table that is not in it does not exist.
    complete: bool,
    tables: Tables,
    domains: BTreeMap<String, CreateDomain>,
    enums: BTreeMap<String, Vec<String>>,
    /// Functions, and whether they say that they give the same for every row of a statement.
    functions: BTreeMap<String, bool>,
    /// Views, and whether they keep their rows.
    views: BTreeMap<String, View>,
    /// Where names without a schema are looked up.
    path: SearchPath,
}

/// What is known of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Whether it keeps its rows.
    pub materialized: bool,
    /// The words of its query; the tables are among them.
    pub names: Vec<String>,
    /// The functions that its query calls, as [`Expression::calls`](statement::Expression::calls) has them.
    pub calls: Vec<String>,
    /// Whether it has a unique index (of a materialized view).
    pub unique_index: bool,
    /// Since when it is there.
    pub birth: Birth,
}

impl Catalog {
    /// From here on, there may be tables that are not known here: something was done that nobody has told of.
    pub fn admit_others(&mut self) {
        self.complete = false;
    }

    /// Nothing is known: any table may exist, with rows in it.
    pub fn unknown(dialect: Dialect) -> Self {
        Self {
            dialect,
            complete: false,
            tables: Tables::default(),
            domains: BTreeMap::new(),
            enums: BTreeMap::new(),
            functions: BTreeMap::new(),
            views: BTreeMap::new(),
            path: SearchPath::default(),
        }
    }

    /// A database in which nothing is.
    pub fn empty(dialect: Dialect) -> Self {
        Self { complete: true, ..Self::unknown(dialect) }
    }

    /// What the statements of `source` make of an empty database; its tables have been there for
    /// long. Text that can't be split ends where the error is.
    pub fn of_sql(dialect: Dialect, source: &str) -> Self {
        let mut catalog = Self::empty(dialect);
        for statement in sql::split(dialect, source).unwrap_or_default() {
            catalog.apply(&statement::parse(dialect, statement.text), Birth::Before);
        }
        catalog.begin_session();
        catalog
    }

    /// What a session has said of itself alone, another one does not know: the search path.
    pub fn begin_session(&mut self) {
        self.path = SearchPath::default();
    }

    /// What was made until now has been there for long from now on.
    pub fn settle(&mut self) {
        for table in self.tables.values_mut() {
            table.settle();
        }
    }

    /// The dialect of its names.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Whether a table that is not in it does not exist.
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// The table of this name, whatever schema it is in if none is said.
    pub fn table(&self, name: &ObjectName) -> Option<&Table> {
        self.tables.get(&self.key(name)?)
    }

    /// Every table.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.values()
    }

    /// The domain of this name.
    pub fn domain(&self, name: &str) -> Option<&CreateDomain> {
        self.domains.get(&self.dialect.fold(name))
    }

    /// Whether another domain is made of the one of this name.
    pub fn domains_over(&self, name: &str) -> bool {
        let of = |domain: &CreateDomain| domain.base.as_ref().is_some_and(|base| self.same(&base.name, name));
        self.domains.values().any(of)
    }

    /// The values of the enum of this name.
    pub fn enumeration(&self, name: &str) -> Option<&[String]> {
        self.enums.get(&self.dialect.fold(name)).map(Vec::as_slice)
    }

    /// Whether a function of this name says that it gives the same for every row of a statement: it is
    /// `IMMUTABLE` or `STABLE` (PostgreSQL manual, 36.7 "Function Volatility Categories").
    pub fn is_fixed(&self, function: &str) -> bool {
        let alone = function.rsplit('.').next().unwrap_or(function);
        self.functions.get(&self.dialect.fold(alone)).is_some_and(|fixed| *fixed)
    }

    /// The view of this name.
    pub fn view(&self, name: &ObjectName) -> Option<&View> {
        self.views.get(&self.dialect.fold(&name.name))
    }

    /// Every view, by its name without schema.
    pub fn views(&self) -> impl Iterator<Item = (&str, &View)> {
        self.views.iter().map(|(name, view)| (name.as_str(), view))
    }

    /// The views whose queries name `table`.
    pub fn views_of(&self, table: &str) -> impl Iterator<Item = (&str, &View)> {
        self.views().filter(move |(_, view)| view.names.iter().any(|name| self.same(name, table)))
    }

    /// The table that the trigger of this name is on (MySQL and MariaDB, where a statement that drops one does
    /// not say).
    pub fn table_of_trigger(&self, name: &str) -> Option<&Table> {
        self.tables
            .values()
            .find(|table| table.triggers.iter().any(|trigger| trigger.name.eq_ignore_ascii_case(name)))
    }

    /// The table that has an index or a constraint with an index of this name, and the index.
    pub fn index(&self, name: &str) -> Option<(&Table, &Index)> {
        self.tables.values().find_map(|table| {
            let index = table.indexes.iter().find(|index| self.same(&index.name, name))?;
            Some((table, index))
        })
    }

    /// Whether two names of columns, constraints or indexes are the same here.
    pub fn same(&self, one: &str, other: &str) -> bool {
        self.dialect.same_names(one, other)
    }

    /// The key of a table that is there.
    fn key(&self, name: &ObjectName) -> Option<String> {
        match self.path.schemas().filter(|_| name.schema.is_none()) {
            Some(schemas) => self.key_on_path(name, schemas),
            None => self.usual_key(name),
        }
    }

    /// The key of a table that is there, where somebody has said in which schemas it is looked up.
    fn key_on_path(&self, name: &ObjectName, schemas: &[String]) -> Option<String> {
        let plain = self.dialect.fold(&name.name);
        if self.tables.get(&plain).is_some_and(|table| table.temporary) {
            return Some(plain);
        }
        let found = schemas.iter().find_map(|schema| {
            self.usual_key(&ObjectName { schema: Some(schema.clone()), name: name.name.clone() })
        });
        // One that is only known by its name may be in any of them, if this session has not made it elsewhere.
        found.or_else(|| {
            let usual = self.usual_key(name)?;
            self.tables.get(&usual).is_some_and(|table| table.birth == Birth::Before).then_some(usual)
        })
    }

    /// The name that a table gets that is made now, with the schema that it comes to.
    fn placed<'a>(&self, name: &'a ObjectName) -> Cow<'a, ObjectName> {
        let first = self.path.schemas().filter(|_| name.schema.is_none()).and_then(<[String]>::first);
        match first {
            Some(schema) => {
                let placed = ObjectName { schema: Some(schema.clone()), name: name.name.clone() };
                if self.is_usual_schema(&placed) { Cow::Borrowed(name) } else { Cow::Owned(placed) }
            }
            None => Cow::Borrowed(name),
        }
    }

    fn usual_key(&self, name: &ObjectName) -> Option<String> {
        let whole = self.dialect.fold(&name.to_string());
        if self.tables.contains(&whole) {
            return Some(whole);
        }
        // `public.t` is the `t` that was made without a schema, and the other way round.
        let plain = self.dialect.fold(&name.name);
        if name.schema.is_some() {
            let temporary = self.is_temporary_schema(name);
            let there = self.tables.get(&plain).is_some_and(|table| table.temporary == temporary);
            return ((temporary || self.is_usual_schema(name)) && there).then_some(plain);
        }
        // Without a schema, a table that was there before may be on the search path.
        let alike =
            |(_, table): &(&str, &Table)| self.is_usual_schema(&table.name) || table.birth == Birth::Before;
        // Of several the one in the usual schema is meant.
        let found: Vec<_> = self.tables.named(&plain).filter(alike).collect();
        let usual = found.iter().find(|(_, table)| self.is_usual_schema(&table.name));
        let meant = usual.or(found.first().filter(|_| found.len() == 1));
        meant.map(|(key, _)| (*key).to_owned())
    }

    /// Whether a name says the schema of what ends with the session.
    fn is_temporary_schema(&self, name: &ObjectName) -> bool {
        let temporary = match self.dialect {
            Dialect::Postgres => "pg_temp",
            Dialect::Sqlite => "temp",
            Dialect::Mysql => return false,
        };
        name.schema.as_deref().is_some_and(|schema| schema.eq_ignore_ascii_case(temporary))
    }

    /// Whether a name says the schema that is meant where none is said.
    fn is_usual_schema(&self, name: &ObjectName) -> bool {
        let usual = match self.dialect {
            Dialect::Postgres => "public",
            Dialect::Sqlite => "main",
            Dialect::Mysql => return false,
        };
        name.schema.as_deref().is_some_and(|schema| schema.eq_ignore_ascii_case(usual))
    }
}
