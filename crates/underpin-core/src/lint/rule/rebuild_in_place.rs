use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    impact::Concurrency,
    statement::{Action, ActionKind, AlterTable, Maintenance, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity, mysql},
    Check, Example, MYSQL, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "rebuild-in-place",
    summary: "every row is written anew while others work",
    flavours: MYSQL,
    why: "With ALGORITHM=INPLACE the engine may still write every row anew: for NOT NULL, another row \
          format, `ENGINE=InnoDB`, `OPTIMIZE TABLE`, a new primary key, another place for a column on MySQL. Others read and \
          write meanwhile; it takes disk space for a second copy, and on replicas it starts when it is \
          done here.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE orders ENGINE=InnoDB"),
        Example::bad(Mysql, "ALTER TABLE orders FORCE, ALGORITHM=INPLACE, LOCK=NONE"),
        Example::bad(Mariadb, "ALTER TABLE orders ROW_FORMAT=DYNAMIC"),
        Example::bad(Mysql, "ALTER TABLE t MODIFY a int NOT NULL").after("CREATE TABLE t (a int)"),
        Example::bad(Mysql, "OPTIMIZE TABLE orders"),
        Example::bad(Mariadb, "OPTIMIZE LOCAL TABLE orders, lines WAIT 5"),
        Example::good(Mysql, "OPTIMIZE TABLE t").after("CREATE TABLE t (a text, FULLTEXT KEY f (a))"),
        Example::good(Mysql, "CREATE TABLE t (a int); OPTIMIZE TABLE t"),
        Example::good(Mysql, "ALTER TABLE orders ADD COLUMN a int"),
        Example::good(Mysql, "ALTER TABLE orders ADD INDEX i (a)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if let Statement::Maintenance(Maintenance::Optimize { tables }) = context.statement {
        return tables.iter().filter_map(|table| optimized(context, table)).collect();
    }
    let Some(alter) = context.alter() else { return Vec::new() };
    let found =
        |(_, action): (&ObjectName, &Action)| written(context, alter, action).map(|found| found.at(action));
    context.actions_in_use().filter_map(found).collect()
}

fn optimized(context: &Context<'_>, table: &ObjectName) -> Option<Found> {
    let alter = AlterTable::of(table.clone(), ActionKind::Force);
    let found = written(context, &alter, alter.actions.first()?)?;
    context.in_use(table).then(|| found.locking(context, table))
}

fn written(context: &Context<'_>, alter: &AlterTable, action: &Action) -> Option<Found> {
    let way = mysql::way(context, alter, action);
    if !way.rebuild || mysql::copies(way) || way.concurrency != Concurrency::None {
        return None;
    }
    let table = &alter.table;
    let message = format!("every row of {table} is written anew, while others read and write");
    let help = "when there is room for a second copy, and replicas may fall behind";
    Some(Found::new(Severity::Note, message, help).lock(format!("{way} on {table}")))
}
