use crate::{
    dialect::Flavour::{self, Mariadb, Mysql, Postgres, Sqlite},
    statement::{Action, ActionKind, ObjectClass, Statement},
};

use super::{
    super::{Context, Found, Severity, Wrapping},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "non-idempotent",
    summary: "a statement that fails when it is run again",
    flavours: ALL,
    why: "A text that is sent statement by statement stops in its middle, and who sends it again meets what is \
          there already. `IF NOT EXISTS` and `IF EXISTS` let it go on. A revision needs none: Underpin knows which \
          statements are done. For texts that others run; nobody is told who doesn't ask for it. (`CREATE INDEX \
          CONCURRENTLY` is none of them: see invalid-index.)",
    examples: &[
        Example::bad(Postgres, "CREATE TABLE orders (id int)"),
        Example::bad(Mysql, "DROP TABLE orders"),
        Example::bad(Mariadb, "ALTER TABLE orders ADD note text"),
        Example::bad(Postgres, "ALTER TABLE orders DROP note"),
        Example::bad(Sqlite, "CREATE INDEX orders_total ON orders (total)"),
        Example::good(Postgres, "CREATE TABLE IF NOT EXISTS orders (id int)"),
        Example::good(Postgres, "BEGIN; CREATE TABLE orders (id int); COMMIT"),
        Example::good(Mysql, "ALTER TABLE orders ADD note text"),
        Example::good(Mariadb, "ALTER TABLE orders ADD IF NOT EXISTS note text"),
        Example::good(Postgres, "CREATE INDEX CONCURRENTLY orders_total ON orders (total)"),
        Example::good(Postgres, "DROP VIEW IF EXISTS sold"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    // What is undone as a whole is sent again as a whole; MySQL and MariaDB undo no schema change.
    let undone = context.moment.open && matches!(context.flavour, Postgres | Sqlite);
    if context.wrapping != Wrapping::Plain || undone {
        return Vec::new();
    }
    if let Statement::AlterTable(alter) = context.statement {
        return alter.actions.iter().filter_map(|action| altered(context.flavour, action)).collect();
    }
    let words = match context.statement {
        Statement::CreateTable(create)
            if !create.if_not_exists && !create.or_replace && !create.temporary =>
        {
            MADE
        }
        Statement::CreateIndex(index)
            if !index.if_not_exists && !index.concurrently && context.flavour != Mysql =>
        {
            MADE
        }
        Statement::Drop(drop)
            if !drop.if_exists && (drop.class != ObjectClass::Index || context.flavour != Mysql) =>
        {
            GONE
        }
        _ => return Vec::new(),
    };
    vec![Found::new(Severity::Note, words.0, words.1)]
}

const MADE: (&str, &str) = ("run again, it fails: it is there", "IF NOT EXISTS");
const GONE: (&str, &str) = ("run again, it fails: it is gone", "IF EXISTS");

/// An action for which the server knows a word that lets it pass.
fn altered(flavour: Flavour, action: &Action) -> Option<Found> {
    let knows = matches!(flavour, Postgres | Mariadb);
    let words = match &action.kind {
        ActionKind::AddColumn { if_not_exists: false, .. } if knows => MADE,
        ActionKind::DropColumn { if_exists: false, .. } if knows => GONE,
        _ => return None,
    };
    Some(Found::new(Severity::Note, words.0, words.1).at(action))
}
