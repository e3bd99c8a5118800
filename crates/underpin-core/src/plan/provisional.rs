//! What becomes of provisional tables (and the enumerated types of their columns), which a start-up made
//! without revisions, when a plan is about to bring them. Decided here from plain data; looked up and carried out elsewhere.

use std::collections::HashMap;

use super::{Plan, Step};
use crate::{
    dialect::Dialect,
    revision::{Direction, Language, RevisionId},
    sql::{self, Checksum},
};

/// A table or an enumerated type that a start-up made without revisions, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionalTable {
    /// The schema (or database) that it is in.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Whether the name alone leads there.
    pub visible: bool,
    /// The statements that made it.
    pub statements: Vec<String>,
    /// How many rows it has; a type has none.
    pub rows: u64,
    /// Whether it is still as those statements have left it.
    pub unchanged: bool,
    /// The revision that it was given to by a run that was cut off.
    pub adopted_by: Option<String>,
}

/// What becomes of a provisional table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays provisional.
    Stay,
    /// It is dropped: it is empty, and the plan creates it, or what is dropped is referred to by it.
    Drop,
    /// It becomes what that revision would have created, and keeps its rows.
    Adopt(RevisionId),
    /// It has rows that nobody may lose.
    InTheWay(Obstacle),
}

/// Why a provisional table is in the way of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// That revision would create it.
    Created(RevisionId),
    /// It may refer to a table of that name, which has to go.
    Refers(String),
    /// A table of that name may refer to it, and stays.
    Referred(String),
}

/// A run that was cut off, which the plan begins with.
#[derive(Clone, Copy, Debug)]
pub struct CutOff<'a> {
    /// The revision.
    pub revision: &'a str,
    /// The statement that it goes on at, counted from 0.
    pub statement: usize,
}

/// What becomes of each of `tables`, which are in the order of their creation. Without `adopting`,
/// the plan is to be run as it is, so that none is adopted.
pub fn fates(
    plan: &Plan,
    tables: &[ProvisionalTable],
    cut_off: Option<CutOff<'_>>,
    adopting: bool,
) -> Vec<Fate> {
    let dialect = plan.flavour.dialect();
    let adopter = |table: &ProvisionalTable| {
        let found = plan.steps.iter().find(|step| adopts(dialect, step, table, cut_off))?;
        adopting.then(|| found.revision().clone())
    };
    let mut fates: Vec<Fate> = tables
        .iter()
        .map(|table| match (creator(plan, table, cut_off), adopter(table)) {
            (_, Some(revision)) if is_given(table, &revision) => Fate::Adopt(revision),
            (None, _) => Fate::Stay,
            (Some(_), _) if table.rows == 0 => Fate::Drop,
            (Some(_), Some(revision)) => Fate::Adopt(revision),
            (Some(revision), None) => Fate::InTheWay(Obstacle::Created(revision)),
        })
        .collect();
    while let Some((index, fate)) = follow(dialect, tables, &fates, &adopter) {
        fates[index] = fate;
    }
    fates
}

/// The plan without the statements whose work is in the database already, as part of adopted tables.
pub fn without_adopted(plan: &Plan, tables: &[ProvisionalTable], fates: &[Fate]) -> Plan {
    let dialect = plan.flavour.dialect();
    let mut plan = plan.clone();
    for (table, fate) in tables.iter().zip(fates) {
        let Fate::Adopt(revision) = fate else { continue };
        let Some(step) = plan.steps.iter_mut().find(|step| step.revision() == revision) else { continue };
        let mut made = counted(dialect, table);
        step.statements.retain(|statement| {
            let checksum = sql::checksum(dialect, &statement.text).ok();
            let left = checksum.and_then(|checksum| made.get_mut(&checksum)).filter(|left| **left > 0);
            left.map(|left| *left -= 1).is_none()
        });
    }
    plan
}

/// One more fate that follows from the others, because tables refer to each other.
fn follow(
    dialect: Dialect,
    tables: &[ProvisionalTable],
    fates: &[Fate],
    adopter: &impl Fn(&ProvisionalTable) -> Option<RevisionId>,
) -> Option<(usize, Fate)> {
    let dropped = tables.iter().enumerate().filter(|(index, _)| fates[*index] == Fate::Drop);
    for (index, table) in dropped {
        for (other, fate) in fates.iter().enumerate() {
            if other == index || !mentions(dialect, &tables[other], &table.name) {
                continue;
            }
            match fate {
                Fate::Stay if tables[other].rows == 0 => return Some((other, Fate::Drop)),
                Fate::Stay => {
                    return Some((other, Fate::InTheWay(Obstacle::Refers(table.name.clone()))));
                }
                Fate::Adopt(_) => {
                    let obstacle = || Fate::InTheWay(Obstacle::Referred(tables[other].name.clone()));
                    return Some((index, adopter(table).map_or_else(obstacle, Fate::Adopt)));
                }
                Fate::Drop | Fate::InTheWay(_) => {}
            }
        }
    }
    None
}

/// The revision of the plan that creates the table, or renames another one to its name.
fn creator(plan: &Plan, table: &ProvisionalTable, cut_off: Option<CutOff<'_>>) -> Option<RevisionId> {
    let dialect = plan.flavour.dialect();
    let upgrades = plan.steps.iter().filter(|step| step.direction == Direction::Upgrade);
    let creates = |step: &&Step| {
        let done = cut_off.filter(|cut_off| step.revision().as_str() == cut_off.revision);
        let statements = step.statements.iter().skip(done.map_or(0, |cut_off| cut_off.statement));
        statements.into_iter().any(|statement| brings(dialect, &statement.text, table))
    };
    upgrades.into_iter().find(creates).map(|step| step.revision().clone())
}

fn brings(dialect: Dialect, statement: &str, table: &ProvisionalTable) -> bool {
    let there = |schema: Option<&str>, name: &str| {
        let there = schema.map_or(table.visible, |schema| schema.eq_ignore_ascii_case(&table.schema));
        there && name.eq_ignore_ascii_case(&table.name)
    };
    match (sql::created_table(dialect, statement), sql::created_enum(dialect, statement)) {
        (Some(created), _) if created.temporary => false,
        (Some(created), _) => there(created.schema.as_deref(), &created.name),
        (None, Some(created)) => there(created.schema.as_deref(), &created.name),
        (None, None) => {
            let names = sql::object_names(dialect, statement);
            let has = |word: &str| names.iter().any(|name| name.eq_ignore_ascii_case(word));
            has("rename") && has(&table.name)
        }
    }
}

/// Whether a step has every statement that made the table, so that it may take it as it is.
fn adopts(dialect: Dialect, step: &Step, table: &ProvisionalTable, cut_off: Option<CutOff<'_>>) -> bool {
    if step.language == Language::Rust {
        // Its function can't be asked to leave something out.
        return false;
    }
    let resumed = cut_off.is_some_and(|cut_off| step.revision().as_str() == cut_off.revision);
    let given = is_given(table, step.revision());
    // What a cut-off run has begun goes on with the statements that it began with.
    if step.direction != Direction::Upgrade || (resumed && !given) || (!resumed && !table.unchanged) {
        return false;
    }
    let has = |(checksum, wanted): (&Checksum, &usize)| {
        let same = |text: &str| sql::checksum(dialect, text).is_ok_and(|other| other == *checksum);
        step.statements.iter().filter(|statement| same(&statement.text)).count() >= *wanted
    };
    !table.statements.is_empty() && counted(dialect, table).iter().all(has)
}

fn is_given(table: &ProvisionalTable, revision: &RevisionId) -> bool {
    table.adopted_by.as_deref() == Some(revision.as_str())
}

fn mentions(dialect: Dialect, table: &ProvisionalTable, name: &str) -> bool {
    table.statements.iter().any(|statement| {
        sql::object_names(dialect, statement).iter().any(|mentioned| mentioned.eq_ignore_ascii_case(name))
    })
}

/// The checksums of the statements that made a table, and how often each stands there.
fn counted(dialect: Dialect, table: &ProvisionalTable) -> HashMap<Checksum, usize> {
    let mut counts = HashMap::new();
    for checksum in table.statements.iter().filter_map(|text| sql::checksum(dialect, text).ok()) {
        *counts.entry(checksum).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests;
