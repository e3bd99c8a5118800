//! Where a PostgreSQL statement ends: at a semicolon, except in a routine's body of BEGIN ATOMIC …
//! END and in the actions of a rule. Not a parser.

use super::client;
use crate::sql::{Blocks, Code, SqlErrorKind, TokenKind};

/// What is open in the statement under way.
///
/// As psql does it (`psqlscan.l`), except that BEGIN needs its ATOMIC and only the parentheses of
/// CREATE RULE count, so that a parenthesis forgotten elsewhere spoils one statement and not the
/// rest of the file.
#[derive(Default)]
pub(crate) struct Bodies {
    state: State,
    /// The start of each BEGIN and CASE that is open.
    open: Vec<(&'static str, usize)>,
    /// The start of each parenthesis that is open.
    parentheses: Vec<usize>,
    /// The start of a BEGIN that was the previous token.
    begin: Option<usize>,
    /// Whether the previous token turns a keyword into a name: a dot, or AS.
    name_next: bool,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    /// Before the word that tells.
    #[default]
    Start,
    /// After `CREATE [OR REPLACE]`.
    Create,
    /// In `CREATE FUNCTION` or `CREATE PROCEDURE`.
    Routine,
    /// In `CREATE RULE`.
    Rule,
    /// Nothing that a semicolon would not end.
    Plain,
}

impl Bodies {
    fn routine(&mut self, code: &Code<'_>) {
        let begin = self.begin.take();
        if std::mem::take(&mut self.name_next) {
            return;
        }
        if self.open.is_empty() {
            match begin {
                Some(start) if code.is("ATOMIC") => self.open.push(("BEGIN", start)),
                _ => self.begin = code.is("BEGIN").then_some(code.start),
            }
        } else if code.is("CASE") {
            self.open.push(("CASE", code.start));
        } else if code.is("END") {
            self.open.pop();
        }
        self.name_next = code.is_operator(".") || (code.is("AS") && !self.open.is_empty());
    }

    fn rule(&mut self, code: &Code<'_>) {
        if code.is_operator("(") {
            self.parentheses.push(code.start);
        } else if code.is_operator(")") {
            self.parentheses.pop();
        }
    }
}

impl Blocks for Bodies {
    fn feed(&mut self, code: &Code<'_>) {
        match self.state {
            State::Start => self.state = if code.is("CREATE") { State::Create } else { State::Plain },
            State::Create if code.is_one_of(&["OR", "REPLACE"]) => {}
            State::Create if code.is_one_of(&["FUNCTION", "PROCEDURE"]) => self.state = State::Routine,
            State::Create if code.is("RULE") => self.state = State::Rule,
            State::Create => self.state = State::Plain,
            // A statement of the body ends: what it left open was not what it looked like.
            State::Routine if code.kind == TokenKind::Semicolon => self.open.truncate(1),
            State::Routine => self.routine(code),
            State::Rule => self.rule(code),
            State::Plain => {}
        }
    }

    fn open(&self) -> Option<(SqlErrorKind, usize)> {
        let block = self.open.last().map(|&(word, start)| (SqlErrorKind::UnterminatedBlock(word), start));
        let parenthesis =
            self.parentheses.last().map(|&start| (SqlErrorKind::UnterminatedParenthesis, start));
        block.or(parenthesis)
    }

    fn compound(&self) -> bool {
        self.open().is_some()
    }

    fn refuse(
        code: &Code<'_>,
        _: usize,
        first: &Code<'_>,
        previous: Option<&Code<'_>>,
    ) -> Option<SqlErrorKind> {
        client::refuse(code, first, previous)
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        dialect::Dialect,
        sql::{SqlErrorKind, split},
    };

    #[test]
    fn bodies_and_rules_are_kept_together() {
        for statement in [
            "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a > 1 \
             THEN (CASE a WHEN 2 THEN 3 END) ELSE 4 END; END",
            "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO a VALUES (1); SELECT 1 AS end, t.end FROM t; \
             SELECT 2 AS case; END",
            "CREATE FUNCTION f(begin int) RETURNS int AS $$ BEGIN; RETURN 1; END; $$ LANGUAGE plpgsql",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2;'",
            "CREATE FUNCTION f() RETURNS int RETURN CASE WHEN true THEN 1 END",
            "CREATE RULE r AS ON INSERT TO a DO ALSO (INSERT INTO b VALUES (1); DELETE FROM c WHERE (d = 1);)",
            "CREATE OR REPLACE RULE r AS ON DELETE TO a DO INSTEAD NOTHING",
            "DO $body$ BEGIN PERFORM 1; END; $body$",
            "CREATE TABLE a (b int CHECK (CASE WHEN b > 1 THEN true ELSE false END))",
            "CREATE SCHEMA s CREATE TABLE a (b int) CREATE VIEW v AS SELECT 1",
            "CREATE TABLE atomic (begin int)",
            "BEGIN",
            "SELECT ((1",
        ] {
            let source = format!("SELECT 1; {statement} ;SELECT 2");
            let statements = split(Dialect::Postgres, &source).unwrap();
            let texts: Vec<&str> = statements.iter().map(|statement| statement.text).collect();
            assert_eq!(texts, ["SELECT 1", statement, "SELECT 2"]);
        }
    }

    #[test]
    fn what_is_left_open_is_refused_where_it_opens() {
        for (source, kind, column) in [
            ("CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;", SqlErrorKind::UnterminatedBlock("BEGIN"), 21),
            ("CREATE RULE r AS ON INSERT TO a DO (SELECT 1;", SqlErrorKind::UnterminatedParenthesis, 36),
        ] {
            let error = split(Dialect::Postgres, source).unwrap_err();
            assert_eq!((error.kind, error.column), (kind, column), "{source}");
        }
    }
}
