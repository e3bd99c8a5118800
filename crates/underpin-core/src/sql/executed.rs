//! Comments of MySQL and MariaDB whose content some servers run: which of them this one leaves out. Not how they
//! are lexed.

use std::borrow::Cow;

use super::{Lexer, TokenKind};
use crate::{
    dialect::{Dialect, Flavour},
    schema::ServerVersion,
};

/// A statement with blanks in the place of what a server of this version does not run: `/*!80023 … */` on an
/// older one, `/*M! … */` on MySQL (MySQL 8.4 manual, 11.7 "Comments"; MariaDB documentation, "Comment Syntax").
/// Every byte keeps its place.
pub(crate) fn executed(flavour: Flavour, version: ServerVersion, text: &str) -> Cow<'_, str> {
    let some = flavour.dialect() == Dialect::Mysql && (text.contains("/*!") || text.contains("/*M!"));
    let lexer = some.then(|| Lexer::new(Dialect::Mysql, text).ok()).flatten();
    let Some(mut lexer) = lexer else { return Cow::Borrowed(text) };
    let mut left_out = Vec::new();
    let mut open = None;
    while let Ok(Some(token)) = lexer.next_token() {
        match token.kind {
            TokenKind::ExecutableOpen if !runs(flavour, version, token.text(text)) => {
                open = Some(token.start)
            }
            TokenKind::ExecutableClose => left_out.extend(open.take().map(|start| start..token.end)),
            _ => {}
        }
    }
    if left_out.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut blanked = String::with_capacity(text.len());
    let mut at = 0;
    for span in left_out {
        blanked.push_str(&text[at..span.start]);
        blanked.extend(std::iter::repeat_n(' ', span.len()));
        at = span.end;
    }
    blanked.push_str(&text[at..]);
    Cow::Owned(blanked)
}

/// Whether a server runs what stands behind `/*!`, `/*!80023` or `/*M!100100`.
fn runs(flavour: Flavour, version: ServerVersion, open: &str) -> bool {
    let mariadb = flavour == Flavour::Mariadb;
    let only_mariadb = open.starts_with("/*M!");
    let wanted: u32 = open.trim_start_matches(['/', '*', 'M', '!']).parse().unwrap_or(0);
    // Who says `8.0` means any of them.
    let patch = if version.patch == 0 { 99 } else { version.patch.min(99) };
    let minor = version.minor.saturating_mul(100).saturating_add(patch);
    let own = version.major.saturating_mul(10_000).saturating_add(minor);
    // What is of MySQL 5.7 and later, MariaDB leaves out.
    let of_mysql = mariadb && !only_mariadb && (50_700..=99_999).contains(&wanted);
    (mariadb || !only_mariadb) && wanted <= own && !of_mysql
}

#[cfg(test)]
mod tests {
    use super::*;

    const MYSQL_8: (Flavour, ServerVersion) = (Flavour::Mysql, ServerVersion::new(8, 0, 36));
    const MARIADB_10: (Flavour, ServerVersion) = (Flavour::Mariadb, ServerVersion::new(10, 11, 8));

    fn run((flavour, version): (Flavour, ServerVersion), text: &str) -> bool {
        let executed = executed(flavour, version, text);
        assert_eq!(executed.len(), text.len());
        executed.contains('x')
    }

    #[test]
    fn a_comment_is_run_from_its_version_on() {
        assert!(run(MYSQL_8, "/*! x */") && run(MYSQL_8, "/*!40101 x */") && run(MYSQL_8, "/*!80036 x */"));
        assert!(!run(MYSQL_8, "/*!80037 x */") && !run(MYSQL_8, "a /*!90100 é x */ b"));
        assert!(run((Flavour::Mysql, ServerVersion::new(8, 0, 0)), "/*!80023 x */"));
        assert!(run((Flavour::Mysql, ServerVersion::new(u32::MAX, u32::MAX, 0)), "/*!999999 x */"));
    }

    #[test]
    fn each_leaves_out_what_is_of_the_other() {
        assert!(!run(MYSQL_8, "/*M! x */") && !run(MYSQL_8, "/*M!100100 x */"));
        assert!(run(MARIADB_10, "/*M! x */") && run(MARIADB_10, "/*M!100100 x */"));
        assert!(run(MARIADB_10, "/*!50500 x */") && !run(MARIADB_10, "/*!80013 x */"));
        assert!(!run(MARIADB_10, "/*M!999999 x */") && !run(MARIADB_10, "/*M!110000 x */"));
    }

    #[test]
    fn what_is_in_quotes_is_no_comment() {
        assert!(run(MYSQL_8, "SELECT '/*!99999 x */'"));
    }
}
