//! What is done where others hold a lock that a revision needs: a try waits for a short time, everything is
//! undone, and it is tried again. How long and how often is decided in `core::ladder`.

use std::time::Duration;

use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    ladder::Ladder,
    plan::{PlannedStatement, Step},
    sql,
};

use super::{Event, Execution, failed::StatementError, failure::Failure};
use crate::{
    database::{Busy, Guarded, ScriptError},
    migrate::{event::milliseconds, limits::in_words, working::Blocker},
    policy::TransactionMode,
};

/// The settings that limit the wait for a lock, on any engine.
const SETTINGS: [&str; 2] = ["lock_timeout", "lock_wait_timeout"];

/// How often something was tried that others were in the way of.
#[derive(Debug)]
pub(in super::super) struct Patience {
    ladder: Ladder,
    tries: u32,
    /// When the first try had failed.
    since: Option<Instant>,
    /// How long the present try waits for each lock.
    limit: Duration,
    /// When the present try began.
    begun: Instant,
}

impl Patience {
    pub(in super::super) fn new(budget: Duration) -> Self {
        Self {
            ladder: Ladder::new(budget),
            tries: 0,
            since: None,
            limit: Ladder::first(),
            begun: Instant::now(),
        }
    }

    /// Patience for what is tried once, and so waits a little longer.
    pub(in super::super) fn once(budget: Duration) -> Self {
        Self { limit: Ladder::only(), ..Self::new(budget) }
    }

    /// How long others have been in the way.
    fn spent(&self) -> Duration {
        self.since.map(|since| since.elapsed()).unwrap_or_default()
    }
}

impl Execution<'_> {
    /// Takes note that something was done: what comes next has all its tries before it. In one transaction
    /// for the whole run nothing is done before its end.
    pub(super) fn got_through(&mut self) {
        let whole = self.mode == TransactionMode::All || (self.lock.is_transaction() && !self.gives_way);
        if self.patience.tries > 0 && !whole {
            *self.patience = Patience::new(self.limits.table_lock);
            self.lookout.forget();
        }
    }

    /// After a try that others were in the way of: tells who, and lets them pass. Says whether to try again;
    /// who is interrupted meanwhile finds out at the next look at the clock.
    pub(super) async fn let_others_pass(&mut self, busy: Busy) -> bool {
        self.lookout.sharpen(false);
        self.patience.tries += 1;
        self.patience.since.get_or_insert_with(Instant::now);
        let left = self.interrupt.left().map(|(left, _)| left);
        let (tries, spent) = (self.patience.tries, self.patience.spent());
        let Some(rung) = self.patience.ladder.next(tries, spent, left, crate::lock::chance()) else {
            return false;
        };
        self.events.send(&Event::Blocked {
            reason: Some(busy.name()),
            tries,
            blockers: self.lookout.seen().iter().map(ToString::to_string).collect(),
            milliseconds: milliseconds(spent),
        });
        let _ = self.interrupt.pause(rung.pause).await;
        self.patience.limit = rung.limit;
        self.patience.begun = Instant::now();
        self.lookout.sharpen(true);
        true
    }

    /// Whether a transaction that failed is tried again as a whole, once others have passed. What was done
    /// before it in the same transaction would keep its locks meanwhile, and is no reason to.
    pub(super) async fn may_repeat(&mut self, failure: &Failure, first: bool) -> bool {
        let Some(busy) = failure.busy else { return false };
        let whole = !self.lock.is_transaction() || (first && !failure.everything_undone);
        let repeatable = whole && !failure.by_statement && !failure.dirty && !failure.connection_lost;
        repeatable && self.dialect() != Dialect::Sqlite && self.let_others_pass(busy).await
    }

    /// The same of one statement of a journal, which is undone by itself.
    pub(super) async fn may_repeat_statement(
        &mut self,
        statement: &PlannedStatement,
        error: &StatementError,
    ) -> bool {
        let first = statement.text.split_whitespace().next().unwrap_or_default();
        let known = match statement.repeat(self.flavour()) {
            sql::Repeat::Transactional | sql::Repeat::Probed | sql::Repeat::Harmless => true,
            // A procedure may have done a part of its work.
            sql::Repeat::Unknown => first.eq_ignore_ascii_case("TRUNCATE"),
        };
        if !known || statement.backfill().is_some() || self.dialect() == Dialect::Sqlite {
            return false;
        }
        let busy = match error {
            StatementError::Statement(Guarded::Failed(error)) => error.busy(),
            StatementError::Own(diagnostic) => {
                (diagnostic.kind == ErrorKind::LockTimeout).then_some(Busy::Lock)
            }
            StatementError::Statement(_) | StatementError::Kept(..) | StatementError::Begun(..) => None,
        };
        match busy {
            Some(busy) => self.let_others_pass(busy).await,
            None => false,
        }
    }

    /// Whether a run that SQLite could not commit begins anew, once those who read have passed. While a commit
    /// waits for them, nobody else begins to read ("File Locking And Concurrency", PENDING, in its
    /// documentation).
    pub(super) async fn may_begin_anew(&mut self, error: &Diagnostic) -> bool {
        let busy = self.dialect() == Dialect::Sqlite && error.kind == ErrorKind::LockTimeout;
        busy && self.let_others_pass(Busy::Lock).await
    }

    /// What ends the run: its commit, or else the check of what would be checked then.
    pub(super) fn last_words(&self) -> Option<String> {
        match (self.rolls_back, self.dialect()) {
            (false, _) => Some(self.commit_words()),
            (true, Dialect::Postgres) => Some("SET CONSTRAINTS ALL IMMEDIATE".to_owned()),
            (true, Dialect::Sqlite | Dialect::Mysql) => None,
        }
    }

    /// What commits the run; on SQLite it waits for readers as long as a try does, or as the run has worked,
    /// which would be lost: up to a second.
    fn commit_words(&self) -> String {
        match self.dialect() {
            Dialect::Sqlite => {
                let wait = self.patience.limit.max(self.patience.begun.elapsed().min(LAST));
                format!("PRAGMA busy_timeout = {}; COMMIT", wait.as_millis())
            }
            Dialect::Postgres | Dialect::Mysql => self.lock.commit_text(),
        }
    }

    /// Says who reads an SQLite database that could not be committed to.
    pub(super) fn name_reader(&self, error: &mut Diagnostic) {
        let crate::lock::Lock::Sqlite(lock) = self.lock else { return };
        if error.kind == ErrorKind::LockTimeout {
            let reader = lock.reader().map_or_else(|| "another session".to_owned(), |who| who.to_string());
            error.message = format!("the run could not be committed while {reader} reads the database");
            error.hints = vec!["end what that process does there, and run this again".to_owned()];
        }
    }

    /// What makes a transaction of PostgreSQL wait no longer for a lock, as an expression. A revision that
    /// sets its own limit does so after it.
    pub(super) fn lock_limit(&self) -> String {
        format!("set_config('lock_timeout', '{}', true)", self.patience.limit.as_millis())
    }

    /// What begins the transaction of one statement of a journal.
    pub(super) fn begin_limited(&self, step: &Step, index: usize) -> String {
        let begin = self.begin();
        match self.dialect() {
            Dialect::Postgres if !self.has_own_limit(step, index) => {
                format!("{begin}; SET LOCAL lock_timeout = {}", self.patience.limit.as_millis())
            }
            Dialect::Postgres | Dialect::Sqlite | Dialect::Mysql => begin.to_owned(),
        }
    }

    /// Limits how long the session waits for locks, where a transaction can't: on MySQL and MariaDB, which
    /// count in seconds ("lock_wait_timeout" in their manuals).
    pub(super) async fn limit_session(&mut self) -> Result<(), Guarded<ScriptError>> {
        match self.dialect() {
            Dialect::Mysql => self.set_limit(Some(self.patience.limit)).await,
            Dialect::Sqlite | Dialect::Postgres => Ok(()),
        }
    }

    /// The same for one statement of a journal. On PostgreSQL, what can't run in a transaction and makes
    /// nobody else wait waits as long as it needs: a concurrent build that gives up leaves an invalid index
    /// behind.
    pub(super) async fn limit_statement(
        &mut self,
        step: &Step,
        index: usize,
    ) -> Result<(), Guarded<ScriptError>> {
        if self.has_own_limit(step, index) {
            return Ok(());
        }
        match self.dialect() {
            Dialect::Sqlite => Ok(()),
            Dialect::Mysql => self.limit_session().await,
            Dialect::Postgres => {
                let limit = keeps_others_out(&step.statements[index].text).then_some(self.patience.limit);
                self.set_limit(limit).await
            }
        }
    }

    /// Limits how long it may take to clear away what a failed statement has left.
    pub(super) async fn limit_clearing(&mut self) -> Result<(), Guarded<ScriptError>> {
        self.set_limit(Some(LAST)).await
    }

    async fn set_limit(&mut self, limit: Option<Duration>) -> Result<(), Guarded<ScriptError>> {
        if self.session_limit == Some(limit) {
            return Ok(());
        }
        let set = match self.dialect() {
            Dialect::Sqlite => return Ok(()),
            Dialect::Postgres => {
                format!("SET lock_timeout = {}", limit.unwrap_or_default().as_millis())
            }
            Dialect::Mysql => {
                let seconds = limit.map_or(50, |limit| limit.as_millis().div_ceil(1_000).max(1));
                mysql_limit(&seconds.to_string())
            }
        };
        self.send(&set, None).await?;
        self.session_limit = Some(limit);
        Ok(())
    }

    /// Whether a step has said before this statement how long it waits.
    fn has_own_limit(&self, step: &Step, index: usize) -> bool {
        sets_own_limit(self.dialect(), &step.statements[..index])
    }

    /// Says who was in the way of what failed, and what can be done about them.
    pub(super) fn name_blockers(&mut self, failure: &mut Failure) {
        let waiting = failure.diagnostic.kind == ErrorKind::Timeout && failure.statement.is_some();
        let blockers = match failure.busy {
            Some(_) => self.lookout.seen(),
            None if waiting => self.lookout.seen_now(),
            None => return,
        };
        if failure.busy.is_none() && blockers.is_empty() {
            return;
        }
        let diagnostic = &mut failure.diagnostic;
        diagnostic.kind = ErrorKind::LockTimeout;
        if failure.busy.is_some() && self.patience.tries > 0 {
            let deadline = self.interrupt.left().filter(|(left, _)| *left < LAST).map(|(_, all)| all);
            diagnostic.message =
                given_up(&diagnostic.message, self.patience.tries, self.patience.spent(), deadline);
        }
        diagnostic.message = format!("{}: {}", diagnostic.message, in_the_way(&blockers));
        let hints = ways_out(self.dialect(), &blockers);
        diagnostic.hints.splice(0..0, hints);
        if failure.busy.is_some() {
            let longer = "or try for longer with UNDERPIN_TIMEOUT and UNDERPIN_TABLE_LOCK_TIMEOUT";
            diagnostic.hints.push(longer.to_owned());
        }
    }
}

/// Less than that is left of a run that gives up because of its deadline, and no longer than that is anybody
/// kept from reading for the sake of work that is done.
const LAST: Duration = Duration::from_secs(1);

/// Whether one of these statements says for the session how long it waits for locks.
pub(in crate::migrate) fn sets_own_limit(dialect: Dialect, statements: &[PlannedStatement]) -> bool {
    statements.iter().any(|statement| {
        let text = statement.text.to_ascii_lowercase();
        SETTINGS.iter().any(|setting| text.contains(setting))
            && sql::session_setting(dialect, &statement.text)
    })
}

/// What limits the waits of a session of MySQL and MariaDB, to seconds or to what is usual (`DEFAULT`).
pub(in crate::migrate) fn mysql_limit(seconds: &str) -> String {
    format!("SET SESSION lock_wait_timeout = {seconds}, SESSION innodb_lock_wait_timeout = {seconds}")
}

/// Whether a statement of PostgreSQL that can't run in a transaction keeps readers or writers out while it
/// waits ("Explicit Locking" in the manual): a few do, and none that says CONCURRENTLY.
pub(in crate::migrate) fn keeps_others_out(statement: &str) -> bool {
    let names = sql::object_names(Dialect::Postgres, statement);
    let has = |word: &str| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    let rewrites = (has("vacuum") && has("full")) || has("cluster") || has("reindex");
    rewrites && !has("concurrently")
}

fn given_up(message: &str, tries: u32, spent: Duration, all: Option<Duration>) -> String {
    let tries = if tries == 1 { "1 try".to_owned() } else { format!("{tries} tries") };
    match all {
        Some(all) => format!("Could not run migrations: Timeout after {}, {tries}: {message}", in_words(all)),
        None => format!("{message} after {tries} in {} s", spent.as_secs()),
    }
}

/// `session 4711 (psql, user app), idle in its transaction for 63 s, holds a lock that it needs`.
fn in_the_way(blockers: &[Blocker]) -> String {
    let words: Vec<String> = blockers.iter().map(ToString::to_string).collect();
    match words.as_slice() {
        [] => "another session holds a lock that it needs".to_owned(),
        [one] => format!("{one}, holds a lock that it needs"),
        several => format!("{} hold locks that it needs", several.join("; ")),
    }
}

fn ways_out(dialect: Dialect, blockers: &[Blocker]) -> Vec<String> {
    let mut hints = Vec::new();
    if let Some(dump) = blockers.iter().find_map(Blocker::dump) {
        hints.push(format!(
            "{dump} is making a backup and keeps its locks until that is done: run this again afterwards"
        ));
    } else if let Some(session) = blockers.iter().find_map(Blocker::session) {
        let end = match dialect {
            Dialect::Postgres => format!("SELECT pg_terminate_backend({session})"),
            Dialect::Mysql | Dialect::Sqlite => format!("KILL {session}"),
        };
        hints.push(format!(
            "end what that session does, or the session itself with {end}, and run this again"
        ));
    } else {
        hints.push(
            "another session holds a lock on what this statement needs; end it, or try again".to_owned(),
        );
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_nobody_wait_may_wait_itself() {
        for (statement, keeps) in [
            ("VACUUM FULL orders", true),
            ("VACUUM (FULL, ANALYZE) orders", true),
            ("VACUUM orders", false),
            ("CLUSTER orders", true),
            ("REINDEX TABLE orders", true),
            ("REINDEX TABLE CONCURRENTLY orders", false),
            ("CREATE INDEX CONCURRENTLY ON orders (id)", false),
            ("ALTER TYPE state ADD VALUE 'x'", false),
        ] {
            assert_eq!(keeps_others_out(statement), keeps, "{statement}");
        }
    }

    #[test]
    fn nobody_seen_is_somebody_all_the_same() {
        assert_eq!(in_the_way(&[]), "another session holds a lock that it needs");
        assert_eq!(ways_out(Dialect::Postgres, &[]).len(), 1);
    }

    #[test]
    fn giving_up_says_how_long_it_was_tried() {
        let spent = Duration::from_secs(58);
        assert_eq!(given_up("x failed", 1, spent, None), "x failed after 1 try in 58 s");
        assert_eq!(
            given_up("x failed", 9, spent, Some(Duration::from_secs(60))),
            "Could not run migrations: Timeout after 60 seconds, 9 tries: x failed"
        );
    }
}
