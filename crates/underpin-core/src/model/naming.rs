//! Names for what has none, on every engine the same: PostgreSQL's own rules ("makeObjectName" and
//! "ChooseRelationName" in its sources). What is unlike on two engines is not decided here.

use std::collections::{BTreeMap, BTreeSet};

use super::{ModelCheck, ModelKey, ModelName, ModelPart, ModelTable, ModelType, PerFlavour};
use crate::{
    dialect::{Dialect, Flavour},
    name::{chosen, literal, quote},
};

/// The same models, in which everything has a name, and the checks that enums are on SQLite.
pub(super) fn named(tables: &[ModelTable]) -> Vec<ModelTable> {
    let mut tables = tables.to_vec();
    for table in &mut tables {
        add_enum_checks(table);
    }
    let mut taken = Taken::of(&tables);
    for table in &mut tables {
        name_parts(table, &mut taken);
    }
    tables
}

/// The names that are taken. They are unique within a namespace, because those of indexes are on
/// PostgreSQL and SQLite, and those of checks and foreign keys on MySQL.
struct Taken(BTreeMap<Option<String>, BTreeSet<String>>);

impl Taken {
    /// The names that were said.
    fn of(tables: &[ModelTable]) -> Self {
        let mut taken = Self(BTreeMap::new());
        for table in tables {
            let said = table
                .primary_key
                .name
                .iter()
                .chain(table.uniques.iter().filter_map(|unique| unique.name.as_ref()))
                .chain(table.checks.iter().filter_map(|check| check.name.as_ref()))
                .chain(table.foreign_keys.iter().filter_map(|key| key.name.as_ref()))
                .chain(table.indexes.iter().filter_map(|index| index.name.as_ref()));
            let names = taken.0.entry(namespace(&table.name)).or_default();
            names.insert(table.name.name.clone());
            names.extend(said.cloned());
        }
        taken
    }

    /// A name that is not taken yet.
    fn choose(&mut self, table: &ModelName, columns: &str, label: &str) -> String {
        let names = self.0.entry(namespace(table)).or_default();
        let first = chosen(&table.name, columns, label);
        let mut numbered = (1..).map(|number: u32| chosen(&table.name, columns, &format!("{label}{number}")));
        let free = match names.contains(&first) {
            false => first,
            true => numbered.find(|name| !names.contains(name)).unwrap_or(first),
        };
        names.insert(free.clone());
        free
    }
}

fn namespace(name: &ModelName) -> Option<String> {
    name.schema(Flavour::Postgres).map(str::to_owned)
}

fn name_parts(table: &mut ModelTable, taken: &mut Taken) {
    let owner = &table.name;
    // The usual name of a primary key is kept back even where it is not written: others may not have it.
    if table.primary_key.name.is_none() && !table.primary_key.columns.is_empty() {
        taken.choose(owner, "", "pkey");
    }
    for unique in &mut table.uniques {
        let columns = unique.columns.join("_");
        unique.name.get_or_insert_with(|| taken.choose(owner, &columns, "key"));
    }
    for key in &mut table.foreign_keys {
        let columns = key.columns.join("_");
        key.name.get_or_insert_with(|| taken.choose(owner, &columns, "fkey"));
    }
    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    for check in &mut table.checks {
        let column = check.column.clone().or_else(|| only_column(&check.expression, &columns));
        check.name.get_or_insert_with(|| taken.choose(owner, column.as_deref().unwrap_or_default(), "check"));
    }
    for index in &mut table.indexes {
        let parts: Vec<&str> = index.parts.iter().map(part_name).collect();
        index.name.get_or_insert_with(|| taken.choose(owner, &parts.join("_"), "idx"));
    }
}

/// The usual name of a primary key.
pub(super) fn primary_key(table: &ModelName) -> String {
    chosen(&table.name, "", "pkey")
}

/// What a part of an index adds to its name: the column, the function that is called, or `expr`.
fn part_name(part: &ModelPart) -> &str {
    match &part.key {
        ModelKey::Column(column) => column,
        ModelKey::Expression(expression) => {
            let text = expression.trim_start_matches(['(', ' ']);
            let end = text.find(|character: char| !is_of_word(character)).unwrap_or(text.len());
            let is_call = end > 0 && text[end..].trim_start().starts_with('(');
            if is_call { &text[..end] } else { "expr" }
        }
    }
}

/// The column that an expression is about, if it is about one alone.
fn only_column(expression: &PerFlavour<String>, columns: &[String]) -> Option<String> {
    let text = Flavour::ALL.iter().find_map(|flavour| expression.get(*flavour))?;
    let outside: String = text.split('\'').step_by(2).collect::<Vec<_>>().join(" ");
    let words: BTreeSet<String> = outside
        .split(|character: char| !is_of_word(character))
        .map(str::to_lowercase)
        .filter(|word| columns.iter().any(|column| column.to_lowercase() == *word))
        .collect();
    let mut found = columns.iter().filter(|column| words.contains(&column.to_lowercase()));
    match (found.next(), found.next()) {
        (Some(column), None) => Some(column.clone()),
        _ => None,
    }
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// SQLite has no enums: the column is a text, and a check holds its values.
fn add_enum_checks(table: &mut ModelTable) {
    for column in &table.columns {
        let Some(ModelType::Enum(enumeration)) = column.data_type.get(Flavour::Sqlite) else { continue };
        let values: Vec<String> =
            enumeration.values.iter().map(|value| literal(Dialect::Sqlite, &value.name)).collect();
        let expression = format!("{} IN ({})", quote(Dialect::Sqlite, &column.name), values.join(", "));
        table.checks.push(ModelCheck {
            name: None,
            column: Some(column.name.clone()),
            expression: PerFlavour::every(expression),
            only: vec![Flavour::Sqlite],
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ModelColumn, ModelIndex, ModelUnique};

    fn table() -> ModelTable {
        let mut table = ModelTable::new(ModelName::new("orders"));
        for name in ["id", "total", "email"] {
            table.columns.push(ModelColumn::new(name, ModelType::Text));
        }
        table
    }

    fn check(expression: &str) -> ModelCheck {
        ModelCheck { expression: PerFlavour::every(expression.to_owned()), ..ModelCheck::default() }
    }

    #[test]
    fn names_are_those_that_postgresql_would_choose() {
        let mut orders = table();
        orders.uniques.push(ModelUnique { columns: vec!["email".to_owned()], ..ModelUnique::default() });
        orders.checks = vec![check("Total >= 0"), check("total < 10"), check("total > 0 OR id = 'email'")];
        let parts = |expression: &str| vec![ModelPart::of(ModelKey::Expression(expression.to_owned()))];
        orders.indexes = vec![
            ModelIndex { parts: parts("lower(email)"), ..ModelIndex::default() },
            ModelIndex { parts: parts("(total || id)"), ..ModelIndex::default() },
        ];
        let orders = &named(&[orders])[0];
        assert_eq!(orders.uniques[0].name.as_deref(), Some("orders_email_key"));
        let checks: Vec<_> = orders.checks.iter().filter_map(|check| check.name.as_deref()).collect();
        assert_eq!(checks, ["orders_total_check", "orders_total_check1", "orders_check"]);
        let indexes: Vec<_> = orders.indexes.iter().filter_map(|index| index.name.as_deref()).collect();
        assert_eq!(indexes, ["orders_lower_idx", "orders_expr_idx"]);
    }

    #[test]
    fn a_name_that_was_said_is_taken() {
        let mut orders = table();
        let mut said = check("id > 0");
        said.name = Some("orders_total_check".to_owned());
        orders.checks = vec![check("total > 0"), said];
        let orders = &named(&[orders])[0];
        assert_eq!(orders.checks[0].name.as_deref(), Some("orders_total_check1"));
    }
}
