//! What `ALTER TABLE` deletes of a table, and what it calls its columns from then on. Not the tables as a whole.

use super::{
    super::{
        Loss,
        leniency::{converts, makes_key, makes_unique},
        precision::may_lose_precision,
    },
    EARLIER_VERSIONS, Losses, part_of,
};
use crate::{
    impact::postgres::using_is_plain,
    statement::{Action, ActionKind, AlterTable, DataType, ObjectName, PartitionWork, TableOption},
};

/// A column that gets another name in a statement.
struct Renamed {
    from: String,
    to: String,
    /// What it was called before the first statement.
    first: String,
    /// Whether the run has made it.
    new: bool,
    /// Whether the statement adds another one of its old name.
    again: bool,
}

impl Losses {
    pub(super) fn alter(&mut self, alter: AlterTable) -> Vec<Loss> {
        let mut table = alter.table;
        let old = !self.is_new(&table);
        let any = |has: fn(&Action) -> bool| old && alter.actions.iter().any(has);
        let equal = (alter.ignore && any(makes_unique)).then_some("rows that are equal in a new key");
        let unfit = (any(converts) && (alter.ignore || self.lenient)) || (any(makes_key) && self.lenient);
        let unfit = unfit.then_some("rows and values that what it becomes can't hold");
        let lost: Vec<Loss> =
            [equal, unfit].into_iter().flatten().map(|part| part_of(&table, part)).collect();
        let renamed = self.renamed_in(&table, &alter.actions);
        let each = |action: Action| self.action(&mut table, action.kind, alter.ignore);
        let losses = lost.into_iter().chain(alter.actions.into_iter().filter_map(each)).collect();
        self.rename_columns(&table, renamed);
        losses
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
            ActionKind::Redefine { from, column } => {
                let old = !new && !self.columns.contains(&(self.key(table), self.dialect.fold(&from)));
                if !old {
                    None
                } else if self.lenient || ignore {
                    let part = format!("values of {from} that its new type can't hold");
                    Some(Loss::Part { table: table.to_string(), part })
                } else {
                    column.data_type.as_ref().and_then(|to| self.converted(table, &from, to, false))
                }
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
        may_lose_precision(self.dialect, to).then(|| self.conversion(table, column, to, cast))
    }

    /// The same, of the table and the column as they were called before the run.
    pub(super) fn conversion(&self, table: &ObjectName, column: &str, to: &DataType, cast: bool) -> Loss {
        let key = self.key(table);
        let called = self.called.get(&key).cloned();
        let before = self.renamed.get(&(key, self.dialect.fold(column)));
        let column = before.map_or(column, String::as_str).to_owned();
        let table = called.unwrap_or_else(|| table.to_string());
        Loss::Conversion { table, column, data_type: to.to_string(), cast }
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
            // It keeps them until the server is stopped ("The MEMORY Storage Engine" in the manual).
            ActionKind::Option(TableOption::Engine(engine))
                if ["MEMORY", "HEAP"].iter().any(|memory| engine.eq_ignore_ascii_case(memory)) =>
            {
                Some(Loss::Rows { table: name })
            }
            ActionKind::Versioning(false) => {
                Some(Loss::Part { table: name, part: EARLIER_VERSIONS.to_owned() })
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

    /// The columns that get other names by these actions, before any of them does: two may exchange theirs.
    fn renamed_in(&self, table: &ObjectName, actions: &[Action]) -> Vec<Renamed> {
        let key = self.key(table);
        let added: Vec<String> = actions
            .iter()
            .filter_map(|action| match &action.kind {
                ActionKind::AddColumn { column, .. } => Some(self.dialect.fold(&column.name)),
                _ => None,
            })
            .collect();
        let renamed = actions.iter().filter_map(|action| {
            let (from, to) = match &action.kind {
                ActionKind::RenameColumn { from, to } => (from, to),
                ActionKind::Redefine { from, column } => (from, &column.name),
                _ => return None,
            };
            let (old, to) = (self.dialect.fold(from), self.dialect.fold(to));
            let place = (key.clone(), old.clone());
            let first = self.renamed.get(&place).unwrap_or(from).clone();
            let (new, again) = (self.columns.contains(&place), added.contains(&old));
            (old != to).then_some(Renamed { from: old, to, first, new, again })
        });
        renamed.collect()
    }

    fn rename_columns(&mut self, table: &ObjectName, renamed: Vec<Renamed>) {
        let key = self.key(table);
        for column in &renamed {
            let place = (key.clone(), column.from.clone());
            self.renamed.remove(&place);
            if column.new && !column.again {
                self.columns.remove(&place);
            }
        }
        for column in renamed {
            let place = (key.clone(), column.to);
            if column.new {
                self.columns.insert(place.clone());
            }
            self.renamed.insert(place, column.first);
        }
    }
}
