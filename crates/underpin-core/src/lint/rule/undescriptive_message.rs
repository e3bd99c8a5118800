use crate::{dialect::Flavour::Postgres, statement::Statement};

use super::{
    super::{Found, Script, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "undescriptive-message",
    summary: "a message that says nothing",
    flavours: ALL,
    why: "The message is what the history, the status and the plan show of a revision. `update` and `fix` \
          are what all of them do. Say what changes: `orders get a note`.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ADD note text").called("update"),
        Example::good(Postgres, "ALTER TABLE orders ADD note text").called("orders get a note"),
        Example::good(Postgres, "ALTER TABLE orders ADD note text"),
    ],
    check: Check::Script(check),
};

/// Words that say no more than that something changes.
const EMPTY: &[&str] = &[
    "a",
    "an",
    "change",
    "changes",
    "changed",
    "database",
    "db",
    "fix",
    "fixes",
    "fixed",
    "migration",
    "misc",
    "new",
    "of",
    "revision",
    "schema",
    "some",
    "stuff",
    "temp",
    "test",
    "the",
    "tmp",
    "todo",
    "update",
    "updates",
    "updated",
    "wip",
];

fn check(script: &Script<'_>, _: &[Statement]) -> Vec<Found> {
    let Some(message) = script.message else { return Vec::new() };
    if !says_nothing(message) {
        return Vec::new();
    }
    let found = format!("the message {message:?} says nothing of what changes");
    vec![Found::new(Severity::Note, found, "message: what changes, such as: orders get a note")]
}

fn says_nothing(message: &str) -> bool {
    let words = message.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
    words.into_iter().all(|word| {
        word.chars().all(|it| it.is_ascii_digit()) || EMPTY.contains(&word.to_lowercase().as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_fit_every_revision_say_nothing() {
        for message in ["", "update", "Fix", "fix 2", "update schema", "new_migration", "WIP"] {
            assert!(says_nothing(message), "{message}");
        }
        for message in ["orders get a note", "fix the total of orders", "update prices"] {
            assert!(!says_nothing(message), "{message}");
        }
    }
}
