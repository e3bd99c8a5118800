//! A dump of MySQL or MariaDB on its way into a database: its lines as they may be run there, what it needs, and
//! what of it would lead away. Not a parser: where a statement begins and ends is told as the server's own client
//! tells it ("mysql Client Commands" in the manual, `delimiter`), and only beginnings are looked at.

mod definer;
mod event;
mod leading;
mod rename;
mod scan;
mod text;
mod views;

pub use self::{definer::account, event::enabling, views::Views};

use std::{borrow::Cow, collections::BTreeSet};

use self::{
    definer::{definer, without_definer},
    leading::Watch,
    scan::Scanner,
    text::{CONDITIONAL, names_database, quoted_end, starts_with, statement},
};
use crate::{dialect::Dialect, name::quote};

/// The statements about one table, each by the words before its name.
const ABOUT_TABLES: [&str; 7] = [
    "CREATE TABLE IF NOT EXISTS ",
    "CREATE TABLE ",
    "DROP TABLE IF EXISTS ",
    "INSERT INTO ",
    "INSERT IGNORE INTO ",
    "REPLACE INTO ",
    "ALTER TABLE ",
];

/// Where a dump goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination<'a> {
    /// The database that it is for.
    InPlace(&'a str),
    /// A database of this name, which is exchanged with the one that it is for once it is whole. Its events
    /// don't run before that.
    Beside(&'a str),
    /// A scratch database of this name: whoever runs it is the definer of everything, and events don't run.
    Scratch(&'a str),
}

impl Destination<'_> {
    const fn database(&self) -> &str {
        match self {
            Self::InPlace(name) | Self::Beside(name) | Self::Scratch(name) => name,
        }
    }
}

/// Which of its tables a dump is to bring.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    /// All of them, and everything else.
    Whole,
    /// Everything but the tables of which this says yes.
    Without(&'a (dyn Fn(&str) -> bool + Sync)),
    /// The tables of which this says yes, and what is set for the session.
    Only(&'a (dyn Fn(&str) -> bool + Sync)),
}

/// What a dump has that whoever loads it must know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The definers that it names, as it writes them: `` `app`@`%` ``.
    pub definers: BTreeSet<String>,
    /// The events that it enables, and that were disabled on the way; as it writes their names, between
    /// backticks.
    pub disabled: BTreeSet<String>,
    /// Whether it has a trigger or a function, which not everybody may make where there is a binary log.
    pub has_functions: bool,
    /// The bytes of its longest line; a statement that brings a large row is one.
    pub longest: usize,
}

/// Reads a dump, a line after the other, and writes it as it may be run.
///
/// ```
/// use underpin_core::dump::{Destination, Filter, Part};
///
/// let mut filter = Filter::new(Destination::Scratch("copy"), Part::Whole);
/// let line = b"/*!50013 DEFINER=`app`@`%` SQL SECURITY DEFINER */\n";
/// assert_eq!(filter.line(line).unwrap(), &b"/*!50013 SQL SECURITY DEFINER */\n"[..]);
/// assert_eq!(filter.line(b";\nUSE `shop`;\n").unwrap_err(), "USE");
/// ```
pub struct Filter<'a> {
    to: Destination<'a>,
    part: Part<'a>,
    /// The name of the database that was dumped, between backticks.
    source: Option<String>,
    scanner: Scanner,
    /// What the statement is that has begun in an earlier line.
    inside: Kind,
    watch: Watch,
    findings: Findings,
}

/// What a statement is, as far as that changes how it is handed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    /// A table, a view, and anything else that stands in the dump's own delimiter.
    #[default]
    Plain,
    /// Rows, which are handed on as they are.
    Rows,
    /// A statement that is left out.
    LeftOut,
    /// A trigger, a routine or an event: only its first line is looked at.
    Body,
}

impl<'a> Filter<'a> {
    /// At the beginning of a dump.
    pub fn new(to: Destination<'a>, part: Part<'a>) -> Self {
        let (scanner, inside, findings) = (Scanner::default(), Kind::Plain, Findings::default());
        Self { to, part, source: None, scanner, inside, watch: Watch::default(), findings }
    }

    /// What was found until now.
    pub fn findings(self) -> Findings {
        self.findings
    }

    /// The next line as it may be run, with its end. What is left out leaves an empty line, so that the numbers
    /// of lines stay.
    ///
    /// # Errors
    /// The words of a statement that would lead to another database, or change the whole server.
    pub fn line<'b>(&mut self, line: &'b [u8]) -> Result<Cow<'b, [u8]>, &'static str> {
        self.findings.longest = self.findings.longest.max(line.len());
        let begins = !self.scanner.is_inside();
        let heads = self.scanner.line(line);
        let of_replicas = self.watch.line(line, begins, &heads, !self.scanner.delimiter_is_own())?;
        if begins && heads.is_empty() {
            self.header(line);
            return Ok(Cow::Borrowed(line));
        }
        // The first statement of a line decides what becomes of it: a dump writes one a line.
        let kind = match heads.first() {
            Some(_) if of_replicas => Kind::LeftOut,
            Some(at) if begins => self.kind(&line[*at..], heads.len() > 1),
            Some(_) | None => self.inside,
        };
        self.inside = match heads.last() {
            Some(at) if !begins || heads.len() > 1 => self.kind(&line[*at..], false),
            Some(_) | None => kind,
        };
        Ok(match kind {
            Kind::LeftOut => {
                // What follows in the same line is another statement's.
                let from = heads.first().filter(|_| !begins).copied();
                Cow::Borrowed(&line[from.unwrap_or(line.len() - usize::from(line.ends_with(b"\n")))..])
            }
            Kind::Rows => Cow::Borrowed(line),
            Kind::Body if !begins => Cow::Borrowed(line),
            Kind::Body | Kind::Plain => match std::str::from_utf8(line) {
                Ok(text) => match self.rewritten(text, begins, kind) {
                    Cow::Borrowed(_) => Cow::Borrowed(line),
                    Cow::Owned(text) => Cow::Owned(text.into_bytes()),
                },
                Err(_) => Cow::Borrowed(line),
            },
        })
    }

    /// Reads the name of the database that was dumped from the comment at the beginning.
    fn header(&mut self, line: &[u8]) {
        if self.source.is_some() || !line.starts_with(b"-- Host: ") {
            return;
        }
        let text = String::from_utf8_lossy(line);
        if let Some((_, name)) = text.trim_end().split_once("Database: ") {
            self.source = Some(quote(Dialect::Mysql, name.trim()));
        }
    }

    /// What a statement is; one that shares its line with others is not left out without them.
    fn kind(&self, head: &[u8], shares: bool) -> Kind {
        let rows = head.starts_with(b"INSERT ") || head.starts_with(b"REPLACE ");
        let text = String::from_utf8_lossy(&head[..head.len().min(400)]);
        let begins = statement(&text);
        let locks = starts_with(begins, "LOCK TABLES ") || starts_with(begins, "UNLOCK TABLES");
        if (!shares || matches!(self.part, Part::Only(_))) && (locks || self.is_of_another_part(begins)) {
            return Kind::LeftOut;
        }
        match (rows, self.scanner.delimiter_is_own()) {
            (true, _) => Kind::Rows,
            (false, true) => Kind::Plain,
            (false, false) => Kind::Body,
        }
    }

    fn is_of_another_part(&self, statement: &str) -> bool {
        let table = || {
            let rest = ABOUT_TABLES
                .iter()
                .find_map(|words| starts_with(statement, words).then(|| &statement[words.len()..]))?;
            let end = quoted_end(rest)?;
            Some(rest[1..end - 1].replace("``", "`"))
        };
        match self.part {
            Part::Whole => false,
            Part::Without(is_apart) => table().is_some_and(|name| is_apart(&name)),
            Part::Only(is_apart) => {
                !starts_with(statement, "SET ") && !table().is_some_and(|name| is_apart(&name))
            }
        }
    }

    fn rewritten<'b>(&mut self, line: &'b str, begins: bool, kind: Kind) -> Cow<'b, str> {
        let mut text = Cow::Borrowed(line);
        if begins && names_database(line) {
            return without_database(line).into();
        }
        if is_definition(line) {
            self.note_definer(line);
            self.findings.has_functions |= definer::defines_function(line);
            if let Destination::Scratch(_) = self.to
                && let Some(without) = without_definer(&text)
            {
                text = without.into();
            }
            if !matches!(self.to, Destination::InPlace(_))
                && let Some((name, disabled)) = event::disabled(&text)
            {
                self.findings.disabled.insert(name.to_owned());
                text = disabled.into();
            }
        }
        match kind {
            Kind::Plain => self.renamed(text),
            Kind::Rows | Kind::LeftOut | Kind::Body => text,
        }
    }

    /// Where a view names tables of several databases, the server names the database of each; and MariaDB names
    /// that of a sequence which gives a column its values.
    fn renamed<'b>(&self, text: Cow<'b, str>) -> Cow<'b, str> {
        let Some(source) = &self.source else { return text };
        let to = quote(Dialect::Mysql, self.to.database());
        if *source == to || !text.contains(source) {
            return text;
        }
        match starts_with(statement(&text), "VIEW ") {
            true => rename::in_view(&text, source, &to).into(),
            false => rename::in_table(&text, source, &to).into(),
        }
    }

    fn note_definer(&mut self, line: &str) {
        self.findings.definers.extend(definer(line).map(str::to_owned));
    }
}

/// Whether a line begins a definition, or goes on with one that only some servers run.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn told(to: Destination<'_>, part: Part<'_>, dump: &str) -> Result<String, &'static str> {
        let mut filter = Filter::new(to, part);
        let mut text = Vec::new();
        for line in dump.split_inclusive('\n') {
            text.extend_from_slice(&filter.line(line.as_bytes())?);
        }
        Ok(String::from_utf8(text).unwrap())
    }

    fn scratch(dump: &str) -> Result<String, &'static str> {
        told(Destination::Scratch("copy"), Part::Whole, dump)
    }

    #[test]
    fn what_leads_to_another_database_is_refused() {
        for (line, words) in [
            ("USE `shop`;\n", "USE"),
            ("use shop;\n", "USE"),
            ("SELECT 1; USE shop;\n", "USE"),
            ("SELECT ';'; -- ;\n  USE shop;\n", "USE"),
            ("CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop`;\n", "CREATE DATABASE"),
            ("/*!40000 DROP DATABASE IF EXISTS `shop`*/;\n", "DROP DATABASE"),
            ("\\u shop\n", "a command of the client"),
        ] {
            assert_eq!(scratch(line), Err(words), "{line}");
        }
    }

    #[test]
    fn the_body_of_a_routine_says_what_it_likes() {
        let dump = "DELIMITER ;;\nCREATE PROCEDURE `p`()\nBEGIN\nCREATE DATABASE x;\nSELECT a\nUSE INDEX (b) ;\n\
                    use index (c);\nEND ;;\nDELIMITER ;\n";
        assert_eq!(scratch(dump).as_deref(), Ok(dump));
        assert_eq!(scratch(&format!("{dump}USE x;\n")), Err("USE"));
    }

    #[test]
    fn rows_and_tables_stay_as_they_are() {
        let dump = "-- MySQL dump 10.13\n\
                    CREATE TABLE `orders` (\n  `user` int COMMENT 'USE it; ',\n  `b` int\n);\n\
                    INSERT INTO `notes` VALUES (1,'DEFINER=`a`@`b`'),(2,'USE `shop`;');\n\
                    INSERT INTO `notes` VALUES\n(1,'a\\';'),\n(2,'LOCK TABLES `a`;');\n\
                    DELIMITER ;;\nDELIMITER ;\n";
        assert_eq!(scratch(dump).as_deref(), Ok(dump));
        let bytes = b"INSERT INTO `b` VALUES (_binary '\xff')\n";
        let mut filter = Filter::new(Destination::Scratch("copy"), Part::Whole);
        assert_eq!(filter.line(bytes).as_deref(), Ok(&bytes[..]));
    }

    #[test]
    fn definers_are_taken_out_of_what_goes_into_a_scratch_database_and_found_everywhere() {
        let trigger = "/*!50003 CREATE*/ /*!50017 DEFINER=`a``b`@`%`*/ /*!50003 TRIGGER `t` BEFORE INSERT\n";
        assert_eq!(
            scratch(trigger).as_deref(),
            Ok("/*!50003 CREATE*/ /*!50017 */ /*!50003 TRIGGER `t` BEFORE INSERT\n")
        );
        let procedure = "CREATE DEFINER=`a`@`localhost` PROCEDURE `p`()\n";
        assert_eq!(scratch(procedure).as_deref(), Ok("CREATE PROCEDURE `p`()\n"));
        let mut filter = Filter::new(Destination::InPlace("shop"), Part::Whole);
        assert_eq!(filter.line(trigger.as_bytes()).as_deref(), Ok(trigger.as_bytes()));
        assert_eq!(filter.findings().definers.into_iter().collect::<Vec<_>>(), ["`a``b`@`%`"]);
    }

    #[test]
    fn triggers_and_functions_are_found_with_the_longest_line() {
        for (line, expected) in [
            ("/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/ /*!50003 TRIGGER tr BEFORE INSERT ON b\n", true),
            ("CREATE DEFINER=`a`@`%` FUNCTION `f`() RETURNS int\n", true),
            ("CREATE DEFINER=\"a\"@\"%\" PACKAGE BODY \"p\" AS\n", true),
            ("CREATE DEFINER=`FUNCTION `@`%` PROCEDURE `FUNCTION `()\n", false),
            ("CREATE TABLE `TRIGGER ` (`FUNCTION ` int);\n", false),
        ] {
            let mut filter = Filter::new(Destination::InPlace("shop"), Part::Whole);
            filter.line(line.as_bytes()).unwrap();
            let found = filter.findings();
            assert_eq!((found.has_functions, found.longest), (expected, line.len()), "{line}");
        }
    }

    #[test]
    fn no_line_names_the_database_or_locks_a_table_wherever_it_goes() {
        let dump = "ALTER DATABASE `shop` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ;\nLOCK TABLES `t` WRITE;\nUNLOCK TABLES;\n";
        for to in [Destination::InPlace("a"), Destination::Beside("a"), Destination::Scratch("a")] {
            assert_eq!(
                told(to, Part::Whole, dump).as_deref(),
                Ok("ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ;\n\n\n")
            );
        }
    }

    #[test]
    fn what_is_for_a_new_replica_is_left_out() {
        let dump = "SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;\nSET @@SESSION.SQL_LOG_BIN= 0;\n\
                    SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'a:1-5,\nb:1';\nSET NAMES utf8mb4;\n";
        let kept = "SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;\n\n\n\nSET NAMES utf8mb4;\n";
        let none = |_: &str| false;
        for part in [Part::Whole, Part::Without(&none), Part::Only(&none)] {
            assert_eq!(told(Destination::InPlace("x"), part, dump).as_deref(), Ok(kept));
        }
        assert_eq!(scratch("SET @@SESSION.SQL_LOG_BIN= 0; SELECT 1;\n"), Err("SET"));
    }

    #[test]
    fn views_and_sequences_of_the_dumped_database_are_those_of_the_new_one() {
        let dump = "-- Host: localhost    Database: shop\n\
                    CREATE TABLE `t` (\n  `id` bigint DEFAULT nextval(`shop`.`s`)\n);\n\
                    INSERT INTO `t` VALUES ('`shop`.`s`');\n\
                    /*!50001 VIEW `v` AS select `shop`.`t`.`id`,`other`.`x`.`y` from `shop`.`t` */;\n";
        assert_eq!(
            told(Destination::Beside("new"), Part::Whole, dump).unwrap(),
            "-- Host: localhost    Database: shop\n\
             CREATE TABLE `t` (\n  `id` bigint DEFAULT nextval(`new`.`s`)\n);\n\
             INSERT INTO `t` VALUES ('`shop`.`s`');\n\
             /*!50001 VIEW `v` AS select `new`.`t`.`id`,`other`.`x`.`y` from `new`.`t` */;\n"
        );
    }

    #[test]
    fn some_tables_come_last() {
        let dump = "/*!40101 SET NAMES utf8mb4 */;\nDROP TABLE IF EXISTS `a`;\nCREATE TABLE `h_log` (\n  `i` int\n);\n\
                    INSERT INTO `h_log` VALUES\n(1);\nINSERT INTO `a` VALUES (1);\n";
        let ours = |name: &str| name.starts_with("h_");
        assert_eq!(
            told(Destination::InPlace("x"), Part::Without(&ours), dump).unwrap(),
            "/*!40101 SET NAMES utf8mb4 */;\nDROP TABLE IF EXISTS `a`;\n\n\n\n\n\nINSERT INTO `a` VALUES (1);\n"
        );
        assert_eq!(
            told(Destination::InPlace("x"), Part::Only(&ours), dump).unwrap(),
            "/*!40101 SET NAMES utf8mb4 */;\n\nCREATE TABLE `h_log` (\n  `i` int\n);\nINSERT INTO `h_log` VALUES\n(1);\n\n"
        );
    }
}
