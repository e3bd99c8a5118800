//! Operations that are done on the session of a run, one after the other, and what is known of those that
//! an earlier run has done.

use async_trait::async_trait;
use jiff::Timestamp;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    dialect::{Dialect, Flavour},
    operation::{Known, Operation},
    plan::{PlannedStatement, Step},
    schema::ServerVersion,
    sql,
};

use super::noted::{Journal, Rows, statement};
use crate::{
    database::{ErrorClass, Row},
    inspect::{self, Scope},
    migrate::{
        Event,
        confine::refuse_leaving,
        execute::{Execution, failed, failure::Failure, journal::Start},
        pooler,
    },
    operation::{Backfill, Caller, Connection, Engine},
    point::{Point, reach},
};

/// A revision in Rust that is running.
pub(super) struct Live<'e, 'x> {
    pub(super) execution: &'e mut Execution<'x>,
    /// The step with the statements that were sent so far.
    pub(super) step: Step,
    pub(super) started: Timestamp,
    /// Where it runs outside of a transaction.
    pub(super) journal: Option<Journal>,
    /// Why an operation failed, which ends the revision whatever its code does.
    pub(super) failure: Option<Failure>,
    /// Which foreign keys were violated before anything could violate one (SQLite).
    pub(super) foreign_keys: Option<Vec<Row>>,
    /// Whether a transaction is open for what is done through the driver (`once`).
    pub(super) works: bool,
    /// The text of its file.
    text: String,
}

/// What a revision asks for.
#[derive(Clone, Copy)]
pub(super) enum Work<'a> {
    Operation(&'a Operation),
    Backfill(&'a Backfill),
}

impl Work<'_> {
    /// What it does, in words.
    pub(super) fn title(self) -> String {
        match self {
            Self::Operation(operation) => operation.title(),
            Self::Backfill(backfill) => backfill.title(),
        }
    }
}

impl<'e, 'x> Live<'e, 'x> {
    pub(super) fn new(
        execution: &'e mut Execution<'x>,
        step: Step,
        journal: Option<Journal>,
        started: Timestamp,
    ) -> Self {
        let file = execution.revisions.file(step.revision());
        let text = file.map(|file| file.text).unwrap_or_default();
        Self { execution, step, started, journal, failure: None, foreign_keys: None, works: false, text }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.execution.dialect()
    }

    /// The statements that an operation becomes on the schema as it is now.
    pub(super) async fn written(
        &mut self,
        work: Work<'_>,
        place: &Place,
    ) -> Result<Vec<PlannedStatement>, Diagnostic> {
        let flavour = self.execution.flavour();
        let operation = match work {
            Work::Operation(operation) => operation,
            Work::Backfill(backfill) => {
                let part = backfill.on_engine(flavour).map_err(|error| pointed(error, place))?;
                if self.journal.is_none() {
                    return Err(needs_no_transaction(place, &part.statement));
                }
                let mut statement = statement(part.statement, place.clone());
                statement.batches = Some(part.batches);
                return Ok(vec![statement]);
            }
        };
        let written = match operation.needs_schema(flavour) {
            true => {
                // Names as the operations say them: without the connection's own namespace.
                let scope = Scope::default().short_names().in_transaction(self.journal.is_none());
                let schema = inspect::inspect(self.execution.session, &scope).await?;
                operation.write(Known::Schema(&schema))
            }
            false => operation.write(Known::Nothing { flavour, version: self.version() }),
        };
        let written = written.map_err(|error| pointed(error, place))?;
        let dialect = self.dialect();
        let mut statements = Vec::with_capacity(written.statements.len());
        for one in written.statements {
            if !one.in_transaction && self.journal.is_none() {
                return Err(needs_no_transaction(place, &one.sql));
            }
            if let Some(word) = sql::transaction_control(dialect, &one.sql) {
                return Err(controls_transaction(place, word));
            }
            if self.execution.confined {
                refuse_leaving(dialect, &one.sql, || place.clone())?;
            }
            statements.push(statement(one.sql, place.clone()));
        }
        Ok(statements)
    }

    /// Fails the revision with what is no statement's fault.
    pub(super) fn fail(&mut self, diagnostic: Diagnostic) -> Diagnostic {
        let mut told = diagnostic;
        if !told.message.contains(self.step.revision().as_str()) {
            told.message = format!("revision {}: {}", self.step.title(), told.message);
        }
        self.failure = Some(Failure::new(told.retold(), self.started));
        told
    }

    /// Fails the revision with a statement.
    pub(super) fn fail_with(&mut self, failure: Failure) -> Diagnostic {
        let told = failure.diagnostic.retold();
        self.failure = Some(failure);
        told
    }

    fn tell(&self, index: usize) {
        self.execution.events.send(&Event::Statement {
            revision: self.step.revision().clone(),
            statement: index + 1,
            of: self.step.statements.len(),
            sql: self.step.statements[index].text.clone(),
        });
    }

    async fn carry_out(&mut self, work: Work<'_>, caller: Caller) -> Result<(), Diagnostic> {
        if let Some(failure) = &self.failure {
            return Err(failure.diagnostic.retold());
        }
        let place = caller.place(&self.step.file, &self.text);
        match self.journal.is_some() {
            true => self.perform_with_journal(work, &place).await,
            false => self.perform_in_transaction(work, &place).await,
        }
    }

    async fn perform_in_transaction(&mut self, work: Work<'_>, place: &Place) -> Result<(), Diagnostic> {
        let first = self.step.statements.len();
        let statements = self.written(work, place).await.map_err(|error| self.fail(error))?;
        self.step.statements.extend(statements);
        if self.execution.lock.gives_way() && !self.execution.rolls_back {
            pooler::check_step(&self.step).map_err(|error| self.fail(error))?;
        }
        for index in first..self.step.statements.len() {
            let text = self.step.statements[index].text.clone();
            if sql::may_break_foreign_keys(&text) {
                self.remember_foreign_keys().await?;
            }
            self.tell(index);
            if let Err(guarded) = self.execution.send_statement(&text).await {
                let guarded = self.execution.by_our_limit(guarded.map(|failure| failure.error));
                let failure = Failure::of_statement(&self.step, index, &guarded, self.started);
                return Err(self.fail_with(failure));
            }
        }
        Ok(())
    }

    /// SQLite checks foreign keys at the end only, and then those that were violated before don't count.
    async fn remember_foreign_keys(&mut self) -> Result<(), Diagnostic> {
        if self.dialect() == Dialect::Sqlite && self.foreign_keys.is_none() && self.journal.is_none() {
            let violations = self.execution.foreign_key_violations().await;
            self.foreign_keys = Some(violations.map_err(|error| self.fail(error))?);
        }
        Ok(())
    }

    async fn perform_with_journal(&mut self, work: Work<'_>, place: &Place) -> Result<(), Diagnostic> {
        let range = self.recall_or_record(work, place).await?;
        if let Work::Backfill(backfill) = work {
            let part = backfill.on_engine(self.execution.flavour()).map_err(|error| self.fail(error))?;
            for statement in &mut self.step.statements[range.clone()] {
                statement.batches = Some(part.batches.clone());
            }
        }
        for index in range {
            let Some(journal) = &self.journal else { break };
            let done = index < journal.start.statement;
            self.step.statements[index].place = place.clone();
            if done {
                let statement = &self.step.statements[index];
                let replayed = self.execution.replay_setting(statement).await;
                replayed.map_err(|error| self.fail(error))?;
                continue;
            }
            if index > 0 {
                reach(Point::BetweenStatements).await;
            }
            self.tell(index);
            let Some(journal) = &mut self.journal else { break };
            let sent = self.execution.run_statement_patiently(&self.step, index, &journal.checksums).await;
            match sent {
                Ok(effect) => {
                    journal.start = Start { statement: index + 1, effects: journal.start.effects || effect };
                }
                Err(error) => {
                    let known = failed::Known {
                        checksums: &journal.checksums,
                        recorded: None,
                        started: self.started,
                    };
                    let start = journal.start;
                    let failure = self.execution.fail_statement(&self.step, start, error, &known).await;
                    return Err(self.fail_with(failure));
                }
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Engine for Live<'_, '_> {
    fn flavour(&self) -> Flavour {
        self.execution.flavour()
    }

    fn version(&self) -> ServerVersion {
        self.execution.session.server().parsed_version()
    }

    fn is_live(&self) -> bool {
        true
    }

    async fn perform(&mut self, operation: &Operation, caller: Caller) -> Result<(), Diagnostic> {
        self.carry_out(Work::Operation(operation), caller).await
    }

    async fn backfill(&mut self, backfill: &Backfill, caller: Caller) -> Result<(), Diagnostic> {
        self.carry_out(Work::Backfill(backfill), caller).await
    }

    async fn fetch(&mut self, sql: &str, caller: Caller) -> Result<Vec<Vec<Option<String>>>, Diagnostic> {
        if let Some(failure) = &self.failure {
            return Err(failure.diagnostic.retold());
        }
        let place = caller.place(&self.step.file, &self.text);
        let title = format!("fetch {sql}");
        if let Some(rows) = self.recall_rows(&title) {
            if let Some(journal) = &mut self.journal {
                journal.called += 1;
            }
            return Ok(rows);
        }
        match self.execution.session.fetch(sql).await {
            Ok(rows) => {
                let rows: Rows = rows.into_iter().map(|row| row.0).collect();
                self.note_rows(title, &rows, &place).await?;
                Ok(rows)
            }
            Err(error) => {
                let place = place.label(error.with_code());
                let message = format!("revision {} failed at a query", self.step.title());
                let mut failure = Failure::new(
                    Diagnostic::new(error.class.kind_of_statement(), message)
                        .at(place)
                        .hint(format!("mend {} and run it again", self.step.file)),
                    self.started,
                );
                failure.connection_lost = error.class == ErrorClass::ConnectionLost;
                Err(self.fail_with(failure))
            }
        }
    }

    async fn connection(&mut self, _: Caller) -> Result<Connection<'_>, Diagnostic> {
        if let Some(failure) = &self.failure {
            return Err(failure.diagnostic.retold());
        }
        self.remember_foreign_keys().await?;
        Ok(self.execution.session.driver())
    }

    async fn begin_once(&mut self, name: &str, caller: Caller) -> Result<bool, Diagnostic> {
        self.begin_work(name, caller).await
    }

    async fn end_once(&mut self, name: &str, result: Result<(), Diagnostic>) -> Result<(), Diagnostic> {
        self.end_work(name, result).await
    }

    fn leave_transaction(&mut self, caller: Caller) -> Result<(), Diagnostic> {
        if self.journal.is_some() {
            return Ok(());
        }
        let place = caller.place(&self.step.file, &self.text);
        let message = "this revision is one transaction, which nothing in it can leave";
        let error = Diagnostic::new(ErrorKind::Unsupported, message).at(place).hint(NO_TRANSACTION);
        Err(self.fail(error))
    }
}

const NO_TRANSACTION: &str = "write `//! transaction: off` into its header, and into a revision of its own what is to be a transaction";

fn pointed(mut error: Diagnostic, place: &Place) -> Diagnostic {
    error.place.get_or_insert_with(|| Box::new(place.clone()));
    error
}

fn needs_no_transaction(place: &Place, statement: &str) -> Diagnostic {
    let message = format!("this operation can't run in a transaction: {statement}");
    Diagnostic::new(ErrorKind::Unsupported, message).at(place.clone()).hint(NO_TRANSACTION)
}

fn controls_transaction(place: &Place, word: &str) -> Diagnostic {
    let message =
        format!("{word} can't stand in a revision: Underpin begins and ends the transactions itself");
    Diagnostic::new(ErrorKind::RevisionFile, message).at(place.clone()).hint("take it out")
}
