//! The statements of a run, followed one by one: what each deletes of what was there before the run. What it
//! means for the run is not decided here.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Loss,
    leniency::{converts, leniency, makes_key, makes_unique, statement_leniency},
    made::{Key, Made},
    precision::may_lose_precision,
};
use crate::{
    dialect::Dialect,
    impact::postgres::using_is_plain,
    sql::{Code, codes, words::Words},
    statement::{
        self, Action, ActionKind, AlterTable, AlterType, CreateTable, DataType, Drop, ObjectClass,
        ObjectName, PartitionWork, RowChange, RowVerb, Selection, Statement, TableOption,
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
    to_name: ObjectName,
    /// The names that it takes; nothing where it takes every column.
    names: Option<Vec<String>>,
}

impl Losses {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            made: Made::new(dialect),
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
        self.copied(create.selection.as_ref(), table);
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
        kept.map(|kept| Loss::Rebuild { table, kept }).into_iter().collect()
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
                if let Some(table) = change.table.as_ref().filter(|_| !change.ignore) {
                    self.copied(change.selection.as_ref(), table);
                }
                Vec::new()
            }
            RowVerb::Delete if change.condition.is_none() || !change.chosen => {
                self.rows(change.table.iter().chain(&change.also))
            }
            // With writable_schema, what these rows tell of is gone.
            RowVerb::Delete if self.dialect == Dialect::Sqlite => {
                change.table.iter().filter(|table| holds_schema(table)).map(entries).collect()
            }
            RowVerb::Update if change.deletes_others => {
                let old = change.table.iter().filter(|table| !self.is_new(table));
                old.map(|table| part_of(table, "rows that are equal in a key")).collect()
            }
            RowVerb::Delete | RowVerb::Update | RowVerb::Merge => Vec::new(),
        }
    }

    /// Takes note of rows that come into `to`, if they are all rows of one table.
    fn copied(&mut self, selection: Option<&Selection>, to: &ObjectName) {
        let Some(selection) = selection.filter(|selection| selection.every_row) else { return };
        let names = || selection.columns.iter().flat_map(|column| &column.names).cloned().collect();
        let names = (!selection.every_column()).then(names);
        let Some(from) = selection.sources.first().filter(|_| self.made.keeps(to)) else { return };
        self.copies.push(Copy { from: self.key(from), to: self.key(to), to_name: to.clone(), names });
    }

    fn alter(&mut self, alter: AlterTable) -> Vec<Loss> {
        let mut table = alter.table;
        let old = !self.is_new(&table);
        let any = |has: fn(&Action) -> bool| old && alter.actions.iter().any(has);
        let equal = (alter.ignore && any(makes_unique)).then_some("rows that are equal in a new key");
        let unfit = (any(converts) && (alter.ignore || self.lenient)) || (any(makes_key) && self.lenient);
        let unfit = unfit.then_some("rows and values that what it becomes can't hold");
        let lost: Vec<Loss> =
            [equal, unfit].into_iter().flatten().map(|part| part_of(&table, part)).collect();
        let each = |action: Action| self.action(&mut table, action.kind, alter.ignore);
        lost.into_iter().chain(alter.actions.into_iter().filter_map(each)).collect()
    }

    fn action(&mut self, table: &mut ObjectName, action: ActionKind, ignore: bool) -> Option<Loss> {
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
                let loss = if !old {
                    None
                } else if self.lenient || ignore {
                    let part = format!("values of {from} that its new type can't hold");
                    Some(Loss::Part { table: table.to_string(), part })
                } else {
                    column.data_type.as_ref().and_then(|to| self.converted(table, &from, to, false))
                };
                self.renamed_column(table, from, &column.name);
                loss
            }
            ActionKind::SetType { column, data_type, using, .. } => {
                let old = !new && !self.columns.contains(&(self.key(table), self.dialect.fold(&column)));
                // What is computed is meant as it is computed.
                let plain = using.as_ref().is_none_or(|using| using_is_plain(using, &column, &data_type));
                let loss = || self.converted(table, &column, &data_type, using.is_some());
                (old && plain).then(loss).flatten()
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
            ActionKind::DropColumn { column, .. } if new => {
                // A copy without it holds less than the table that it is of.
                if !self.columns.contains(&(self.key(table), self.dialect.fold(&column))) {
                    self.emptied(table);
                }
                None
            }
            ActionKind::Partition { work: PartitionWork::Exchange { with: Some(other), .. }, .. } => {
                // It has the rows of the partition then.
                self.emptied(&other);
                self.made.forget(&other);
                None
            }
            other => (!new).then(|| self.lost_part(table, other)).flatten(),
        }
    }

    /// A column that gets another type, if there are values that would lose something by it.
    fn converted(&self, table: &ObjectName, column: &str, to: &DataType, cast: bool) -> Option<Loss> {
        if !may_lose_precision(self.dialect, to) {
            return None;
        }
        let before = self.renamed.get(&(self.key(table), self.dialect.fold(column)));
        let column = before.map_or(column, String::as_str).to_owned();
        Some(Loss::Conversion { table: table.to_string(), column, data_type: to.to_string(), cast })
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

    fn moved(&mut self, old: &ObjectName, new: &ObjectName) {
        let from = self.key(old);
        self.made.rename(old, new);
        let to = self.key(new);
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
fn only_adds_values(dialect: Dialect, statement: &str) -> bool {
    let adds = Words::beginning(dialect, statement).first().is_one_of(&["INSERT", "REPLACE"]);
    adds && !statement.as_bytes().windows(6).any(|part| part.eq_ignore_ascii_case(b"SELECT"))
}
