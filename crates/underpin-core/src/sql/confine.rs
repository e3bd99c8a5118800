//! Whether a statement reaches out of the database that its session is connected to, told from its words.
//! What a program in a string does (a DO block, EXECUTE, PREPARE) is not seen, and roles are left alone:
//! no server has them in a database.

use super::{Code, TokenKind, words::Words};
use crate::dialect::Dialect;

/// What `statement` changes outside of the database of its session, in words such as
/// ``writes to `shop`.orders``; nothing for all others.
///
/// A scratch database must never be a way into another one, so that a name with a database in front counts
/// on MySQL and MariaDB even where it is the session's own: under that name it is another one in scratch.
pub fn leaves_database(dialect: Dialect, statement: &str) -> Option<String> {
    let words = Words::new(dialect, statement);
    match dialect {
        Dialect::Sqlite => of_sqlite(&words),
        Dialect::Postgres => of_postgres(&words),
        Dialect::Mysql => of_mysql(&words),
    }
}

/// Where the body of a trigger, a routine or an event of MySQL or MariaDB, or a default, writes to or calls what has
/// a database in front, in words such as ``writes to `shop`.orders``. What it only reads does not count.
pub fn body_leaves_database(body: &str) -> Option<String> {
    led_out(&Words::new(Dialect::Mysql, body), 0)
}

/// "ATTACH DATABASE" and "VACUUM" in SQLite's manual.
fn of_sqlite(words: &Words<'_>) -> Option<String> {
    let copies = words.is(0, "VACUUM") && words.any(1, "INTO");
    (words.is(0, "ATTACH") || copies).then(|| match copies {
        true => "writes another file".to_owned(),
        false => "opens another file".to_owned(),
    })
}

/// The objects that a whole server of PostgreSQL has ("Managing Databases" in the manual), and what it keeps
/// beside them. Roles are not among them.
fn of_postgres(words: &Words<'_>) -> Option<String> {
    let shared = ["DATABASE", "TABLESPACE"];
    if words.is_one_of(0, &["CREATE", "ALTER", "DROP"]) && words.is_one_of(1, &shared) {
        return Some(does(words, 2));
    }
    if words.start_with(&["ALTER", "SYSTEM"]) {
        return Some(does(words, 2));
    }
    let told =
        words.is_one_of(0, &["GRANT", "REVOKE", "COMMENT"]) || words.start_with(&["SECURITY", "LABEL"]);
    let codes = words.codes();
    let on = codes.iter().position(|code| code.is("ON"))?;
    (told && words.is_one_of(on + 1, &shared))
        .then(|| format!("does {} ON {}", codes[0].text.to_uppercase(), codes[on + 1].text.to_uppercase()))
}

/// The kinds of object that a database of MySQL or MariaDB has.
const KINDS: &[&str] =
    &["TABLE", "TABLES", "VIEW", "INDEX", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "SEQUENCE", "PACKAGE"];

/// What may stand between the verb of a statement that changes rows and the name of its table.
const MODIFIERS: &[&str] =
    &["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "QUICK", "IGNORE", "INTO", "FROM", "TABLE", "CONCURRENT"];

fn of_mysql(words: &Words<'_>) -> Option<String> {
    let first = words.first();
    if first.is("USE") {
        return Some("goes to another database".to_owned());
    }
    if first.is_one_of(&["CREATE", "ALTER", "DROP", "RENAME"]) {
        return definition(words);
    }
    if first.is_one_of(&["INSERT", "REPLACE", "UPDATE", "DELETE", "TRUNCATE"]) {
        let codes = words.codes();
        let name = 1 + codes.iter().skip(1).take_while(|code| code.is_one_of(MODIFIERS)).count();
        return qualified(words, name).map(|name| format!("writes to {name}"));
    }
    if first.is("CALL") {
        return qualified(words, 1).map(|name| format!("calls {name}"));
    }
    if first.is("LOAD") {
        let into = words.codes().windows(2).position(|pair| pair[0].is("INTO") && pair[1].is("TABLE"))?;
        return qualified(words, into + 2).map(|name| format!("writes to {name}"));
    }
    None
}

/// A statement that creates, changes or drops something of MySQL or MariaDB.
fn definition(words: &Words<'_>) -> Option<String> {
    let codes = words.codes();
    // MariaDB has CREATE OR REPLACE DATABASE, and MySQL CREATE UNDO TABLESPACE.
    let object =
        1 + codes.iter().skip(1).take_while(|code| code.is_one_of(&["OR", "REPLACE", "UNDO"])).count();
    if words.is_one_of(object, &["DATABASE", "SCHEMA", "TABLESPACE"]) {
        return (!changes_own_database(words)).then(|| does(words, object + 1));
    }
    let kind = kind(codes)?;
    let mut name = kind + 1;
    while words.is_one_of(name, &["IF", "NOT", "EXISTS", "BODY"]) {
        name += 1;
    }
    let verb = does(words, 1);
    let told = |name: String| format!("{verb} with {name}");
    if let Some(name) = qualified(words, name) {
        return Some(told(name));
    }
    // What else is named: all of a list; the table of an index or a trigger; another name of a table.
    let lists = words.is_one_of(0, &["DROP", "RENAME"]) && !codes[kind].is("INDEX");
    let place = |index: usize| {
        let before = &codes[index - 1];
        let introduced = if lists {
            before.is_operator(",") || before.is("TO")
        } else if codes[kind].is_one_of(&["INDEX", "TRIGGER"]) {
            before.is("ON")
        } else {
            words.is(0, "ALTER") && before.is_one_of(&["RENAME", "TO", "AS", "TABLE"])
        };
        introduced.then(|| qualified(words, index)).flatten()
    };
    let end = match codes[kind].is("TRIGGER") {
        // Its body names the columns of OLD and NEW.
        true => codes.iter().position(|code| code.is("ROW")).unwrap_or(codes.len()),
        false => codes.len(),
    };
    let body = ["TRIGGER", "EVENT", "PROCEDURE", "FUNCTION", "PACKAGE"];
    let led_out = || codes[kind].is_one_of(&body).then(|| led_out(words, name + 1)).flatten();
    (name + 1..end).find_map(place).map(told).or_else(led_out)
}

/// What a body writes to or calls in another database, from a place on.
fn led_out(words: &Words<'_>, from: usize) -> Option<String> {
    let codes = words.codes();
    let of_row = |index: usize| words.is_one_of(index, &["NEW", "OLD"]);
    (from..codes.len()).filter(|&index| !of_row(index)).find_map(|index| {
        let name = qualified(words, index)?;
        let before = &codes[..index];
        let last = before.iter().rev().find(|code| !code.is_one_of(MODIFIERS));
        let follows = |words: &[&str]| last.is_some_and(|code| code.is_one_of(words));
        let into = before.last().is_some_and(|code| code.is_one_of(&["INTO", "CALL"]));
        // ON DUPLICATE KEY UPDATE is followed by columns.
        let duplicate = before.len() > 1 && before[before.len() - 2].is("KEY");
        let counted =
            follows_operator(before, &["NEXTVAL", "SETVAL"]) || follows_words(before, &["VALUE", "FOR"]);
        let called = codes.get(index + 3).is_some_and(|code| code.is_operator("("));
        let written = into || (follows(&["INSERT", "REPLACE", "UPDATE", "DELETE", "TRUNCATE"]) && !duplicate);
        match (written, counted, called && !before.last().is_some_and(|code| code.is_operator("."))) {
            (true, _, _) => Some(format!("writes to {name}")),
            (_, true, _) => Some(format!("counts on {name}")),
            (_, _, true) => Some(format!("calls {name}")),
            _ => None,
        }
    })
}

/// Whether the argument of one of these functions begins here.
fn follows_operator(before: &[Code<'_>], functions: &[&str]) -> bool {
    matches!(before, [.., function, open] if function.is_one_of(functions) && open.is_operator("("))
}

fn follows_words(before: &[Code<'_>], words: &[&str; 2]) -> bool {
    matches!(before, [.., first, second] if first.is(words[0]) && second.is(words[1]))
}

/// Whether ALTER DATABASE names none: it is the session's own then ("ALTER DATABASE" in MySQL's manual).
fn changes_own_database(words: &Words<'_>) -> bool {
    let options = ["CHARACTER", "CHARSET", "DEFAULT", "COLLATE", "ENCRYPTION", "READ", "COMMENT"];
    words.is(0, "ALTER") && words.is_one_of(1, &["DATABASE", "SCHEMA"]) && words.is_one_of(2, &options)
}

/// Where the word stands that says what kind of object it is, past what a definer is called.
fn kind(codes: &[Code<'_>]) -> Option<usize> {
    let value = |index: usize| codes[index - 1].is_operator("=") || codes[index - 1].is_operator("@");
    (1..codes.len()).find(|&index| codes[index].is_one_of(KINDS) && !value(index))
}

/// The name at a place, if it has a database in front.
fn qualified(words: &Words<'_>, index: usize) -> Option<String> {
    let [database, dot, name, ..] = words.codes().get(index..)? else { return None };
    let is_name = |code: &Code<'_>| matches!(code.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
    let joined = is_name(database) && dot.is_operator(".") && is_name(name);
    joined.then(|| format!("{}.{}", database.text, name.text))
}

/// That a statement does what its first words say, as in `does DROP DATABASE`.
fn does(words: &Words<'_>, count: usize) -> String {
    let first = words.codes().iter().take(count);
    first.fold("does".to_owned(), |text, code| text + " " + &code.text.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dialect: Dialect, leaving: &[&str], staying: &[&str]) {
        for statement in leaving {
            assert!(leaves_database(dialect, statement).is_some(), "{statement}");
        }
        for statement in staying {
            assert_eq!(leaves_database(dialect, statement), None, "{statement}");
        }
    }

    #[test]
    fn another_file_is_another_database() {
        check(
            Dialect::Sqlite,
            &["ATTACH 'shop.db' AS shop", "attach database 'a' as b", "VACUUM main INTO 'copy.db'"],
            &["VACUUM", "CREATE TABLE attach (i int)", "INSERT INTO main.t VALUES (1)"],
        );
    }

    #[test]
    fn what_a_server_of_postgresql_has_is_of_no_database() {
        check(
            Dialect::Postgres,
            &[
                "DROP DATABASE shop",
                "ALTER DATABASE shop SET search_path = a",
                "CREATE TABLESPACE t LOCATION '/x'",
                "ALTER SYSTEM SET wal_level = logical",
                "GRANT CONNECT ON DATABASE shop TO app",
                "COMMENT ON DATABASE shop IS 'x'",
            ],
            &[
                "CREATE TABLE database (i int)",
                "GRANT SELECT ON app.t TO reader",
                "COMMENT ON COLUMN t.database IS 'x'",
                "CREATE SCHEMA app",
                "DROP TABLE app.t",
            ],
        );
    }

    #[test]
    fn a_database_in_front_of_a_name_leads_there() {
        check(
            Dialect::Mysql,
            &[
                "USE shop",
                "CREATE DATABASE IF NOT EXISTS shop",
                "CREATE OR REPLACE DATABASE shop",
                "ALTER DATABASE shop CHARACTER SET utf8mb4",
                "DROP SCHEMA shop",
                "CREATE TABLE `shop`.`t` (i int)",
                "DROP TABLE IF EXISTS a, shop.t",
                "ALTER TABLE a RENAME TO shop.a",
                "ALTER TABLE shop.a ADD b int",
                "RENAME TABLE a TO shop.a",
                "CREATE UNIQUE INDEX i ON shop.t (a)",
                "DROP INDEX i ON shop.t",
                "CREATE DEFINER=`a`@`b` TRIGGER x BEFORE INSERT ON shop.t FOR EACH ROW SET NEW.a = 1",
                "CREATE DEFINER = event@localhost PROCEDURE shop.p() SELECT 1",
                "/*!50001 CREATE VIEW shop.v AS SELECT 1 */",
                "INSERT IGNORE INTO shop.t VALUES (1)",
                "REPLACE shop.t VALUES (1)",
                "UPDATE LOW_PRIORITY shop.t SET a = 1",
                "DELETE FROM shop.t",
                "TRUNCATE TABLE shop.t",
                "LOAD DATA INFILE 'x' INTO TABLE shop.t",
                "CALL shop.p()",
                "CREATE TRIGGER x AFTER UPDATE ON t FOR EACH ROW INSERT INTO shop.audit (what) VALUES ('x')",
                "CREATE TRIGGER x AFTER UPDATE ON t FOR EACH ROW BEGIN UPDATE shop.t SET a = 1; END",
                "CREATE PROCEDURE p() BEGIN DELETE FROM `shop`.`t` WHERE a = 1; END",
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO TRUNCATE TABLE shop.t",
                "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = NEXTVAL(shop.s)",
                "CREATE FUNCTION f() RETURNS int RETURN shop.g(1)",
            ],
            &[
                "ALTER DATABASE CHARACTER SET utf8mb4",
                "CREATE TABLE t (i int, FOREIGN KEY (i) REFERENCES shop.a (i))",
                "CREATE VIEW v AS SELECT a.b FROM shop.a",
                "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW UPDATE u SET a = NEW.a ON DUPLICATE.x",
                "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SELECT max(a) INTO NEW.a FROM shop.t",
                "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW INSERT INTO u VALUES (NEW.a) ON DUPLICATE KEY UPDATE u.a = NEW.b",
                "CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = upper(OLD.a)",
                "CREATE PROCEDURE p() BEGIN UPDATE t SET t.a = 1 WHERE t.b IN (SELECT b FROM shop.u); END",
                "UPDATE t SET t.a = 1",
                "DELETE t.* FROM t",
                "INSERT INTO t SELECT * FROM shop.t",
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
                "ALTER TABLE t RENAME COLUMN a TO b",
                "CREATE INDEX i ON t (a)",
                "DROP TABLE a, b",
            ],
        );
    }
}
