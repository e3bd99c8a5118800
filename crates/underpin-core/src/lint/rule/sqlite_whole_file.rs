use crate::{
    dialect::Flavour::Sqlite,
    statement::{Maintenance, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, Rule, SQLITE,
};

pub(super) static RULE: Rule = Rule {
    id: "sqlite-whole-file",
    summary: "upkeep that writes the whole file",
    flavours: SQLITE,
    why: "VACUUM writes the whole database into a new file, and REINDEX every index that is named, while \
          nobody else writes. It takes as much free space again. VACUUM can't run in a transaction.",
    examples: &[
        Example::bad(Sqlite, "VACUUM"),
        Example::bad(Sqlite, "REINDEX orders"),
        Example::good(Sqlite, "VACUUM INTO 'copy.db'"),
        Example::good(Sqlite, "VACUUM/* */INTO'copy.db'"),
        Example::good(Sqlite, "ANALYZE"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let (what, severity) = match context.statement {
        Statement::Maintenance(Maintenance::Vacuum { .. }) if !context.says("INTO") => {
            ("the whole database", if context.moment.open { Severity::Error } else { Severity::Note })
        }
        Statement::Reindex(_) => ("the indexes", Severity::Note),
        _ => return Vec::new(),
    };
    let message = if severity == Severity::Error {
        "VACUUM fails in a transaction".to_owned()
    } else {
        format!("writers wait until {what} have been written anew")
    };
    vec![Found::new(
        severity,
        message.replace("database have", "database has"),
        "when nobody writes, outside of a transaction",
    )]
}
