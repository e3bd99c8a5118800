//! What an operation says of a table, brought into the words of a schema: with names for what has none, in the
//! types of the engine, and with what no model can say.

use super::{
    Check, Column, Constraint as Said, Exclusion, ForeignKey, Index as SaidIndex, PrimaryKey, Unique,
    draft::Draft, options_on,
};
use crate::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
    model::{ModelIndex, ModelName, ModelOption, ModelTable, object},
    name::chosen,
    schema::{Body, Constraint, ConstraintKind, Deferral, Index, Key, ObjectId, Table},
};

/// Parts of a table, as they were said.
pub(super) struct Blueprint<'a> {
    name: &'a ModelName,
    columns: Vec<&'a Column>,
    primary_key: Option<PrimaryKey>,
    uniques: Vec<Unique>,
    checks: Vec<Check>,
    foreign_keys: Vec<ForeignKey>,
    exclusions: Vec<Exclusion>,
    indexes: Vec<SaidIndex>,
    options: Vec<(Flavour, ModelOption, String)>,
}

/// The same in the words of a schema.
#[derive(Default)]
pub(super) struct Made {
    pub(super) table: Table,
    /// The constraints that stand beside a column where `ADD COLUMN` is to take them (SQLite).
    pub(super) beside: Vec<(String, Constraint)>,
}

impl<'a> Blueprint<'a> {
    /// Nothing of this table.
    pub(super) fn new(name: &'a ModelName) -> Self {
        Self {
            name,
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            exclusions: Vec::new(),
            indexes: Vec::new(),
            options: Vec::new(),
        }
    }

    /// A whole table.
    pub(super) fn of_table(table: &'a super::Table) -> Self {
        let mut blueprint = Self::new(&table.name);
        for column in &table.columns {
            blueprint.add_column(column);
        }
        if let Some(key) = &table.primary_key {
            blueprint.primary_key = Some(key.clone());
        }
        blueprint.uniques.extend(table.uniques.iter().cloned());
        blueprint.checks.extend(table.checks.iter().cloned());
        blueprint.foreign_keys.extend(table.foreign_keys.iter().cloned());
        blueprint.exclusions.extend(table.exclusions.iter().cloned());
        blueprint.indexes.extend(table.indexes.iter().cloned());
        blueprint.options.clone_from(&table.options);
        blueprint
    }

    /// A column with everything that was said of it.
    pub(super) fn add_column(&mut self, column: &'a Column) {
        if column.primary_key {
            let key = self.primary_key.get_or_insert_with(|| PrimaryKey::new::<String>([]));
            key.columns.push(column.model.name.clone());
        }
        self.uniques.extend(column.unique.clone());
        self.indexes.extend(column.index.clone());
        self.checks.extend(column.checks.iter().cloned());
        self.foreign_keys.extend(column.references.clone());
        self.columns.push(column);
    }

    /// A constraint.
    pub(super) fn add_constraint(&mut self, constraint: &Said) {
        match constraint {
            Said::PrimaryKey(key) => self.primary_key = Some(key.clone()),
            Said::Unique(unique) => self.uniques.push(unique.clone()),
            Said::Check(check) => self.checks.push(check.clone()),
            Said::ForeignKey(key) => self.foreign_keys.push(key.clone()),
            Said::Exclusion(exclusion) => self.exclusions.push(exclusion.clone()),
        }
    }

    /// An index.
    pub(super) fn add_index(&mut self, index: &SaidIndex) {
        self.indexes.push(index.clone());
    }

    /// A table whose names are the usual ones, whatever others there are.
    fn model(&self) -> ModelTable {
        let mut model = ModelTable::new(self.name.clone());
        model.columns = self.columns.iter().map(|column| column.model.clone()).collect();
        if let Some(key) = &self.primary_key {
            model.primary_key.name.clone_from(&key.name);
            model.primary_key.columns.clone_from(&key.columns);
        }
        model.uniques = self.uniques.iter().map(|unique| unique.model.clone()).collect();
        model.checks = self.checks.iter().map(|check| check.model.clone()).collect();
        model.foreign_keys = self.foreign_keys.iter().map(|key| key.model.clone()).collect();
        model.indexes = self.indexes.iter().map(|index| index.model.clone()).collect();
        for (flavour, option, value) in &self.options {
            model.options.insert((*flavour, *option), value.clone());
        }
        model
    }

    /// The parts in the words of a schema; `id` is the table.
    ///
    /// # Errors
    /// What this engine can't have.
    pub(super) fn made(&self, draft: &Draft, id: &ObjectId) -> Result<Made, Diagnostic> {
        let mut model = self.model();
        let strict = draft.after.table(id).is_some_and(|table| table.options.contains_key("strict"));
        if strict {
            model.options.insert((Flavour::Sqlite, ModelOption::Strict), String::new());
        }
        // A check is named after the only column that it is of, which may be there already.
        let mut known = model.clone();
        for column in draft.after.table(id).iter().flat_map(|table| &table.columns) {
            if known.column(&column.name).is_none() {
                let text = crate::model::ModelType::Text;
                known.columns.push(crate::model::ModelColumn::new(&column.name, text));
            }
        }
        // Others' names don't count: the same operation has to give the same name where they can't be read.
        let mut named = object::named(&known, &ModelTable::new(self.name.clone()));
        named.columns.truncate(model.columns.len());
        let mut bare = named.clone();
        bare.uniques.clear();
        bare.checks.clear();
        bare.foreign_keys.clear();
        bare.indexes.clear();
        let mut made = Made::default();
        if let Body::Table(table) = object::table(&bare, draft.flavour)?.body {
            made.table = table;
        }
        for (column, said) in made.table.columns.iter_mut().zip(&self.columns) {
            super::edit::column::extras(draft, column, said)?;
        }
        self.add_constraints(draft, id, &named, &mut made)?;
        for (said, model) in self.indexes.iter().zip(&named.indexes) {
            if object::is_for(&model.only, draft.flavour) {
                made.table.indexes.push(index(draft, said, model)?);
            }
        }
        Ok(made)
    }

    fn add_constraints(
        &self,
        draft: &Draft,
        id: &ObjectId,
        named: &ModelTable,
        made: &mut Made,
    ) -> Result<(), Diagnostic> {
        let flavour = draft.flavour;
        if let Some(said) = &self.primary_key {
            let is_key = |one: &&mut Constraint| matches!(one.kind, ConstraintKind::PrimaryKey { .. });
            if said.deferral != Deferral::None {
                draft.only_on(&[Flavour::Postgres], "primary keys that can wait")?;
            }
            if let Some(key) = made.table.constraints.iter_mut().find(is_key) {
                key.deferral = said.deferral;
                key.comment = commented(draft, said.comment.as_ref());
                key.options = options_on(&said.parameters, flavour);
                key.definition = including(draft, key, &said.include)?;
            }
        }
        for (said, model) in self.uniques.iter().zip(&named.uniques) {
            if object::is_for(&model.only, flavour) {
                let mut unique = object::unique(named, model, flavour)?;
                if model.nulls_not_distinct {
                    draft.since(15, "NULLS NOT DISTINCT")?;
                }
                if !said.include.is_empty() {
                    draft.only_on(&[Flavour::Postgres], "INCLUDE")?;
                }
                if let object::Unique::Constraint(constraint) = &mut unique {
                    constraint.comment = commented(draft, said.comment.as_ref());
                    constraint.options = options_on(&said.parameters, flavour);
                    constraint.definition = including(draft, constraint, &said.include)?;
                }
                unique.add_to(&mut made.table);
            }
        }
        for (said, model) in self.foreign_keys.iter().zip(&named.foreign_keys) {
            if object::is_for(&model.only, flavour) {
                let constraint = foreign_key(draft, id, said, model)?;
                if let [column] = &model.columns[..] {
                    made.beside.push((column.clone(), constraint.clone()));
                }
                made.table.constraints.push(constraint);
            }
        }
        for (at, model) in named.checks.iter().enumerate() {
            let Some(constraint) =
                object::check(model, flavour).filter(|_| object::is_for(&model.only, flavour))
            else {
                continue;
            };
            let constraint = match self.checks.get(at) {
                Some(said) => check(draft, said, constraint)?,
                None => constraint,
            };
            if let Some(column) = &model.column {
                made.beside.push((column.clone(), constraint.clone()));
            }
            made.table.constraints.push(constraint);
        }
        for said in &self.exclusions {
            if object::is_for(&said.only, flavour) {
                made.table.constraints.push(exclusion(draft, id, said)?);
            }
        }
        Ok(())
    }
}

/// The whole of a key that carries other columns along, which is all that says so (PostgreSQL).
fn including(draft: &Draft, key: &Constraint, include: &[String]) -> Result<Option<String>, Diagnostic> {
    if include.is_empty() {
        return Ok(None);
    }
    draft.only_on(&[Flavour::Postgres], "INCLUDE")?;
    let (words, parts) = match &key.kind {
        ConstraintKind::Unique { parts, nulls_not_distinct: true } => ("UNIQUE NULLS NOT DISTINCT", parts),
        ConstraintKind::Unique { parts, nulls_not_distinct: false } => ("UNIQUE", parts),
        ConstraintKind::PrimaryKey { parts } => ("PRIMARY KEY", parts),
        ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => return Ok(None),
    };
    let parts: Vec<String> = parts.iter().map(crate::dialect::postgres_part).collect();
    let include: Vec<String> =
        include.iter().map(|column| crate::name::quote(Dialect::Postgres, column)).collect();
    Ok(Some(format!(
        "{words} ({}) INCLUDE ({}){}",
        parts.join(", "),
        include.join(", "),
        deferral(key.deferral)
    )))
}

const fn deferral(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::None => "",
        Deferral::Immediate => " DEFERRABLE",
        Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// A comment, where constraints have any.
fn commented(draft: &Draft, comment: Option<&String>) -> Option<String> {
    comment.filter(|_| draft.flavour == Flavour::Postgres).cloned()
}

fn check(draft: &Draft, said: &Check, constraint: Constraint) -> Result<Constraint, Diagnostic> {
    let mut constraint = constraint;
    constraint.comment = commented(draft, said.comment.as_ref());
    constraint.validated = !(said.not_valid && draft.flavour == Flavour::Postgres);
    if said.no_inherit {
        draft.only_on(&[Flavour::Postgres], "checks that are not inherited")?;
        constraint.options.insert("no_inherit".to_owned(), String::new());
    }
    if said.not_enforced {
        draft.only_on(&[Flavour::Postgres, Flavour::Mysql], "checks that nobody looks at")?;
        if draft.flavour == Flavour::Postgres {
            draft.since(18, "checks that nobody looks at")?;
            constraint.validated = false;
        }
        constraint.enforced = false;
    }
    Ok(constraint)
}

fn foreign_key(
    draft: &Draft,
    id: &ObjectId,
    said: &ForeignKey,
    model: &crate::model::ModelForeignKey,
) -> Result<Constraint, Diagnostic> {
    let mut constraint = object::foreign_key(model, id, draft.flavour)?;
    constraint.comment = commented(draft, said.comment.as_ref());
    constraint.validated = !(said.not_valid && draft.flavour == Flavour::Postgres);
    if said.not_enforced {
        draft.only_on(&[Flavour::Postgres], "foreign keys that nobody looks at")?;
        draft.since(18, "foreign keys that nobody looks at")?;
        (constraint.enforced, constraint.validated) = (false, false);
    }
    if said.match_full {
        draft.only_on(&[Flavour::Postgres, Flavour::Sqlite], "MATCH FULL")?;
    }
    if !said.on_delete_columns.is_empty() {
        draft.only_on(&[Flavour::Postgres], "foreign keys that set some of their columns")?;
        draft.since(15, "foreign keys that set some of their columns")?;
    }
    if let ConstraintKind::ForeignKey(key) = &mut constraint.kind {
        key.match_full = said.match_full;
        key.on_delete_columns.clone_from(&said.on_delete_columns);
        if let Ok(there) = draft.id(crate::schema::ObjectKind::Table, &model.table) {
            let is_own = model.table.schema(draft.flavour).is_none() && there.name == id.name;
            key.table = if is_own { id.clone() } else { there };
        }
    }
    Ok(constraint)
}

fn exclusion(draft: &Draft, id: &ObjectId, said: &Exclusion) -> Result<Constraint, Diagnostic> {
    draft.only_on(&[Flavour::Postgres], "exclusion constraints")?;
    let index = ModelIndex {
        name: Some(String::new()),
        parts: said.elements.iter().map(|(part, _)| part.model.clone()).collect(),
        ..ModelIndex::default()
    };
    let parts = object::index(&index, draft.flavour)?.parts;
    let mut columns = Vec::new();
    let mut elements = Vec::new();
    for (part, (_, operator)) in parts.iter().zip(&said.elements) {
        columns.push(match &part.key {
            Key::Column(column) => column.clone(),
            Key::Expression(_) => "expr".to_owned(),
        });
        elements.push(format!("{} WITH {operator}", crate::dialect::postgres_part(part)));
    }
    let method = said.method.as_deref().unwrap_or("gist");
    let mut definition = format!("EXCLUDE USING {method} ({})", elements.join(", "));
    if let Some(predicate) = &said.predicate {
        definition.push_str(&format!(" WHERE ({predicate})"));
    }
    definition.push_str(deferral(said.deferral));
    let name = said.name.clone().unwrap_or_else(|| chosen(&id.name, &columns.join("_"), "excl"));
    Ok(Constraint {
        deferral: said.deferral,
        definition: Some(definition),
        comment: said.comment.clone(),
        ..Constraint::new(Some(name), ConstraintKind::Exclusion)
    })
}

fn index(draft: &Draft, said: &SaidIndex, model: &ModelIndex) -> Result<Index, Diagnostic> {
    let mut index = object::index(model, draft.flavour)?;
    if model.nulls_not_distinct {
        draft.since(15, "NULLS NOT DISTINCT")?;
    }
    if said.invisible {
        draft.only_on(&[Flavour::Mysql, Flavour::Mariadb], "indexes that the planner passes over")?;
        index.invisible = true;
    }
    index.options = options_on(&said.parameters, draft.flavour);
    for (part, collation) in index.parts.iter_mut().zip(&said.collations) {
        part.collation = match (collation, draft.dialect()) {
            (None, _) => None,
            (Some(_), Dialect::Mysql) => return Err(draft.unsupported("collations of indexes")),
            (Some(name), Dialect::Postgres) => Some(crate::name::quote(Dialect::Postgres, name)),
            (Some(name), Dialect::Sqlite) => Some(name.clone()),
        };
    }
    if said.concurrently && draft.flavour == Flavour::Postgres {
        index.options.insert("concurrently".to_owned(), String::new());
    }
    Ok(index)
}
