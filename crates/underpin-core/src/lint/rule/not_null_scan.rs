use crate::{
    dialect::Flavour::Postgres,
    statement::{Action, ActionKind, ConstraintKind, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "not-null-scan",
    summary: "a column that becomes NOT NULL while nobody can use the table",
    flavours: POSTGRES,
    why: "`SET NOT NULL` reads the whole table under an ACCESS EXCLUSIVE lock, to see that no row is null. \
          From PostgreSQL 12 on it believes a CHECK (column IS NOT NULL) that is validated already, and such a \
          check can be validated while everybody works. The check must still be there in the same statement: \
          dropping it there brings the scan back. PostgreSQL 18 can add the NOT NULL itself as NOT VALID.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ALTER COLUMN note SET NOT NULL"),
        Example::bad(Postgres, "ALTER TABLE orders ALTER note SET NOT NULL, DROP CONSTRAINT c").after(PROVEN),
        Example::bad(Postgres, "ALTER TABLE orders ALTER note SET NOT NULL").on("11").after(PROVEN),
        Example::bad(Postgres, "ALTER TABLE orders ADD CONSTRAINT n NOT NULL note"),
        Example::bad(Postgres, "ALTER TABLE orders ALTER note SET NOT NULL").after(
            "CREATE TABLE orders (note text); ALTER TABLE orders ADD CHECK (note IS NOT NULL) NOT VALID",
        ),
        Example::good(Postgres, "ALTER TABLE orders ALTER note SET NOT NULL").on("12").after(PROVEN),
        Example::good(Postgres, "ALTER TABLE orders ALTER note SET NOT NULL")
            .after("CREATE TABLE orders (note text NOT NULL)"),
        Example::good(Postgres, "ALTER TABLE orders ADD CONSTRAINT n NOT NULL note NOT VALID"),
        Example::good(
            Postgres,
            "CREATE TABLE orders (note text); ALTER TABLE orders ALTER note SET NOT NULL",
        ),
    ],
    check: Check::Statement(check),
};

const PROVEN: &str = "CREATE TABLE orders (note text, CONSTRAINT c CHECK (note IS NOT NULL))";

fn check(context: &Context<'_>) -> Vec<Found> {
    let scan = |(table, action): (&ObjectName, &Action)| {
        let column = match &action.kind {
            ActionKind::SetNotNull { column } => column,
            ActionKind::AddConstraint(constraint) if !constraint.not_valid => match &constraint.kind {
                ConstraintKind::NotNull { column } => column,
                _ => return None,
            },
            _ => return None,
        };
        if proven(context, table, column) {
            return None;
        }
        let message =
            format!("all of {table} is read while nobody can use it, to see that {column} is never null");
        let lock = format!("ACCESS EXCLUSIVE on {table}");
        Some(Found::new(Severity::Error, message, help(context, table, column)).at(action).lock(lock))
    };
    context.actions_in_use().filter_map(scan).collect()
}

/// Whether the server knows already that there is no null, when the statement begins and ends.
fn proven(context: &Context<'_>, table: &ObjectName, column: &str) -> bool {
    let Some(known) = context.table(table) else { return false };
    if known.column(column).is_some_and(|column| !column.nullable) {
        return true;
    }
    let drops_check = context.actions_in_use().any(|(_, action)| match &action.kind {
        ActionKind::DropConstraint { constraint, .. } => {
            known.checks_on(column).any(|check| check.name == *constraint)
        }
        _ => false,
    });
    context.at_least(12, 0) && known.proves_not_null(column) && !drops_check
}

/// How a column is told that it is never null while others use the table.
pub(super) fn help(context: &Context<'_>, table: &ObjectName, column: &str) -> String {
    let name = context.quoted(table);
    let quoted = context.quoted_part(column);
    let constraint = context.quoted_part(&format!("{}_{column}_not_null", table.name));
    if context.at_least(18, 0) {
        return format!(
            "ALTER TABLE {name} ADD CONSTRAINT {constraint} NOT NULL {quoted} NOT VALID; then, in another \
             transaction: ALTER TABLE {name} VALIDATE CONSTRAINT {constraint};"
        );
    }
    let check = format!(
        "ALTER TABLE {name} ADD CONSTRAINT {constraint} CHECK ({quoted} IS NOT NULL) NOT VALID; then, in another \
         transaction: ALTER TABLE {name} VALIDATE CONSTRAINT {constraint};"
    );
    if context.at_least(12, 0) {
        format!(
            "{check} ALTER TABLE {name} ALTER COLUMN {quoted} SET NOT NULL; ALTER TABLE {name} DROP CONSTRAINT \
             {constraint};"
        )
    } else {
        check
    }
}
