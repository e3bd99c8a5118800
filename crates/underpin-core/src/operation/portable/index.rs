//! Indexes as operations say them, under the names that they have.

use super::{Each, Side, alike, column::comment, constraint::columns, worded};
use crate::{
    dialect::{Dialect, Flavour},
    model::{ModelKey, ModelPart},
    operation::{Index, Part},
    schema::{self, ConstraintKind, IndexPart, Key, Table},
};

/// An index as several servers have it.
pub(super) type Indexes<'a> = Each<'a, &'a schema::Index>;

/// The index; nothing where it is more than an operation says.
pub(super) fn index(each: &Indexes<'_>) -> Option<Index> {
    let (_, first) = each.first()?;
    if !each.iter().all(|(_, index)| index.valid && index.parts.len() == first.parts.len()) {
        return None;
    }
    let parts: Option<Vec<Part>> = (0..first.parts.len()).map(|at| part(each, at)).collect();
    let mut said = Index::new(parts?);
    said.model.name = Some(alike(each.iter().map(|(_, index)| &index.name))?.clone());
    said.model.unique = alike(each.iter().map(|(_, index)| index.unique))?;
    said.model.method = alike(each.iter().map(|(_, index)| &index.method))?.clone();
    said.model.include = alike(each.iter().map(|(_, index)| &index.include))?.clone();
    said.model.nulls_not_distinct = alike(each.iter().map(|(_, index)| index.nulls_not_distinct))?;
    said.model.predicate = predicate(each)?;
    said.invisible = alike(each.iter().map(|(_, index)| index.invisible))?;
    said.model.comment = comment(each.iter().map(|(side, index)| (*side, index.comment.as_ref())))?;
    for (side, index) in each {
        let options = index.options.iter();
        said.parameters.extend(options.map(|(name, value)| (side.flavour, name.clone(), value.clone())));
    }
    Some(said)
}

/// One text for all servers: an index has no other for each.
fn same(texts: &[(Side<'_>, String)]) -> Option<String> {
    let text = worded(texts);
    let all = texts.iter().map(|(side, _)| text.get(side.flavour));
    alike(all)?.cloned()
}

fn predicate(each: &Indexes<'_>) -> Option<Option<String>> {
    let own: Vec<(Side<'_>, String)> =
        each.iter().filter_map(|(side, index)| Some((*side, index.predicate.clone()?))).collect();
    match own.len() {
        0 => Some(None),
        some if some == each.len() => same(&own).map(Some),
        _ => None,
    }
}

fn part(each: &Indexes<'_>, at: usize) -> Option<Part> {
    let parts: Vec<(Side<'_>, &IndexPart)> =
        each.iter().map(|(side, index)| (*side, &index.parts[at])).collect();
    let texts: Vec<(Side<'_>, String)> = parts
        .iter()
        .map(|(side, part)| match &part.key {
            Key::Column(text) | Key::Expression(text) => (*side, text.clone()),
        })
        .collect();
    let is_column = alike(parts.iter().map(|(_, part)| matches!(part.key, Key::Column(_))))?;
    let key = if is_column { ModelKey::Column(same(&texts)?) } else { ModelKey::Expression(same(&texts)?) };
    let lengths: Vec<Option<u32>> = parts
        .iter()
        .filter(|(side, _)| side.flavour.dialect() == Dialect::Mysql)
        .map(|(_, part)| part.length)
        .collect();
    let model = ModelPart {
        descending: alike(parts.iter().map(|(_, part)| part.descending))?,
        nulls_first: alike(parts.iter().map(|(_, part)| part.nulls_first))?,
        operator_class: alike(parts.iter().map(|(_, part)| &part.operator_class))?.clone(),
        length: if lengths.is_empty() { None } else { alike(lengths)? },
        ..ModelPart::of(key)
    };
    let collation = alike(parts.iter().map(|(_, part)| &part.collation))?.as_ref();
    Some(Part { model, collation: collation.map(|name| name.trim_matches('"').to_owned()) })
}

/// Whether an index is the one that came with a foreign key by itself (MySQL, MariaDB).
pub(super) fn is_of_key(flavour: Flavour, table: &Table, index: &schema::Index) -> bool {
    let is_own = |columns: &[String]| {
        let parts: Vec<IndexPart> = columns.iter().map(|column| IndexPart::column(column)).collect();
        *index == schema::Index::new(&index.name, parts)
    };
    flavour.dialect() == Dialect::Mysql
        && table.constraints.iter().any(|one| match &one.kind {
            ConstraintKind::ForeignKey(key) => one.name.as_ref() == Some(&index.name) && is_own(&key.columns),
            _ => false,
        })
}

/// A unique index of MySQL or MariaDB as the constraint that it is there; nothing where it is more than one.
pub(super) fn as_constraint(flavour: Flavour, index: &schema::Index) -> Option<schema::Constraint> {
    let plain = schema::Index { unique: true, ..schema::Index::new(&index.name, index.parts.clone()) };
    if flavour.dialect() != Dialect::Mysql || *index != plain || columns(&index.parts).is_none() {
        return None;
    }
    let kind = ConstraintKind::Unique { parts: index.parts.clone(), nulls_not_distinct: false };
    Some(schema::Constraint::new(Some(index.name.clone()), kind))
}
