//! Operations that are only written down: for a plan, and for a script that somebody else runs. There is
//! no database, so that what asks one ends it.

use async_trait::async_trait;
use futures_util::FutureExt as _;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    dialect::Flavour,
    operation::{Known, Operation},
    plan::PlannedStatement,
    schema::ServerVersion,
};

use super::{Caller, Connection, Engine, Operations, RevisionFunction};

/// What a function of a revision sends, as far as that can be told without a database.
pub(crate) struct WrittenRevision {
    pub(crate) statements: Vec<PlannedStatement>,
    /// Why there may be more.
    pub(crate) open_end: Option<Diagnostic>,
}

/// Writes down what a function of a revision does; `file` is its name and its text.
pub(crate) fn write(
    function: RevisionFunction,
    flavour: Flavour,
    version: ServerVersion,
    file: (&str, &str),
) -> WrittenRevision {
    let mut pen = Pen { flavour, version, file, statements: Vec::new(), open_end: None };
    let ended = {
        let mut operations = Operations::new(&mut pen);
        // Nothing here waits for anything, so that a function which does is waiting for something else.
        function(&mut operations).now_or_never()
    };
    let open_end = match ended {
        Some(Ok(())) => pen.open_end,
        Some(Err(error)) => Some(pen.open_end.unwrap_or_else(|| error.into_diagnostic())),
        None => Some(needs_database("its code waits for something that is no operation")),
    };
    WrittenRevision { statements: pen.statements, open_end }
}

struct Pen<'a> {
    flavour: Flavour,
    version: ServerVersion,
    file: (&'a str, &'a str),
    statements: Vec<PlannedStatement>,
    open_end: Option<Diagnostic>,
}

impl Pen<'_> {
    fn place(&self, caller: Caller) -> Place {
        caller.place(self.file.0, self.file.1)
    }

    /// Ends what can be written down.
    fn end(&mut self, diagnostic: Diagnostic) -> Diagnostic {
        self.open_end.get_or_insert(diagnostic).retold()
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
        match operation.write(Known::Nothing { flavour: self.flavour, version: self.version }) {
            Ok(written) => {
                let statements = written.statements.into_iter();
                self.statements.extend(statements.map(|statement| PlannedStatement {
                    text: statement.sql,
                    place: place.clone(),
                    probe: None,
                    batches: None,
                }));
                Ok(())
            }
            Err(error) => Err(self.end(if error.place.is_some() { error } else { error.at(place) })),
        }
    }

    async fn fetch(&mut self, _: &str, caller: Caller) -> Result<Vec<Vec<Option<String>>>, Diagnostic> {
        Err(self.refuse("it asks for rows", caller))
    }

    async fn connection(&mut self, caller: Caller) -> Result<Connection<'_>, Diagnostic> {
        Err(self.refuse("it asks for the driver's connection", caller))
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
