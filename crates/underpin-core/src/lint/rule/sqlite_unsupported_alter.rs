use crate::{
    dialect::{Dialect, Flavour::Sqlite},
    statement::{Action, ActionKind, ColumnDefinition, ConstraintKind, Expression, ObjectName, refuses},
};

use super::{
    super::{Context, Found, Severity, Wrapping, context::is_off},
    Check, Example, Rule, SQLITE,
};

pub(super) static RULE: Rule = Rule {
    id: "sqlite-unsupported-alter",
    summary: "a change that SQLite's ALTER TABLE does not know",
    flavours: SQLITE,
    why: "SQLite renames (columns from 3.25 on), adds a column without UNIQUE, PRIMARY KEY, a stored \
          expression or a default that is computed, drops one that nothing depends on (from 3.35 on), and \
          from 3.53 on adds and drops CHECK and NOT NULL. Everything else fails, or fails as soon as the \
          table has rows. It wants a new table that takes the place of the old one; `underpin generate` \
          writes that, with everything that hangs on the table.",
    examples: &[
        Example::bad(Sqlite, "ALTER TABLE orders ADD COLUMN code text UNIQUE"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD id INTEGER PRIMARY KEY"),
        Example::bad(Sqlite, "alter table orders add column at text default current_timestamp"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD at text DEFAULT (datetime('now'))"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD n int AS (a + 1) STORED"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD c int DEFAULT 1 REFERENCES customers (id)"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD c int NOT NULL DEFAULT 0 CHECK (c > 0)"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD c text DEFAULT 'x' CHECK (c IN ('a', 'b'))"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD c text CHECK (c IS NOT NULL)"),
        Example::bad(Sqlite, "ALTER TABLE orders ALTER COLUMN total TYPE bigint"),
        Example::bad(Sqlite, "ALTER TABLE orders MODIFY total bigint"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD FOREIGN KEY (c) REFERENCES customers (id)"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD CONSTRAINT u UNIQUE (code)"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD CONSTRAINT p CHECK (total > 0)").on("3.51"),
        Example::bad(Sqlite, "ALTER TABLE orders ALTER note SET NOT NULL").on("3.52"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD a int, ADD b int"),
        Example::bad(Sqlite, "ALTER TABLE orders ADD COLUMN IF NOT EXISTS a int"),
        Example::bad(Sqlite, "ALTER TABLE orders ALTER COLUMN a SET DEFAULT 1"),
        Example::bad(Sqlite, "ALTER TABLE orders RENAME COLUMN a TO b").on("3.24"),
        Example::bad(Sqlite, "ALTER TABLE orders DROP COLUMN a").on("3.34"),
        Example::bad(Sqlite, "ALTER TABLE orders DROP COLUMN a")
            .after("CREATE TABLE orders (a int, b int); CREATE INDEX i ON orders (b, a)"),
        Example::bad(Sqlite, "ALTER TABLE orders DROP COLUMN a")
            .after("CREATE TABLE orders (a int UNIQUE, b int)"),
        Example::bad(Sqlite, "ALTER TABLE orders DROP COLUMN a")
            .after("CREATE TABLE orders (a int, b int AS (a + 1))"),
        Example::bad(Sqlite, "ALTER TABLE orders DROP a")
            .after("CREATE TABLE orders (a int, b int); CREATE VIEW v AS SELECT a FROM orders"),
        Example::bad(Sqlite, "ALTER TABLE orders DROP a")
            .after("CREATE TABLE orders (a int, b int, CHECK (a > b))"),
        Example::good(Sqlite, "ALTER TABLE orders DROP a")
            .after("CREATE TABLE orders (a int CHECK (a > 0), b int)"),
        Example::good(Sqlite, "ALTER TABLE orders ADD CONSTRAINT p CHECK (total > 0)").on("3.53"),
        Example::good(Sqlite, "ALTER TABLE orders ADD COLUMN a int DEFAULT (1)"),
        Example::good(Sqlite, "ALTER TABLE orders ADD COLUMN a text NOT NULL DEFAULT 'x' COLLATE nocase"),
        Example::good(Sqlite, "ALTER TABLE orders ADD COLUMN a int DEFAULT -1 CHECK (a > -5)"),
        Example::good(Sqlite, "ALTER TABLE orders ADD COLUMN c int REFERENCES customers (id)"),
        Example::good(Sqlite, "ALTER TABLE orders ADD COLUMN n int GENERATED ALWAYS AS (a + 1) VIRTUAL"),
        Example::good(
            Sqlite,
            "PRAGMA foreign_keys=OFF; ALTER TABLE orders ADD c int DEFAULT 1 REFERENCES customers (id)",
        ),
        Example::good(Sqlite, "CREATE TABLE t (a int); ALTER TABLE t ADD b text DEFAULT CURRENT_TIMESTAMP"),
        Example::bad(Sqlite, "ALTER TABLE t DROP COLUMN a").after(
            "CREATE TABLE t (a int, b int); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT max(new.a); END",
        ),
        Example::good(Sqlite, "ALTER TABLE t DROP COLUMN a").after(
            "CREATE TABLE t (a int, b int); CREATE TRIGGER r AFTER UPDATE OF a ON t BEGIN SELECT new.b; END",
        ),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Some(alter) = context.alter() else { return Vec::new() };
    if alter.if_exists || alter.actions.len() > 1 {
        let message = "SQLite takes one action in an ALTER TABLE, and no IF EXISTS";
        return vec![Found::new(Severity::Error, message, "a statement for each action")];
    }
    let found = |action: &Action| {
        let message = refused(context, &alter.table, &action.kind)?;
        Some(Found::new(Severity::Error, message, help(context, &alter.table)).at(action))
    };
    alter.actions.iter().filter_map(found).collect()
}

fn help(context: &Context<'_>, table: &ObjectName) -> String {
    let new = ObjectName { schema: table.schema.clone(), name: format!("new_{}", table.name) };
    let (old, new) = (context.quoted(table), context.quoted(&new));
    format!(
        "CREATE TABLE {new} (…); INSERT INTO {new} (…) SELECT … FROM {old}; DROP TABLE {old}; ALTER \
            TABLE {new} RENAME TO \
         {}; with foreign_keys off, and then its indexes and triggers again",
        context.quoted_part(&table.name)
    )
}

/// Why the server refuses an action, if it does.
fn refused(context: &Context<'_>, table: &ObjectName, action: &ActionKind) -> Option<String> {
    let before = |major, minor, what: &str| {
        (!context.at_least(major, minor)).then(|| format!("SQLite {what} from {major}.{minor} on"))
    };
    let never = |what: &str| Some(format!("SQLite has no way to {what}"));
    match action {
        ActionKind::AddColumn { if_not_exists: true, .. }
        | ActionKind::DropColumn { if_exists: true, .. } => never("ask whether a column is there"),
        ActionKind::AddColumn { column, .. } => added(context, table, column),
        ActionKind::DropColumn { column, .. } => {
            before(3, 35, "drops columns").or_else(|| depended_on(context, table, column))
        }
        ActionKind::RenameColumn { .. } => before(3, 25, "renames columns"),
        ActionKind::RenameTable { .. } => None,
        ActionKind::AddConstraint(constraint) => match constraint.kind {
            ConstraintKind::Check { .. } => before(3, 53, "adds checks"),
            ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::Unique { .. }
            | ConstraintKind::ForeignKey { .. }
            | ConstraintKind::Exclusion
            | ConstraintKind::NotNull { .. } => never("add a key to a table"),
        },
        ActionKind::DropConstraint { .. } => before(3, 53, "drops checks"),
        ActionKind::SetNotNull { .. } | ActionKind::DropNotNull { .. } => {
            before(3, 53, "sets and drops NOT NULL")
        }
        ActionKind::SetType { .. } => never("change the type of a column"),
        ActionKind::SetDefault { .. } | ActionKind::DropDefault { .. } => never("change a default"),
        _ => never("do this"),
    }
}

fn added(context: &Context<'_>, table: &ObjectName, column: &ColumnDefinition) -> Option<String> {
    let name = &column.name;
    if column.unique() || column.primary_key() || column.auto_increment || column.identity {
        return Some(format!("SQLite adds no column that is unique, a key or counted, such as {name}"));
    }
    if !context.in_use(table) {
        return None;
    }
    if column.generated.as_ref().is_some_and(|generated| generated.stored) {
        return Some(format!("SQLite adds no stored column to a table with rows, such as {name}"));
    }
    let literal = column.default.as_ref().map(|default| default.text.as_str());
    let refused = column.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::Check { expression } => refuses(Dialect::Sqlite, &expression.text, name, literal),
        _ => false,
    });
    if refused {
        return Some(format!("every row of a table breaks the CHECK of {name} with what it begins with"));
    }
    let default = column.default.as_ref()?;
    if computed(default) {
        return Some(format!(
            "SQLite adds {name} to a table with rows only with a default that is a literal"
        ));
    }
    let refers = column.references().is_some() && !default.is_null();
    // A revision runs with foreign keys off, unless its text switches them on.
    let checked = match context.setting("foreign_keys") {
        Some(value) => !is_off(value),
        None => context.wrapping == Wrapping::Plain,
    };
    (refers && checked).then(|| format!("with foreign_keys on, SQLite adds {name} only without a default"))
}

/// Whether a default is more than a literal, in parentheses or not (measured: a bare word counts as
/// a text).
fn computed(default: &Expression) -> bool {
    let text = default.text.trim_matches(['(', ')', ' ']);
    let literal = Expression::parse(Dialect::Sqlite, text).constant;
    let time = text.to_ascii_uppercase().starts_with("CURRENT_");
    time || default.text.starts_with('(') && !literal
}

/// What depends on a column, so that it can't be dropped.
fn depended_on(context: &Context<'_>, table: &ObjectName, column: &str) -> Option<String> {
    let known = context.table(table)?;
    let why = |what: &str| Some(format!("SQLite does not drop {column}, because {what}"));
    let same = |name: &String| name.eq_ignore_ascii_case(column);
    if known.primary_key().is_some_and(|key| key.iter().any(same)) {
        return why("it is in the primary key");
    }
    if known.indexes.iter().any(|index| index.about(column)) {
        return why("an index or a UNIQUE is on it");
    }
    let uses = |expression: &Expression| expression.mentions(column);
    if known.columns.iter().any(|other| other.expression.as_ref().is_some_and(uses)) {
        return why("a generated column is computed of it");
    }
    // The check of a column goes with it, one that names others stays.
    let others = |expression: &Expression| {
        known.columns.iter().any(|other| !same(&other.name) && expression.mentions(&other.name))
    };
    let checked = known.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::Check { expression } => uses(expression) && others(expression),
        _ => false,
    });
    if checked {
        return why("a check names it");
    }
    if known.triggers.iter().any(|trigger| trigger.columns.iter().any(same)) {
        return why("a trigger names it");
    }
    let viewed = context.catalog.views_of(&table.name).any(|(_, view)| view.names.iter().any(same));
    if viewed { why("a view names it") } else { None }
}
