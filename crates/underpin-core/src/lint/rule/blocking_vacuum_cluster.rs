use crate::{
    dialect::Flavour::Postgres,
    statement::{Maintenance, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "blocking-vacuum-cluster",
    summary: "a table that is written anew to save space or to be in order",
    flavours: POSTGRES,
    why: "`VACUUM FULL` and `CLUSTER` write the table and its indexes anew under an ACCESS EXCLUSIVE lock. \
          pg_repack does the same beside everybody's work; an ordinary VACUUM gives space back to the table.",
    examples: &[
        Example::bad(Postgres, "VACUUM FULL orders"),
        Example::bad(Postgres, "VACUUM (FULL, ANALYZE) orders"),
        Example::bad(Postgres, "CLUSTER orders USING orders_at"),
        Example::good(Postgres, "VACUUM ANALYZE orders"),
        Example::good(Postgres, "VACUUM (FULL false) orders"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let tables = match context.statement {
        Statement::Maintenance(Maintenance::Vacuum { full: true, tables }) => tables.clone(),
        Statement::Maintenance(Maintenance::Cluster { table }) => table.iter().cloned().collect(),
        _ => return Vec::new(),
    };
    if !tables.is_empty() && !tables.iter().any(|table| context.in_use(table)) {
        return Vec::new();
    }
    let names: Vec<String> = tables.iter().map(ToString::to_string).collect();
    let of = if names.is_empty() { "every table".to_owned() } else { names.join(", ") };
    let message = format!("{of} is written anew while nobody can use it");
    let help = "pg_repack, or an ordinary VACUUM";
    vec![Found::new(Severity::Error, message, help).lock(format!("ACCESS EXCLUSIVE on {of}"))]
}
