//! The users in whose name views, triggers, routines and events run, as a dump names them. Not what they may do.

use std::ops::Range;

use super::text::{definer_end, quoted_end};
use crate::sql::unquote;

const DEFINER: &str = "DEFINER=";

/// The bytes of the user in ``DEFINER=`user`@`host` ``, if a line says that.
fn place(line: &str) -> Option<Range<usize>> {
    let start = line.find(DEFINER)? + DEFINER.len();
    Some(start..start + definer_end(&line[start..])?)
}

/// The definer that a line names, as it is written.
pub(super) fn definer(line: &str) -> Option<&str> {
    place(line).map(|user| &line[user])
}

/// ``DEFINER=`user`@`host` `` taken out of a line, if it has one.
pub(super) fn without_definer(line: &str) -> Option<String> {
    let user = place(line)?;
    let rest = line[user.end..].strip_prefix(' ').unwrap_or(&line[user.end..]);
    Some(format!("{}{rest}", &line[..user.start - DEFINER.len()]))
}

/// Whether a line begins the definition of a trigger or a function, or of a package, which has functions.
pub(super) fn defines_function(line: &str) -> bool {
    const KINDS: [&str; 7] = ["TABLE", "VIEW", "EVENT", "PROCEDURE", "TRIGGER", "FUNCTION", "PACKAGE"];
    let without = without_definer(line);
    let mut words = without.as_deref().unwrap_or(line).split_ascii_whitespace();
    let kind = words.find_map(|word| KINDS.iter().find(|kind| word.eq_ignore_ascii_case(kind)));
    matches!(kind, Some(&("TRIGGER" | "FUNCTION" | "PACKAGE")))
}

/// A definer, as a dump writes it, in the words of `CURRENT_USER()`.
///
/// ```
/// assert_eq!(underpin_core::dump::account("`a``b`@`%`"), "a`b@%");
/// ```
pub fn account(definer: &str) -> String {
    let end = quoted_end(definer).unwrap_or(definer.len());
    match definer[end..].strip_prefix('@') {
        Some(host) => format!("{}@{}", unquote(&definer[..end]), unquote(host)),
        None => unquote(definer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definer_is_the_user_that_the_server_tells() {
        for (definer, user) in [
            ("`a`@`%`", "a@%"),
            ("`a``b`@`%`", "a`b@%"),
            ("```a```@`local``host`", "`a`@local`host"),
            ("`x``@``y`@`%`", "x`@`y@%"),
            ("`role`", "role"),
            ("``@`localhost`", "@localhost"),
            ("\"a\"\"b\"@\"%\"", "a\"b@%"),
        ] {
            assert_eq!(account(definer), user, "{definer}");
        }
    }
}
