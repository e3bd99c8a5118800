use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    impact::{Algorithm, Way},
    statement::ActionKind,
};

use super::{
    super::{Context, Found, Severity, mysql},
    Check, Example, MYSQL, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "mysql-instant",
    summary: "INSTANT where it can't be, or lost to another action",
    flavours: MYSQL,
    why: "A server does all actions of an ALTER TABLE in one way, the dearest that one of them needs. A \
          new column is instant alone, and written into every row together with an index. With \
          `ALGORITHM=INSTANT` such a statement is refused. Write one statement for what is instant, and \
          another for the rest.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE orders ADD COLUMN a int, ADD INDEX i (a), ALGORITHM=INSTANT"),
        Example::bad(Mysql, "ALTER TABLE orders ADD INDEX i (a), ALGORITHM=INSTANT"),
        Example::bad(Mysql, "ALTER TABLE orders ADD COLUMN a int, ADD INDEX i (a)"),
        Example::good(Mysql, "ALTER TABLE t DROP INDEX i, ADD INDEX i (a) USING BTREE, ALGORITHM=INSTANT")
            .after("CREATE TABLE t (a int, KEY i (a))"),
        Example::bad(Mysql, "ALTER TABLE t DROP INDEX i, ADD INDEX i (b), ALGORITHM=INSTANT")
            .after("CREATE TABLE t (a int, b int, KEY i (a))"),
        Example::bad(Mariadb, "ALTER TABLE orders ADD COLUMN a int AFTER b, ALGORITHM=INSTANT").on("10.3.39"),
        Example::bad(Mariadb, "ALTER TABLE orders DROP COLUMN a, ALGORITHM=INSTANT").on("10.3.39"),
        Example::good(Mariadb, "ALTER TABLE orders ADD COLUMN a int, ALGORITHM=INSTANT").on("10.3.39"),
        Example::good(Mariadb, "ALTER TABLE orders ADD COLUMN a int AFTER b, ALGORITHM=INSTANT").on("10.4"),
        Example::good(Mysql, "ALTER TABLE orders ADD COLUMN a int, ALGORITHM=INSTANT"),
        Example::good(Mysql, "ALTER TABLE orders ADD COLUMN a int, ADD COLUMN b int"),
        Example::good(Mysql, "ALTER TABLE orders ADD INDEX i (a), ADD INDEX j (b)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Some(alter) = context.alter().filter(|alter| context.in_use(&alter.table)) else { return Vec::new() };
    let known = alter.actions.iter().all(|action| mysql::certain(context, &alter.table, action));
    let ways: Vec<Way> = alter.actions.iter().map(|action| mysql::way(context, alter, action)).collect();
    let dear = |way: &Way| way.algorithm > Algorithm::Instant;
    let some = ways.iter().any(dear);
    let adds = alter.actions.iter().any(|action| matches!(action.kind, ActionKind::AddColumn { .. }));
    let mixed = some && adds && !ways.iter().all(dear);
    let split = "one statement for what is instant, and another for the rest";
    if known
        && some
        && alter.algorithm.as_deref() == Some("INSTANT")
        && !ways.iter().any(|way| mysql::copies(*way))
    {
        let message = "the server refuses this, because not all of it is instant";
        return vec![Found::new(Severity::Warning, message, split)];
    }
    if mixed && alter.algorithm.is_none() && !ways.iter().any(|way| mysql::copies(*way)) {
        let message = "the new column is instant alone, and is written into every row together with the rest";
        return vec![Found::new(Severity::Note, message, split)];
    }
    Vec::new()
}
