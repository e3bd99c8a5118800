use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres, Sqlite},
    impact::postgres::using_is_plain,
    loss::lost_precision,
    statement::{Action, ActionKind, DataType, ObjectName},
};

use super::{
    super::{Context, Found, Severity, rebuild::Rebuild},
    ALL, Check, Example, Rule, not_null_implicit_conversion,
};

pub(super) static RULE: Rule = Rule {
    id: "precision-loss",
    summary: "a column whose new type has no room for what its values hold",
    flavours: ALL,
    why: "A value that is too large for a new type is refused, but one that is too exact is rounded without a word: \
          digits behind the point, parts of a second, the time of a day. No downgrade brings them back. With a cast \
          (`USING a::varchar(5)`) PostgreSQL cuts texts as well. SQLite makes numbers of texts that look like some \
          when they come into a column of numbers: `007` is 7 then. Keep the old column until nobody asks for what it \
          held, and count the rows that would change first. Behind a `sql_mode` that is not strict, and with ALTER \
          IGNORE, MySQL and MariaDB cut what does not fit, too.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE numeric(10, 2)")
            .after("CREATE TABLE t (a numeric(10, 4))"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE date").after("CREATE TABLE t (a timestamptz)"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE varchar(5) USING a::varchar(5)")
            .after("CREATE TABLE t (a text)"),
        Example::bad(Mysql, "ALTER TABLE t MODIFY a datetime").after("CREATE TABLE t (a datetime(6))"),
        Example::bad(Mariadb, "ALTER TABLE t CHANGE a b int").after("CREATE TABLE t (a double)"),
        Example::good(Postgres, "ALTER TABLE t ALTER a TYPE numeric(12, 4)")
            .after("CREATE TABLE t (a numeric(10, 4))"),
        Example::good(Postgres, "ALTER TABLE t ALTER a TYPE integer USING (a * 100)::integer")
            .after("CREATE TABLE t (a numeric(10, 2))"),
        Example::good(Postgres, "ALTER TABLE t ALTER a TYPE integer"),
        Example::good(Mysql, "ALTER TABLE t MODIFY a datetime(6)").after("CREATE TABLE t (a datetime(3))"),
        Example::good(Mysql, "CREATE TABLE t (a double); ALTER TABLE t MODIFY a int"),
        Example::bad(Mysql, "SET sql_mode = ''; ALTER TABLE t MODIFY a varchar(5)")
            .after("CREATE TABLE t (a varchar(9))"),
        Example::bad(Mariadb, "ALTER IGNORE TABLE t MODIFY a enum('x')").after("CREATE TABLE t (a enum('x', 'y'))"),
        Example::good(Mysql, "ALTER TABLE t MODIFY a varchar(5)").after("CREATE TABLE t (a varchar(9))"),
        Example::good(Mysql, "SET sql_mode = ''; ALTER TABLE t MODIFY a text").after("CREATE TABLE t (a varchar(9))"),
        Example::bad(
            Sqlite,
            "CREATE TABLE n (a integer); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a text)"),
        Example::good(
            Sqlite,
            "CREATE TABLE n (a text); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (a integer)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if context.flavour == Sqlite {
        return rebuilt(context);
    }
    context.actions_in_use().filter_map(|(table, action)| rounded(context, table, action)).collect()
}

/// Texts that become numbers when a table of SQLite is made anew.
fn rebuilt(context: &Context<'_>) -> Vec<Found> {
    let Some(rebuild) = Rebuild::at(context).filter(|rebuild| context.in_use(rebuild.old)) else {
        return Vec::new();
    };
    let found = |(target, source): (&str, Option<String>)| {
        let source = source?;
        let from = context.column(rebuild.old, &source)?.data_type.as_ref()?;
        let new = rebuild.create.columns.iter().find(|column| column.name.eq_ignore_ascii_case(target))?;
        let to = new.data_type.as_ref()?;
        let lost = lost_precision(context.flavour.dialect(), &from.to_string(), &to.to_string(), false)?;
        let message = format!("{lost} in {source} are lost: texts that look like numbers become numbers");
        let (old, column) = (context.quoted(rebuild.old), context.quoted_part(&source));
        let help = format!(
            "SELECT count(*) FROM {old} WHERE {column} <> CAST(CAST({column} AS NUMERIC) AS TEXT) tells what would change"
        );
        Some(Found::new(Severity::Error, message, help).locking(context, rebuild.old))
    };
    rebuild.pairs().into_iter().filter_map(found).collect()
}

fn rounded(context: &Context<'_>, table: &ObjectName, action: &Action) -> Option<Found> {
    let (column, to, cast) = match &action.kind {
        // What is computed is meant as it is computed.
        ActionKind::SetType { using: Some(using), column, data_type, .. }
            if !using_is_plain(using, column, data_type) =>
        {
            return None;
        }
        ActionKind::SetType { column, data_type, using, .. } => (column, data_type, using.is_some()),
        ActionKind::Redefine { from, column } => (from, column.data_type.as_ref()?, false),
        _ => return None,
    };
    let from = context.column(table, column)?.data_type.as_ref()?;
    if !context.column_in_use(table, column) {
        return None;
    }
    let dialect = context.flavour.dialect();
    let cut = || (not_null_implicit_conversion::is_lenient(context) && shrinks(from, to)).then_some("values");
    let lost = lost_precision(dialect, &from.to_string(), &to.to_string(), cast).or_else(cut)?;
    let message = format!("{lost} in {column} are lost: {from} has more room than {to}");
    let (table_name, old) = (context.quoted(table), context.quoted_part(column));
    let new = context.quoted_part(&format!("{column}_new"));
    let help = format!(
        "ALTER TABLE {table_name} ADD COLUMN {new} {to}; filled in batches; then SELECT count(*) FROM {table_name} WHERE \
         {old} <> {new} tells what would change"
    );
    Some(Found::new(Severity::Error, message, help).by(context, table, action))
}

/// Whether a type of MySQL or MariaDB may have no room for values of another one.
fn shrinks(from: &DataType, to: &DataType) -> bool {
    const WIDENING: [&[&str]; 3] = [
        &["tinyint", "smallint", "mediumint", "int", "bigint"],
        &["char", "varchar", "text", "mediumtext", "longtext"],
        &["binary", "varbinary", "blob", "mediumblob", "longblob"],
    ];
    if from.name == to.name {
        let fewer = from.arguments.iter().any(|value| !to.arguments.contains(value));
        let shorter = from.number(0).zip(to.number(0)).map(|(from, to)| to < from);
        let numbers = WIDENING[0].contains(&from.name.as_str());
        return from.unsigned != to.unsigned || !numbers && shorter.unwrap_or(fewer);
    }
    let place = |types: &[&str], of: &DataType| types.iter().position(|name| *name == of.name);
    !WIDENING.iter().any(|types| place(types, from).zip(place(types, to)).is_some_and(|(from, to)| from < to))
}
