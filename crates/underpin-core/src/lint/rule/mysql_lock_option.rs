use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    impact::Concurrency,
    statement::{Action, ActionKind, AlterTable, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity, context::is_off, mysql},
    Check, Example, MYSQL, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "mysql-lock-option",
    summary: "a lock that makes writers wait, asked for or needed",
    flavours: MYSQL,
    why: "`LOCK=SHARED` makes every writer of the table wait until the change is done, \
        `LOCK=EXCLUSIVE` readers, \
          too. Say `LOCK=NONE`: where the server can't do without, it refuses. Some changes need a \
              lock even though \
          rows are not copied by the server, such as new numbers of hash partitions, or a column \
              that is added to a \
          table of MariaDB with a FULLTEXT index: they want a window.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE t ADD INDEX i (a), LOCK=SHARED"),
        Example::bad(Mysql, "alter table t add index i (a), lock = exclusive"),
        Example::bad(Mysql, "CREATE INDEX i ON t (a) LOCK=EXCLUSIVE"),
        Example::bad(Mariadb, "DROP INDEX i ON t ALGORITHM=INPLACE LOCK=SHARED"),
        Example::bad(Mysql, "LOCK TABLES t WRITE"),
        Example::bad(Mysql, "FLUSH TABLES WITH READ LOCK"),
        Example::bad(Mysql, "FLUSH /* all */ TABLES WITH /**/ READ LOCK"),
        Example::bad(Mysql, "SET GLOBAL read_only = 1"),
        Example::good(Mysql, "SET GLOBAL read_only = OFF"),
        Example::good(Mysql, "FLUSH TABLES"),
        Example::bad(Mysql, "ALTER TABLE t COALESCE PARTITION 2"),
        Example::bad(Mysql, "ALTER TABLE t ADD PARTITION PARTITIONS 2"),
        Example::bad(Mysql, "ALTER TABLE t ADD PARTITION (PARTITION p4, PARTITION p5)"),
        Example::good(Mysql, "ALTER TABLE t ADD PARTITION (PARTITION p4 VALUES LESS THAN (40))"),
        Example::bad(Mariadb, "ALTER TABLE t ADD COLUMN b int")
            .after("CREATE TABLE t (a text, FULLTEXT KEY f (a))"),
        Example::good(Mysql, "ALTER TABLE t ADD INDEX i (a), ALGORITHM=INPLACE, LOCK=NONE"),
        Example::good(Mysql, "ALTER TABLE t ADD INDEX i (a), LOCK=DEFAULT"),
        Example::good(Mysql, "LOCK INSTANCE FOR BACKUP"),
        Example::good(Mariadb, "ALTER ONLINE TABLE t ADD INDEX i (a)"),
        Example::good(Mysql, "CREATE TABLE t (a int); ALTER TABLE t ADD INDEX i (a), LOCK=SHARED"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    match context.statement {
        Statement::AlterTable(alter) if context.in_use(&alter.table) => {
            match explicit(context, Some(&alter.table), alter.lock.as_deref()) {
                Some(found) => vec![found],
                None => alter.actions.iter().filter_map(|action| needed(context, alter, action)).collect(),
            }
        }
        Statement::CreateIndex(index) => {
            explicit(context, index.table.as_ref(), index.lock.as_deref()).into_iter().collect()
        }
        Statement::Drop(drop) => {
            explicit(context, drop.table.as_ref(), drop.lock.as_deref()).into_iter().collect()
        }
        Statement::Lock { tables, .. } => tables
            .iter()
            .filter(|table| context.in_use(table))
            .map(|table| {
                let message = format!("others wait for {table} until UNLOCK TABLES");
                Found::new(Severity::Warning, message, "a transaction that locks the rows it changes")
                    .lock(format!("LOCK TABLES on {table}"))
            })
            .collect(),
        Statement::Other(words) if words == "FLUSH TABLES" && context.says("WITH READ LOCK") => {
            vec![stopped("FLUSH TABLES … WITH READ LOCK")]
        }
        Statement::Other(words) if words == "FLUSH TABLES" && context.says("FOR EXPORT") => {
            let message = "writers of the tables wait until UNLOCK TABLES";
            let help = "what is to be changed needs no such lock; leave it to backups";
            vec![Found::new(Severity::Error, message, help)]
        }
        Statement::Set(setting)
            if matches!(plain(&setting.name), "read_only" | "super_read_only") && !is_off(&setting.value) =>
        {
            vec![stopped("read_only")]
        }
        _ => Vec::new(),
    }
}

fn stopped(what: &str) -> Found {
    let message = format!("with {what} every writer of the server waits or fails");
    Found::new(Severity::Error, message, "what is to be changed needs no such lock; leave it to backups")
}

/// The name of a setting without its scope.
fn plain(name: &str) -> &str {
    name.rsplit(['.', '@']).next().unwrap_or(name)
}

fn explicit(context: &Context<'_>, table: Option<&ObjectName>, lock: Option<&str>) -> Option<Found> {
    let lock = lock.filter(|lock| matches!(*lock, "SHARED" | "EXCLUSIVE"))?;
    let table = table.filter(|table| context.in_use(table))?;
    let who = if lock == "SHARED" { "writers" } else { "readers and writers" };
    let message = format!("{who} of {table} wait, because LOCK={lock} asks for it");
    Some(Found::new(Severity::Error, message, "LOCK=NONE").lock(format!("LOCK={lock} on {table}")))
}

fn needed(context: &Context<'_>, alter: &AlterTable, action: &Action) -> Option<Found> {
    let way = mysql::way(context, alter, action);
    if mysql::copies(way) || way.concurrency == Concurrency::None || has_a_rule_of_its_own(&action.kind) {
        return None;
    }
    let table = &alter.table;
    if alter.lock.as_deref() == Some("NONE") {
        let message = "the server refuses this with LOCK=NONE";
        return Some(Found::new(Severity::Warning, message, "in a window, without LOCK").at(action));
    }
    let message =
        format!("writers of {table} wait until it is done, which depends on how many rows there are");
    Some(Found::new(Severity::Error, message, "in a window").at(action).lock(format!("{way} on {table}")))
}

/// Whether `auto-increment-column` or `blocking-index` tells of it.
fn has_a_rule_of_its_own(action: &ActionKind) -> bool {
    match action {
        ActionKind::AddColumn { column, .. } => column.auto_increment || column.serial(),
        ActionKind::AddIndex(_) => true,
        _ => false,
    }
}
