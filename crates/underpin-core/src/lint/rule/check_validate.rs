mod mysql;
mod sqlite;

use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres, Sqlite},
    name::chosen,
    statement::{Action, ActionKind, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule, add_bare,
};

pub(super) static RULE: Rule = Rule {
    id: "check-validate",
    summary: "a check that reads the whole table while nobody can use it",
    flavours: ALL,
    why: "`ADD CHECK` looks at every row under an ACCESS EXCLUSIVE lock; so does a new column with \
        a CHECK, even \
          though every row of it is null. With NOT VALID the check holds for new rows at once and \
              reads nothing; \
          `VALIDATE CONSTRAINT`, in a later transaction, reads the rows while everybody works. \
              MySQL and MariaDB copy the table, while \
          writers wait; MySQL takes NOT ENFORCED at once. A rebuild on SQLite that brings a CHECK fails at the \
          first row that breaks it: look for such rows before.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN total int CHECK (total > 0)"),
        Example::good(Postgres, "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID"),
        Example::good(Postgres, "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT ENFORCED"),
        Example::good(Postgres, "CREATE TABLE orders (total int); ALTER TABLE orders ADD CHECK (total > 0)"),
        Example::bad(Mysql, "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)"),
        Example::bad(Mysql, "alter table orders add column total int check (total > 0)"),
        Example::bad(Mariadb, "ALTER TABLE orders ADD CONSTRAINT IF NOT EXISTS positive CHECK (total > 0)"),
        Example::bad(Mysql, "ALTER TABLE orders ADD CHECK (total > 0), ALGORITHM=INPLACE, LOCK=NONE"),
        Example::good(Mariadb, "ALTER TABLE orders ADD COLUMN total int CHECK (total > 0)"),
        Example::good(Mysql, "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT ENFORCED"),
        Example::good(Mysql, "ALTER TABLE orders DROP CHECK positive"),
        Example::bad(
            Sqlite,
            "CREATE TABLE n (a int CHECK (a > 0)); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int)"),
        Example::good(
            Sqlite,
            "CREATE TABLE n (a int, CHECK (a>0)); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a int CHECK (a > 0))"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if context.flavour == Sqlite {
        return sqlite::check(context);
    }
    if !context.postgres() {
        return mysql::check(context);
    }
    let scan = |(table, action): (&ObjectName, &Action)| {
        let (constraint, column) = match &action.kind {
            ActionKind::AddConstraint(constraint) => (constraint, None),
            ActionKind::AddColumn { column, .. } => {
                let check =
                    column.constraints.iter().find(|constraint| constraint.kind.condition().is_some())?;
                (check, Some(column))
            }
            _ => return None,
        };
        let expression = constraint.kind.condition()?;
        if constraint.not_valid || constraint.not_enforced {
            return None;
        }
        let of = context.quoted(table);
        let named = || match column {
            Some(column) => chosen(&table.name, &column.name, "check"),
            None => format!("{}_check", table.name),
        };
        let name = context.quoted_part(&constraint.name.clone().unwrap_or_else(named));
        let bare = column.map(|column| add_bare(context, table, column)).unwrap_or_default();
        let message = format!("all of {table} is read while nobody can use it, to check its rows");
        let help = format!(
            "{bare}ALTER TABLE {of} ADD CONSTRAINT {name} CHECK ({}) NOT VALID; then, in another \
                transaction: ALTER TABLE \
             {of} VALIDATE CONSTRAINT {name};",
            expression.text
        );
        Some(
            Found::new(Severity::Error, message, help)
                .at(action)
                .lock(format!("ACCESS EXCLUSIVE on {table}")),
        )
    };
    context.actions_in_use().filter_map(scan).collect()
}
