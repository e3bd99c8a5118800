//! Several changes of one table: all of them are edits of one schema, so that one difference is all of them.

use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    operation::{Batch, Operation, draft::Draft},
};

pub(super) fn edit(draft: &mut Draft, said: &Batch) -> Result<(), Diagnostic> {
    for operation in &said.operations {
        let is_its = match operation {
            Operation::AddColumn(one) => one.table == said.table,
            Operation::DropColumn(one) => one.table == said.table,
            Operation::AlterColumn(one) => one.table == said.table,
            Operation::CreateIndex(one) => one.table.as_ref() == Some(&said.table),
            Operation::DropIndex(one) => one.table == said.table,
            Operation::AddConstraint(one) => one.table == said.table,
            Operation::DropConstraint(one) => one.table == said.table,
            Operation::CommentOnTable(one) => one.table == said.table,
            Operation::CommentOnColumn(one) => one.table == said.table,
            Operation::CreateTable(_)
            | Operation::DropTable(_)
            | Operation::RenameTable(_)
            | Operation::CreateEnum(_)
            | Operation::AlterEnum(_)
            | Operation::DropEnum(_)
            | Operation::CreateSequence(_)
            | Operation::AlterSequence(_)
            | Operation::DropSequence(_)
            | Operation::CreateView(_)
            | Operation::ReplaceView(_)
            | Operation::DropView(_)
            | Operation::CreateFunction(_)
            | Operation::ReplaceFunction(_)
            | Operation::DropFunction(_)
            | Operation::CreateTrigger(_)
            | Operation::ReplaceTrigger(_)
            | Operation::DropTrigger(_)
            | Operation::Execute(_)
            | Operation::BulkInsert(_)
            | Operation::Batch(_) => false,
        };
        if !is_its {
            let message = format!("{} is no change of table {}", operation.title(), said.table);
            return Err(Diagnostic::new(ErrorKind::Model, message)
                .hint("what is not a change of the table of a batch stands before or behind it"));
        }
        super::edit(draft, operation)?;
    }
    Ok(())
}
