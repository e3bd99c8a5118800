//! Indexes of tables and materialised views. Not those that constraints bring.

use std::collections::BTreeSet;

use super::{
    action::Action,
    text::{comment, list, qualified, quote, with},
};
use crate::{
    difference::Statement,
    name::quote_in,
    schema::{Index, IndexPart, Key, ObjectId, ObjectKind, Options},
};

/// The option of an index that is made and dropped while others use its table. No catalog has it: an
/// operation says it.
pub(super) const CONCURRENTLY: &str = "concurrently";

/// The options that say how much the server learns of an expression, by its number in the index.
const STATISTICS: &str = "statistics.";

/// What becomes of an index that is not as it is to be.
pub(super) fn decide(from: &Index, to: &Index) -> Action {
    if from == to {
        return Action::Keep;
    }
    let mut same = from.clone();
    same.comment.clone_from(&to.comment);
    same.options.retain(|option, _| !is_alterable(option));
    let altered = to.options.iter().filter(|(option, _)| is_alterable(option));
    same.options.extend(altered.map(|(option, value)| (option.clone(), value.clone())));
    if same == *to { Action::Alter } else { Action::Replace }
}

/// Whether an option can be changed while the index stays.
fn is_alterable(option: &str) -> bool {
    ["clustered", "tablespace"].contains(&option) || option.starts_with(STATISTICS)
}

/// Builds an index.
pub(super) fn make(owner: &ObjectId, index: &Index) -> Vec<Statement> {
    let create = index.create.clone().unwrap_or_else(|| written(owner, index));
    let mut statements = vec![match index.options.contains_key(CONCURRENTLY) {
        true => Statement::alone(create.replacen("INDEX ", "INDEX CONCURRENTLY ", 1)),
        false => Statement::new(create),
    }];
    statements.extend(extras(owner, None, index));
    statements
}

/// Drops an index; with `constraints`, those of partitions whose indexes are parts of it go along.
pub(super) fn drop(owner: &ObjectId, index: &Index, constraints: bool) -> Statement {
    if index.options.contains_key(CONCURRENTLY) {
        // It takes no CASCADE ("DROP INDEX" in the manual).
        return Statement::alone(format!("DROP INDEX CONCURRENTLY {}", name(owner, index)));
    }
    let cascade = if constraints { " CASCADE" } else { "" };
    Statement::new(format!("DROP INDEX {}{cascade}", name(owner, index)))
}

/// Changes an index in place.
pub(super) fn alter(owner: &ObjectId, from: &Index, to: &Index) -> Vec<Statement> {
    extras(owner, Some(from), to)
}

fn name(owner: &ObjectId, index: &Index) -> String {
    quote_in(crate::dialect::Dialect::Postgres, owner.schema.as_deref(), &index.name)
}

fn extras(owner: &ObjectId, from: Option<&Index>, to: &Index) -> Vec<Statement> {
    let name = name(owner, to);
    let option = |index: Option<&Index>, name: &str| index.and_then(|index| index.options.get(name).cloned());
    let mut statements = Vec::new();
    let space = option(Some(to), "tablespace");
    if space != option(from, "tablespace") {
        let space = space.as_deref().unwrap_or("pg_default");
        statements.push(Statement::new(format!("ALTER INDEX {name} SET TABLESPACE {}", quote(space))));
    }
    for (column, target) in statistics(from.map(|index| &index.options), &to.options) {
        let action = format!("ALTER COLUMN {column} SET STATISTICS {target}");
        statements.push(Statement::new(format!("ALTER INDEX {name} {action}")));
    }
    let word = if owner.kind == ObjectKind::MaterializedView { "MATERIALIZED VIEW" } else { "TABLE" };
    let alter = |action: &str| Statement::new(format!("ALTER {word} {} {action}", qualified(owner)));
    match (option(from, "clustered"), option(Some(to), "clustered")) {
        (None, Some(_)) => statements.push(alter(&format!("CLUSTER ON {}", quote(&to.name)))),
        (Some(_), None) => statements.push(alter("SET WITHOUT CLUSTER")),
        _ => {}
    }
    let before = from.and_then(|index| index.comment.as_deref());
    statements.extend(comment(&format!("INDEX {name}"), before, to.comment.as_deref()));
    statements
}

/// The numbers of the expressions of which the server is to learn more or less than before, with how much.
fn statistics<'a>(from: Option<&'a Options>, to: &'a Options) -> impl Iterator<Item = (&'a str, &'a str)> {
    let value = |options: Option<&'a Options>, option: &str| options.and_then(|options| options.get(option));
    let all: BTreeSet<&String> = from.into_iter().chain([to]).flat_map(Options::keys).collect();
    all.into_iter().filter_map(move |option| {
        let (old, new) = (value(from, option), value(Some(to), option));
        let column = option.strip_prefix(STATISTICS).filter(|_| old != new)?;
        Some((column, new.map_or("-1", String::as_str)))
    })
}

/// An index whose statement no server has written.
fn written(owner: &ObjectId, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let method = index.method.as_deref().map(|method| format!(" USING {method}")).unwrap_or_default();
    let parts: Vec<String> = index.parts.iter().map(part).collect();
    let mut text = format!(
        "CREATE {unique}INDEX {} ON {}{method} ({})",
        quote(&index.name),
        qualified(owner),
        parts.join(", ")
    );
    if !index.include.is_empty() {
        text.push_str(&format!(" INCLUDE ({})", list(&index.include)));
    }
    if index.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    text.push_str(&with(&index.options));
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" WHERE {predicate}"));
    }
    text
}

/// A column or an expression with what stands behind it.
pub(crate) fn part(part: &IndexPart) -> String {
    let mut text = match &part.key {
        Key::Column(column) => quote(column),
        Key::Expression(expression) => format!("({expression})"),
    };
    if let Some(collation) = &part.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(class) = &part.operator_class {
        text.push_str(&format!(" {class}"));
    }
    if part.descending {
        text.push_str(" DESC");
    }
    match part.nulls_first {
        Some(true) => text.push_str(" NULLS FIRST"),
        Some(false) => text.push_str(" NULLS LAST"),
        None => {}
    }
    text
}
