//! What the actions of an `ALTER TABLE` make of the catalog.

use crate::{
    dialect::Dialect,
    statement::{ActionKind, AlterTable, ConstraintKind, ObjectName, TableOption},
};

use super::{Birth, Catalog, Column, Table};

impl Catalog {
    pub(super) fn alter_table(&mut self, alter: &AlterTable, birth: Birth) {
        if self.view(&alter.table).is_some()
            || (alter.if_exists && self.complete && self.table(&alter.table).is_none())
        {
            return;
        }
        let mut name = alter.table.clone();
        for action in &alter.actions {
            let below = if alter.only { Vec::new() } else { self.reached_below(&name, &action.kind) };
            self.alter(&mut name, &action.kind, birth);
            let kind = self.with_its_name(&name, &action.kind);
            for mut child in below {
                self.alter(&mut child, &kind, birth);
            }
        }
    }

    /// The tables below that an action on one changes in a way which is told of each of them.
    fn reached_below(&self, table: &ObjectName, action: &ActionKind) -> Vec<ObjectName> {
        let reaches = match action {
            ActionKind::SetNotNull { .. }
            | ActionKind::DropNotNull { .. }
            | ActionKind::ValidateConstraint { .. }
            | ActionKind::DropConstraint { .. } => true,
            ActionKind::AddConstraint(constraint) => {
                matches!(constraint.kind, ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. })
            }
            _ => false,
        };
        if !reaches || self.dialect != Dialect::Postgres {
            return Vec::new();
        }
        self.below(table).into_iter().map(|child| child.name.clone()).collect()
    }

    /// The action, with the name that the table's new constraint has got: it has that below as well.
    fn with_its_name(&self, table: &ObjectName, action: &ActionKind) -> ActionKind {
        let mut action = action.clone();
        if let ActionKind::AddConstraint(constraint) = &mut action {
            let last = self.table(table).and_then(|table| table.constraints.last());
            constraint.name = last.map(|last| last.name.clone());
        }
        action
    }

    /// Takes note of one action on the table `name`, which it may give another one.
    pub fn alter(&mut self, name: &mut ObjectName, action: &ActionKind, birth: Birth) {
        match action {
            ActionKind::RenameTable { to } => {
                self.rename_table(name, to);
                *name = to.clone();
            }
            ActionKind::AttachPartition { partition, default, .. } => {
                let parent = name.clone();
                let table = self.known(partition);
                table.partition_of = Some(parent);
                table.default_partition = *default;
            }
            ActionKind::DetachPartition { partition, .. } => self.known(partition).partition_of = None,
            ActionKind::AddColumn { column, if_not_exists } => {
                let there = self.table(name).is_some_and(|table| table.column(&column.name).is_some());
                if !(there && *if_not_exists) {
                    // The table is taken out, because its new column's domain is looked up meanwhile.
                    let mut table = self.known(name).clone();
                    table.add_column(self, column, birth);
                    *self.known(name) = table;
                }
            }
            ActionKind::AddConstraint(constraint) => {
                let dialect = self.dialect;
                self.known(name).add_constraint(dialect, constraint, birth);
            }
            _ => {
                let dialect = self.dialect;
                self.known(name).alter(dialect, action, birth);
            }
        }
    }
}

impl Table {
    fn named(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    fn alter(&mut self, dialect: Dialect, action: &ActionKind, birth: Birth) {
        match action {
            ActionKind::DropColumn { column, .. } => self.drop_column(column),
            ActionKind::RenameColumn { from, to } => self.rename_column(dialect, from, to),
            ActionKind::SetType { column, data_type, .. } => {
                if let Some(column) = self.named(column) {
                    column.data_type = Some(data_type.clone());
                }
            }
            ActionKind::Redefine { from, column } => {
                self.rename_column(dialect, from, &column.name);
                if let Some(known) = self.named(&column.name) {
                    *known = Column { birth: known.birth, ..Column::of(column, birth) };
                }
            }
            ActionKind::SetDefault { column, default } => {
                if let Some(column) = self.named(column) {
                    column.default = Some(default.clone());
                }
            }
            ActionKind::DropDefault { column } => {
                if let Some(column) = self.named(column) {
                    column.default = None;
                }
            }
            ActionKind::SetNotNull { column } => self.set_nullable(std::slice::from_ref(column), false),
            ActionKind::DropNotNull { column } => self.set_nullable(std::slice::from_ref(column), true),
            ActionKind::AddIndex(index) => self.add_index(index, birth),
            ActionKind::DropIndex { index } => {
                self.indexes.retain(|known| !known.name.eq_ignore_ascii_case(index))
            }
            ActionKind::RenameIndex { from, to } => {
                for index in self.indexes.iter_mut().filter(|known| known.name.eq_ignore_ascii_case(from)) {
                    to.clone_into(&mut index.name);
                }
            }
            // The index that came with it stays.
            ActionKind::DropForeignKey { constraint } => {
                self.constraints.retain(|known| !known.name.eq_ignore_ascii_case(constraint));
            }
            ActionKind::DropConstraint { constraint, .. } => {
                self.constraints.retain(|known| !known.name.eq_ignore_ascii_case(constraint));
                self.indexes.retain(|known| !known.name.eq_ignore_ascii_case(constraint));
            }
            ActionKind::DropPrimaryKey => {
                self.constraints.retain(|known| !matches!(known.kind, ConstraintKind::PrimaryKey { .. }));
                self.indexes.retain(|known| known.name != "PRIMARY");
            }
            ActionKind::ValidateConstraint { constraint } => self.validate(constraint),
            ActionKind::AlterConstraint { constraint, enforced: Some(enforced) } => {
                for known in self.constraints.iter_mut().filter(|known| known.name == *constraint) {
                    known.enforced = *enforced;
                }
            }
            ActionKind::RenameConstraint { from, to } => {
                for known in self.constraints.iter_mut().filter(|known| known.name == *from) {
                    to.clone_into(&mut known.name);
                }
            }
            ActionKind::SetLogged(logged) => self.unlogged = !logged,
            ActionKind::SetSchema { schema } => self.name.schema = Some(schema.clone()),
            ActionKind::Inherit { parent } => self.inherits.push(parent.clone()),
            ActionKind::NoInherit { parent } => self.inherits.retain(|of| of.name != parent.name),
            ActionKind::Option(option) => self.set_option(option),
            _ => {}
        }
    }

    fn set_option(&mut self, option: &TableOption) {
        self.options.retain(|known| std::mem::discriminant(known) != std::mem::discriminant(option));
        self.options.push(option.clone());
    }

    fn validate(&mut self, constraint: &str) {
        let mut proven = Vec::new();
        for known in self.constraints.iter_mut().filter(|known| known.name == *constraint) {
            known.validated = true;
            if let ConstraintKind::NotNull { column } = &known.kind {
                proven.push(column.clone());
            }
        }
        self.set_nullable(&proven, false);
    }

    fn drop_column(&mut self, column: &str) {
        self.columns.retain(|known| !known.name.eq_ignore_ascii_case(column));
        self.indexes.retain(|index| !index.about(column));
        let gone: Vec<String> = self.checks_on(column).map(|check| check.name.clone()).collect();
        self.constraints.retain(|constraint| !gone.contains(&constraint.name));
    }

    fn rename_column(&mut self, dialect: Dialect, from: &str, to: &str) {
        for constraint in &mut self.constraints {
            rename_in(&mut constraint.kind, dialect, from, to);
        }
        if let Some(column) = self.named(from) {
            to.clone_into(&mut column.name);
        }
        for index in &mut self.indexes {
            for part in &mut index.parts {
                if let crate::statement::IndexPart::Column(name) = part
                    && name.eq_ignore_ascii_case(from)
                {
                    to.clone_into(name);
                }
            }
        }
    }
}

/// Gives a column its new name in a constraint.
fn rename_in(kind: &mut ConstraintKind, dialect: Dialect, from: &str, to: &str) {
    match kind {
        ConstraintKind::PrimaryKey { columns, .. }
        | ConstraintKind::Unique { columns, .. }
        | ConstraintKind::ForeignKey { columns, .. } => {
            for column in columns.iter_mut().filter(|column| column.eq_ignore_ascii_case(from)) {
                to.clone_into(column);
            }
        }
        ConstraintKind::Check { expression } => {
            if expression.mentions(from) && !from.eq_ignore_ascii_case(to) {
                expression.rename(dialect, from, to);
            }
        }
        ConstraintKind::NotNull { column } if column == from => to.clone_into(column),
        ConstraintKind::NotNull { .. } | ConstraintKind::Exclusion => {}
    }
}
