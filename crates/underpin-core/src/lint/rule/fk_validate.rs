mod mysql;

use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres},
    name::chosen,
    statement::{Action, ActionKind, ConstraintDefinition, ConstraintKind, ObjectName},
};

use super::{
    super::{Context, Found, Severity, partitioned},
    Check, Example, Rule, SERVERS, add_bare,
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
        Example::bad(Postgres, "ALTER TABLE m ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES customers")
            .on("17")
            .after(
                "CREATE TABLE customers (id int PRIMARY KEY); CREATE TABLE m (c int) PARTITION BY RANGE (c); \
                 CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (9)",
            ),
        Example::good(Postgres, "ALTER TABLE m ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES customers")
            .on("17")
            .after(
                "CREATE TABLE customers (id int PRIMARY KEY); CREATE TABLE m (c int) PARTITION BY RANGE (c); \
                 CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (9); \
                 ALTER TABLE m1 ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES customers NOT VALID; \
                 ALTER TABLE m1 VALIDATE CONSTRAINT f",
            ),
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
    let partitioned = partitioned::is_partitioned(context, table);
    if constraint.not_valid && partitioned && !context.at_least(18, 0) {
        let message = "before PostgreSQL 18 the server refuses NOT VALID on a partitioned table";
        return Some(Found::new(Severity::Error, message, help(context, table, constraint)).at(action));
    }
    // Where each partition has the key already, no row is read.
    let is_there = || partitioned && context.impact_of(table, action).scans.is_empty();
    if constraint.not_valid || constraint.not_enforced || is_there() {
        return None;
    }
    let bare = match &action.kind {
        ActionKind::AddColumn { column, .. } => add_bare(context, table, column),
        _ => String::new(),
    };
    let message =
        format!("writers of {table} and {} wait until all of {table} is looked up", reference.table);
    let lock = format!("SHARE ROW EXCLUSIVE on {table} and {}", reference.table);
    let help = format!("{bare}{}", help(context, table, constraint));
    Some(Found::new(Severity::Error, message, help).at(action).lock(lock))
}

fn help(context: &Context<'_>, table: &ObjectName, constraint: &ConstraintDefinition) -> String {
    let ConstraintKind::ForeignKey { columns, .. } = &constraint.kind else { return String::new() };
    let of = context.quoted(table);
    let name = constraint.name.clone().unwrap_or_else(|| chosen(&table.name, &columns.join("_"), "fkey"));
    let name = context.quoted_part(&name);
    let text = partitioned::foreign_key(context, constraint);
    if partitioned::is_partitioned(context, table) && !context.at_least(18, 0) {
        return partitioned::foreign_key_help(context, table, &name, &text);
    }
    format!(
        "ALTER TABLE {of} ADD CONSTRAINT {name} {text} NOT VALID; then, in another transaction: ALTER TABLE {of} \
         VALIDATE CONSTRAINT {name};"
    )
}
