use crate::{
    dialect::Flavour::Postgres,
    impact::{LockMode, impact},
    statement::Statement,
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "explicit-lock",
    summary: "LOCK TABLE in a mode that makes writers wait",
    flavours: POSTGRES,
    why: "The lock is kept until the transaction ends, whatever else the file does until then; ACCESS EXCLUSIVE, \
          which is meant where no mode is said, keeps readers out too. Statements that change a table take the \
          lock that they need themselves. Where rows have to stay as they are for a moment, lock those rows, and \
          keep the transaction short.",
    examples: &[
        Example::bad(Postgres, "BEGIN; LOCK TABLE users; COMMIT"),
        Example::bad(Postgres, "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE; COMMIT"),
        Example::bad(Postgres, "BEGIN; lock only users, orders in share row exclusive mode nowait; COMMIT"),
        Example::bad(Postgres, "BEGIN; LOCK users IN SHARE MODE; COMMIT"),
        Example::good(Postgres, "BEGIN; LOCK TABLE users IN SHARE UPDATE EXCLUSIVE MODE; COMMIT"),
        Example::good(Postgres, "BEGIN; LOCK TABLE users IN ACCESS SHARE MODE; COMMIT"),
        Example::good(Postgres, "BEGIN; CREATE TABLE a (b int); LOCK TABLE a; COMMIT"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::Lock { mode, .. } = context.statement else { return Vec::new() };
    // What readers hold anyway.
    if mode.as_deref() == Some("ACCESS SHARE") {
        return Vec::new();
    }
    let impact = impact(context.flavour, context.version, context.catalog, context.statement);
    let waited_for = |mode: LockMode| mode >= LockMode::Share;
    let held = impact.locks.iter().filter(|lock| waited_for(lock.mode) && context.in_use(&lock.table));
    held.map(|lock| {
        let message = format!("until the transaction ends, {} for {}", lock.mode.who_waits(), lock.table);
        let help =
            "leave it out: what changes a table takes its lock itself; or SELECT … FOR UPDATE of the rows";
        Found::new(Severity::Warning, message, help).lock(lock.to_string())
    })
    .collect()
}
