use crate::{dialect::Flavour::Postgres, statement::Statement};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "rename-schema",
    summary: "a schema or a database that old programs look for under its old name",
    flavours: POSTGRES,
    why: "Every program that names the schema, or has it in its search_path, fails at once. Make the new \
          schema, and move what belongs there one table at a time, with a view under the old name.",
    examples: &[
        Example::bad(Postgres, "ALTER SCHEMA shop RENAME TO store"),
        Example::bad(Postgres, "ALTER DATABASE shop RENAME TO store"),
        Example::good(Postgres, "ALTER SCHEMA shop OWNER TO somebody"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::RenameSchema { from, to } = context.statement else { return Vec::new() };
    let message = format!("programs that know {to} as {from} fail from now on");
    vec![Found::new(Severity::Error, message, "move one table at a time, with a view under the old name")]
}
