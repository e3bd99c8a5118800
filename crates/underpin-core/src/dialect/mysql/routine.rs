//! What stands between CREATE and the body of a procedure, function, trigger, event or package
//! (MySQL manual, "Data Definition Statements"; MariaDB manual, "CREATE PACKAGE"). Not the body.

use crate::sql::{Code, TokenKind};

/// The header of a CREATE or ALTER statement, up to the body of the routine if it has one.
#[derive(Default)]
pub(super) struct Header {
    kind: Option<Kind>,
    /// Tokens since the word that says the kind.
    index: usize,
    parentheses: usize,
    previous: Last,
    /// Whether a RETURN came, which in Oracle mode names a type and not a value.
    returns: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Routine,
    Trigger,
    Event,
    Package,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Last {
    Dot,
    /// `=` or `@`: a part of the definer's name comes next.
    Definer,
    Each,
    /// CHARACTER, CHARSET or RETURNS, after which SET is a type.
    Type,
    #[default]
    Other,
}

/// What a token of the header leads to.
#[derive(Debug, PartialEq)]
pub(super) enum Progress {
    /// The header goes on.
    Going,
    /// The statement creates something without a body.
    NoRoutine,
    /// The body starts with the next token.
    BodyNext,
    /// The body starts with this token.
    Body,
    /// Declarations of Oracle mode start with the next token.
    Declarations,
    /// The content of a package starts with this token.
    Package,
}

/// The words that start a body of one statement; IF, CASE and the like may then stand inside it.
const STATEMENTS: &[&str] = &[
    "BEGIN", "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR", "SELECT", "INSERT", "UPDATE", "DELETE",
    "REPLACE", "CALL", "WITH", "ALTER", "CREATE", "DROP", "TRUNCATE", "RENAME", "EXECUTE", "PREPARE",
    "SIGNAL", "RESIGNAL", "DO", "SHOW", "SET", "KILL", "FLUSH", "ANALYZE", "OPTIMIZE",
];

/// The index of the token that the body of a routine begins with in the statement that creates it; nothing where
/// it has none that changes anything, as a function that only returns a value.
pub(crate) fn body(codes: &[Code<'_>]) -> Option<usize> {
    let mut header = Header::default();
    for (index, code) in codes.iter().enumerate().skip(1) {
        match header.feed(code) {
            Progress::Going => {}
            Progress::NoRoutine | Progress::Package => return None,
            Progress::BodyNext | Progress::Declarations => return Some(index + 1),
            Progress::Body => return Some(index),
        }
    }
    None
}

impl Header {
    /// Whether what is created is known to have a body.
    pub(super) fn is_routine(&self) -> bool {
        self.kind.is_some()
    }

    /// The next token of the header, without the CREATE or ALTER.
    pub(super) fn feed(&mut self, code: &Code<'_>) -> Progress {
        let last = std::mem::replace(&mut self.previous, last(code));
        let Some(kind) = self.kind else { return self.before_kind(code, last) };
        self.index += 1;
        if code.is_operator("(") {
            self.parentheses += 1;
        } else if code.is_operator(")") {
            self.parentheses = self.parentheses.saturating_sub(1);
        }
        if self.parentheses > 0 || code.kind != TokenKind::Word || last == Last::Dot {
            return Progress::Going;
        }
        match kind {
            Kind::Trigger if code.is("ROW") && last == Last::Each => Progress::BodyNext,
            Kind::Event if code.is("DO") => Progress::BodyNext,
            Kind::Trigger | Kind::Event => Progress::Going,
            Kind::Routine => self.routine(code, last),
            Kind::Package => self.package(code),
        }
    }

    fn before_kind(&mut self, code: &Code<'_>, last: Last) -> Progress {
        if last == Last::Definer || code.is_operator("@") || code.kind == TokenKind::Parameter {
            return Progress::Going;
        }
        self.kind = if code.is_one_of(&["PROCEDURE", "FUNCTION"]) {
            Some(Kind::Routine)
        } else if code.is("TRIGGER") {
            Some(Kind::Trigger)
        } else if code.is("EVENT") {
            Some(Kind::Event)
        } else if code.is("PACKAGE") {
            Some(Kind::Package)
        } else {
            None
        };
        let goes_on = self.kind.is_some()
            || code.is_one_of(&["OR", "REPLACE", "DEFINER", "AGGREGATE"])
            || code.is_operator("=")
            || code.is_operator("(")
            || code.is_operator(")");
        if goes_on { Progress::Going } else { Progress::NoRoutine }
    }

    fn routine(&mut self, code: &Code<'_>, last: Last) -> Progress {
        // IF NOT EXISTS directly after PROCEDURE or FUNCTION; or the routine's name, whatever it is.
        if self.index == 1 {
            return Progress::Going;
        }
        if code.is("AS") || (code.is("IS") && !self.returns) {
            return Progress::Declarations;
        }
        if code.is("RETURN") {
            self.returns = true;
            return Progress::Going;
        }
        let starts = code.is_one_of(STATEMENTS) && !(code.is("SET") && last == Last::Type);
        if starts && !self.returns { Progress::Body } else { Progress::Going }
    }

    fn package(&self, code: &Code<'_>) -> Progress {
        if code.is_one_of(&["AS", "IS"]) {
            Progress::Declarations
        } else if code.is_one_of(&["PROCEDURE", "FUNCTION", "BEGIN", "END"]) && self.index > 1 {
            Progress::Package
        } else {
            Progress::Going
        }
    }
}

fn last(code: &Code<'_>) -> Last {
    if code.is_operator(".") {
        Last::Dot
    } else if code.is_operator("=") || code.is_operator("@") {
        Last::Definer
    } else if code.is("EACH") {
        Last::Each
    } else if code.is_one_of(&["RETURNS", "CHARACTER", "CHAR", "CHARSET"]) {
        Last::Type
    } else {
        Last::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dialect::Dialect, sql::codes};

    #[test]
    fn a_body_begins_behind_what_is_said_of_its_routine() {
        for (routine, expected) in [
            ("CREATE PROCEDURE p() DROP TABLE t", Some("DROP")),
            (
                "CREATE DEFINER=`a`@`%` PROCEDURE IF NOT EXISTS s.p(IN `drop` int) COMMENT 'x' l: BEGIN END",
                Some("BEGIN"),
            ),
            (
                "CREATE PROCEDURE p() NOT DETERMINISTIC MODIFIES SQL DATA SQL SECURITY INVOKER DELETE FROM t",
                Some("DELETE"),
            ),
            (
                "CREATE FUNCTION f(a set('x')) RETURNS char(3) CHARACTER SET utf8mb4 BEGIN RETURN a; END",
                Some("BEGIN"),
            ),
            ("CREATE OR REPLACE PROCEDURE p() AS a int; BEGIN END", Some("a")),
            ("CREATE FUNCTION f() RETURNS int RETURN 1", None),
            ("CREATE TABLE t (i int)", None),
        ] {
            let codes: Vec<Code<'_>> = codes(Dialect::Mysql, routine).collect();
            assert_eq!(body(&codes).map(|at| codes[at].text), expected, "{routine}");
        }
    }
}
