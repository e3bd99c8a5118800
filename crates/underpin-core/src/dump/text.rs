//! Names and words in the text of a dump, as its programs write them. Nothing here knows what a line means.

/// What comes before a statement that only some servers run: `/*!50003 ` and `/*M!100100 `.
pub(super) const CONDITIONAL: [&str; 2] = ["/*!", "/*M!"];

/// Whether a text begins with these words, however they are written.
pub(super) fn starts_with(text: &str, words: &str) -> bool {
    text.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words))
}

/// What a line says behind the mark of a condition.
pub(super) fn statement(line: &str) -> &str {
    let line = line.trim_start();
    match CONDITIONAL.iter().find_map(|mark| line.strip_prefix(mark)) {
        Some(rest) => rest.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start(),
        None => line,
    }
}

/// Whether a line is ``ALTER DATABASE `shop` …``, as a dump has it around routines of another character set.
pub(super) fn names_database(line: &str) -> bool {
    starts_with(statement(line), "ALTER DATABASE `")
}

/// Where a name between backticks ends that a text begins with; or between double quotes, in which a server
/// shows what was made under `ANSI_QUOTES`.
pub(super) fn quoted_end(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    let quote =
        characters.next().map(|(_, character)| character).filter(|quote| matches!(quote, '`' | '"'))?;
    while let Some((at, character)) = characters.next() {
        if character != quote {
            continue;
        }
        match characters.peek() {
            Some((_, next)) if *next == quote => drop(characters.next()),
            _ => return Some(at + 1),
        }
    }
    None
}

/// Where a definer ends that a text begins with.
pub(super) fn definer_end(text: &str) -> Option<usize> {
    let end = quoted_end(text)?;
    match text[end..].strip_prefix('@') {
        Some(host) => Some(end + 1 + quoted_end(host)?),
        None => Some(end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_at_the_backtick_that_stands_alone() {
        assert_eq!(quoted_end("`a``b` c"), Some(6));
        assert_eq!((quoted_end("a"), quoted_end("`a``")), (None, None));
        assert_eq!(quoted_end("\"a\"\"`b\" c"), Some(7));
        assert_eq!(definer_end("`a`@`%` TRIGGER"), Some(7));
        assert_eq!(definer_end("\"a\"@\"%\" PROCEDURE"), Some(7));
    }
}
