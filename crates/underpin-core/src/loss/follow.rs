//! The statements of a run, followed one by one: what each deletes of what was there before the run. What it
//! means for the run is not decided here.

use std::collections::{BTreeMap, BTreeSet};

use super::Loss;
use crate::{
    dialect::Dialect,
    sql::{Code, codes, words::Words},
    statement::{
        self, Action, ActionKind, AlterTable, AlterType, ConstraintKind, CreateTable, Drop, ObjectClass,
        ObjectName, PartitionWork, RowChange, RowVerb, Selection, Setting, Statement, TableOption,
    },
};

/// A table by its name, compared as its dialect does.
type Key = (Option<String>, String);

/// Follows the statements of a run, and knows what of it is new: what they have made themselves, they may
/// delete again.
pub(crate) struct Losses {
    dialect: Dialect,
    tables: BTreeSet<Key>,
    columns: BTreeSet<(Key, String)>,
    /// What a column was called before the first statement.
    renamed: BTreeMap<(Key, String), String>,
    copies: Vec<Copy>,
    /// Whether the run has said that values which a column can't hold are made to fit (MySQL, MariaDB).
    lenient: bool,
    /// The statements until now that a later one may run: what a variable or a routine holds is looked up there.
    earlier: Vec<String>,
}

/// All rows of a table, copied into another.
struct Copy {
    from: Key,
    to: Key,
    /// The names that it takes; nothing where it takes every column.
    names: Option<Vec<String>>,
}

impl Losses {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            tables: BTreeSet::new(),
            columns: BTreeSet::new(),
            renamed: BTreeMap::new(),
            copies: Vec::new(),
            lenient: false,
            earlier: Vec::new(),
        }
    }

    /// What the next statement deletes.
    pub(crate) fn follow(&mut self, statement: &str) -> Vec<Loss> {
        if only_adds_values(self.dialect, statement) {
            return Vec::new();
        }
        let mut losses = self.follow_alone(statement);
        let earlier: Vec<&str> = self.earlier.iter().map(String::as_str).collect();
        for inner in statement::within(self.dialect, statement, &earlier) {
            losses.extend(self.follow_alone(&inner.text));
        }
        if statement::may_hold(statement) {
            self.earlier.push(statement.to_owned());
        }
        losses
    }

    /// What a statement deletes by itself, without those that it runs.
    fn follow_alone(&mut self, statement: &str) -> Vec<Loss> {
        match statement::parse(self.dialect, statement) {
            Statement::CreateTable(create) => self.create(&create),
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
        let schema = name.schema.as_ref().map(|schema| self.dialect.fold(schema));
        let own = self.dialect == Dialect::Sqlite && schema.as_deref() == Some("main");
        (schema.filter(|_| !own), self.dialect.fold(&name.name))
    }

    /// Whether a table is gone with its session, or was made by this run.
    fn is_new(&self, name: &ObjectName) -> bool {
        let schema = name.schema.as_deref().unwrap_or_default();
        schema.eq_ignore_ascii_case("temp") || schema == "pg_temp" || self.tables.contains(&self.key(name))
    }

    fn create(&mut self, create: &CreateTable) -> Vec<Loss> {
        let Some(table) = &create.table else { return Vec::new() };
        // MariaDB: CREATE OR REPLACE TABLE drops the one that is there.
        let replaced = create.or_replace && !create.temporary && !self.is_new(table);
        let losses = if replaced { self.dropped(table) } else { Vec::new() };
        if create.temporary || !create.if_not_exists {
            self.tables.insert(self.key(table));
        }
        self.copied(create.selection.as_ref(), table);
        losses
    }

    /// Forgets a table, and says what is lost with it.
    fn dropped(&mut self, name: &ObjectName) -> Vec<Loss> {
        let key = self.key(name);
        if self.is_new(name) {
            self.tables.remove(&key);
            return Vec::new();
        }
        let table = name.to_string();
        let Some(at) = self.copies.iter().position(|copy| copy.from == key) else {
            return vec![Loss::Table { table }];
        };
        let copy = self.copies.remove(at);
        // What holds its rows now is no less worth than it was.
        self.tables.remove(&copy.to);
        let kept = copy.names.map(|names| {
            let before = |name: &String| self.renamed.get(&(key.clone(), self.dialect.fold(name))).cloned();
            names.iter().map(|name| before(name).unwrap_or_else(|| name.clone())).collect()
        });
        kept.map(|kept| Loss::Rebuild { table, kept }).into_iter().collect()
    }

    fn drop(&mut self, drop: &Drop) -> Vec<Loss> {
        let names = || drop.names.iter().map(ObjectName::to_string).collect::<Vec<_>>().join(", ");
        let container = |what: &str| vec![Loss::Container { object: format!("{what} {}", names()) }];
        let dependents = |kind: &str| vec![Loss::Dependents { object: format!("{kind} {}", names()) }];
        match &drop.class {
            ObjectClass::Table if drop.temporary => Vec::new(),
            ObjectClass::Table => drop.names.iter().flat_map(|name| self.dropped(name)).collect(),
            ObjectClass::Database => container("database"),
            ObjectClass::Schema if drop.cascade => container("schema"),
            ObjectClass::Owned => container("what belongs to"),
            ObjectClass::Type if drop.cascade => dependents("type"),
            ObjectClass::Extension if drop.cascade => dependents("extension"),
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

    fn rows<'a>(&self, tables: impl IntoIterator<Item = &'a ObjectName>) -> Vec<Loss> {
        let old = tables.into_iter().filter(|table| !self.is_new(table));
        old.map(|table| Loss::Rows { table: table.to_string() }).collect()
    }

    fn change(&mut self, change: &RowChange) -> Vec<Loss> {
        match change.verb {
            RowVerb::Insert => {
                if let Some(table) = change.table.as_ref().filter(|_| !change.ignore) {
                    self.copied(change.selection.as_ref(), table);
                }
                Vec::new()
            }
            RowVerb::Delete if change.condition.is_none() || !change.chosen => self.rows(&change.table),
            // With writable_schema, what these rows tell of is gone.
            RowVerb::Delete if self.dialect == Dialect::Sqlite => {
                change.table.iter().filter(|table| holds_schema(table)).map(entries).collect()
            }
            RowVerb::Update if change.deletes_others => {
                let old = change.table.iter().filter(|table| !self.is_new(table));
                old.map(|table| equal_rows(table, "rows that are equal in a key")).collect()
            }
            RowVerb::Delete | RowVerb::Update | RowVerb::Merge => Vec::new(),
        }
    }

    /// Takes note of rows that come into `to`, if they are all rows of one table.
    fn copied(&mut self, selection: Option<&Selection>, to: &ObjectName) {
        let Some(selection) = selection.filter(|selection| selection.every_row) else { return };
        let names = || selection.columns.iter().flat_map(|column| &column.names).cloned().collect();
        let names = (!selection.every_column()).then(names);
        let from = selection.sources.first().map(|from| self.key(from));
        let to = self.key(to);
        self.copies.extend(from.map(|from| Copy { from, to, names }));
    }

    fn alter(&mut self, alter: AlterTable) -> Vec<Loss> {
        let mut table = alter.table;
        let refused = alter.ignore && !self.is_new(&table) && alter.actions.iter().any(makes_unique);
        let refused = refused.then(|| equal_rows(&table, "rows that are equal in a new key"));
        let lost = |action: Action| self.action(&mut table, action.kind);
        refused.into_iter().chain(alter.actions.into_iter().filter_map(lost)).collect()
    }

    fn action(&mut self, table: &mut ObjectName, action: ActionKind) -> Option<Loss> {
        let new = self.is_new(table);
        match action {
            ActionKind::AddColumn { column, if_not_exists } => {
                // One that may have been there may hold something.
                if !if_not_exists {
                    self.columns.insert((self.key(table), self.dialect.fold(&column.name)));
                }
                None
            }
            ActionKind::RenameColumn { from, to } => {
                self.renamed_column(table, from, &to);
                None
            }
            ActionKind::Redefine { from, column } => {
                let old = !new && !self.columns.contains(&(self.key(table), self.dialect.fold(&from)));
                let loss = (self.lenient && old).then(|| Loss::Part {
                    table: table.to_string(),
                    part: format!("values of {from} that its new type can't hold"),
                });
                self.renamed_column(table, from, &column.name);
                loss
            }
            ActionKind::RenameTable { to } => {
                let to = ObjectName { schema: to.schema.or_else(|| table.schema.clone()), name: to.name };
                self.moved(table, &to);
                *table = to;
                None
            }
            ActionKind::SetSchema { schema } => {
                let to = ObjectName { schema: Some(schema), name: table.name.clone() };
                self.moved(table, &to);
                *table = to;
                None
            }
            other => (!new).then(|| self.lost_part(table, other)).flatten(),
        }
    }

    /// What an action deletes of a table that was there ("ALTER TABLE" in the manuals).
    fn lost_part(&self, table: &ObjectName, action: ActionKind) -> Option<Loss> {
        let name = table.to_string();
        match action {
            ActionKind::DropColumn { column, .. } => {
                let new = self.columns.contains(&(self.key(table), self.dialect.fold(&column)));
                (!new).then_some(Loss::Column { table: name, column })
            }
            ActionKind::Tablespace(true) | ActionKind::Partition { work: PartitionWork::Truncate, .. } => {
                Some(Loss::Rows { table: name })
            }
            ActionKind::Partition { work: PartitionWork::Drop, partitions } => {
                let some = if partitions.len() == 1 { "partition" } else { "partitions" };
                Some(Loss::Part { table: name, part: format!("{some} {}", partitions.join(", ")) })
            }
            // It keeps no rows (MySQL manual, "The BLACKHOLE Storage Engine").
            ActionKind::Option(TableOption::Engine(engine)) if engine.eq_ignore_ascii_case("BLACKHOLE") => {
                Some(Loss::Rows { table: name })
            }
            ActionKind::Versioning(false) => {
                Some(Loss::Part { table: name, part: "the earlier versions of the rows".to_owned() })
            }
            ActionKind::AddColumn { .. }
            | ActionKind::RenameColumn { .. }
            | ActionKind::SetType { .. }
            | ActionKind::Redefine { .. }
            | ActionKind::SetDefault { .. }
            | ActionKind::DropDefault { .. }
            | ActionKind::SetNotNull { .. }
            | ActionKind::DropNotNull { .. }
            | ActionKind::SetExpression { .. }
            | ActionKind::DropExpression { .. }
            | ActionKind::Identity { .. }
            | ActionKind::ColumnStatistics { .. }
            | ActionKind::ColumnStorage { .. }
            | ActionKind::AddConstraint(_)
            | ActionKind::AddIndex(_)
            | ActionKind::DropIndex { .. }
            | ActionKind::RenameIndex { .. }
            | ActionKind::IndexVisibility { .. }
            | ActionKind::DropConstraint { .. }
            | ActionKind::DropForeignKey { .. }
            | ActionKind::DropPrimaryKey
            | ActionKind::ValidateConstraint { .. }
            | ActionKind::AlterConstraint { .. }
            | ActionKind::RenameConstraint { .. }
            | ActionKind::RenameTable { .. }
            | ActionKind::SetSchema { .. }
            | ActionKind::SetTablespace
            | ActionKind::SetLogged(_)
            | ActionKind::SetAccessMethod
            | ActionKind::StorageParameters
            | ActionKind::Owner
            | ActionKind::ClusterOn
            | ActionKind::ReplicaIdentity
            | ActionKind::Inherit { .. }
            | ActionKind::NoInherit { .. }
            | ActionKind::Trigger(_)
            | ActionKind::AttachPartition { .. }
            | ActionKind::DetachPartition { .. }
            | ActionKind::Partition { .. }
            | ActionKind::Versioning(_)
            | ActionKind::Option(_)
            | ActionKind::ConvertCharset
            | ActionKind::Force
            | ActionKind::OrderBy
            | ActionKind::Tablespace(_)
            | ActionKind::Harmless
            | ActionKind::Other(_) => None,
        }
    }

    fn renamed_column(&mut self, table: &ObjectName, from: String, to: &str) {
        let key = self.key(table);
        let (old, new) = ((key.clone(), self.dialect.fold(&from)), (key, self.dialect.fold(to)));
        if old == new {
            return;
        }
        if self.columns.remove(&old) {
            self.columns.insert(new.clone());
        }
        let first = self.renamed.remove(&old).unwrap_or(from);
        self.renamed.insert(new, first);
    }

    fn moved(&mut self, from: &ObjectName, to: &ObjectName) {
        let (from, to) = (self.key(from), self.key(to));
        match self.tables.remove(&from) {
            true => self.tables.insert(to.clone()),
            false => self.tables.remove(&to),
        };
        let columns = self.columns.iter().filter(|(table, _)| *table == from).cloned().collect::<Vec<_>>();
        for (table, column) in columns {
            self.columns.remove(&(table, column.clone()));
            self.columns.insert((to.clone(), column));
        }
        for copy in &mut self.copies {
            for end in [&mut copy.from, &mut copy.to].into_iter().filter(|end| **end == from) {
                end.clone_from(&to);
            }
        }
    }
}

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

/// Whether a `SET` of `sql_mode` lets a column's values be cut to its new type (MySQL 8.4 manual, 7.1.11
/// "Server SQL Modes"); nothing for another setting. What it was before is taken to refuse them.
fn leniency(setting: &Setting) -> Option<bool> {
    let text = format!("{}={}", setting.name, setting.value);
    let value = assigned(&text, "sql_mode")?;
    let taken_out = value.starts_with("replace");
    let before = value.contains('@') && !taken_out || value == "default";
    let strict = value.contains("strict_") || value.contains("traditional");
    Some(!before && (!strict || taken_out))
}

/// What a setting is set to, and what follows that, where several are set at once: `@a = @@mode, mode = ''`.
fn assigned<'a>(text: &'a str, setting: &str) -> Option<&'a str> {
    let found = text.match_indices(setting).filter_map(|(at, _)| {
        let part_of_a_name = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = text[at + setting.len()..].trim_start();
        let value = rest.strip_prefix(":=").or_else(|| rest.strip_prefix('='))?;
        (!part_of_a_name).then(|| value.trim_start())
    });
    found.last()
}

fn equal_rows(table: &ObjectName, part: &str) -> Loss {
    Loss::Part { table: table.to_string(), part: part.to_owned() }
}

fn entries(table: &ObjectName) -> Loss {
    Loss::Part { table: table.to_string(), part: "tables with their rows, by the entries".to_owned() }
}

fn makes_unique(action: &Action) -> bool {
    match &action.kind {
        ActionKind::AddIndex(index) => index.unique,
        ActionKind::AddConstraint(added) => {
            matches!(added.kind, ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. })
        }
        _ => false,
    }
}

/// Whether it is rows that are written out, often very many: told without reading them.
fn only_adds_values(dialect: Dialect, statement: &str) -> bool {
    let adds = Words::beginning(dialect, statement).first().is_one_of(&["INSERT", "REPLACE"]);
    adds && !statement.as_bytes().windows(6).any(|part| part.eq_ignore_ascii_case(b"SELECT"))
}
