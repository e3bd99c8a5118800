//! Findings that a person has looked at: `-- lint: ignore RULE[, RULE]: reason` before a statement,
//! `-- lint: ignore-file RULE: reason` anywhere; in a revision in Rust, with `//`. A reason is asked for,
//! because who reviews it next year needs one.

use crate::{
    dialect::Dialect,
    sql::{Lexer, Statement, TokenKind},
};

use super::Rule;

/// One of the notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ignore {
    /// The rules that it names.
    pub(super) rules: Vec<&'static str>,
    /// The statement that it is for; nothing for the whole text.
    pub(super) statement: Option<usize>,
}

/// A note that can't be followed, and the byte that it starts at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) message: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The notes of a text, and those that can't be followed.
pub(super) fn read(
    dialect: Dialect,
    source: &str,
    statements: &[Statement<'_>],
) -> (Vec<Ignore>, Vec<Mistake>) {
    let mut ignores = Vec::new();
    let mut mistakes = Vec::new();
    let Ok(mut lexer) = Lexer::new(dialect, source) else { return (ignores, mistakes) };
    while let Ok(Some(token)) = lexer.next_token() {
        if token.kind != TokenKind::LineComment {
            continue;
        }
        let Some(note) = note(token.text(source)) else { continue };
        let whole = note.strip_prefix("-file");
        let mut wrong = |message| mistakes.push(Mistake { message, start: token.start, end: token.end });
        match rules(whole.unwrap_or(note)) {
            Ok(rules) => {
                let statement = statements.iter().position(|statement| token.start < statement.span.end);
                ignores.push(Ignore { rules, statement: statement.filter(|_| whole.is_none()) });
            }
            Err(message) => wrong(message),
        }
    }
    (ignores, mistakes)
}

/// The notes among the comments of a text, a line each.
pub(crate) fn notes(comments: &str) -> Vec<String> {
    let lines = comments.lines().map(str::trim);
    lines.filter(|line| line.starts_with("--") && note(line).is_some()).map(str::to_owned).collect()
}

/// The notes in a text of Rust for the call in a line, counted from 1: those in the lines of comment that stand right
/// before it. They are as SQL has them.
pub fn rust_notes(text: &str, line: usize) -> Vec<String> {
    let above: Vec<&str> = text.lines().take(line.saturating_sub(1)).collect();
    let comments = above.into_iter().rev().map(str::trim).take_while(|line| line.starts_with("//"));
    let mut notes: Vec<String> = comments.filter_map(rust_note).filter(|note| !is_of_file(note)).collect();
    notes.reverse();
    notes
}

/// The notes in a text of Rust that are for all of it, as SQL has them.
pub fn rust_file_notes(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter_map(rust_note).filter(|note| is_of_file(note)).collect()
}

fn rust_note(line: &str) -> Option<String> {
    let comment = line.strip_prefix("//")?.trim_start_matches(['/', '!']);
    note(comment).map(|_| format!("--{comment}"))
}

fn is_of_file(comment: &str) -> bool {
    note(comment).is_some_and(|note| note.starts_with("-file"))
}

/// What stands behind `-- lint: ignore`.
fn note(comment: &str) -> Option<&str> {
    let text = comment.trim_start_matches(['-', '#']).trim();
    text.strip_prefix("lint:")?.trim_start().strip_prefix("ignore")
}

fn rules(text: &str) -> Result<Vec<&'static str>, String> {
    let (names, reason) = text.split_once(':').unwrap_or((text, ""));
    let mut rules = Vec::new();
    for name in names.split(',').map(str::trim) {
        rules.push(Rule::named(name).ok_or_else(|| super::UnknownRule::new(name).to_string())?.id);
    }
    if reason.trim().is_empty() {
        return Err(format!("say why: -- lint: ignore {}: REASON", names.trim()));
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_in_rust_is_for_the_call_below_it() {
        let text = "\
//! revision: 0001
//! lint: ignore-file drop-table: nobody has it
fn f() {
    // lint: ignore rename-column: nobody reads it
    // and more about it
    one();

    // lint: ignore rename-table
    // lint: ignore-file cascade: nothing hangs on it
    two(); // lint: ignore truncate: not before it
}
";
        assert_eq!(rust_notes(text, 6), ["-- lint: ignore rename-column: nobody reads it"]);
        assert_eq!(rust_notes(text, 10), ["-- lint: ignore rename-table"]);
        assert_eq!(rust_notes(text, 7), Vec::<String>::new());
        assert_eq!(rust_notes(text, 99), Vec::<String>::new());
        assert_eq!(
            rust_file_notes(text),
            [
                "-- lint: ignore-file drop-table: nobody has it",
                "-- lint: ignore-file cascade: nothing hangs on it"
            ]
        );
    }
}
