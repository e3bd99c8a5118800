//! A table that is made anew: the wanted one under a name of its own, the rows, the old one dropped,
//! the name (sqlite.org, "Making Other Kinds Of Table Schema Changes"). Views, triggers elsewhere and
//! foreign keys of other tables name the table and find the new one; its indexes and triggers are
//! made again later, with all others.

use super::{
    copy::{self, Copy},
    literal, names,
    order::Altered,
    program, quote, table,
};
use crate::{difference::Difference, schema::Table};

/// The column of a copy that keeps rowids.
const ROWID: &str = "underpin_rowid";

/// The statements of a rebuild.
pub(super) fn rebuild(altered: &Altered<'_>, difference: &Difference) -> Vec<String> {
    let name = &altered.id().name;
    let other = names::free(difference, name);
    let copy = copy::copy(&altered.renamed, altered.wanted);
    let counts = counts(&altered.renamed) && counts(altered.wanted);
    if table::names_itself(name, altered.wanted) {
        return detour(altered, &other, &copy, counts);
    }
    let mut statements = vec![table::create(&other, altered.wanted)];
    statements.extend(copy.statement(name, &other));
    if counts {
        statements.extend(carry_sequence(name, &other));
    }
    statements.push(format!("DROP TABLE {}", quote(name)));
    statements.extend(rename(&other, name, difference));
    statements
}

/// Gives the new table its name. Its absence makes no view and no trigger invalid for good, and the
/// foreign keys of others are to go on naming it: `legacy_alter_table` is for that.
pub(super) fn rename(from: &str, to: &str, difference: &Difference) -> Vec<String> {
    let rename = format!("ALTER TABLE {} RENAME TO {}", quote(from), quote(to));
    match program::any_stays(difference) {
        true => vec![
            "PRAGMA legacy_alter_table = ON".to_owned(),
            rename,
            "PRAGMA legacy_alter_table = OFF".to_owned(),
        ],
        false => vec![rename],
    }
}

fn counts(table: &Table) -> bool {
    table.columns.iter().any(|column| column.auto_increment)
}

/// The highest key that there ever was is kept, also where its row is gone.
fn carry_sequence(name: &str, other: &str) -> [String; 2] {
    let (name, other) = (literal(name), literal(other));
    [
        format!("DELETE FROM sqlite_sequence WHERE name = {other}"),
        format!(
            "INSERT INTO sqlite_sequence (name, seq) SELECT {other}, seq FROM sqlite_sequence WHERE name = {name}"
        ),
    ]
}

/// The rebuild of a table that can be made under no other name, because its statement says
/// `CHECK (t.a > 0)`: the rows wait elsewhere.
fn detour(altered: &Altered<'_>, other: &str, copy: &Copy, counts: bool) -> Vec<String> {
    let name = &altered.id().name;
    let (table, rows) = (quote(name), quote(other));
    let mut columns: Vec<String> = altered.renamed.columns.iter().map(|column| quote(&column.name)).collect();
    if let Some(rowid) = copy.rowid {
        columns.push(format!("{rowid} AS {ROWID}"));
    }
    let mut statements = vec![format!("CREATE TABLE {rows} AS SELECT {} FROM {table}", columns.join(", "))];
    let move_sequence = |from: &str, to: &str| {
        format!("UPDATE sqlite_sequence SET name = {} WHERE name = {}", literal(to), literal(from))
    };
    if counts {
        statements.push(move_sequence(name, other));
    }
    statements.push(format!("DROP TABLE {table}"));
    statements.push(table::create(name, altered.wanted));
    statements.extend(copy.with_rowid_in(ROWID).statement(other, name));
    if counts {
        statements.push(format!("DELETE FROM sqlite_sequence WHERE name = {}", literal(name)));
        statements.push(move_sequence(other, name));
    }
    statements.push(format!("DROP TABLE {rows}"));
    statements
}
