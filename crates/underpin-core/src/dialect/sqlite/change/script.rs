//! The statements as a text for the `sqlite3` program. Inside of a revision none of this is needed:
//! there a transaction is open, foreign keys are off, and they are checked before it ends.

use crate::{
    difference::{Difference, Statement},
    schema::{ConstraintKind, ForeignKey, Key, Schema, Table},
    sql,
};

/// The table that holds how many rows were without their parents before.
const BROKEN: &str = "temp.underpin_broken_keys";

/// The text; empty where nothing differs.
///
/// It holds nothing but SQL, so that every client takes it. The program goes on after an error unless it
/// was started with `-bail`, and would drop a table whose rows could not be copied: whoever hands this
/// out says so.
pub(crate) fn script(difference: &Difference, statements: &[Statement]) -> String {
    if statements.is_empty() {
        return String::new();
    }
    let guarded = statements.iter().any(|statement| sql::may_break_foreign_keys(&statement.sql));
    let checked =
        guarded && has_keys(&difference.to) && is_sound(&difference.from) && is_sound(&difference.to);
    let mut lines = Vec::new();
    if guarded {
        lines.push("PRAGMA foreign_keys = OFF;".to_owned());
    }
    lines.push("BEGIN IMMEDIATE;".to_owned());
    if checked {
        lines.extend(count_broken());
    }
    lines.extend(statements.iter().map(|statement| format!("{};", statement.sql)));
    if checked {
        lines.extend(check());
    }
    lines.push("COMMIT;".to_owned());
    if guarded {
        lines.push("PRAGMA foreign_keys = ON;".to_owned());
    }
    lines.join("\n") + "\n"
}

fn count_broken() -> [String; 2] {
    [
        format!(
            "CREATE TABLE {BROKEN} (more INTEGER CONSTRAINT \"rows would be left without their parents\" CHECK (more <= 0), there INTEGER);"
        ),
        format!("INSERT INTO {BROKEN} (there) SELECT count(*) FROM pragma_foreign_key_check;"),
    ]
}

fn check() -> [String; 2] {
    [
        format!("UPDATE {BROKEN} SET more = (SELECT count(*) FROM pragma_foreign_key_check) - there;"),
        format!("DROP TABLE {BROKEN};"),
    ]
}

fn keys(schema: &Schema) -> impl Iterator<Item = &ForeignKey> {
    schema.tables().flat_map(|(_, table)| &table.constraints).filter_map(|constraint| {
        match &constraint.kind {
            ConstraintKind::ForeignKey(key) => Some(key),
            _ => None,
        }
    })
}

fn has_keys(schema: &Schema) -> bool {
    keys(schema).next().is_some()
}

/// Whether every foreign key finds what it names: one whose columns are no key makes the check an
/// error (sqlite.org, "Required and Suggested Database Indexes" of foreign keys), and one whose table
/// is not there was not meant to hold.
fn is_sound(schema: &Schema) -> bool {
    keys(schema).all(|key| {
        let parent = schema.tables().find(|(id, _)| id.name.eq_ignore_ascii_case(&key.table.name));
        parent.is_some_and(|(_, parent)| is_found(key, parent))
    })
}

fn is_found(key: &ForeignKey, parent: &Table) -> bool {
    let lower = |name: &String| name.to_ascii_lowercase();
    let mut named: Vec<String> = key.referenced.iter().map(lower).collect();
    named.sort();
    let is_named = |parts: &[crate::schema::IndexPart]| {
        let columns = parts.iter().map(|part| match &part.key {
            Key::Column(name) if part.collation.is_none() => Some(lower(name)),
            Key::Column(_) | Key::Expression(_) => None,
        });
        let Some(mut columns) = columns.collect::<Option<Vec<String>>>() else { return false };
        columns.sort();
        columns == named
    };
    let constrained = parent.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { parts } if key.referenced.is_empty() => parts.len() == key.columns.len(),
        ConstraintKind::PrimaryKey { parts } | ConstraintKind::Unique { parts, .. } => is_named(parts),
        _ => false,
    });
    constrained
        || parent
            .indexes
            .iter()
            .any(|index| index.unique && index.predicate.is_none() && is_named(&index.parts))
}
