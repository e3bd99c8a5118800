//! Which rows stood in the way of a statement that failed: how many, and one of them by its key. Looked
//! up once everything else of the failed run is done, in a moment, and left out where it can't be told.

use std::time::Duration;

use underpin_core::{dialect::Dialect, plan::Step, sql};

use super::{Execution, failure::Failure};
use crate::migrate::look::Look;

/// How long looking may take: the lock is still held.
const LOOK: Duration = Duration::from_secs(5);

impl Execution<'_> {
    /// What stands in the way of the statement that failed, in words; nothing where the engine did not
    /// complain of rows.
    pub(super) async fn obstacle(&mut self, step: &Step, failure: &Failure) -> Option<String> {
        let engine = failure.violation.as_deref()?;
        let statement = &step.statements.get(failure.statement?)?.text;
        let mut asked = sql::requirements(self.dialect(), statement);
        if self.dialect() == Dialect::Sqlite {
            asked.extend(sql::copied(statement, engine));
        }
        let mut look = Look { session: &mut *self.session, interrupt: self.interrupt, limit: Some(LOOK) };
        for requirement in &asked {
            let Ok(Some(count)) = look.count(requirement).await else { continue };
            if count > 0 {
                let example = look.example(requirement).await;
                return Some(requirement.describe(count, example.as_deref()));
            }
        }
        None
    }
}
