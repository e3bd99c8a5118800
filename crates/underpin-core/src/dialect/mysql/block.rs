//! Where a MySQL or MariaDB statement ends: at a semicolon, except in the compound statements of a
//! routine's body (MySQL manual, "Compound Statements"; MariaDB manual, "Programmatic & Compound
//! Statements", also outside of routines and in Oracle mode). Not a parser.

use super::{
    client,
    routine::{Header, Progress},
};
use crate::sql::{Blocks, Code, SqlErrorKind, TokenKind};

/// What is open in the statement under way.
#[derive(Default)]
pub(crate) struct Compounds {
    phase: Phase,
    /// The compound statements that are open, outermost first.
    stack: Vec<Frame>,
    /// Whether the next word starts a statement of the body.
    at_start: bool,
    previous: Previous,
    /// Where in `DECLARE … HANDLER FOR …` the statement under way is.
    handler: Handler,
    /// Whether the statement under way is a routine inside of a package.
    nested_routine: bool,
    /// How many tokens name the trigger that this one follows or precedes.
    skip: usize,
    parentheses: usize,
}

#[derive(Default)]
enum Phase {
    /// Before the first token.
    #[default]
    Start,
    /// `BEGIN` was the first token; NOT ATOMIC decides.
    Begin(usize),
    /// In what stands before a routine's body.
    Header(Header),
    /// In a routine's body, or a compound statement without a routine.
    Body,
    /// Nothing that a semicolon would not end.
    Plain,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Open {
    Begin,
    /// The declarations before the BEGIN of Oracle mode, or the content of a package.
    Declarations,
    If,
    CaseStatement,
    CaseExpression,
    Loop,
    /// A WHILE or FOR before its DO or LOOP.
    LoopHeader,
    Repeat,
    /// A REPEAT after its UNTIL.
    Until,
}

#[derive(Clone, Copy)]
struct Frame {
    open: Open,
    word: &'static str,
    start: usize,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Previous {
    /// Something that an expression can end with.
    Operand,
    /// An END that closed something: the next word repeats what.
    End,
    /// The first word of a statement, which a colon makes a label.
    First,
    Begin,
    Dot,
    /// An operator, or a word that an expression must follow.
    #[default]
    Other,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Handler {
    #[default]
    None,
    Declare,
    /// After HANDLER: FOR comes next.
    For,
    /// A condition comes next.
    Condition,
    /// After a condition: a comma, or the statement.
    Handled,
}

/// Words that an expression goes on after, so that an END behind them is a column.
const BEFORE_OPERAND: &[&str] = &[
    "WHEN", "THEN", "ELSE", "CASE", "AND", "OR", "NOT", "XOR", "DIV", "MOD", "LIKE", "IN", "IS", "BETWEEN",
    "UNTIL", "SELECT", "WHERE", "BY", "AS", "SET", "ON", "HAVING", "RETURN", "INTERVAL",
];

impl Compounds {
    fn top(&self) -> Option<Open> {
        self.stack.last().map(|frame| frame.open)
    }

    fn retop(&mut self, open: Open) {
        if let Some(frame) = self.stack.last_mut() {
            frame.open = open;
        }
    }

    fn push(&mut self, open: Open, word: &'static str, code: &Code<'_>) {
        self.stack.push(Frame { open, word, start: code.start });
    }

    /// The first token of the whole statement.
    fn first(&mut self, code: &Code<'_>) {
        if code.is("BEGIN") {
            self.phase = Phase::Begin(code.start);
        } else if code.is_one_of(&["CREATE", "ALTER"]) {
            self.phase = Phase::Header(Header::default());
        } else if code.is("DECLARE") {
            // The anonymous block of Oracle mode.
            self.phase = Phase::Body;
            self.push(Open::Declarations, "DECLARE", code);
            self.at_start = true;
        } else if code.is_one_of(&["IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR"]) {
            self.phase = Phase::Body;
            self.statement_start(code);
        } else {
            self.phase = Phase::Plain;
        }
    }

    fn header(&mut self, code: &Code<'_>) {
        let Phase::Header(header) = &mut self.phase else { return };
        match header.feed(code) {
            Progress::Going => {}
            Progress::NoRoutine => self.phase = Phase::Plain,
            Progress::BodyNext => self.enter_body(),
            Progress::Body => {
                self.enter_body();
                self.body(code);
            }
            Progress::Declarations => {
                self.enter_body();
                self.push(Open::Declarations, "AS", code);
            }
            Progress::Package => {
                self.enter_body();
                self.push(Open::Declarations, "PACKAGE", code);
                self.body(code);
            }
        }
    }

    fn enter_body(&mut self) {
        self.phase = Phase::Body;
        self.at_start = true;
        self.previous = Previous::Other;
    }

    fn body(&mut self, code: &Code<'_>) {
        if code.is_operator("(") {
            self.parentheses += 1;
        } else if code.is_operator(")") {
            self.parentheses = self.parentheses.saturating_sub(1);
        }
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.previous == Previous::Dot {
            self.previous = Previous::Operand;
        } else if self.at_start {
            self.statement_start(code);
        } else {
            self.statement_rest(code);
        }
    }

    /// The first word of a statement inside the body.
    fn statement_start(&mut self, code: &Code<'_>) {
        self.at_start = false;
        self.nested_routine = false;
        let after_begin = self.previous == Previous::Begin;
        self.previous = Previous::First;
        if code.kind != TokenKind::Word {
            return;
        }
        match code.text.to_ascii_uppercase().as_str() {
            "BEGIN" => self.begin(code),
            // BEGIN NOT ATOMIC
            "NOT" | "ATOMIC" if after_begin => {
                self.at_start = true;
                self.previous = Previous::Begin;
            }
            "IF" => self.push(Open::If, "IF", code),
            "CASE" => {
                self.push(Open::CaseStatement, "CASE", code);
                self.previous = Previous::Other;
            }
            "LOOP" => self.open_body(Open::Loop, "LOOP", code),
            "REPEAT" => self.open_body(Open::Repeat, "REPEAT", code),
            "WHILE" => self.push(Open::LoopHeader, "WHILE", code),
            "FOR" => self.push(Open::LoopHeader, "FOR", code),
            "END" => self.end(),
            "UNTIL" => {
                self.retop(Open::Until);
                self.previous = Previous::Other;
            }
            "ELSE" | "EXCEPTION" => self.at_start = true,
            "DECLARE" => self.handler = Handler::Declare,
            "PROCEDURE" | "FUNCTION" if self.top() == Some(Open::Declarations) => self.nested_routine = true,
            "FOLLOWS" | "PRECEDES" if self.stack.is_empty() => {
                self.skip = 1;
                self.at_start = true;
            }
            _ => {}
        }
    }

    fn begin(&mut self, code: &Code<'_>) {
        if self.top() == Some(Open::Declarations) {
            self.retop(Open::Begin);
        } else {
            self.push(Open::Begin, "BEGIN", code);
        }
        self.at_start = true;
        self.previous = Previous::Begin;
    }

    fn open_body(&mut self, open: Open, word: &'static str, code: &Code<'_>) {
        self.push(open, word, code);
        self.at_start = true;
        self.previous = Previous::Other;
    }

    fn end(&mut self) {
        self.stack.pop();
        self.previous = Previous::End;
    }

    /// A token inside a statement of the body.
    fn statement_rest(&mut self, code: &Code<'_>) {
        if self.handler != Handler::None && self.handler(code) {
            return;
        }
        let previous = std::mem::replace(&mut self.previous, after(code));
        if code.is_operator(":") && previous == Previous::First {
            self.at_start = true;
        }
        if code.kind != TokenKind::Word {
            return;
        }
        match code.text.to_ascii_uppercase().as_str() {
            "CASE" if previous != Previous::End => self.push(Open::CaseExpression, "CASE", code),
            "END" if previous == Previous::Operand && self.top() == Some(Open::Until) => self.end(),
            // What a CASE expression leaves behind is an operand like any other.
            "END" if previous == Previous::Operand && self.top() == Some(Open::CaseExpression) => {
                self.stack.pop();
            }
            "THEN" => self.at_start = self.top() != Some(Open::CaseExpression),
            "DO" | "LOOP" if self.top() == Some(Open::LoopHeader) => {
                self.retop(Open::Loop);
                self.at_start = true;
            }
            "AS" | "IS" if self.nested_routine && self.parentheses == 0 => {
                self.open_body(Open::Declarations, "AS", code);
            }
            "BEGIN" if self.nested_routine && self.parentheses == 0 => {
                self.push(Open::Begin, "BEGIN", code);
                self.at_start = true;
            }
            _ => {}
        }
    }

    /// What follows DECLARE; true if the token was dealt with.
    fn handler(&mut self, code: &Code<'_>) -> bool {
        self.handler = match self.handler {
            Handler::Declare if code.is("HANDLER") => Handler::For,
            Handler::For if code.is("FOR") => Handler::Condition,
            Handler::Condition if code.is_one_of(&["SQLSTATE", "VALUE", "NOT"]) => Handler::Condition,
            Handler::Condition => Handler::Handled,
            Handler::Handled if code.is_operator(",") => Handler::Condition,
            Handler::Handled => {
                self.handler = Handler::None;
                self.statement_start(code);
                return true;
            }
            Handler::None | Handler::Declare | Handler::For => return false,
        };
        true
    }

    fn statement_end(&mut self) {
        // No expression holds a semicolon: what looks open was a name, not a keyword.
        while self.top() == Some(Open::CaseExpression) {
            self.stack.pop();
        }
        self.handler = Handler::None;
        self.parentheses = 0;
        self.nested_routine = false;
        self.at_start = true;
        self.previous = Previous::Other;
    }
}

/// What a token is to the one after it.
fn after(code: &Code<'_>) -> Previous {
    match code.kind {
        TokenKind::Operator if code.text == "." => Previous::Dot,
        TokenKind::Operator if code.text != ")" => Previous::Other,
        TokenKind::Word if code.is_one_of(BEFORE_OPERAND) => Previous::Other,
        _ => Previous::Operand,
    }
}

impl Blocks for Compounds {
    fn feed(&mut self, code: &Code<'_>) {
        match self.phase {
            Phase::Start => self.first(code),
            Phase::Begin(start) => {
                self.phase = Phase::Plain;
                if code.is("NOT") {
                    self.enter_body();
                    self.stack.push(Frame { open: Open::Begin, word: "BEGIN", start });
                    self.previous = Previous::Begin;
                }
            }
            Phase::Header(_) => self.header(code),
            Phase::Body if code.kind == TokenKind::Semicolon => self.statement_end(),
            Phase::Body => self.body(code),
            Phase::Plain => {}
        }
    }

    fn open(&self) -> Option<(SqlErrorKind, usize)> {
        let frame = self.stack.iter().rev().find(|frame| frame.open != Open::CaseExpression)?;
        Some((SqlErrorKind::UnterminatedBlock(frame.word), frame.start))
    }

    fn compound(&self) -> bool {
        match &self.phase {
            Phase::Header(header) => header.is_routine(),
            Phase::Body => true,
            Phase::Start | Phase::Begin(_) | Phase::Plain => false,
        }
    }

    fn obeys_delimiter() -> bool {
        true
    }

    fn refuse(code: &Code<'_>, index: usize, _: &Code<'_>, _: Option<&Code<'_>>) -> Option<SqlErrorKind> {
        client::refuse(code, index)
    }
}

#[cfg(test)]
mod tests;
