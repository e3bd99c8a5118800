use crate::{
    dialect::Flavour::Postgres,
    statement::{Action, ActionKind, ObjectName, Statement, TriggerState},
};

use super::{
    super::{Context, Found, Severity, context::named},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "triggers-off",
    summary: "triggers that are switched off, and foreign keys with them",
    flavours: POSTGRES,
    why: "Foreign keys are kept by triggers. `DISABLE TRIGGER ALL` lets rows of every session refer to what is not \
          there until they are switched on again, and a failure between leaves them off; \
          `session_replication_role = replica` does it for the session that says so. Nothing looks at such rows \
          later. Switch off the one trigger that is in the way, by its name, in the transaction that switches it on \
          again.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders DISABLE TRIGGER ALL"),
        Example::bad(Postgres, "ALTER TABLE orders DISABLE TRIGGER USER"),
        Example::bad(Postgres, "SET session_replication_role = 'replica'"),
        Example::bad(Postgres, "SET LOCAL session_replication_role TO replica"),
        Example::good(Postgres, "ALTER TABLE orders ENABLE TRIGGER ALL"),
        Example::good(Postgres, "ALTER TABLE orders DISABLE TRIGGER told"),
        Example::good(Postgres, "SET session_replication_role = 'origin'"),
    ],
    check: Check::Statement(check),
};

const HELP: &str = "ALTER TABLE … DISABLE TRIGGER name, and ENABLE it in the same transaction";

fn check(context: &Context<'_>) -> Vec<Found> {
    if let Statement::Set(setting) = context.statement {
        let off = named(setting, "session_replication_role") && setting.value == "replica";
        let message = "rows that this session writes fire no trigger, and no foreign key looks at them";
        return off.then(|| Found::new(Severity::Warning, message, HELP)).into_iter().collect();
    }
    let off = |(table, action): (&ObjectName, &Action)| {
        let triggers = action.kind == ActionKind::Trigger(TriggerState::Trigger);
        let text = context.text.get(action.start..action.end).unwrap_or_default().to_ascii_uppercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let of = match words.as_slice() {
            ["DISABLE", "TRIGGER", "ALL"] => "no trigger is fired and no foreign key looks at rows of",
            ["DISABLE", "TRIGGER", "USER"] => "no trigger of ours is fired for rows of",
            _ => return None,
        };
        let message = format!("{of} {table} until they are switched on again");
        triggers.then(|| Found::new(Severity::Warning, message, HELP).at(action))
    };
    context.actions_in_use().filter_map(off).collect()
}
