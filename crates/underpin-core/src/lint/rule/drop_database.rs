use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres},
    statement::{Drop, ObjectClass, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, Rule, SERVERS,
};

pub(super) static RULE: Rule = Rule {
    id: "drop-database",
    summary: "a database that is dropped",
    flavours: SERVERS,
    why: "Every table in it is gone, with its rows. A revision is about one database, and can't be what \
          ends one.",
    examples: &[
        Example::bad(Postgres, "DROP DATABASE shop"),
        Example::bad(Postgres, "drop database if exists \"Shop\" with (force)"),
        Example::bad(Mysql, "DROP DATABASE IF EXISTS `shop`"),
        Example::bad(Mariadb, "CREATE OR REPLACE DATABASE shop"),
        Example::good(Mariadb, "CREATE DATABASE shop"),
        Example::good(Mysql, "CREATE DATABASE x; DROP DATABASE x"),
        Example::good(Mysql, "DROP TABLE database_names"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if let Statement::Define { class, name: Some(name), or_replace: true, .. } = context.statement
        && matches!(class.as_str(), "DATABASE" | "SCHEMA")
        && context.flavour == Mariadb
    {
        return vec![lost(&name.to_string())];
    }
    let Statement::Drop(drop) = context.statement else { return Vec::new() };
    let database = drop.class == ObjectClass::Database && !called_schema(context, drop);
    if !database || made_here(context, "DATABASE", drop) {
        return Vec::new();
    }
    let names: Vec<String> = drop.names.iter().map(ToString::to_string).collect();
    vec![lost(&names.join(", "))]
}

fn lost(names: &str) -> Found {
    let message = format!("everything in the database {names} is lost");
    Found::new(Severity::Error, message, "by hand, after a backup")
}

/// Whether a database of MySQL is dropped as `SCHEMA`, which is the same there.
pub(super) fn called_schema(context: &Context<'_>, drop: &Drop) -> bool {
    drop.class == ObjectClass::Database && context.says("DROP SCHEMA")
}

/// Whether the script has made all that is dropped.
pub(super) fn made_here(context: &Context<'_>, class: &str, drop: &Drop) -> bool {
    drop.names.iter().all(|name| {
        context.earlier().iter().any(|statement| {
            matches!(statement, Statement::Define { verb, class: made, name: Some(of), .. }
                if verb == "CREATE" && made == class && of == name)
        })
    })
}
