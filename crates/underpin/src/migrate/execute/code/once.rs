//! What a revision in Rust does through the driver where no transaction holds it together: a transaction of its
//! own, with the note that it is done. It is not known here what that is.

use underpin_core::diagnostic::Diagnostic;

use super::{
    live::Live,
    noted::{RecordedOperation, edited},
};
use crate::{
    migrate::execute::{failure, journal::JOURNAL},
    operation::Caller,
    point::{Point, reach},
};

impl Live<'_, '_> {
    /// Begins such work; false if an earlier run has done it.
    pub(super) async fn begin_work(&mut self, name: &str, caller: Caller) -> Result<bool, Diagnostic> {
        if let Some(failure) = &self.failure {
            return Err(failure.diagnostic.retold());
        }
        let Some(journal) = &mut self.journal else { return Ok(true) };
        let (number, title) = (journal.called, title(name));
        journal.called += 1;
        if journal.is_done(number) {
            let then = journal.recorded[number].clone();
            if then.done && then.operation == title {
                return Ok(false);
            }
            let place = caller.place(&self.step.file, self.text());
            let error = edited(&self.step, number, &then, &title, &place);
            return Err(self.fail(error));
        }
        // What was noted for this place is not done, and may have been mended since.
        journal.recorded.truncate(number);
        self.step.statements.truncate(journal.next);
        journal.checksums.truncate(&self.step);
        let begin = self.execution.begin();
        if let Err(guarded) = self.execution.send(begin, None).await {
            return Err(self.fail(failure::own(&guarded, "a transaction could not be begun")));
        }
        self.works = true;
        Ok(true)
    }

    /// Ends it: with its note, or undone.
    pub(super) async fn end_work(
        &mut self,
        name: &str,
        result: Result<(), Diagnostic>,
    ) -> Result<(), Diagnostic> {
        if let Err(error) = result {
            self.undo_work().await;
            return Err(self.fail(self.own_error(error)));
        }
        if !self.works {
            return Ok(());
        }
        reach(Point::BeforeCommit).await;
        let record = RecordedOperation::done(title(name));
        let noted = self.note_work(&record).await;
        if noted.is_err() {
            self.undo_work().await;
        }
        self.works = false;
        noted?;
        if let Some(journal) = &mut self.journal {
            journal.recorded.push(record);
            journal.start.effects = true;
        }
        Ok(())
    }

    async fn note_work(&mut self, record: &RecordedOperation) -> Result<(), Diagnostic> {
        let number = self.journal.as_ref().map_or(0, |journal| journal.called).saturating_sub(1);
        // What the code has set must not keep us from writing our own table.
        let ours = self.execution.our_words(&self.step, None, &[]);
        let put = self.put(number, record);
        let commit = self.execution.lock.commit_text();
        let sent = async {
            if !ours.is_empty() {
                self.execution.send(&ours, None).await?;
            }
            match self.execution.send(&put, None).await? {
                0 => Ok(false),
                _ => self.execution.send(&commit, None).await.map(|_| true),
            }
        };
        match sent.await {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.fail(failure::lock_lost())),
            Err(guarded) => Err(self.fail(failure::own(&guarded, JOURNAL))),
        }
    }

    /// Undoes work that has not come to its end.
    pub(super) async fn undo_work(&mut self) {
        if std::mem::take(&mut self.works) {
            let _ = self.execution.send_regardless("ROLLBACK").await;
        }
    }
}

fn title(name: &str) -> String {
    format!("once {name}")
}
