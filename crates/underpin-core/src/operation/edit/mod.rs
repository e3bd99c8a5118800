//! What each operation edits. Each function is given the schema as it will be and changes it; what is not there
//! to be changed is an error, and where nobody can be asked it is taken for granted.

mod alter_column;
mod batch;
pub(super) mod column;
mod comment;
mod constraint;
pub(super) mod enumeration;
mod index;
mod program;
mod sequence;
mod table;
mod view;

use super::{Operation, draft::Draft};
use crate::diagnostic::{Diagnostic, ErrorKind};

/// Edits a schema; `Execute` and `BulkInsert` edit none.
pub(super) fn edit(draft: &mut Draft, operation: &Operation) -> Result<(), Diagnostic> {
    match operation {
        Operation::CreateTable(made) => table::create(draft, made),
        Operation::DropTable(gone) => table::drop(draft, gone),
        Operation::RenameTable(renamed) => table::rename(draft, renamed),
        Operation::AddColumn(added) => column::add(draft, added),
        Operation::DropColumn(gone) => column::drop(draft, gone),
        Operation::AlterColumn(change) => alter_column::alter(draft, change),
        Operation::CreateIndex(made) => index::create(draft, made),
        Operation::DropIndex(gone) => index::drop(draft, gone),
        Operation::AddConstraint(added) => constraint::add(draft, added),
        Operation::DropConstraint(gone) => constraint::drop(draft, gone),
        Operation::CreateEnum(made) => enumeration::create(draft, made),
        Operation::AlterEnum(change) => enumeration::alter(draft, change),
        Operation::DropEnum(gone) => enumeration::drop(draft, gone),
        Operation::CreateSequence(made) => sequence::create(draft, made),
        Operation::AlterSequence(change) => sequence::alter(draft, change),
        Operation::DropSequence(gone) => sequence::drop(draft, gone),
        Operation::CreateView(made) => view::create(draft, made),
        Operation::ReplaceView(made) => view::replace(draft, made),
        Operation::DropView(gone) => view::drop(draft, gone),
        Operation::CreateFunction(made) => program::create_function(draft, made),
        Operation::ReplaceFunction(made) => program::replace_function(draft, made),
        Operation::DropFunction(gone) => program::drop_function(draft, gone),
        Operation::CreateTrigger(made) => program::create_trigger(draft, made),
        Operation::ReplaceTrigger(made) => program::replace_trigger(draft, made),
        Operation::DropTrigger(gone) => program::drop_trigger(draft, gone),
        Operation::CommentOnTable(comment) => comment::on_table(draft, comment),
        Operation::CommentOnColumn(comment) => comment::on_column(draft, comment),
        Operation::Batch(batch) => batch::edit(draft, batch),
        Operation::Execute(_) | Operation::BulkInsert(_) => {
            let message = format!("{} changes rows and no schema", operation.title());
            Err(Diagnostic::new(ErrorKind::Internal, message))
        }
    }
}
