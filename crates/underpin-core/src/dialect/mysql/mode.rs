//! What a backslash means in the strings of a text, which its own statements say: under the `sql_mode`
//! NO_BACKSLASH_ESCAPES it is a character like any other (MySQL manual, "Server SQL Modes"; MariaDB
//! documentation, "SQL_MODE"). Only what a text sets for its own session counts; a statement within the body
//! of a routine is taken for one of the text.

use crate::sql::TokenKind;

const PLAIN: &[u8] = b"NO_BACKSLASH_ESCAPES";

/// What the statements until here say of backslashes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Backslashes {
    plain: bool,
    place: Place,
    value: Value,
}

/// Where in a statement the next token stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Before its first word.
    #[default]
    Start,
    /// Before the name of a variable that is set.
    Name,
    /// In the value of `sql_mode`.
    Value,
    /// In what another variable is set to.
    Other,
    /// In a statement that sets nothing of this session.
    Elsewhere,
}

/// What the value of `sql_mode` names.
#[derive(Clone, Copy, Debug, Default)]
struct Value {
    /// `NO_BACKSLASH_ESCAPES`.
    plain: bool,
    /// The mode that there was before.
    own: bool,
    /// `REPLACE`, with which a word is taken out of it.
    replaced: bool,
    /// How many parentheses are open.
    depth: usize,
}

impl Backslashes {
    /// Whether a backslash in a string makes what follows it another character.
    pub(crate) const fn escape(self) -> bool {
        !self.plain
    }

    /// From here on they are characters like any other.
    pub(crate) const fn be_plain(&mut self) {
        self.plain = true;
    }

    /// A statement begins, as it does behind a line that sets the delimiter.
    pub(crate) fn begin(&mut self) {
        self.settle();
        self.place = Place::Start;
    }

    /// Takes note of the next token of the text.
    pub(crate) fn feed(&mut self, kind: TokenKind, text: &str) {
        let is_mark =
            matches!(kind, TokenKind::Hint | TokenKind::ExecutableOpen | TokenKind::ExecutableClose);
        if matches!(kind, TokenKind::Semicolon | TokenKind::Delimiter) {
            self.begin();
        } else if self.place != Place::Elsewhere && !kind.is_trivia() && !is_mark {
            self.within(kind, text);
        }
    }

    fn within(&mut self, kind: TokenKind, text: &str) {
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        match self.place {
            Place::Start => self.place = if is("SET") { Place::Name } else { Place::Elsewhere },
            Place::Name if is("SESSION") || is("LOCAL") => {}
            Place::Name if is("GLOBAL") || is("PERSIST") || is("PERSIST_ONLY") => {
                self.place = Place::Elsewhere;
            }
            Place::Name => self.place = if is_own_mode(text) { Place::Value } else { Place::Other },
            Place::Value | Place::Other => self.valued(kind, text),
            Place::Elsewhere => {}
        }
    }

    fn valued(&mut self, kind: TokenKind, text: &str) {
        let value = &mut self.value;
        match (kind, text) {
            (TokenKind::Operator, "(") => value.depth += 1,
            (TokenKind::Operator, ")") => value.depth = value.depth.saturating_sub(1),
            (TokenKind::Operator, ",") if value.depth == 0 => {
                self.settle();
                self.place = Place::Name;
            }
            (TokenKind::String, _) => value.plain |= names_plain(text),
            _ => {
                value.own |= is_own_mode(text);
                value.replaced |= text.eq_ignore_ascii_case("REPLACE");
            }
        }
    }

    /// What was set is in force.
    fn settle(&mut self) {
        let value = std::mem::take(&mut self.value);
        if self.place == Place::Value {
            let kept = value.own && self.plain;
            self.plain = (value.plain || kept) && !(value.plain && value.replaced);
        }
    }
}

/// `sql_mode`, `@@sql_mode`, `@@SESSION.sql_mode`.
fn is_own_mode(text: &str) -> bool {
    let names = ["sql_mode", "`sql_mode`", "@@sql_mode", "@@session.sql_mode", "@@local.sql_mode"];
    names.iter().any(|name| text.eq_ignore_ascii_case(name))
}

fn names_plain(text: &str) -> bool {
    text.as_bytes().windows(PLAIN.len()).any(|window| window.eq_ignore_ascii_case(PLAIN))
}

#[cfg(test)]
mod tests {
    use crate::{dialect::Dialect, sql};

    /// Whether a backslash ends nothing behind these statements.
    fn is_plain(before: &str) -> bool {
        let text = format!("{before};\nSELECT 'a\\', 'b'");
        sql::split(Dialect::Mysql, &text).is_ok()
    }

    #[test]
    fn a_text_says_itself_what_its_backslashes_are() {
        for plain in [
            "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
            "set session SQL_MODE := 'ansi,no_backslash_escapes'",
            "SET @@SESSION.sql_mode = CONCAT(@@SESSION.sql_mode, ',NO_BACKSLASH_ESCAPES')",
            "/*!50003 SET sql_mode = 'NO_BACKSLASH_ESCAPES' */ ",
            "SET NAMES utf8mb4, @a = f(1, 2), sql_mode = \"NO_BACKSLASH_ESCAPES\"",
            "SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SET sql_mode = CONCAT(@@sql_mode, ',ANSI')",
            "SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SET @sql_mode = ''; SELECT 1",
        ] {
            assert!(is_plain(plain), "{plain}");
        }
        for escaping in [
            "SET sql_mode = ''",
            "SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'",
            "SET @@GLOBAL.sql_mode = 'NO_BACKSLASH_ESCAPES'",
            "SET @mode = 'NO_BACKSLASH_ESCAPES'",
            "SELECT 'SET sql_mode = NO_BACKSLASH_ESCAPES'",
            "SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SET sql_mode = DEFAULT",
            "SET sql_mode = 'NO_BACKSLASH_ESCAPES';\nDELIMITER //\nSELECT 'a\\'//\nDELIMITER ;\nSET sql_mode = ''",
            "SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SET SESSION sql_mode = @underpin_sql_mode",
            "SET sql_mode = 'NO_BACKSLASH_ESCAPES'; \
             SET sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')",
        ] {
            assert!(!is_plain(escaping), "{escaping}");
        }
    }

    #[test]
    fn words_behind_a_backslash_that_ends_a_string_are_read_of_a_statement_alone() {
        let statement = "CREATE PROCEDURE p() SELECT '\\' FROM other.t";
        let words: Vec<&str> = sql::words::codes(Dialect::Mysql, statement).map(|code| code.text).collect();
        assert!(words.contains(&"other"), "{words:?}");
    }
}
