//! An index of a model as an index of a schema.

use crate::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
    model::{ModelIndex, ModelKey, ModelName, ModelPart, ModelTable, render::index as rendered},
    schema::{Index, IndexPart, Key},
};

/// An index. It has to have got a name.
///
/// # Errors
/// What this engine can't have.
pub(crate) fn index(index: &ModelIndex, flavour: Flavour) -> Result<Index, Diagnostic> {
    match flavour.dialect() {
        Dialect::Mysql => rendered::inline(index, flavour)?,
        Dialect::Sqlite | Dialect::Postgres => {
            rendered::create(&ModelTable::new(ModelName::new("")), index, flavour)?
        }
    };
    let name = index.name.clone().unwrap_or_default();
    let parts = index.parts.iter().map(|said| part(said, flavour)).collect();
    Ok(Index {
        unique: index.unique,
        method: rendered::method(index).map(str::to_ascii_lowercase),
        include: index.include.clone(),
        predicate: index.predicate.clone(),
        nulls_not_distinct: index.nulls_not_distinct,
        comment: index.comment.clone().filter(|_| flavour != Flavour::Sqlite),
        ..Index::new(&name, parts)
    })
}

fn part(part: &ModelPart, flavour: Flavour) -> IndexPart {
    let key = match &part.key {
        ModelKey::Column(column) => Key::Column(column.clone()),
        ModelKey::Expression(expression) => Key::Expression(expression.clone()),
    };
    IndexPart {
        descending: part.descending,
        nulls_first: part.nulls_first,
        operator_class: part.operator_class.as_deref().map(rendered::class_name),
        length: part.length.filter(|_| flavour.dialect() == Dialect::Mysql),
        ..IndexPart::of(key)
    }
}
