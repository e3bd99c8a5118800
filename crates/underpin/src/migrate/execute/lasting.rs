//! Rows that stay whatever becomes of their transaction: those of tables whose engine has none, such as
//! MyISAM and Aria on MySQL and MariaDB. What changes some goes through the journal.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    name::literal,
    plan::{PlannedStatement, Step},
    sql::{self, Repeat},
};

use super::{Execution, failed::StatementError, failure, journal::Checksums};
use crate::{
    database::{DatabaseError, Guarded},
    point::{Point, reach},
    policy::TransactionMode,
};

/// Errors that a server finds before it changes any row: the words, a table, a column, the number of
/// values, a right ("Server Error Message Reference" in MySQL's manual).
const BEFORE_ANY_ROW: [&str; 6] =
    ["error 1064", "error 1146", "error 1054", "error 1136", "error 1142", "error 1143"];

/// A table whose rows can't be rolled back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lasting {
    table: String,
    engine: String,
}

/// `notes, whose engine MyISAM has no transactions`.
impl std::fmt::Display for Lasting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, whose engine {} has no transactions", self.table, self.engine)
    }
}

/// Whether a statement that failed with this error may have changed rows.
fn may_have_begun(error: &DatabaseError) -> bool {
    !error.code.as_deref().is_some_and(|code| BEFORE_ANY_ROW.contains(&code))
}

impl Execution<'_> {
    /// Whether a step can be one transaction with its record on this database; with one transaction for
    /// the whole run, it has to be.
    pub(super) async fn is_one_transaction(&mut self, step: &Step) -> Result<bool, Diagnostic> {
        if !step.transactional {
            return Ok(false);
        }
        let lasting = self.lasting(&step.statements).await;
        let lasting = lasting.map_err(|error| failure::database(&error, "the catalog could not be read"))?;
        match lasting {
            None => Ok(true),
            Some(_) if self.mode != TransactionMode::All => Ok(false),
            Some(lasting) => {
                let message = format!(
                    "revision {} can't be rolled back, as one transaction for the whole run has to be: it changes {lasting}",
                    step.title()
                );
                Err(Diagnostic::new(ErrorKind::Unsupported, message)
                    .hint("leave out --tx-mode all, or give the table an engine with transactions"))
            }
        }
    }

    /// Runs a statement whose rows stay whatever becomes of it, so that nothing but a probe or a person
    /// knows what it has done if it does not come to its end.
    pub(super) async fn run_lasting(
        &mut self,
        step: &Step,
        index: usize,
        checksums: &Checksums,
        lasting: Lasting,
    ) -> Result<bool, StatementError> {
        let marked = self.mark_started(step, index, checksums, None).await?;
        reach(Point::StatementStarted).await;
        self.confirm_again(marked).await?;
        match self.send_statement(&step.statements[index].text).await {
            Ok(_) => {
                reach(Point::StatementDone).await;
                Ok(true)
            }
            Err(guarded) => {
                let guarded = guarded.map(|failure| failure.error);
                Err(match &guarded {
                    Guarded::Failed(error) if !may_have_begun(error) => StatementError::Statement(guarded),
                    Guarded::NotSent(_) => StatementError::Statement(guarded),
                    _ => StatementError::Kept(guarded, lasting),
                })
            }
        }
    }

    /// A table that these statements may change and whose rows nobody rolls back, if there is any.
    pub(super) async fn lasting(
        &mut self,
        statements: &[PlannedStatement],
    ) -> Result<Option<Lasting>, DatabaseError> {
        if self.dialect() != Dialect::Mysql {
            return Ok(None);
        }
        let flavour = self.flavour();
        let transactional =
            |statement: &&PlannedStatement| statement.repeat(flavour) == Repeat::Transactional;
        let texts: Vec<&str> =
            statements.iter().filter(transactional).map(|statement| statement.text.as_str()).collect();
        self.lasting_in(&texts).await
    }

    /// The same of statements that could share a transaction with the row that records them.
    pub(super) async fn lasting_in(&mut self, statements: &[&str]) -> Result<Option<Lasting>, DatabaseError> {
        if self.dialect() != Dialect::Mysql {
            return Ok(None);
        }
        let names = statements
            .iter()
            .filter(|text| sql::may_change_rows(text))
            .flat_map(|text| sql::object_names(Dialect::Mysql, text));
        let names: Vec<String> = names.map(|name| literal(Dialect::Mysql, &name)).collect();
        if names.is_empty() {
            return Ok(None);
        }
        let list = names.join(", ");
        let sql = format!(
            "SELECT named.TABLE_NAME, named.ENGINE FROM information_schema.TABLES AS named \
             JOIN information_schema.ENGINES AS engines ON engines.ENGINE = named.ENGINE \
             WHERE (named.TABLE_SCHEMA = DATABASE() OR named.TABLE_SCHEMA IN ({list})) AND named.TABLE_NAME IN ({list}) \
             AND COALESCE(engines.TRANSACTIONS, 'NO') <> 'YES' ORDER BY 1 LIMIT 1"
        );
        let rows = self.session.fetch(&sql).await?;
        Ok(rows.first().map(|row| Lasting { table: row.text(0).to_owned(), engine: row.text(1).to_owned() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::ErrorClass;

    #[test]
    fn what_a_server_refuses_before_it_begins_has_changed_nothing() {
        let error = |code: &str| DatabaseError {
            code: Some(code.to_owned()),
            ..DatabaseError::new(ErrorClass::Statement, "no")
        };
        assert!(!may_have_begun(&error("error 1064")));
        assert!(may_have_begun(&error("error 1062")));
        assert!(may_have_begun(&DatabaseError::new(ErrorClass::ConnectionLost, "gone")));
    }
}
