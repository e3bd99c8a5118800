use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    statement::{Action, ActionKind, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, MYSQL, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "auto-increment-column",
    summary: "a column that counts, in a table that has rows",
    flavours: MYSQL,
    why: "Every row gets a number while writers wait, and with replication by statements the rows of a \
          replica get others. Make the table anew with the column, and copy the rows; or do it in a \
          window.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE orders ADD COLUMN id int AUTO_INCREMENT PRIMARY KEY"),
        Example::bad(Mysql, "alter table orders add id serial"),
        Example::bad(Mariadb, "ALTER TABLE orders ADD COLUMN id bigint NOT NULL AUTO_INCREMENT UNIQUE FIRST"),
        Example::good(Mysql, "ALTER TABLE orders AUTO_INCREMENT = 1000"),
        Example::good(Mysql, "CREATE TABLE o (a int); ALTER TABLE o ADD id int AUTO_INCREMENT PRIMARY KEY"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let found = |(table, action): (&ObjectName, &Action)| {
        let ActionKind::AddColumn { column, .. } = &action.kind else { return None };
        if !column.auto_increment && !column.serial() {
            return None;
        }
        let message = format!("writers of {table} wait until every row has a number");
        let found = Found::new(Severity::Warning, message, "in a window").at(action);
        Some(found.lock(format!("ALGORITHM=INPLACE, LOCK=SHARED on {table}")))
    };
    context.actions_in_use().filter_map(found).collect()
}
