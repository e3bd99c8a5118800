use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    statement::{Action, ActionKind, AlterTable, ConstraintKind, Maintenance, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity, mysql},
    Check, Example, MYSQL, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "mysql-copy-algorithm",
    summary: "a change for which the server copies every row while writers wait",
    flavours: MYSQL,
    why: "Some changes MySQL and MariaDB can only do with ALGORITHM=COPY: a new table is made, \
        every row is copied, \
          and nobody writes meanwhile (MariaDB lets them from 11.2 on, and still copies). Among \
              them: another type, \
          a shorter or a much longer varchar, a value in the middle of an ENUM, another character \
              set, no primary \
          key, a stored generated column, a default that is an expression (MySQL), partitions. Assert \
          `ALGORITHM=INSTANT` or `ALGORITHM=INPLACE, LOCK=NONE`, so that the server refuses where \
              it would have to \
          copy. Where a copy is what it takes: add a new column, fill it in batches and change \
              over, or leave it to \
          gh-ost or pt-online-schema-change.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE t MODIFY a bigint")
            .after("CREATE TABLE t (id int PRIMARY KEY, a int)"),
        Example::bad(Mysql, "alter table `t` change column `a` `a` bigint")
            .after("CREATE TABLE t (id int PRIMARY KEY, a int)"),
        Example::bad(Mysql, "ALTER TABLE t MODIFY a bigint"),
        Example::bad(Mariadb, "ALTER TABLE t MODIFY COLUMN IF EXISTS a bigint").on("10.11"),
        Example::bad(Mysql, "ALTER TABLE t ADD COLUMN b datetime DEFAULT (now())"),
        Example::good(Mariadb, "ALTER TABLE t ADD COLUMN b datetime DEFAULT (now())"),
        Example::bad(Mariadb, "ALTER TABLE t ADD COLUMN b varchar(36) DEFAULT uuid()"),
        Example::bad(Mysql, "ALTER TABLE t ADD COLUMN b int GENERATED ALWAYS AS (a + 1) STORED"),
        Example::good(Mysql, "ALTER TABLE t ADD COLUMN b int GENERATED ALWAYS AS (a + 1) VIRTUAL"),
        Example::bad(Mysql, "ALTER TABLE t RENAME COLUMN a TO b, ADD COLUMN a int AS (b)")
            .after("CREATE TABLE t (a int)"),
        Example::bad(Mariadb, "ALTER TABLE t CHANGE a b int, ADD COLUMN a int AS (b)")
            .on("10.11")
            .after("CREATE TABLE t (a int)"),
        Example::good(Mysql, "ALTER TABLE t RENAME COLUMN a TO b; ALTER TABLE t ADD COLUMN a int AS (b)")
            .after("CREATE TABLE t (a int)"),
        Example::bad(Mariadb, "ALTER TABLE t MODIFY b int AS (a + 1) VIRTUAL FIRST")
            .on("10.11")
            .after("CREATE TABLE t (a int, b int AS (a + 1) VIRTUAL)"),
        Example::bad(Mariadb, "ALTER TABLE t MODIFY a int AFTER c")
            .on("10.11")
            .after("CREATE TABLE t (a int, b int AS (a + 1) VIRTUAL, c int)"),
        Example::bad(Mysql, "ALTER TABLE t ENCRYPTION='Y'"),
        Example::bad(Mysql, "ALTER TABLE t MODIFY a varchar(20) COLLATE utf8mb4_bin")
            .after("CREATE TABLE t (a varchar(20), KEY (a)) CHARSET=utf8mb4"),
        Example::bad(Mariadb, "ALTER TABLE t MODIFY a nvarchar(20)")
            .on("10.11")
            .after("CREATE TABLE t (a varchar(20)) CHARSET=utf8mb4"),
        Example::good(Mysql, "ALTER TABLE t CHECK PARTITION p0"),
        Example::bad(Mariadb, "ALTER TABLE t ADD PARTITION PARTITIONS 2").on("10.11"),
        Example::bad(Mysql, "ALTER TABLE t DROP PRIMARY KEY"),
        Example::bad(Mysql, "DROP INDEX `PRIMARY` ON t"),
        Example::bad(Mariadb, "ALTER TABLE t DROP KEY `primary`").on("10.11"),
        Example::good(Mysql, "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, a)"),
        Example::bad(Mysql, "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4"),
        Example::good(Mysql, "ALTER TABLE t DEFAULT CHARACTER SET utf8mb4"),
        Example::bad(Mysql, "ALTER TABLE t PARTITION BY HASH (id) PARTITIONS 4"),
        Example::bad(Mysql, "ALTER TABLE t /*!50100 PARTITION BY HASH (id) PARTITIONS 4 */"),
        Example::bad(Mysql, "ALTER TABLE t REMOVE PARTITIONING"),
        Example::bad(Mysql, "ALTER TABLE t ADD COLUMN b int, ALGORITHM=COPY"),
        Example::bad(Mysql, "CREATE INDEX i ON t (a) ALGORITHM = COPY"),
        Example::bad(Mysql, "DROP INDEX i ON t ALGORITHM=COPY"),
        Example::bad(Mysql, "ALTER TABLE t MODIFY a bigint, ALGORITHM=INPLACE")
            .after("CREATE TABLE t (id int PRIMARY KEY, a int)"),
        Example::good(Mysql, "ALTER TABLE t MODIFY a varchar(40), ALGORITHM=INPLACE, LOCK=NONE"),
        Example::good(Mysql, "ALTER TABLE t MODIFY a varchar(40)").after("CREATE TABLE t (a varchar(20))"),
        Example::bad(Mysql, "ALTER TABLE t MODIFY a varchar(80)")
            .after("CREATE TABLE t (a varchar(20)) CHARSET=utf8mb4"),
        Example::good(Mariadb, "ALTER TABLE t MODIFY a varchar(80)")
            .after("CREATE TABLE t (a varchar(20)) CHARSET=utf8mb4"),
        Example::bad(Mysql, "ALTER TABLE t MODIFY e enum('a','x','b')")
            .after("CREATE TABLE t (e enum('a','b'))"),
        Example::good(Mysql, "ALTER TABLE t MODIFY e enum('a','b','c')")
            .after("CREATE TABLE t (e enum('a','b'))"),
        Example::good(Mysql, "ALTER TABLE t ADD COLUMN b int DEFAULT 5 AFTER a"),
        Example::good(Mysql, "ALTER TABLE t ADD COLUMN b datetime NOT NULL DEFAULT CURRENT_TIMESTAMP"),
        Example::good(Mysql, "ALTER TABLE t ADD INDEX i (a) INVISIBLE"),
        Example::good(Mysql, "CREATE TABLE t (a int); ALTER TABLE t MODIFY a bigint"),
        Example::bad(Mariadb, "ALTER TABLE t ADD SYSTEM VERSIONING").on("10.11"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    match context.statement {
        Statement::AlterTable(alter) if context.in_use(&alter.table) => altered(context, alter),
        Statement::CreateIndex(index) => {
            explicit(context, index.table.as_ref(), index.algorithm.as_deref()).into_iter().collect()
        }
        Statement::Drop(drop) => {
            explicit(context, drop.table.as_ref(), drop.algorithm.as_deref()).into_iter().collect()
        }
        Statement::Maintenance(Maintenance::Optimize { tables }) => {
            tables.iter().filter_map(|table| optimized(context, table)).collect()
        }
        _ => Vec::new(),
    }
}

fn explicit(context: &Context<'_>, table: Option<&ObjectName>, algorithm: Option<&str>) -> Option<Found> {
    let table = table.filter(|table| context.in_use(table) && algorithm == Some("COPY"))?;
    let message = format!("every row of {table} is copied, because ALGORITHM=COPY asks for it");
    let help = "ALGORITHM=INPLACE, LOCK=NONE: the server refuses where it would have to copy";
    Some(Found::new(Severity::Error, message, help).lock(format!("LOCK=SHARED on {table}")))
}

fn altered(context: &Context<'_>, alter: &AlterTable) -> Vec<Found> {
    if let Some(found) = explicit(context, Some(&alter.table), alter.algorithm.as_deref()) {
        return vec![found];
    }
    alter.actions.iter().filter_map(|action| copied(context, alter, action)).collect()
}

fn copied(context: &Context<'_>, alter: &AlterTable, action: &Action) -> Option<Found> {
    if has_a_rule_of_its_own(&action.kind) || action.kind == ActionKind::Harmless {
        return None;
    }
    let way = mysql::way(context, alter, action);
    if !mysql::copies(way) {
        return None;
    }
    let table = &alter.table;
    let certain = mysql::certain(context, table, action);
    let text = context.text.get(action.start..action.end).unwrap_or_default();
    if mysql::asserted(alter) {
        let message = format!("the server refuses this, because it has to copy every row of {table} for it");
        let help = "a new column, filled in batches, or gh-ost or pt-online-schema-change";
        return certain.then(|| Found::new(Severity::Warning, message, help).at(action));
    }
    let message = if certain {
        format!("every row of {table} is copied")
    } else {
        format!(
            "every row of {table} is copied, unless the column keeps its type; its schema is not known here"
        )
    };
    let help = if certain {
        "add a new column, fill it in batches and change over; or gh-ost, pt-online-schema-change".to_owned()
    } else {
        format!("ALTER TABLE {} {text}, ALGORITHM=INPLACE, LOCK=NONE", context.quoted(table))
    };
    let lock = way.to_string();
    Some(
        Found::new(mysql::severity(way, certain), message, help)
            .at(action)
            .lock(format!("{lock} on {table}")),
    )
}

/// Whether `check-validate` or `fk-validate` tells of it.
fn has_a_rule_of_its_own(action: &ActionKind) -> bool {
    match action {
        ActionKind::AlterConstraint { .. } => true,
        ActionKind::AddConstraint(constraint) => {
            matches!(constraint.kind, ConstraintKind::Check { .. } | ConstraintKind::ForeignKey { .. })
        }
        ActionKind::AddColumn { column, .. } => {
            let else_copied =
                column.generated.is_some() || column.default.as_ref().is_some_and(|it| !it.constant);
            !else_copied && (column.checked() || column.references().is_some())
        }
        _ => false,
    }
}

fn optimized(context: &Context<'_>, table: &ObjectName) -> Option<Found> {
    let alter = AlterTable::of(table.clone(), ActionKind::Force);
    let way = mysql::way(context, &alter, &alter.actions[0]);
    let message = format!("every row of {table} is copied, because of its FULLTEXT index or its engine");
    let found = || Found::new(Severity::Error, message, "in a window").lock(format!("{way} on {table}"));
    (context.in_use(table) && mysql::copies(way)).then(found)
}
