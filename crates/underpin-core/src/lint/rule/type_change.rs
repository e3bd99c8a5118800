use crate::{
    catalog::Table,
    dialect::Flavour::Postgres,
    impact::postgres::{TypeChange, type_change, using_is_plain},
    statement::{Action, ActionKind, AlterType, DataType, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "type-change",
    summary: "a column whose type changes while nobody can use the table",
    flavours: POSTGRES,
    why: "`ALTER COLUMN … TYPE` writes the table and its indexes anew under an ACCESS EXCLUSIVE lock, unless the old \
          values are good for the new type as they are stored: a longer varchar, varchar to text, a numeric with \
          more digits before the point, a finer timestamp. A CHECK on the column is checked again for every row \
          even then. Add a column of the new type, keep both in step with a trigger, fill it in batches, and let \
          the programs change over.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE t ALTER COLUMN a TYPE bigint"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE varchar(20)"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE bigint").after("CREATE TABLE t (a int)"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE varchar(5)")
            .after("CREATE TABLE t (a varchar(10))"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE varchar(20)").after("CREATE TABLE t (a text)"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE numeric(10, 3)")
            .after("CREATE TABLE t (a numeric(10, 2))"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE jsonb").after("CREATE TABLE t (a json)"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE varchar(20)")
            .after("CREATE TABLE t (a varchar(10) CHECK (a <> ''))"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE text USING upper(a)")
            .after("CREATE TABLE t (a varchar(9))"),
        Example::good(Postgres, "ALTER TABLE t ALTER a TYPE varchar(20)")
            .after("CREATE TABLE t (a varchar(10))"),
        Example::good(Postgres, "ALTER TABLE t ALTER a TYPE text").after("CREATE TABLE t (a varchar(10))"),
        Example::good(Postgres, "ALTER TABLE t ALTER a SET DATA TYPE numeric(12, 2)")
            .after("CREATE TABLE t (a numeric(10, 2))"),
        Example::good(Postgres, "ALTER TABLE t ALTER a TYPE timestamptz(6)")
            .after("CREATE TABLE t (a timestamptz(3))"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE text")
            .after("CREATE TABLE t (id int, a varchar(9)); CREATE INDEX i ON t (id) WHERE a <> ''"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE text")
            .after("CREATE TABLE t (a citext, EXCLUDE USING btree (a WITH =))"),
        Example::good(Postgres, "SET timezone = 'UTC'; ALTER TABLE t ALTER a TYPE timestamptz")
            .after("CREATE TABLE t (a timestamp)"),
        Example::good(Postgres, "ALTER TABLE t ALTER a TYPE code")
            .after("CREATE DOMAIN code AS text; CREATE TABLE t (a varchar(5))"),
        Example::good(Postgres, "ALTER TABLE t ALTER a TYPE text")
            .after("CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%'); CREATE TABLE t (a email)"),
        Example::good(Postgres, "ALTER TABLE t ALTER a TYPE char(5)").after("CREATE TABLE t (a bpchar(5))"),
        Example::bad(Postgres, "ALTER TABLE t ALTER a TYPE text")
            .after("CREATE TABLE t (a varchar(9), b int); CREATE VIEW v AS SELECT a FROM t"),
        Example::good(Postgres, "ALTER TABLE t ALTER a TYPE text")
            .after("CREATE TABLE t (a varchar(9), b int); CREATE VIEW v AS SELECT b FROM t"),
        Example::good(Postgres, "CREATE TABLE t (a int); ALTER TABLE t ALTER a TYPE bigint"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if let Statement::AlterType(AlterType::Other { name, what }) = context.statement
        && what == "ALTER ATTRIBUTE"
    {
        let message =
            format!("every table with a column of {name} is written anew, or the server refuses it");
        return vec![Found::new(Severity::Error, message, "a new attribute, filled in batches")];
    }
    context.actions_in_use().filter_map(|(table, action)| changed(context, table, action)).collect()
}

fn changed(context: &Context<'_>, table: &ObjectName, action: &Action) -> Option<Found> {
    let ActionKind::SetType { column, data_type, using, collation } = &action.kind else { return None };
    let known = context.table(table);
    let now = known.and_then(|table| table.column(column)).and_then(|column| column.data_type.as_ref());
    let converted = using.as_ref().is_some_and(|using| !using_is_plain(using, column, data_type));
    let wanted = plain(context, data_type);
    let (severity, why) = match now.map(|now| type_change(based(context, now), wanted, context.version)) {
        _ if converted => (Severity::Error, format!("{column} is computed for each row")),
        Some(TypeChange::Rewrite) => {
            let now = now.map(ToString::to_string).unwrap_or_default();
            (Severity::Error, format!("{now} and {data_type} are not stored alike"))
        }
        Some(TypeChange::Free | TypeChange::FreeInUtc) if touches_rows(context, table, action) => {
            (Severity::Error, format!("a CHECK or an index on {column} is gone through again"))
        }
        Some(TypeChange::Free | TypeChange::FreeInUtc) if viewed(context, table, column).is_some() => {
            return viewed(context, table, column).map(|found| found.at(action));
        }
        Some(TypeChange::FreeInUtc) if in_utc(context) => return None,
        Some(TypeChange::FreeInUtc) => {
            (Severity::Warning, "it is free only where the session's TimeZone is UTC".to_owned())
        }
        Some(TypeChange::Free) if collation.is_some() && indexed(known, column) => {
            (Severity::Error, format!("the indexes on {column} are built again for the collation"))
        }
        Some(TypeChange::Free) => return None,
        None if matches!(data_type.name.as_str(), "text" | "character varying") => {
            (Severity::Warning, format!("unless {column} is a shorter varchar now"))
        }
        None => (Severity::Error, format!("unless {column} is stored alike now")),
    };
    let message = format!("{table} is written anew or read while nobody can use it: {why}");
    let help = format!(
        "ALTER TABLE {0} ADD COLUMN {1} {data_type}; a trigger that keeps it in step with {2}, the old rows in \
         batches; then the programs, then DROP COLUMN",
        context.quoted(table),
        context.quoted_part(&format!("{column}_new")),
        context.quoted_part(column)
    );
    Some(Found::new(severity, message, help).at(action).lock(format!("ACCESS EXCLUSIVE on {table}")))
}

/// A view that reads the column, which the server asks about before anything else.
fn viewed(context: &Context<'_>, table: &ObjectName, column: &str) -> Option<Found> {
    let reads = |name: &String| context.catalog.same(name, column);
    let (view, _) = context.catalog.views_of(&table.name).find(|(_, view)| view.names.iter().any(reads))?;
    let message = format!("the server refuses it while the view {view} reads {column}");
    Some(Found::new(Severity::Error, message, "DROP VIEW before it, and CREATE VIEW again behind it"))
}

/// The type that a domain is of, if it refuses no value; any other as it is.
fn plain<'a>(context: &Context<'a>, data_type: &'a DataType) -> &'a DataType {
    let domain = context.catalog.domain(&data_type.name).filter(|domain| !domain.constrained);
    domain.and_then(|domain| domain.base.as_ref()).unwrap_or(data_type)
}

/// The type that a domain is of, also of one that refuses values: those that are there it has let in.
fn based<'a>(context: &Context<'a>, data_type: &'a DataType) -> &'a DataType {
    let domain = context.catalog.domain(&data_type.name);
    domain.and_then(|domain| domain.base.as_ref()).unwrap_or(data_type)
}

/// Whether a statement before it has set the session's time zone to UTC.
fn in_utc(context: &Context<'_>) -> bool {
    context.script[..context.index].iter().any(|earlier| match earlier {
        Statement::Set(set) => set.name.starts_with("time") && set.value.contains("utc"),
        _ => false,
    })
}

/// Whether rows are read or indexes built although the values stay as they are stored.
fn touches_rows(context: &Context<'_>, table: &ObjectName, action: &Action) -> bool {
    let impact = context.impact_of(table, action);
    !impact.scans.is_empty() || !impact.builds.is_empty()
}

fn indexed(table: Option<&Table>, column: &str) -> bool {
    table.is_some_and(|table| table.indexes.iter().any(|index| index.about(column)))
}
