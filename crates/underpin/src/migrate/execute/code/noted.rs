//! What is noted of a revision in Rust where no transaction holds its operations together: each before it is
//! sent, with what it became on the schema as it was, and what queries found. A run that was cut off calls
//! the revision again and finds here what it has done. Nothing is sent from here but the notes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    plan::{PlannedStatement, Step},
};

use super::{
    live::{Live, Work},
    unreadable,
};
use crate::{
    history::JournalEntry,
    migrate::execute::{
        Execution,
        dirty::dirty_as_recorded,
        failure::{self, Failure},
        journal::{Checksums, JOURNAL, Start, checksums, extend_checksums},
    },
    point::{Point, reach},
};

/// What is known of a revision's operations where no transaction holds them together.
pub(super) struct Journal {
    pub(super) start: Start,
    pub(super) checksums: Checksums,
    /// The operations that an earlier run has sent, and whether one of them is done `start` tells.
    pub(super) recorded: Vec<RecordedOperation>,
    /// The number of operations that were called so far.
    pub(super) called: usize,
    /// The statement that the next operation begins with.
    pub(super) next: usize,
}

/// An operation as the table of progress has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RecordedOperation {
    /// What it does, in words.
    pub(super) operation: String,
    /// What it became, on the schema as it was then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    statements: Vec<String>,
    /// What a query found, which decides what comes after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rows: Option<Rows>,
    /// It was done in a transaction with this note (`once`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) done: bool,
}

impl RecordedOperation {
    fn new(operation: String) -> Self {
        Self { operation, statements: Vec::new(), rows: None, done: false }
    }

    /// What was done in the transaction that notes it.
    pub(super) fn done(operation: String) -> Self {
        Self { done: true, ..Self::new(operation) }
    }
}

/// Rows of texts, with nothing for NULL.
pub(super) type Rows = Vec<Vec<Option<String>>>;

/// The bytes of a query's rows that are noted at most.
const MOST_NOTED: usize = 1024 * 1024;

impl Journal {
    /// Whether what was noted at this place is done: statements have a count of their own, and what has none is done
    /// if anything behind it is.
    pub(super) fn is_done(&self, number: usize) -> bool {
        let noted = self.recorded.get(number..).unwrap_or_default();
        !noted.is_empty() && (self.next < self.start.statement || noted.iter().any(|one| one.done))
    }

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

pub(super) fn statement(text: String, place: Place) -> PlannedStatement {
    PlannedStatement { text, place, probe: None, batches: None, lint_notes: Vec::new() }
}

impl Live<'_, '_> {
    /// The statements of an operation: those that an earlier run has noted, or what it becomes now, noted
    /// before any of it is sent.
    pub(super) async fn recall_or_record(
        &mut self,
        work: Work<'_>,
        place: &Place,
    ) -> Result<std::ops::Range<usize>, Diagnostic> {
        let title = work.title();
        let Some(journal) = &mut self.journal else { return Ok(0..0) };
        let (number, first) = (journal.called, journal.next);
        journal.called += 1;
        if journal.is_done(number) {
            let then = journal.recorded[number].clone();
            journal.next += then.statements.len();
            let end = journal.next;
            if then.operation != title || !self.says_the_same(work, &then, place).await? {
                let error = edited(&self.step, number, &then, &title, place);
                return Err(self.fail(error));
            }
            return Ok(first..end);
        }
        if journal.recorded.len() > number {
            // It was noted, and nothing of it is done: it may have been mended since.
            journal.recorded.truncate(number);
            self.step.statements.truncate(first);
            journal.checksums.truncate(&self.step);
        }
        let statements = self.written(work, place).await.map_err(|error| self.fail(error))?;
        let texts = statements.iter().map(|statement| statement.text.clone()).collect();
        let record = RecordedOperation { statements: texts, ..RecordedOperation::new(title) };
        self.note(number, &record).await?;
        self.step.statements.extend(statements);
        let flavour = self.execution.flavour();
        let Some(journal) = &mut self.journal else { return Ok(0..0) };
        let extended = extend_checksums(flavour, &self.step, &mut journal.checksums);
        journal.next = self.step.statements.len();
        extended.map_err(|error| self.fail(error))?;
        Ok(first..self.step.statements.len())
    }

    /// Writes down what is about to be done, or what was read.
    async fn note(&mut self, number: usize, record: &RecordedOperation) -> Result<(), Diagnostic> {
        let put = self.put(number, record);
        match self.execution.send_own(&self.step, &put).await {
            Ok(0) => Err(self.fail(failure::lock_lost())),
            Ok(_) => Ok(()),
            Err(guarded) => Err(self.fail(failure::own(&guarded, JOURNAL))),
        }
    }

    /// The statement that writes it down.
    pub(super) fn put(&self, number: usize, record: &RecordedOperation) -> String {
        let content = serde_json::to_string(record).unwrap_or_default();
        let part = format!("{PART}{:06}", number + 1);
        let guard = self.execution.lock.guard();
        let revision = self.step.revision();
        self.execution.tables.put_progress(self.dialect(), revision, &part, &content, &guard)
    }

    /// Whether an operation that is done still says what was done, where that can be told without the
    /// schema as it was: one that was made from rows may have become another.
    async fn says_the_same(
        &mut self,
        work: Work<'_>,
        then: &RecordedOperation,
        place: &Place,
    ) -> Result<bool, Diagnostic> {
        let told = match work {
            Work::Operation(operation) => !operation.needs_schema(self.execution.flavour()),
            Work::Backfill(_) => true,
        };
        if !told {
            return Ok(true);
        }
        let now = self.written(work, place).await.map_err(|error| self.fail(error))?;
        Ok(now.iter().map(|statement| &statement.text).eq(&then.statements))
    }

    /// The rows that a query found before the run was cut off, if something was done after it.
    pub(super) fn recall_rows(&mut self, title: &str) -> Option<Rows> {
        let journal = self.journal.as_ref()?;
        let recorded = journal.recorded.get(journal.called)?;
        let counts = recorded.operation == title && journal.is_done(journal.called);
        if counts { recorded.rows.clone() } else { None }
    }

    /// Notes what a query has found, so that the revision goes the same way when it is called again.
    pub(super) async fn note_rows(
        &mut self,
        title: String,
        rows: &Rows,
        place: &Place,
    ) -> Result<(), Diagnostic> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        let number = journal.called;
        journal.called += 1;
        journal.recorded.truncate(number);
        let size: usize = rows.iter().flatten().flatten().map(String::len).sum();
        if size > MOST_NOTED {
            return Err(self.fail(too_much(place)));
        }
        let record = RecordedOperation { rows: Some(rows.clone()), ..RecordedOperation::new(title) };
        self.note(number, &record).await
    }
}

fn too_much(place: &Place) -> Diagnostic {
    let message = "this query found more than a megabyte, which is too much to note for a revision that may be \
        cut off outside of a transaction";
    Diagnostic::new(ErrorKind::Unsupported, message)
        .at(place.clone())
        .hint("change many rows with `op.backfill`, or read them through `op.connection()`")
}

pub(super) fn edited(
    step: &Step,
    number: usize,
    then: &RecordedOperation,
    now: &str,
    place: &Place,
) -> Diagnostic {
    let what = match then.operation == now {
        true => "sent other statements then".to_owned(),
        false => format!("was `{}` then and is `{now}` now", then.operation),
    };
    let message =
        format!("revision {} was interrupted, and its operation {} {what}", step.title(), number + 1);
    Diagnostic::new(ErrorKind::EditedRevision, message)
        .at(place.clone())
        .hint("restore what was done already as it was; what comes after may be changed")
}
