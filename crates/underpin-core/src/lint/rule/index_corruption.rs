use crate::{dialect::Flavour::Postgres, schema::ServerVersion, statement::Statement};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "index-corruption",
    summary: "a concurrent build on a server that builds it wrongly",
    flavours: POSTGRES,
    why: "PostgreSQL 14.0 to 14.3 can leave rows out of an index that is built concurrently (release notes of 14.4). \
          Bring the server up to date before, and REINDEX what was built with it.",
    examples: &[
        Example::bad(Postgres, "CREATE INDEX CONCURRENTLY i ON t (a)").on("14.2"),
        Example::good(Postgres, "CREATE INDEX CONCURRENTLY i ON t (a)").on("14.4"),
        Example::good(Postgres, "CREATE INDEX CONCURRENTLY i ON t (a)").on("14"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    // A version that is given as 14 alone is any of them, most likely the newest.
    let wrong =
        context.version >= ServerVersion::new(14, 1, 0) && context.version < ServerVersion::new(14, 4, 0);
    let builds = match context.statement {
        Statement::CreateIndex(index) => index.concurrently,
        Statement::Reindex(reindex) => reindex.concurrently,
        _ => false,
    };
    if !(wrong && builds) {
        return Vec::new();
    }
    let message = format!("PostgreSQL {} may leave rows out of the index", context.version);
    vec![Found::new(Severity::Error, message, "bring the server to 14.4 or later first")]
}
