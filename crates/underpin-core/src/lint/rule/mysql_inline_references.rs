use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    statement::ColumnDefinition,
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, MYSQL, Rule, new_columns,
};

pub(super) static RULE: Rule = Rule {
    id: "mysql-inline-references",
    summary: "a reference behind a column, which some servers forget",
    flavours: MYSQL,
    why: "`REFERENCES` behind a column makes a foreign key on MariaDB from 10.5 on and on MySQL from 9.0 \
          on; MySQL 8 reads it and makes nothing. So the same file gives two schemas. Write the foreign \
          key as a constraint of the table, which all of them make.",
    examples: &[
        Example::bad(Mysql, "CREATE TABLE lines (id int PRIMARY KEY, orders int REFERENCES orders (id))"),
        Example::bad(Mysql, "ALTER TABLE lines ADD COLUMN orders int REFERENCES orders (id)").on("8.4"),
        Example::bad(Mariadb, "CREATE TABLE lines (orders int REFERENCES orders (id))").on("10.4"),
        Example::good(Mariadb, "CREATE TABLE lines (orders int REFERENCES orders (id))"),
        Example::good(Mysql, "CREATE TABLE lines (orders int, FOREIGN KEY (orders) REFERENCES orders (id))"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if context.flavour == Mariadb && context.at_least(10, 5) {
        return Vec::new();
    }
    let found = |column: &ColumnDefinition| {
        let reference = column.references()?;
        let name = &column.name;
        let message = if context.flavour == Mysql && context.at_least(9, 0) {
            format!("a foreign key of {name} is made by MySQL from 9.0 on, and not by 8.4 and before")
        } else {
            format!(
                "no foreign key is made of {name}: this server reads REFERENCES behind a column and \
                    forgets it"
            )
        };
        let help = format!(
            "FOREIGN KEY ({}) REFERENCES {} ({})",
            context.quoted_part(name),
            context.quoted(&reference.table),
            context.quoted_parts(&reference.columns)
        );
        Some(Found::new(Severity::Warning, message, help))
    };
    new_columns(context.statement).into_iter().filter_map(found).collect()
}
