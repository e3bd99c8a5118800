//! What a rule is asked about: one statement, and all that is known when it runs.

use std::ops::Range;

use crate::{
    catalog::{Birth, Catalog, Column, Table},
    dialect::Flavour,
    impact::{Impact, TableLock, impact},
    name,
    schema::ServerVersion,
    sql::words::{codes, place},
    statement::{Action, ActionKind, AlterTable, ObjectName, Setting, Statement},
};

use super::{Severity, script::Wrapping};

/// One statement, and all that is known when it runs.
pub struct Context<'a> {
    /// The server that it is for.
    pub flavour: Flavour,
    /// That server's version.
    pub version: ServerVersion,
    /// Whether that version is only the one that is taken where nobody says one.
    pub assumed: bool,
    /// What the database holds before it.
    pub catalog: &'a Catalog,
    /// What it says.
    pub statement: &'a Statement,
    /// Its text.
    pub text: &'a str,
    /// The transaction that it is in.
    pub moment: Moment,
    /// All statements of the script.
    pub script: &'a [Statement],
    /// Its place among them.
    pub index: usize,
    /// Which transaction each of them is in.
    pub transactions: &'a [usize],
    /// How the script is run.
    pub wrapping: Wrapping,
}

/// The transaction that a statement is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Its number; a statement that stands alone has one of its own.
    pub number: usize,
    /// Whether other statements share it: `BEGIN` was said, or the runner says it.
    pub open: bool,
}

/// What a rule has found in a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The bytes of the statement that are meant.
    pub span: Range<usize>,
    /// How bad it is.
    pub severity: Severity,
    /// What is dangerous, in a sentence without a full stop.
    pub message: String,
    /// The locks that it is about.
    pub lock: Option<String>,
    /// What to write instead.
    pub help: String,
}

impl Found {
    /// A finding that is about the whole statement.
    pub fn new(severity: Severity, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span: 0..usize::MAX, severity, message: message.into(), lock: None, help: help.into() }
    }

    /// The same, about one action of the statement.
    #[must_use]
    pub fn at(mut self, action: &Action) -> Self {
        self.span = action.start..action.end;
        self
    }

    /// The same, with the lock that the statement takes on a table.
    #[must_use]
    pub fn locking(self, context: &Context<'_>, table: &ObjectName) -> Self {
        Self { lock: context.lock_on(table, None), ..self }
    }

    /// The same, about one action of the statement, with the lock that it takes on its table.
    #[must_use]
    pub fn by(self, context: &Context<'_>, table: &ObjectName, action: &Action) -> Self {
        Self { lock: context.lock_on(table, Some(action)), ..self.at(action) }
    }

    /// The same, with the locks that it is about.
    #[must_use]
    pub fn lock(mut self, lock: impl Into<String>) -> Self {
        self.lock = Some(lock.into());
        self
    }
}

impl<'a> Context<'a> {
    /// Whether the server is PostgreSQL.
    pub fn postgres(&self) -> bool {
        self.flavour == Flavour::Postgres
    }

    /// The name of a table or an index, quoted.
    pub fn quoted(&self, name: &ObjectName) -> String {
        name::quote_in(self.flavour.dialect(), name.schema.as_deref(), &name.name)
    }

    /// The name of a column or a constraint, quoted.
    pub fn quoted_part(&self, part: &str) -> String {
        name::quote(self.flavour.dialect(), part)
    }

    /// Names of columns, quoted, with commas between.
    pub fn quoted_parts(&self, parts: &[String]) -> String {
        parts.iter().map(|part| self.quoted_part(part)).collect::<Vec<_>>().join(", ")
    }

    /// Whether the server's version is at least this one.
    pub fn at_least(&self, major: u32, minor: u32) -> bool {
        self.version >= ServerVersion::new(major, minor, 0)
    }

    /// Whether these words, which have blanks between, follow each other in it, in no quotes.
    pub fn says(&self, words: &str) -> bool {
        let codes: Vec<_> = codes(self.flavour.dialect(), self.text).collect();
        place(&codes, words).is_some()
    }

    /// The `ALTER TABLE` that it is.
    pub fn alter(&self) -> Option<&'a AlterTable> {
        match self.statement {
            Statement::AlterTable(alter) => Some(alter),
            _ => None,
        }
    }

    /// The actions of the `ALTER TABLE` that it is, with its table, if that may have rows and users.
    pub fn actions_in_use(&self) -> impl Iterator<Item = (&'a ObjectName, &'a Action)> {
        let alter = self.alter().filter(|alter| self.in_use(&alter.table));
        alter.into_iter().flat_map(|alter| alter.actions.iter().map(move |action| (&alter.table, action)))
    }

    /// What one action of the `ALTER TABLE` that it is does by itself.
    pub fn impact_of(&self, table: &ObjectName, action: &Action) -> Impact {
        let alone = AlterTable::of(table.clone(), action.kind.clone());
        impact(self.flavour, self.version, self.catalog, &Statement::AlterTable(alone))
    }

    /// The lock on a table that the statement takes, or one action of it, in the server's words.
    pub fn lock_on(&self, table: &ObjectName, action: Option<&Action>) -> Option<String> {
        let found = match action {
            Some(action) => self.impact_of(table, action),
            None => impact(self.flavour, self.version, self.catalog, self.statement),
        };
        let partition = action.is_some_and(|action| matches!(action.kind, ActionKind::Partition { .. }));
        if let Some(way) = found.way.filter(|_| !partition) {
            return Some(format!("{way} on {table}"));
        }
        // SQLite locks the database as a whole.
        let on = |lock: &&TableLock| {
            self.flavour == Flavour::Sqlite || self.catalog.same_table(&lock.table, table)
        };
        found.locks.iter().find(on).map(ToString::to_string)
    }

    /// The table of this name, if it is known.
    pub fn table(&self, name: &ObjectName) -> Option<&'a Table> {
        self.catalog.table(name)
    }

    /// Whether a table may have rows and users: it was there before the script, and is not temporary.
    pub fn in_use(&self, name: &ObjectName) -> bool {
        match self.table(name) {
            Some(table) => table.birth == Birth::Before && !table.temporary,
            // Who knows all tables, and not this one, knows that the statement fails.
            None => self.catalog.view(name).is_none_or(|view| view.birth == Birth::Before),
        }
    }

    /// The column of this name, if it is known.
    pub fn column(&self, table: &ObjectName, column: &str) -> Option<&'a Column> {
        self.table(table)?.column(column)
    }

    /// Whether a column may have values and users: the script has not made it.
    pub fn column_in_use(&self, table: &ObjectName, column: &str) -> bool {
        self.in_use(table) && self.column(table, column).is_none_or(|column| column.birth == Birth::Before)
    }

    /// The statements after it.
    pub fn later(&self) -> &'a [Statement] {
        self.script.get(self.index + 1..).unwrap_or_default()
    }

    /// The statements before it.
    pub fn earlier(&self) -> &'a [Statement] {
        self.script.get(..self.index).unwrap_or_default()
    }

    /// What `SET` and `PRAGMA` before it made of a setting, in lower case.
    pub fn setting(&self, name: &str) -> Option<&'a str> {
        let set = |statement: &'a Statement| match statement {
            Statement::Set(setting) if named(setting, name) => Some(setting.value.as_str()),
            _ => None,
        };
        self.earlier().iter().rev().find_map(set)
    }

    /// Whether a setting that is on by default was switched off before it.
    pub fn switched_off(&self, name: &str) -> bool {
        self.setting(name).is_some_and(is_off)
    }

    /// Whether something was made in the transaction that the statement is in.
    pub fn in_same_transaction(&self, birth: Birth) -> bool {
        self.moment.open && birth == Birth::Transaction(self.moment.number)
    }

    /// The statements before it in its transaction.
    pub fn earlier_in_transaction(&self) -> impl Iterator<Item = &'a Statement> {
        let script = self.script;
        let transactions = self.transactions;
        let number = self.moment.number;
        (0..self.index).filter(move |&index| transactions[index] == number).map(move |index| &script[index])
    }
}

/// Whether a `SET` is about the setting `name`, with or without `@@session.`.
pub(super) fn named(setting: &Setting, name: &str) -> bool {
    setting.name.rsplit(['.', '@']).next() == Some(name)
}

/// Whether a value of a setting, in lower case, is one of those that mean no.
pub(super) fn is_off(value: &str) -> bool {
    let first = value.split([',', ' ']).next().unwrap_or_default();
    matches!(first, "0" | "off" | "no" | "false")
}
