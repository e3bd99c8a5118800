use crate::{dialect::Flavour::Postgres, statement::Statement};

use super::{
    super::{Found, Script, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "too-many-operations",
    summary: "a text that changes much at once",
    flavours: ALL,
    why: "What fails in the middle is hard to take back, and what is slow holds the locks of all that went \
          before. Several small revisions can be timed, repeated and taken back by themselves.",
    examples: &[
        Example::bad(
            Postgres,
            "ALTER TABLE t ADD a1 int, ADD a2 int, ADD a3 int, ADD a4 int, ADD a5 int, ADD a6 int, \
                ADD a7 int, \
        ADD a8 int, ADD a9 int, ADD b1 int, ADD b2 int, ADD b3 int, ADD b4 int, ADD b5 int, ADD b6 \
            int, ADD b7 int, ADD b8 int, \
        ADD b9 int, ADD c1 int, ADD c2 int, ADD c3 int",
        ),
        Example::good(Postgres, "ALTER TABLE orders ADD a int, ADD b int"),
    ],
    check: Check::Script(check),
};

/// How many changes one text has without a word. Somebody has to read all of them.
const MANY: usize = 20;

fn check(_: &Script<'_>, statements: &[Statement]) -> Vec<Found> {
    let changes = |statement: &Statement| match statement {
        Statement::AlterTable(alter) => alter.actions.len(),
        other => usize::from(other.changes_schema() || matches!(other, Statement::Rows(_))),
    };
    let count: usize = statements.iter().map(changes).sum();
    let message = format!("it makes {count} changes");
    let found = Found::new(Severity::Note, message, "several revisions, each about one thing");
    if count > MANY { vec![found] } else { Vec::new() }
}
