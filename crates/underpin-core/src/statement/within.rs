//! Statements that another one runs: the body of a `DO`, what a `WITH` changes on the side, a text that is
//! prepared or executed, a routine that was made before and is called now. Not what waits in a function
//! until somebody calls it.

use std::ops::Range;

use super::{composed, program};
use crate::{
    dialect::{Dialect, mysql_routine_body},
    sql::{Code, TokenKind, catalog_name, codes},
};

/// A statement that another one runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// Its text. What is known only when it runs is an ellipsis in it.
    pub text: String,
    /// The bytes of the outer statement that it stands in.
    pub span: Range<usize>,
    /// Whether those bytes are its text as it is, without quotes in it that were doubled.
    pub verbatim: bool,
}

/// What a statement inside of another begins with, if it is one that does something.
const VERBS: &[&str] = &[
    "ALTER", "ANALYZE", "CLUSTER", "COMMENT", "COPY", "CREATE", "DELETE", "DO", "DROP", "GRANT", "INSERT",
    "LOAD", "LOCK", "MERGE", "OPTIMIZE", "REFRESH", "REINDEX", "RENAME", "REPLACE", "REVOKE", "SET",
    "TRUNCATE", "UPDATE", "VACUUM", "WITH",
];

/// What changes rows.
const CHANGES: &[&str] = &["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"];

/// How deep a text in a text is followed.
const DEPTH: usize = 4;

/// The statements that `text` runs besides what [`parse`](super::parse) tells of it, in their order.
/// `earlier` are the statements before it, which variables and routines are looked up in.
///
/// ```
/// use underpin_core::{dialect::Dialect, statement::within};
///
/// let found = within(Dialect::Postgres, "DO $$ BEGIN IF now() > '2026-01-01' THEN DROP TABLE a; END IF; END $$", &[]);
/// assert_eq!(found[0].text, "DROP TABLE a");
/// assert_eq!(found[0].span, 41..53);
/// ```
pub fn within(dialect: Dialect, text: &str, earlier: &[&str]) -> Vec<Within> {
    let mut reader = Reader { dialect, found: Vec::new(), depth: 0 };
    reader.read(text, &Place::Verbatim(0), earlier, false);
    reader.found
}

/// Where a text stands in the outermost statement.
#[derive(Clone)]
enum Place {
    /// As it is, from this byte on.
    Verbatim(usize),
    /// Somewhere in these bytes, with quotes or pieced together.
    Within(Range<usize>),
}

impl Place {
    /// The place of a part of a text that is at this one.
    fn of(&self, part: &Range<usize>) -> Self {
        match self {
            Self::Verbatim(start) => Self::Verbatim(start + part.start),
            Self::Within(span) => Self::Within(span.clone()),
        }
    }

    /// The bytes that a part covers, or that it is somewhere in.
    fn span(&self, part: &Range<usize>) -> Range<usize> {
        match self {
            Self::Verbatim(start) => start + part.start..start + part.end,
            Self::Within(span) => span.clone(),
        }
    }
}

struct Reader {
    dialect: Dialect,
    found: Vec<Within>,
    depth: usize,
}

impl Reader {
    /// Reads one statement; `in_body` says whether it is a step of a program.
    fn read(&mut self, text: &str, place: &Place, earlier: &[&str], in_body: bool) {
        let codes: Vec<Code<'_>> = codes(self.dialect, text).collect();
        let Some(first) = codes.first().filter(|_| self.depth < DEPTH) else { return };
        self.depth += 1;
        let is = |index: usize, word: &str| codes.get(index).is_some_and(|code: &Code<'_>| code.is(word));
        let mysql = self.dialect == Dialect::Mysql;
        if first.is("WITH") {
            self.changes(&codes, text, place);
        } else if first.is("DO") && self.dialect == Dialect::Postgres {
            self.body_in_quotes(&codes, place, earlier);
        } else if let Some(inner) = analysed(self.dialect, &codes).or_else(|| prepared(self.dialect, &codes))
        {
            let part = codes[inner].start..text.trim_end().len();
            self.take(&text[part.clone()], &part, place, earlier, false);
        } else if let Some(part) = wrapped(self.dialect, &codes) {
            self.take(&text[part.clone()], &part, place, earlier, false);
        } else if in_body && first.is("RETURN") && is(1, "QUERY") && is(2, "EXECUTE") {
            self.composed(&codes[3..], text, place, earlier);
        } else if in_body && first.is("RETURN") && is(1, "QUERY") && codes.len() > 2 {
            let part = codes[2].start..text.trim_end().len();
            self.take(&text[part.clone()], &part, place, earlier, true);
        } else if mysql && first.is("EXECUTE") && is(1, "IMMEDIATE") {
            self.composed(&codes[2..], text, place, earlier);
        } else if mysql && first.is("PREPARE") && is(2, "FROM") {
            self.composed(&codes[3..], text, place, earlier);
        } else if in_body && first.is("EXECUTE") {
            self.composed(&codes[1..], text, place, earlier);
        // BEGIN NOT ATOMIC, and what MariaDB takes as a program without it.
        } else if mysql
            && (first.is_one_of(&["IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR"]) || is(1, "NOT"))
        {
            self.program(text, &codes, place, earlier);
        } else if first.is_one_of(&["CALL", "SELECT", "PERFORM"])
            || (mysql && first.is_one_of(&["DO", "SET"]))
        {
            self.called(&codes, text, place, earlier);
        }
        self.depth -= 1;
    }

    /// Takes note of a statement, and of what it runs itself.
    fn take(&mut self, text: &str, part: &Range<usize>, place: &Place, earlier: &[&str], in_body: bool) {
        let inner = place.of(part);
        if worth(self.dialect, text) {
            let verbatim = matches!(inner, Place::Verbatim(_));
            self.found.push(Within { text: text.to_owned(), span: place.span(part), verbatim });
        }
        self.read(text, &inner, earlier, in_body);
    }

    /// The parts of a `WITH` that change rows, besides the one that [`parse`](super::parse) has read: the
    /// statement itself, or the first of them.
    fn changes(&mut self, codes: &[Code<'_>], text: &str, place: &Place) {
        let mut depth = 0_usize;
        let mut starts = None;
        let mut parts = Vec::new();
        let mut main = false;
        for (index, code) in codes.iter().enumerate() {
            if code.is_operator("(") {
                depth += 1;
                let changes = codes.get(index + 1).is_some_and(|next| next.is_one_of(CHANGES));
                starts = starts.or((depth == 1 && changes && !main).then_some(index + 1));
            } else if code.is_operator(")") {
                depth = depth.saturating_sub(1);
                if depth == 0
                    && let Some(start) = starts.take()
                {
                    parts.push(codes[start].start..code.start);
                }
            } else if depth == 0 && code.is_one_of(CHANGES) {
                main = true;
            }
        }
        for part in parts.iter().skip(usize::from(!main)) {
            let inner = text[part.clone()].trim_end();
            self.take(inner, &(part.start..part.start + inner.len()), place, &[], false);
        }
    }

    /// A body in quotes: `DO $$ … $$`, `CREATE FUNCTION … AS $$ … $$`.
    fn body_in_quotes(&mut self, codes: &[Code<'_>], place: &Place, earlier: &[&str]) {
        let longest = codes.iter().filter_map(composed::literal).max_by_key(|literal| literal.text.len());
        let Some(body) = longest else { return };
        let place = match (&body.span, place) {
            (Some(span), place) => place.of(span),
            (None, Place::Verbatim(start)) => Place::Within(start + body.whole.start..start + body.whole.end),
            (None, Place::Within(span)) => Place::Within(span.clone()),
        };
        let tokens: Vec<Code<'_>> = crate::sql::codes(self.dialect, &body.text).collect();
        self.program(&body.text, &tokens, &place, earlier);
    }

    /// The steps of a program.
    fn program(&mut self, body: &str, codes: &[Code<'_>], place: &Place, earlier: &[&str]) {
        let mut before = earlier.to_vec();
        for step in program::steps(self.dialect, codes) {
            let text = &body[step.clone()];
            self.take(text, &step, place, &before, true);
            before.push(text);
        }
    }

    /// The texts that an expression may be: literals, and those of a variable that is named.
    fn composed(&mut self, codes: &[Code<'_>], text: &str, place: &Place, earlier: &[&str]) {
        let whole = 0..text.len();
        let mut texts = composed::texts(codes);
        if let Some((variable, _)) = self.variable(codes).filter(|_| texts.is_empty()) {
            let assigned = earlier.iter().rev().find_map(|earlier| self.assigned(earlier, &variable));
            texts = assigned.unwrap_or_default();
        }
        let place = Place::Within(place.span(&whole));
        for text in texts {
            self.take(&text, &whole, &place, earlier, false);
        }
    }

    /// The texts that a statement may assign to a variable, if it assigns any.
    fn assigned(&self, statement: &str, variable: &str) -> Option<Vec<String>> {
        let codes: Vec<Code<'_>> = codes(self.dialect, statement).collect();
        let equals = |index: usize| {
            codes.get(index).is_some_and(|code| code.is_operator("=") || code.is_operator(":="))
        };
        let sets = codes.first().is_some_and(|first| first.is_one_of(&["SET", "SELECT"]));
        let expression = (0..codes.len()).find_map(|at| {
            let (_, length) = self.variable(&codes[at..]).filter(|(named, _)| named == variable)?;
            if at > 0 && codes[at - 1].is("INTO") {
                return Some(&codes[..]);
            }
            let behind = at + length;
            (equals(behind) && (sets || at == 0)).then(|| &codes[behind + 1..])
        })?;
        Some(composed::texts(expression))
    }

    /// The variable that tokens begin with, by its name as it is compared, and how many of them that takes:
    /// ``@`q` `` is two.
    fn variable(&self, codes: &[Code<'_>]) -> Option<(String, usize)> {
        let named = |code: &Code<'_>| catalog_name(self.dialect, code).map(|name| self.dialect.fold(&name));
        match codes {
            [mark, name, ..] if mark.is_operator("@") => Some((format!("@{}", named(name)?), 2)),
            [name, ..] if name.kind == TokenKind::Parameter => Some((self.dialect.fold(name.text), 1)),
            [name, ..] => Some((named(name)?, 1)),
            [] => None,
        }
    }

    /// The body of a routine that an earlier statement has made, and that is called now.
    fn called(&mut self, codes: &[Code<'_>], text: &str, place: &Place, earlier: &[&str]) {
        let end = codes.iter().position(|code| code.is_operator("(")).unwrap_or(codes.len());
        let Some(name) = codes.get(1..end).and_then(<[_]>::last) else { return };
        // What a dump calls thousands of times.
        if name.is_one_of(&["SETVAL", "SET_CONFIG"]) {
            return;
        }
        let Some(name) = catalog_name(self.dialect, name) else { return };
        let made = |earlier: &&&str| {
            let routine = routine_name(self.dialect, earlier);
            routine.is_some_and(|routine| self.dialect.same_names(&routine, &name))
        };
        let Some(routine) = earlier.iter().rev().find(made) else { return };
        let tokens: Vec<Code<'_>> = crate::sql::codes(self.dialect, routine).collect();
        let place = Place::Within(place.span(&(0..text.len())));
        match self.dialect {
            Dialect::Postgres => {
                let atomic = tokens.windows(2).position(|two| two[0].is("BEGIN") && two[1].is("ATOMIC"));
                match atomic {
                    Some(body) => self.program(routine, &tokens[body..], &place, earlier),
                    None => self.body_in_quotes(&tokens, &place, earlier),
                }
            }
            Dialect::Mysql => {
                if let Some(body) = mysql_routine_body(&tokens) {
                    self.program(routine, &tokens[body..], &place, earlier);
                }
            }
            // It has no routines.
            Dialect::Sqlite => {}
        }
    }
}

/// Where the statement begins that another one runs to see how long it takes: `EXPLAIN ANALYZE` (PostgreSQL's
/// and MySQL's manuals, "EXPLAIN"), and MariaDB's `ANALYZE`, which without a verb reads the statistics of a table.
fn analysed(dialect: Dialect, codes: &[Code<'_>]) -> Option<usize> {
    let is = |index: usize, words: &[&str]| codes.get(index).is_some_and(|code| code.is_one_of(words));
    let explains = is(0, &["EXPLAIN", "DESCRIBE", "DESC"]);
    let begins = match dialect {
        Dialect::Postgres if explains && is(1, &["ANALYZE", "ANALYSE"]) => {
            if is(2, &["VERBOSE"]) {
                3
            } else {
                2
            }
        }
        Dialect::Postgres if explains && codes.get(1)?.is_operator("(") => {
            let end = codes.iter().position(|code| code.is_operator(")"))?;
            let named = (2..end).find(|&index| is(index, &["ANALYZE", "ANALYSE"]))?;
            if is(named + 1, &["FALSE", "OFF"]) || codes[named + 1].text == "0" {
                return None;
            }
            end + 1
        }
        Dialect::Mysql if explains && is(1, &["ANALYZE"]) => 2,
        Dialect::Mysql if is(0, &["ANALYZE"]) => 1,
        Dialect::Postgres | Dialect::Mysql | Dialect::Sqlite => return None,
    };
    // FORMAT = JSON
    let begins = if dialect == Dialect::Mysql && is(begins, &["FORMAT"]) { begins + 3 } else { begins };
    is(begins, &["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "WITH", "CREATE", "EXECUTE"])
        .then_some(begins)
}

/// Where the statement begins that PostgreSQL prepares: `PREPARE name (types) AS …`.
fn prepared(dialect: Dialect, codes: &[Code<'_>]) -> Option<usize> {
    let prepares = dialect == Dialect::Postgres && codes.first()?.is("PREPARE");
    let begins = codes.iter().position(|code| code.is("AS"))? + 1;
    (prepares && begins < codes.len()).then_some(begins)
}

/// The bytes of the statement that another one has in it: `CREATE TABLE … AS WITH …`, `COPY (…) TO` (PostgreSQL).
fn wrapped(dialect: Dialect, codes: &[Code<'_>]) -> Option<Range<usize>> {
    let (first, last) = (codes.first()?, codes.last()?);
    let end = last.start + last.text.len();
    let two = |one: &str, other: &str| {
        codes.windows(2).position(|two| two[0].is(one) && two[1].is(other)).map(|at| at + 1)
    };
    let start = match dialect {
        Dialect::Postgres if first.is("CREATE") => two("AS", "WITH")?,
        Dialect::Postgres if first.is("COPY") && codes.get(1)?.is_operator("(") => {
            let behind = codes.iter().rposition(|code| code.is_operator(")"))?;
            return (behind > 2).then(|| codes[2].start..codes[behind].start);
        }
        Dialect::Postgres | Dialect::Mysql | Dialect::Sqlite => return None,
    };
    Some(codes.get(start)?.start..end)
}

/// The name of the routine that a statement makes, without its schema.
fn routine_name(dialect: Dialect, statement: &str) -> Option<String> {
    if !makes_routine(statement) {
        return None;
    }
    let codes = codes(dialect, statement).skip_while(|code| !code.is_one_of(&["PROCEDURE", "FUNCTION"]));
    let name = codes.take_while(|code| !code.is_operator("(")).last()?;
    catalog_name(dialect, &name)
}

/// Whether a later statement may run what this one says: it makes a routine, or sets a variable.
pub(crate) fn may_hold(statement: &str) -> bool {
    let begins =
        |word: &str| statement.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    ["CREATE", "SET", "SELECT"].into_iter().any(begins)
}

/// Whether a statement may make a routine, as far as its first words tell.
fn makes_routine(statement: &str) -> bool {
    let mut words = statement.split_whitespace().take(8);
    words.next().is_some_and(|word| word.eq_ignore_ascii_case("CREATE"))
        && words.any(|word| ["FUNCTION", "PROCEDURE"].iter().any(|it| word.eq_ignore_ascii_case(it)))
}

/// Whether a text is a statement that does something.
fn worth(dialect: Dialect, text: &str) -> bool {
    let mut words = codes(dialect, text);
    let verb = words.next().is_some_and(|first| first.is_one_of(VERBS));
    // A variable may have the name of a verb.
    verb && words.next().is_some_and(|second| !second.is_operator("=") && !second.is_operator(":="))
}

#[cfg(test)]
mod tests;
