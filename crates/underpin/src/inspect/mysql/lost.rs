//! Expressions in which MariaDB's `information_schema` has lost characters: it is of `utf8mb3`
//! ("Unicode" in its manual), and has four question marks for each that takes four bytes. `SHOW CREATE
//! TABLE` has them, and checks are read from there; literals without an expression around them are asked
//! for elsewhere.

use underpin_core::{dialect::Dialect, name::quote, schema::Table};

use super::{catalog::Catalog, table::Draft};

/// What stands for a character that is lost.
pub(super) const LOST: &str = "????";

/// Puts back what is lost in a table, from the lines of its `SHOW CREATE TABLE`. What isn't found there is
/// told as unknown.
pub(super) fn restore(catalog: &Catalog<'_>, draft: &mut Draft, lines: &[&str]) {
    let mut missing = Vec::new();
    for (start, what, expression) in doubtful(&mut draft.table) {
        let mut lines = lines.iter().filter(|line| line.starts_with(&start)).map(|line| catalog.local(line));
        let found = lines.find_map(|line| original(expression, &line).map(str::to_owned));
        match found {
            Some(found) => *expression = found,
            None => missing.push(what),
        }
    }
    draft.unknown.extend(missing);
}

/// Expressions that have lost something, or look like it: what their line starts with, what they are, and they
/// themselves.
fn doubtful(table: &mut Table) -> Vec<(String, String, &mut String)> {
    let mut found = Vec::new();
    for column in &mut table.columns {
        let default = column.default.as_mut().filter(|default| !default.starts_with('\''));
        let generated = column.generated.as_mut().map(|generated| &mut generated.expression);
        for (what, expression) in [("default", default), ("expression", generated)] {
            if let Some(expression) = expression.filter(|expression| expression.contains(LOST)) {
                let start = format!("{} ", quote(Dialect::Mysql, &column.name));
                found.push((start, format!("{what} of column {} of table", column.name), expression));
            }
        }
    }
    found
}

/// The part of a line that `lossy` is left of.
fn original<'a>(lossy: &str, line: &'a str) -> Option<&'a str> {
    line.char_indices().find_map(|(start, _)| {
        let length = length_of(lossy, &line[start..])?;
        line.get(start..start + length)
    })
}

/// How much of the beginning of `text` `lossy` is left of, if it is.
fn length_of(lossy: &str, text: &str) -> Option<usize> {
    let mut rest = lossy;
    for (at, character) in text.char_indices() {
        if rest.is_empty() {
            return Some(at);
        }
        let behind = rest.strip_prefix(character);
        rest = behind.or_else(|| rest.strip_prefix(LOST).filter(|_| character.len_utf8() == 4))?;
    }
    rest.is_empty().then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_found_in_the_line() {
        let line = "`a` varchar(9) DEFAULT concat('💩?','é') CHECK (`a` <> '🦀????')";
        assert_eq!(original("concat('?????','é')", line), Some("concat('💩?','é')"));
        assert_eq!(original("`a` <> '????????'", line), Some("`a` <> '🦀????'"));
        assert_eq!(original("concat('????','é')", line), None);
        assert_eq!(original("('????????')", "('a')"), None);
    }
}
