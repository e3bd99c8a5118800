mod mysql;

use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres},
    statement::{Action, ActionKind, ConstraintDefinition, ConstraintKind, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, Rule, SERVERS,
};

pub(super) static RULE: Rule = Rule {
    id: "fk-validate",
    summary: "a foreign key that reads the whole table while writers of two tables wait",
    flavours: SERVERS,
    why: "`ADD FOREIGN KEY` looks up every row under a SHARE ROW EXCLUSIVE lock on both tables: \
        nobody writes to \
          either until it is done. With NOT VALID the key holds for new rows at once and reads nothing; \
          `VALIDATE CONSTRAINT`, in a later transaction, reads the rows while everybody works. \
              Partitioned tables \
          take NOT VALID from PostgreSQL 18 on; before that, add the key to each partition first. \
              MySQL and MariaDB \
          copy the table, while writers wait, unless `foreign_key_checks` is off; look for rows without a partner first.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers (id)"),
        Example::bad(
            Postgres,
            "ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES customers ON DELETE CASCADE",
        ),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN c int DEFAULT 1 REFERENCES customers (id)"),
        Example::bad(Postgres, "ALTER TABLE orders ALTER CONSTRAINT f ENFORCED"),
        Example::bad(Postgres, "ALTER TABLE m ADD FOREIGN KEY (c) REFERENCES customers (id) NOT VALID")
            .on("17")
            .after("CREATE TABLE m (c int) PARTITION BY RANGE (c)"),
        Example::bad(
            Postgres,
            "DO $$ BEGIN ALTER TABLE orders ADD CONSTRAINT c FOREIGN KEY (c) REFERENCES customers; \
            EXCEPTION WHEN duplicate_object THEN null; END $$",
        ),
        Example::bad(Mysql, "ALTER TABLE orders ADD CONSTRAINT FOREIGN KEY (c) REFERENCES customers (id)"),
        Example::good(Postgres, "ALTER TABLE orders ADD FOREIGN KEY (c) REFERENCES customers (id) NOT VALID"),
        Example::good(
            Postgres,
            "ALTER TABLE orders ADD FOREIGN KEY (c) REFERENCES customers (id) NOT ENFORCED",
        ),
        Example::good(Postgres, "ALTER TABLE orders ADD COLUMN c int REFERENCES customers (id)"),
        Example::good(
            Postgres,
            "CREATE TABLE orders (c int); ALTER TABLE orders ADD FOREIGN KEY (c) REFERENCES customers",
        ),
        Example::bad(Mysql, "ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES customers (id)"),
        Example::bad(
            Mariadb,
            "ALTER TABLE orders ADD FOREIGN KEY IF NOT EXISTS f (c) REFERENCES customers (id)",
        ),
        Example::bad(Mysql, "ALTER TABLE orders ADD COLUMN c int REFERENCES customers (id)"),
        Example::good(Mysql, "ALTER TABLE orders ADD COLUMN c int REFERENCES customers (id)").on("8.4"),
        Example::good(
            Mysql,
            "SET SESSION foreign_key_checks = 0; ALTER TABLE orders ADD FOREIGN KEY (c) REFERENCES \
                customers (id), \
             ALGORITHM=INPLACE, LOCK=NONE; SET SESSION foreign_key_checks = 1",
        ),
        Example::good(Mariadb, "ALTER TABLE orders DROP FOREIGN KEY f"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if !context.postgres() {
        return mysql::check(context);
    }
    context.actions_in_use().filter_map(|(table, action)| validated(context, table, action)).collect()
}

fn validated(context: &Context<'_>, table: &ObjectName, action: &Action) -> Option<Found> {
    let constraint = match &action.kind {
        ActionKind::AddConstraint(constraint) => constraint,
        ActionKind::AddColumn { column, .. }
            if column.default.as_ref().is_some_and(|value| !value.is_null()) =>
        {
            column
                .constraints
                .iter()
                .find(|constraint| matches!(constraint.kind, ConstraintKind::ForeignKey { .. }))?
        }
        ActionKind::AlterConstraint { constraint, enforced: Some(true) } => {
            let message = format!("all of {table} is read while nobody can use it, to enforce {constraint}");
            let help = "drop the constraint, add it again NOT VALID, and validate it in another transaction";
            let lock = format!("ACCESS EXCLUSIVE on {table}, SHARE ROW EXCLUSIVE on the other");
            return Some(Found::new(Severity::Error, message, help).at(action).lock(lock));
        }
        _ => return None,
    };
    let ConstraintKind::ForeignKey { reference, .. } = &constraint.kind else { return None };
    let partitioned = context.table(table).is_some_and(|table| table.partitioned);
    if constraint.not_valid && partitioned && !context.at_least(18, 0) {
        let message = "before PostgreSQL 18 the server refuses NOT VALID on a partitioned table";
        return Some(Found::new(Severity::Error, message, help(context, table, constraint)).at(action));
    }
    if constraint.not_valid || constraint.not_enforced {
        return None;
    }
    let message =
        format!("writers of {table} and {} wait until all of {table} is looked up", reference.table);
    let lock = format!("SHARE ROW EXCLUSIVE on {table} and {}", reference.table);
    Some(Found::new(Severity::Error, message, help(context, table, constraint)).at(action).lock(lock))
}

fn help(context: &Context<'_>, table: &ObjectName, constraint: &ConstraintDefinition) -> String {
    let ConstraintKind::ForeignKey { columns, reference } = &constraint.kind else { return String::new() };
    if context.table(table).is_some_and(|table| table.partitioned) && !context.at_least(18, 0) {
        return "add the key NOT VALID to each partition, validate each, then add it to the \
            partitioned table"
            .to_owned();
    }
    let of = context.quoted(table);
    let name =
        constraint.name.clone().unwrap_or_else(|| format!("{}_{}_fkey", table.name, columns.join("_")));
    let name = context.quoted_part(&name);
    let to = if reference.columns.is_empty() {
        context.quoted(&reference.table)
    } else {
        format!("{} ({})", context.quoted(&reference.table), context.quoted_parts(&reference.columns))
    };
    format!(
        "ALTER TABLE {of} ADD CONSTRAINT {name} FOREIGN KEY ({}) REFERENCES {to} NOT VALID; then, in another \
         transaction: ALTER TABLE {of} VALIDATE CONSTRAINT {name};",
        context.quoted_parts(columns)
    )
}
