//! Checks and foreign keys.

use std::collections::BTreeMap;

use underpin_core::schema::{Action, Constraint, ConstraintKind, ForeignKey, ObjectId, ObjectKind};

use super::{catalog::Catalog, table::Drafts, text};
use crate::database::{DatabaseError, Row};

/// Reads the checks and foreign keys of all tables.
pub(super) async fn read(catalog: &mut Catalog<'_>, drafts: &mut Drafts) -> Result<(), DatabaseError> {
    match catalog.is_mariadb() {
        true => read_checks_of_mariadb(catalog, drafts).await?,
        false => read_checks_of_mysql(catalog, drafts).await?,
    }
    read_foreign_keys(catalog, drafts).await
}

/// A check that is written beside a column belongs to that column on MariaDB and has no name of its own.
async fn read_checks_of_mariadb(catalog: &mut Catalog<'_>, drafts: &mut Drafts) -> Result<(), DatabaseError> {
    let rows = catalog
        .fetch(
            "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, LEVEL \
             FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = {database}",
        )
        .await?;
    for row in &rows {
        let Some(draft) = drafts.get_mut(row.text(0)) else { continue };
        let expression = catalog.local(row.text(2));
        if row.text(3) == "Column" {
            let column = draft.table.columns.iter_mut().find(|column| column.name == row.text(1));
            if let Some(column) = column {
                column.options.insert("check".to_owned(), expression);
            }
        } else {
            draft.table.constraints.push(check(row.text(1), expression));
        }
    }
    Ok(())
}

async fn read_checks_of_mysql(catalog: &mut Catalog<'_>, drafts: &mut Drafts) -> Result<(), DatabaseError> {
    let clauses = catalog
        .fetch(
            "SELECT CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS \
             WHERE CONSTRAINT_SCHEMA = {database}",
        )
        .await?;
    if clauses.is_empty() {
        return Ok(());
    }
    // The names are unique within a database, so that the table can be looked up apart.
    let clauses: BTreeMap<&str, &str> = clauses.iter().map(|row| (row.text(0), row.text(1))).collect();
    let rows = catalog
        .fetch(
            "SELECT TABLE_NAME, CONSTRAINT_NAME, ENFORCED FROM information_schema.TABLE_CONSTRAINTS \
             WHERE TABLE_SCHEMA = {database} AND CONSTRAINT_TYPE = 'CHECK'",
        )
        .await?;
    for row in &rows {
        let Some(draft) = drafts.get_mut(row.text(0)) else { continue };
        let Some(clause) = clauses.get(row.text(1)) else { continue };
        let mut constraint = check(row.text(1), text::unescaped(clause));
        constraint.enforced = row.text(2) != "NO";
        draft.table.constraints.push(constraint);
    }
    Ok(())
}

fn check(name: &str, expression: String) -> Constraint {
    Constraint::new(Some(name.to_owned()), ConstraintKind::Check { expression })
}

async fn read_foreign_keys(catalog: &mut Catalog<'_>, drafts: &mut Drafts) -> Result<(), DatabaseError> {
    let rules = catalog
        .fetch(
            "SELECT TABLE_NAME, CONSTRAINT_NAME, UPDATE_RULE, DELETE_RULE \
             FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = {database}",
        )
        .await?;
    if rules.is_empty() {
        return Ok(());
    }
    let rules: BTreeMap<(&str, &str), &Row> =
        rules.iter().map(|row| ((row.text(0), row.text(1)), row)).collect();
    let rows = catalog
        .fetch(
            "SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, \
             REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE \
             WHERE TABLE_SCHEMA = {database} AND REFERENCED_TABLE_NAME IS NOT NULL \
             ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION",
        )
        .await?;
    for row in &rows {
        let Some(draft) = drafts.get_mut(row.text(0)) else { continue };
        let Some(rule) = rules.get(&(row.text(0), row.text(1))) else { continue };
        let last = draft.table.constraints.last_mut();
        if let Some(Constraint { name: Some(name), kind: ConstraintKind::ForeignKey(key), .. }) = last
            && name == row.text(1)
        {
            key.columns.push(row.text(2).to_owned());
            key.referenced.push(row.text(5).to_owned());
            continue;
        }
        let kind = ConstraintKind::ForeignKey(foreign_key(catalog, row, rule));
        draft.table.constraints.push(Constraint::new(Some(row.text(1).to_owned()), kind));
    }
    Ok(())
}

fn foreign_key(catalog: &Catalog<'_>, row: &Row, rule: &Row) -> ForeignKey {
    let schema = catalog.other_database(row.text(3));
    ForeignKey {
        columns: vec![row.text(2).to_owned()],
        table: ObjectId::new(ObjectKind::Table, schema.as_deref(), row.text(4)),
        referenced: vec![row.text(5).to_owned()],
        on_update: action(rule.text(2)),
        on_delete: action(rule.text(3)),
        on_delete_columns: Vec::new(),
        match_full: false,
    }
}

fn action(rule: &str) -> Action {
    match rule {
        "RESTRICT" => Action::Restrict,
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::NoAction,
    }
}
