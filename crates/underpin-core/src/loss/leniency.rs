//! What makes the server fit what does not fit, instead of refusing it: a lenient `sql_mode`, and the actions that
//! it then changes values and rows in (MySQL, MariaDB). Not whether any row is in their way.

use crate::{
    dialect::Dialect,
    sql::codes,
    statement::{Action, ActionKind, ConstraintKind, PartitionWork, Setting},
};

/// Whether a `SET` of `sql_mode` lets a column's values be cut to its new type (MySQL 8.4 manual, 7.1.11
/// "Server SQL Modes"); nothing for another setting. What it was before is taken to refuse them.
pub(super) fn leniency(setting: &Setting) -> Option<bool> {
    let text = format!("{}={}", setting.name, setting.value);
    let value = assigned(&text, "sql_mode")?;
    let taken_out = value.starts_with("replace");
    let before = value.contains('@') && !taken_out || value == "default";
    let strict = value.contains("strict_") || value.contains("traditional");
    Some(!before && (!strict || taken_out))
}

/// Whether a statement is run with a `sql_mode` of its own that lets values be cut.
pub(super) fn statement_leniency(dialect: Dialect, statement: &str) -> bool {
    let mut words = codes(dialect, statement);
    let is_one = dialect == Dialect::Mysql
        && words.next().is_some_and(|word| word.is("SET"))
        && words.next().is_some_and(|word| word.is("STATEMENT"));
    is_one && statement.to_lowercase().contains("sql_mode")
}

/// What a setting is set to, and what follows that, where several are set at once: `@a = @@mode, mode = ''`.
fn assigned<'a>(text: &'a str, setting: &str) -> Option<&'a str> {
    let found = text.match_indices(setting).filter_map(|(at, _)| {
        let part_of_a_name = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = text[at + setting.len()..].trim_start();
        let value = rest.strip_prefix(":=").or_else(|| rest.strip_prefix('='))?;
        (!part_of_a_name).then(|| value.trim_start())
    });
    found.last()
}

/// Whether values and rows that do not fit are cut, changed or left out where the server is told to let them.
pub(super) fn converts(action: &Action) -> bool {
    matches!(
        &action.kind,
        ActionKind::ConvertCharset
            | ActionKind::SetNotNull { .. }
            | ActionKind::Partition { work: PartitionWork::By | PartitionWork::Rebuild, .. }
    )
}

/// Whether it makes a primary key, in which a null becomes something else.
pub(super) fn makes_key(action: &Action) -> bool {
    match &action.kind {
        ActionKind::AddConstraint(added) => matches!(added.kind, ConstraintKind::PrimaryKey { .. }),
        _ => false,
    }
}

pub(super) fn makes_unique(action: &Action) -> bool {
    match &action.kind {
        ActionKind::AddIndex(index) => index.unique,
        ActionKind::AddConstraint(added) => {
            matches!(added.kind, ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. })
        }
        _ => false,
    }
}
