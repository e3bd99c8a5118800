use crate::{
    catalog::Birth,
    dialect::Flavour::Postgres,
    statement::{ObjectClass, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "blocking-index-drop",
    summary: "an index that is dropped under a lock on its table",
    flavours: POSTGRES,
    why: "`DROP INDEX` wants an ACCESS EXCLUSIVE lock on the table. It is held for a moment only, but until it is \
          had, everybody who comes after waits behind it. `DROP INDEX CONCURRENTLY` waits without being in the way; \
          it can't run in a transaction.",
    examples: &[
        Example::bad(Postgres, "DROP INDEX orders_total"),
        Example::bad(Postgres, "DROP INDEX IF EXISTS shop.orders_total"),
        Example::bad(Postgres, "DROP INDEX CONCURRENTLY i")
            .after("CREATE TABLE m (a int) PARTITION BY RANGE (a); CREATE INDEX i ON m (a)"),
        Example::good(Postgres, "DROP INDEX CONCURRENTLY orders_total"),
        Example::good(Postgres, "CREATE TABLE t (a int); CREATE INDEX i ON t (a); DROP INDEX i"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::Drop(drop) = context.statement else { return Vec::new() };
    if drop.class != ObjectClass::Index {
        return Vec::new();
    }
    if drop.concurrently {
        return drop.names.iter().filter_map(|name| refused(context, name)).collect();
    }
    let old = |name: &&ObjectName| {
        context
            .catalog
            .index(&name.name)
            .is_none_or(|(table, _)| table.birth == Birth::Before && !table.temporary)
    };
    let found = |name: &ObjectName| {
        let table = context
            .catalog
            .index(&name.name)
            .map_or_else(|| "its table".to_owned(), |(table, _)| table.name.to_string());
        let message = format!("whoever uses {table} waits while this waits for its lock");
        let perhaps = if drop.if_exists { "IF EXISTS " } else { "" };
        let help = format!("DROP INDEX CONCURRENTLY {perhaps}{}", context.quoted(name));
        Found::new(Severity::Warning, message, help).lock(format!("ACCESS EXCLUSIVE on {table}"))
    };
    drop.names.iter().filter(old).map(found).collect()
}

/// What the server says of an index of a partitioned table (manual, "DROP INDEX").
fn refused(context: &Context<'_>, name: &ObjectName) -> Option<Found> {
    let (table, _) = context.catalog.index(&name.name).filter(|(table, _)| table.partitioned)?;
    let message = format!("the server drops no index of the partitioned {} concurrently", table.name);
    Some(Found::new(Severity::Error, message, "DROP INDEX with a short lock_timeout, tried again"))
}
