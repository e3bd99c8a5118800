//! A check that a rebuild of SQLite brings, over values that the old table had. Not one of a new column:
//! that is `sqlite-unsupported-alter`.

use crate::statement::{Expression, Statement};

use super::super::super::{Context, Found, Severity, rebuild::Rebuild};

pub(super) fn check(context: &Context<'_>) -> Vec<Found> {
    if !matches!(context.statement, Statement::Drop(_)) {
        return Vec::new();
    }
    let Some(rebuild) = Rebuild::at(context) else { return Vec::new() };
    let Some(before) = context.table(rebuild.old).filter(|table| table.complete) else { return Vec::new() };
    let copied = rebuild.copy.is_some_and(|copy| !copy.ignore);
    let known = before.constraints.iter().filter_map(|constraint| constraint.kind.condition());
    let known: Vec<String> = known.map(plain).collect();
    let about_copied = |check: &Expression| before.columns.iter().any(|column| check.mentions(&column.name));
    let checks = rebuild.create.all_constraints().filter_map(|constraint| constraint.kind.condition());
    let new = checks.filter(|check| copied && !known.contains(&plain(check)) && about_copied(check));
    let found = |check: &Expression| {
        let text = &check.text;
        let message = format!("the copy fails if a row of {} breaks CHECK ({text})", rebuild.old);
        let help = format!("SELECT count(*) FROM {} WHERE NOT ({text}); first", context.quoted(rebuild.old));
        Found::new(Severity::Warning, message, help)
    };
    new.map(found).collect()
}

/// A condition without what may be written in several ways.
fn plain(check: &Expression) -> String {
    let characters = check.text.chars();
    characters.filter(|it| !it.is_whitespace() && !"\"`[]()".contains(*it)).collect::<String>().to_lowercase()
}
