use crate::{
    dialect::Flavour::Postgres,
    statement::{Action, ActionKind, ConstraintKind, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "exclusion-constraint-lock",
    summary: "an exclusion constraint whose index is built while nobody can use the table",
    flavours: POSTGRES,
    why: "`ADD EXCLUDE` builds its index under an ACCESS EXCLUSIVE lock, and there is no form that does not: \
          neither NOT VALID nor USING INDEX is taken. Make a new table that has the constraint, fill it, and let \
          it take the old one's place.",
    examples: &[
        Example::bad(
            Postgres,
            "ALTER TABLE stays ADD CONSTRAINT apart EXCLUDE USING gist (room WITH =, during WITH &&)",
        ),
        Example::good(Postgres, "CREATE TABLE stays (during tsrange, EXCLUDE USING gist (during WITH &&))"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let locked = |(table, action): (&ObjectName, &Action)| match &action.kind {
        ActionKind::AddConstraint(constraint) if constraint.kind == ConstraintKind::Exclusion => {
            let message = format!("nobody can use {table} until the index of the constraint is built");
            let help = "a new table with the constraint, filled from the old one, that takes its place";
            let lock = format!("ACCESS EXCLUSIVE on {table}");
            Some(Found::new(Severity::Error, message, help).at(action).lock(lock))
        }
        _ => None,
    };
    context.actions_in_use().filter_map(locked).collect()
}
