//! Rows of a table that a run has copied into another: which columns, and which of them into another type. Not
//! whether all rows came over.

use super::{made::Key, precision::may_lose_precision};
use crate::{
    dialect::Dialect,
    sql::{Code, catalog_name, codes},
    statement::{DataType, Expression, ObjectName, Selection},
};

/// All rows of a table, copied into another.
pub(super) struct Copy {
    pub(super) from: Key,
    pub(super) to: Key,
    pub(super) to_name: ObjectName,
    /// The names that it takes; nothing where it takes every column.
    pub(super) names: Option<Vec<String>>,
    pub(super) converted: Vec<Converted>,
}

/// A column whose values come into one of another type, which may change them.
pub(super) struct Converted {
    pub(super) column: String,
    pub(super) data_type: DataType,
    pub(super) cast: bool,
}

/// The columns of a table, with their types.
pub(super) type Columns = Vec<(String, Option<DataType>)>;

/// What a copy converts that fills `targets`, or all of `columns` in their order where it names none. SQLite alone
/// takes any value without a word (SQLite documentation, "Datatypes In SQLite", 3 "Type Affinity").
pub(super) fn converted(selection: &Selection, targets: &[String], columns: &Columns) -> Vec<Converted> {
    let dialect = Dialect::Sqlite;
    let every: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
    let targets = if targets.is_empty() { &every } else { targets };
    let type_of = |target: &String| {
        let found = columns.iter().find(|(name, _)| dialect.same_names(name, target));
        found.and_then(|(_, data_type)| data_type.clone())
    };
    let each = targets.iter().enumerate().filter_map(|(place, target)| {
        let (column, cast) = match selection.columns.get(place).filter(|_| !selection.every_column()) {
            Some(expression) => taken(expression)?,
            None => (target.clone(), None),
        };
        let is_cast = cast.is_some();
        let data_type = cast.or_else(|| type_of(target))?;
        let may = may_lose_precision(dialect, &data_type);
        may.then_some(Converted { column, data_type, cast: is_cast })
    });
    each.collect()
}

/// The column that an expression is, and the type that it is cast to, if it is no more than that.
fn taken(expression: &Expression) -> Option<(String, Option<DataType>)> {
    let dialect = Dialect::Sqlite;
    let all: Vec<Code<'_>> = codes(dialect, &expression.text).collect();
    match all.as_slice() {
        [column] => Some((catalog_name(dialect, column)?, None)),
        [_, point, column] if point.is_operator(".") => Some((catalog_name(dialect, column)?, None)),
        [cast, open, column, word, first, .., last]
            if cast.is("CAST") && open.is_operator("(") && word.is("AS") && last.is_operator(")") =>
        {
            let data_type = DataType::parse(dialect, expression.text.get(first.start..last.start)?)?;
            Some((catalog_name(dialect, column)?, Some(data_type)))
        }
        _ => None,
    }
}
