//! How long the statements of a script wait for locks that others hold. A script can't try again, as a run
//! does; but it can give up before those who queue behind it have waited for long.

use underpin_core::{dialect::Dialect, plan::PlannedStatement};

use super::{super::execute::keeps_others_out, script::Script};

/// How long a statement waits for each lock, in seconds.
const LIMIT: u32 = 2;

/// Limits the waits of everything that follows. SQLite's clients wait for nobody, if they are not told to.
pub(super) fn limit(script: &mut Script, dialect: Dialect) {
    let set = match dialect {
        Dialect::Sqlite => return,
        Dialect::Postgres => limited(LIMIT),
        Dialect::Mysql => {
            format!("SET SESSION lock_wait_timeout = {LIMIT}, SESSION innodb_lock_wait_timeout = {LIMIT}")
        }
    };
    script.comment(
        "Whoever queues behind a statement that waits for a lock waits as well, so it gives up soon.",
    );
    script.statement(&set);
}

/// Gives the session back as it was.
pub(super) fn reset(script: &mut Script, dialect: Dialect) {
    let reset = match dialect {
        Dialect::Sqlite => return,
        Dialect::Postgres => "RESET lock_timeout",
        Dialect::Mysql => {
            "SET SESSION lock_wait_timeout = DEFAULT, SESSION innodb_lock_wait_timeout = DEFAULT"
        }
    };
    script.gap();
    script.statement(reset);
}

/// Writes a statement that runs outside a transaction. On PostgreSQL one that keeps nobody out waits as long as
/// it needs: a concurrent build that gives up leaves an invalid index behind.
pub(super) fn statement(script: &mut Script, dialect: Dialect, statement: &PlannedStatement) {
    let patient = dialect == Dialect::Postgres && !keeps_others_out(&statement.text);
    if patient {
        script.statement(&limited(0));
    }
    script.statement(&statement.text);
    if patient {
        script.statement(&limited(LIMIT));
    }
}

fn limited(seconds: u32) -> String {
    format!("SET lock_timeout = '{seconds}s'")
}
