//! Models as objects of a schema, in the words in which the servers keep them. Beside `render`, which writes
//! the same models as statements: what an engine can't do is the same error in both, because both take their
//! types, defaults and refusals from there. What is read back from a server may still be written otherwise,
//! so that none of this is compared with it (decision D4).

mod column;
mod constraint;
mod index;
mod type_name;

use super::{ModelName, ModelOption, ModelTable, Naming, naming, render};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    schema::{Body, Object, ObjectId, ObjectKind, Options, Table},
};

pub(crate) use super::{flavour::is_for, naming::enum_check};
use column::column;
pub(crate) use column::{data_type, default};
use constraint::primary_key;
pub(crate) use constraint::{Unique, check, foreign_key, unique};
pub(crate) use index::index;

/// The model with names for everything, none of which another table has.
pub(crate) fn named(table: &ModelTable, other: &ModelTable) -> ModelTable {
    let named = naming::named(&[table.clone(), other.clone()], &Naming::default());
    // With the usual names nothing can go wrong that was not said to be so.
    named.ok().and_then(|named| named.into_iter().next()).unwrap_or_else(|| table.clone())
}

/// The id of a table or a type.
///
/// # Errors
/// A namespace on an engine that has none.
pub(crate) fn id(kind: ObjectKind, name: &ModelName, flavour: Flavour) -> Result<ObjectId, Diagnostic> {
    match (name.schema(flavour), flavour.dialect()) {
        (Some(_), Dialect::Sqlite | Dialect::Mysql) => {
            Err(render::unsupported(flavour, &name.name, "schemas within a database"))
        }
        (schema, _) => Ok(ObjectId::new(kind, schema, &name.name)),
    }
}

/// A table with its columns, constraints and indexes. What has no name has to have got one.
///
/// # Errors
/// What this engine can't have.
pub(crate) fn table(model: &ModelTable, flavour: Flavour) -> Result<Object, Diagnostic> {
    let id = id(ObjectKind::Table, &model.name, flavour)?;
    let mut table = Table { options: options(model, flavour)?, ..Table::default() };
    if let Some(by) = model.option(flavour, ModelOption::PartitionBy) {
        table.partition_by = Some(by.to_owned());
    }
    for said in &model.columns {
        table.columns.push(column(model, said, flavour)?);
    }
    if !model.primary_key.columns.is_empty() {
        table.constraints.push(primary_key(model, flavour));
    }
    for said in &model.uniques {
        unique(model, said, flavour)?.add_to(&mut table);
    }
    for said in &model.foreign_keys {
        table.constraints.push(foreign_key(said, &id, flavour)?);
    }
    table.constraints.extend(model.checks.iter().filter_map(|said| check(said, flavour)));
    for said in &model.indexes {
        table.indexes.push(index(said, flavour)?);
    }
    let comment = model.comment.clone().filter(|_| flavour != Flavour::Sqlite);
    Ok(Object::new(id, Body::Table(table)).with_comment(comment))
}

/// The options of a table under the names that inspection gives them.
fn options(model: &ModelTable, flavour: Flavour) -> Result<Options, Diagnostic> {
    let names: &[(ModelOption, &str)] = match flavour.dialect() {
        Dialect::Sqlite => &[(ModelOption::Strict, "strict"), (ModelOption::WithoutRowid, "without_rowid")],
        Dialect::Postgres => &[
            (ModelOption::Unlogged, "unlogged"),
            (ModelOption::Fillfactor, "with.fillfactor"),
            (ModelOption::Tablespace, "tablespace"),
            (ModelOption::PartitionBy, ""),
        ],
        Dialect::Mysql => &[
            (ModelOption::Engine, "engine"),
            (ModelOption::Charset, "charset"),
            (ModelOption::Collation, "collation"),
            (ModelOption::RowFormat, "row_format"),
            (ModelOption::AutoIncrement, "auto_increment"),
            (ModelOption::PartitionBy, ""),
        ],
    };
    let own = |of: Flavour| of == flavour || (flavour, of) == (Flavour::Mariadb, Flavour::Mysql);
    let mut options = Options::new();
    for ((_, option), _) in model.options.iter().filter(|((of, _), _)| own(*of)) {
        let Some((_, name)) = names.iter().find(|(known, _)| known == option) else {
            let message = format!("{}: {} has no table option {option:?}", model.name, flavour.title());
            return Err(Diagnostic::new(ErrorKind::Unsupported, message));
        };
        if let Some(value) = model.option(flavour, *option).filter(|_| !name.is_empty()) {
            options.insert((*name).to_owned(), value.to_owned());
        }
    }
    Ok(options)
}
