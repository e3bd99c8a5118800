use crate::{
    dialect::Flavour::Postgres,
    impact::postgres,
    statement::{ActionKind, AlterView, ColumnDefinition, KeptRows, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "table-rewrite",
    summary: "a table that is written anew while nobody can use it",
    flavours: POSTGRES,
    why: "The server writes every row and every index of the table again, and holds an ACCESS EXCLUSIVE lock \
          until that is done: nobody can read or write it meanwhile. A new column costs nothing if each old row \
          can share one value: no default, a constant, `now()`. It costs a rewrite if each row needs a value of \
          its own (`random()`, `gen_random_uuid()`, `clock_timestamp()`, a serial, an identity), if a value is \
          computed and stored, or if a domain wants each value checked. Add the column without a default, set \
          the default for new rows, and fill the old ones in batches.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid()"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN at timestamptz DEFAULT clock_timestamp()"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN code text DEFAULT make_code()"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN n bigserial"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN t int GENERATED ALWAYS AS (a + b) STORED"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN state text DEFAULT 'new'").on("10"),
        Example::bad(Postgres, "ALTER TABLE orders SET UNLOGGED"),
        Example::bad(Postgres, "ALTER TABLE orders SET TABLESPACE fast"),
        Example::bad(Postgres, "ALTER TABLE ALL IN TABLESPACE slow SET TABLESPACE fast"),
        Example::bad(Postgres, "ALTER INDEX ALL IN TABLESPACE slow OWNED BY shop SET TABLESPACE fast"),
        Example::bad(Postgres, "ALTER MATERIALIZED VIEW sold SET TABLESPACE fast"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN p positive")
            .after("CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE TABLE orders (id int)"),
        Example::good(Postgres, "ALTER TABLE orders ADD COLUMN state text DEFAULT 'new'"),
        Example::good(Postgres, "ALTER TABLE orders ADD COLUMN at timestamptz NOT NULL DEFAULT now()"),
        Example::good(Postgres, "ALTER TABLE orders ADD COLUMN n int DEFAULT one()")
            .after("CREATE FUNCTION one() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN n int DEFAULT one()")
            .after("CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
        Example::good(Postgres, "ALTER TABLE orders ADD COLUMN n uuid DEFAULT uuid_nil()"),
        Example::good(Postgres, "ALTER TABLE orders ADD COLUMN n int DEFAULT 1 + 2"),
        Example::good(Postgres, "ALTER TABLE orders ADD COLUMN t int GENERATED ALWAYS AS (a + b) VIRTUAL"),
        Example::good(Postgres, "CREATE TABLE orders (id int); ALTER TABLE orders ADD COLUMN n bigserial"),
        Example::good(Postgres, "ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid()"),
        Example::good(Postgres, "ALTER TABLE orders SET LOGGED")
            .after("CREATE TABLE orders (id int) PARTITION BY RANGE (id)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if let Statement::AlterIndex { index, tablespace: true, .. } = context.statement {
        let message = format!("index {index} is written anew, and nobody can use its table");
        return vec![
            Found::new(Severity::Error, message, WINDOW).lock(format!("ACCESS EXCLUSIVE on {index}")),
        ];
    }
    if let Statement::AlterView(AlterView { view, kept: KeptRows::Rewritten, .. }) = context.statement {
        let message = format!("{view} is written anew while nobody can read it");
        return vec![
            Found::new(Severity::Error, message, WINDOW).lock(format!("ACCESS EXCLUSIVE on {view}")),
        ];
    }
    if let Statement::Other(words) = context.statement
        && let Some(class) = words.strip_prefix("ALTER ").and_then(|words| words.strip_suffix(" ALL"))
    {
        let class = class.to_lowercase();
        let message = format!("every {class} of the tablespace is written anew, and nobody can use it");
        let lock = format!("ACCESS EXCLUSIVE on every {class}");
        return vec![Found::new(Severity::Error, message, WINDOW).lock(lock)];
    }
    let mut found = Vec::new();
    for (table, action) in context.actions_in_use() {
        if let Some((why, help)) = rewrite(context, table, &action.kind) {
            let message = format!("{table} is written anew while nobody can read it: {why}");
            let lock = format!("ACCESS EXCLUSIVE on {table}");
            found.push(Found::new(Severity::Error, message, help).at(action).lock(lock));
        }
    }
    found
}

const WINDOW: &str = "do it while the service stands still, or with pg_repack";

/// Why the table is written anew, and what to do instead.
fn rewrite(context: &Context<'_>, table: &ObjectName, action: &ActionKind) -> Option<(String, String)> {
    let window = |why: &str| Some((why.to_owned(), WINDOW.to_owned()));
    // A partitioned table has no rows of its own.
    let partitioned = context.table(table).is_some_and(|table| table.partitioned);
    match action {
        ActionKind::AddColumn { column, .. } => added(context, table, column),
        ActionKind::SetExpression { column } => {
            let stored = context
                .table(table)
                .and_then(|table| table.column(column))
                .and_then(|column| column.generated);
            if stored == Some(false) { None } else { window("the generated column is computed again") }
        }
        ActionKind::SetLogged(true) if !partitioned => window("it moves to the log"),
        ActionKind::SetLogged(false) if !partitioned => window("it leaves the log"),
        ActionKind::SetTablespace if !partitioned => window("it moves to another tablespace"),
        ActionKind::SetAccessMethod if !partitioned => window("its rows are stored in another way"),
        _ => None,
    }
}

fn added(context: &Context<'_>, table: &ObjectName, column: &ColumnDefinition) -> Option<(String, String)> {
    let name = context.quoted(table);
    let quoted = context.quoted_part(&column.name);
    let data_type = column.data_type.as_ref().map(ToString::to_string).unwrap_or_default();
    if column.serial() || column.identity {
        let base = if data_type == "smallserial" { "smallint" } else { "bigint" };
        let help = format!(
            "CREATE SEQUENCE {0}; ALTER TABLE {name} ADD COLUMN {quoted} {base}; ALTER TABLE {name} ALTER COLUMN \
             {quoted} SET DEFAULT nextval('{0}'); then fill the old rows in batches",
            format_args!("{}_{}_seq", table.name, column.name)
        );
        return Some((format!("each row gets its own number in {}", column.name), help));
    }
    if let Some(generated) = &column.generated {
        let help = if context.at_least(18, 0) {
            format!(
                "ALTER TABLE {name} ADD COLUMN {quoted} {data_type} GENERATED ALWAYS AS ({}) VIRTUAL",
                generated.expression.text
            )
        } else {
            format!(
                "ALTER TABLE {name} ADD COLUMN {quoted} {data_type}; then a trigger for new rows, and batches for old ones"
            )
        };
        return generated.stored.then(|| (format!("{} is computed for each row", column.name), help));
    }
    let domain = column.data_type.as_ref().and_then(|data_type| context.catalog.domain(&data_type.name));
    if let Some(domain) = domain.filter(|domain| domain.constrained) {
        let base = domain.base.as_ref().map(ToString::to_string).unwrap_or_default();
        let help = format!(
            "ALTER TABLE {name} ADD COLUMN {quoted} {base}; ALTER TABLE {name} ADD CHECK (…) NOT VALID; VALIDATE it in \
             a later transaction"
        );
        return Some((format!("each value of the domain {} is checked", domain.name), help));
    }
    let default = column.default.as_ref().or_else(|| domain.and_then(|domain| domain.default.as_ref()))?;
    if default.is_null() {
        return None;
    }
    let before_11 = !context.at_least(11, 0);
    let each = postgres::volatile_default(context.catalog, default);
    (before_11 || each).then(|| {
        let why = if each {
            format!("each row needs its own value of {}", default.text)
        } else {
            "before PostgreSQL 11 a default is written to each row".to_owned()
        };
        let help = format!(
            "ALTER TABLE {name} ADD COLUMN {quoted} {data_type}; ALTER TABLE {name} ALTER COLUMN {quoted} SET DEFAULT \
             {}; then fill the old rows in batches",
            default.text
        );
        (why, help)
    })
}
