//! The rows of a table that is made anew: which column takes its values from where. No value is made
//! up, and none is converted but as SQLite's affinity does; where SQLite can't take one, it says so and
//! nothing is changed.

use super::{column::default_expression, quote};
use crate::schema::{Column, ConstraintKind, Key, Table, TableKind};

/// Where the rows go to and come from.
pub(super) struct Copy {
    targets: Vec<String>,
    sources: Vec<String>,
    /// What the old table calls its rowid, if that is needed.
    pub(super) rowid: Option<&'static str>,
    /// Whether the new table would do something else about a conflict than say so.
    lenient: bool,
}

/// The names of a rowid (sqlite.org, "ROWIDs and the INTEGER PRIMARY KEY").
const ROWIDS: [&str; 3] = ["rowid", "_rowid_", "oid"];

/// How the rows of one table become those of another. Both have the names of the new one.
pub(super) fn copy(before: &Table, after: &Table) -> Copy {
    let mut copy = Copy { targets: Vec::new(), sources: Vec::new(), rowid: None, lenient: is_lenient(after) };
    let rowid = rowid(before, after);
    let alias = rowid_alias(after);
    if alias.is_none()
        && let Some(rowid) = rowid
    {
        copy.rowid = Some(rowid);
        copy.targets.push(rowid.to_owned());
        copy.sources.push(rowid.to_owned());
    }
    for column in after.columns.iter().filter(|column| column.generated.is_none()) {
        let same = |old: &&Column| old.name.eq_ignore_ascii_case(&column.name);
        let source = match before.columns.iter().find(same) {
            Some(old) => Some(value(old, column, (before, after))),
            // A key that is new is what told the rows apart before.
            None if alias == Some(column.name.as_str()) => {
                copy.rowid = rowid;
                rowid.map(str::to_owned)
            }
            None => None,
        };
        if let Some(source) = source {
            copy.targets.push(quote(&column.name));
            copy.sources.push(source);
        }
    }
    copy
}

impl Copy {
    /// The statement; none where the tables have nothing in common.
    pub(super) fn statement(&self, from: &str, to: &str) -> Option<String> {
        let insert = if self.lenient { "INSERT OR ABORT INTO" } else { "INSERT INTO" };
        let (targets, sources) = (self.targets.join(", "), self.sources.join(", "));
        (!self.targets.is_empty())
            .then(|| format!("{insert} {} ({targets}) SELECT {sources} FROM {}", quote(to), quote(from)))
    }

    /// The same, with the rowid in a column of this name.
    pub(super) fn with_rowid_in(&self, column: &str) -> Self {
        let named = |source: &String| match self.rowid {
            Some(rowid) if source == rowid => column.to_owned(),
            _ => source.clone(),
        };
        Self {
            targets: self.targets.clone(),
            sources: self.sources.iter().map(named).collect(),
            rowid: None,
            lenient: self.lenient,
        }
    }
}

/// What both tables call their rowid; none where one of them has none, or columns of all its names.
fn rowid(before: &Table, after: &Table) -> Option<&'static str> {
    if !has_rowid(before) || !has_rowid(after) {
        return None;
    }
    let named = |table: &Table, rowid: &str| {
        table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(rowid))
    };
    ROWIDS.into_iter().find(|rowid| !named(before, rowid) && !named(after, rowid))
}

fn has_rowid(table: &Table) -> bool {
    table.kind == TableKind::Ordinary && !table.options.contains_key("without_rowid")
}

/// The column that is the rowid under another name.
pub(crate) fn rowid_alias(table: &Table) -> Option<&str> {
    if !has_rowid(table) {
        return None;
    }
    let key = table.constraints.iter().find_map(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { parts } if !constraint.options.contains_key("rowid_alias") => {
            Some(parts)
        }
        _ => None,
    })?;
    let [part] = &key[..] else { return None };
    let Key::Column(name) = &part.key else { return None };
    let column = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))?;
    column.data_type.eq_ignore_ascii_case("INTEGER").then_some(column.name.as_str())
}

/// The value that a column takes from the one that was there.
fn value(old: &Column, new: &Column, (before, after): (&Table, &Table)) -> String {
    let mut value = match new.options.get("using") {
        Some(expression) => format!("({expression})"),
        _ => quote(&old.name),
    };
    let strict = |table: &Table| table.options.contains_key("strict");
    let is = |column: &Column, name: &str| column.data_type.eq_ignore_ascii_case(name);
    // Where a plain copy would be refused although nothing would be lost ("STRICT Tables"): a table
    // that is not strict has values of any kind in any column.
    if strict(after) && (!strict(before) || !is(old, &new.data_type)) && (is(new, "BLOB") || is(new, "TEXT"))
    {
        value = format!("CAST({value} AS {})", new.data_type);
    }
    match &new.default {
        Some(default) if old.nullable && !new.nullable && !default.eq_ignore_ascii_case("NULL") => {
            format!("COALESCE({value}, {})", default_expression(default))
        }
        _ => value,
    }
}

/// Whether a constraint of this table would leave out or replace rows rather than fail (sqlite.org,
/// "The ON CONFLICT Clause"): such a clause yields to the statement's own.
fn is_lenient(table: &Table) -> bool {
    let conflict = table.constraints.iter().any(|constraint| constraint.options.contains_key("on_conflict"));
    conflict || table.columns.iter().any(|column| column.options.contains_key("not_null_on_conflict"))
}
