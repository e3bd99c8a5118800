use crate::{
    dialect::Flavour::Postgres,
    statement::{Action, ActionKind, ConstraintKind, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "check-validate",
    summary: "a check that reads the whole table while nobody can use it",
    flavours: POSTGRES,
    why: "`ADD CHECK` looks at every row under an ACCESS EXCLUSIVE lock; so does a new column with a CHECK, even \
          though every row of it is null. With NOT VALID the check holds for new rows at once and reads nothing; \
          `VALIDATE CONSTRAINT`, in a later transaction, reads the rows while everybody works.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN total int CHECK (total > 0)"),
        Example::good(Postgres, "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID"),
        Example::good(Postgres, "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT ENFORCED"),
        Example::good(Postgres, "CREATE TABLE orders (total int); ALTER TABLE orders ADD CHECK (total > 0)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let scan = |(table, action): (&ObjectName, &Action)| {
        let constraint = match &action.kind {
            ActionKind::AddConstraint(constraint) => Some(constraint),
            ActionKind::AddColumn { column, .. } => column
                .constraints
                .iter()
                .find(|constraint| matches!(constraint.kind, ConstraintKind::Check { .. })),
            _ => None,
        }?;
        let ConstraintKind::Check { expression } = &constraint.kind else { return None };
        if constraint.not_valid || constraint.not_enforced {
            return None;
        }
        let of = context.quoted(table);
        let name = constraint.name.clone().unwrap_or_else(|| format!("{}_check", table.name));
        let name = context.quoted_part(&name);
        let message = format!("all of {table} is read while nobody can use it, to check its rows");
        let help = format!(
            "ALTER TABLE {of} ADD CONSTRAINT {name} CHECK ({}) NOT VALID; then, in another transaction: ALTER TABLE \
             {of} VALIDATE CONSTRAINT {name};",
            expression.text
        );
        Some(
            Found::new(Severity::Error, message, help)
                .at(action)
                .lock(format!("ACCESS EXCLUSIVE on {table}")),
        )
    };
    context.actions_in_use().filter_map(scan).collect()
}
