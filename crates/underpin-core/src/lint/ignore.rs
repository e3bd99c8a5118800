//! Findings that a person has looked at: `-- lint: ignore RULE[, RULE]: reason` before a statement,
//! `-- lint: ignore-file RULE: reason` anywhere. A reason is asked for, because who reviews it next
//! year needs one.

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
