//! What a statement of a plan does to whoever uses the database, as text and as JSON. Not the statement.

use serde::Serialize;
use underpin_core::{
    dialect::Flavour,
    forecast::{Estimate, StatementForecast, TableSize},
    impact::{LockMode, TableLock},
    statement::ObjectName,
};

/// What a statement does, as JSON. The names are fixed: programs read them.
#[derive(Debug, Serialize)]
pub(super) struct ForetoldForm<'a> {
    /// The strongest of its locks.
    lock: Option<LockMode>,
    /// Whether rows of a table are all written anew.
    rewrite: bool,
    locks: Vec<LockForm>,
    rewrites: Vec<String>,
    scans: Vec<String>,
    /// The tables on which indexes are built.
    builds: Vec<String>,
    /// `ALGORITHM=INPLACE, LOCK=NONE` (MySQL, MariaDB).
    algorithm: Option<String>,
    tables: &'a [TableSize],
    estimate: Option<&'a Estimate>,
    hazards: Vec<HazardForm<'a>>,
}

#[derive(Debug, Serialize)]
struct LockForm {
    table: String,
    mode: LockMode,
    waits: &'static str,
}

#[derive(Debug, Serialize)]
struct HazardForm<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    help: &'a str,
}

impl<'a> ForetoldForm<'a> {
    pub(super) fn of(told: &'a StatementForecast) -> Self {
        let impact = &told.impact;
        let names = |tables: &[ObjectName]| tables.iter().map(ToString::to_string).collect::<Vec<_>>();
        Self {
            lock: impact.locks.iter().map(|lock| lock.mode).max(),
            rewrite: !impact.rewrites.is_empty(),
            locks: impact.locks.iter().map(lock_form).collect(),
            rewrites: names(&impact.rewrites),
            scans: names(&impact.scans),
            builds: impact.builds.iter().map(|build| build.table.to_string()).collect(),
            algorithm: impact.way.map(|way| way.to_string()),
            tables: &told.tables,
            estimate: told.estimate.as_ref(),
            hazards: told
                .hazards
                .iter()
                .map(|hazard| HazardForm {
                    rule: hazard.rule,
                    severity: hazard.severity.name(),
                    message: &hazard.message,
                    help: &hazard.help,
                })
                .collect(),
        }
    }
}

fn lock_form(lock: &TableLock) -> LockForm {
    LockForm { table: lock.table.to_string(), mode: lock.mode, waits: lock.mode.who_waits() }
}

/// What a statement does, as comments of SQL, a fact a line; none where nobody is concerned.
pub(super) fn facts(flavour: Flavour, told: &StatementForecast) -> Vec<String> {
    let mut facts = Vec::new();
    let impact = &told.impact;
    // On SQLite every statement that writes locks the same, and the guide says so once.
    if flavour != Flavour::Sqlite {
        facts.extend(impact.locks.iter().map(|lock| format!("{lock}: {}", lock.mode.who_waits())));
    }
    if let Some(way) = impact.way {
        facts.push(way.to_string());
    }
    let sized = |table: &ObjectName| {
        let size = told.tables.iter().find(|size| size.is_of(table)).and_then(TableSize::in_words);
        size.map_or_else(|| table.to_string(), |size| format!("{table} ({size})"))
    };
    facts.extend(impact.rewrites.iter().map(|table| format!("writes every row of {} anew", sized(table))));
    facts.extend(impact.scans.iter().map(|table| format!("reads every row of {}", sized(table))));
    facts.extend(impact.builds.iter().map(|build| match build.indexes {
        1 => format!("builds an index on {}", sized(&build.table)),
        many => format!("builds {many} indexes on {}", sized(&build.table)),
    }));
    // What is done within a second is not worth a line.
    let estimate = told.estimate.as_ref().filter(|estimate| estimate.seconds > 1);
    facts.extend(estimate.map(|estimate| {
        format!("takes about {} s once it has its locks: {}", estimate.seconds, estimate.basis)
    }));
    if !impact.known {
        facts.push("what it locks is not known".to_owned());
    }
    facts.extend(
        told.hazards.iter().map(|hazard| format!("{} {}: {}", hazard.severity, hazard.rule, hazard.message)),
    );
    facts
}
