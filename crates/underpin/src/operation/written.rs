//! Operations that are only written down: for a plan, and for a script that somebody else runs. At most
//! there is a scratch database, whose schema is asked; what asks for rows ends it.

use std::panic::AssertUnwindSafe;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    dialect::Flavour,
    difference::Statement,
    lint,
    operation::{Known, Operation},
    plan::PlannedStatement,
    schema::{Schema, ServerVersion},
};

use super::{
    Backfill, Caller, Connection, Engine, OperationError, Operations, RevisionFunction, RevisionFuture,
};

/// A scratch database: what counts on the schema is asked there, and it gets what is written.
#[async_trait]
pub(crate) trait Draft: Send {
    /// The schema as it is now.
    async fn schema(&mut self) -> Result<Schema, Diagnostic>;

    /// Runs a statement; the server's words if it fails.
    async fn execute(&mut self, statement: &str) -> Result<(), String>;
}

/// What a function of a revision sends, as far as that can be told without a database.
pub(crate) struct WrittenRevision {
    pub(crate) statements: Vec<PlannedStatement>,
    /// Why there may be more.
    pub(crate) open_end: Option<Diagnostic>,
    /// Whether a schema would have been asked, had there been one.
    pub(crate) asks_schema: bool,
}

/// Writes down what a function of a revision does; `file` is its name and its text.
pub(crate) fn write(
    function: RevisionFunction,
    flavour: Flavour,
    version: ServerVersion,
    file: (&str, &str),
) -> WrittenRevision {
    let mut pen = Pen {
        flavour,
        version,
        file,
        draft: None,
        statements: Vec::new(),
        open_end: None,
        asks_schema: false,
    };
    let ended = {
        let mut operations = Operations::new(&mut pen);
        // Nothing here waits for anything, so that a function which does is waiting for something else.
        called(function(&mut operations)).now_or_never()
    };
    match ended {
        Some(ended) => pen.ended(ended),
        None => {
            let open_end = Some(needs_database("its code waits for something that is no operation"));
            WrittenRevision { statements: pen.statements, open_end, asks_schema: pen.asks_schema }
        }
    }
}

/// The same on a scratch database, which gets what is written.
pub(crate) async fn write_in(
    function: RevisionFunction,
    (flavour, version): (Flavour, ServerVersion),
    draft: &mut dyn Draft,
    file: (&str, &str),
) -> WrittenRevision {
    let mut pen = Pen {
        flavour,
        version,
        file,
        draft: Some(draft),
        statements: Vec::new(),
        open_end: None,
        asks_schema: false,
    };
    let ended = called(function(&mut Operations::new(&mut pen))).await;
    pen.ended(ended)
}

/// Calls a function to its end. One that panics for a pen may do so because there are no rows, and is no
/// reason to show nothing.
async fn called(function: RevisionFuture<'_>) -> Result<(), OperationError> {
    let ended = AssertUnwindSafe(function).catch_unwind().await;
    ended.unwrap_or_else(|panic| Err(OperationError::of_panic(panic.as_ref())))
}

struct Pen<'a> {
    draft: Option<&'a mut dyn Draft>,
    flavour: Flavour,
    version: ServerVersion,
    file: (&'a str, &'a str),
    statements: Vec<PlannedStatement>,
    open_end: Option<Diagnostic>,
    asks_schema: bool,
}

impl Pen<'_> {
    fn place(&self, caller: Caller) -> Place {
        caller.place(self.file.0, self.file.1)
    }

    /// Ends what can be written down.
    fn end(&mut self, diagnostic: Diagnostic) -> Diagnostic {
        self.open_end.get_or_insert(diagnostic).retold()
    }

    /// The notes to lint before the call at a place.
    fn lint_notes(&self, place: &Place) -> Vec<String> {
        let (file, text) = self.file;
        if place.file == file { lint::rust_notes(text, place.line) } else { Vec::new() }
    }

    fn ended(mut self, ended: Result<(), OperationError>) -> WrittenRevision {
        if let Some(first) = self.statements.first_mut() {
            first.lint_notes.splice(..0, lint::rust_file_notes(self.file.1));
        }
        let open_end = match ended {
            Ok(()) => self.open_end,
            Err(error) => Some(self.open_end.unwrap_or_else(|| error.into_diagnostic())),
        };
        WrittenRevision { statements: self.statements, open_end, asks_schema: self.asks_schema }
    }

    /// What an operation becomes, and is in the scratch database, if there is one.
    async fn written(&mut self, operation: &Operation) -> Result<Vec<Statement>, Diagnostic> {
        let nothing = Known::Nothing { flavour: self.flavour, version: self.version };
        let needs_schema = operation.needs_schema(self.flavour);
        let Some(draft) = self.draft.as_deref_mut() else {
            self.asks_schema |= needs_schema;
            return operation.write(nothing).map(|written| written.statements);
        };
        let written = match needs_schema {
            true => {
                let schema = draft.schema().await?;
                operation.write(Known::Schema(&schema))?
            }
            false => operation.write(nothing)?,
        };
        for statement in &written.statements {
            draft.execute(&statement.sql).await.map_err(|words| {
                needs_database(&format!("{} fails in a scratch database: {words}", operation.title()))
            })?;
        }
        Ok(written.statements)
    }

    fn refuse(&mut self, what: &str, caller: Caller) -> Diagnostic {
        let place = self.place(caller);
        self.end(needs_database(what).at(place))
    }
}

#[async_trait]
impl Engine for Pen<'_> {
    fn flavour(&self) -> Flavour {
        self.flavour
    }

    fn version(&self) -> ServerVersion {
        self.version
    }

    fn is_live(&self) -> bool {
        false
    }

    async fn perform(&mut self, operation: &Operation, caller: Caller) -> Result<(), Diagnostic> {
        if let Some(end) = &self.open_end {
            return Err(end.retold());
        }
        let place = self.place(caller);
        match self.written(operation).await {
            Ok(statements) => {
                let statements = statements.into_iter();
                let lint_notes = self.lint_notes(&place);
                self.statements.extend(statements.map(|statement| PlannedStatement {
                    text: statement.sql,
                    place: place.clone(),
                    probe: None,
                    batches: None,
                    lint_notes: lint_notes.clone(),
                }));
                Ok(())
            }
            Err(error) => Err(self.end(if error.place.is_some() { error } else { error.at(place) })),
        }
    }

    async fn backfill(&mut self, backfill: &Backfill, caller: Caller) -> Result<(), Diagnostic> {
        if let Some(end) = &self.open_end {
            return Err(end.retold());
        }
        let place = self.place(caller);
        match backfill.on_engine(self.flavour) {
            Ok(part) => {
                let (text, batches) = (part.statement, Some(part.batches));
                let lint_notes = self.lint_notes(&place);
                self.statements.push(PlannedStatement { text, place, probe: None, batches, lint_notes });
                Ok(())
            }
            Err(error) => Err(self.end(error.at(place))),
        }
    }

    async fn fetch(&mut self, _: &str, caller: Caller) -> Result<Vec<Vec<Option<String>>>, Diagnostic> {
        Err(self.refuse("it asks for rows", caller))
    }

    async fn connection(&mut self, caller: Caller) -> Result<Connection<'_>, Diagnostic> {
        Err(self.refuse("it asks for the driver's connection", caller))
    }

    async fn begin_once(&mut self, _: &str, caller: Caller) -> Result<bool, Diagnostic> {
        Err(self.refuse("it asks for the driver's connection", caller))
    }

    async fn end_once(&mut self, _: &str, result: Result<(), Diagnostic>) -> Result<(), Diagnostic> {
        result
    }

    fn leave_transaction(&mut self, _: Caller) -> Result<(), Diagnostic> {
        Ok(())
    }
}

fn needs_database(what: &str) -> Diagnostic {
    let message = format!("what this revision does can't be written down without a database: {what}");
    Diagnostic::new(ErrorKind::Unsupported, message)
        .hint("run it with a connection; `op.is_live()` tells code whether there is one")
}
