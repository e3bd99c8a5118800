//! What is said of a revision that a run has left half-way, and of one that can't be gone on with. It
//! looks at nothing.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    plan::Step,
};

use crate::history::JournalEntry;

/// The state of a database whose revision has come to a statement, counted from 0.
pub(super) fn dirty_at(step: &Step, index: usize) -> String {
    if index >= step.statements.len() {
        return format!(
            "dirty: all statements of revision {} are done, and that is not recorded",
            step.revision()
        );
    }
    format!(
        "dirty at statement {} of {} of revision {}: the statements before it are done and recorded in the journal",
        index + 1,
        step.statements.len(),
        step.revision()
    )
}

/// The same by what the journal says, where the file may have become a shorter one.
pub(super) fn dirty_as_recorded(step: &Step, entry: &JournalEntry) -> String {
    if entry.statement < step.statements.len() || entry.statement >= entry.total {
        return dirty_at(step, entry.statement);
    }
    format!(
        "dirty at statement {} of the {} that revision {} had; its file has {} now",
        entry.statement + 1,
        entry.total,
        step.revision(),
        step.statements.len()
    )
}

pub(super) fn shortened(step: &Step, entry: &JournalEntry) -> Diagnostic {
    let message = format!(
        "revision {} was interrupted at statement {} of {}, which is not in {} any more",
        step.title(),
        entry.statement + 1,
        entry.total,
        step.file
    );
    Diagnostic::new(ErrorKind::EditedRevision, message)
        .hint("restore the file as it was; `underpin help resolve` has the other ways out")
}

pub(super) fn edited(step: &Step, done: usize) -> Diagnostic {
    let what = if done == 1 {
        "its first statement, which is".to_owned()
    } else {
        format!("its first {done} statements, which are")
    };
    Diagnostic::new(
        ErrorKind::EditedRevision,
        format!(
            "revision {} was interrupted, and {what} done already, were changed since in {}",
            step.title(),
            step.file
        ),
    )
    .hint("restore them as they were; statements that come after may be changed")
}

/// What a person can say of a statement of which nothing tells whether it was done.
pub(super) fn choices(step: &Step, index: usize) -> Vec<String> {
    let (id, number) = (step.revision(), index + 1);
    vec![
        format!("if it was done:          underpin resolve --continue {id} --at {}", number + 1),
        format!("if it was not:           underpin resolve --continue {id} --at {number}"),
        format!("to count it as applied:  underpin resolve --applied {id}"),
        format!("as if it never was:      underpin resolve --rolled-back {id}"),
        "next time: write `-- probe: SELECT …` above such a statement, a query that is true once it was done"
            .to_owned(),
    ]
}

pub(super) fn fate_unknown(step: &Step, index: usize) -> Diagnostic {
    let number = index + 1;
    let mut diagnostic = Diagnostic::new(
        ErrorKind::Dirty,
        format!(
            "revision {} was interrupted while statement {number} of {} ran, and nothing tells whether it was done",
            step.title(),
            step.statements.len()
        ),
    );
    diagnostic.hints = choices(step, index);
    if let Some(statement) = step.statements.get(index) {
        diagnostic = diagnostic.at(statement.place.clone());
    }
    diagnostic
}
