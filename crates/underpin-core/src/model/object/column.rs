//! A column of a model as a column of a schema.

use super::type_name;
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    model::{
        Counting, ModelColumn, ModelDefault, ModelOption, ModelTable, ModelType,
        render::{self, column as rendered},
    },
    name,
    schema::{Column, Generated, Identity, SequenceOptions},
};

/// A column of this table.
///
/// # Errors
/// What this engine can't have.
pub(crate) fn column(
    table: &ModelTable,
    column: &ModelColumn,
    flavour: Flavour,
) -> Result<Column, Diagnostic> {
    let owner = format!("{}.{}", table.name, column.name);
    let strict = table.option(flavour, ModelOption::Strict).is_some();
    let Some(model_type) = column.data_type.get(flavour) else {
        let message = format!("{owner} has no type on {}", flavour.title());
        return Err(Diagnostic::new(ErrorKind::Model, message).hint("say one for it, or for all engines"));
    };
    let mut made = Column {
        name: column.name.clone(),
        data_type: data_type(model_type, flavour, strict, &owner)?,
        nullable: column.nullable,
        collation: column.collation.get(flavour).map(|name| collation(name, flavour)),
        comment: column.comment.clone().filter(|_| flavour != Flavour::Sqlite),
        invisible: rendered::invisibility(column, flavour, &owner)?.is_some(),
        ..Column::default()
    };
    if let Some(generated) = column.generated.get(flavour) {
        made.generated =
            Some(Generated { expression: generated.expression.clone(), stored: generated.stored });
        // Its generated columns have no nullability of their own.
        made.nullable |= flavour == Flavour::Mariadb;
        return Ok(made);
    }
    count(&mut made, table, column, flavour)?;
    made.default = column.default.get(flavour).map(|value| default(value, model_type, flavour));
    if rendered::on_update(column, flavour, &owner)?.is_some() {
        made.on_update = column.on_update.get(flavour).cloned();
    }
    Ok(made)
}

/// What an engine calls a type, as its server keeps it.
///
/// # Errors
/// A type that this engine can't have.
pub(crate) fn data_type(
    model_type: &ModelType,
    flavour: Flavour,
    strict: bool,
    owner: &str,
) -> Result<String, Diagnostic> {
    let said = render::data_type::data_type(model_type, flavour, strict, owner)?;
    Ok(type_name::kept(&said, flavour))
}

/// A default as the expression of SQL that the schema has.
pub(crate) fn default(value: &ModelDefault, model_type: &ModelType, flavour: Flavour) -> String {
    let clause = rendered::default(value, model_type, flavour);
    let text = clause.strip_prefix("DEFAULT ").unwrap_or(&clause).trim();
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    match (flavour.dialect(), inner) {
        // It tells an expression without the parentheses that it demands.
        (Dialect::Sqlite, Some(inner)) if rendered::is_parenthesised(text) => inner.to_owned(),
        _ => text.to_owned(),
    }
}

fn collation(said: &str, flavour: Flavour) -> String {
    match flavour.dialect() {
        Dialect::Postgres => name::quote(Dialect::Postgres, said),
        Dialect::Sqlite | Dialect::Mysql => said.to_owned(),
    }
}

/// Lets the server number the rows.
fn count(
    made: &mut Column,
    table: &ModelTable,
    column: &ModelColumn,
    flavour: Flavour,
) -> Result<(), Diagnostic> {
    if rendered::is_row_number(table, column, flavour) {
        // The rowid under another name: a null that is given is a number of the server's.
        "INTEGER".clone_into(&mut made.data_type);
        made.nullable = true;
        made.auto_increment = column.counting == Some(Counting::NeverAgain);
        return Ok(());
    }
    if rendered::counting(table, column, flavour)?.is_none() {
        return Ok(());
    }
    match flavour.dialect() {
        Dialect::Postgres => {
            let said = SequenceOptions { data_type: made.data_type.clone(), ..SequenceOptions::default() };
            let sequence = crate::dialect::postgres_sequence(&said);
            let always = column.counting == Some(Counting::Always);
            made.identity = Some(Identity { always, sequence });
        }
        Dialect::Mysql | Dialect::Sqlite => made.auto_increment = true,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ModelName, PerFlavour};

    #[test]
    fn a_number_of_rows_is_counted_in_the_way_of_each_engine() {
        let mut id = ModelColumn::new("id", ModelType::signed(crate::model::IntegerWidth::SixtyFour));
        id.counting = Some(Counting::ByDefault);
        let mut table = ModelTable::new(ModelName::new("t"));
        table.primary_key.columns = vec!["id".to_owned()];
        let on = |flavour| column(&table, &id, flavour).unwrap();
        assert!(on(Flavour::Postgres).identity.is_some());
        assert!(on(Flavour::Mysql).auto_increment);
        assert_eq!(on(Flavour::Sqlite).data_type, "INTEGER");
        assert_eq!(on(Flavour::Mariadb).data_type, "bigint");
    }

    #[test]
    fn an_expression_has_the_parentheses_that_the_schema_has() {
        let sum = ModelDefault::Sql("1 + 1".to_owned());
        let on = |flavour| default(&sum, &ModelType::Text, flavour);
        assert_eq!(on(Flavour::Sqlite), "1 + 1");
        assert_eq!(on(Flavour::Mysql), "(1 + 1)");
        assert_eq!(on(Flavour::Postgres), "1 + 1");
        let table = ModelTable::new(ModelName::new("t"));
        let mut note = ModelColumn::new("note", ModelType::Text);
        note.collation = PerFlavour::every("C".to_owned());
        assert_eq!(column(&table, &note, Flavour::Postgres).unwrap().collation.as_deref(), Some("\"C\""));
    }
}
