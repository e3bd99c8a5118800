//! What revisions in Rust will send, found out in a scratch database: the schema that they ask for is
//! there, and rows are not, so that what asks for rows stays unknown. Nothing is proven by it.

use async_trait::async_trait;
use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    plan::{OpenEnd, Plan, Step},
    revision::Language,
    schema::Schema,
};

use super::named;
use crate::{
    ScratchServer,
    database::{Access, Errand, Interrupt, Session},
    inspect::{self, Scope},
    migrate::{Migrator, PlannedRun},
    operation::{self, Draft},
    source::Revisions,
};

impl Migrator {
    /// Fills in what the plan of this run does not know of its revisions in Rust, as far as a scratch database
    /// of the same kind tells.
    ///
    /// # Errors
    /// A scratch database that can't be made, and revisions before those of the plan that fail in it.
    pub async fn foretell(
        &self,
        server: &ScratchServer,
        mut planned: PlannedRun,
    ) -> Result<PlannedRun, Diagnostic> {
        // One that goes on is half done, which no scratch database is.
        if planned.resumption().is_none() {
            self.foretell_plan(server, planned.plan_mut()).await?;
        }
        Ok(planned)
    }

    /// The same for a plan.
    pub(crate) async fn foretell_plan(
        &self,
        server: &ScratchServer,
        plan: &mut Plan,
    ) -> Result<(), Diagnostic> {
        let askable = |step: &Step| {
            (step.open_end.is_some() || step.asks_schema)
                && self.revisions.function(step.revision(), step.direction).is_some()
        };
        if !plan.steps.iter().any(askable) {
            return Ok(());
        }
        let scratch = server.create().await?;
        // Boxed, because every command that shows a plan would carry all of it on its stack.
        Box::pin(scratch.with(async |database| {
            let migrator = self.elsewhere(database);
            if !plan.heads_before.is_empty() {
                migrator.upgrade_to(named(&plan.heads_before)).await?;
            }
            let (_handle, interrupt) =
                Interrupt::new(Errand::to("plan"), tokio::time::Instant::now(), migrator.limits.run);
            let session = database.connect(Access::Write, server.waits(), &interrupt).await?;
            let Some(mut session) = session else { return Ok(()) };
            // A session of MySQL does not know which of two servers it has; code asks `op.flavour()`.
            inspect::flavour(session.as_mut()).await?;
            let told = walk(session.as_mut(), &self.revisions, plan);
            let told = interrupt.limit(told).await;
            session.close().await;
            told.map_err(|stop| stop.diagnostic("while a plan was tried in a scratch database"))
        }))
        .await
    }
}

/// A scratch database behind a session.
struct OnSession<'a>(&'a mut dyn Session);

#[async_trait]
impl Draft for OnSession<'_> {
    async fn schema(&mut self) -> Result<Schema, Diagnostic> {
        inspect::inspect(self.0, &Scope::default().short_names()).await
    }

    async fn execute(&mut self, statement: &str) -> Result<(), String> {
        self.0.execute(statement).await.map(drop).map_err(|failure| failure.error.with_code())
    }
}

/// Does the steps one after the other, for the sake of those in Rust; ends where one can't be done.
async fn walk(session: &mut dyn Session, revisions: &Revisions, plan: &mut Plan) {
    if plan.flavour == Flavour::Sqlite && session.execute("PRAGMA foreign_keys = OFF").await.is_err() {
        return;
    }
    let last = plan.steps.iter().rposition(|step| step.language == Language::Rust);
    for index in 0..last.map_or(0, |last| last + 1) {
        let step = &mut plan.steps[index];
        let function = revisions.function(step.revision(), step.direction);
        match function.filter(|_| step.language == Language::Rust) {
            Some(function) => {
                let text = revisions.file(step.revision()).map(|file| file.text).unwrap_or_default();
                let file = (step.file.as_str(), text.as_str());
                let server = (session.server().flavour, session.server().parsed_version());
                let written = operation::write_in(function, server, &mut OnSession(session), file).await;
                if written.open_end.is_some() && step.open_end.is_none() {
                    // All of it could be written without the schema, which is more than was found here.
                    return;
                }
                step.statements = written.statements;
                step.open_end = written.open_end.map(OpenEnd::of);
                if step.open_end.is_some() {
                    return;
                }
                step.asks_schema = false;
            }
            None => {
                for statement in step.statements.iter().filter(|statement| statement.batches.is_none()) {
                    if session.execute(&statement.text).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}
