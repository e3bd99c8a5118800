use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    impact::impact,
    statement::{Action, ActionKind, Maintenance, ObjectName, PartitionWork, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, MYSQL, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "blocking-repair",
    summary: "REPAIR, which reads all rows while others wait",
    flavours: MYSQL,
    why: "`REPAIR PARTITION` reads every row of the partitions; meanwhile nobody reads or writes any row of the table \
          on MySQL, and writers wait on MariaDB. `REPAIR TABLE` of a MyISAM table keeps everybody out, too (InnoDB \
          repairs nothing by it). It is work for a window, and `CHECK` tells whether there is any: others go on \
          meanwhile.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE sales REPAIR PARTITION p2024"),
        Example::bad(Mariadb, "alter table sales repair partition all"),
        Example::bad(Mysql, "REPAIR TABLE t").after("CREATE TABLE t (a int) ENGINE=MyISAM"),
        Example::bad(Mariadb, "REPAIR NO_WRITE_TO_BINLOG TABLE t QUICK")
            .after("CREATE TABLE t (a int) ENGINE=Aria"),
        Example::good(Mysql, "REPAIR TABLE t").after("CREATE TABLE t (a int)"),
        Example::good(Mysql, "ALTER TABLE sales CHECK PARTITION p2024"),
        Example::good(Mysql, "ALTER TABLE sales ANALYZE PARTITION p2024"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if let Statement::Maintenance(Maintenance::Repair { tables }) = context.statement {
        let impact = impact(context.flavour, context.version, context.catalog, context.statement);
        let repaired = tables.iter().filter(|table| context.in_use(table) && impact.rewrites.contains(table));
        return repaired.map(|table| of(table, "readers and writers").locking(context, table)).collect();
    }
    let who = if context.flavour == Mariadb { "writers" } else { "readers and writers" };
    let found = |(table, action): (&ObjectName, &Action)| {
        let repairs = matches!(action.kind, ActionKind::Partition { work: PartitionWork::Repair, .. });
        repairs.then(|| of(table, who).by(context, table, action))
    };
    context.actions_in_use().filter_map(found).collect()
}

fn of(table: &ObjectName, who: &str) -> Found {
    let message = format!("{who} of {table} wait until it is done, which depends on how many rows there are");
    Found::new(Severity::Error, message, "CHECK first, and REPAIR in a window")
}
