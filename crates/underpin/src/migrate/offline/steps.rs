//! The steps of a script, each with its record in the history. The statements are those that a run
//! sends; only the times are left to the server, since nobody knows when the script will run.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    plan::{PlannedStatement, Step},
    revision::{Direction, Header, RevisionId},
    sql::{self, Checksum, Repeat},
};

use super::{
    super::{execute::done_checksum, standing::at},
    guard, list,
    script::Script,
    waiting,
};
use crate::history::{
    Actor, Attempt, HistoryTables, JournalState, LedgerOrigin, LedgerRecord, Outcome, Progress, State, Timing,
};

/// Writes steps, and keeps count of where the database is after each.
pub(super) struct Writer<'a> {
    pub(super) script: Script,
    pub(super) flavour: Flavour,
    pub(super) tables: &'a HistoryTables,
    pub(super) actor: Actor,
    /// Whether the journal is there at this place of the script.
    pub(super) has_journal: bool,
    /// What the state table says at this place of the script.
    pub(super) state: State,
    /// Where the database is at this place of the script, for people.
    pub(super) heads: Vec<RevisionId>,
    /// The place in the order of application that the next revision gets.
    pub(super) position: i64,
}

impl Writer<'_> {
    fn dialect(&self) -> Dialect {
        self.flavour.dialect()
    }

    /// Fails unless the database is where this script is.
    pub(super) fn guard(&mut self) {
        for statement in guard::statements(self.tables, self.dialect(), &self.state, &at(&self.heads)) {
            self.script.statement(&statement);
        }
    }

    /// A step; `joined` says that a transaction around all of them is open.
    ///
    /// # Errors
    /// If the SQL of the revision can't be read.
    pub(super) fn step(&mut self, step: &Step, joined: bool) -> Result<(), Diagnostic> {
        self.script.gap();
        self.script.comment(&running(step));
        if step.transactional {
            self.transaction(step, joined);
        } else {
            self.journalled(step)?;
        }
        let dialect = self.dialect();
        waiting::limit_again(&mut self.script, dialect, &step.statements);
        Ok(())
    }

    fn transaction(&mut self, step: &Step, joined: bool) {
        if !joined {
            self.script.begin();
            if self.dialect() == Dialect::Postgres {
                // Where a client goes on after an error, every later step stops here.
                self.guard();
            }
        }
        for statement in &step.statements {
            self.script.statement(&statement.text);
        }
        self.record(step);
        if !joined {
            self.script.commit();
        }
    }

    /// A step outside of a transaction: the journal says how far it has come, so that a script that
    /// broke off leaves a database that says so.
    fn journalled(&mut self, step: &Step) -> Result<(), Diagnostic> {
        let dialect = self.dialect();
        let texts: Vec<&str> = step.statements.iter().map(|statement| statement.text.as_str()).collect();
        self.script.begin();
        if dialect == Dialect::Postgres {
            self.guard();
        }
        if !self.has_journal {
            self.script.statement(&self.tables.create_journal(dialect));
            self.has_journal = true;
        }
        let done = done_checksum(self.flavour, &[])?;
        self.script.statement(&self.tables.open_journal(
            dialect,
            step.revision(),
            step.direction.name(),
            &self.actor.run,
            step.statements.len(),
            &done,
        ));
        self.state.dirty = Some(step.revision().to_string());
        self.update_state();
        self.script.commit();
        for (index, statement) in step.statements.iter().enumerate() {
            self.journalled_statement(step, index, statement, &texts)?;
        }
        self.script.gap();
        self.script.begin();
        self.script.statement(&self.tables.close_journal(dialect, step.revision()));
        self.record(step);
        self.script.commit();
        Ok(())
    }

    fn journalled_statement(
        &mut self,
        step: &Step,
        index: usize,
        statement: &PlannedStatement,
        texts: &[&str],
    ) -> Result<(), Diagnostic> {
        let dialect = self.dialect();
        self.script.gap();
        let progress = |statement, state, checksum| -> Result<String, Diagnostic> {
            let done_checksum = done_checksum(self.flavour, &texts[..statement])?;
            let progress = Progress {
                revision: step.revision(),
                statement,
                total: step.statements.len(),
                state,
                done_checksum: &done_checksum,
                statement_checksum: checksum,
                fingerprint: None,
                objects: None,
            };
            Ok(progress.update(self.tables, dialect, "1 = 1"))
        };
        match statement.repeat(self.flavour) {
            Repeat::Harmless => self.script.statement(&statement.text),
            Repeat::Transactional => {
                if let Some(batches) = &statement.batches {
                    // Plain SQL has no loop that every client knows.
                    self.script.comment(&format!(
                        "A run does this {batches}, each a transaction; in a script it is one statement."
                    ));
                }
                let update = progress(index + 1, JournalState::Ready, None)?;
                self.script.begin();
                self.script.statement(&statement.whole(dialect));
                self.script.statement(&update);
                self.script.commit();
            }
            Repeat::Probed | Repeat::Unknown => {
                let checksum = sql::checksum(dialect, &statement.text)
                    .map_err(|error| Diagnostic::new(ErrorKind::RevisionFile, error.to_string()))?
                    .to_string();
                let update = progress(index, JournalState::Started, Some(&checksum))?;
                self.script.statement(&update);
                waiting::statement(&mut self.script, dialect, &step.statements[..=index]);
                // Others of the kind say so themselves before they begin.
                let next = step.statements.get(index + 1).map(|next| next.repeat(self.flavour));
                if let Some(Repeat::Harmless | Repeat::Transactional) = next {
                    let update = progress(index + 1, JournalState::Ready, None)?;
                    self.script.statement(&update);
                }
            }
        }
        Ok(())
    }

    /// Records that a step is done, as a run does.
    fn record(&mut self, step: &Step) {
        self.state.dirty = None;
        self.state.digest.toggle(step.revision(), &step.checksum);
        let outcome = match step.direction {
            Direction::Upgrade => {
                self.add(&step.header, step.checksum, step.downgrade.as_deref(), LedgerOrigin::Upgrade);
                Outcome::Applied
            }
            Direction::Downgrade => {
                let forget = self.tables.forget(self.dialect(), step.revision());
                self.script.statement(&forget);
                Outcome::Reverted
            }
        };
        self.log(step.revision(), step.direction.name(), outcome, step.checksum);
        self.update_state();
        self.advance(step);
    }

    /// Moves the heads. Below a merge they may be too many, which only a message shows.
    fn advance(&mut self, step: &Step) {
        let header = &step.header;
        match step.direction {
            Direction::Upgrade => {
                self.heads.retain(|head| {
                    !header.parents.contains(head) && !header.depends_on.iter().any(|name| **name == **head)
                });
                self.heads.push(header.id.clone());
            }
            Direction::Downgrade => {
                self.heads.retain(|head| *head != header.id);
                let heads = &mut self.heads;
                heads.extend(
                    header
                        .parents
                        .iter()
                        .filter(|parent| !heads.contains(parent))
                        .cloned()
                        .collect::<Vec<_>>(),
                );
            }
        }
    }

    /// Counts a revision as applied that was not.
    pub(super) fn stamp(&mut self, header: &Header, checksum: Checksum, downgrade: Option<&str>) {
        self.state.digest.toggle(&header.id, &checksum);
        self.add(header, checksum, downgrade, LedgerOrigin::Stamp);
        self.log(&header.id, "stamp", Outcome::Stamped, checksum);
    }

    /// Counts a revision as not applied that was.
    pub(super) fn unstamp(&mut self, id: &RevisionId, checksum: Checksum) {
        self.state.digest.toggle(id, &checksum);
        let forget = self.tables.forget(self.dialect(), id);
        self.script.statement(&forget);
        self.log(id, "stamp", Outcome::Unstamped, checksum);
    }

    /// Writes what the state table is to say now.
    pub(super) fn update_state(&mut self) {
        let update = self.state.update(self.tables, self.dialect());
        self.script.statement(&update);
    }

    fn add(&mut self, header: &Header, checksum: Checksum, downgrade: Option<&str>, origin: LedgerOrigin) {
        let record = LedgerRecord {
            revision: &header.id,
            position: self.position,
            checksum,
            parents: &header.parents,
            depends_on: &header.depends_on,
            message: &header.message,
            phase: header.phase,
            transactional: header.transaction,
            downgrade,
            origin,
        };
        let insert = record.insert(self.tables, self.dialect(), &self.actor, Timing::Unmeasured);
        self.script.statement(&insert);
        self.position += 1;
    }

    fn log(&mut self, id: &RevisionId, direction: &str, outcome: Outcome, checksum: Checksum) {
        let attempt = Attempt {
            revision: id,
            direction,
            outcome,
            checksum: Some(checksum.to_string()),
            statement: None,
            error_code: None,
            error: None,
        };
        let insert = attempt.insert(self.tables, self.dialect(), &self.actor, Timing::Unmeasured);
        self.script.statement(&insert);
    }
}

/// The comment above a step, in Alembic's words.
fn running(step: &Step) -> String {
    let (parents, id) = (list(&step.header.parents), step.revision());
    match step.direction {
        Direction::Upgrade => format!("Running upgrade {parents} -> {id}"),
        Direction::Downgrade => format!("Running downgrade {id} -> {parents}"),
    }
}
