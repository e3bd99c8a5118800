//! The steps of a program: PL/pgSQL, and the compound statements of MySQL and MariaDB. Which of them are
//! run, and how often, is not told.

use std::ops::Range;

use crate::{
    dialect::Dialect,
    sql::{Code, TokenKind},
};

/// The bytes of each statement of a program, in the order in which they stand.
pub(super) fn steps(dialect: Dialect, codes: &[Code<'_>]) -> Vec<Range<usize>> {
    let mut walk = Walk { dialect, codes, at: 0, steps: Vec::new() };
    while walk.at < codes.len() {
        walk.step();
    }
    walk.steps
}

struct Walk<'a> {
    dialect: Dialect,
    codes: &'a [Code<'a>],
    at: usize,
    steps: Vec<Range<usize>>,
}

impl Walk<'_> {
    /// Steps over what stands at the beginning of a statement: what only leads to one, or all of it.
    fn step(&mut self) {
        let code = &self.codes[self.at];
        if ends(code) {
            self.at += 1;
        } else if code.is_operator("<<") {
            self.skip_past(|code| code.is_operator(">>"));
        } else if self.codes.get(self.at + 1).is_some_and(|next| next.is_operator(":")) {
            self.at += 2;
        } else if code.is("BEGIN") {
            self.at += 1;
            while self.codes.get(self.at).is_some_and(|code| code.is_one_of(&["NOT", "ATOMIC"])) {
                self.at += 1;
            }
        } else if code.is_one_of(&["ELSE", "LOOP", "REPEAT", "EXCEPTION"]) {
            self.at += 1;
        } else if code.is("DECLARE") {
            self.declarations();
        } else if code.is_one_of(&["IF", "ELSIF", "ELSEIF", "CASE", "WHEN"]) {
            self.at += 1;
            self.skip_past(|code| code.is("THEN"));
        } else if code.is_one_of(&["FOR", "FOREACH", "WHILE"]) {
            let start = self.at;
            self.skip_past(|code| code.is_one_of(&["LOOP", "DO"]));
            self.looped(start..self.at.saturating_sub(1));
        } else if code.is_one_of(&["END", "UNTIL"]) {
            self.skip_past(ends);
        } else {
            self.statement();
        }
    }

    fn statement(&mut self) {
        let start = self.codes[self.at].start;
        while self.codes.get(self.at).is_some_and(|code| !ends(code)) {
            self.at += 1;
        }
        let last = &self.codes[self.at - 1];
        self.steps.push(start..last.start + last.text.len());
    }

    /// What a loop of PL/pgSQL goes through may be a statement: `FOR row IN DELETE … RETURNING … LOOP`.
    fn looped(&mut self, head: Range<usize>) {
        let Some(place) = self.codes[head.clone()].iter().position(|code| code.is("IN")) else { return };
        if let [first, .., last] = &self.codes[head.start + place + 1..head.end]
            && self.dialect == Dialect::Postgres
        {
            self.steps.push(first.start..last.start + last.text.len());
        }
    }

    /// PL/pgSQL declares up to `BEGIN`; MySQL one variable, or a handler with a statement or a block.
    fn declarations(&mut self) {
        let postgres = self.dialect == Dialect::Postgres;
        while self.codes.get(self.at).is_some_and(|code| !code.is("BEGIN") && (postgres || !ends(code))) {
            self.at += 1;
        }
    }

    /// Steps behind the first token that `stop` knows, in no parentheses and in no `CASE … END`.
    fn skip_past(&mut self, stop: impl Fn(&Code<'_>) -> bool) {
        let mut depth = 0_usize;
        while let Some(code) = self.codes.get(self.at) {
            self.at += 1;
            if depth == 0 && stop(code) {
                return;
            }
            if code.is_operator("(") || code.is("CASE") {
                depth += 1;
            } else if code.is_operator(")") || code.is("END") {
                depth = depth.saturating_sub(1);
            }
        }
    }
}

fn ends(code: &Code<'_>) -> bool {
    matches!(code.kind, TokenKind::Semicolon | TokenKind::Delimiter)
}
