//! What becomes of a plan in which lint finds an error, where somebody has said that such a plan is refused.
//! What an error is, lint decides.

use tokio::time::Instant;
use underpin_core::{
    catalog::Catalog,
    diagnostic::{Diagnostic, ErrorKind},
    forecast::forecast,
    lint::Finding,
    plan::{Plan, Step},
    revision::Language,
};

use super::{Migrator, PlannedRun, run::untouched};
use crate::{
    database::{Errand, Interrupt, Session},
    inspect::{Scope, inspect},
};

impl Migrator {
    /// Refuses a plan that a run would refuse before it begins, for what it deletes or what lint says of it.
    ///
    /// # Errors
    /// `Refused`; and if the database can't be read.
    pub(crate) async fn refuse_planned(&self, planned: &PlannedRun) -> Result<(), Diagnostic> {
        self.refuse_losses(planned.plan(), planned.losses())?;
        if self.refused_hazards.is_none() {
            return Ok(());
        }
        let Some((mut session, _)) = self.open_to_read().await? else { return Ok(()) };
        let first = planned.plan().steps.first().filter(|_| planned.resumption().is_some());
        let dirty = first.map(|step| step.revision().as_str());
        let (_handle, interrupt) = Interrupt::new(Errand::RUN, Instant::now(), self.limits.run);
        let canceller = session.canceller();
        let looked = self.refuse_hazards(session.as_mut(), false, planned.plan(), dirty);
        let refused = interrupt.guarded(looked, &canceller).await;
        session.close().await;
        refused.unwrap_or_else(|stop| Err(untouched(stop.diagnostic("while the schema was read"))))
    }

    /// Refuses upgrades in which lint finds an error on the schema as it stands. A revision that is gone on
    /// with (`dirty`) was let through when it was begun.
    ///
    /// # Errors
    /// `Refused` with the first of them; and if the database can't be read.
    pub(super) async fn refuse_hazards(
        &self,
        session: &mut dyn Session,
        in_transaction: bool,
        plan: &Plan,
        dirty: Option<&str>,
    ) -> Result<(), Diagnostic> {
        let Some(settings) = self.refused_hazards.as_ref().filter(|_| !plan.is_empty()) else {
            return Ok(());
        };
        // On the session of the run: a pool may have no other.
        let schema = inspect(session, &Scope::default().in_transaction(in_transaction)).await?;
        let forecast = forecast(plan, schema.version, Catalog::from(&schema), &[], settings);
        let first = forecast.errors(plan).find(|(step, ..)| Some(step.revision().as_str()) != dirty);
        match first {
            Some((step, statement, finding)) => Err(refused(step, finding).at(statement.place.clone())),
            None => Ok(()),
        }
    }
}

fn refused(step: &Step, finding: &Finding) -> Diagnostic {
    let (mark, call) = match step.language {
        Language::Sql => ("--", "statement"),
        Language::Rust => ("//", "call"),
    };
    let message = format!("revision {} is dangerous ({}): {}", step.title(), finding.rule, finding.message);
    Diagnostic::new(ErrorKind::Refused, message)
        .state("nothing was changed")
        .hint(format!("instead: {}", finding.help))
        .hint(format!(
            "where it is meant, write `{mark} lint: ignore {}: REASON` before the {call}",
            finding.rule
        ))
        .hint("errors of lint are refused because refuse_lint_errors (UNDERPIN_REFUSE_LINT_ERRORS) says so")
}
