//! Rows that pending revisions would be refused for, counted before anything runs. Counting reads whole tables,
//! so that it is done where somebody asks for it and never by a run.

use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    plan::{self, Plan},
    revision::RevisionId,
};

use crate::{
    database::{Access, DatabaseError, Errand, Interrupt, Session},
    migrate::{Migrator, PlannedRun, failed_to, look::Look},
};

/// Rows that a statement of a plan would be refused for, as they are now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Obstacle {
    /// The revision.
    pub revision: RevisionId,
    /// The place of the statement in it, from 1.
    pub statement: usize,
    /// How many rows, or values, there are.
    pub rows: i64,
    /// What is the matter with them, with the key of one: `2 rows of orders have no customer_id (one of them: id = 17)`.
    pub description: String,
    /// Whether an earlier statement of the plan may mend them, so that this is no last word.
    pub may_be_mended: bool,
    /// The file of the revision.
    pub file: String,
    /// The line of the statement in it, from 1.
    pub line: usize,
    #[serde(skip)]
    place: Place,
    #[serde(skip)]
    title: String,
}

impl Obstacle {
    /// The obstacle as an error; nothing was run.
    pub fn diagnostic(&self) -> Diagnostic {
        let message = format!(
            "revision {} would fail at statement {}: {}",
            self.title, self.statement, self.description
        );
        Diagnostic::new(ErrorKind::MigrationFailed, message)
            .at(self.place.clone())
            .state("nothing was changed")
            .hint("mend the rows first, in the same revision or by hand")
    }
}

/// The first of these that nothing mends, as an error.
pub(super) fn first_certain(obstacles: &[Obstacle]) -> Option<Diagnostic> {
    obstacles.iter().find(|obstacle| !obstacle.may_be_mended).map(Obstacle::diagnostic)
}

impl Migrator {
    /// Counts the rows that the statements of a plan would be refused for: nulls where a column is to hold none,
    /// values that are there more than once, rows that break a check or refer to nothing. What can't be told from
    /// a statement's words is left out. Reads whole tables, and changes nothing.
    ///
    /// # Errors
    /// A database that can't be reached, rows that may not be read, and a run's time limit that is over, which
    /// ends the count on the server.
    pub async fn obstacles(&self, planned: &PlannedRun) -> Result<Vec<Obstacle>, Diagnostic> {
        if plan::preconditions(planned.plan()).is_empty() {
            return Ok(Vec::new());
        }
        let (migrator, planned) = (self.clone(), planned.clone());
        let counted = self.on_a_task(Errand::PART, async move |interrupt| {
            // A session that may change something knows whether a pooler is between.
            let access = if migrator.sqlite_file().is_some() { Access::Read } else { Access::Write };
            let session = migrator.database.connect(access, migrator.limits.connect, &interrupt).await?;
            let Some(mut session) = session else { return Ok(Vec::new()) };
            let counted = count(session.as_mut(), &interrupt, planned.plan()).await;
            session.close().await;
            counted
        });
        counted.await.map_err(|error| self.database.redacted(error.state("nothing was changed")))
    }
}

/// Counts the rows in the way of a plan, on a session that is there for nothing else.
async fn count(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    plan: &Plan,
) -> Result<Vec<Obstacle>, Diagnostic> {
    let unread = |error: &DatabaseError| failed_to(error, "the rows in the way can't be counted");
    let introduced = interrupt.limit(session.introduce()).await;
    introduced.map_err(|stop| stop.diagnostic("while rows were counted"))?.map_err(|error| unread(&error))?;
    let mut obstacles = Vec::new();
    let mut look = Look { session, interrupt, limit: None };
    for one in plan::preconditions(plan) {
        // A table or a column that is not there yet has no rows to be counted.
        let count = look.count(&one.requirement).await.map_err(|error| unread(&error))?;
        interrupt.check().map_err(|stop| stop.diagnostic("while rows were counted"))?;
        let Some(rows) = count.filter(|&rows| rows > 0) else { continue };
        let example = look.example(&one.requirement).await;
        let place = one.step.statements[one.statement].place.clone();
        obstacles.push(Obstacle {
            revision: one.step.revision().clone(),
            statement: one.statement + 1,
            rows,
            description: one.requirement.describe(rows, example.as_deref()),
            may_be_mended: one.open,
            file: one.step.file.clone(),
            line: place.line,
            place,
            title: one.step.title(),
        });
    }
    Ok(obstacles)
}
