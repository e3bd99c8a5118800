//! Models as the statements that create them, for one engine. What an engine can't do is an error here, before
//! anything is sent to it; what it merely finds wrong is left to it.

mod check;
pub(super) mod column;
mod comment;
pub(super) mod constraint;
pub(super) mod data_type;
pub(super) mod index;
mod order;
mod table;

use super::{ModelEnum, ModelName, ModelTable, ModelType, Naming, flavour::is_for, naming};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    name::{literal, quote, quote_in},
};

/// The statements that create these models, without semicolons, in an order in which the server takes them:
/// namespaces, extensions, enums, tables with their indexes and comments, and at last the foreign keys of
/// tables that refer to each other in a circle, which SQLite takes within the tables.
///
/// # Errors
/// A model that names a table, a column or an option that is not there, or one that this engine can't have;
/// two things that the convention for names calls alike.
///
/// ```
/// use underpin_core::{
///     dialect::Flavour,
///     model::{ModelColumn, ModelName, ModelTable, ModelType, Naming, statements},
/// };
///
/// let mut orders = ModelTable::new(ModelName::new("orders"));
/// orders.columns.push(ModelColumn::new("note", ModelType::String));
/// let statements = statements(&[orders], &Naming::new(), Flavour::Mysql)?;
/// assert_eq!(statements, ["CREATE TABLE `orders` (\n    `note` VARCHAR(255) NOT NULL\n)"]);
/// # Ok::<(), underpin_core::diagnostic::Diagnostic>(())
/// ```
pub fn statements(
    tables: &[ModelTable],
    naming: &Naming,
    flavour: Flavour,
) -> Result<Vec<String>, Diagnostic> {
    let named = naming::named(tables, naming)?;
    let tables: Vec<ModelTable> = named.into_iter().map(|table| on_this_engine(table, flavour)).collect();
    check::check(&tables, flavour)?;
    let order = order::ordered(&tables, flavour);
    let mut statements = namespaces(&tables, flavour);
    statements.extend(extensions(&tables, flavour));
    statements.extend(enums(&tables, flavour)?);
    for table in &order.tables {
        statements.push(table::create(table, &order, flavour)?);
        if flavour != Flavour::Mysql && flavour != Flavour::Mariadb {
            for index in &table.indexes {
                statements.push(index::create(table, index, flavour)?);
            }
        }
        statements.extend(comment::statements(table, flavour));
    }
    for (table, key) in &order.deferred {
        let constraint = constraint::foreign_key(key, flavour)?;
        statements.push(format!("ALTER TABLE {} ADD {constraint}", qualified(&table.name, flavour)));
    }
    Ok(statements)
}

/// The model without what other engines alone have.
fn on_this_engine(mut table: ModelTable, flavour: Flavour) -> ModelTable {
    table.uniques.retain(|unique| is_for(&unique.only, flavour));
    table.checks.retain(|check| is_for(&check.only, flavour) && check.expression.get(flavour).is_some());
    table.foreign_keys.retain(|key| is_for(&key.only, flavour));
    table.indexes.retain(|index| is_for(&index.only, flavour));
    table
}

/// The name of a table or type with its namespace, quoted.
fn qualified(name: &ModelName, flavour: Flavour) -> String {
    quote_in(flavour.dialect(), name.schema(flavour), &name.name)
}

/// Names of columns, quoted.
fn list(columns: &[String], flavour: Flavour) -> String {
    let quoted: Vec<String> = columns.iter().map(|column| quote(flavour.dialect(), column)).collect();
    quoted.join(", ")
}

fn namespaces(tables: &[ModelTable], flavour: Flavour) -> Vec<String> {
    let of_enums = used_enums(tables, flavour).map(|enumeration| &enumeration.name);
    let names = tables.iter().map(|table| &table.name).chain(of_enums);
    let mut schemas: Vec<&str> = names.filter_map(|name| name.schema(flavour)).collect();
    schemas.sort_unstable();
    schemas.dedup();
    schemas
        .into_iter()
        .filter(|schema| *schema != "public")
        .map(|schema| format!("CREATE SCHEMA IF NOT EXISTS {}", quote(flavour.dialect(), schema)))
        .collect()
}

fn extensions(tables: &[ModelTable], flavour: Flavour) -> Vec<String> {
    if flavour != Flavour::Postgres {
        return Vec::new();
    }
    let mut names: Vec<&String> = tables.iter().flat_map(|table| &table.extensions).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|name| format!("CREATE EXTENSION IF NOT EXISTS {}", quote(flavour.dialect(), name)))
        .collect()
}

/// The enums that columns have on this engine.
fn used_enums(tables: &[ModelTable], flavour: Flavour) -> impl Iterator<Item = &ModelEnum> {
    let columns = tables.iter().flat_map(|table| &table.columns);
    columns.filter_map(move |column| column.data_type.get(flavour).and_then(ModelType::enumeration))
}

/// The enums, where they are types of their own.
fn enums(tables: &[ModelTable], flavour: Flavour) -> Result<Vec<String>, Diagnostic> {
    if flavour != Flavour::Postgres {
        return Ok(Vec::new());
    }
    let mut made: Vec<&ModelEnum> = Vec::new();
    let mut statements = Vec::new();
    for enumeration in used_enums(tables, flavour) {
        match made.iter().find(|other| other.name == enumeration.name) {
            Some(other) if other.values == enumeration.values => {}
            Some(_) => {
                let message =
                    format!("two enums are called {} and have not the same values", enumeration.name);
                return Err(Diagnostic::new(ErrorKind::Model, message)
                    .hint("name one of them: #[enumeration(name = \"…\")]"));
            }
            None => {
                made.push(enumeration);
                statements.extend(create_enum(enumeration, flavour));
            }
        }
    }
    Ok(statements)
}

fn create_enum(enumeration: &ModelEnum, flavour: Flavour) -> Vec<String> {
    let dialect = flavour.dialect();
    let values: Vec<String> = enumeration.values.iter().map(|value| literal(dialect, &value.name)).collect();
    let name = qualified(&enumeration.name, flavour);
    let create = format!("CREATE TYPE {name} AS ENUM ({})", values.join(", "));
    let comment = enumeration.comment.as_ref();
    let comment = comment.map(|comment| format!("COMMENT ON TYPE {name} IS {}", literal(dialect, comment)));
    [Some(create), comment].into_iter().flatten().collect()
}

/// What an engine does not have.
pub(crate) fn unsupported(flavour: Flavour, owner: &str, what: &str) -> Diagnostic {
    Diagnostic::new(ErrorKind::Unsupported, format!("{owner}: {} has no {what}", flavour.title()))
}

#[cfg(test)]
mod tests;
