//! What becomes of a plan in which lint finds an error, where somebody has said that such a plan is refused.
//! What an error is, lint decides.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    lint::{Finding, Severity},
    plan::{Plan, Step},
    revision::Direction,
};

use super::Migrator;

impl Migrator {
    /// Refuses upgrades in which lint finds an error on the schema as it stands. A revision that is gone on
    /// with (`dirty`) was let through when it was begun.
    ///
    /// # Errors
    /// `Refused` with the first of them; and if the database can't be read.
    pub(super) async fn refuse_hazards(&self, plan: &Plan, dirty: Option<&str>) -> Result<(), Diagnostic> {
        let Some(settings) = self.refused_hazards.as_ref().filter(|_| !plan.is_empty()) else {
            return Ok(());
        };
        let forecast = self.forecast(plan, settings).await?;
        for (step, foretold) in plan.steps.iter().zip(&forecast.steps) {
            if step.direction == Direction::Downgrade || Some(step.revision().as_str()) == dirty {
                continue;
            }
            for (statement, foretold) in step.statements.iter().zip(&foretold.statements) {
                let error = foretold.hazards.iter().find(|finding| finding.severity == Severity::Error);
                if let Some(finding) = error {
                    return Err(refused(step, finding).at(statement.place.clone()));
                }
            }
        }
        Ok(())
    }
}

fn refused(step: &Step, finding: &Finding) -> Diagnostic {
    let message = format!("revision {} is dangerous ({}): {}", step.title(), finding.rule, finding.message);
    Diagnostic::new(ErrorKind::Refused, message)
        .state("nothing was changed")
        .hint(format!("instead: {}", finding.help))
        .hint(format!(
            "where it is meant, write `-- lint: ignore {}: REASON` before the statement",
            finding.rule
        ))
        .hint("errors of lint are refused because refuse_lint_errors (UNDERPIN_REFUSE_LINT_ERRORS) says so")
}
