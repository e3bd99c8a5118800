use crate::{
    dialect::Flavour::Postgres,
    statement::{ReindexScope, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "blocking-reindex",
    summary: "indexes that are built again while writers wait and queries can't use them",
    flavours: POSTGRES,
    why: "`REINDEX` locks out writers of the table, and readers that would use the index. \
          `REINDEX … CONCURRENTLY` (from PostgreSQL 12 on) builds a new one beside the old one.",
    examples: &[
        Example::bad(Postgres, "REINDEX INDEX orders_total"),
        Example::bad(Postgres, "REINDEX TABLE orders"),
        Example::bad(Postgres, "REINDEX INDEX CONCURRENTLY orders_total").on("11"),
        Example::good(Postgres, "REINDEX INDEX CONCURRENTLY orders_total"),
        Example::good(Postgres, "REINDEX (CONCURRENTLY) TABLE orders"),
    ],
    check: Check::Statement(check),
};

const BEFORE_12: &str =
    "CREATE INDEX CONCURRENTLY under another name, DROP INDEX CONCURRENTLY, ALTER INDEX … RENAME";

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::Reindex(reindex) = context.statement else { return Vec::new() };
    let new_table = match (&reindex.name, reindex.scope) {
        (Some(name), ReindexScope::Table) => !context.in_use(name),
        (Some(name), ReindexScope::Index) => {
            context.catalog.index(&name.name).is_some_and(|(table, _)| !context.in_use(&table.name))
        }
        (_, ReindexScope::Wide) | (None, _) => false,
    };
    if reindex.concurrently && !context.at_least(12, 0) {
        let message = "PostgreSQL has REINDEX CONCURRENTLY from 12 on";
        return vec![Found::new(Severity::Error, message, BEFORE_12)];
    }
    if reindex.concurrently || new_table {
        return Vec::new();
    }
    let help = if context.at_least(12, 0) {
        let (class, name) = (class(context, reindex.scope), reindex.name.as_ref());
        format!("REINDEX {class} CONCURRENTLY {}", name.map(|name| context.quoted(name)).unwrap_or_default())
    } else {
        BEFORE_12.to_owned()
    };
    let message = "writers wait until the indexes are built, and readers that would use them";
    let lock = "SHARE on the table, ACCESS EXCLUSIVE on the index";
    vec![Found::new(Severity::Error, message, help).lock(lock)]
}

fn class(context: &Context<'_>, scope: ReindexScope) -> &'static str {
    match scope {
        ReindexScope::Index => "INDEX",
        ReindexScope::Table => "TABLE",
        ReindexScope::Wide => {
            let said = |class: &&&str| {
                context.text.split_whitespace().take(4).any(|word| word.eq_ignore_ascii_case(class))
            };
            ["SCHEMA", "SYSTEM"].iter().find(said).copied().unwrap_or("DATABASE")
        }
    }
}
