//! Names for what has none, on every engine the same: PostgreSQL's own rules ("makeObjectName" and
//! "ChooseRelationName" in its sources). What is unlike on two engines is not decided here.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ModelCheck, ModelColumn, ModelKey, ModelName, ModelPart, ModelTable, ModelType, NamePattern, NamedKind,
    Naming, PerFlavour, convention::Parts, flavour::is_for,
};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    name::{chosen, literal, quote},
};

/// The same models, in which everything has a name, and the checks that enums are on SQLite.
///
/// # Errors
/// Two things that the convention calls alike, and one that it can't name.
pub(super) fn named(tables: &[ModelTable], naming: &Naming) -> Result<Vec<ModelTable>, Diagnostic> {
    let mut tables = tables.to_vec();
    for table in &mut tables {
        add_enum_checks(table);
    }
    let mut taken = Taken::of(&tables, naming);
    for table in &mut tables {
        Namer { naming, taken: &mut taken, table: &table.name.clone() }.parts(table)?;
    }
    Ok(tables)
}

/// The names that are taken, and by what. They are unique within a namespace, because those of indexes
/// are on PostgreSQL and SQLite, and those of checks and foreign keys on MySQL.
struct Taken(BTreeMap<Option<String>, BTreeMap<String, Vec<Owner>>>);

/// What has a name, and the engines that have it; all if there are none.
struct Owner {
    what: String,
    only: Vec<Flavour>,
}

impl Taken {
    /// The names that were said and stay as they are.
    fn of(tables: &[ModelTable], naming: &Naming) -> Self {
        let mut taken = Self(BTreeMap::new());
        let stays = |kind: NamedKind| !naming.get(kind).is_some_and(NamePattern::has_name);
        for table in tables {
            let name = &table.name;
            let key = table.primary_key.name.iter().map(|name| (NamedKind::PrimaryKey, name, &[][..]));
            let uniques = table
                .uniques
                .iter()
                .filter_map(|unique| Some((NamedKind::Unique, unique.name.as_ref()?, &unique.only[..])));
            let checks = table
                .checks
                .iter()
                .filter_map(|check| Some((NamedKind::Check, check.name.as_ref()?, &check.only[..])));
            let keys = table
                .foreign_keys
                .iter()
                .filter_map(|key| Some((NamedKind::ForeignKey, key.name.as_ref()?, &key.only[..])));
            let indexes = table
                .indexes
                .iter()
                .filter_map(|index| Some((NamedKind::Index, index.name.as_ref()?, &index.only[..])));
            let said = key.chain(uniques).chain(checks).chain(keys).chain(indexes);
            for (kind, said, only) in said.filter(|(kind, _, _)| stays(*kind)) {
                taken.add(name, said.clone(), kind.title().to_owned() + " of " + &name.name, only);
            }
            taken.add(name, name.name.clone(), format!("table {}", name.name), &[]);
        }
        taken
    }

    fn add(&mut self, table: &ModelName, name: String, what: String, only: &[Flavour]) {
        let names = self.0.entry(namespace(table)).or_default();
        names.entry(name).or_default().push(Owner { what, only: only.to_vec() });
    }

    /// A name that is not taken yet.
    fn choose(&mut self, table: &ModelName, columns: &str, label: &str) -> String {
        let names = self.0.entry(namespace(table)).or_default();
        let first = chosen(&table.name, columns, label);
        let mut numbered = (1..).map(|number: u32| chosen(&table.name, columns, &format!("{label}{number}")));
        let free = match names.contains_key(&first) {
            false => first,
            true => numbered.find(|name| !names.contains_key(name)).unwrap_or(first),
        };
        let owner = Owner { what: format!("{label} of {}", table.name), only: Vec::new() };
        names.entry(free.clone()).or_default().push(owner);
        free
    }

    /// What an engine would find under this name already.
    fn owner(&self, table: &ModelName, name: &str, only: &[Flavour]) -> Option<&Owner> {
        let owners = self.0.get(&namespace(table))?.get(name)?;
        let both = |owner: &&Owner| {
            Flavour::ALL.into_iter().any(|flavour| is_for(only, flavour) && is_for(&owner.only, flavour))
        };
        owners.iter().find(both)
    }
}

fn namespace(name: &ModelName) -> Option<String> {
    name.schema(Flavour::Postgres).map(str::to_owned)
}

/// Gives names to what is in one table.
struct Namer<'a> {
    naming: &'a Naming,
    taken: &'a mut Taken,
    table: &'a ModelName,
}

/// What there is to know of something that has no name, or only one that the convention wraps.
struct Unnamed<'a> {
    kind: NamedKind,
    columns: &'a [&'a str],
    referred_table: &'a str,
    said: Option<&'a str>,
    only: &'a [Flavour],
}

impl Namer<'_> {
    fn parts(&mut self, table: &mut ModelTable) -> Result<(), Diagnostic> {
        self.primary_key(table)?;
        for unique in &mut table.uniques {
            let columns: Vec<&str> = unique.columns.iter().map(String::as_str).collect();
            let unnamed = Unnamed {
                kind: NamedKind::Unique,
                columns: &columns,
                referred_table: "",
                said: unique.name.as_deref(),
                only: &unique.only,
            };
            unique.name = Some(self.name(&unnamed, "key")?);
        }
        for key in &mut table.foreign_keys {
            let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
            let unnamed = Unnamed {
                kind: NamedKind::ForeignKey,
                columns: &columns,
                referred_table: &key.table.name,
                said: key.name.as_deref(),
                only: &key.only,
            };
            key.name = Some(self.name(&unnamed, "fkey")?);
        }
        let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        for check in &mut table.checks {
            let column = check.column.clone().or_else(|| only_column(&check.expression, &columns));
            let columns: Vec<&str> = column.iter().map(String::as_str).collect();
            // An engine for which there is no expression does not have the check.
            let has =
                |flavour: &Flavour| is_for(&check.only, *flavour) && check.expression.get(*flavour).is_some();
            let only: Vec<Flavour> = Flavour::ALL.into_iter().filter(has).collect();
            let unnamed = Unnamed {
                kind: NamedKind::Check,
                columns: &columns,
                referred_table: "",
                said: check.name.as_deref(),
                only: &only,
            };
            check.name = Some(self.name(&unnamed, "check")?);
        }
        for index in &mut table.indexes {
            let columns: Vec<&str> = index.parts.iter().map(part_name).collect();
            let unnamed = Unnamed {
                kind: NamedKind::Index,
                columns: &columns,
                referred_table: "",
                said: index.name.as_deref(),
                only: &index.only,
            };
            index.name = Some(self.name(&unnamed, "idx")?);
        }
        Ok(())
    }

    /// The usual name of a primary key is kept back even where it is not written: others may not have it.
    fn primary_key(&mut self, table: &mut ModelTable) -> Result<(), Diagnostic> {
        let key = &mut table.primary_key;
        if key.columns.is_empty() {
            return Ok(());
        }
        let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
        let (kind, said) = (NamedKind::PrimaryKey, key.name.as_deref());
        let unnamed = Unnamed { kind, columns: &columns, referred_table: "", said, only: &[] };
        let is_said = said.is_some() || self.naming.get(kind).is_some();
        let name = self.name(&unnamed, "pkey")?;
        if is_said {
            key.name = Some(name);
        }
        Ok(())
    }

    /// The name that was said, that of the convention, or the usual one with this label.
    fn name(&mut self, unnamed: &Unnamed<'_>, label: &str) -> Result<String, Diagnostic> {
        match (self.naming.get(unnamed.kind), unnamed.said) {
            (Some(pattern), said) if said.is_none() || pattern.has_name() => {
                self.by_pattern(&pattern.clone(), unnamed)
            }
            (_, Some(said)) => Ok(said.to_owned()),
            (_, None) if unnamed.kind == NamedKind::PrimaryKey => {
                Ok(self.taken.choose(self.table, "", label))
            }
            (_, None) => Ok(self.taken.choose(self.table, &unnamed.columns.join("_"), label)),
        }
    }

    fn by_pattern(&mut self, pattern: &NamePattern, unnamed: &Unnamed<'_>) -> Result<String, Diagnostic> {
        let table = &self.table.name;
        let what = format!("{} of {table}", unnamed.kind.title());
        let what = match unnamed.columns {
            [] => what,
            columns => format!("{what} on {}", columns.join(", ")),
        };
        // One that is about a single column is called after it, as the type of a column would be.
        let name = unnamed.said.or(match unnamed.columns {
            [column] => Some(column),
            _ => None,
        });
        if pattern.has_name() && name.is_none() {
            let message = format!("the {what} has no name, which the convention `{pattern}` asks for");
            return Err(Diagnostic::new(ErrorKind::Model, message).hint("give it one in the model"));
        }
        let name = pattern.name(&Parts {
            table,
            columns: unnamed.columns,
            referred_table: unnamed.referred_table,
            name: name.unwrap_or_default(),
        });
        if let Some(owner) = self.taken.owner(self.table, &name, unnamed.only) {
            let message = format!(
                "the {what} would be called {name} by the convention `{pattern}`, as the {} is",
                owner.what
            );
            return Err(Diagnostic::new(ErrorKind::Model, message).hint(
                "give one of them a name in the model, or let the pattern say more: {table}, {columns}",
            ));
        }
        self.taken.add(self.table, name.clone(), what, unnamed.only);
        Ok(name)
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
        let Some(expression) = enum_check(column) else { continue };
        table.checks.push(ModelCheck {
            name: None,
            column: Some(column.name.clone()),
            expression: PerFlavour::every(expression),
            only: vec![Flavour::Sqlite],
        });
    }
}

/// The check that holds the values of an enum on SQLite; nothing for a column of another type.
pub(crate) fn enum_check(column: &ModelColumn) -> Option<String> {
    let ModelType::Enum(enumeration) = column.data_type.get(Flavour::Sqlite)? else { return None };
    let values: Vec<String> =
        enumeration.values.iter().map(|value| literal(Dialect::Sqlite, &value.name)).collect();
    Some(format!("{} IN ({})", quote(Dialect::Sqlite, &column.name), values.join(", ")))
}

#[cfg(test)]
#[path = "naming/tests.rs"]
mod tests;
