//! Statements as a script for psql. What is in them is decided elsewhere.

use crate::difference::Statement;

/// Statements as psql takes them: in one transaction, so that an error leaves nothing half done.
///
/// What can't share one (a value of an enumerated type that is used further down) has one of its own.
/// So the script is right under `psql --single-transaction`, too: there the first `BEGIN` and the
/// last `COMMIT` change nothing, and psql says so in a warning.
pub(crate) fn script(statements: &[Statement]) -> String {
    if let [statement] = statements {
        return format!("{};\n", statement.sql);
    }
    let together = |one: &Statement, next: &Statement| one.in_transaction && next.in_transaction;
    statements.chunk_by(together).map(transaction).collect()
}

fn transaction(statements: &[Statement]) -> String {
    let lines: String = statements.iter().map(|statement| format!("{};\n", statement.sql)).collect();
    format!("BEGIN;\n{lines}COMMIT;\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_statements_are_a_transaction_and_one_is_none() {
        assert_eq!(script(&[]), "");
        assert_eq!(script(&[Statement::alone("a")]), "a;\n");
        assert_eq!(script(&[Statement::new("a"), Statement::new("b")]), "BEGIN;\na;\nb;\nCOMMIT;\n");
    }

    #[test]
    fn what_must_be_committed_first_has_a_transaction_of_its_own() {
        let statements = [Statement::alone("a"), Statement::alone("b"), Statement::new("c")];
        assert_eq!(script(&statements), "BEGIN;\na;\nCOMMIT;\nBEGIN;\nb;\nCOMMIT;\nBEGIN;\nc;\nCOMMIT;\n");
    }
}
