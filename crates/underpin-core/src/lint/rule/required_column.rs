use crate::{
    dialect::Flavour::{self, Mariadb, Mysql, Postgres, Sqlite},
    statement::{Action, ActionKind, ColumnDefinition, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "required-column",
    summary: "a column that old programs give no value for",
    flavours: ALL,
    why: "`ADD COLUMN … NOT NULL` without a default fails where the table has rows (PostgreSQL, SQLite), \
          or gives every row a value that nobody chose (MySQL, MariaDB). And where it succeeds, programs \
          of the release before don't know the column: every INSERT of theirs fails. Give it a constant \
          default, or make it nullable and narrow it later.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN note text NOT NULL"),
        Example::bad(Postgres, "alter table only public.\"Orders\" add note text not null, add other int"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN note text NOT NULL DEFAULT NULL"),
        Example::bad(Mysql, "ALTER TABLE orders ADD COLUMN note varchar(10) NOT NULL AFTER total"),
        Example::bad(Mysql, "ALTER TABLE orders ADD (a int, b int NOT NULL)"),
        Example::bad(Mariadb, "ALTER TABLE IF EXISTS orders ADD COLUMN IF NOT EXISTS note int NOT NULL"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD note text NOT NULL"),
        Example::bad(
            Sqlite,
            "ALTER TABLE orders ADD COLUMN note TEXT CONSTRAINT n NOT NULL CHECK (note <> '')",
        ),
        Example::good(Postgres, "ALTER TABLE orders ADD COLUMN note text NOT NULL DEFAULT ''"),
        Example::good(Postgres, "ALTER TABLE orders ADD COLUMN note text"),
        Example::good(Postgres, "ALTER TABLE orders ADD COLUMN id bigserial NOT NULL"),
        Example::good(
            Postgres,
            "ALTER TABLE orders ADD COLUMN d int NOT NULL GENERATED ALWAYS AS (1) STORED",
        ),
        Example::good(Postgres, "CREATE TABLE orders (id int); ALTER TABLE orders ADD note text NOT NULL"),
        Example::good(Mysql, "ALTER TABLE orders ADD COLUMN id int NOT NULL AUTO_INCREMENT UNIQUE"),
        Example::good(Sqlite, "ALTER TABLE orders ADD COLUMN n int NOT NULL DEFAULT 0"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let found = |(table, action): (&ObjectName, &Action)| {
        let ActionKind::AddColumn { column, .. } = &action.kind else { return None };
        (column.not_null() && !has_value(context, column)).then(|| of(context, table, action, column))
    };
    context.actions_in_use().filter_map(found).collect()
}

fn of(context: &Context<'_>, table: &ObjectName, action: &Action, column: &ColumnDefinition) -> Found {
    let name = &column.name;
    let fails = match context.flavour {
        Flavour::Postgres => format!("it fails if {table} has rows, and where it doesn't"),
        Flavour::Sqlite => format!("it fails if {table} has rows, and where it doesn't"),
        Flavour::Mysql | Flavour::Mariadb => "rows get a value that nobody chose, and".to_owned(),
    };
    let message = format!("{fails}, programs that don't know {name} can't insert into {table} any more");
    let data_type = column.data_type.as_ref().map(ToString::to_string).unwrap_or_default();
    let help = format!(
        "ALTER TABLE {} ADD COLUMN {} {data_type}; or with a constant DEFAULT",
        context.quoted(table),
        context.quoted_part(name)
    );
    Found::new(Severity::Error, message.replace("and,", "and"), help).at(action)
}

/// Whether rows get a value for it that somebody or something has chosen.
pub(super) fn has_value(context: &Context<'_>, column: &ColumnDefinition) -> bool {
    let domain = column.data_type.as_ref().and_then(|data_type| context.catalog.domain(&data_type.name));
    let given = |default: &crate::statement::Expression| !default.is_null();
    column.default.as_ref().is_some_and(given)
        || domain.is_some_and(|domain| domain.default.as_ref().is_some_and(given))
        || column.generated.is_some()
        || column.identity
        || column.auto_increment
        || column.serial()
}
