//! Expressions in which MariaDB's `information_schema` has lost characters: it is of `utf8mb3`
//! ("Unicode" in its manual), and has four question marks for each that takes four bytes. `SHOW CREATE
//! TABLE` has them; literals without an expression around them are asked for elsewhere.

use underpin_core::{
    dialect::Dialect,
    name::quote,
    schema::{ConstraintKind, Table},
};

use super::table::Draft;

/// What stands for a character that is lost.
const LOST: &str = "????";

/// Puts back what is lost in a table, from the lines of its `SHOW CREATE TABLE`. What isn't found there is
/// told as unknown.
pub(super) fn restore(draft: &mut Draft, lines: &[&str]) {
    let mut missing = Vec::new();
    for (start, what, expression) in doubtful(&mut draft.table) {
        let found =
            lines.iter().filter(|line| line.starts_with(&start)).find_map(|line| original(expression, line));
        match found {
            Some(found) => *expression = found.to_owned(),
            None => missing.push(what),
        }
    }
    draft.unknown.extend(missing);
}

/// Expressions that may have lost something: what their line starts with, what they are, and they themselves.
fn doubtful(table: &mut Table) -> Vec<(String, String, &mut String)> {
    let mut found = Vec::new();
    for column in &mut table.columns {
        let start = format!("{} ", quote(Dialect::Mysql, &column.name));
        let name = &column.name;
        let mut add = |what: &str, expression| {
            found.push((start.clone(), format!("{what} of column {name} of table"), expression));
        };
        if let Some(default) = column.default.as_mut().filter(|default| !default.starts_with('\'')) {
            add("default", default);
        }
        if let Some(generated) = &mut column.generated {
            add("expression", &mut generated.expression);
        }
        if let Some(check) = column.options.get_mut("check") {
            add("check", check);
        }
    }
    for constraint in &mut table.constraints {
        if let (Some(name), ConstraintKind::Check { expression }) = (&constraint.name, &mut constraint.kind) {
            let start = format!("CONSTRAINT {} CHECK ", quote(Dialect::Mysql, name));
            found.push((start, format!("check {name} of table"), expression));
        }
    }
    found.retain(|(_, _, expression)| expression.contains(LOST));
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
