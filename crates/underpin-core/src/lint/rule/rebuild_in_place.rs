use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    impact::Concurrency,
    statement::{Action, ObjectName},
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
          format, `ENGINE=InnoDB`, a new primary key, another place for a column on MySQL. Others read and \
          write meanwhile; it takes disk space for a second copy, and on replicas it starts when it is \
          done here.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE orders ENGINE=InnoDB"),
        Example::bad(Mysql, "ALTER TABLE orders FORCE, ALGORITHM=INPLACE, LOCK=NONE"),
        Example::bad(Mariadb, "ALTER TABLE orders ROW_FORMAT=DYNAMIC"),
        Example::bad(Mysql, "ALTER TABLE t MODIFY a int NOT NULL").after("CREATE TABLE t (a int)"),
        Example::good(Mysql, "ALTER TABLE orders ADD COLUMN a int"),
        Example::good(Mysql, "ALTER TABLE orders ADD INDEX i (a)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Some(alter) = context.alter() else { return Vec::new() };
    let found = |(table, action): (&ObjectName, &Action)| {
        let way = mysql::way(context, alter, action);
        if !way.rebuild || mysql::copies(way) || way.concurrency != Concurrency::None {
            return None;
        }
        let message = format!("every row of {table} is written anew, while others read and write");
        let help = "when there is room for a second copy, and replicas may fall behind";
        Some(Found::new(Severity::Note, message, help).at(action).lock(format!("{way} on {table}")))
    };
    context.actions_in_use().filter_map(found).collect()
}
