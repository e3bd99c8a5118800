use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    statement::{Action, ActionKind, ObjectName, PartitionWork},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, MYSQL, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "partition-exchange",
    summary: "a table that becomes a partition, and whose rows are looked at while writers wait",
    flavours: MYSQL,
    why: "`EXCHANGE PARTITION` and MariaDB's `CONVERT TABLE` look at each row of the table whether the partition may \
          hold it. Until that is done, writers of the table and of all partitions wait. `WITHOUT VALIDATION` (MySQL, \
          and MariaDB from 11.4 on) leaves the look out: a query before it finds the rows that the partition may \
          not hold, and nobody may add one then. A table without rows is looked at for a moment only.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE sales EXCHANGE PARTITION p2024 WITH TABLE old_sales"),
        Example::bad(Mariadb, "alter table `sales` exchange partition p2024 with table `shop`.`old_sales`"),
        Example::bad(Mysql, "ALTER TABLE sales EXCHANGE PARTITION p1 WITH TABLE t WITH VALIDATION"),
        Example::bad(Mariadb, "ALTER TABLE sales CONVERT TABLE t TO PARTITION p1 VALUES LESS THAN (9)"),
        Example::good(Mysql, "ALTER TABLE sales EXCHANGE PARTITION p1 WITH TABLE t WITHOUT VALIDATION"),
        Example::good(Mariadb, "ALTER TABLE sales CONVERT PARTITION p1 TO TABLE t"),
        Example::good(Mysql, "CREATE TABLE t LIKE s; ALTER TABLE sales EXCHANGE PARTITION p1 WITH TABLE t"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let found = |(table, action): (&ObjectName, &Action)| {
        let ActionKind::Partition { work: PartitionWork::Exchange { with, validated: true }, .. } =
            &action.kind
        else {
            return None;
        };
        let with = with.as_ref().filter(|with| context.in_use(with))?;
        let message = format!("writers of {table} and of {with} wait until each row of {with} is looked at");
        let help = match context.flavour {
            Mariadb if !context.at_least(11, 4) => "in a window",
            _ => "look for rows that the partition may not hold before, and say WITHOUT VALIDATION",
        };
        let found = Found::new(Severity::Warning, message, help);
        Some(found.at(action).lock(format!("SHARED on {table} and {with}")))
    };
    context.actions_in_use().filter_map(found).collect()
}
