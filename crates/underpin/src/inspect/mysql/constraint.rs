//! Checks and foreign keys, as `SHOW CREATE TABLE` writes them. `information_schema` has them too: on MySQL
//! that takes longer than all the rest of it, and on MariaDB each of its tables opens every one of ours.

use std::collections::HashMap;

use underpin_core::schema::{Action, Constraint, ConstraintKind, ForeignKey, ObjectId, ObjectKind};

use super::{
    catalog::Catalog,
    clause,
    lost::LOST,
    table::{Draft, Drafts},
    text,
};
use crate::database::DatabaseError;

/// Adds what the lines of a table say: checks first, since a foreign key may have the name of one.
pub(super) fn read(catalog: &Catalog<'_>, draft: &mut Draft, lines: &[&str]) {
    let mut found = Vec::new();
    for line in lines {
        if let Some(constraint) = of_table(catalog, line) {
            found.push(constraint);
        } else if line.starts_with('`') && catalog.is_mariadb() {
            add_check_of_column(catalog, draft, line);
        }
    }
    found.sort_by_key(|constraint| matches!(constraint.kind, ConstraintKind::ForeignKey(_)));
    draft.table.constraints.extend(found);
}

/// Asks for the checks in which `SHOW CREATE TABLE` of MySQL has lost characters of four bytes, or looks like it,
/// where `information_schema` has them. (On MariaDB it is the other way round.)
pub(super) async fn restore(catalog: &mut Catalog<'_>, drafts: &mut Drafts) -> Result<(), DatabaseError> {
    let constraints = drafts.values_mut().flat_map(|draft| &mut draft.table.constraints);
    let doubtful: Vec<(String, &mut String)> = constraints.filter_map(doubtful).collect();
    if doubtful.is_empty() || catalog.is_mariadb() {
        return Ok(());
    }
    let rows = catalog
        .fetch(
            "SELECT CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS \
             WHERE CONSTRAINT_SCHEMA = {database}",
        )
        .await?;
    // Their names are unique within a database.
    let clauses: HashMap<&str, &str> = rows.iter().map(|row| (row.text(0), row.text(1))).collect();
    for (name, expression) in doubtful {
        if let Some(clause) = clauses.get(name.as_str()) {
            *expression = text::unescaped(clause);
        }
    }
    Ok(())
}

/// The name and the expression of a check that may have lost something.
fn doubtful(constraint: &mut Constraint) -> Option<(String, &mut String)> {
    let name = constraint.name.clone()?;
    let ConstraintKind::Check { expression } = &mut constraint.kind else { return None };
    expression.contains(LOST).then_some((name, expression))
}

/// The constraint of a line, if it is one.
fn of_table(catalog: &Catalog<'_>, line: &str) -> Option<Constraint> {
    let (name, rest) = clause::name(line.strip_prefix("CONSTRAINT ")?)?;
    let kind = match rest.strip_prefix(" FOREIGN KEY ") {
        Some(key) => ConstraintKind::ForeignKey(foreign_key(catalog, key)?),
        None => ConstraintKind::Check { expression: expression(catalog, rest.strip_prefix(" CHECK (")?) },
    };
    let enforced = !is_unenforced(rest);
    Some(Constraint { enforced, ..Constraint::new(Some(name), kind) })
}

/// What MySQL puts behind a check that is not enforced.
const NOT_ENFORCED: &str = " /*!80016 NOT ENFORCED */";

fn is_unenforced(text: &str) -> bool {
    text.ends_with(NOT_ENFORCED)
}

/// The expression whose end is that of the line, but for its last parenthesis.
fn expression(catalog: &Catalog<'_>, text: &str) -> String {
    let text = text.strip_suffix(NOT_ENFORCED).unwrap_or(text);
    let text = text.strip_suffix(')').unwrap_or(text);
    match catalog.is_mariadb() {
        true => catalog.local(text),
        false => text::with_one_charset(text),
    }
}

/// A check that is written beside a column belongs to that column on MariaDB, has no name of its own, and
/// stands behind everything else.
fn add_check_of_column(catalog: &Catalog<'_>, draft: &mut Draft, line: &str) {
    let Some(check) = clause::behind(line, " CHECK (") else { return };
    let Some((name, _)) = clause::name(line) else { return };
    if let Some(column) = draft.table.columns.iter_mut().find(|column| column.name == name) {
        column.options.insert("check".to_owned(), expression(catalog, check));
    }
}

/// ``(`a`) REFERENCES `d`.`t` (`b`) ON DELETE CASCADE``; what the server does by itself is not written.
fn foreign_key(catalog: &Catalog<'_>, text: &str) -> Option<ForeignKey> {
    let (columns, rest) = clause::names(text)?;
    let (first, rest) = clause::name(rest.strip_prefix(" REFERENCES ")?)?;
    let (schema, table, rest) = match rest.strip_prefix('.').and_then(clause::name) {
        Some((table, rest)) => (catalog.other_database(&first), table, rest),
        None => (catalog.other_database(&catalog.database), first, rest),
    };
    let (referenced, actions) = clause::names(rest.trim_start())?;
    let usual = if catalog.is_mariadb() { Action::Restrict } else { Action::NoAction };
    let action = |word: &str| {
        let (_, action) = actions.split_once(word)?;
        Some(self::action(action))
    };
    Some(ForeignKey {
        columns,
        table: ObjectId::new(ObjectKind::Table, schema.as_deref(), &table),
        referenced,
        on_update: action(" ON UPDATE ").unwrap_or(usual),
        on_delete: action(" ON DELETE ").unwrap_or(usual),
        on_delete_columns: Vec::new(),
        match_full: false,
    })
}

fn action(text: &str) -> Action {
    let actions = [
        ("RESTRICT", Action::Restrict),
        ("CASCADE", Action::Cascade),
        ("SET NULL", Action::SetNull),
        ("SET DEFAULT", Action::SetDefault),
    ];
    let named = actions.into_iter().find(|(word, _)| text.starts_with(word));
    named.map_or(Action::NoAction, |(_, action)| action)
}
