//! Where an SQLite statement ends: at a semicolon, except in the body of a trigger. Not a parser.

use super::client;
use crate::sql::{Blocks, Code, SqlErrorKind, TokenKind};

/// The body of a trigger, if the statement creates one.
///
/// The body ends as `sqlite3_complete` has it (sqlite.org, "Determine If An SQL Statement Is
/// Complete"): at an END directly after a semicolon. The END of a CASE never stands there, and a
/// column called `end` does not either.
#[derive(Default)]
pub(crate) struct Triggers {
    state: State,
    begin: usize,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    /// Before the first word that tells.
    #[default]
    Start,
    /// After `CREATE [TEMP]`.
    Create,
    /// After `CREATE TRIGGER`.
    Header,
    /// In the body, where a statement may start.
    StatementStart,
    /// In the body.
    Body,
    /// Nothing that a semicolon would not end.
    Plain,
}

impl Blocks for Triggers {
    fn feed(&mut self, code: &Code<'_>) {
        self.state = match self.state {
            State::Start if code.is_one_of(&["EXPLAIN", "QUERY", "PLAN"]) => State::Start,
            State::Start if code.is("CREATE") => State::Create,
            State::Create if code.is_one_of(&["TEMP", "TEMPORARY"]) => State::Create,
            State::Create if code.is("TRIGGER") => State::Header,
            State::Start | State::Create | State::Plain => State::Plain,
            State::Header if code.is("BEGIN") => {
                self.begin = code.start;
                State::StatementStart
            }
            State::Header => State::Header,
            State::StatementStart if code.is("END") => State::Plain,
            State::StatementStart | State::Body if code.kind == TokenKind::Semicolon => State::StatementStart,
            State::StatementStart | State::Body => State::Body,
        };
    }

    fn open(&self) -> Option<(SqlErrorKind, usize)> {
        match self.state {
            State::StatementStart | State::Body => {
                Some((SqlErrorKind::UnterminatedBlock("BEGIN"), self.begin))
            }
            State::Start | State::Create | State::Header | State::Plain => None,
        }
    }

    fn compound(&self) -> bool {
        matches!(self.state, State::StatementStart | State::Body)
    }

    fn refuse(code: &Code<'_>, index: usize, _: &Code<'_>, _: Option<&Code<'_>>) -> Option<SqlErrorKind> {
        client::refuse(code, index)
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        dialect::Dialect,
        sql::{SqlErrorKind, split},
    };

    #[test]
    fn a_trigger_ends_at_the_end_of_its_body() {
        for statement in [
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET b = 1; END",
            "create temp trigger if not exists main.t instead of delete on v for each row when old.x > 1 \
             begin delete from a where b = old.x; select raise(abort, ';'); end",
            "CREATE TRIGGER t AFTER UPDATE OF end, begin ON a BEGIN\n  SELECT CASE WHEN new.end THEN 1 ELSE 2 END;\n\
             INSERT INTO b VALUES (CASE new.x WHEN 1 THEN 2 END);\n  -- END;\nEND",
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET end = CASE 1 WHEN 1 THEN 2 END;; END",
            "EXPLAIN QUERY PLAN CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END",
            "CREATE TABLE trigger_log (begin, 'end')",
            "CREATE VIEW trigger AS SELECT CASE WHEN 1 THEN 2 END AS begin",
            "BEGIN IMMEDIATE",
            "DROP TRIGGER t",
        ] {
            let source = format!("SELECT 1; {statement} /* x */ ;SELECT 2");
            let statements = split(Dialect::Sqlite, &source).unwrap();
            let texts: Vec<&str> = statements.iter().map(|statement| statement.text).collect();
            assert_eq!(texts, ["SELECT 1", statement, "SELECT 2"]);
        }
    }

    #[test]
    fn a_trigger_without_its_end_is_refused_at_its_begin() {
        let source =
            "SELECT 1;\nCREATE TRIGGER t AFTER INSERT ON a\nBEGIN SELECT CASE 1 WHEN 1 THEN 2 END; SELECT 3;";
        let error = split(Dialect::Sqlite, source).unwrap_err();
        assert_eq!((error.kind, error.line, error.column), (SqlErrorKind::UnterminatedBlock("BEGIN"), 3, 1));
    }
}
