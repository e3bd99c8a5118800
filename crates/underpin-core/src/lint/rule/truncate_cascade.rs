use crate::{dialect::Flavour::Postgres, statement::Statement};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "truncate-cascade",
    summary: "tables that are emptied without being named",
    flavours: POSTGRES,
    why: "`TRUNCATE … CASCADE` empties every table with a foreign key to those that are named, and those \
          that refer to them. Name all tables that are meant.",
    examples: &[
        Example::bad(Postgres, "TRUNCATE orders CASCADE"),
        Example::bad(Postgres, "truncate table orders, lines restart identity cascade"),
        Example::good(Postgres, "TRUNCATE orders RESTRICT"),
        Example::good(Postgres, "TRUNCATE orders"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::Truncate { tables, cascade: true, .. } = context.statement else { return Vec::new() };
    let names: Vec<String> = tables.iter().map(ToString::to_string).collect();
    let known: Vec<String> = tables
        .iter()
        .flat_map(|table| context.catalog.referring(table))
        .map(|table| table.name.to_string())
        .collect();
    let others = if known.is_empty() { "every table that refers to it".to_owned() } else { known.join(", ") };
    let message = format!("with {}, the rows of {others} are lost", names.join(", "));
    vec![Found::new(Severity::Error, message, "name every table that is meant, without CASCADE")]
}
