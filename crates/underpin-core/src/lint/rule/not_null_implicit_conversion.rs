use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    statement::{Action, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, MYSQL, Rule, data_dependent_not_null,
};

pub(super) static RULE: Rule = Rule {
    id: "not-null-implicit-conversion",
    summary: "NULL that silently becomes an empty text or 0",
    flavours: MYSQL,
    why: "Without STRICT_TRANS_TABLES or STRICT_ALL_TABLES in `sql_mode`, `MODIFY … NOT NULL` turns every \
          NULL into an empty text, 0 or `0000-00-00` without a word; `ALTER IGNORE TABLE` of MariaDB does \
          so in every mode. In the strict mode it fails instead, which is what you want: update the rows \
          first.",
    examples: &[
        Example::bad(Mysql, "SET sql_mode = ''; ALTER TABLE orders MODIFY note text NOT NULL"),
        Example::bad(
            Mariadb,
            "SET SESSION sql_mode='NO_ENGINE_SUBSTITUTION'; ALTER TABLE orders CHANGE a b int NOT NULL",
        ),
        Example::bad(Mariadb, "ALTER IGNORE TABLE orders MODIFY note text NOT NULL"),
        Example::good(
            Mysql,
            "SET sql_mode = 'STRICT_ALL_TABLES'; ALTER TABLE orders MODIFY note text NOT NULL",
        ),
        Example::good(Mysql, "SET sql_mode = ''; ALTER TABLE orders MODIFY note text"),
        Example::good(Mysql, "ALTER TABLE orders MODIFY note text NOT NULL"),
        Example::good(Mysql, "SET sql_mode = ''; ALTER TABLE t MODIFY a int NOT NULL")
            .after("CREATE TABLE t (a int NOT NULL)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if !is_lenient(context) {
        return Vec::new();
    }
    let found = |(table, action): (&ObjectName, &Action)| {
        let column = data_dependent_not_null::narrowed(context, table, &action.kind)?;
        let message = format!("every NULL in {column} of {table} becomes an empty value, and nobody is told");
        let help = format!(
            "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'); before it: UPDATE {} \
                SET {} = … WHERE \
             {} IS NULL;",
            context.quoted(table),
            context.quoted_part(column),
            context.quoted_part(column)
        );
        Some(Found::new(Severity::Error, message, help).at(action))
    };
    context.actions_in_use().filter_map(found).collect()
}

/// Whether the server makes values fit instead of refusing them.
pub(super) fn is_lenient(context: &Context<'_>) -> bool {
    let lenient = context
        .setting("sql_mode")
        .is_some_and(|mode| !["strict_", "traditional", "@"].iter().any(|word| mode.contains(word)));
    lenient || context.alter().is_some_and(|alter| alter.ignore)
}
