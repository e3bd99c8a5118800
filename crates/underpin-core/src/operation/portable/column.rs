//! A column as an operation says it.

use super::{Each, Side, alike, constraint, data_type::data_type, default::default, per_flavour, worded};
use crate::{
    dialect::{Dialect, Flavour},
    model::{Counting, ModelGenerated, ModelType, PerFlavour},
    operation::Column,
    schema::{self, Table},
};

/// A column as several servers have it, with the table that it is in.
pub(super) type Columns<'a> = Each<'a, (&'a Table, &'a schema::Column)>;

/// The column; nothing where it is more than an operation says.
pub(super) fn column(each: &Columns<'_>) -> Option<Column> {
    let name = alike(each.iter().map(|(_, (_, column))| &column.name))?;
    let types = types(each);
    let mut said = Column::new(name, types.clone());
    said.model.counting = counting(each)?;
    let is_generated = each.iter().any(|(_, (_, column))| column.generated.is_some());
    let own = each.iter().filter(|(side, (table, column))| {
        // A number of a row may be null in words only, and what MariaDB computes has no nullability.
        !(is_row_number(*side, table, column) || is_generated && side.flavour == Flavour::Mariadb)
    });
    let nullable = own.map(|(_, (_, column))| column.nullable).collect::<Vec<_>>();
    said.model.nullable = if nullable.is_empty() { false } else { alike(nullable)? };
    let defaults = each.iter().filter(|(_, (_, column))| column.default.is_some()).count();
    if defaults == each.len() && !is_generated {
        said.model.default = default(&defaulted(each, &types));
    } else if defaults > 0 {
        return None;
    }
    if is_generated {
        said.model.generated = generated(each)?;
    }
    described(each, &mut said, &types)?;
    Some(said)
}

pub(super) fn types(each: &Columns<'_>) -> PerFlavour<ModelType> {
    let strict = each.iter().any(|(_, (table, _))| table.options.contains_key("strict"));
    let columns: Vec<_> = each.iter().map(|(side, (_, column))| (*side, *column)).collect();
    data_type(&columns, strict)
}

/// The defaults with the types that they are of.
pub(super) fn defaulted<'a>(
    each: &Columns<'a>,
    types: &'a PerFlavour<ModelType>,
) -> Vec<(Side<'a>, (&'a str, Option<&'a ModelType>))> {
    each.iter()
        .filter_map(|(side, (_, column))| {
            Some((*side, (column.default.as_deref()?, types.get(side.flavour))))
        })
        .collect()
}

/// Who numbers the rows; nothing where they are numbered in a way of which more is to be said.
fn counting(each: &Columns<'_>) -> Option<Option<Counting>> {
    let own = each.iter().map(|(side, (table, column))| match &column.identity {
        Some(identity) if identity.always => Some(Counting::Always),
        Some(_) => Some(Counting::ByDefault),
        None if column.auto_increment && side.flavour == Flavour::Sqlite => Some(Counting::NeverAgain),
        None if column.auto_increment || is_row_number(*side, table, column) => Some(Counting::ByDefault),
        None => None,
    });
    let own: Vec<Option<Counting>> = own.collect();
    // What one engine alone can do, the others do as they do anyway.
    let special = own.iter().flatten().find(|counting| **counting != Counting::ByDefault);
    if own.iter().any(Option::is_none) {
        // On SQLite the number of a row is one whether somebody counts or not.
        let counted =
            own.iter().zip(each).any(|(one, (side, _))| one.is_some() && side.flavour != Flavour::Sqlite);
        return (!counted && special.is_none()).then_some(None);
    }
    Some(special.copied().or(Some(Counting::ByDefault)))
}

/// Whether a column is SQLite's number of the row under a name of its own.
fn is_row_number(side: Side<'_>, table: &Table, column: &schema::Column) -> bool {
    side.flavour == Flavour::Sqlite
        && column.data_type.eq_ignore_ascii_case("INTEGER")
        && column.nullable
        && constraint::primary_key(table).is_some_and(|key| key == [column.name.as_str()])
}

fn generated(each: &Columns<'_>) -> Option<PerFlavour<ModelGenerated>> {
    let own: Option<Vec<(Side<'_>, String)>> = each
        .iter()
        .map(|(side, (_, column))| Some((*side, column.generated.as_ref()?.expression.clone())))
        .collect();
    let own = own?;
    let expressions = worded(&own);
    let each = each.iter().map(|(side, (_, column))| {
        let expression = expressions.get(side.flavour)?.clone();
        Some((side.flavour, ModelGenerated { expression, stored: column.generated.as_ref()?.stored }))
    });
    Some(per_flavour(each.collect::<Option<Vec<_>>>()?))
}

/// What else is known of it.
fn described(each: &Columns<'_>, said: &mut Column, types: &PerFlavour<ModelType>) -> Option<()> {
    for (side, (_, column)) in each {
        let is_json = types.get(side.flavour) == Some(&ModelType::Json);
        if !is_json && let Some(collation) = &column.collation {
            let collation = collation.trim_matches('"').to_owned();
            said.model.collation = std::mem::take(&mut said.model.collation).on(side.flavour, collation);
        }
        if let Some(expression) = &column.on_update {
            said.model.on_update =
                std::mem::take(&mut said.model.on_update).on(side.flavour, expression.clone());
        }
        let options = column.options.iter();
        said.options.extend(options.map(|(name, value)| (side.flavour, name.clone(), value.clone())));
    }
    said.model.invisible = alike(each.iter().map(|(_, (_, column))| column.invisible))?;
    said.model.comment = comment(each.iter().map(|(side, (_, column))| (*side, column.comment.as_ref())))?;
    Some(())
}

/// A comment that all have that keep any.
pub(super) fn comment<'a>(
    each: impl IntoIterator<Item = (Side<'a>, Option<&'a String>)>,
) -> Option<Option<String>> {
    let kept = each.into_iter().filter(|(side, _)| side.flavour.dialect() != Dialect::Sqlite);
    let kept: Vec<Option<&String>> = kept.map(|(_, comment)| comment).collect();
    if kept.is_empty() { Some(None) } else { alike(kept).map(|comment| comment.cloned()) }
}
