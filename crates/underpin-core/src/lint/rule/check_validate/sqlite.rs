//! A check that a rebuild of SQLite brings, over values that the old table had. Not one of a new column:
//! that is `sqlite-unsupported-alter`.

use crate::statement::{ConstraintDefinition, ConstraintKind, Statement};

use super::super::super::{Context, Found, Severity, rebuild::Rebuild};

pub(super) fn check(context: &Context<'_>) -> Vec<Found> {
    if !matches!(context.statement, Statement::Drop(_)) {
        return Vec::new();
    }
    let Some(rebuild) = Rebuild::at(context) else { return Vec::new() };
    let Some(before) = context.table(rebuild.old).filter(|table| table.complete) else { return Vec::new() };
    let copied = rebuild.copy.is_some_and(|copy| !copy.ignore);
    let known: Vec<String> =
        before.constraints.iter().filter_map(|constraint| condition(&constraint.kind)).map(plain).collect();
    let about_copied = |constraint: &ConstraintDefinition| match &constraint.kind {
        ConstraintKind::Check { expression } => {
            before.columns.iter().any(|column| expression.mentions(&column.name))
        }
        _ => false,
    };
    let new = rebuild.create.all_constraints().filter(|constraint| {
        let same = condition(&constraint.kind).is_none_or(|text| known.contains(&plain(text)));
        copied && !same && about_copied(constraint)
    });
    let found = |constraint: &ConstraintDefinition| {
        let text = condition(&constraint.kind).unwrap_or_default();
        let message = format!("the copy fails if a row of {} breaks CHECK ({text})", rebuild.old);
        let help = format!("SELECT count(*) FROM {} WHERE NOT ({text}); first", context.quoted(rebuild.old));
        Found::new(Severity::Warning, message, help)
    };
    new.map(found).collect()
}

/// The condition of a check.
fn condition(kind: &ConstraintKind) -> Option<&str> {
    match kind {
        ConstraintKind::Check { expression } => Some(&expression.text),
        _ => None,
    }
}

/// A condition without what may be written in several ways.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|it| !it.is_whitespace() && !"\"`[]()".contains(*it))
        .collect::<String>()
        .to_lowercase()
}
