//! Lines of a dump of MySQL or MariaDB as they may be run in another database than the one that was dumped:
//! what names that one, or another user, is taken out, and what would lead away is refused. Not a parser: a dump
//! writes one statement, or the beginning of one, a line ("mysqldump" in the manual).

use std::borrow::Cow;

/// The statements that lead to another database, each by its first words.
const LEADING_AWAY: [&str; 7] =
    ["USE ", "CREATE DATABASE", "CREATE SCHEMA", "DROP DATABASE", "DROP SCHEMA", "CONNECT ", "CHANGE MASTER"];

/// What comes before a statement that only some servers run: `/*!50003 ` and `/*M!100100 `.
const CONDITIONAL: [&str; 2] = ["/*!", "/*M!"];

/// The line as it may be run in another database. Definers are taken out, so that whoever runs it is the
/// definer; events are disabled; and a character set is given to the database that the session is in.
///
/// ```
/// use underpin_core::dump;
///
/// let line = b"/*!50013 DEFINER=`app`@`%` SQL SECURITY DEFINER */\n";
/// assert_eq!(dump::elsewhere(line).unwrap(), &b"/*!50013 SQL SECURITY DEFINER */\n"[..]);
/// assert_eq!(dump::elsewhere(b"USE `shop`;\n").unwrap_err(), "USE");
/// ```
///
/// # Errors
/// The words of a statement that would lead to another database.
pub fn elsewhere(line: &[u8]) -> Result<Cow<'_, [u8]>, &'static str> {
    // Rows are most of a dump, and none of its lines of rows begins in another way.
    if line.starts_with(b"INSERT ") || line.starts_with(b"REPLACE ") {
        return Ok(Cow::Borrowed(line));
    }
    let Ok(text) = std::str::from_utf8(line) else { return Ok(Cow::Borrowed(line)) };
    let begins = statement(text);
    if let Some(words) = LEADING_AWAY.iter().find(|words| starts_with(begins, words)) {
        return Err(words.trim_end());
    }
    if text.starts_with("\\u ") || text.starts_with("\\r ") {
        return Err("USE");
    }
    let mut rewritten = Cow::Borrowed(text);
    if starts_with(begins, "ALTER DATABASE ") {
        rewritten = without_database(text).into();
    }
    if is_definition(text) {
        if let Some(without) = without_definer(&rewritten) {
            rewritten = without.into();
        }
        if let Some(disabled) = disabled_event(&rewritten) {
            rewritten = disabled.into();
        }
    }
    Ok(match rewritten {
        Cow::Borrowed(_) => Cow::Borrowed(line),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    })
}

/// What a line says behind the mark of a condition.
fn statement(line: &str) -> &str {
    let line = line.trim_start();
    match CONDITIONAL.iter().find_map(|mark| line.strip_prefix(mark)) {
        Some(rest) => rest.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start(),
        None => line,
    }
}

fn starts_with(text: &str, words: &str) -> bool {
    text.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words))
}

/// Whether a line begins a definition; the bodies of routines are nobody's business here.
fn is_definition(line: &str) -> bool {
    CONDITIONAL.iter().any(|mark| line.starts_with(mark)) || starts_with(line, "CREATE ")
}

/// ``ALTER DATABASE `shop` CHARACTER SET …`` without the name, which then is that of the session.
fn without_database(line: &str) -> String {
    let Some(at) = line.find('`') else { return line.to_owned() };
    match quoted_end(&line[at..]) {
        Some(end) => format!("{}{}", &line[..at], line[at + end..].trim_start()),
        None => line.to_owned(),
    }
}

/// ``DEFINER=`user`@`host` `` taken out of a line, if it has one.
fn without_definer(line: &str) -> Option<String> {
    const DEFINER: &str = "DEFINER=";
    let start = line.find(DEFINER)?;
    let user = &line[start + DEFINER.len()..];
    let mut end = start + DEFINER.len() + quoted_end(user)?;
    if let Some(host) = line[end..].strip_prefix('@') {
        end += 1 + quoted_end(host)?;
    }
    let rest = line[end..].strip_prefix(' ').unwrap_or(&line[end..]);
    Some(format!("{}{rest}", &line[..start]))
}

/// An event that is not run. A dump writes the whole of its head in one line.
fn disabled_event(line: &str) -> Option<String> {
    const ENABLED: &str = " ENABLE ";
    if !line.contains("EVENT `") || !line.contains(" ON SCHEDULE ") {
        return None;
    }
    let at = line.find(" PRESERVE ENABLE ")? + " PRESERVE".len();
    Some(format!("{} DISABLE {}", &line[..at], &line[at + ENABLED.len()..]))
}

/// Where a name between backticks ends that a text begins with.
fn quoted_end(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    if characters.next()?.1 != '`' {
        return None;
    }
    while let Some((at, character)) = characters.next() {
        if character != '`' {
            continue;
        }
        match characters.peek() {
            Some((_, '`')) => drop(characters.next()),
            _ => return Some(at + 1),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Result<String, &'static str> {
        elsewhere(line.as_bytes()).map(|line| String::from_utf8_lossy(&line).into_owned())
    }

    #[test]
    fn what_leads_to_another_database_is_refused() {
        for (line, words) in [
            ("USE `shop`;", "USE"),
            ("use shop;", "USE"),
            ("CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop`;", "CREATE DATABASE"),
            ("/*!40000 DROP DATABASE IF EXISTS `shop`*/;", "DROP DATABASE"),
            ("\\u shop", "USE"),
        ] {
            assert_eq!(told(line), Err(words), "{line}");
        }
    }

    #[test]
    fn rows_and_tables_stay_as_they_are() {
        for line in [
            "INSERT INTO `notes` VALUES (1,'DEFINER=`a`@`b`'),(2,'USE `shop`;');\n",
            "CREATE TABLE `orders` (\n",
            "  `user` int COMMENT 'USE it',\n",
            "-- MySQL dump 10.13\n",
            "DELIMITER ;;\n",
        ] {
            assert_eq!(told(line).as_deref(), Ok(line));
        }
        let bytes = b"INSERT INTO `b` VALUES (_binary '\xff')\n";
        assert_eq!(elsewhere(bytes).as_deref(), Ok(&bytes[..]));
    }

    #[test]
    fn definers_and_the_name_of_the_database_are_taken_out() {
        for (line, expected) in [
            (
                "/*!50003 CREATE*/ /*!50017 DEFINER=`a``b`@`%`*/ /*!50003 TRIGGER `t` BEFORE INSERT\n",
                "/*!50003 CREATE*/ /*!50017 */ /*!50003 TRIGGER `t` BEFORE INSERT\n",
            ),
            ("CREATE DEFINER=`a`@`localhost` PROCEDURE `p`()\n", "CREATE PROCEDURE `p`()\n"),
            (
                "ALTER DATABASE `shop` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ;\n",
                "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ;\n",
            ),
        ] {
            assert_eq!(told(line).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn an_event_is_not_run() {
        let line = "/*!50106 CREATE*/ /*!50117 DEFINER=`a`@`%`*/ /*!50106 EVENT `e` ON SCHEDULE EVERY 1 DAY \
                    STARTS '2026-11-22 00:00:00' ON COMPLETION NOT PRESERVE ENABLE DO DELETE FROM a */ ;;\n";
        let told = told(line).unwrap();
        assert!(
            told.contains("ON COMPLETION NOT PRESERVE DISABLE DO DELETE") && !told.contains("DEFINER"),
            "{told}"
        );
    }
}
