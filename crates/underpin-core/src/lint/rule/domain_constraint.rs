use crate::{
    dialect::Flavour::Postgres,
    statement::{ActionKind, AlterDomain, ColumnDefinition, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "domain-constraint",
    summary: "a domain that checks its values",
    flavours: POSTGRES,
    why: "A constraint of a domain is checked in every table that uses it: adding one reads them all under SHARE \
          locks, so that nobody can write to any of them, and a new column of such a domain writes its table anew. \
          A CHECK of the table can be added NOT VALID; so can one of a domain, but `VALIDATE CONSTRAINT` of a domain \
          holds the same SHARE locks again while it reads (measured on 15 and 18). What no table uses yet costs \
          nothing.",
    examples: &[
        Example::bad(Postgres, "CREATE DOMAIN positive AS int CHECK (VALUE > 0)"),
        Example::bad(Postgres, "ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 100)"),
        Example::bad(Postgres, "ALTER DOMAIN positive SET NOT NULL"),
        Example::bad(Postgres, "ALTER DOMAIN positive VALIDATE CONSTRAINT small"),
        Example::bad(
            Postgres,
            "CREATE DOMAIN positive AS int; ALTER TABLE orders ADD total positive; \
            ALTER DOMAIN positive ADD CHECK (VALUE > 0)",
        ),
        Example::good(Postgres, "ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 100) NOT VALID"),
        Example::good(Postgres, "CREATE DOMAIN positive AS int; ALTER DOMAIN positive ADD CHECK (VALUE > 0)"),
        Example::good(Postgres, "ALTER DOMAIN positive ADD CHECK (VALUE < 100)")
            .after("CREATE DOMAIN positive AS int; CREATE TABLE orders (total int)"),
        Example::good(Postgres, "CREATE DOMAIN code AS text"),
        Example::good(Postgres, "ALTER DOMAIN positive DROP CONSTRAINT small"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    match context.statement {
        Statement::CreateDomain(domain) if domain.constrained => {
            let message =
                format!("a column of {} can be added to a table only by writing the table anew", domain.name);
            vec![Found::new(Severity::Warning, message, "a CHECK of the table, which can be NOT VALID")]
        }
        Statement::AlterDomain(AlterDomain::Narrow { name, not_valid: false }) if in_use(context, name) => {
            let help = "ADD CONSTRAINT … CHECK (…) NOT VALID, which new values have to keep; VALIDATE CONSTRAINT, \
                        which reads the tables under the same locks, when nobody writes";
            vec![read(name, help)]
        }
        Statement::AlterDomain(AlterDomain::Validate { name }) if in_use(context, name) => {
            vec![read(name, "leave it NOT VALID, or validate it when nobody writes to those tables")]
        }
        _ => Vec::new(),
    }
}

fn read(domain: &ObjectName, help: &str) -> Found {
    let message = format!("every table that uses {domain} is read while writers of it wait");
    Found::new(Severity::Warning, message, help).lock(format!("SHARE on every table that uses {domain}"))
}

/// Whether a table that may have rows may have a column of the domain.
fn in_use(context: &Context<'_>, domain: &ObjectName) -> bool {
    let is_of = |name: &str| name.rsplit('.').next() == Some(domain.name.as_str());
    let made = context.earlier().iter().any(|earlier| match earlier {
        Statement::CreateDomain(made) => made.name.name == domain.name,
        _ => false,
    });
    let all_known = context.catalog.is_complete() && context.catalog.domain(&domain.name).is_some();
    if !made && !all_known {
        return true;
    }
    let of_column = |column: &ColumnDefinition| column.data_type.as_ref().is_some_and(|it| is_of(&it.name));
    let added = context.earlier().iter().any(|earlier| match earlier {
        Statement::AlterTable(alter) if context.in_use(&alter.table) => {
            alter.actions.iter().any(|action| match &action.kind {
                ActionKind::AddColumn { column, .. } => of_column(column),
                ActionKind::SetType { data_type, .. } => is_of(&data_type.name),
                _ => false,
            })
        }
        // A type or a domain over it may be what tables use.
        Statement::CreateDomain(over) => over.base.as_ref().is_some_and(|base| is_of(&base.name)),
        _ => false,
    });
    let mut tables = context.catalog.tables().filter(|table| context.in_use(&table.name));
    let typed = tables.any(|table| {
        table.columns.iter().any(|column| column.data_type.as_ref().is_some_and(|it| is_of(&it.name)))
    });
    added || typed || (!made && context.catalog.domains_over(&domain.name))
}
