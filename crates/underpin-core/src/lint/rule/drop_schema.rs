use crate::{
    dialect::Flavour::{Mysql, Postgres},
    statement::{ObjectClass, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, Rule, SERVERS, drop_database,
};

pub(super) static RULE: Rule = Rule {
    id: "drop-schema",
    summary: "a schema that is dropped with all that is in it",
    flavours: SERVERS,
    why: "Every table in it is gone, with its rows. Drop the tables that nobody uses any more, one release \
          after the last program that did, and the schema when it is empty.",
    examples: &[
        Example::bad(Postgres, "DROP SCHEMA shop CASCADE"),
        Example::bad(Postgres, "drop schema if exists a, \"B\""),
        Example::bad(Mysql, "DROP SCHEMA shop"),
        Example::good(Postgres, "CREATE SCHEMA x; DROP SCHEMA x"),
        Example::good(Mysql, "DROP DATABASE shop"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::Drop(drop) = context.statement else { return Vec::new() };
    let schema = drop.class == ObjectClass::Schema || drop_database::called_schema(context, drop);
    if !schema || drop_database::made_here(context, "SCHEMA", drop) {
        return Vec::new();
    }
    let names: Vec<String> = drop.names.iter().map(ToString::to_string).collect();
    let message = format!("everything in the schema {} is lost", names.join(", "));
    vec![Found::new(Severity::Error, message, "DROP TABLE of what nobody uses any more, one by one")]
}
