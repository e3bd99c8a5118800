//! Rows that pending revisions would be refused for, counted before anything runs. Counting reads whole tables,
//! so that it is done where somebody asks for it and never by a run.

use serde::Serialize;
use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    plan::{self, Plan},
    revision::RevisionId,
};

use crate::{
    database::{Access, Interrupt},
    migrate::{Migrator, PlannedRun, look::Look},
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
    /// A database that can't be reached, and a run's time limit that is over.
    pub async fn obstacles(&self, planned: &PlannedRun) -> Result<Vec<Obstacle>, Diagnostic> {
        self.obstacles_of(planned.plan()).await
    }

    async fn obstacles_of(&self, plan: &Plan) -> Result<Vec<Obstacle>, Diagnostic> {
        let asked = plan::preconditions(plan);
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let (_handle, interrupt) = Interrupt::new(Instant::now(), self.limits.run);
        let session = self.database.connect(Access::Read, self.limits.connect, &interrupt).await?;
        let Some(mut session) = session else { return Ok(Vec::new()) };
        let mut obstacles = Vec::new();
        let mut look = Look { session: session.as_mut(), interrupt: &interrupt, limit: None };
        for one in asked {
            // A table or a column that is not there yet has no rows to be counted.
            let count = look.count(&one.requirement).await;
            interrupt
                .check()
                .map_err(|stop| stop.diagnostic("while rows were counted").state("nothing was changed"))?;
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
        session.close().await;
        Ok(obstacles)
    }
}
