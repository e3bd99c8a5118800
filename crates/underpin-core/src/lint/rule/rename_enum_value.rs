use crate::{
    dialect::Flavour::Postgres,
    statement::{AlterType, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "rename-enum-value",
    summary: "a value of an enum that gets another name",
    flavours: POSTGRES,
    why: "Programs of the release before still write and compare the old value, and fail. Add the new value beside \
          it, write it from the next release on, and change the rows after that.",
    examples: &[
        Example::bad(Postgres, "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'"),
        Example::good(
            Postgres,
            "CREATE TYPE mood AS ENUM ('ok'); ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'",
        ),
        Example::good(Postgres, "ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok'"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::AlterType(AlterType::RenameValue { name, from, to }) = context.statement else {
        return Vec::new();
    };
    // Nobody says the value of a type that the text has just made.
    let made = context
        .earlier()
        .iter()
        .any(|earlier| matches!(earlier, Statement::CreateEnum(made) if made.name.name == name.name));
    if made {
        return Vec::new();
    }
    let message = format!("programs that say '{from}' fail once it is '{to}'");
    let help = format!("ALTER TYPE {} ADD VALUE '{to}' AFTER '{from}'", context.quoted(name));
    vec![Found::new(Severity::Warning, message, help)]
}
