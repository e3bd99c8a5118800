//! A change of MySQL or MariaDB that says of each statement how it may be done, so that the server refuses
//! rather than copies a table; and foreign keys, whose rows are looked at afterwards, while others write.

mod algorithm;
mod clause;
mod foreign_key;
mod foretold;

pub(crate) use foretold::foretold;

use std::collections::BTreeSet;

use self::{algorithm::Algorithm, clause::Alter};
use super::{name, statements};
use crate::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    difference::{Difference, Operation, Stage, StageKind, Statement},
    schema::{ObjectKind, ServerVersion},
};

/// The stages of a change.
///
/// # Errors
/// As [`statements`].
pub(crate) fn stages(difference: &Difference) -> Result<Vec<Stage>, Diagnostic> {
    let mut stages = vec![Stage {
        kind: StageKind::Change,
        upgrade: asserted(difference, true)?,
        downgrade: asserted(&difference.reversed(), false)?,
        remarks: Vec::new(),
    }];
    let checks = foreign_key::checks(difference);
    if !checks.is_empty() {
        stages.push(Stage {
            kind: StageKind::Validate,
            upgrade: checks.into_iter().map(Statement::new).collect(),
            downgrade: Vec::new(),
            remarks: Vec::new(),
        });
    }
    Ok(stages)
}

/// The statements of a change, each with what it asserts. Whether the rows of foreign keys are looked at
/// `later` says whether they need not be when the key comes.
fn asserted(difference: &Difference, later: bool) -> Result<Vec<Statement>, Diagnostic> {
    let (flavour, version) = (difference.to.flavour, difference.to.version);
    let new: BTreeSet<String> = difference
        .operations
        .iter()
        .filter_map(|operation| match operation {
            Operation::Create(object) if object.id.kind == ObjectKind::Table => Some(name(&object.id)),
            Operation::Create(_) | Operation::Drop(_) | Operation::Alter(_) => None,
        })
        .collect();
    let mut asserted: Vec<Statement> = Vec::new();
    for statement in statements(difference)? {
        let is_unchecked =
            asserted.last().is_some_and(|before: &Statement| before.sql == foreign_key::UNCHECKED);
        match Alter::parse(&statement.sql).filter(|alter| !is_new(alter, &new)) {
            Some(alter) if foreign_key::is_addition(&alter) => {
                let sql = algorithm::asserting(&statement.sql, foreign_key::algorithm(flavour, version));
                match (later, is_unchecked) {
                    (true, false) => asserted.extend(foreign_key::unchecked(sql)),
                    (true, true) => asserted.push(Statement::new(sql)),
                    (false, _) => asserted.push(statement),
                }
            }
            Some(alter) => asserted.extend(alter.divided().into_iter().map(|sql| {
                let best = Alter::parse(&sql).map(|alter| algorithm::best(flavour, version, &alter));
                Statement::new(algorithm::asserting(&sql, best.unwrap_or(Algorithm::Unasserted)))
            })),
            None => asserted.push(statement),
        }
    }
    Ok(asserted)
}

fn is_new(alter: &Alter<'_>, new: &BTreeSet<String>) -> bool {
    alter.head.strip_prefix("ALTER TABLE ").is_some_and(|table| new.contains(table))
}

/// A statement that asserts less than this one; nothing where this one asserts nothing.
pub(crate) fn weaker(flavour: Flavour, version: ServerVersion, sql: &str) -> Option<String> {
    algorithm::weaker(flavour, version, sql)
}

/// What a statement blocks for as long as it takes, in a sentence without a full stop; nothing where it
/// asserts that it blocks nobody, and where it changes no table that is there.
pub(crate) fn blocking(sql: &str) -> Option<String> {
    let alter = Alter::parse(sql)?;
    let changes_rows = alter.clauses.iter().any(|clause| !clause.starts(&["RENAME", "TO"]));
    (Algorithm::of(sql) == Algorithm::Unasserted && changes_rows).then(|| {
        let table = alter.head.trim_start_matches("ALTER TABLE ").replace('`', "");
        let clauses: Vec<&str> =
            alter.clauses.iter().map(|clause| clause.text.lines().next().unwrap_or_default()).collect();
        format!(
            "nobody can write to {table} while it is copied or read for {}: that needs a window, or gh-ost or \
             pt-online-schema-change",
            clauses.join(", ")
        )
    })
}
