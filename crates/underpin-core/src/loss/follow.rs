//! The statements of a run, followed one by one: what each deletes of what was there before the run. What it
//! means for the run is not decided here.

mod alter;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Loss,
    copied::{self, Copy},
    leniency::{leniency, statement_leniency},
    made::{Key, Made},
    sequences::Sequences,
};
use crate::{
    dialect::Dialect,
    sql::{Code, codes, words::Words},
    statement::{
        self, AlterType, CreateTable, Drop, ObjectClass, ObjectName, RowChange, RowVerb, Selection, Statement,
    },
};

/// Follows the statements of a run, and knows what of it is new: what they have made themselves, they may
/// delete again.
pub(crate) struct Losses {
    dialect: Dialect,
    made: Made,
    columns: BTreeSet<(Key, String)>,
    /// What a column was called before the first statement.
    renamed: BTreeMap<(Key, String), String>,
    /// What a table was called before the first statement.
    called: BTreeMap<Key, String>,
    copies: Vec<Copy>,
    sequences: Sequences,
    /// Whether the run has said that values which a column can't hold are made to fit (MySQL, MariaDB).
    lenient: bool,
    /// The statements until now that a later one may run: what a variable or a routine holds is looked up there.
    earlier: Vec<String>,
}

impl Losses {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            made: Made::new(dialect),
            columns: BTreeSet::new(),
            renamed: BTreeMap::new(),
            called: BTreeMap::new(),
            copies: Vec::new(),
            sequences: Sequences::default(),
            lenient: false,
            earlier: Vec::new(),
        }
    }

    /// What the next statement deletes.
    pub(crate) fn follow(&mut self, statement: &str) -> Vec<Loss> {
        if adds_values(self.dialect, statement) {
            return self.replaced_by_values(statement);
        }
        if leaves_schema(self.dialect, statement) {
            self.made.leave_schema();
        }
        // MariaDB: SET STATEMENT sql_mode = … FOR …
        let lenient = self.lenient;
        self.lenient |= statement_leniency(self.dialect, statement);
        let mut losses = self.follow_alone(statement);
        let earlier: Vec<&str> = self.earlier.iter().map(String::as_str).collect();
        for inner in statement::within(self.dialect, statement, &earlier) {
            losses.extend(self.follow_alone(&inner.text));
        }
        if statement_leniency(self.dialect, statement) {
            self.lenient = lenient;
        }
        if statement::may_hold(statement) {
            self.earlier.push(statement.to_owned());
        }
        losses
    }

    /// What a statement deletes by itself, without those that it runs.
    fn follow_alone(&mut self, statement: &str) -> Vec<Loss> {
        match statement::parse(self.dialect, statement) {
            Statement::CreateTable(create) => self.create(&create, statement),
            Statement::AlterTable(alter) => self.alter(alter),
            Statement::Drop(drop) => self.drop(&drop),
            Statement::RenameTables(renamed) => {
                renamed.iter().for_each(|(from, to)| self.moved(from, to));
                Vec::new()
            }
            Statement::Truncate { tables, .. } => self.rows(&tables),
            Statement::Rows(change) => self.change(&change),
            Statement::Set(setting) => {
                self.lenient = leniency(&setting).unwrap_or(self.lenient);
                Vec::new()
            }
            Statement::AlterType(changed) => attribute(self.dialect, statement, &changed),
            Statement::Define { verb, class, name: Some(name), or_replace, .. }
                if verb == "CREATE" && class == "SEQUENCE" =>
            {
                self.sequences.create(self.dialect, statement, &name, or_replace)
            }
            Statement::CreateIndex(_)
            | Statement::AttachIndex { .. }
            | Statement::AlterIndex { .. }
            | Statement::Reindex(_)
            | Statement::CreateView(_)
            | Statement::AlterView(_)
            | Statement::CreateEnum(_)
            | Statement::CreateDomain(_)
            | Statement::AlterDomain(_)
            | Statement::CreateTrigger(_)
            | Statement::RenameSchema { .. }
            | Statement::Transaction(_)
            | Statement::Maintenance(_)
            | Statement::Lock { .. }
            | Statement::Define { .. }
            | Statement::Grant
            | Statement::Comment { .. }
            | Statement::Other(_) => Vec::new(),
        }
    }

    fn key(&self, name: &ObjectName) -> Key {
        self.made.key(name)
    }

    fn is_new(&self, name: &ObjectName) -> bool {
        self.made.is_new(name)
    }

    fn create(&mut self, create: &CreateTable, statement: &str) -> Vec<Loss> {
        let Some(table) = &create.table else { return Vec::new() };
        // MariaDB: CREATE OR REPLACE TABLE drops the one that is there.
        let replaced = create.or_replace && !create.temporary && !self.is_new(table);
        let losses = if replaced { self.dropped(table) } else { Vec::new() };
        self.made.add(create, table, statement);
        self.selected(create.selection.as_ref(), table, &[]);
        losses
    }

    /// Forgets a table, and says what is lost with it.
    fn dropped(&mut self, name: &ObjectName) -> Vec<Loss> {
        let key = self.key(name);
        if self.is_new(name) {
            self.emptied(name);
            self.made.forget(name);
            return Vec::new();
        }
        let table = name.to_string();
        let Some(at) = self.copies.iter().position(|copy| copy.from == key) else {
            return vec![Loss::Table { table }];
        };
        let copy = self.copies.remove(at);
        // What holds its rows now is no less worth than it was.
        self.made.forget(&copy.to_name);
        let kept = copy.names.map(|names| {
            let before = |name: &String| self.renamed.get(&(key.clone(), self.dialect.fold(name))).cloned();
            names.iter().map(|name| before(name).unwrap_or_else(|| name.clone())).collect()
        });
        let table = self.called.get(&key).cloned().unwrap_or(table);
        self.called.insert(copy.to, table.clone());
        let mut losses: Vec<Loss> = copy
            .converted
            .into_iter()
            .filter(|it| !self.columns.contains(&(key.clone(), self.dialect.fold(&it.column))))
            .map(|it| self.conversion(name, &it.column, &it.data_type, it.cast))
            .collect();
        losses.extend(kept.map(|kept| Loss::Rebuild { table, kept }));
        losses
    }

    fn drop(&mut self, drop: &Drop) -> Vec<Loss> {
        let names = || drop.names.iter().map(ObjectName::to_string).collect::<Vec<_>>().join(", ");
        let container = |what: &str| vec![Loss::Container { object: format!("{what} {}", names()) }];
        let dependents = |kind: &str| vec![Loss::Dependents { object: format!("{kind} {}", names()) }];
        match &drop.class {
            ObjectClass::Table if drop.temporary => {
                for name in &drop.names {
                    if self.made.is_temporary(name) {
                        self.made.forget(name);
                    }
                }
                Vec::new()
            }
            ObjectClass::Table => drop.names.iter().flat_map(|name| self.dropped(name)).collect(),
            ObjectClass::Database => container("database"),
            ObjectClass::Schema if drop.cascade => container("schema"),
            ObjectClass::Owned => container("what belongs to"),
            ObjectClass::Type if drop.cascade => dependents("type"),
            ObjectClass::Extension if drop.cascade => dependents("extension"),
            ObjectClass::Sequence if !drop.temporary => {
                let old = drop.names.iter().filter(|name| !self.made.counts_for_new(name));
                old.filter_map(|name| self.sequences.dropped(name)).collect()
            }
            ObjectClass::Other(class) if drop.cascade && class == "COLLATION" => dependents("collation"),
            // Of a view and a function nothing hangs that holds rows.
            ObjectClass::Schema
            | ObjectClass::Type
            | ObjectClass::Extension
            | ObjectClass::ForeignTable
            | ObjectClass::Index
            | ObjectClass::View
            | ObjectClass::MaterializedView
            | ObjectClass::Sequence
            | ObjectClass::Trigger
            | ObjectClass::Policy
            | ObjectClass::Other(_) => Vec::new(),
        }
    }

    fn rows<'a>(&mut self, tables: impl IntoIterator<Item = &'a ObjectName>) -> Vec<Loss> {
        let (new, old): (Vec<_>, Vec<_>) = tables.into_iter().partition(|table| self.is_new(table));
        new.into_iter().for_each(|table| self.emptied(table));
        old.into_iter().map(|table| Loss::Rows { table: table.to_string() }).collect()
    }

    /// What was copied into a table is there no longer.
    fn emptied(&mut self, table: &ObjectName) {
        let key = self.key(table);
        self.copies.retain(|copy| copy.to != key);
    }

    fn change(&mut self, change: &RowChange) -> Vec<Loss> {
        match change.verb {
            RowVerb::Insert => {
                if let Some(table) =
                    change.table.as_ref().filter(|_| !change.ignore && !change.deletes_others)
                {
                    self.copied(change, table);
                }
                self.deleted_besides(change, "rows that are equal in a key")
            }
            RowVerb::Delete if change.history => {
                let all = change.table.iter().filter(|table| !change.chosen && !self.is_new(table));
                all.map(|table| part_of(table, EARLIER_VERSIONS)).collect()
            }
            RowVerb::Delete if change.condition.is_none() || !change.chosen => {
                self.rows(change.table.iter().chain(&change.also))
            }
            // With writable_schema, what these rows tell of is gone.
            RowVerb::Delete | RowVerb::Update if self.is_schema(change) => {
                change.table.iter().map(entries).collect()
            }
            RowVerb::Update => self.deleted_besides(change, "rows that are equal in a key"),
            RowVerb::Merge => self.deleted_besides(change, "rows that a MERGE deletes"),
            RowVerb::Delete => Vec::new(),
        }
    }

    /// The rows that a statement deletes on the way, if it does.
    fn deleted_besides(&self, change: &RowChange, part: &str) -> Vec<Loss> {
        let deletes = change.deletes_others;
        let old = change.table.iter().filter(|table| deletes && !self.is_new(table));
        old.map(|table| part_of(table, part)).collect()
    }

    /// The same of rows that are written out: nothing behind the first parenthesis is read.
    fn replaced_by_values(&self, statement: &str) -> Vec<Loss> {
        let opened = codes(self.dialect, statement).find(|code| code.is_operator("("));
        let head = &statement[..opened.map_or(statement.len(), |code| code.start)];
        match statement::parse(self.dialect, head) {
            Statement::Rows(change) => self.deleted_besides(&change, "rows that are equal in a key"),
            _ => Vec::new(),
        }
    }

    /// Whether it changes the entries of tables that were there before (SQLite, with `writable_schema`).
    fn is_schema(&self, change: &RowChange) -> bool {
        let own = || change.texts.iter().any(|text| self.is_new(&ObjectName::plain(text.as_str())));
        self.dialect == Dialect::Sqlite && change.table.as_ref().is_some_and(holds_schema) && !own()
    }

    /// Takes note of rows that an `INSERT` brings into `to`.
    fn copied(&mut self, change: &RowChange, to: &ObjectName) {
        self.selected(change.selection.as_ref(), to, &change.columns);
    }

    /// Takes note of rows that come into `to`, into these columns or all, if they are all rows of one table.
    fn selected(&mut self, selection: Option<&Selection>, to: &ObjectName, columns: &[String]) {
        let Some(selection) = selection.filter(|selection| selection.every_row) else { return };
        let names = || selection.columns.iter().flat_map(|column| &column.names).cloned().collect();
        let names = (!selection.every_column()).then(names);
        let Some(from) = selection.sources.first().filter(|_| self.made.keeps(to)) else { return };
        let types = self.made.columns(to);
        let converted = types.map(|types| copied::converted(selection, columns, types)).unwrap_or_default();
        let (from, key) = (self.key(from), self.key(to));
        self.copies.push(Copy { from, to: key, to_name: to.clone(), names, converted });
    }

    fn moved(&mut self, old: &ObjectName, new: &ObjectName) {
        let from = self.key(old);
        let first = (!self.is_new(old)).then(|| self.called.remove(&from).unwrap_or_else(|| old.to_string()));
        self.made.rename(old, new);
        let to = self.key(new);
        self.called.remove(&to);
        self.called.extend(first.map(|first| (to.clone(), first)));
        let renamed = self.renamed.keys().filter(|(table, _)| *table == from).cloned().collect::<Vec<_>>();
        for (table, column) in renamed {
            let before = self.renamed.remove(&(table, column.clone()));
            self.renamed.extend(before.map(|before| ((to.clone(), column), before)));
        }
        let columns = self.columns.iter().filter(|(table, _)| *table == from).cloned().collect::<Vec<_>>();
        for (table, column) in columns {
            self.columns.remove(&(table, column.clone()));
            self.columns.insert((to.clone(), column));
        }
        for copy in &mut self.copies {
            if copy.to == from {
                new.clone_into(&mut copy.to_name);
            }
            for end in [&mut copy.from, &mut copy.to].into_iter().filter(|end| **end == from) {
                end.clone_from(&to);
            }
        }
    }
}

const EARLIER_VERSIONS: &str = "the earlier versions of the rows";

/// What a composite type loses, and the tables that are made of it (`CASCADE`).
fn attribute(dialect: Dialect, statement: &str, changed: &AlterType) -> Vec<Loss> {
    let AlterType::Other { name, .. } = changed else { return Vec::new() };
    let codes: Vec<Code<'_>> = codes(dialect, statement).collect();
    let drops = codes.windows(2).any(|two| two[0].is("DROP") && two[1].is("ATTRIBUTE"));
    let loss = Loss::Part { table: format!("type {name}"), part: "an attribute and its values".to_owned() };
    drops.then_some(loss).into_iter().collect()
}

fn holds_schema(table: &ObjectName) -> bool {
    ["sqlite_master", "sqlite_schema"].iter().any(|name| table.name.eq_ignore_ascii_case(name))
}

fn part_of(table: &ObjectName, part: &str) -> Loss {
    Loss::Part { table: table.to_string(), part: part.to_owned() }
}

fn entries(table: &ObjectName) -> Loss {
    Loss::Part { table: table.to_string(), part: "tables with their rows, by the entries".to_owned() }
}

/// Whether names without a schema mean others behind a statement: `USE`, `SET search_path`.
fn leaves_schema(dialect: Dialect, statement: &str) -> bool {
    let mut words = codes(dialect, statement);
    let Some(first) = words.next() else { return false };
    match dialect {
        Dialect::Mysql => first.is("USE"),
        Dialect::Postgres => {
            first.is_one_of(&["SET", "SELECT", "RESET"])
                && words.take(4).any(|word| word.is_one_of(&["SEARCH_PATH", "SET_CONFIG"]))
        }
        Dialect::Sqlite => false,
    }
}

/// Whether it is rows that are written out, often very many: told without reading them.
fn adds_values(dialect: Dialect, statement: &str) -> bool {
    let adds = Words::beginning(dialect, statement).first().is_one_of(&["INSERT", "REPLACE"]);
    adds && !statement.as_bytes().windows(6).any(|part| part.eq_ignore_ascii_case(b"SELECT"))
}
