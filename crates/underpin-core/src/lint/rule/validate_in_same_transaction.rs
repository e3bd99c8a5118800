use crate::{
    dialect::Flavour::Postgres,
    statement::{ActionKind, AlterTable, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "validate-in-same-transaction",
    summary: "a constraint that is validated under the lock it was added with",
    flavours: POSTGRES,
    why: "`VALIDATE CONSTRAINT` itself locks out nobody, but a transaction keeps every lock until its end. In the \
          transaction that added the constraint, or changed this table or another in another way, the rows are \
          read under that stronger lock, and NOT VALID was for nothing. Validate in a transaction (a revision) of its own.",
    examples: &[
        Example::bad(
            Postgres,
            "BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c; COMMIT",
        ),
        Example::bad(
            Postgres,
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, VALIDATE CONSTRAINT c",
        ),
        Example::bad(Postgres, "BEGIN; ALTER TABLE t ADD b int; ALTER TABLE t VALIDATE CONSTRAINT c; COMMIT"),
        Example::bad(
            Postgres,
            "BEGIN; ALTER TABLE orders ADD note text; ALTER TABLE t VALIDATE CONSTRAINT c; COMMIT",
        ),
        Example::good(
            Postgres,
            "BEGIN; CREATE TABLE x (a int); ALTER TABLE x ADD b int; ALTER TABLE t VALIDATE CONSTRAINT c; COMMIT",
        ),
        Example::good(
            Postgres,
            "BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; COMMIT; ALTER TABLE t VALIDATE CONSTRAINT c",
        ),
        Example::good(
            Postgres,
            "ALTER TABLE t ADD CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT t_a_check",
        ),
        Example::good(
            Postgres,
            "BEGIN; ALTER TABLE t VALIDATE CONSTRAINT c; ALTER TABLE t VALIDATE CONSTRAINT d; COMMIT",
        ),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (table, action) in context.actions_in_use() {
        let ActionKind::ValidateConstraint { constraint } = &action.kind else { continue };
        let beside = context.alter().is_some_and(locks);
        let before: Vec<&ObjectName> =
            context.earlier_in_transaction().filter_map(|earlier| changed(context, earlier)).collect();
        // The lock on the table itself, if there is one, is the worse.
        let own = before.iter().copied().find(|held| held.name == table.name);
        let held = if beside { Some(table) } else { own.or(before.first().copied()) };
        if let Some(held) = held {
            let own = held.name == table.name;
            let held = if own { "it".to_owned() } else { held.to_string() };
            let severity = if own { Severity::Error } else { Severity::Warning };
            let message = format!(
                "all of {table} is read to validate {constraint} while the transaction holds a stronger lock on {held}"
            );
            let help = format!(
                "in a transaction of its own: ALTER TABLE {} VALIDATE CONSTRAINT {};",
                context.quoted(table),
                context.quoted_part(constraint)
            );
            found.push(Found::new(severity, message, help).at(action));
        }
    }
    found
}

/// The table that a statement changes under a lock that others feel.
fn changed<'a>(context: &Context<'_>, statement: &'a Statement) -> Option<&'a ObjectName> {
    match statement {
        Statement::AlterTable(alter) => {
            (locks(alter) && context.in_use(&alter.table)).then_some(&alter.table)
        }
        _ => None,
    }
}

/// Whether an action does more than what runs beside everybody else's work.
fn locks(alter: &AlterTable) -> bool {
    let quiet = |kind: &ActionKind| {
        matches!(
            kind,
            ActionKind::ValidateConstraint { .. }
                | ActionKind::ColumnStatistics { .. }
                | ActionKind::StorageParameters
        )
    };
    alter.actions.iter().any(|action| !quiet(&action.kind))
}
