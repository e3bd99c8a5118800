use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres, Sqlite},
    impact::postgres::using_is_plain,
    loss::lost_precision,
    statement::{Action, ActionKind, ObjectName},
};

use super::{
    super::{Context, Found, Severity, rebuild::Rebuild},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "precision-loss",
    summary: "a column whose new type has no room for what its values hold",
    flavours: ALL,
    why: "A value that is too large for a new type is refused, but one that is too exact is rounded without a word: \
          digits behind the point, parts of a second, the time of a day. No downgrade brings them back. With a cast \
          (`USING a::varchar(5)`) PostgreSQL cuts texts as well. SQLite makes numbers of texts that look like some \
          when they come into a column of numbers: `007` is 7 then. Keep the old column until nobody asks for what it \
          held, and count the rows that would change first.",
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
    let lost = lost_precision(dialect, &from.to_string(), &to.to_string(), cast)?;
    let message = format!("{lost} in {column} are lost: {from} has more room than {to}");
    let (table_name, old) = (context.quoted(table), context.quoted_part(column));
    let new = context.quoted_part(&format!("{column}_new"));
    let help = format!(
        "ALTER TABLE {table_name} ADD COLUMN {new} {to}; filled in batches; then SELECT count(*) FROM {table_name} WHERE \
         {old} <> {new} tells what would change"
    );
    Some(Found::new(Severity::Error, message, help).by(context, table, action))
}
