//! A table that SQLite's users build anew, because its `ALTER TABLE` can't change it: the new table, the
//! rows that are copied, and what comes to its name. Not whether it is done safely.

use crate::{
    catalog::Table,
    statement::{
        ActionKind, AlterTable, CreateTable, Drop, Expression, ObjectClass, ObjectName, RowChange, RowVerb,
        Selection, Statement,
    },
};

use super::Context;

/// The rebuild that a `DROP TABLE` is a part of.
pub(super) struct Rebuild<'a> {
    /// The table that is dropped, under the name that it has then.
    pub(super) old: &'a ObjectName,
    /// The table that takes its place.
    pub(super) create: &'a CreateTable,
    /// How its rows come over.
    pub(super) copy: Option<&'a RowChange>,
    /// The old table, if what `*` takes of it is known.
    ordered: Option<&'a Table>,
}

impl<'a> Rebuild<'a> {
    /// The rebuild that the statement, if it drops a table, is a part of.
    pub(super) fn at(context: &Context<'a>) -> Option<Self> {
        let Statement::Drop(Drop { class: ObjectClass::Table, names, .. }) = context.statement else {
            return None;
        };
        let [old] = names.as_slice() else { return None };
        Self::new_table_renamed(context, old)
            .or_else(|| Self::old_table_renamed(context, old))
            .or_else(|| Self::kept_aside(context, old))
    }

    /// `CREATE new; INSERT INTO new SELECT … FROM old; DROP old; ALTER new RENAME TO old`: as SQLite's
    /// documentation of `ALTER TABLE`, section 7, has it.
    fn new_table_renamed(context: &Context<'a>, old: &'a ObjectName) -> Option<Self> {
        let new = context
            .later()
            .iter()
            .find_map(|statement| renamed(statement).filter(|(_, to)| same(to, old)).map(|(from, _)| from))?;
        let create = created_nearby(context, new)?;
        let copy = copied(context.earlier().iter().rev(), new, Some(old));
        Some(Self { old, create, copy, ordered: known(context, old) })
    }

    /// `ALTER t RENAME TO old; CREATE t; INSERT INTO t SELECT … FROM old; DROP old`.
    fn old_table_renamed(context: &Context<'a>, old: &'a ObjectName) -> Option<Self> {
        let table =
            context.earlier().iter().rev().find_map(|statement| {
                renamed(statement).filter(|(_, to)| same(to, old)).map(|(from, _)| from)
            })?;
        let create = created_nearby(context, table)?;
        let copy = copied(context.earlier().iter().rev(), table, Some(old));
        Some(Self { old, create, copy, ordered: known(context, old) })
    }

    /// `INSERT INTO aside SELECT … FROM t; DROP t; CREATE t; INSERT INTO t SELECT … FROM aside`.
    fn kept_aside(context: &Context<'a>, old: &'a ObjectName) -> Option<Self> {
        let create = created(context.later(), old)?;
        let copy = copied(context.later(), old, None)?;
        let aside = copy.sources().first()?;
        let filled = copied(context.earlier().iter().rev(), aside, Some(old)).is_some();
        let made_of_it = created_nearby(context, aside).is_some_and(|create| create.as_query);
        (filled || made_of_it).then_some(Self { old, create, copy: Some(copy), ordered: None })
    }

    /// Whether rows come over at all.
    pub(super) fn copied(&self) -> bool {
        self.copy.is_some() || self.create.as_query
    }

    /// Whether the values of a column of the old table come over, under its name or another.
    pub(super) fn keeps(&self, column: &str) -> bool {
        let Some(copy) = self.copy else {
            let selection = self.create.selection.as_ref();
            return selection.is_none_or(|it| it.every_column() || mentions(it, column));
        };
        let Some(selection) = &copy.selection else { return false };
        if selection.every_column() {
            return copy.columns.is_empty() || self.has(column);
        }
        mentions(selection, column)
    }

    /// The column of the old table that a column of the new one is filled from, if it is just that.
    pub(super) fn source(&self, column: &str) -> Option<String> {
        let found = self.pairs().into_iter().find(|(target, _)| target.eq_ignore_ascii_case(column));
        found.and_then(|(_, source)| source)
    }

    /// The columns of the new table that are filled, and the column of the old one that each is filled from,
    /// if it is just that.
    pub(super) fn pairs(&self) -> Vec<(&'a str, Option<String>)> {
        let selection = match self.copy {
            Some(copy) => copy.selection.as_ref(),
            None => self.create.selection.as_ref(),
        };
        let Some(selection) = selection else { return Vec::new() };
        let targets: Vec<&str> = match self.copy {
            Some(copy) if !copy.columns.is_empty() => copy.columns.iter().map(String::as_str).collect(),
            // A generated column is not filled.
            Some(_) | None => {
                let stored = self.create.columns.iter().filter(|column| column.generated.is_none());
                stored.map(|column| column.name.as_str()).collect()
            }
        };
        if selection.every_column() {
            let ordered = self.ordered.map(|table| table.columns.iter().map(|column| column.name.clone()));
            return match ordered {
                Some(sources) => targets.into_iter().zip(sources.map(Some)).collect(),
                None => targets.into_iter().map(|target| (target, Some(target.to_owned()))).collect(),
            };
        }
        targets.into_iter().zip(selection.columns.iter().map(bare)).collect()
    }

    /// The columns that get another name: before and after.
    pub(super) fn renamed(&self) -> Vec<(String, &'a str)> {
        let new = self.create.columns.iter().map(|column| column.name.as_str());
        new.filter_map(|column| {
            let source = self.source(column)?;
            (!source.eq_ignore_ascii_case(column) && !self.has(&source)).then_some((source, column))
        })
        .collect()
    }

    /// Whether the new table has a column of this name.
    pub(super) fn has(&self, column: &str) -> bool {
        self.create.columns.iter().any(|known| known.name.eq_ignore_ascii_case(column))
    }
}

fn mentions(selection: &Selection, column: &str) -> bool {
    selection.columns.iter().any(|selected| selected.mentions(column))
}

/// The old table, if all of its columns are known.
fn known<'a>(context: &Context<'a>, old: &ObjectName) -> Option<&'a Table> {
    context.table(old).filter(|table| table.complete)
}

/// The column that an expression is, if it is no more than that.
fn bare(expression: &Expression) -> Option<String> {
    let [name] = expression.names.as_slice() else { return None };
    let plain = expression.text.chars().all(|it| it.is_alphanumeric() || "_.\"`[]' ".contains(it));
    (plain && expression.calls.is_empty() && !expression.constant).then(|| name.clone())
}

/// Whether two names are of the same table, whatever schema they say.
pub(super) fn same(one: &ObjectName, other: &ObjectName) -> bool {
    one.name.eq_ignore_ascii_case(&other.name)
}

/// The table that a statement gives another name, before and after.
pub(super) fn renamed(statement: &Statement) -> Option<(&ObjectName, &ObjectName)> {
    let Statement::AlterTable(AlterTable { table, actions, .. }) = statement else { return None };
    actions.iter().find_map(|action| match &action.kind {
        ActionKind::RenameTable { to } => Some((table, to)),
        _ => None,
    })
}

/// The statement that creates a table of this name.
pub(super) fn created<'a>(
    script: impl IntoIterator<Item = &'a Statement>,
    table: &ObjectName,
) -> Option<&'a CreateTable> {
    script.into_iter().find_map(|statement| match statement {
        Statement::CreateTable(create) if create.table.as_ref().is_some_and(|name| same(name, table)) => {
            Some(create)
        }
        _ => None,
    })
}

/// The same, nearest to the statement: the same table may be built anew more than once.
fn created_nearby<'a>(context: &Context<'a>, table: &ObjectName) -> Option<&'a CreateTable> {
    created(context.earlier().iter().rev(), table).or_else(|| created(context.later(), table))
}

fn copied<'a>(
    script: impl IntoIterator<Item = &'a Statement>,
    into: &ObjectName,
    from: Option<&ObjectName>,
) -> Option<&'a RowChange> {
    script.into_iter().find_map(|statement| match statement {
        Statement::Rows(change)
            if change.verb == RowVerb::Insert
                && change.from_query
                && change.table.as_ref().is_some_and(|table| same(table, into))
                && from.is_none_or(|from| change.sources().iter().any(|source| same(source, from))) =>
        {
            Some(change)
        }
        _ => None,
    })
}
