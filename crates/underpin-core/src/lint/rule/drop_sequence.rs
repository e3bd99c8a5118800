use crate::{
    dialect::Flavour::{self, Mariadb, Postgres},
    statement::{ObjectClass, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, Rule, drop_database,
};

pub(super) static RULE: Rule = Rule {
    id: "drop-sequence",
    summary: "a sequence that numbers may be taken from",
    flavours: &[Flavour::Postgres, Flavour::Mariadb],
    why: "One that takes its place begins from the start, with numbers that rows have already, and programs that \
          ask for its next number fail meanwhile. MariaDB also drops a sequence that a default asks, and then every \
          INSERT that leaves the column out fails (error 1146, measured on 10.11); PostgreSQL refuses that. Give \
          the column another default first, and let the new sequence begin where the old one stands.",
    examples: &[
        Example::bad(Mariadb, "DROP SEQUENCE order_numbers"),
        Example::bad(Mariadb, "CREATE OR REPLACE SEQUENCE order_numbers"),
        Example::bad(Postgres, "DROP SEQUENCE order_numbers"),
        Example::bad(Postgres, "DROP SEQUENCE order_numbers; CREATE SEQUENCE order_numbers"),
        Example::good(Postgres, "CREATE SEQUENCE s; DROP SEQUENCE s"),
        Example::good(Postgres, "CREATE TABLE t (id serial); DROP SEQUENCE t_id_seq CASCADE"),
        Example::good(Mariadb, "CREATE SEQUENCE s; DROP SEQUENCE s"),
        Example::good(Mariadb, "CREATE SEQUENCE s START WITH 10"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let found = |message: String| {
        vec![Found::new(Severity::Warning, message, "another default for the columns that ask for it, first")]
    };
    match context.statement {
        Statement::Drop(drop) if drop.class == ObjectClass::Sequence => {
            let counts = drop.names.iter().all(|name| counts_for_new(context, name));
            if drop.temporary || counts || drop_database::made_here(context, "SEQUENCE", drop) {
                return Vec::new();
            }
            let names: Vec<String> = drop.names.iter().map(ToString::to_string).collect();
            found(format!(
                "where {} stands is lost, and whoever takes a number from it fails",
                names.join(", ")
            ))
        }
        Statement::Define { class, name: Some(name), or_replace: true, .. } if class == "SEQUENCE" => {
            found(format!("{name} gives numbers from the start again"))
        }
        _ => Vec::new(),
    }
}

/// Whether it is what a column of a table counts with that the file has made (`serial`).
fn counts_for_new(context: &Context<'_>, sequence: &ObjectName) -> bool {
    let of = |table: &ObjectName| sequence.name.starts_with(&format!("{}_", table.name));
    sequence.name.ends_with("_seq")
        && context.earlier().iter().any(|statement| match statement {
            Statement::CreateTable(create) => create.table.as_ref().is_some_and(of),
            _ => false,
        })
}
