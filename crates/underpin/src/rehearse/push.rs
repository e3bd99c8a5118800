//! Making a database what is wanted without a revision: for development, where nothing is to be kept.
//! Nothing is recorded, so that the next revision brings what was pushed.

use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, timeout};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    difference::Difference,
    sql,
};

use crate::{
    database::{Access, DatabaseError, Errand, ErrorClass, Guard, Guarded, Interrupt, Row, Session},
    lock::Lock,
    migrate::{CLOSING, Migrator, failed_to, orphans::Orphans, wait, written},
};

/// What was pushed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pushed {
    /// What was done, a line for each thing.
    pub summary: Vec<String>,
}

impl Migrator {
    /// Carries out a difference that [`Migrator::diff`] has found, in a transaction where the engine has
    /// them for that, and under the migration lock. Whether it may be done is for the caller to say: never
    /// in production. Dropping the future stops it, as it stops a run.
    ///
    /// # Errors
    /// A statement that fails, which leaves the database as it was on SQLite and PostgreSQL; rows that
    /// would be left without the row that they refer to; a lock or a limit.
    pub async fn push(&self, difference: &Difference) -> Result<Pushed, Diagnostic> {
        let (handle, interrupt) = Interrupt::new(Errand::to("push"), Instant::now(), self.limits.run);
        let (migrator, pushed) = (self.clone(), difference.clone());
        let task = tokio::spawn(async move { migrator.push_within(&pushed, &interrupt).await });
        let ended = wait(task, handle, &self.stop).await.and_then(|ended| ended);
        ended.map_err(|error| self.database.redacted(error))?;
        Ok(Pushed { summary: difference.summary() })
    }

    async fn push_within(&self, difference: &Difference, interrupt: &Interrupt) -> Result<(), Diagnostic> {
        let statements = difference.statements()?;
        let flavour = difference.to.flavour;
        let text = written(flavour, statements.iter().map(|statement| statement.sql.as_str()));
        let transactional = statements.iter().all(|statement| statement.in_transaction);
        let session = self.database.connect(Access::Write, self.limits.connect, interrupt).await?;
        let mut session =
            session.ok_or_else(|| Diagnostic::new(ErrorKind::Internal, "no session was made"))?;
        let lock = match self.take_lock(session.as_mut(), interrupt, transactional).await {
            Ok(lock) => lock,
            Err(error) => {
                session.close().await;
                return Err(error);
            }
        };
        let mut pushing = Pushing {
            session: session.as_mut(),
            lock: &lock,
            interrupt,
            limit: self.limits.statement,
            whole: lock.is_transaction() || (transactional && flavour.transactional_ddl()),
        };
        let result = pushing.run(difference, &text).await;
        // A session that does not answer is broken off, and its lock goes with it.
        let end = async {
            match &result {
                Ok(()) => lock.committed(session.as_mut()).await,
                Err(_) => lock.release(session.as_mut()).await,
            }
            session.close().await;
        };
        let _ = timeout(CLOSING, end).await;
        result
    }

    /// Refuses in production.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`].
    pub fn refuse_push_in_production(settings: &crate::config::Settings) -> Result<(), Diagnostic> {
        if !settings.is_production() {
            return Ok(());
        }
        Err(Diagnostic::new(
            ErrorKind::Refused,
            "push is refused in production: what it does is in no revision and can't be taken back",
        )
        .state("nothing was changed")
        .hint("write a revision instead: underpin generate \"…\""))
    }
}

/// A difference that is being carried out, under the lock.
struct Pushing<'a> {
    session: &'a mut dyn Session,
    lock: &'a Lock,
    interrupt: &'a Interrupt,
    limit: Option<Duration>,
    /// Whether all of it is one transaction.
    whole: bool,
}

impl Pushing<'_> {
    async fn run(&mut self, difference: &Difference, text: &str) -> Result<(), Diagnostic> {
        let rows = self.interrupt.limit(refuse_rows(self.session, difference)).await;
        rows.map_err(|stop| stop.diagnostic(DURING).state("nothing was changed"))??;
        let dialect = difference.to.flavour.dialect();
        let statements = sql::split(dialect, text)
            .map_err(|error| Diagnostic::new(ErrorKind::Internal, error.to_string()))?;
        let before = self.orphans(dialect).await?;
        if self.whole && !self.lock.is_transaction() {
            self.send("BEGIN").await.map_err(|failed| self.told(&failed, 0, "BEGIN"))?;
        }
        for (done, statement) in statements.iter().enumerate() {
            if let Err(failed) = self.send(statement.text).await {
                let error = self.told(&failed, done, statement.text);
                if self.whole && !matches!(failed, Guarded::Abandoned(_)) {
                    // The error that counts is the first; a session that can't go back is closed.
                    let _ = self.session.execute("ROLLBACK").await;
                }
                return Err(error);
            }
        }
        refuse_orphans(&before, &self.orphans(dialect).await?)?;
        if self.whole {
            self.send("COMMIT").await.map_err(|failed| self.told_of_commit(&failed))?;
        }
        Ok(())
    }

    /// Sends a statement; one that is stopped is cancelled on the server, and not believed where it says
    /// that it is done all the same.
    async fn send(&mut self, statement: &str) -> Result<(), Guarded<DatabaseError>> {
        let canceller = self.session.canceller();
        let limit = self.limit;
        let sent = self.session.execute(statement);
        match self.interrupt.guard(sent, &canceller, limit).await {
            Ok(Guard::Done(_)) => Ok(()),
            Ok(Guard::DoneLate(_, stop)) => Err(Guarded::Late(stop)),
            Err(guarded) => Err(guarded.map(|failure| failure.error)),
        }
    }

    fn told(&self, guarded: &Guarded<DatabaseError>, done: usize, statement: &str) -> Diagnostic {
        let (diagnostic, cut_off) = match guarded {
            Guarded::Failed(error) => {
                let line = statement.lines().next().unwrap_or_default();
                let message = format!("the difference could not be pushed: {}, in {line}", error.with_code());
                let lost = error.class == ErrorClass::ConnectionLost;
                (Diagnostic::new(error.class.kind_of_statement(), message), lost)
            }
            Guarded::NotSent(stop) => (stop.diagnostic(DURING), done > 0),
            Guarded::Cancelled(stop, _) | Guarded::Abandoned(stop) | Guarded::Late(stop) => {
                (stop.diagnostic(DURING), true)
            }
        };
        match (self.whole, cut_off, done) {
            (true, _, _) | (false, false, 0) => diagnostic.state("nothing was changed"),
            (false, true, _) => diagnostic.state(CUT_OFF).hint(LEFT),
            (false, false, _) => diagnostic.state("what was done before it is still there").hint(LEFT),
        }
    }

    fn told_of_commit(&self, guarded: &Guarded<DatabaseError>) -> Diagnostic {
        match guarded {
            Guarded::Failed(error) if error.class != ErrorClass::ConnectionLost => {
                self.told(guarded, 0, "COMMIT")
            }
            Guarded::NotSent(_) => self.told(guarded, 0, "COMMIT"),
            Guarded::Failed(_) | Guarded::Cancelled(..) | Guarded::Abandoned(_) | Guarded::Late(_) => {
                let diagnostic = self.told(guarded, 0, "COMMIT");
                diagnostic
                    .state("it was cut off while it was committed, and nobody knows whether it was")
                    .hint(LEFT)
            }
        }
    }

    /// How many rows of each table refer to one that is not there; only SQLite has to be asked.
    async fn orphans(&mut self, dialect: Dialect) -> Result<Vec<Row>, Diagnostic> {
        match dialect {
            Dialect::Sqlite => Orphans::OfTables.count(self.session).await.map_err(|error| {
                failed_to(&error, "foreign keys could not be checked").state("nothing was changed")
            }),
            Dialect::Postgres | Dialect::Mysql => Ok(Vec::new()),
        }
    }
}

/// What a push is stopped in.
const DURING: &str = "while the difference was pushed";

/// The state after a push that no transaction holds was stopped.
const CUT_OFF: &str = "it was cut off: what was committed before is still there";

/// Where to look afterwards.
const LEFT: &str = "`underpin diff` shows what is left";

/// Refuses rows that would be left without the row that they refer to; those that are so already are
/// nobody's fault here.
fn refuse_orphans(before: &[Row], after: &[Row]) -> Result<(), Diagnostic> {
    let count = |row: &Row| row.integer(2).unwrap_or_default();
    let earlier = |row: &Row| {
        let same = before.iter().find(|other| (other.text(0), other.text(1)) == (row.text(0), row.text(1)));
        same.map(count).unwrap_or_default()
    };
    let pairs = |row: &Row| (row.text(0).to_owned(), row.text(1).to_owned());
    let was_unchecked =
        |row: &Row| before.iter().any(|other| other.is_unchecked() && pairs(other) == pairs(row));
    if let Some(row) = after.iter().find(|row| row.is_unchecked() && !was_unchecked(row)) {
        let message = format!(
            "the difference would leave a foreign key of {} to {} that SQLite can't check: its columns are no key there",
            row.text(0),
            row.text(1)
        );
        return Err(Diagnostic::new(ErrorKind::MigrationFailed, message)
            .state("nothing was changed")
            .hint("make the columns that it refers to unique as well"));
    }
    let Some(row) = after.iter().find(|row| count(row) > earlier(row).max(0)) else { return Ok(()) };
    let message = format!(
        "the difference would leave {} of {} that refer to no row of {}",
        match count(row) - earlier(row) {
            1 => "1 row".to_owned(),
            more => format!("{more} rows"),
        },
        row.text(0),
        row.text(1)
    );
    Err(Diagnostic::new(ErrorKind::MigrationFailed, message)
        .state("nothing was changed")
        .hint(format!("change or delete those rows of {} first, and push again", row.text(0))))
}

/// Refuses where rows stand in the way, and says how many. A query that can't be asked counts none: the
/// statement itself will tell.
async fn refuse_rows(session: &mut dyn Session, difference: &Difference) -> Result<(), Diagnostic> {
    let mut refused = Vec::new();
    for hazard in difference.hazards() {
        let Some(query) = &hazard.query else { continue };
        let Ok(rows) = session.fetch(query).await else { continue };
        let count = rows.first().and_then(|row| row.integer(0)).unwrap_or_default();
        if count > 0 {
            refused.push(format!("{} ({count})", hazard.message));
        }
    }
    match refused.is_empty() {
        true => Ok(()),
        false => Err(Diagnostic::new(ErrorKind::MigrationFailed, refused.join("; "))
            .state("nothing was changed")
            .hint("mend the rows first, or give the column a default")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_that_lose_what_they_refer_to_are_refused() {
        let row =
            |count: &str| Row(["orders", "customers", count].map(|text| Some(text.to_owned())).to_vec());
        assert!(refuse_orphans(&[row("2")], &[row("2")]).is_ok());
        assert!(refuse_orphans(&[row("2")], &[]).is_ok());
        let error = refuse_orphans(&[row("2")], &[row("3")]).expect_err("one more");
        assert!(error.message.contains("1 row of orders that refer to no row of customers"), "{error}");
        assert!(refuse_orphans(&[], &[row("1")]).is_err());
    }
}
