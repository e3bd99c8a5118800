use crate::{
    dialect::Flavour::Postgres,
    sql::{TokenKind, codes, unquote},
    statement::{AlterType, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "enum-value-used-same-tx",
    summary: "a new value of an enum that is used in the transaction that adds it",
    flavours: POSTGRES,
    why: "A value that `ALTER TYPE … ADD VALUE` has added can't be used before the transaction is committed \
          (SQLSTATE 55P04), unless the type was made in it, too. Use it in a later revision.",
    examples: &[
        Example::bad(
            Postgres,
            "BEGIN; ALTER TYPE mood ADD VALUE 'new'; UPDATE t SET m = 'new' WHERE id = 1; COMMIT",
        ),
        Example::bad(
            Postgres,
            "BEGIN; ALTER TYPE mood ADD VALUE 'new'; ALTER TABLE t ALTER m SET DEFAULT 'new'; COMMIT",
        ),
        Example::good(Postgres, "ALTER TYPE mood ADD VALUE 'new'; UPDATE t SET m = 'new' WHERE id = 1"),
        Example::good(
            Postgres,
            "BEGIN; ALTER TYPE mood ADD VALUE 'new'; UPDATE t SET m = 'old' WHERE id = 1; COMMIT",
        ),
        Example::good(
            Postgres,
            "BEGIN; CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood ADD VALUE 'new'; CREATE TABLE t (m mood DEFAULT 'new'); COMMIT",
        ),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if !context.moment.open || matches!(context.statement, Statement::AlterType(_)) {
        return Vec::new();
    }
    let made = |name: &crate::statement::ObjectName| {
        context
            .earlier_in_transaction()
            .any(|earlier| matches!(earlier, Statement::CreateEnum(made) if made.name == *name))
    };
    let added: Vec<&String> = context
        .earlier_in_transaction()
        .filter_map(|earlier| match earlier {
            Statement::AlterType(AlterType::AddValue { name, value, .. }) if !made(name) => Some(value),
            _ => None,
        })
        .collect();
    if added.is_empty() {
        return Vec::new();
    }
    let used = codes(context.flavour.dialect(), context.text)
        .filter(|code| code.kind == TokenKind::String)
        .find(|code| added.iter().any(|value| **value == unquote(code.text)));
    let Some(used) = used else { return Vec::new() };
    let message = format!("{} was added in this transaction, and can't be used before its end", used.text);
    let mut found = Found::new(
        Severity::Error,
        message,
        "ALTER TYPE … ADD VALUE in a revision of its own, before this one",
    );
    found.span = used.start..used.start + used.text.len();
    vec![found]
}
