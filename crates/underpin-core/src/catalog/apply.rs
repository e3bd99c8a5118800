//! What a statement makes of the catalog. What it leaves as it is, is not in here.

use crate::{
    dialect::Dialect,
    statement::{
        AlterDomain, AlterType, ColumnDefinition, ConstraintDefinition, ConstraintKind, CreateDomain,
        CreateTable, CreateTrigger, CreateView, DataType, Drop, IndexDefinition, ObjectClass, ObjectName,
        Statement,
    },
};

use super::{Birth, Catalog, Column, Constraint, Index, Table, Trigger, View};

impl Catalog {
    /// Takes note of a statement that is executed; what it makes is there since `birth`.
    pub fn apply(&mut self, statement: &Statement, birth: Birth) {
        if self.dialect == Dialect::Postgres {
            self.path.follow(statement);
        }
        match statement {
            Statement::CreateTable(create) => self.create_table(create, birth),
            Statement::AlterTable(alter) => self.alter_table(alter, birth),
            Statement::Drop(drop) => self.drop(drop),
            Statement::CreateIndex(index) => self.create_index(index, birth),
            Statement::AlterIndex { index, renamed: Some(to), .. } => {
                self.rename_index(&index.name, &to.name)
            }
            Statement::CreateView(view) => self.create_view(view, birth),
            Statement::CreateTrigger(trigger) => self.create_trigger(trigger),
            Statement::CreateEnum(enumeration) => {
                let key = self.dialect.fold(&enumeration.name.name);
                self.enums.insert(key, enumeration.values.clone());
            }
            Statement::Define { class, name: Some(name), fixed, .. } if class == "FUNCTION" => {
                let key = self.dialect.fold(&name.name);
                self.functions.insert(key, *fixed);
            }
            Statement::AlterType(AlterType::AddValue { name, value, .. }) => {
                let key = self.dialect.fold(&name.name);
                self.enums.entry(key).or_default().push(value.clone());
            }
            Statement::CreateDomain(domain) => self.create_domain(domain),
            Statement::AlterDomain(AlterDomain::Narrow { name, .. }) => {
                let key = self.dialect.fold(&name.name);
                if let Some(domain) = self.domains.get_mut(&key) {
                    domain.constrained = true;
                }
            }
            Statement::RenameTables(renamed) => {
                for (from, to) in renamed {
                    self.rename_table(from, to);
                }
            }
            Statement::Define { .. }
            | Statement::AlterIndex { renamed: None, .. }
            | Statement::AttachIndex { .. }
            | Statement::Reindex(_)
            | Statement::AlterView(_)
            | Statement::AlterType(_)
            | Statement::AlterDomain(_)
            | Statement::RenameSchema { .. }
            | Statement::Truncate { .. }
            | Statement::Rows(_)
            | Statement::Transaction(_)
            | Statement::Set(_)
            | Statement::Maintenance(_)
            | Statement::Lock { .. }
            | Statement::Grant
            | Statement::Comment { .. }
            | Statement::Other(_) => {}
        }
    }

    /// The table, to be changed; one that is not known is from now on, by its name.
    pub(super) fn known(&mut self, name: &ObjectName) -> &mut Table {
        let placed = self.placed(name).into_owned();
        let key = self.key(name).unwrap_or_else(|| self.dialect.fold(&placed.to_string()));
        self.tables.known(key, &placed)
    }

    fn create_table(&mut self, create: &CreateTable, birth: Birth) {
        let Some(name) = &create.table else { return };
        if create.if_not_exists && self.table(name).is_some() {
            return;
        }
        let name = if create.temporary { name.clone() } else { self.placed(name).into_owned() };
        let mut table = Table {
            birth,
            complete: create.like.is_empty() && !create.as_query && create.inherits.is_empty(),
            partitioned: create.partitioned,
            partition_key: create.partition_key.clone(),
            partition_of: create.partition_of.as_ref().map(|of| of.parent.clone()),
            default_partition: create.partition_of.as_ref().is_some_and(|of| of.default),
            inherits: create.inherits.clone(),
            temporary: create.temporary,
            unlogged: create.unlogged,
            options: create.options.clone(),
            ..Table::stub(name.clone())
        };
        if let Some(parent) = create.partition_of.as_ref().and_then(|of| self.table(&of.parent)) {
            table.columns = parent.columns.clone();
            table.constraints = parent.constraints.iter().filter(|it| it.is_inherited()).cloned().collect();
            table.complete = parent.complete;
        }
        for like in create.like.iter().filter_map(|like| self.table(like)) {
            table.columns.extend(like.columns.iter().cloned());
        }
        for column in &create.columns {
            table.add_column(self, column, birth);
        }
        for constraint in &create.constraints {
            table.add_constraint(self.dialect, constraint, birth);
        }
        for index in &create.indexes {
            table.add_index(index, birth);
        }
        let key = self.dialect.fold(&name.to_string());
        self.tables.insert(key, table);
    }

    fn create_index(&mut self, index: &IndexDefinition, birth: Birth) {
        let Some(table) = &index.table else { return };
        if let Some(view) = self.views.get_mut(&table.name) {
            view.unique_index |= index.unique;
            return;
        }
        let there = index.name.as_ref().is_some_and(|name| self.index(&name.name).is_some());
        if !(index.if_not_exists && there) {
            self.known(table).add_index(index, birth);
        }
    }

    /// A domain over one that refuses values refuses them, too.
    fn create_domain(&mut self, domain: &CreateDomain) {
        let base = domain.base.as_ref().and_then(|base| self.domain(&base.name));
        let constrained = domain.constrained || base.is_some_and(|base| base.constrained);
        let key = self.dialect.fold(&domain.name.name);
        self.domains.insert(key, CreateDomain { constrained, ..domain.clone() });
    }

    fn create_view(&mut self, view: &CreateView, birth: Birth) {
        let key = self.dialect.fold(&view.view.name);
        let known = View {
            materialized: view.materialized,
            names: view.names.clone(),
            calls: view.calls.clone(),
            unique_index: false,
            birth,
        };
        self.views.insert(key, known);
    }

    fn create_trigger(&mut self, trigger: &CreateTrigger) {
        let (Some(table), Some(name)) = (&trigger.table, &trigger.name) else { return };
        if let Some(table) = self.key(table).and_then(|key| self.tables.get_mut(&key)) {
            table.triggers.push(Trigger {
                name: name.name.clone(),
                each_row: trigger.each_row,
                columns: trigger.columns.clone(),
                function: trigger.function.clone(),
            });
        }
    }

    fn rename_index(&mut self, from: &str, to: &str) {
        for table in self.tables.values_mut() {
            for index in table.indexes.iter_mut().filter(|index| index.name.eq_ignore_ascii_case(from)) {
                to.clone_into(&mut index.name);
            }
        }
    }

    pub(super) fn rename_table(&mut self, from: &ObjectName, to: &ObjectName) {
        let Some(old) = self.table(from).map(|table| table.name.clone()) else { return };
        let new = ObjectName { schema: to.schema.clone().or(old.schema.clone()), name: to.name.clone() };
        self.rename_in_relatives(&old, &new);
        let Some(mut table) = self.key(&old).and_then(|key| self.tables.remove(&key)) else { return };
        table.name = new;
        let key = self.dialect.fold(&table.name.to_string());
        self.tables.insert(key, table);
    }

    fn drop(&mut self, drop: &Drop) {
        for name in &drop.names {
            match drop.class {
                ObjectClass::Table | ObjectClass::ForeignTable => {
                    if let Some(key) = self.key(name) {
                        self.tables.remove(&key);
                    }
                }
                ObjectClass::Index => {
                    for table in self.tables.values_mut() {
                        table.indexes.retain(|index| !index.name.eq_ignore_ascii_case(&name.name));
                    }
                }
                ObjectClass::View | ObjectClass::MaterializedView => {
                    let key = self.dialect.fold(&name.name);
                    self.views.remove(&key);
                }
                ObjectClass::Type => {
                    let key = self.dialect.fold(&name.name);
                    self.enums.remove(&key);
                    self.domains.remove(&key);
                }
                ObjectClass::Trigger => {
                    for table in self.tables.values_mut() {
                        table.triggers.retain(|trigger| !trigger.name.eq_ignore_ascii_case(&name.name));
                    }
                }
                ObjectClass::Owned
                | ObjectClass::Schema
                | ObjectClass::Database
                | ObjectClass::Sequence
                | ObjectClass::Policy
                | ObjectClass::Extension
                | ObjectClass::Other(_) => {}
            }
        }
    }
}

impl Table {
    pub(super) fn add_column(&mut self, catalog: &Catalog, definition: &ColumnDefinition, birth: Birth) {
        let domain = definition.data_type.as_ref().and_then(|data_type| catalog.domain(&data_type.name));
        let mut column = Column::of(definition, birth);
        column.default = column.default.or_else(|| domain.and_then(|domain| domain.default.clone()));
        self.columns.push(column);
        for constraint in &definition.constraints {
            self.add_constraint(catalog.dialect, constraint, birth);
        }
    }

    pub(super) fn add_constraint(
        &mut self,
        dialect: Dialect,
        definition: &ConstraintDefinition,
        birth: Birth,
    ) {
        let name = definition.name.clone().unwrap_or_else(|| self.name_of(dialect, &definition.kind));
        let mut kind = definition.kind.clone();
        match &mut kind {
            ConstraintKind::PrimaryKey { columns, index } | ConstraintKind::Unique { columns, index } => {
                let primary = matches!(definition.kind, ConstraintKind::PrimaryKey { .. });
                if let Some(used) = index.take() {
                    self.take_index(&used, &name, columns);
                } else {
                    self.indexes.push(Index::of_key(&name, columns, birth));
                }
                if primary {
                    self.set_nullable(columns, false);
                }
            }
            ConstraintKind::NotNull { column } if !definition.not_valid => {
                let columns = [column.clone()];
                self.set_nullable(&columns, false);
            }
            ConstraintKind::Exclusion => {
                let known = |name: &&String| self.column(name).is_some();
                let columns: Vec<String> = definition.excluded.iter().filter(known).cloned().collect();
                self.indexes.push(Index { unique: false, ..Index::of_key(&name, &columns, birth) });
            }
            ConstraintKind::NotNull { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::ForeignKey { .. } => {}
        }
        let enforced = !definition.not_enforced;
        self.constraints.push(Constraint { name, kind, validated: !definition.not_valid, enforced, birth });
    }

    /// The index becomes a constraint's: it gets its name and gives it its columns.
    fn take_index(&mut self, index: &str, name: &str, columns: &mut Vec<String>) {
        for index in self.indexes.iter_mut().filter(|known| known.name.eq_ignore_ascii_case(index)) {
            *columns = index.columns();
            name.clone_into(&mut index.name);
        }
    }

    pub(super) fn set_nullable(&mut self, columns: &[String], nullable: bool) {
        let named = |column: &&mut Column| columns.iter().any(|name| name.eq_ignore_ascii_case(&column.name));
        for column in self.columns.iter_mut().filter(named) {
            column.nullable = nullable;
        }
    }

    pub(super) fn add_index(&mut self, definition: &IndexDefinition, birth: Birth) {
        let name = definition.name.as_ref().map_or_else(
            || format!("{}_{}_idx", self.name.name, definition.columns().collect::<Vec<_>>().join("_")),
            |name| name.name.clone(),
        );
        self.indexes.push(Index::of(definition, name, birth));
    }

    /// The name that the server gives a constraint that has none (PostgreSQL: "CREATE TABLE",
    /// `ChooseConstraintName`; MySQL: `t_ibfk_1`, `t_chk_1`).
    fn name_of(&self, dialect: Dialect, kind: &ConstraintKind) -> String {
        let table = &self.name.name;
        let count = self.constraints.len() + 1;
        match (kind, dialect) {
            (ConstraintKind::PrimaryKey { .. }, Dialect::Mysql) => "PRIMARY".to_owned(),
            (ConstraintKind::PrimaryKey { .. }, _) => format!("{table}_pkey"),
            (ConstraintKind::Unique { columns, .. }, Dialect::Mysql) => {
                columns.first().cloned().unwrap_or_default()
            }
            (ConstraintKind::Unique { columns, .. }, _) => format!("{table}_{}_key", columns.join("_")),
            (ConstraintKind::Check { .. }, Dialect::Mysql) => format!("{table}_chk_{count}"),
            (ConstraintKind::Check { expression }, _) => {
                match self.columns.iter().find(|column| expression.mentions(&column.name)) {
                    Some(column) => format!("{table}_{}_check", column.name),
                    None => format!("{table}_check"),
                }
            }
            (ConstraintKind::ForeignKey { .. }, Dialect::Mysql) => format!("{table}_ibfk_{count}"),
            (ConstraintKind::ForeignKey { columns, .. }, _) => format!("{table}_{}_fkey", columns.join("_")),
            (ConstraintKind::Exclusion, _) => format!("{table}_excl"),
            (ConstraintKind::NotNull { column }, _) => format!("{table}_{column}_not_null"),
        }
    }
}

impl Column {
    pub(super) fn of(definition: &ColumnDefinition, birth: Birth) -> Self {
        Self {
            name: definition.name.clone(),
            birth,
            data_type: definition.data_type.as_ref().map(DataType::without_sequence),
            nullable: !definition.not_null(),
            default: definition.default.clone(),
            generated: definition.generated.as_ref().map(|generated| generated.stored),
            expression: definition.generated.as_ref().map(|generated| generated.expression.clone()),
            counted: definition.identity || definition.auto_increment || definition.serial(),
            collation: definition.collation.clone(),
        }
    }
}

impl Index {
    pub(super) fn of_key(name: &str, columns: &[String], birth: Birth) -> Self {
        let parts = columns.iter().cloned().map(crate::statement::IndexPart::Column).collect();
        let definition = IndexDefinition { unique: true, parts, ..IndexDefinition::default() };
        Self::of(&definition, name.to_owned(), birth)
    }

    /// The columns among its parts.
    pub fn columns(&self) -> Vec<String> {
        let columns = self.parts.iter().filter_map(|part| match part {
            crate::statement::IndexPart::Column(name) => Some(name.clone()),
            crate::statement::IndexPart::Expression(_) => None,
        });
        columns.collect()
    }
}
