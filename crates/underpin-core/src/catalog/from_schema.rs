//! A catalog from what inspection read of a live database.

use crate::{
    dialect::Dialect,
    schema::{self, Body, Key, ObjectId, ObjectKind, Schema},
    statement::{
        self, ConstraintKind, CreateDomain, DataType, Expression, IndexKind, IndexPart, ObjectName,
        Reference, TableOption,
    },
};

use super::{Birth, Catalog, Column, Constraint, Index, Table, View};

impl From<&Schema> for Catalog {
    fn from(schema: &Schema) -> Self {
        let mut catalog = Self::empty(schema.flavour.dialect());
        for (id, object) in &schema.objects {
            catalog.insert(id, &object.body);
        }
        // They stand on tables, whatever order the objects have.
        for object in schema.objects.values() {
            if let Body::Trigger(trigger) = &object.body {
                catalog.apply(&statement::parse(catalog.dialect, &trigger.create), Birth::Before);
            }
        }
        catalog
    }
}

impl Catalog {
    fn insert(&mut self, id: &ObjectId, body: &Body) {
        match body {
            Body::Table(table) => {
                let table = self.table_of(id, table);
                let key = self.dialect.fold(&table.name.to_string());
                self.tables.insert(key, table);
            }
            Body::Enum(enumeration) => {
                self.enums.insert(id.name.clone(), enumeration.values.clone());
            }
            Body::Domain(domain) => {
                let name = name(id);
                let constrained = !domain.nullable || !domain.constraints.is_empty();
                let default = domain.default.as_deref().map(|text| Expression::parse(self.dialect, text));
                let base = DataType::parse(self.dialect, &domain.data_type);
                self.domains.insert(id.name.clone(), CreateDomain { name, base, constrained, default });
            }
            Body::View(view) => {
                let Expression { names, calls, .. } = Expression::parse(self.dialect, &view.query);
                let materialized = id.kind == ObjectKind::MaterializedView;
                let unique_index = view.indexes.iter().any(|index| index.unique);
                self.views.insert(
                    self.dialect.fold(&id.name),
                    View { materialized, names, calls, unique_index, birth: Birth::Before },
                );
            }
            Body::Routine(routine) => {
                self.apply(&statement::parse(self.dialect, &routine.create), Birth::Before);
            }
            Body::Namespace
            | Body::Composite(_)
            | Body::Sequence(_)
            | Body::Trigger(_)
            | Body::Policy(_)
            | Body::Definition(_) => {}
        }
    }

    fn table_of(&self, id: &ObjectId, table: &schema::Table) -> Table {
        let mut known = Table {
            complete: true,
            columns: table.columns.iter().map(|column| self.column_of(column)).collect(),
            partitioned: table.partition_by.is_some(),
            partition_key: table
                .partition_by
                .as_deref()
                .map(|key| Expression::parse(self.dialect, key).names)
                .unwrap_or_default(),
            partition_of: table.partition_of.as_ref().map(|of| name(&of.parent)),
            default_partition: table.partition_of.as_ref().is_some_and(|of| of.bound == "DEFAULT"),
            inherits: table.inherits.iter().map(name).collect(),
            unlogged: table.options.contains_key("unlogged"),
            options: options(table),
            ..Table::stub(name(id))
        };
        for constraint in &table.constraints {
            let constraint = self.constraint_of(constraint);
            if let ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } =
                &constraint.kind
            {
                known.indexes.push(Index::of_key(&constraint.name, columns, Birth::Before));
            }
            known.constraints.push(constraint);
        }
        // MariaDB: a check that belongs to its column.
        let own =
            table.columns.iter().filter_map(|column| Some((&column.name, column.options.get("check")?)));
        known.constraints.extend(own.map(|(name, check)| Constraint {
            name: name.clone(),
            kind: ConstraintKind::Check { expression: Expression::parse(self.dialect, check) },
            validated: true,
            enforced: true,
            birth: Birth::Before,
        }));
        known.indexes.extend(table.indexes.iter().map(|index| index_of(self.dialect, index)));
        known
    }

    fn column_of(&self, column: &schema::Column) -> Column {
        let parse = |text: &String| Expression::parse(self.dialect, text);
        Column {
            name: column.name.clone(),
            birth: Birth::Before,
            data_type: DataType::parse(self.dialect, &column.data_type),
            nullable: column.nullable,
            default: column.default.as_ref().map(parse),
            generated: column.generated.as_ref().map(|generated| generated.stored),
            expression: column.generated.as_ref().map(|generated| parse(&generated.expression)),
            counted: column.identity.is_some() || column.auto_increment,
            collation: column.collation.clone(),
        }
    }

    fn constraint_of(&self, constraint: &schema::Constraint) -> Constraint {
        let kind = match &constraint.kind {
            schema::ConstraintKind::PrimaryKey { parts } => {
                ConstraintKind::PrimaryKey { columns: columns(parts), index: None }
            }
            schema::ConstraintKind::Unique { parts, .. } => {
                ConstraintKind::Unique { columns: columns(parts), index: None }
            }
            schema::ConstraintKind::Check { expression } => {
                ConstraintKind::Check { expression: Expression::parse(self.dialect, expression) }
            }
            schema::ConstraintKind::ForeignKey(key) => ConstraintKind::ForeignKey {
                columns: key.columns.clone(),
                reference: Reference {
                    table: name(&key.table),
                    columns: key.referenced.clone(),
                    on_delete_cascade: key.on_delete == schema::Action::Cascade,
                },
            },
            schema::ConstraintKind::Exclusion => ConstraintKind::Exclusion,
            schema::ConstraintKind::NotNull { column } => ConstraintKind::NotNull { column: column.clone() },
        };
        Constraint {
            name: constraint.name.clone().unwrap_or_default(),
            kind,
            validated: constraint.validated,
            enforced: constraint.enforced,
            birth: Birth::Before,
        }
    }
}

fn name(id: &ObjectId) -> ObjectName {
    ObjectName { schema: id.schema.clone(), name: id.name.clone() }
}

fn columns(parts: &[schema::IndexPart]) -> Vec<String> {
    let column = |part: &schema::IndexPart| match &part.key {
        Key::Column(name) => Some(name.clone()),
        Key::Expression(_) => None,
    };
    parts.iter().filter_map(column).collect()
}

fn index_of(dialect: Dialect, index: &schema::Index) -> Index {
    let part = |part: &schema::IndexPart| match &part.key {
        Key::Column(name) => IndexPart::Column(name.clone()),
        Key::Expression(text) => IndexPart::Expression(text.clone()),
    };
    Index {
        name: index.name.clone(),
        unique: index.unique,
        kind: match index.method.as_deref() {
            Some("fulltext") => IndexKind::Fulltext,
            Some("spatial") => IndexKind::Spatial,
            Some(_) | None => IndexKind::Plain,
        },
        parts: index.parts.iter().map(part).collect(),
        partial: index.predicate.is_some(),
        predicate: index.predicate.as_deref().map(|text| Expression::parse(dialect, text)),
        valid: index.valid,
        birth: Birth::Before,
    }
}

fn options(table: &schema::Table) -> Vec<TableOption> {
    let mut options = Vec::new();
    if let Some(engine) = table.options.get("engine") {
        options.push(TableOption::Engine(engine.to_uppercase()));
    }
    if let Some(format) = table.options.get("row_format") {
        options.push(TableOption::RowFormat(format.to_uppercase()));
    }
    if let Some(collation) = table.options.get("collation") {
        options.push(TableOption::Charset(collation.to_uppercase()));
    }
    options
}
