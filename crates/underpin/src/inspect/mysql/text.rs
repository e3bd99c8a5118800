//! Texts as these servers write them in their catalogs: escapes, and names with their database.
//! Not a parser of SQL.

use underpin_core::{dialect::Dialect, name::quote, schema::Options};

/// An expression as `SHOW CREATE TABLE` writes it, from how `information_schema` of MySQL does:
/// there it is escaped once more, as if it stood within a string. Its texts have one character set.
pub(super) fn unescaped(text: &str) -> String {
    let text = &decoded(text);
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            result.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => result.push('\n'),
            Some('r') => result.push('\r'),
            Some('t') => result.push('\t'),
            Some('0') => result.push('\0'),
            Some('Z') => result.push('\u{1a}'),
            Some(other) => result.push(other),
            None => result.push('\\'),
        }
    }
    with_one_charset(&result)
}

/// What Windows' Latin 1 has in the place of control characters, and the servers' `latin1` with it.
const LATIN: [(char, u8); 27] = [
    ('€', 0x80),
    ('‚', 0x82),
    ('ƒ', 0x83),
    ('„', 0x84),
    ('…', 0x85),
    ('†', 0x86),
    ('‡', 0x87),
    ('ˆ', 0x88),
    ('‰', 0x89),
    ('Š', 0x8a),
    ('‹', 0x8b),
    ('Œ', 0x8c),
    ('Ž', 0x8e),
    ('‘', 0x91),
    ('’', 0x92),
    ('“', 0x93),
    ('”', 0x94),
    ('•', 0x95),
    ('–', 0x96),
    ('—', 0x97),
    ('˜', 0x98),
    ('™', 0x99),
    ('š', 0x9a),
    ('›', 0x9b),
    ('œ', 0x9c),
    ('ž', 0x9e),
    ('Ÿ', 0x9f),
];

/// A text that MySQL read as Latin 1 though it was UTF-8, as it does with expressions in its catalog.
fn decoded(text: &str) -> String {
    let byte = |character: char| match u8::try_from(u32::from(character)) {
        Ok(byte) => Some(byte),
        Err(_) => LATIN.iter().find(|(latin, _)| *latin == character).map(|(_, byte)| *byte),
    };
    let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

/// An SQL mode without what says nothing about a program that has been read already: some drivers ask
/// for `IGNORE_SPACE`, and the servers' own clients don't.
pub(super) fn lasting_mode(mode: &str) -> String {
    mode.split(',').filter(|word| *word != "IGNORE_SPACE").collect::<Vec<_>>().join(",")
}

/// The account `user@host`, quoted.
pub(super) fn account(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((user, host)) => format!("{}@{}", quote(Dialect::Mysql, user), quote(Dialect::Mysql, host)),
        None => quote(Dialect::Mysql, text),
    }
}

/// The statement that makes a program, without its `DEFINER` clause, and without the semicolons that
/// some clients leave at its end.
pub(super) fn program(statement: &str) -> String {
    without_definer(statement).trim_end_matches([';', ' ', '\n', '\r', '\t']).to_owned()
}

/// A statement without its `DEFINER` clause, as `SHOW CREATE` writes that.
fn without_definer(statement: &str) -> String {
    let Some(start) = statement.find("DEFINER=") else { return statement.to_owned() };
    // Only the words that the server itself writes stand before it.
    if statement[..start].contains(['`', '\'', '(']) {
        return statement.to_owned();
    }
    let clause = &statement[start..];
    let user = name_end(&clause["DEFINER=".len()..]);
    let after_user = &clause["DEFINER=".len() + user..];
    let rest = match after_user.strip_prefix('@') {
        Some(host) => &host[name_end(host)..],
        None => after_user,
    };
    format!("{}{}", &statement[..start], rest.trim_start_matches(' '))
}

/// Where the name at the beginning of this text ends, quoted or not.
fn name_end(text: &str) -> usize {
    match text.chars().next() {
        // Under ANSI_QUOTES a name stands between these.
        Some(mark @ ('`' | '"')) => quoted_end(text, mark),
        _ => text.find(|character| !of_word(character)).unwrap_or(text.len()),
    }
}

/// Where the quoted text at the beginning ends; the mark is doubled within, or after a backslash
/// where it is not that of names.
pub(super) fn quoted_end(text: &str, mark: char) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && mark != '`' {
            characters.next();
        } else if character == mark {
            if characters.peek().is_some_and(|(_, next)| *next == mark) {
                characters.next();
            } else {
                return at + mark.len_utf8();
            }
        }
    }
    text.len()
}

fn of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

/// A piece of a text: what a name is, and what everything else is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece<'a> {
    Name(&'a str),
    Other(&'a str),
}

/// The names of a text and what is between them. Strings and comments are never names.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '`' => quoted_end(rest, '`'),
            '\'' | '"' => quoted_end(rest, first),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '-' if rest.starts_with("-- ") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") && !rest.starts_with("/*!") && !rest.starts_with("/*M!") => {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            }
            _ if of_word(first) => rest.find(|character| !of_word(character)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        pieces.push(match first == '`' || of_word(first) {
            true => Piece::Name(piece),
            false => Piece::Other(piece),
        });
        rest = after;
    }
    pieces
}

/// A name without its quotes.
pub(super) fn plain(name: &str) -> String {
    match name.strip_prefix('`').and_then(|name| name.strip_suffix('`')) {
        Some(inner) => inner.replace("``", "`"),
        None => name.to_owned(),
    }
}

/// A text in which names that begin with this database's go without it.
pub(super) fn without_database(text: &str, database: &str) -> String {
    let pieces = pieces(text);
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    let mut after_dot = false;
    while let Some(piece) = pieces.get(at) {
        let is_prefix = matches!(piece, Piece::Name(name) if !after_dot && plain(name) == database)
            && pieces.get(at + 1) == Some(&Piece::Other("."))
            && matches!(pieces.get(at + 2), Some(Piece::Name(_)));
        if is_prefix {
            // What follows is part of the same name, even if it is called like the database.
            at += 2;
            after_dot = true;
            continue;
        }
        let (Piece::Name(part) | Piece::Other(part)) = piece;
        result.push_str(part);
        after_dot = *part == ".";
        at += 1;
    }
    result
}

/// The names of what is used from this database, in a text that names the database everywhere.
pub(super) fn names_of_database(text: &str, database: &str) -> Vec<String> {
    let pieces = pieces(text);
    let mut names = Vec::new();
    for window in pieces.windows(3) {
        if let [Piece::Name(first), Piece::Other("."), Piece::Name(second)] = window
            && plain(first) == database
        {
            names.push(plain(second));
        }
    }
    names
}

/// Options as `CREATE_OPTIONS` has them: `row_format=COMPRESSED key_block_size=8 partitioned`.
/// An option without a value has an empty one.
pub(super) fn options(text: &str) -> Options {
    let mut options = Options::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let name = rest[..end].trim_matches('`').to_ascii_lowercase();
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let length = match after.chars().next() {
                Some(mark @ ('"' | '\'')) => quoted_end(after, mark),
                _ => after.find(' ').unwrap_or(after.len()),
            };
            (value, rest) = after.split_at(length);
        }
        options.insert(name, value.to_owned());
        rest = rest.trim_start();
    }
    options
}

/// The settings that the servers write as `NAME=VALUE` or `NAME = VALUE` at the end of a table and of a
/// partition, and that the rest of the catalog doesn't tell. What stands within quotes is no setting.
pub(super) fn settings(text: &str, sign: &str) -> Vec<(String, String)> {
    const NAMES: [&str; 13] = [
        "AUTOEXTEND_SIZE",
        "DATA DIRECTORY",
        "INDEX DIRECTORY",
        "MAX_ROWS",
        "MIN_ROWS",
        "CONNECTION",
        "INSERT_METHOD",
        "UNION",
        "TABLESPACE",
        "ENGINE_ATTRIBUTE",
        "SECONDARY_ENGINE_ATTRIBUTE",
        "PAGE_CHECKSUM",
        "TRANSACTIONAL",
    ];
    let mut settings = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = NAMES.iter().find_map(|name| {
            let after = rest.strip_prefix(name)?;
            // MySQL hides the tablespace of a table from older servers, and writes it without a sign.
            let value = after.strip_prefix(sign).or_else(|| after.strip_prefix(' '))?;
            Some((*name, value))
        });
        let length = match (found, first) {
            (Some((name, value)), _) => {
                let length = value_end(value);
                settings.push((name.to_ascii_lowercase(), value[..length].to_owned()));
                rest.len() - value.len() + length
            }
            (None, '`' | '\'' | '"') => quoted_end(rest, first),
            (None, _) if of_word(first) => rest.find(|character| !of_word(character)).unwrap_or(rest.len()),
            (None, _) => first.len_utf8(),
        };
        rest = &rest[length..];
    }
    settings
}

fn value_end(value: &str) -> usize {
    match value.chars().next() {
        Some(mark @ ('\'' | '`' | '"')) => quoted_end(value, mark),
        Some('(') => {
            let mut rest = value;
            while let Some(first) = rest.chars().next() {
                let length = if first == '`' { quoted_end(rest, '`') } else { first.len_utf8() };
                rest = &rest[length..];
                if first == ')' {
                    break;
                }
            }
            value.len() - rest.len()
        }
        _ => value.find(' ').unwrap_or(value.len()),
    }
}

/// An expression of MySQL in which plain texts have the character set of the client that made it, or of
/// the column beside them: the server writes the one or the other, and changes its mind whenever the
/// table changes. Where all of these mean the same bytes, one stands for all.
pub(super) fn with_one_charset(expression: &str) -> String {
    const CHARSETS: [&str; 5] = ["_utf8mb4", "_utf8mb3", "_utf8", "_latin1", "_ascii"];
    let pieces = pieces(expression);
    let mut result = String::with_capacity(expression.len());
    for (at, piece) in pieces.iter().enumerate() {
        let (Piece::Name(part) | Piece::Other(part)) = piece;
        let is_plain = pieces.get(at + 1).is_some_and(
            |next| matches!(next, Piece::Other(text) if text.starts_with('\'') && text.is_ascii()),
        );
        let is_charset = matches!(piece, Piece::Name(name) if CHARSETS.contains(name));
        result.push_str(if is_charset && is_plain { "_utf8mb4" } else { part });
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_goes_from_names_and_from_nothing_else() {
        let text = "select `b`.`t`.`a` AS `b`,'`b`.`t`' AS `x` from `b`.`b` where b.f(`c`.`b`.`x`)";
        assert_eq!(
            without_database(text, "b"),
            "select `t`.`a` AS `b`,'`b`.`t`' AS `x` from `b` where f(`c`.`b`.`x`)"
        );
        assert_eq!(without_database("`b`.`b`.`a`", "b"), "`b`.`a`");
        assert_eq!(names_of_database("from `b`.`v` join `b`.`t`.`x`", "b"), ["v", "t"]);
    }

    #[test]
    fn escapes_are_taken_off_once() {
        assert_eq!(unescaped("(`fÃ¼r` > 0)"), "(`für` > 0)");
        assert_eq!(unescaped(r"concat(_utf8mb4\'a\\\'b\',`s`)"), r"concat(_utf8mb4'a\'b',`s`)");
    }

    #[test]
    fn settings_are_read_and_what_is_quoted_is_none() {
        let text = ") /*!50100 TABLESPACE `x y` */ ENGINE=MRG COMMENT='UNION=(`z`)' UNION=(`a`,`)`) INSERT_METHOD=LAST";
        let settings = settings(text, "=");
        let expected = [("tablespace", "`x y`"), ("union", "(`a`,`)`)"), ("insert_method", "LAST")];
        assert_eq!(settings, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn plain_texts_have_one_character_set_and_others_keep_theirs() {
        assert_eq!(
            with_one_charset("concat(_utf8mb3'a',_latin1'b',_latin1'ü',_utf16'c','_latin1''d''')"),
            "concat(_utf8mb4'a',_utf8mb4'b',_latin1'ü',_utf16'c','_latin1''d''')"
        );
    }

    #[test]
    fn a_definer_goes_and_the_rest_stays() {
        assert_eq!(
            without_definer("CREATE DEFINER=`a b`@`%` PROCEDURE `p`() SELECT 'DEFINER=x '"),
            "CREATE PROCEDURE `p`() SELECT 'DEFINER=x '"
        );
        assert_eq!(
            program("CREATE DEFINER=\"a\"@\"%\" FUNCTION f() RETURN 1;\n"),
            "CREATE FUNCTION f() RETURN 1"
        );
        assert_eq!(without_definer("CREATE PROCEDURE `p`() BEGIN END"), "CREATE PROCEDURE `p`() BEGIN END");
    }

    #[test]
    fn create_options_have_values_with_blanks() {
        let options = options("row_format=COMPRESSED COMPRESSION=\"z lib\" partitioned `page_compressed`=1");
        assert_eq!(options["compression"], "\"z lib\"");
        assert_eq!(options["partitioned"], "");
        assert_eq!(options["page_compressed"], "1");
        assert_eq!(options["row_format"], "COMPRESSED");
    }
}
