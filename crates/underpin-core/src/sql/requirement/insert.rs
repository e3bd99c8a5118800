//! `INSERT INTO … SELECT …` of SQLite, as a table is made anew: what the rows of the old table lack, the
//! error names by the columns of the new one.

use super::{Requirement, RequirementKind, clause::Clause};
use crate::{dialect::Dialect, sql::unquote};

pub(super) fn requirement(statement: &str, error: &str) -> Option<Requirement> {
    let (what, place) = error.split_once(" constraint failed: ")?;
    let insert = Clause::new(Dialect::Sqlite, statement).after(&["INSERT", "INTO"])?;
    let (table, rest) = insert.name()?;
    let (targets, rest) = rest.parenthesised()?;
    let (chosen, source) = rest.after(&["SELECT"])?.split_at("FROM")?;
    let (targets, chosen) = (targets.names()?, chosen.parts());
    if targets.len() != chosen.len() {
        return None;
    }
    let prefix = format!("{}.", plain(table));
    let failed: Option<Vec<String>> = place
        .split_terminator('\n')
        .next()?
        .split(", ")
        .map(|column| {
            let column = column.trim().strip_prefix(&prefix)?;
            let at = targets.iter().position(|target| plain(target).eq_ignore_ascii_case(column))?;
            Some(targets[at].clone())
        })
        .collect();
    let failed = failed?;
    let kind = if what.ends_with("NOT NULL") {
        RequirementKind::NotNull { column: failed.first()?.clone() }
    } else if what.ends_with("UNIQUE") {
        RequirementKind::Unique { columns: failed }
    } else {
        return None;
    };
    let columns: Vec<String> =
        targets.iter().zip(&chosen).map(|(target, value)| format!("{} AS {target}", value.text())).collect();
    let (name, _) = source.name()?;
    let query = format!("(SELECT {} FROM {}) AS copied", columns.join(", "), source.text());
    Some(Requirement { source: Some(query), ..Requirement::new(name, kind) })
}

fn plain(name: &str) -> String {
    match name.starts_with(['"', '`', '[']) {
        true => unquote(name),
        false => name.to_owned(),
    }
}
