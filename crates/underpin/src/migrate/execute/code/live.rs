//! Operations that are done on the session of a run, one after the other, and what is known of those that
//! an earlier run has done.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    dialect::{Dialect, Flavour},
    operation::{Known, Operation},
    plan::{PlannedStatement, Step},
    schema::ServerVersion,
    sql,
};

use super::unreadable;
use crate::{
    database::{ErrorClass, Row},
    history::JournalEntry,
    inspect::{self, Scope},
    migrate::{
        Event,
        confine::refuse_leaving,
        execute::{
            Execution,
            dirty::dirty_as_recorded,
            failed,
            failure::{self, Failure},
            journal::{Checksums, JOURNAL, Start, checksums, extend_checksums},
        },
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
    /// The text of its file.
    text: String,
}

/// What is known of a revision's operations where no transaction holds them together.
pub(super) struct Journal {
    pub(super) start: Start,
    pub(super) checksums: Checksums,
    /// The operations that an earlier run has sent, and whether one of them is done `start` tells.
    recorded: Vec<RecordedOperation>,
    /// The number of operations that were called so far.
    called: usize,
    /// The statement that the next operation begins with.
    next: usize,
}

/// An operation as the table of progress has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RecordedOperation {
    /// What it does, in words.
    operation: String,
    /// What it became, on the schema as it was then.
    statements: Vec<String>,
}

impl Journal {
    /// Begins the journal of a step, or reads the one that an earlier run has left.
    pub(super) async fn open(
        execution: &mut Execution<'_>,
        mut step: Step,
        resumed: Option<JournalEntry>,
        started: Timestamp,
    ) -> Result<(Step, Self), Failure> {
        let fail = |diagnostic| Failure::new(diagnostic, started);
        let create = execution.tables.create_progress(execution.dialect());
        execution.plain(&create).await.map_err(fail)?;
        let mut recorded = Vec::new();
        if resumed.is_some() {
            let parts = execution.tables.read_progress(execution.session, step.revision()).await;
            let mut parts = parts.map_err(|error| fail(unreadable(&error)))?;
            parts.sort_by(|one, other| one.part.cmp(&other.part));
            let contents = parts.iter().filter(|part| part.part.starts_with(PART));
            recorded = contents.filter_map(|part| serde_json::from_str(&part.content).ok()).collect();
        }
        let statements = recorded.iter().flat_map(|operation: &RecordedOperation| &operation.statements);
        let place = Place::in_text(&step.file, "", 0..0, 1);
        step.statements = statements.map(|text| statement(text.clone(), place.clone())).collect();
        let checksums = checksums(execution.flavour(), &step).map_err(fail)?;
        let start = match &resumed {
            Some(entry) => {
                let mut start =
                    execution.resume(&step, entry, &checksums).await.map_err(|mut diagnostic| {
                        diagnostic.state.get_or_insert_with(|| dirty_as_recorded(&step, entry));
                        let mut failure = fail(diagnostic);
                        failure.dirty = true;
                        failure
                    })?;
                start.effects |= !recorded.is_empty();
                execution.events.resumed(&step, start.statement);
                start
            }
            None => {
                execution.open_journal(&step, &checksums).await.map_err(fail)?;
                reach(Point::JournalOpened).await;
                Start { statement: 0, effects: false }
            }
        };
        Ok((step, Self { start, checksums, recorded, called: 0, next: 0 }))
    }
}

/// What the parts of a revision in Rust are called in the table of progress; their numbers have as many
/// digits as sorting them needs.
const PART: &str = "operation ";

fn statement(text: String, place: Place) -> PlannedStatement {
    PlannedStatement { text, place, probe: None, batches: None }
}

/// What a revision asks for.
#[derive(Clone, Copy)]
enum Work<'a> {
    Operation(&'a Operation),
    Backfill(&'a Backfill),
}

impl Work<'_> {
    /// What it does, in words.
    fn title(self) -> String {
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
        Self { execution, step, started, journal, failure: None, foreign_keys: None, text }
    }

    fn dialect(&self) -> Dialect {
        self.execution.dialect()
    }

    /// The statements that an operation becomes on the schema as it is now.
    async fn written(&mut self, work: Work<'_>, place: &Place) -> Result<Vec<PlannedStatement>, Diagnostic> {
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
    fn fail(&mut self, diagnostic: Diagnostic) -> Diagnostic {
        let mut told = diagnostic;
        if !told.message.contains(self.step.revision().as_str()) {
            told.message = format!("revision {}: {}", self.step.title(), told.message);
        }
        self.failure = Some(Failure::new(told.retold(), self.started));
        told
    }

    /// Fails the revision with a statement.
    fn fail_with(&mut self, failure: Failure) -> Diagnostic {
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

    async fn perform(&mut self, work: Work<'_>, caller: Caller) -> Result<(), Diagnostic> {
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
        if self.execution.lock.gives_way() {
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
            let sent = self.execution.run_statement(&self.step, index, &journal.checksums).await;
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

    /// The statements of an operation: those that an earlier run has noted, or what it becomes now, noted
    /// before any of it is sent.
    async fn recall_or_record(
        &mut self,
        work: Work<'_>,
        place: &Place,
    ) -> Result<std::ops::Range<usize>, Diagnostic> {
        let title = work.title();
        let Some(journal) = &mut self.journal else { return Ok(0..0) };
        let (number, first) = (journal.called, journal.next);
        journal.called += 1;
        if let Some(recorded) = journal.recorded.get(number) {
            if recorded.operation != title {
                let error = edited(&self.step, number, &recorded.operation, &title, place);
                return Err(self.fail(error));
            }
            journal.next += recorded.statements.len();
            return Ok(first..journal.next);
        }
        let statements = self.written(work, place).await.map_err(|error| self.fail(error))?;
        let record = RecordedOperation {
            operation: title,
            statements: statements.iter().map(|statement| statement.text.clone()).collect(),
        };
        let content = serde_json::to_string(&record).unwrap_or_default();
        let part = format!("{PART}{:06}", number + 1);
        let guard = self.execution.lock.guard();
        let put =
            self.execution.tables.put_progress(self.dialect(), self.step.revision(), &part, &content, &guard);
        match self.execution.send_own(&self.step, &put).await {
            Ok(0) => return Err(self.fail(failure::lock_lost())),
            Ok(_) => {}
            Err(guarded) => return Err(self.fail(failure::own(&guarded, JOURNAL))),
        }
        self.step.statements.extend(statements);
        let flavour = self.execution.flavour();
        let Some(journal) = &mut self.journal else { return Ok(0..0) };
        let extended = extend_checksums(flavour, &self.step, &mut journal.checksums);
        journal.next = self.step.statements.len();
        extended.map_err(|error| self.fail(error))?;
        Ok(first..self.step.statements.len())
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
        Live::perform(self, Work::Operation(operation), caller).await
    }

    async fn backfill(&mut self, backfill: &Backfill, caller: Caller) -> Result<(), Diagnostic> {
        Live::perform(self, Work::Backfill(backfill), caller).await
    }

    async fn fetch(&mut self, sql: &str, caller: Caller) -> Result<Vec<Vec<Option<String>>>, Diagnostic> {
        if let Some(failure) = &self.failure {
            return Err(failure.diagnostic.retold());
        }
        match self.execution.session.fetch(sql).await {
            Ok(rows) => Ok(rows.into_iter().map(|row| row.0).collect()),
            Err(error) => {
                let place = caller.place(&self.step.file, &self.text).label(error.with_code());
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

fn edited(step: &Step, number: usize, then: &str, now: &str, place: &Place) -> Diagnostic {
    let message = format!(
        "revision {} was interrupted, and its operation {} was `{then}` then and is `{now}` now",
        step.title(),
        number + 1
    );
    Diagnostic::new(ErrorKind::EditedRevision, message)
        .at(place.clone())
        .hint("restore what was done already as it was; what comes after may be changed")
}
