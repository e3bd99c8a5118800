use crate::{
    dialect::Flavour::{Mysql, Postgres},
    statement::{ActionKind, IndexDefinition, Statement},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "wide-index",
    summary: "an index of more than three columns",
    flavours: ALL,
    why: "Every write keeps all of them in order, and a query uses those from the left alone. Often the \
          first two or three choose the rows as well.",
    examples: &[
        Example::bad(Postgres, "CREATE INDEX CONCURRENTLY i ON orders (a, b, c, d)"),
        Example::bad(Mysql, "ALTER TABLE orders ADD INDEX i (a, b, c, d)"),
        Example::good(Postgres, "CREATE INDEX CONCURRENTLY i ON orders (a, b, c)"),
        Example::good(Postgres, "CREATE UNIQUE INDEX CONCURRENTLY i ON orders (a, b, c, d)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let wide = |index: &IndexDefinition| !index.unique && index.parts.len() > 3;
    let of = |index: &IndexDefinition| {
        let message = format!("an index of {} columns", index.parts.len());
        Found::new(Severity::Note, message, "the two or three columns that choose most")
    };
    match context.statement {
        Statement::CreateIndex(index) if wide(index) => vec![of(index)],
        Statement::AlterTable(alter) => {
            let wide = alter.actions.iter().filter_map(|action| match &action.kind {
                ActionKind::AddIndex(index) if wide(index) => Some(of(index).at(action)),
                _ => None,
            });
            wide.collect()
        }
        _ => Vec::new(),
    }
}
