//! How a failed step is told: what, where, in which state the database is, what to do next.

use jiff::Timestamp;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    plan::{PlannedStatement, Step},
    revision::{Direction, Language, RevisionId},
};

use crate::{
    database::{Busy, DatabaseError, ErrorClass, Guarded, ScriptError},
    lock::Lock,
};

/// A step that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) diagnostic: Diagnostic,
    /// The statement that failed, counted from 0.
    pub(crate) statement: Option<usize>,
    pub(crate) code: Option<String>,
    /// What the engine said of rows that are not what the statement asks of them.
    pub(crate) violation: Option<String>,
    /// Whether the step was begun; if not, somebody stopped the run before it.
    pub(crate) begun: bool,
    /// Whether something of the step has stayed in the database.
    pub(crate) dirty: bool,
    /// Whether the steps before it were undone with it.
    pub(crate) everything_undone: bool,
    pub(crate) connection_lost: bool,
    /// How others were in the way, if they were.
    pub(crate) busy: Option<Busy>,
    /// What the run has done before somebody stopped it there, in words, if nothing of this step was begun.
    pub(crate) stopped_behind: Option<String>,
    /// Whether its statements are tried again each by itself.
    pub(crate) by_statement: bool,
    pub(crate) started: Timestamp,
}

impl Failure {
    pub(crate) fn new(diagnostic: Diagnostic, started: Timestamp) -> Self {
        Self {
            diagnostic,
            statement: None,
            code: None,
            violation: None,
            begun: true,
            dirty: false,
            everything_undone: false,
            connection_lost: false,
            busy: None,
            stopped_behind: None,
            by_statement: false,
            started,
        }
    }

    /// A step that was not begun, because somebody stopped the run before it.
    pub(crate) fn before(diagnostic: Diagnostic) -> Self {
        Self { begun: false, ..Self::new(diagnostic, Timestamp::now()) }
    }

    /// A step that failed beside its statements: one that an earlier run has left half-way, as `recorded`
    /// says it, is so still.
    pub(crate) fn beside(mut diagnostic: Diagnostic, recorded: Option<&str>, started: Timestamp) -> Self {
        let Some(state) = recorded else { return Self::new(diagnostic, started) };
        diagnostic.state.get_or_insert_with(|| state.to_owned());
        if diagnostic.kind == ErrorKind::MigrationFailed {
            diagnostic.kind = ErrorKind::Dirty;
        }
        Self { dirty: true, ..Self::new(diagnostic, started) }
    }

    /// The milliseconds since the step began.
    pub(crate) fn elapsed(&self) -> i64 {
        Timestamp::now().as_millisecond() - self.started.as_millisecond()
    }

    /// A step whose statement `index` failed, was cancelled, or whose connection broke.
    pub(crate) fn of_statement(
        step: &Step,
        index: usize,
        guarded: &Guarded<DatabaseError>,
        started: Timestamp,
    ) -> Self {
        let verb = match step.direction {
            Direction::Upgrade => "revision",
            Direction::Downgrade => "the downgrade of revision",
        };
        let of = step.statements.len();
        let mut failure = match guarded {
            Guarded::Cancelled(stop, _)
            | Guarded::Abandoned(stop)
            | Guarded::NotSent(stop)
            | Guarded::Late(stop) => Self::new(
                stop.diagnostic(&format!("in {verb} {}, statement {} of {of}", step.title(), index + 1)),
                started,
            ),
            Guarded::Failed(error) => {
                let message = format!("{verb} {} failed at statement {} of {of}", step.title(), index + 1);
                let mut failure =
                    Self::new(Diagnostic::new(error.class.kind_of_statement(), message), started);
                failure.code.clone_from(&error.code);
                failure.busy = error.busy();
                failure.violation = (error.class == ErrorClass::Violation).then(|| error.message.clone());
                add_hint(&mut failure.diagnostic, step, error);
                failure
            }
        };
        failure.statement = Some(index);
        failure.connection_lost = match guarded {
            Guarded::Failed(error) | Guarded::Cancelled(_, error) => {
                error.class == ErrorClass::ConnectionLost
            }
            Guarded::NotSent(_) | Guarded::Late(_) => false,
            Guarded::Abandoned(_) => true,
        };
        if let Some(statement) = step.statements.get(index) {
            let error = match guarded {
                Guarded::Failed(error) => Some(error),
                Guarded::Cancelled(..) | Guarded::Abandoned(_) | Guarded::NotSent(_) | Guarded::Late(_) => {
                    None
                }
            };
            failure.diagnostic.place = Some(Box::new(match step.language {
                Language::Sql => place(statement, error),
                Language::Rust => {
                    failure.diagnostic.hints.insert(0, format!("the statement was: {}", statement.text));
                    operation_place(statement, error)
                }
            }));
        }
        failure
    }
}

fn place(statement: &PlannedStatement, error: Option<&DatabaseError>) -> underpin_core::diagnostic::Place {
    let Some(error) = error else { return statement.place.clone().label("cancelled here") };
    let place = match error.position {
        Some(character) => statement.place_of_character(character),
        None => statement.place.clone(),
    };
    place.label(error.with_code())
}

/// The place of a statement that does not stand in its file: the operation that it was made from does.
fn operation_place(
    statement: &PlannedStatement,
    error: Option<&DatabaseError>,
) -> underpin_core::diagnostic::Place {
    let label = error.map_or_else(|| "cancelled here".to_owned(), DatabaseError::with_code);
    statement.place.clone().label(label)
}

fn add_hint(diagnostic: &mut Diagnostic, step: &Step, error: &DatabaseError) {
    let hint = match error.class {
        ErrorClass::AlreadyExists => format!(
            "if the database has what this revision brings, `underpin stamp {}` records it as applied; otherwise remove the object",
            step.revision()
        ),
        ErrorClass::NotInTransaction => {
            format!(
                "write `{} transaction: off` into the header of this revision, and nothing else into its file",
                step.language.comment()
            )
        }
        // Who holds the lock, and what to do about that, is said once the run is over.
        ErrorClass::Busy => return,
        ErrorClass::Cancelled => {
            "a limit of the server or another session stopped it; raise the limit, or try again".to_owned()
        }
        ErrorClass::Permission => "grant the privilege to the user that runs migrations".to_owned(),
        ErrorClass::ReadOnly => error.how_to_write().to_owned(),
        ErrorClass::ConnectionLost | ErrorClass::Unavailable => {
            "run it again; what was committed is recorded, and the rest was rolled back".to_owned()
        }
        ErrorClass::NotADatabase => crate::database::NOT_A_DATABASE.to_owned(),
        ErrorClass::Full => crate::database::NO_ROOM.to_owned(),
        _ if error.refuses_algorithm() => format!(
            "this server can't do it the way that the statement asserts, and nothing of it was done; write what it \
             can do into {}, or take ALGORITHM and LOCK away, with which others may wait",
            step.file
        ),
        _ => format!("mend {} and run it again", step.file),
    };
    diagnostic.hints.push(hint);
}

/// A statement of a schema that failed, was cancelled, or whose connection broke.
pub(crate) fn of_schema(
    statement: &PlannedStatement,
    guarded: &Guarded<DatabaseError>,
    table: &str,
) -> Diagnostic {
    let (diagnostic, error) = match guarded {
        Guarded::Failed(error) => {
            let message = format!("the missing table {table} could not be created");
            let hint = format!("mend {}", statement.place.file);
            (Diagnostic::new(error.class.kind_of_statement(), message).hint(hint), Some(error))
        }
        Guarded::Cancelled(stop, _)
        | Guarded::Abandoned(stop)
        | Guarded::NotSent(stop)
        | Guarded::Late(stop) => {
            (stop.diagnostic(&format!("while the missing table {table} was created")), None)
        }
    };
    diagnostic.at(place(statement, error))
}

/// The state after a step was rolled back.
pub(crate) fn rolled_back(heads: &[RevisionId]) -> String {
    if heads.is_empty() {
        return "rolled back; the database is still at base".to_owned();
    }
    let heads: Vec<&str> = heads.iter().map(|head| head.as_str()).collect();
    format!("rolled back; the database is still at {}", heads.join(", "))
}

/// The state after a rollback that has taken revisions with it.
pub(super) fn rolled_back_with(undone: &[RevisionId], heads: &[RevisionId]) -> String {
    if undone.is_empty() {
        return rolled_back(heads);
    }
    let ids: Vec<&str> = undone.iter().map(|id| id.as_str()).collect();
    format!(
        "rolled back, together with {} of the same transaction; the database is at {}",
        ids.join(", "),
        crate::migrate::standing::at(heads)
    )
}

/// The state after a commit whose answer did not come.
pub(super) const COMMIT_UNKNOWN: &str =
    "the connection broke while the transaction was committed; the next run finds out whether it was";

/// The state after a step whose connection broke: nobody has heard whether a commit went through.
pub(super) fn cut_off(heads: &[RevisionId]) -> String {
    format!("{}, unless the connection broke after the commit; the next run finds out", rolled_back(heads))
}

/// A write to the history that failed.
pub(crate) fn own(guarded: &Guarded<ScriptError>, what: &str) -> Diagnostic {
    match guarded {
        Guarded::Failed(failure) => database(&failure.error, what),
        Guarded::Cancelled(stop, _)
        | Guarded::Abandoned(stop)
        | Guarded::NotSent(stop)
        | Guarded::Late(stop) => stop.diagnostic("while the history was written"),
    }
}

/// An error of the engine outside a revision's own statements.
pub(crate) fn database(error: &DatabaseError, what: &str) -> Diagnostic {
    if Lock::is_loss(error) {
        return lock_lost();
    }
    let diagnostic = Diagnostic::new(error.class.kind(), format!("{what}: {}", error.with_code()));
    match error.class {
        ErrorClass::ReadOnly => diagnostic.hint(error.how_to_write()),
        ErrorClass::Permission => diagnostic.hint("grant the privilege to the user that runs migrations"),
        ErrorClass::Unavailable | ErrorClass::ConnectionLost => {
            diagnostic.hint("run it again once the server answers")
        }
        ErrorClass::NotADatabase => diagnostic.hint(crate::database::NOT_A_DATABASE),
        ErrorClass::Full => diagnostic.hint(crate::database::NO_ROOM),
        ErrorClass::DatabaseNotFound => {
            diagnostic.hint("name the database at the end of the URL, as in mysql://user@host:3306/name")
        }
        _ => diagnostic,
    }
}

/// The lock went to somebody else.
pub(crate) fn lock_lost() -> Diagnostic {
    Diagnostic::new(ErrorKind::LockLost, "the migration lock is not ours any more").hint(
        "a pooler in transaction mode, a statement of a revision or `underpin unlock` may have given it away, or the run \
         stood still until another took over; run it again",
    )
}
