use crate::{
    dialect::Flavour::Postgres,
    statement::{ActionKind, ConstraintKind, ObjectClass, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "lock-on-referenced-table",
    summary: "a lock on another table than the one that the statement names first",
    flavours: POSTGRES,
    why: "A foreign key has triggers on both of its tables. Making one takes a SHARE ROW EXCLUSIVE lock on the \
          table that is referred to, and taking one away, also with its table, an ACCESS EXCLUSIVE lock. Where \
          that table is busy, the statement waits for its longest transaction, and everybody who comes after \
          waits for the statement. Drop the key by itself, with a short lock timeout and another try.",
    examples: &[
        Example::bad(Postgres, "DROP TABLE orders").after(
            "CREATE TABLE customers (id int PRIMARY KEY); CREATE TABLE orders (c int REFERENCES customers)",
        ),
        Example::bad(Postgres, "ALTER TABLE orders DROP CONSTRAINT orders_c_fkey").after(
            "CREATE TABLE customers (id int PRIMARY KEY); CREATE TABLE orders (c int REFERENCES customers)",
        ),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN c int REFERENCES customers"),
        Example::bad(Postgres, "CREATE TABLE orders (c int REFERENCES customers)"),
        Example::good(
            Postgres,
            "CREATE TABLE customers (id int PRIMARY KEY); CREATE TABLE orders (c int REFERENCES customers)",
        ),
        Example::bad(
            Postgres,
            "CREATE TABLE orders (c int); ALTER TABLE orders ADD FOREIGN KEY (c) REFERENCES customers",
        ),
        Example::good(Postgres, "DROP TABLE notes").after("CREATE TABLE notes (id int)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let locked = |severity, verb: &str, table: &ObjectName, mode: &str| {
        let message = format!("{table} is locked, too, {verb}");
        let help = "set a short lock_timeout and try again, in a transaction that does nothing else";
        Found::new(severity, message, help).lock(format!("{mode} on {table}"))
    };
    match context.statement {
        Statement::CreateTable(create) => {
            let old = create
                .referenced()
                .filter(|table| context.in_use(table) && Some(*table) != create.table.as_ref());
            old.map(|table| {
                locked(
                    Severity::Note,
                    "for the moment that the foreign key is made",
                    table,
                    "SHARE ROW EXCLUSIVE",
                )
            })
            .collect()
        }
        Statement::Drop(drop) if drop.class == ObjectClass::Table => {
            let mut found = Vec::new();
            for table in drop.names.iter().filter(|table| context.in_use(table)) {
                for partner in partners(context, table) {
                    found.push(locked(
                        Severity::Warning,
                        "because a foreign key goes",
                        &partner,
                        "ACCESS EXCLUSIVE",
                    ));
                }
            }
            found
        }
        _ => altered(context, locked),
    }
}

fn altered(context: &Context<'_>, locked: impl Fn(Severity, &str, &ObjectName, &str) -> Found) -> Vec<Found> {
    let mut found = Vec::new();
    // A new table is nobody's, and what it refers to may be everybody's.
    if let Some(alter) = context.alter().filter(|alter| !context.in_use(&alter.table)) {
        for action in &alter.actions {
            let ActionKind::AddConstraint(constraint) = &action.kind else { continue };
            let ConstraintKind::ForeignKey { reference, .. } = &constraint.kind else { continue };
            if context.in_use(&reference.table) {
                let verb = "for the moment that the foreign key is made";
                let mode = "SHARE ROW EXCLUSIVE";
                found.push(locked(Severity::Note, verb, &reference.table, mode).at(action));
            }
        }
    }
    for (table, action) in context.actions_in_use() {
        match &action.kind {
            ActionKind::AddColumn { column, .. } => {
                if let Some(reference) =
                    column.references().filter(|reference| context.in_use(&reference.table))
                {
                    let verb = "for the moment that the foreign key is made";
                    let mode = "SHARE ROW EXCLUSIVE";
                    found.push(locked(Severity::Warning, verb, &reference.table, mode).at(action));
                }
            }
            ActionKind::DropConstraint { constraint, .. } => {
                let known = context.table(table).and_then(|table| table.constraint(constraint));
                if let Some(other) = known.and_then(|constraint| constraint.reference()) {
                    let verb = "because a foreign key goes";
                    found.push(locked(Severity::Warning, verb, other, "ACCESS EXCLUSIVE").at(action));
                }
            }
            _ => {}
        }
    }
    found
}

/// The tables that have a foreign key with `table`, either way.
fn partners(context: &Context<'_>, table: &ObjectName) -> Vec<ObjectName> {
    let out = context.table(table).into_iter().flat_map(|table| table.references()).cloned();
    let into = context.catalog.referring(table).into_iter().map(|other| other.name.clone());
    let mut partners: Vec<ObjectName> = out.chain(into).filter(|other| other.name != table.name).collect();
    partners.sort();
    partners.dedup();
    partners
}
