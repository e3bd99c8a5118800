//! The tables that a run has made itself: what it may delete again. Not what is in them.

use std::collections::{BTreeMap, BTreeSet};

use super::copied::Columns;
use crate::{
    dialect::Dialect,
    sql::codes,
    statement::{CreateTable, ObjectName, TableOption},
};

/// A table by its name, compared as its dialect does.
pub(super) type Key = (Option<String>, String);

/// The tables that a run has made.
pub(super) struct Made {
    dialect: Dialect,
    tables: BTreeSet<Key>,
    /// Those that are gone with the session, by their names: they stand before others of the same name.
    temporary: BTreeSet<String>,
    /// Those that leave out rows that are written to them, without an error.
    leaky: BTreeSet<Key>,
    /// The columns of those that take any value (SQLite).
    columns: BTreeMap<Key, Columns>,
}

impl Made {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            tables: BTreeSet::new(),
            temporary: BTreeSet::new(),
            leaky: BTreeSet::new(),
            columns: BTreeMap::new(),
        }
    }

    /// Names of tables may differ in case alone on MySQL and MariaDB (`lower_case_table_names`), and are taken to.
    fn fold(&self, name: &str) -> String {
        match self.dialect {
            Dialect::Mysql => name.to_owned(),
            Dialect::Postgres | Dialect::Sqlite => self.dialect.fold(name),
        }
    }

    /// The key of the table that a name means now.
    pub(super) fn key(&self, name: &ObjectName) -> Key {
        let table = self.fold(&name.name);
        if self.is_temporary(name) {
            return (Some("temp".to_owned()), table);
        }
        let schema = name.schema.as_ref().map(|schema| self.fold(schema));
        let own = self.dialect == Dialect::Sqlite && schema.as_deref() == Some("main");
        (schema.filter(|_| !own), table)
    }

    /// Whether a table is gone with its session.
    pub(super) fn is_temporary(&self, name: &ObjectName) -> bool {
        match name.schema.as_deref() {
            Some(schema) => schema.eq_ignore_ascii_case("temp") || schema == "pg_temp",
            None => self.temporary.contains(&self.fold(&name.name)),
        }
    }

    /// Whether a table is gone with its session, or was made by this run.
    pub(super) fn is_new(&self, name: &ObjectName) -> bool {
        self.is_temporary(name) || self.tables.contains(&self.key(name))
    }

    /// Takes note of a table that a statement makes.
    pub(super) fn add(&mut self, create: &CreateTable, table: &ObjectName, statement: &str) {
        let of_others = create.options.iter().any(|option| match option {
            // Its rows are those of other tables (MySQL manual, "The MERGE Storage Engine").
            TableOption::Engine(engine) => {
                ["MERGE", "MRG_MYISAM"].iter().any(|name| engine.eq_ignore_ascii_case(name))
            }
            _ => false,
        });
        if create.temporary {
            self.temporary.insert(self.fold(&table.name));
        } else if !create.if_not_exists && !of_others {
            self.tables.insert(self.key(table));
        }
        if self.dialect == Dialect::Sqlite && leaves_rows_out(statement) {
            self.leaky.insert(self.key(table));
        }
        if self.dialect == Dialect::Sqlite {
            // A key that counts takes nothing but numbers.
            let each = create.columns.iter().map(|column| {
                let data_type = column.data_type.clone().filter(|_| !column.primary_key());
                (column.name.clone(), data_type)
            });
            self.columns.insert(self.key(table), each.collect());
        }
    }

    /// The columns of a table of SQLite that the run has made, with their types.
    pub(super) fn columns(&self, table: &ObjectName) -> Option<&Columns> {
        self.columns.get(&self.key(table))
    }

    /// Whether a sequence is one that a column of a table made by this run counts with (PostgreSQL manual, 8.1.4
    /// "Serial Types").
    pub(super) fn counts_for_new(&self, sequence: &ObjectName) -> bool {
        let schema = sequence.schema.as_ref().map(|schema| self.fold(schema));
        let name = self.fold(&sequence.name);
        let mut tables = self.tables.iter().filter(|(of, _)| *of == schema);
        name.ends_with("_seq") && tables.any(|(_, table)| name.starts_with(&format!("{table}_")))
    }

    /// Whether a table has all rows that were written to it and were not refused, for longer than the session.
    pub(super) fn keeps(&self, table: &ObjectName) -> bool {
        !self.is_temporary(table) && !self.leaky.contains(&self.key(table))
    }

    /// A table is gone, or what is in it now was there before the run.
    pub(super) fn forget(&mut self, name: &ObjectName) {
        let key = self.key(name);
        self.leaky.remove(&key);
        self.columns.remove(&key);
        if self.is_temporary(name) {
            self.temporary.remove(&key.1);
        } else {
            self.tables.remove(&key);
        }
    }

    /// The names without a schema mean others from now on.
    pub(super) fn leave_schema(&mut self) {
        self.tables.retain(|(schema, _)| schema.is_some());
    }

    /// A table has another name; what had that one before is none of this run's.
    pub(super) fn rename(&mut self, from: &ObjectName, to: &ObjectName) {
        if self.is_temporary(from) {
            self.forget(from);
            self.temporary.insert(self.fold(&to.name));
            return;
        }
        let (from, to) = (self.key(from), self.key(to));
        if self.leaky.remove(&from) {
            self.leaky.insert(to.clone());
        }
        if let Some(columns) = self.columns.remove(&from) {
            self.columns.insert(to.clone(), columns);
        }
        match self.tables.remove(&from) {
            true => self.tables.insert(to),
            false => self.tables.remove(&to),
        };
    }
}

/// Whether a table of SQLite leaves out or replaces rows that break a constraint (SQLite manual, "The ON CONFLICT
/// Clause").
fn leaves_rows_out(statement: &str) -> bool {
    let codes: Vec<_> = codes(Dialect::Sqlite, statement).collect();
    codes.windows(3).any(|three| {
        three[0].is("ON") && three[1].is("CONFLICT") && three[2].is_one_of(&["IGNORE", "REPLACE"])
    })
}
