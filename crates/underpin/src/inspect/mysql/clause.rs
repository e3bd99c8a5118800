//! The clauses of a statement as `SHOW CREATE TABLE` writes it: its lines, the names in them, and words that
//! stand by themselves. Not what they mean, and no parser of what people write.

use super::text::{plain, quoted_end};

/// The lines of a statement, without the commas at their ends. A name may go over several, and so may a text.
pub(super) fn lines(statement: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, _) in unquoted(statement).filter(|(_, byte)| *byte == b'\n') {
        lines.push(&statement[start..at]);
        start = at + 1;
    }
    lines.push(&statement[start..]);
    lines.into_iter().map(|line| line.trim().trim_end_matches(',')).collect()
}

/// The bytes that stand outside of quotes, and where.
fn unquoted(text: &str) -> impl Iterator<Item = (usize, u8)> {
    let mut next = 0;
    std::iter::from_fn(move || {
        loop {
            let at = next;
            match *text.as_bytes().get(at)? {
                mark @ (b'`' | b'\'') => next = at + quoted_end(&text[at..], char::from(mark)),
                byte => {
                    next = at + 1;
                    return Some((at, byte));
                }
            }
        }
    })
}

/// What stands behind these words, where they are outside of quotes and parentheses.
pub(super) fn behind<'a>(line: &'a str, words: &str) -> Option<&'a str> {
    // Most lines have them nowhere, which is seen much sooner.
    let unquoted = line.contains(words).then(|| unquoted(line)).into_iter().flatten();
    let mut depth = 0_usize;
    for (at, byte) in unquoted {
        if depth == 0 && line.as_bytes()[at..].starts_with(words.as_bytes()) {
            return line.get(at + words.len()..);
        }
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The quoted name that a text begins with, and what is behind it.
pub(super) fn name(text: &str) -> Option<(String, &str)> {
    let (name, rest) = text.starts_with('`').then(|| text.split_at(quoted_end(text, '`')))?;
    Some((plain(name), rest))
}

/// The quoted names in the parentheses that a text begins with, and what is behind these.
pub(super) fn names(text: &str) -> Option<(Vec<String>, &str)> {
    let mut names = Vec::new();
    let mut rest = text.strip_prefix('(')?;
    loop {
        let (name, after) = name(rest)?;
        names.push(name);
        if let Some(behind) = after.strip_prefix(')') {
            return Some((names, behind));
        }
        rest = after.strip_prefix(',')?.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_go_over_lines() {
        let statement =
            "CREATE TABLE `t` (\n  `a\n,b` int COMMENT 'x\\'\n',\n  KEY `k` (`a\n,b`)\n) ENGINE=InnoDB";
        let expected =
            ["CREATE TABLE `t` (", "`a\n,b` int COMMENT 'x\\'\n'", "KEY `k` (`a\n,b`)", ") ENGINE=InnoDB"];
        assert_eq!(lines(statement), expected);
    }

    #[test]
    fn words_count_outside_of_quotes_and_parentheses() {
        let line =
            "`a CHECK (` enum('a','b CHECK (') DEFAULT (f(1 CHECK ())) COMMENT ' CHECK (' CHECK (`a` > 0)";
        assert_eq!(behind(line, " CHECK ("), Some("`a` > 0)"));
        assert_eq!(behind("`ü` int COMMENT 'x'", " CHECK ("), None);
    }

    #[test]
    fn names_are_read_with_their_quotes_taken_off() {
        let expected = (vec!["a".to_owned(), "b`,".to_owned()], " REFERENCES");
        assert_eq!(names("(`a`, `b``,`) REFERENCES"), Some(expected));
        assert_eq!(names("(a)"), None);
        assert_eq!(name("`d`.`t`"), Some(("d".to_owned(), ".`t`")));
    }
}
