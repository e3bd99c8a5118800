//! Makes way for a plan: drops the provisional tables that it brings and that are empty, and hands
//! over those that are just what it would make. It runs under the migration lock, before the plan.

use std::sync::Arc;

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    plan::{
        Plan,
        provisional::{CutOff, Fate, Obstacle, ProvisionalTable, fates, without_adopted},
    },
    revision::{Direction, RevisionId},
    sql::CreatedKind,
};

use super::{dropping, quoted, rows, unsettled};
use crate::{
    database::{Guard, Interrupt, Session},
    history::{HistoryTables, JournalEntry, ProvisionalRecord},
    lock::Lock,
    migrate::{Event, Events, catalog::Catalog, execute::failure, fingerprint, run::history_unreadable},
};

/// What is to become of the provisional tables before a plan is run.
pub(in crate::migrate) struct Settlement {
    /// What is run: the plan without what is there already.
    pub(in crate::migrate) plan: Arc<Plan>,
    /// Those that are dropped, in the order in which they were made.
    drop: Vec<ProvisionalRecord>,
    /// Those that a revision takes over.
    adopt: Vec<(ProvisionalRecord, RevisionId)>,
    /// Those that are no more, or were taken over by now.
    forget: Vec<ProvisionalRecord>,
}

/// What surrounds a settlement.
pub(in crate::migrate) struct Surroundings<'a> {
    pub(in crate::migrate) lock: &'a Lock,
    pub(in crate::migrate) tables: &'a HistoryTables,
    pub(in crate::migrate) interrupt: &'a Interrupt,
    pub(in crate::migrate) events: &'a Events,
}

impl Settlement {
    /// Decides, and changes nothing. `adopting` says whether the plan may be run without what is
    /// there already; one that somebody was shown may not.
    pub(in crate::migrate) async fn weigh(
        session: &mut dyn Session,
        tables: &HistoryTables,
        plan: &Arc<Plan>,
        journal: Option<&JournalEntry>,
        adopting: bool,
        applied: impl Fn(&str) -> bool,
    ) -> Result<Self, Diagnostic> {
        let mut settlement =
            Self { plan: Arc::clone(plan), drop: Vec::new(), adopt: Vec::new(), forget: Vec::new() };
        if !plan.steps.iter().any(|step| step.direction == Direction::Upgrade) {
            return Ok(settlement);
        }
        let records = tables.read_provisional(session).await.map_err(history_unreadable)?;
        if records.is_empty() {
            return Ok(settlement);
        }
        let catalog = Catalog::read(session).await?;
        let (mut standing, mut seen) = (Vec::new(), Vec::new());
        for record in records {
            let kind = record.kind(plan.flavour.dialect());
            let gone = !catalog.has(kind, Some(&record.schema), &record.name);
            if gone || record.adopted_by.as_deref().is_some_and(&applied) {
                settlement.forget.push(record);
            } else {
                seen.push(see(session, &catalog, &record).await?);
                standing.push(record);
            }
        }
        let cut_off = journal.map(|entry| CutOff { revision: &entry.revision, statement: entry.statement });
        let fates = fates(plan, &seen, cut_off, adopting);
        if let Some(refusal) = refusal(&seen, &fates) {
            return Err(refusal);
        }
        settlement.plan = Arc::new(without_adopted(plan, &seen, &fates));
        for (record, fate) in standing.into_iter().zip(fates) {
            match fate {
                Fate::Drop => settlement.drop.push(record),
                Fate::Adopt(revision) => settlement.adopt.push((record, revision)),
                Fate::Stay | Fate::InTheWay(_) => {}
            }
        }
        Ok(settlement)
    }

    /// The names of the tables that will be dropped.
    pub(in crate::migrate) fn leaving(&self) -> Vec<&str> {
        self.drop.iter().map(|record| record.name.as_str()).collect()
    }

    /// What it comes to, in words.
    pub(in crate::migrate) fn described(&self) -> Vec<String> {
        let noun = |record: &ProvisionalRecord| record.kind(self.plan.flavour.dialect()).noun();
        let dropped = self.drop.iter().map(|record| {
            let empty = match record.kind(self.plan.flavour.dialect()) {
                CreatedKind::Table => ", which is empty,",
                CreatedKind::Enum => "",
            };
            format!("the provisional {} {record}{empty} is dropped first", noun(record))
        });
        let adopted = self.adopt.iter().map(|(record, revision)| {
            format!("the provisional {} {record} is adopted by {revision}, which runs without the statements that made it", noun(record))
        });
        dropped.chain(adopted).collect()
    }

    /// Does it: in one transaction where the engine has such, and elsewhere table by table, the
    /// record last, so that whoever is cut off is continued by whoever comes next.
    pub(in crate::migrate) async fn carry_out(
        &self,
        session: &mut dyn Session,
        around: &Surroundings<'_>,
    ) -> Result<(), Diagnostic> {
        if self.drop.is_empty() && self.adopt.is_empty() && self.forget.is_empty() {
            return Ok(());
        }
        let dialect = session.server().flavour.dialect();
        let result = match dialect {
            Dialect::Sqlite => self.drop_at_once(session, around).await,
            Dialect::Postgres => self.drop_in_transaction(session, around).await,
            Dialect::Mysql => self.drop_one_by_one(session, around).await,
        };
        result?;
        // What is heard of are the tables; their types go the same way.
        let is_table = |record: &&ProvisionalRecord| record.kind(dialect) == CreatedKind::Table;
        for record in self.drop.iter().filter(is_table) {
            let table = record.name.clone();
            around.events.send(&Event::ProvisionalTable { table, adopted_by: None });
        }
        for (record, revision) in self.adopt.iter().filter(|(record, _)| is_table(&record)) {
            let (table, adopted_by) = (record.name.clone(), Some(revision.clone()));
            around.events.send(&Event::ProvisionalTable { table, adopted_by });
        }
        Ok(())
    }

    /// The run's own transaction has kept everybody else out since the rows were counted.
    async fn drop_at_once(
        &self,
        session: &mut dyn Session,
        around: &Surroundings<'_>,
    ) -> Result<(), Diagnostic> {
        let dialect = session.server().flavour.dialect();
        let mut script = self.drops(dialect);
        script.extend(self.notes(dialect, around.tables));
        send(session, around.interrupt, &script.join(";\n")).await
    }

    async fn drop_in_transaction(
        &self,
        session: &mut dyn Session,
        around: &Surroundings<'_>,
    ) -> Result<(), Diagnostic> {
        let dialect = Dialect::Postgres;
        // Behind a pooler, the lock is the transaction: it is open, and goes on into the first revision.
        let ours = !around.lock.is_transaction();
        let mut opening = Vec::new();
        if ours {
            opening.push("BEGIN".to_owned());
            opening.extend(around.lock.fence(&[]));
        }
        let tables = self.drop.iter().filter(|record| record.kind(dialect) == CreatedKind::Table);
        let names: Vec<String> = tables.map(|record| quoted(dialect, record)).collect();
        if !names.is_empty() {
            // A service that went on without its migrations may be writing into them.
            opening.push(format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", names.join(", ")));
        }
        let result = async {
            send(session, around.interrupt, &opening.join(";\n")).await?;
            for record in &self.drop {
                refuse_filled(session, record).await?;
            }
            let mut script = self.drops(dialect);
            script.extend(self.notes(dialect, around.tables));
            if ours {
                script.push("COMMIT".to_owned());
            }
            send(session, around.interrupt, &script.join(";\n")).await
        }
        .await;
        if result.is_err() && ours {
            // Fails only with the connection, whose end has the same effect.
            let _ = session.execute("ROLLBACK").await;
        }
        result
    }

    async fn drop_one_by_one(
        &self,
        session: &mut dyn Session,
        around: &Surroundings<'_>,
    ) -> Result<(), Diagnostic> {
        let dialect = Dialect::Mysql;
        for record in self.drop.iter().rev() {
            let name = quoted(dialect, record);
            let result = async {
                // While it is locked, nobody fills it between the count and the end.
                send(session, around.interrupt, &format!("LOCK TABLES {name} WRITE")).await?;
                refuse_filled(session, record).await?;
                send(session, around.interrupt, &format!("DROP TABLE {name}")).await
            }
            .await;
            let _ = session.execute("UNLOCK TABLES").await;
            result?;
            send(session, around.interrupt, &around.tables.forget_provisional(dialect, record)).await?;
        }
        for note in self.notes(dialect, around.tables) {
            send(session, around.interrupt, &note).await?;
        }
        Ok(())
    }

    /// Those that were made last may refer to those that were made before.
    fn drops(&self, dialect: Dialect) -> Vec<String> {
        self.drop.iter().rev().map(|record| dropping(dialect, record)).collect()
    }

    fn notes(&self, dialect: Dialect, tables: &HistoryTables) -> Vec<String> {
        let gone = self.drop.iter().chain(&self.forget);
        let adopted = self.adopt.iter();
        gone.map(|record| tables.forget_provisional(dialect, record))
            .chain(adopted.map(|(record, revision)| tables.adopt_provisional(dialect, record, revision)))
            .collect()
    }

    /// Forgets the tables that a revision has taken over, once it is applied. Whoever comes later
    /// does it if this fails: an adopted table whose revision is applied counts as none.
    pub(in crate::migrate) async fn forget_adopted(&self, session: &mut dyn Session, tables: &HistoryTables) {
        let dialect = session.server().flavour.dialect();
        for (record, _) in &self.adopt {
            if let Err(failure) = session.execute(&tables.forget_provisional(dialect, record)).await {
                tracing::debug!(target: "underpin::migrate", error = %failure.error, "an adopted table is still remembered");
            }
        }
    }
}

async fn see(
    session: &mut dyn Session,
    catalog: &Catalog,
    record: &ProvisionalRecord,
) -> Result<ProvisionalTable, Diagnostic> {
    let kind = record.kind(session.server().flavour.dialect());
    let print = fingerprint::of_names(session, vec![record.name.clone()]).await;
    let print = print.map_err(|error| unsettled(&error))?;
    Ok(ProvisionalTable {
        schema: record.schema.clone(),
        name: record.name.clone(),
        visible: catalog.sees(kind, &record.schema, &record.name),
        statements: record.statements.clone(),
        rows: rows(session, record).await?,
        unchanged: record.fingerprint.as_ref() == Some(&print.hash),
        adopted_by: record.adopted_by.clone(),
    })
}

async fn send(session: &mut dyn Session, interrupt: &Interrupt, script: &str) -> Result<(), Diagnostic> {
    let canceller = session.canceller();
    match interrupt.guard(session.execute(script), &canceller, None).await {
        Ok(Guard::Done(_) | Guard::DoneLate(..)) => Ok(()),
        Err(guarded) => Err(failure::own(&guarded, "the provisional tables could not be settled")
            .hint("a table or view of somebody else may need one of them; `underpin status` names them")),
    }
}

async fn refuse_filled(session: &mut dyn Session, record: &ProvisionalRecord) -> Result<(), Diagnostic> {
    match rows(session, record).await? {
        0 => Ok(()),
        count => Err(in_the_way(vec![format!("{} has {} now", record.name, counted(count))])),
    }
}

fn refusal(tables: &[ProvisionalTable], fates: &[Fate]) -> Option<Diagnostic> {
    let obstacle = |(table, fate): (&ProvisionalTable, &Fate)| {
        let Fate::InTheWay(obstacle) = fate else { return None };
        let has = format!("{} has {}", table.name, counted(table.rows));
        Some(match obstacle {
            Obstacle::Created(revision) => format!("{has}, and revision {revision} would create it"),
            Obstacle::Refers(other) => format!("{has} and may refer to {other}, which a revision creates"),
            Obstacle::Referred(other) => {
                format!(
                    "{} has to go for a revision, and {other}, which has rows, may refer to it",
                    table.name
                )
            }
        })
    };
    let obstacles: Vec<String> = tables.iter().zip(fates).filter_map(obstacle).collect();
    (!obstacles.is_empty()).then(|| in_the_way(obstacles))
}

fn in_the_way(obstacles: Vec<String>) -> Diagnostic {
    let (noun, verb) =
        if obstacles.len() == 1 { ("a provisional table", "is") } else { ("provisional tables", "are") };
    Diagnostic::new(
        ErrorKind::ProvisionalTable,
        format!("{noun}, made by a start without revisions, {verb} in the way: {}", obstacles.join("; ")),
    )
    .state("nothing was changed")
    .hint("save the rows and delete them, or drop the table: the next start then goes on by itself")
    .hint("if the database has all that a revision brings, `underpin stamp REVISION` records it as applied")
}

fn counted(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}
