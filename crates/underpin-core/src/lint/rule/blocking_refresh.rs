use crate::{
    dialect::Flavour::Postgres,
    statement::{Maintenance, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "blocking-refresh",
    summary: "a materialized view that can't be read while it is made again",
    flavours: POSTGRES,
    why: "`REFRESH MATERIALIZED VIEW` runs the whole query under an ACCESS EXCLUSIVE lock on the view. With \
          CONCURRENTLY it can be read meanwhile; that wants a unique index over columns of all its rows. With NO \
          DATA it has no rows any more, and whoever reads it fails until it is refreshed.",
    examples: &[
        Example::bad(Postgres, "REFRESH MATERIALIZED VIEW sales"),
        Example::bad(Postgres, "REFRESH MATERIALIZED VIEW sales WITH NO DATA"),
        Example::good(Postgres, "REFRESH MATERIALIZED VIEW CONCURRENTLY sales"),
        Example::good(
            Postgres,
            "CREATE MATERIALIZED VIEW sales AS SELECT 1; REFRESH MATERIALIZED VIEW sales",
        ),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::Maintenance(Maintenance::Refresh { view, concurrently: false, empty }) = context.statement
    else {
        return Vec::new();
    };
    if context.script[..context.index]
        .iter()
        .any(|earlier| matches!(earlier, Statement::CreateView(made) if made.view == *view))
    {
        return Vec::new();
    }
    let message = match empty {
        true => format!("{view} has no rows any more, and whoever reads it fails until it is refreshed"),
        false => format!("nobody can read {view} until its query is done"),
    };
    let help = format!(
        "REFRESH MATERIALIZED VIEW CONCURRENTLY {} (with a unique index on it)",
        context.quoted(view)
    );
    vec![Found::new(Severity::Error, message, help).lock(format!("ACCESS EXCLUSIVE on {view}"))]
}
