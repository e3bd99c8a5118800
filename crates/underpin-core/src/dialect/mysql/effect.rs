//! What the statements of MySQL and MariaDB do to transactions, sessions and cut-off runs. Not a
//! parser.

use crate::sql::{Repeat, TokenKind, words::Words};

/// Statements that begin or end a transaction by name. DDL commits as well, but that is what the
/// engine expects of these servers (manual, "Statements That Cause an Implicit Commit").
pub(crate) fn transaction_control(words: &Words<'_>) -> Option<&'static str> {
    let first = words.first();
    if first.is("ROLLBACK") {
        let word = usize::from(words.is(1, "WORK"));
        return (!words.is(1 + word, "TO")).then_some("ROLLBACK");
    }
    if first.is("BEGIN") {
        return (!words.is(1, "NOT")).then_some("BEGIN");
    }
    if first.is("COMMIT") {
        return Some("COMMIT");
    }
    if first.is("XA") {
        return Some("XA");
    }
    if first.is("SET") {
        return sets_autocommit(words).then_some("SET autocommit");
    }
    if words.start_with(&["START", "TRANSACTION"]) {
        return Some("START TRANSACTION");
    }
    let tables = words.is_one_of(1, &["TABLE", "TABLES"]);
    if first.is("LOCK") && tables {
        return Some("LOCK TABLES");
    }
    (first.is("UNLOCK") && tables).then_some("UNLOCK TABLES")
}

fn sets_autocommit(words: &Words<'_>) -> bool {
    words.codes().windows(2).any(|pair| {
        let name = pair[0].text.rsplit(['.', '@']).next().unwrap_or_default();
        let variable = pair[0].kind == TokenKind::Word || pair[0].text.starts_with("@@");
        variable
            && name.eq_ignore_ascii_case("autocommit")
            && (pair[1].is_operator("=") || pair[1].is_operator(":="))
    })
}

pub(crate) fn repeat(words: &Words<'_>) -> Repeat {
    let first = words.first();
    if transaction_control(words).is_some() {
        return Repeat::Unknown;
    }
    if first.is("SELECT") && (words.any(1, "OUTFILE") || words.any(1, "DUMPFILE")) {
        // The file is not written twice.
        return Repeat::Unknown;
    }
    if first.is("ANALYZE") {
        return analyze(words);
    }
    if first.is("LOAD") {
        let rows = words.is_one_of(1, &["DATA", "XML"]);
        return if rows { Repeat::Transactional } else { Repeat::Harmless };
    }
    if first.is("SET") {
        // SET STATEMENT … FOR is MariaDB's prefix of any other statement.
        return match words.is(1, "STATEMENT") {
            true => Repeat::Unknown,
            false if stays_in_transaction(words) => Repeat::Transactional,
            false => Repeat::Harmless,
        };
    }
    if first.is_operator("(")
        || first
            .is_one_of(&["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "DO", "TABLE", "VALUES"])
        // These commit nothing ("Statements That Cause an Implicit Commit" in the manual), and a savepoint
        // is one of the transaction that it is in.
        || first.is_one_of(&["SHOW", "EXPLAIN", "DESCRIBE", "DESC", "HELP", "SAVEPOINT", "RELEASE", "ROLLBACK"])
    {
        return Repeat::Transactional;
    }
    if first.is_one_of(&[
        "USE",
        "OPTIMIZE",
        "REPAIR",
        "CHECK",
        "CHECKSUM",
        "FLUSH",
        "CACHE",
        "PREPARE",
        "DEALLOCATE",
    ]) {
        return Repeat::Harmless;
    }
    if first.is_one_of(&["CREATE", "ALTER", "DROP", "RENAME"]) {
        return definition(words);
    }
    Repeat::Unknown
}

/// Whether rows may change. Functions that a query calls are not looked into.
pub(crate) fn may_change_rows(words: &Words<'_>) -> bool {
    let first = words.first();
    !first.is_one_of(&[
        "SELECT",
        "TABLE",
        "VALUES",
        "SHOW",
        "EXPLAIN",
        "DESCRIBE",
        "DESC",
        "HELP",
        "SAVEPOINT",
        "RELEASE",
        "ROLLBACK",
        "SET",
    ])
}

/// Whether a SET is one of those that data files begin with, which neither commit nor change how the
/// history's own statements are read: of a user's variable, or of the checks of keys.
fn stays_in_transaction(words: &Words<'_>) -> bool {
    let codes = words.codes();
    if codes.iter().any(|code| code.is_operator(",")) {
        return false;
    }
    let name = codes.get(1).map(|code| code.text.to_ascii_lowercase()).unwrap_or_default();
    let session = name.strip_prefix("@@session.").or_else(|| name.strip_prefix("@@")).unwrap_or(&name);
    let named = match session {
        "session" => codes.get(2).map(|code| code.text.to_ascii_lowercase()).unwrap_or_default(),
        session => session.to_owned(),
    };
    matches!(&*named, "foreign_key_checks" | "unique_checks")
        || name.starts_with('@') && !name.starts_with("@@")
}

/// MariaDB's ANALYZE executes the statement behind it, unless it is the one for tables.
fn analyze(words: &Words<'_>) -> Repeat {
    if words.is_one_of(1, &["TABLE", "TABLES", "LOCAL", "NO_WRITE_TO_BINLOG"]) {
        Repeat::Harmless
    } else {
        Repeat::Transactional
    }
}

fn definition(words: &Words<'_>) -> Repeat {
    let Some((index, kind)) = kind(words) else { return Repeat::Unknown };
    if words.is(index.saturating_sub(1), "TEMPORARY") || words.start_with(&["DROP", "PREPARE"]) {
        // It ends with the session, so that after a cut nothing of it is left.
        return Repeat::Harmless;
    }
    let alters_table = words.first().is("ALTER") && kind == "TABLE";
    if alters_table && words.any(index, "TABLESPACE") {
        // DISCARD and IMPORT TABLESPACE swap the data, not the schema.
        return Repeat::Unknown;
    }
    if alters_table && words.any(index, "PARTITION") {
        let rows = ["TRUNCATE", "EXCHANGE", "COALESCE", "DISCARD", "IMPORT"];
        if rows.iter().any(|word| words.any(index, word)) {
            return Repeat::Unknown;
        }
    }
    // A loadable function is not among the routines of the catalog.
    if kind == "FUNCTION" && words.any(index, "SONAME") { Repeat::Unknown } else { Repeat::Probed }
}

/// Objects that the catalog of a database shows.
const SHOWN: &[&str] = &[
    "TABLE",
    "TABLES",
    "VIEW",
    "INDEX",
    "TRIGGER",
    "PROCEDURE",
    "FUNCTION",
    "EVENT",
    "SEQUENCE",
    "DATABASE",
    "SCHEMA",
    "PACKAGE",
    "PREPARE",
];

/// Objects that it does not show.
const HIDDEN: &[&str] = &[
    "USER",
    "ROLE",
    "SERVER",
    "TABLESPACE",
    "LOGFILE",
    "RESOURCE",
    "SPATIAL",
    "INSTANCE",
    "LIBRARY",
    "UNDO",
];

/// The word that says what is created, altered, dropped or renamed, and where it stands.
fn kind(words: &Words<'_>) -> Option<(usize, &'static str)> {
    let (mut definer, mut parentheses) = (false, 0_usize);
    for (index, code) in words.codes().iter().enumerate().skip(1) {
        if code.is_operator("(") {
            parentheses += 1;
        } else if code.is_operator(")") {
            parentheses = parentheses.saturating_sub(1);
        }
        let value = std::mem::replace(&mut definer, code.is_operator("=") || code.is_operator("@"));
        if value || parentheses > 0 {
            continue;
        }
        if let Some(kind) = SHOWN.iter().find(|word| code.is(word)) {
            return Some((index, kind));
        }
        // CREATE SPATIAL INDEX, but CREATE SPATIAL REFERENCE SYSTEM.
        if code.is_one_of(HIDDEN) && !words.is(index + 1, "INDEX") {
            return None;
        }
    }
    None
}

/// SET GLOBAL and the like outlive the session, SET TRANSACTION ends with the next transaction.
pub(crate) fn session_setting(words: &Words<'_>) -> bool {
    let first = words.first();
    if first.is("SET") {
        let other = ["GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD", "TRANSACTION", "STATEMENT", "DEFAULT"];
        let global = words.codes().get(1).is_some_and(|code| {
            let text = code.text.to_ascii_lowercase();
            text.starts_with("@@global.") || text.starts_with("@@persist")
        });
        return !global && !words.is_one_of(1, &other);
    }
    first.is_one_of(&["USE", "PREPARE", "DEALLOCATE"]) || words.start_with(&["DROP", "PREPARE"])
}
