//! How long the statements of a script wait for locks that others hold. A script can't try again, as a run
//! does; but it can give up before those who queue behind it have waited for long.

use underpin_core::{dialect::Dialect, plan::PlannedStatement};

use super::{
    super::execute::{keeps_others_out, mysql_limit, sets_own_limit},
    script::Script,
};

/// How long a statement waits for each lock, in seconds.
const LIMIT: u32 = 2;

/// Limits the waits of everything that follows. SQLite's clients wait for nobody, if they are not told to.
pub(super) fn limit(script: &mut Script, dialect: Dialect) {
    let Some(set) = limited(dialect) else { return };
    script.comment(
        "Whoever queues behind a statement that waits for a lock waits as well, so it gives up soon.",
    );
    script.statement(&set);
}

/// Gives the session back as it was.
pub(super) fn reset(script: &mut Script, dialect: Dialect) {
    let reset = match dialect {
        Dialect::Sqlite => return,
        Dialect::Postgres => "RESET lock_timeout".to_owned(),
        Dialect::Mysql => mysql_limit("DEFAULT"),
    };
    script.gap();
    script.statement(&reset);
}

/// Limits the waits again behind a revision that has said itself how long it waits: the next one has not.
pub(super) fn limit_again(script: &mut Script, dialect: Dialect, statements: &[PlannedStatement]) {
    if let Some(set) = limited(dialect).filter(|_| sets_own_limit(dialect, statements)) {
        script.statement(&set);
    }
}

/// Writes the last of some statements that run outside a transaction. On PostgreSQL one that keeps nobody out
/// waits as long as it needs, or as those before it say: a concurrent build that gives up leaves an invalid
/// index behind.
pub(super) fn statement(script: &mut Script, dialect: Dialect, statements: &[PlannedStatement]) {
    let Some((statement, before)) = statements.split_last() else { return };
    let patient = dialect == Dialect::Postgres
        && !keeps_others_out(&statement.text)
        && !sets_own_limit(dialect, before);
    if patient {
        script.statement("SET lock_timeout = '0s'");
    }
    script.statement(&statement.text);
    if let Some(set) = limited(dialect).filter(|_| patient) {
        script.statement(&set);
    }
}

fn limited(dialect: Dialect) -> Option<String> {
    match dialect {
        Dialect::Sqlite => None,
        Dialect::Postgres => Some(format!("SET lock_timeout = '{LIMIT}s'")),
        Dialect::Mysql => Some(mysql_limit(&LIMIT.to_string())),
    }
}
