use crate::{dialect::Flavour::Mysql, statement::Statement};

use super::{
    super::{Found, Script, Severity},
    Check, Example, MYSQL, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "partial-failure",
    summary: "several changes of the schema in a text that is no transaction",
    flavours: MYSQL,
    why: "On MySQL and MariaDB every change of the schema is committed by itself: where the second fails, \
          the first is done. Several actions in one ALTER TABLE are atomic. Underpin notes which \
          statements of a revision are done, and goes on behind them.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE a ADD b int; ALTER TABLE c ADD d int"),
        Example::good(Mysql, "ALTER TABLE a ADD b int, ADD c int"),
    ],
    check: Check::Script(check),
};

fn check(_: &Script<'_>, statements: &[Statement]) -> Vec<Found> {
    let count = statements.iter().filter(|statement| statement.changes_schema()).count();
    if count < 2 {
        return Vec::new();
    }
    let message = format!("{count} statements change the schema, and each is committed by itself");
    vec![Found::new(Severity::Note, message, "one ALTER TABLE with several actions, or a revision for each")]
}
