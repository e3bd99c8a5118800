use crate::{
    dialect::Flavour::Mysql,
    schema::ServerVersion,
    statement::{Action, ActionKind, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, MYSQL_ONLY, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "mysql-row-version-limit",
    summary: "columns that are added or dropped at once only so often",
    flavours: MYSQL_ONLY,
    why: "MySQL adds and drops columns at once by giving rows a version, and takes 64 of them for a table \
          (255 from 9.1 on). After that `ALGORITHM=INSTANT` is refused with error 4092 until the table is \
          rebuilt. `TOTAL_ROW_VERSIONS` of `information_schema.INNODB_TABLES` says how many there are.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE orders ADD COLUMN note text, ALGORITHM=INSTANT"),
        Example::good(Mysql, "ALTER TABLE orders ADD COLUMN note text"),
        Example::good(Mysql, "ALTER TABLE orders ALTER note SET DEFAULT 'x', ALGORITHM=INSTANT"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let instant = context.alter().is_some_and(|alter| alter.algorithm.as_deref() == Some("INSTANT"));
    let counts = |(_, action): &(&ObjectName, &Action)| {
        matches!(action.kind, ActionKind::AddColumn { .. } | ActionKind::DropColumn { .. })
    };
    if !instant || context.version < ServerVersion::new(8, 0, 29) {
        return Vec::new();
    }
    let limit = if context.at_least(9, 1) { 255 } else { 64 };
    let found = |(table, action): (&ObjectName, &Action)| {
        let message = format!("{table} takes {limit} changes of this kind until it is rebuilt");
        let help = format!(
            "SELECT TOTAL_ROW_VERSIONS FROM information_schema.INNODB_TABLES WHERE NAME = \
                CONCAT(DATABASE(), '/{}')",
            table.name
        );
        Found::new(Severity::Note, message, help).at(action)
    };
    context.actions_in_use().filter(counts).map(found).take(1).collect()
}
