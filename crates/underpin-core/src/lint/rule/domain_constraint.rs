use crate::{
    dialect::Flavour::Postgres,
    statement::{AlterDomain, Statement},
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
          A CHECK of the table can be added NOT VALID; so can one of a domain.",
    examples: &[
        Example::bad(Postgres, "CREATE DOMAIN positive AS int CHECK (VALUE > 0)"),
        Example::bad(Postgres, "ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 100)"),
        Example::bad(Postgres, "ALTER DOMAIN positive SET NOT NULL"),
        Example::good(Postgres, "ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 100) NOT VALID"),
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
        Statement::AlterDomain(AlterDomain::Narrow { name, not_valid: false }) => {
            let message = format!("every table that uses {name} is read while writers of it wait");
            let help =
                "ADD CONSTRAINT … CHECK (…) NOT VALID; then, in another transaction, VALIDATE CONSTRAINT";
            vec![
                Found::new(Severity::Warning, message, help)
                    .lock(format!("SHARE on every table that uses {name}")),
            ]
        }
        _ => Vec::new(),
    }
}
