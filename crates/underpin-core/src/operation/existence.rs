//! `IF EXISTS` and `IF NOT EXISTS`. Where the schema is known, they are decided by looking; where it is not,
//! the engine's own words say it, if it has them.

use super::{Known, Operation, Reverse, WrittenOperation};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
};

/// Puts the words into statements that were written without knowing what is there.
///
/// # Errors
/// An engine that has no such words.
pub(super) fn soften(
    operation: &Operation,
    known: Known<'_>,
    written: &mut WrittenOperation,
) -> Result<(), Diagnostic> {
    let (Known::Nothing { flavour, .. }, Some(condition)) = (known, condition(operation)) else {
        return Ok(());
    };
    if written.statements.is_empty() {
        return Ok(());
    }
    let Some(words) = words(flavour, condition) else {
        let message = format!("{} has no {} for this", flavour.title(), condition.clause());
        return Err(Diagnostic::new(ErrorKind::Unsupported, message)
            .hint("run it with a connection: then it is decided by looking"));
    };
    for statement in &mut written.statements {
        let places: Vec<usize> =
            words.iter().filter_map(|words| Some(place(&statement.sql, words)? + words.len())).collect();
        // Of words that begin alike the longest are meant: `CREATE INDEX CONCURRENTLY`.
        let longest = |at: &usize| statement.sql.starts_with("ALTER ") || Some(at) == places.iter().max();
        let mut meant: Vec<usize> = places.iter().copied().filter(longest).collect();
        meant.sort_unstable();
        for at in meant.iter().rev() {
            statement.sql.insert_str(*at, &format!(" {}", condition.clause()));
        }
        let is_whole = !meant.is_empty() && place(&statement.sql, "ADD CONSTRAINT").is_none();
        if !is_whole && !statement.sql.starts_with("COMMENT ON ") {
            let message =
                format!("{} has no {} for all that belongs to this", flavour.title(), condition.clause());
            return Err(Diagnostic::new(ErrorKind::Unsupported, message)
                .hint("run it with a connection: then it is decided by looking"));
        }
    }
    let why = "whether there was anything to do was not known when this was written";
    written.reverse = Reverse::Irreversible(why.to_owned());
    Ok(())
}

/// Where words stand that begin a statement or a clause of one. Names are quoted, so that what begins a line
/// or follows the name of a table is no name.
fn place(sql: &str, words: &str) -> Option<usize> {
    if sql.starts_with(words) {
        return Some(0);
    }
    let is_clause = |at: usize| sql[..at].ends_with(['\n', '"', '`', ' ']) && !is_within_name(&sql[..at]);
    sql.match_indices(words).map(|(at, _)| at).find(|at| is_clause(*at))
}

fn is_within_name(before: &str) -> bool {
    ['"', '`'].iter().any(|mark| before.matches(*mark).count() % 2 == 1)
}

/// What an operation does only under a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    CreateTable,
    DropTable,
    AddColumn,
    DropColumn,
    CreateIndex,
    DropIndex,
    AddConstraint,
    DropConstraint,
    CreateEnum,
    DropEnum,
    CreateSequence,
    DropSequence,
    CreateView,
    DropView,
    DropFunction,
    DropTrigger,
}

impl Condition {
    const fn clause(self) -> &'static str {
        match self {
            Self::CreateTable
            | Self::AddColumn
            | Self::CreateIndex
            | Self::AddConstraint
            | Self::CreateEnum
            | Self::CreateSequence
            | Self::CreateView => "IF NOT EXISTS",
            Self::DropTable
            | Self::DropColumn
            | Self::DropIndex
            | Self::DropConstraint
            | Self::DropEnum
            | Self::DropSequence
            | Self::DropView
            | Self::DropFunction
            | Self::DropTrigger => "IF EXISTS",
        }
    }
}

fn condition(operation: &Operation) -> Option<Condition> {
    let (said, condition) = match operation {
        Operation::CreateTable(one) => (one.if_not_exists, Condition::CreateTable),
        Operation::DropTable(one) => (one.if_exists, Condition::DropTable),
        Operation::AddColumn(one) => (one.if_not_exists, Condition::AddColumn),
        Operation::DropColumn(one) => (one.if_exists, Condition::DropColumn),
        Operation::CreateIndex(one) => (one.if_not_exists, Condition::CreateIndex),
        Operation::DropIndex(one) => (one.if_exists, Condition::DropIndex),
        Operation::AddConstraint(one) => (one.if_not_exists, Condition::AddConstraint),
        Operation::DropConstraint(one) => (one.if_exists, Condition::DropConstraint),
        Operation::CreateEnum(one) => (one.if_not_exists, Condition::CreateEnum),
        Operation::DropEnum(one) => (one.if_exists, Condition::DropEnum),
        Operation::CreateSequence(one) => (one.if_not_exists, Condition::CreateSequence),
        Operation::DropSequence(one) => (one.if_exists, Condition::DropSequence),
        Operation::CreateView(one) => (one.if_not_exists, Condition::CreateView),
        Operation::DropView(one) => (one.if_exists, Condition::DropView),
        Operation::DropFunction(one) => (one.if_exists, Condition::DropFunction),
        Operation::DropTrigger(one) => (one.if_exists, Condition::DropTrigger),
        Operation::RenameTable(_)
        | Operation::AlterColumn(_)
        | Operation::AlterEnum(_)
        | Operation::AlterSequence(_)
        | Operation::ReplaceView(_)
        | Operation::CreateFunction(_)
        | Operation::ReplaceFunction(_)
        | Operation::CreateTrigger(_)
        | Operation::ReplaceTrigger(_)
        | Operation::CommentOnTable(_)
        | Operation::CommentOnColumn(_)
        | Operation::Execute(_)
        | Operation::BulkInsert(_)
        | Operation::Batch(_) => return None,
    };
    said.then_some(condition)
}

/// The words that the condition stands behind; `None` where the engine has no such condition (the pages of the
/// statements in each manual; "SQL Syntax" on sqlite.org).
fn words(flavour: Flavour, condition: Condition) -> Option<&'static [&'static str]> {
    let is_mariadb = flavour == Flavour::Mariadb;
    let dialect = flavour.dialect();
    let alters_columns = dialect == Dialect::Postgres || is_mariadb;
    Some(match condition {
        Condition::CreateTable => {
            &["CREATE TABLE", "CREATE UNLOGGED TABLE", "CREATE INDEX", "CREATE UNIQUE INDEX"]
        }
        Condition::DropTable => &["DROP TABLE"],
        Condition::AddColumn if is_mariadb => &["ADD COLUMN", "ADD KEY", "ADD UNIQUE KEY"],
        Condition::AddColumn if alters_columns => &["ADD COLUMN", "CREATE INDEX", "CREATE UNIQUE INDEX"],
        Condition::DropColumn if alters_columns => &["DROP COLUMN"],
        Condition::CreateIndex if dialect == Dialect::Mysql => {
            return is_mariadb.then_some(&["ADD KEY", "ADD UNIQUE KEY", "ADD FULLTEXT KEY"]);
        }
        Condition::CreateIndex => &[
            "CREATE INDEX CONCURRENTLY",
            "CREATE UNIQUE INDEX CONCURRENTLY",
            "CREATE INDEX",
            "CREATE UNIQUE INDEX",
        ],
        Condition::DropIndex if dialect == Dialect::Mysql => {
            return is_mariadb.then_some(&["DROP INDEX"]);
        }
        Condition::DropIndex => &["DROP INDEX CONCURRENTLY", "DROP INDEX"],
        Condition::DropConstraint if dialect == Dialect::Postgres => &["DROP CONSTRAINT"],
        Condition::DropConstraint if is_mariadb => &["DROP FOREIGN KEY", "DROP CONSTRAINT", "DROP INDEX"],
        Condition::DropEnum => &["DROP TYPE"],
        Condition::CreateSequence => &["CREATE SEQUENCE"],
        Condition::DropSequence => &["DROP SEQUENCE"],
        Condition::CreateView if is_mariadb || dialect == Dialect::Sqlite => &["CREATE VIEW"],
        Condition::DropView => &["DROP MATERIALIZED VIEW", "DROP VIEW"],
        Condition::DropFunction => &["DROP FUNCTION", "DROP PROCEDURE"],
        Condition::DropTrigger => &["DROP TRIGGER"],
        Condition::AddColumn
        | Condition::DropColumn
        | Condition::AddConstraint
        | Condition::DropConstraint
        | Condition::CreateEnum
        | Condition::CreateView => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_within_a_name_are_none() {
        let sql = "ALTER TABLE \"DROP COLUMN x\" DROP COLUMN \"a\"";
        assert_eq!(place(sql, "DROP COLUMN"), Some(28));
        assert_eq!(place("DROP TABLE \"t\"", "DROP TABLE"), Some(0));
        assert_eq!(place("ALTER TABLE `t`\n  ADD KEY `ADD KEY` (`a`)", "ADD KEY"), Some(18));
    }
}
