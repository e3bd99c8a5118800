use crate::{dialect::Flavour::Sqlite, statement::Statement};

use super::{
    super::{Context, Found, Severity, Wrapping, context::named},
    Check, Example, Rule, SQLITE,
};

pub(super) static RULE: Rule = Rule {
    id: "sqlite-in-transaction",
    summary: "a statement that SQLite refuses in a transaction",
    flavours: SQLITE,
    why: "A journal can't be changed into a write-ahead log or out of it while a transaction is open, nor \
          `synchronous`, and a database that the transaction has touched can't be detached (SQLite documentation, \
          \"PRAGMA Statements\"; measured on 3.40). A revision is a transaction unless its header says \
          `transaction: off`. Such settings are the connection's: say them where it is opened.",
    examples: &[
        Example::bad(Sqlite, "BEGIN; PRAGMA journal_mode = WAL; COMMIT"),
        Example::bad(Sqlite, "BEGIN; PRAGMA journal_mode = DELETE; COMMIT"),
        Example::bad(Sqlite, "BEGIN; PRAGMA synchronous = NORMAL; COMMIT"),
        Example::bad(
            Sqlite,
            "BEGIN; ATTACH '/srv/old.db' AS old; INSERT INTO t SELECT * FROM old.t; DETACH DATABASE old; COMMIT",
        ),
        Example::good(Sqlite, "PRAGMA journal_mode = WAL"),
        Example::good(Sqlite, "BEGIN; PRAGMA journal_mode; COMMIT"),
        Example::good(Sqlite, "ATTACH '/srv/old.db' AS old; DETACH DATABASE old"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if !context.moment.open {
        return Vec::new();
    }
    let (severity, message) = match context.statement {
        Statement::Set(set) if named(set, "journal_mode") && set.value == "wal" => {
            (Severity::Error, "SQLite does not change into WAL mode in a transaction")
        }
        Statement::Set(set) if named(set, "journal_mode") && !set.value.is_empty() => {
            (Severity::Warning, "SQLite does not change out of WAL mode in a transaction")
        }
        Statement::Set(set) if named(set, "synchronous") && !set.value.is_empty() => {
            (Severity::Error, "SQLite does not change how writes are made safe in a transaction")
        }
        Statement::Other(words) if words.split(' ').next() == Some("DETACH") => {
            (Severity::Warning, "SQLite does not detach a database that the transaction has touched")
        }
        _ => return Vec::new(),
    };
    let help = match context.wrapping {
        Wrapping::Transaction => "transaction: off in the header of a revision that does nothing else",
        Wrapping::Alone | Wrapping::Plain => "put it outside of the transaction",
    };
    vec![Found::new(severity, message, help)]
}
