use crate::{
    dialect::Flavour::{self, Mariadb},
    statement::{ObjectClass, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, Rule, drop_database,
};

pub(super) static RULE: Rule = Rule {
    id: "drop-sequence",
    summary: "a sequence that defaults of tables may be taken from",
    flavours: &[Flavour::Mariadb],
    why: "MariaDB drops a sequence that a default asks for its next value, and then every INSERT that leaves the \
          column out fails (error 1146, measured on 10.11). One that takes its place begins from the start, with \
          numbers that rows have already. Give the column another default first. (PostgreSQL refuses.)",
    examples: &[
        Example::bad(Mariadb, "DROP SEQUENCE order_numbers"),
        Example::bad(Mariadb, "CREATE OR REPLACE SEQUENCE order_numbers"),
        Example::good(Mariadb, "CREATE SEQUENCE s; DROP SEQUENCE s"),
        Example::good(Mariadb, "CREATE SEQUENCE s START WITH 10"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let found = |message: String| {
        vec![Found::new(Severity::Warning, message, "another default for the columns that ask for it, first")]
    };
    match context.statement {
        Statement::Drop(drop) if drop.class == ObjectClass::Sequence => {
            if drop.temporary || drop_database::made_here(context, "SEQUENCE", drop) {
                return Vec::new();
            }
            let names: Vec<String> = drop.names.iter().map(ToString::to_string).collect();
            found(format!("every INSERT that takes a number from {} fails from now on", names.join(", ")))
        }
        Statement::Define { class, name: Some(name), or_replace: true, .. } if class == "SEQUENCE" => {
            found(format!("{name} gives numbers from the start again"))
        }
        _ => Vec::new(),
    }
}
