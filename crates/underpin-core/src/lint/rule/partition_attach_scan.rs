use crate::{
    dialect::Flavour::Postgres,
    statement::{ActionKind, Expression, ObjectName, Statement, implies_bounds},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "partition-attach-scan",
    summary: "a partition whose rows are read under a lock when it is attached",
    flavours: POSTGRES,
    why: "`ATTACH PARTITION` reads the new partition under an ACCESS EXCLUSIVE lock on it, unless a validated CHECK \
          says already that its rows fit; and it reads the DEFAULT partition, locked as strongly, for rows that \
          belong to the new one. `CREATE TABLE … PARTITION OF` locks the partitioned table and reads the DEFAULT \
          partition in the same way. Give the table a CHECK that matches the bounds, validate it, attach it, and \
          drop the check; give the DEFAULT partition one that excludes them.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE m ATTACH PARTITION p FOR VALUES FROM (1) TO (2)"),
        Example::bad(Postgres, "CREATE TABLE p PARTITION OF m FOR VALUES FROM (1) TO (2)")
            .after("CREATE TABLE m (a int) PARTITION BY RANGE (a); CREATE TABLE r PARTITION OF m DEFAULT"),
        Example::bad(Postgres, "ALTER TABLE m ATTACH PARTITION p FOR VALUES FROM (1) TO (2)").after(
            "CREATE TABLE m (a int, b int) PARTITION BY RANGE (a); CREATE TABLE p (a int, b int CHECK (b > 0))",
        ),
        Example::good(Postgres, "ALTER TABLE m ATTACH PARTITION p FOR VALUES FROM (1) TO (2)").after(
            "CREATE TABLE m (a int) PARTITION BY RANGE (a); \
             CREATE TABLE p (a int NOT NULL, CHECK (a IS NOT NULL AND a >= 1 AND a < 2))",
        ),
        Example::bad(Postgres, "ALTER TABLE m ATTACH PARTITION p FOR VALUES FROM (1) TO (2)").after(
            "CREATE TABLE m (a int) PARTITION BY RANGE (a); \
             CREATE TABLE p (a int NOT NULL, CHECK (a >= 1 AND a < 9))",
        ),
        Example::bad(Postgres, "ALTER TABLE m ATTACH PARTITION p FOR VALUES FROM (1) TO (2)").after(
            "CREATE TABLE m (a int) PARTITION BY RANGE (a); CREATE TABLE p (a int, CHECK (a >= 1 AND a < 2))",
        ),
        Example::good(Postgres, "CREATE TABLE p PARTITION OF m FOR VALUES FROM (1) TO (2)"),
        Example::good(
            Postgres,
            "CREATE TABLE m (a int) PARTITION BY RANGE (a); CREATE TABLE p (a int); \
             ALTER TABLE m ATTACH PARTITION p FOR VALUES FROM (1) TO (2)",
        ),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let rest = |parent: &ObjectName| {
        let partitions = context.catalog.partitions(parent);
        partitions
            .into_iter()
            .find(|table| table.default_partition)
            .filter(|table| !checked(context, &table.name, parent, None))
    };
    if let Statement::CreateTable(create) = context.statement {
        let Some(of) = create.partition_of.as_ref().filter(|of| context.in_use(&of.parent)) else {
            return Vec::new();
        };
        let found = |rest: &crate::catalog::Table| {
            scanned(&rest.name, "ACCESS EXCLUSIVE")
                .lock(format!("ACCESS EXCLUSIVE on {} and {}", of.parent, rest.name))
        };
        return rest(&of.parent).map(found).into_iter().collect();
    }
    let mut found = Vec::new();
    let Some(alter) = context.alter() else { return found };
    for action in &alter.actions {
        let ActionKind::AttachPartition { partition, bounds, .. } = &action.kind else { continue };
        if context.in_use(partition) && !checked(context, partition, &alter.table, Some(bounds)) {
            found.push(scanned(partition, "ACCESS EXCLUSIVE").at(action));
        }
        if let Some(rest) = rest(&alter.table).filter(|rest| context.in_use(&rest.name)) {
            found.push(scanned(&rest.name, "ACCESS EXCLUSIVE").at(action));
        }
    }
    found
}

fn scanned(table: &ObjectName, mode: &str) -> Found {
    let message = format!("all of {table} is read while nobody can use it, to see which rows fit");
    let help = format!(
        "first a CHECK on {table} that matches the bounds, NOT VALID, validated in another transaction"
    );
    Found::new(Severity::Warning, message, help).lock(format!("{mode} on {table}"))
}

/// Whether a validated check of the columns that decide says that the rows fit: for sure where the key is one
/// column, and perhaps where the server has to find out.
fn checked(
    context: &Context<'_>,
    table: &ObjectName,
    parent: &ObjectName,
    bounds: Option<&Expression>,
) -> bool {
    let key = context.table(parent).map(|parent| parent.partition_key.as_slice()).unwrap_or_default();
    let about_key =
        |expression: &Expression| key.is_empty() || key.iter().any(|name| expression.mentions(name));
    if let ([column], Some(bounds), Some(table)) = (key, bounds, context.table(table)) {
        let nullable = table.column(column).is_none_or(|column| column.nullable);
        let checks = table.checks_on(column).filter(|check| check.validated);
        let conditions = checks.filter_map(|check| check.kind.condition()).map(|it| it.text.as_str());
        let conditions: Vec<&str> = conditions.collect();
        if let Some(implied) = implies_bounds(bounds, column, &conditions) {
            return implied && (!nullable || table.proves_not_null(column));
        }
    }
    context.table(table).is_some_and(|table| {
        let validated = table.constraints.iter().filter(|constraint| constraint.validated);
        validated.filter_map(|constraint| constraint.kind.condition()).any(about_key)
    })
}
