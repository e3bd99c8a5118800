use crate::{dialect::Flavour::Postgres, statement::Statement};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "invalid-index",
    summary: "an index that may be there and be unusable",
    flavours: POSTGRES,
    why: "A concurrent build that fails leaves an index that is there and that no query uses. `IF NOT EXISTS` is \
          content with it: the statement succeeds, and the index stays unusable. Drop what is left \
          (`DROP INDEX CONCURRENTLY IF EXISTS`) before the index is built; `pg_index.indisvalid` tells which.",
    examples: &[
        Example::bad(Postgres, "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_total ON orders (total)"),
        Example::good(
            Postgres,
            "DROP INDEX CONCURRENTLY IF EXISTS orders_total; CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_total ON orders (total)",
        ),
        Example::good(Postgres, "CREATE INDEX CONCURRENTLY orders_total ON orders (total)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::CreateIndex(index) = context.statement else { return Vec::new() };
    let Some(name) = index.name.as_ref().filter(|_| index.concurrently && index.if_not_exists) else {
        return Vec::new();
    };
    let dropped = context.script[..context.index]
        .iter()
        .any(|earlier| matches!(earlier, Statement::Drop(drop) if drop.names.iter().any(|other| other.name == name.name)));
    if dropped {
        return Vec::new();
    }
    let message = format!("if a build of {name} failed before, this succeeds and leaves the index unusable");
    let help = format!(
        "DROP INDEX CONCURRENTLY IF EXISTS {}; before it, and no IF NOT EXISTS",
        context.quoted(name)
    );
    vec![Found::new(Severity::Warning, message, help)]
}
