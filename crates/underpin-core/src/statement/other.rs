//! Statements about types, sessions, transactions and upkeep. Not what they change in rows.

use super::{ConstraintDefinition, ObjectName, cursor::Cursor, index::options_say};
use crate::dialect::Dialect;

/// `ALTER TYPE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlterType {
    /// `ADD VALUE`.
    AddValue {
        /// The type.
        name: ObjectName,
        /// The value.
        value: String,
        /// Whether it says where it stands: `BEFORE`, `AFTER`.
        placed: bool,
        /// Whether one that is there is left: `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `RENAME VALUE`.
    RenameValue {
        /// The type.
        name: ObjectName,
        /// The value before.
        from: String,
        /// The value after.
        to: String,
    },
    /// Its name, owner, schema or attributes; what is said behind the name, two words in upper case.
    Other {
        /// The type.
        name: ObjectName,
        /// `RENAME TO`, `ADD ATTRIBUTE`, `OWNER TO`.
        what: String,
    },
}

/// `ALTER DOMAIN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlterDomain {
    /// `ADD CONSTRAINT … CHECK`, `ADD CHECK`, `SET NOT NULL`.
    Narrow {
        /// The domain.
        name: ObjectName,
        /// Whether it says `NOT VALID`.
        not_valid: bool,
    },
    /// `VALIDATE CONSTRAINT`.
    Validate {
        /// The domain.
        name: ObjectName,
    },
    /// Anything else.
    Other {
        /// The domain.
        name: ObjectName,
    },
}

/// `ALTER VIEW`, `ALTER MATERIALIZED VIEW`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterView {
    /// The view.
    pub view: ObjectName,
    /// Its new name.
    pub renamed: Option<String>,
    /// Its new schema.
    pub schema: Option<String>,
    /// The column that gets another name, before and after.
    pub column: Option<(String, String)>,
    /// What it does to the rows that a materialized view keeps.
    pub kept: KeptRows,
}

/// What `ALTER MATERIALIZED VIEW` does to the rows that the view keeps. A view that keeps none is
/// [`KeptRows::Untouched`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptRows {
    /// Nothing.
    Untouched,
    /// `SET (…)`, `RESET (…)`, `CLUSTER ON`: how they are to be kept from now on.
    Parameters,
    /// `SET TABLESPACE`, `SET ACCESS METHOD`: they are written anew.
    Rewritten,
}

/// What begins or ends a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionControl {
    /// `BEGIN`, `START TRANSACTION`.
    Begin,
    /// `COMMIT`, `END`, `PREPARE TRANSACTION`.
    Commit,
    /// `ROLLBACK`, `ABORT`.
    Rollback,
    /// `SAVEPOINT`, `RELEASE`, `ROLLBACK TO`.
    Savepoint,
}

/// `SET name = value`, `PRAGMA name = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name, in lower case.
    pub name: String,
    /// Its value without quotes, in lower case; empty where none is given.
    pub value: String,
    /// Whether it ends with the transaction: `SET LOCAL`.
    pub local: bool,
}

/// Upkeep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Maintenance {
    /// `VACUUM`.
    Vacuum {
        /// Whether the table is written anew: `FULL`.
        full: bool,
        /// The tables; none are all.
        tables: Vec<ObjectName>,
    },
    /// `CLUSTER`.
    Cluster {
        /// The table; none are all that were clustered before.
        table: Option<ObjectName>,
    },
    /// `REFRESH MATERIALIZED VIEW`.
    Refresh {
        /// The view.
        view: ObjectName,
        /// Whether it can be read meanwhile.
        concurrently: bool,
        /// Whether it is emptied: `WITH NO DATA`.
        empty: bool,
    },
    /// `ANALYZE`.
    Analyze {
        /// The tables; none are all.
        tables: Vec<ObjectName>,
    },
    /// `OPTIMIZE TABLE`, which writes it anew.
    Optimize {
        /// The tables.
        tables: Vec<ObjectName>,
    },
    /// `REPAIR TABLE` of MySQL and MariaDB.
    Repair {
        /// The tables.
        tables: Vec<ObjectName>,
    },
}

pub(super) fn alter_type(cursor: &mut Cursor<'_>) -> Option<AlterType> {
    let name = cursor.name()?;
    if cursor.eat("ADD VALUE") {
        let if_not_exists = cursor.if_not_exists();
        let value = cursor.text()?;
        return Some(AlterType::AddValue { name, value, placed: !cursor.ended(), if_not_exists });
    }
    if cursor.eat("RENAME VALUE") {
        let from = cursor.text()?;
        cursor.eat("TO");
        return Some(AlterType::RenameValue { name, from, to: cursor.text()? });
    }
    let words: Vec<String> = cursor.word().into_iter().chain(cursor.word()).collect();
    Some(AlterType::Other { name, what: words.join(" ") })
}

pub(super) fn alter_domain(cursor: &mut Cursor<'_>) -> Option<AlterDomain> {
    let name = cursor.name()?;
    if cursor.eat("SET NOT NULL") {
        return Some(AlterDomain::Narrow { name, not_valid: false });
    }
    if cursor.eat("VALIDATE") {
        return Some(AlterDomain::Validate { name });
    }
    if cursor.eat("ADD") {
        let not_valid = ConstraintDefinition::of_table(cursor).is_some_and(|constraint| constraint.not_valid);
        return Some(AlterDomain::Narrow { name, not_valid });
    }
    Some(AlterDomain::Other { name })
}

/// What stands behind `ALTER [MATERIALIZED] VIEW`.
pub(super) fn alter_view(cursor: &mut Cursor<'_>) -> Option<AlterView> {
    let materialized = cursor.eat("MATERIALIZED");
    cursor.eat("VIEW");
    cursor.if_exists();
    let view = cursor.name()?;
    let kept = if materialized { kept_rows(cursor) } else { KeptRows::Untouched };
    let renamed = if cursor.eat("RENAME TO") { cursor.identifier() } else { None };
    let column = if cursor.eat("RENAME") { renamed_column(cursor) } else { None };
    let schema = if cursor.eat("SET SCHEMA") { cursor.identifier() } else { None };
    Some(AlterView { view, renamed, schema, column, kept })
}

fn kept_rows(cursor: &Cursor<'_>) -> KeptRows {
    let mut ahead = cursor.clone();
    if ahead.eat("SET TABLESPACE") || ahead.eat("SET ACCESS METHOD") {
        return KeptRows::Rewritten;
    }
    if ahead.eat("CLUSTER ON") || ahead.eat("SET WITHOUT CLUSTER") || ahead.eat("RESET") {
        return KeptRows::Parameters;
    }
    let parameters = ahead.eat("SET") && ahead.parenthesised().is_some();
    if parameters { KeptRows::Parameters } else { KeptRows::Untouched }
}

/// What stands behind `RENAME`: `[COLUMN] a TO b`.
fn renamed_column(cursor: &mut Cursor<'_>) -> Option<(String, String)> {
    cursor.eat("COLUMN");
    let from = cursor.identifier()?;
    cursor.eat("TO").then(|| cursor.identifier())?.map(|to| (from, to))
}

pub(super) fn setting(cursor: &mut Cursor<'_>) -> Setting {
    let local = cursor.eat("LOCAL");
    let _ = cursor.eat("SESSION") || cursor.eat("GLOBAL") || cursor.eat("PERSIST");
    let name = cursor.skip_variable().to_lowercase();
    let _ = cursor.eat_operator("=") || cursor.eat_operator(":=") || cursor.eat("TO");
    let value = cursor.rest().text;
    let value = value.trim_matches(['\'', '"', '(', ')', ' ']).to_lowercase();
    Setting { name, value, local }
}

pub(super) fn vacuum(cursor: &mut Cursor<'_>) -> Maintenance {
    let mut full = options_say(cursor, "FULL");
    while let Some(word) = cursor.eat_one_of(&["FULL", "FREEZE", "VERBOSE", "ANALYZE"]) {
        full |= word == "FULL";
    }
    // SQLite: VACUUM writes the whole file anew.
    full |= cursor.dialect == Dialect::Sqlite;
    Maintenance::Vacuum { full, tables: cursor.names() }
}

pub(super) fn cluster(cursor: &mut Cursor<'_>) -> Maintenance {
    cursor.parenthesised();
    cursor.eat("VERBOSE");
    let first = cursor.name();
    // CLUSTER index ON table, the old way.
    Maintenance::Cluster { table: if cursor.eat("ON") { cursor.name() } else { first } }
}

/// What stands behind `REFRESH`.
pub(super) fn refresh(cursor: &mut Cursor<'_>) -> Option<Maintenance> {
    cursor.eat("MATERIALIZED VIEW");
    let concurrently = cursor.eat("CONCURRENTLY");
    let view = cursor.name()?;
    let empty = cursor.eat("WITH NO DATA");
    Some(Maintenance::Refresh { view, concurrently, empty })
}

/// What stands behind `ANALYZE`, `OPTIMIZE` and `REPAIR`: tables, after words that don't matter.
pub(super) fn tables(cursor: &mut Cursor<'_>) -> Vec<ObjectName> {
    cursor.parenthesised();
    while cursor.eat_one_of(&["VERBOSE", "NO_WRITE_TO_BINLOG", "LOCAL", "TABLE", "TABLES"]).is_some() {}
    cursor.names()
}
