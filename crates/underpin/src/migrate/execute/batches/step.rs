//! The statements of a step that are run in batches: checked before the first of the step runs, and run as
//! one statement of its journal.

use underpin_core::{
    backfill::Backfill,
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    plan::{PlannedStatement, Step},
    sql,
};

use super::{
    super::{Execution, failed::StatementError, journal::Checksums},
    Part, PartError,
};
use crate::history::Progress;

impl Execution<'_> {
    /// Refuses what can't be run in batches before anything of a step is done. A table that an earlier
    /// statement of it names may become what is needed, and is looked at in its turn.
    pub(in super::super) async fn check_batches(&mut self, step: &Step) -> Result<(), Diagnostic> {
        for (index, statement) in step.statements.iter().enumerate() {
            let Some(backfill) = statement.backfill() else { continue };
            if is_named(self.dialect(), &step.statements[..index], &backfill.batches.table.name) {
                continue;
            }
            if let Err(PartError::Refused(error) | PartError::Own(error)) = self.check_part(&backfill).await {
                return Err(error.at(statement.place.clone()).state("nothing was changed"));
            }
        }
        Ok(())
    }

    async fn check_part(&mut self, backfill: &Backfill) -> Result<(), PartError> {
        self.keys(&backfill.batches).await?;
        let lasting = self.lasting_in(&[&backfill.statement]).await.map_err(PartError::unreadable)?;
        let Some(lasting) = lasting else { return Ok(()) };
        let message = format!("no batch can be one transaction with its place: it changes {lasting}");
        let error = Diagnostic::new(ErrorKind::Unsupported, message)
            .hint("give the table an engine with transactions, or leave out the note about batches and write 1 = 1 for :batch");
        Err(PartError::Refused(Box::new(error)))
    }

    /// Runs a statement of a step in batches, and writes with the last of them that it is done.
    pub(in super::super) async fn run_statement_in_batches(
        &mut self,
        step: &Step,
        index: usize,
        checksums: &Checksums,
        backfill: &Backfill,
    ) -> Result<bool, StatementError> {
        let next =
            Progress::ready(step.revision(), index + 1, step.statements.len(), &checksums.done[index + 1]);
        let end = [next.update(self.tables, self.dialect(), &self.lock.guard())];
        let part = Part { name: &format!("statement {}", index + 1), backfill, end: &end };
        let place = || step.statements[index].place.clone();
        let result = match self.check_part(backfill).await {
            Ok(()) => self.run_part(step, &part).await,
            error => error,
        };
        match result {
            Ok(()) => Ok(true),
            Err(PartError::Refused(error)) => Err(StatementError::Own(error.at(place()))),
            Err(PartError::Own(error)) => Err(StatementError::Own(*error)),
            Err(PartError::Batch(guarded, None)) => Err(StatementError::Statement(guarded)),
            Err(PartError::Batch(guarded, Some(cursor))) => Err(StatementError::Begun(guarded, cursor)),
        }
    }
}

/// Whether any of these statements names a table.
fn is_named(dialect: Dialect, statements: &[PlannedStatement], table: &str) -> bool {
    let mut names = statements.iter().flat_map(|statement| sql::object_names(dialect, &statement.text));
    names.any(|name| name.eq_ignore_ascii_case(table))
}
