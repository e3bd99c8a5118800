//! Where statements begin and end, told as the client does that is given a dump: by quotes, comments and the
//! delimiter of the moment. What they say is not looked at.

/// What is open at the end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    /// A text or a name that began with this character.
    Quoted(u8),
    /// A comment that is one for every server.
    Comment,
}

/// Reads a dump, a line after the other.
#[derive(Debug)]
pub(super) struct Scanner {
    delimiter: Vec<u8>,
    open: Open,
    /// Whether a statement has begun that has not ended.
    inside: bool,
    /// Whether a backslash in a text is one like any other (`NO_BACKSLASH_ESCAPES`).
    plain_backslash: bool,
}

impl Default for Scanner {
    fn default() -> Self {
        Self { delimiter: b";".to_vec(), open: Open::Nothing, inside: false, plain_backslash: false }
    }
}

impl Scanner {
    /// Whether a statement has begun that has not ended.
    pub(super) const fn is_inside(&self) -> bool {
        self.inside
    }

    /// Whether the delimiter is the one that every dump begins with.
    pub(super) fn delimiter_is_own(&self) -> bool {
        self.delimiter == b";"
    }

    /// Reads the next line; returns where in it statements begin.
    pub(super) fn line(&mut self, line: &[u8]) -> Vec<usize> {
        if !self.inside && self.open == Open::Nothing && self.is_delimiter(line) {
            return Vec::new();
        }
        let (mut heads, mut at) = (Vec::new(), 0);
        while at < line.len() {
            at += match self.open {
                Open::Quoted(quote) => self.quoted(quote, &line[at..]),
                Open::Comment => self.comment(&line[at..]),
                Open::Nothing => {
                    let rest = &line[at..];
                    if is_line_comment(rest) {
                        break;
                    }
                    if !self.inside && begins(rest) {
                        self.inside = true;
                        heads.push(at);
                        self.note_mode(rest);
                    }
                    self.outside(rest)
                }
            };
        }
        heads
    }

    /// `DELIMITER ;;`, which the client itself heeds.
    fn is_delimiter(&mut self, line: &[u8]) -> bool {
        const WORD: &[u8] = b"DELIMITER ";
        let line = line.trim_ascii();
        let found = line.len() > WORD.len() && line[..WORD.len()].eq_ignore_ascii_case(WORD);
        if found {
            self.delimiter = line[WORD.len()..].trim_ascii().to_vec();
        }
        found
    }

    /// How much of a line to go on by, where nothing is open.
    fn outside(&mut self, rest: &[u8]) -> usize {
        if rest.starts_with(&self.delimiter) {
            self.inside = false;
            return self.delimiter.len();
        }
        match rest[0] {
            quote @ (b'\'' | b'"' | b'`') => self.open = Open::Quoted(quote),
            b'/' if rest.starts_with(b"/*") && !is_conditional(rest) => {
                self.open = Open::Comment;
                return 2;
            }
            _ => {}
        }
        1
    }

    fn quoted(&mut self, quote: u8, rest: &[u8]) -> usize {
        let escapes = quote != b'`' && !self.plain_backslash;
        let Some(at) = rest.iter().position(|byte| *byte == quote || (escapes && *byte == b'\\')) else {
            return rest.len();
        };
        if rest[at] == b'\\' {
            return at + 2;
        }
        // Two of them are one of the text; that what follows is taken for another text changes nothing.
        self.open = Open::Nothing;
        at + 1
    }

    fn comment(&mut self, rest: &[u8]) -> usize {
        if rest.starts_with(b"*/") {
            self.open = Open::Nothing;
            return 2;
        }
        1
    }

    /// Notes how backslashes are read from here on, where a statement says so.
    fn note_mode(&mut self, head: &[u8]) {
        let text = String::from_utf8_lossy(&head[..head.len().min(1_000)]).to_ascii_uppercase();
        let sets = text.trim_start_matches("/*!").trim_start_matches(|c: char| c.is_ascii_digit());
        if sets.trim_start().starts_with("SET SQL_MODE") {
            self.plain_backslash = text.contains("NO_BACKSLASH_ESCAPES");
        }
    }
}

/// Whether something stands there that is no blank and no comment.
fn begins(rest: &[u8]) -> bool {
    !rest[0].is_ascii_whitespace() && !(rest.starts_with(b"/*") && !is_conditional(rest))
}

/// `/*!50003 `, `/*M!100100 ` and `/*+ `: what the server reads. MariaDB's dumps begin with one that is for their
/// client, and no statement.
fn is_conditional(rest: &[u8]) -> bool {
    if rest.starts_with(b"/*M!999999") {
        return false;
    }
    rest.starts_with(b"/*!") || rest.starts_with(b"/*M!") || rest.starts_with(b"/*+")
}

fn is_line_comment(rest: &[u8]) -> bool {
    rest[0] == b'#'
        || rest == b"--"
        || (rest.starts_with(b"--") && rest.get(2).is_some_and(u8::is_ascii_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(dump: &str) -> Vec<String> {
        let mut scanner = Scanner::default();
        let found = dump.split_inclusive('\n').flat_map(|line| {
            let heads = scanner.line(line.as_bytes());
            heads.into_iter().map(|at| line[at..].trim_end().to_owned()).collect::<Vec<_>>()
        });
        found.collect()
    }

    #[test]
    fn a_statement_begins_where_the_one_before_has_ended() {
        assert_eq!(heads("a;b;\n\n  c 'x;\ny' ;d\n"), ["a;b;", "b;", "c 'x;", "d"]);
        assert_eq!(heads("-- a;\n# b;\n/* c; */ d -- ;\n;e"), ["d -- ;", "e"]);
        assert_eq!(heads("/*!40101 SET a = 1 */;\nb"), ["/*!40101 SET a = 1 */;", "b"]);
        assert_eq!(heads("/*M!999999\\- enable the sandbox mode */ \nUSE a;"), ["USE a;"]);
        assert_eq!(heads("DELIMITER ;;\na; b;\nc ;;\nDELIMITER ;\nd"), ["a; b;", "d"]);
    }

    #[test]
    fn a_backslash_is_read_as_the_mode_says() {
        assert_eq!(heads("a '\\';' ;b"), ["a '\\';' ;b", "b"]);
        assert_eq!(
            heads("/*!50003 SET sql_mode = 'NO_BACKSLASH_ESCAPES' */ ;\na '\\';b\n;SET sql_mode = '';\nd '\\';'; e").last(),
            Some(&"e".to_owned())
        );
    }
}
