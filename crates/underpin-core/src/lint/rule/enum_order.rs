use crate::{
    dialect::Flavour::Postgres,
    statement::{AlterType, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "enum-order",
    summary: "a new value of an enum without a place",
    flavours: POSTGRES,
    why: "The values of an enum have an order, which ORDER BY and comparisons use. Without BEFORE or AFTER a new \
          value is the greatest.",
    examples: &[
        Example::bad(Postgres, "ALTER TYPE mood ADD VALUE 'fine'"),
        Example::good(Postgres, "ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok'"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::AlterType(AlterType::AddValue { value, placed: false, .. }) = context.statement else {
        return Vec::new();
    };
    let message = format!("'{value}' becomes the greatest value");
    vec![Found::new(Severity::Note, message, format!("{} AFTER '…'", context.text))]
}
