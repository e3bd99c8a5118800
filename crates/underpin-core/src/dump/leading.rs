//! What a statement of a dump would do beside filling a database: lead to another one, or change the whole server.
//! Told from how it begins, by its words; a body is not looked into.

use super::text::names_database;
use crate::{
    dialect::Dialect,
    sql::{Code, TokenKind, codes, leaves_database},
};

/// How much of a statement is looked at. A dump says within a few words what a statement is.
const BEGINNING: usize = 1_000;

/// How many words tell what a statement is: `CREATE OR REPLACE DATABASE`.
const TELLING: usize = 4;

/// What begins a statement, or a command of the server's own client, that no dump of one database needs: what leads to
/// another database or another file, and what changes the server or its replication ("mysql Client Commands" and
/// "Replication Statements" in MySQL's manual).
const LEADING_AWAY: [&str; 29] = [
    "USE",
    "CONNECT",
    "SOURCE",
    "SYSTEM",
    "DELIMITER",
    "CREATE DATABASE",
    "CREATE SCHEMA",
    "CREATE OR REPLACE DATABASE",
    "CREATE OR REPLACE SCHEMA",
    "CREATE TABLESPACE",
    "CREATE UNDO",
    "ALTER DATABASE",
    "ALTER SCHEMA",
    "ALTER TABLESPACE",
    "ALTER UNDO",
    "ALTER INSTANCE",
    "DROP DATABASE",
    "DROP SCHEMA",
    "DROP TABLESPACE",
    "DROP UNDO",
    "CHANGE MASTER",
    "CHANGE REPLICATION",
    "START REPLICA",
    "START SLAVE",
    "START ALL",
    "START GROUP_REPLICATION",
    "STOP",
    "RESET",
    "PURGE",
];

/// What sets something for all sessions: a word before its name, or what its name begins with.
const GLOBAL: [&str; 3] = ["GLOBAL", "PERSIST", "PERSIST_ONLY"];

/// What sets something for this session.
const SESSION: [&str; 2] = ["SESSION", "LOCAL"];

/// What `mysqldump` sets in a dump of a server with GTIDs, unless it is told otherwise (`--set-gtid-purged`): that all
/// transactions of then are there, of all databases, and that the rows go to no replica. That is for a server that is
/// to become a replica of the other one; here it would make replicas differ, and few users may say it.
const OF_REPLICAS: [&str; 2] = ["GTID_PURGED", "SQL_LOG_BIN"];

/// What a statement would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Nothing but filling the database.
    Stays,
    /// Something that is for a new replica, and for no database that is restored.
    OfReplicas,
    /// It leads away, by these words.
    Leads(&'static str),
    /// That it stays is not known before more of it is.
    Open,
}

/// Reads the lines of a dump, and remembers of the statement that has begun what does not tell yet what it is.
#[derive(Debug, Default)]
pub(super) struct Watch {
    begun: Vec<u8>,
}

impl Watch {
    /// Looks what the statements of a line would do, which begin at `heads`. Tells whether it begins with one that is
    /// for replicas, and has no other.
    ///
    /// # Errors
    /// The words of one that leads away.
    pub(super) fn line(
        &mut self,
        line: &[u8],
        begins: bool,
        heads: &[usize],
        is_body: bool,
    ) -> Result<bool, &'static str> {
        let mut begun = std::mem::take(&mut self.begun);
        let goes_on = !begins && !begun.is_empty();
        if goes_on {
            begun.extend_from_slice(line);
        }
        let before = goes_on.then(|| judge(&begun, is_body));
        let judged = heads.iter().map(|at| judge(&line[*at..], is_body));
        let mut last = None;
        for (index, verdict) in before.into_iter().chain(judged).enumerate() {
            match verdict {
                // It is written without the name.
                Verdict::Leads("ALTER DATABASE")
                    if begins && index == 0 && names_database(&String::from_utf8_lossy(line)) => {}
                Verdict::OfReplicas if begins && heads.len() == 1 => return Ok(true),
                Verdict::OfReplicas => return Err("SET"),
                Verdict::Leads(words) => return Err(words),
                Verdict::Stays | Verdict::Open => {}
            }
            last = Some(verdict);
        }
        if last == Some(Verdict::Open) {
            self.begun = heads.last().map_or(begun, |at| line[*at..].to_vec());
        }
        Ok(false)
    }
}

/// Judges a statement by how it begins. A body may name other databases.
fn judge(head: &[u8], is_body: bool) -> Verdict {
    if head.starts_with(b"\\") {
        return Verdict::Leads("a command of the client");
    }
    let length = head.len().min(BEGINNING);
    let length = head[..length].iter().position(|byte| *byte == 0).unwrap_or(length);
    let text = String::from_utf8_lossy(&head[..length]);
    let verdict = judge_text(&text, is_body);
    match verdict {
        // Nobody writes so much between two words who means well.
        Verdict::Open if length < head.len() => Verdict::Leads("what nobody can read"),
        Verdict::Stays | Verdict::OfReplicas | Verdict::Leads(_) | Verdict::Open => verdict,
    }
}

fn judge_text(text: &str, is_body: bool) -> Verdict {
    let first: Vec<Code<'_>> = codes(Dialect::Mysql, text).take(TELLING).collect();
    if first.first().is_some_and(|code| code.is("SET")) {
        return of_settings(text);
    }
    match LEADING_AWAY.iter().find(|words| begins(&first, words) == Some(true)) {
        Some(&("ALTER DATABASE" | "ALTER SCHEMA")) if leaves_database(Dialect::Mysql, text).is_none() => {
            Verdict::Stays
        }
        Some(words) => Verdict::Leads(words),
        None if LEADING_AWAY.iter().any(|words| begins(&first, words).is_none()) => Verdict::Open,
        None if !(is_body && first.first().is_some_and(|code| code.is("CREATE")))
            && leaves_database(Dialect::Mysql, text).is_some() =>
        {
            Verdict::Leads("the name of a database before another name")
        }
        None => Verdict::Stays,
    }
}

/// Whether a statement of which these are the first words begins with others; nothing where more of it would tell.
fn begins(first: &[Code<'_>], words: &str) -> Option<bool> {
    let mut first = first.iter();
    for word in words.split(' ') {
        if !first.next()?.is(word) {
            return Some(false);
        }
    }
    Some(true)
}

/// Judges `SET …`, which may set several things.
fn of_settings(text: &str) -> Verdict {
    let codes: Vec<Code<'_>> = codes(Dialect::Mysql, text).collect();
    let (mut depth, mut all) = (0_usize, Vec::new());
    for (index, code) in codes.iter().enumerate() {
        match code.kind {
            TokenKind::Semicolon => break,
            TokenKind::Operator if code.text == "(" => depth += 1,
            TokenKind::Operator if code.text == ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if index == 0 || (depth == 0 && code.is_operator(",")) {
            all.push(of_setting(&codes[index + 1..]));
        }
    }
    let ends = codes.iter().any(|code| code.kind == TokenKind::Semicolon);
    let first = all.first().copied().unwrap_or(Verdict::Open);
    match all.iter().find(|verdict| matches!(verdict, Verdict::Leads(_))) {
        Some(leads) => *leads,
        None if all.contains(&Verdict::Open) => Verdict::Open,
        None if all.iter().any(|verdict| *verdict != first) => Verdict::Leads("SET"),
        None if first == Verdict::Stays && !ends => Verdict::Open,
        None => first,
    }
}

/// Judges what is set, `@@GLOBAL.gtid_purged = …` or `GLOBAL gtid_purged = …`.
fn of_setting(codes: &[Code<'_>]) -> Verdict {
    let Some(code) = codes.first() else { return Verdict::Open };
    let scope = code.text.trim_start_matches('@');
    let (scope, name) = match (code.kind, codes.get(1)) {
        (TokenKind::Parameter, _) if code.text.starts_with("@@") => {
            scope.split_once('.').unwrap_or(("SESSION", scope))
        }
        (TokenKind::Parameter, _) => return Verdict::Stays,
        (TokenKind::Word, Some(next)) if next.kind == TokenKind::Word => (scope, next.text),
        (TokenKind::Word, _) => ("SESSION", scope),
        // `@@` before a name between backticks.
        _ => return Verdict::Leads("SET"),
    };
    let is_one_of = |words: &[&str], word: &str| words.iter().any(|one| one.eq_ignore_ascii_case(word));
    if (is_one_of(&GLOBAL, scope) || is_one_of(&SESSION, scope)) && is_one_of(&OF_REPLICAS, name) {
        return Verdict::OfReplicas;
    }
    match GLOBAL.iter().find(|word| scope.eq_ignore_ascii_case(word)) {
        Some(_) => Verdict::Leads("SET GLOBAL"),
        None => Verdict::Stays,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_away_does_so_however_it_is_written() {
        for (statement, words) in [
            ("USE `shop`;", "USE"),
            ("use\tshop;", "USE"),
            ("USE`shop`;", "USE"),
            ("/* x */ USE/* x */shop;", "USE"),
            ("/*!50001 USE shop */;", "USE"),
            ("/*M!100100 DROP  \t DATABASE shop */;", "DROP DATABASE"),
            ("CREATE /* x */ OR REPLACE\tDATABASE shop;", "CREATE OR REPLACE DATABASE"),
            ("CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop`;", "CREATE DATABASE"),
            ("alter  database shop CHARACTER SET utf8mb4;", "ALTER DATABASE"),
            ("ALTER SCHEMA `shop` CHARACTER SET utf8mb4;", "ALTER SCHEMA"),
            ("DROP UNDO TABLESPACE u;", "DROP UNDO"),
            ("CHANGE MASTER TO MASTER_LOG_FILE='b.000001', MASTER_LOG_POS=4;", "CHANGE MASTER"),
            ("CHANGE MASTER 'a' TO MASTER_LOG_POS=4;", "CHANGE MASTER"),
            ("CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='b.000001';", "CHANGE REPLICATION"),
            ("STOP REPLICA;", "STOP"),
            ("STOP ALL SLAVES;", "STOP"),
            ("start slave;", "START SLAVE"),
            ("START GROUP_REPLICATION;", "START GROUP_REPLICATION"),
            ("RESET BINARY LOGS AND GTIDS;", "RESET"),
            ("DELIMITER\t$$", "DELIMITER"),
            ("source /tmp/x", "SOURCE"),
            ("\\u shop", "a command of the client"),
            ("SET GLOBAL gtid_slave_pos='0-1-2';", "SET GLOBAL"),
            ("SET @a = 1, @@persist.max_connections = 1;", "SET GLOBAL"),
            ("SET @@`global`.x = 1;", "SET"),
            ("SET @@SESSION.SQL_LOG_BIN = 0, @a = 1;", "SET"),
            ("INSERT INTO `shop`.`orders` VALUES (1);", "the name of a database before another name"),
            ("DROP TABLE IF EXISTS a, shop.b;", "the name of a database before another name"),
        ] {
            assert_eq!(judge(statement.as_bytes(), false), Verdict::Leads(words), "{statement}");
        }
        let far = format!("DROP /* {} */ DATABASE shop;", "x".repeat(2_000));
        assert_eq!(judge(far.as_bytes(), false), Verdict::Leads("what nobody can read"));
        assert_eq!(judge(b"DROP\0 DATABASE shop;", false), Verdict::Leads("what nobody can read"));
    }

    #[test]
    fn what_fills_the_database_stays() {
        for statement in [
            "CREATE TABLE `t` (",
            "DROP TABLE IF EXISTS `use`;",
            "/*!40000 ALTER TABLE `t` DISABLE KEYS */;",
            "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/ /*!50003 TRIGGER `t` BEFORE INSERT ON `t` FOR EACH ROW",
            "/*!50001 CREATE ALGORITHM=UNDEFINED */",
            "ALTER DATABASE CHARACTER SET utf8mb4 ;",
            "INSERT INTO `t` VALUES (1,'USE `shop`; INSERT INTO `a`.`b`');",
            "START TRANSACTION;",
            "SET NAMES utf8mb4;",
            "SET character_set_client = utf8mb4;",
            "/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;",
            "/*!50717 SELECT COUNT(*) INTO @rocksdb_has_p_s_session_variables FROM INFORMATION_SCHEMA.TABLES;",
            "SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;",
            "SET @a = IF(1, @@GLOBAL.x, GLOBAL), @old = @@GLOBAL.gtid_purged;",
            "SET SESSION sql_mode = 'GLOBAL, @@GLOBAL.x';",
        ] {
            assert_eq!(judge(statement.as_bytes(), false), Verdict::Stays, "{statement}");
        }
        let trigger =
            b"CREATE TRIGGER `x` AFTER UPDATE ON `t` FOR EACH ROW INSERT INTO `other`.`audit` VALUES (1)";
        assert_eq!(judge(trigger, true), Verdict::Stays);
        assert_ne!(judge(trigger, false), Verdict::Stays);
        assert_ne!(judge(b"INSERT INTO `other`.`audit` VALUES (1)", true), Verdict::Stays);
    }

    #[test]
    fn what_is_for_a_new_replica_is_known() {
        for statement in [
            "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '5a3e:1-5,\n",
            "SET GLOBAL gtid_purged = '';",
            "SET @@SESSION.SQL_LOG_BIN= 0;",
            "SET sql_log_bin = 0;",
            "SET SESSION sql_log_bin = 0;",
        ] {
            assert_eq!(judge(statement.as_bytes(), false), Verdict::OfReplicas, "{statement}");
        }
    }

    #[test]
    fn words_may_stand_in_several_lines() {
        let told = |lines: &[&str]| {
            let (mut scanner, mut watch) = (super::super::scan::Scanner::default(), Watch::default());
            lines.iter().try_for_each(|line| {
                let begins = !scanner.is_inside();
                let heads = scanner.line(line.as_bytes());
                watch.line(line.as_bytes(), begins, &heads, false).map(drop)
            })
        };
        assert_eq!(told(&["SELECT 1; DROP\n", "-- x\n", "DATABASE shop;\n"]), Err("DROP DATABASE"));
        assert_eq!(told(&["SET @a = 1,\n", "  GLOBAL b = 2;\n"]), Err("SET GLOBAL"));
        assert_eq!(told(&["/*!50001\n", "DROP\n", "TABLE a */;\n", "SELECT\n", "DATABASE();\n"]), Ok(()));
        assert_eq!(told(&["DROP\n", "TABLE a;\n", "ALTER DATABASE `a` COLLATE x ;\n"]), Ok(()));
        assert_eq!(told(&["SELECT 1; ALTER DATABASE `a` COLLATE x ;\n"]), Err("ALTER DATABASE"));
    }
}
