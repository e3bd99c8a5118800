//! A sample of the rows of a database in its scratch copy: the first of each table, and whatever they refer to, from
//! one snapshot. Which tables, columns and statements that are is decided in `core::sample`; no value is in any
//! message.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;

use async_trait::async_trait;
use serde::Serialize;
use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    sample::{Link, SamplePlan, SampledTable},
    schema::Schema,
};

use crate::{
    Scope,
    database::{Access, Database, DatabaseError, Errand, ErrorClass, Interrupt, Session},
    migrate::Migrator,
};

/// What of a table is in a sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CopiedTable {
    /// The table.
    pub table: String,
    /// How many of its first rows.
    pub rows: u64,
    /// How many more, because others refer to them.
    pub referred: u64,
}

/// What could not be done, and what the database said of it.
struct Fault {
    what: String,
    error: DatabaseError,
}

/// A key, each of its values as the statement that asks for it has to say it.
type Key = Vec<String>;

/// Two sessions, of which one reads and one writes.
#[async_trait]
trait Transfer: Send {
    /// Begins the snapshot, and makes the copy ready: empty, without anything that looks at single rows.
    async fn begin(&mut self) -> Result<(), Fault>;

    /// Copies the first rows of the table in this place; returns how many there were.
    async fn first_rows(&mut self, table: usize, limit: u64) -> Result<u64, Fault>;

    /// The next keys that rows of the copy refer to and none has, behind as many that no row has anywhere.
    async fn missing(&mut self, link: &Link, offset: u64) -> Result<Vec<Key>, Fault>;

    /// Copies the rows that have these keys; returns how many there were.
    async fn rows_of(&mut self, link: &Link, keys: &[Key]) -> Result<u64, Fault>;

    /// Lets the copy count on from where the database counts, and puts back what was taken away.
    async fn finish(&mut self) -> Result<(), Fault>;
}

impl Migrator {
    /// Fills a scratch database that has the tables of this one with up to `limit` rows of each, and with those
    /// that they refer to.
    pub(super) async fn fill_with_sample(
        &self,
        copy: &Database,
        limit: u64,
    ) -> Result<Vec<CopiedTable>, Diagnostic> {
        let scope = self.own(&Scope::default());
        let there = copy.inspect(&scope, self.limits.connect).await?;
        let live = self.database.inspect(&scope, self.limits.connect).await?;
        let plan = SamplePlan::of(&there, &live);
        let (_handle, interrupt) = Interrupt::new(Errand::REHEARSE, Instant::now(), self.limits.run);
        let from = self.database.connect(Access::Read, self.limits.connect, &interrupt).await?;
        let to = copy.connect(Access::Write, self.limits.connect, &interrupt).await?;
        let (Some(mut from), Some(mut to)) = (from, to) else { return Ok(Vec::new()) };
        let canceller = from.canceller();
        let copied = {
            let mut transfer = transfer(&plan, &live, from.as_mut(), to.as_mut())?;
            interrupt.guarded(transfer_all(transfer.as_mut(), &plan, limit), &canceller).await
        };
        let copied = copied.map_err(|stop| stop.diagnostic("while a sample of the rows was copied"))?;
        from.close().await;
        to.close().await;
        copied.map_err(|fault| self.database.redacted(fault.diagnostic()))
    }
}

fn transfer<'a>(
    plan: &'a SamplePlan,
    live: &Schema,
    from: &'a mut dyn Session,
    to: &'a mut dyn Session,
) -> Result<Box<dyn Transfer + 'a>, Diagnostic> {
    match live.flavour.dialect() {
        #[cfg(feature = "postgres")]
        Dialect::Postgres => Ok(Box::new(postgres::PostgresTransfer::new(plan, from, to))),
        #[cfg(feature = "mysql")]
        Dialect::Mysql => Ok(Box::new(mysql::MysqlTransfer::new(plan, live.flavour, from, to))),
        Dialect::Sqlite => Err(whole_already()),
        #[allow(unreachable_patterns, reason = "reachable where a driver is left out")]
        dialect => Err(Diagnostic::new(
            ErrorKind::Unsupported,
            format!("this program was built without the {dialect} driver"),
        )),
    }
}

/// Why there are no samples of SQLite.
pub(super) fn whole_already() -> Diagnostic {
    Diagnostic::new(
        ErrorKind::Usage,
        "there are no samples of SQLite: the copy has all rows of the database anyway",
    )
    .state("nothing was changed")
    .hint("leave --sample out")
}

/// Why there is no sample of no rows.
pub(super) fn of_nothing() -> Diagnostic {
    Diagnostic::new(ErrorKind::Usage, "a sample of 0 rows is none")
        .state("nothing was changed")
        .hint("without a sample, the copy of a server's database has its schema and no rows")
}

async fn transfer_all(
    transfer: &mut dyn Transfer,
    plan: &SamplePlan,
    limit: u64,
) -> Result<Vec<CopiedTable>, Fault> {
    transfer.begin().await?;
    let nothing = |table: &SampledTable| CopiedTable { table: table.shown(), rows: 0, referred: 0 };
    let mut copied: Vec<CopiedTable> = plan.tables.iter().map(nothing).collect();
    for (place, _) in plan.chosen() {
        copied[place].rows = transfer.first_rows(place, limit).await?;
    }
    // What was copied refers to rows itself; in circles too, of which each row is copied once.
    while follow(transfer, plan, &mut copied).await? {}
    transfer.finish().await?;
    copied.retain(|table| table.rows + table.referred > 0);
    Ok(copied)
}

/// Copies what rows of the copy refer to, each foreign key once; whether there was anything.
async fn follow(
    transfer: &mut dyn Transfer,
    plan: &SamplePlan,
    copied: &mut [CopiedTable],
) -> Result<bool, Fault> {
    let mut found = false;
    for link in &plan.links {
        // Keys that no row has, which there are where nobody has checked a foreign key, stay in front.
        let mut dangling = 0;
        loop {
            let keys = transfer.missing(link, dangling).await?;
            if keys.is_empty() {
                break;
            }
            match transfer.rows_of(link, &keys).await? {
                0 => dangling += u64::try_from(keys.len()).unwrap_or(u64::MAX),
                rows => {
                    copied[link.parent].referred += rows;
                    found = true;
                }
            }
        }
    }
    Ok(found)
}

impl Fault {
    fn new(what: impl Into<String>) -> impl FnOnce(DatabaseError) -> Self {
        let what = what.into();
        |error| Self { what, error }
    }

    /// What the server says of rows may repeat their values, and only the code of it is told.
    fn diagnostic(self) -> Diagnostic {
        let Self { what, error } = self;
        let (kind, speaks) = match error.class {
            ErrorClass::Permission => (ErrorKind::Permission, true),
            ErrorClass::Unavailable | ErrorClass::ConnectionLost | ErrorClass::Full => {
                (ErrorKind::Unavailable, true)
            }
            _ => (ErrorKind::Unavailable, false),
        };
        let said = match (speaks, error.code) {
            (true, _) => error.message,
            (false, Some(code)) => code,
            (false, None) => "the connection was of no use".to_owned(),
        };
        let diagnostic = Diagnostic::new(kind, format!("no sample could be copied: {what}: {said}"))
            .state("nothing was changed");
        match (kind, speaks) {
            (ErrorKind::Permission, _) => diagnostic.hint("grant the role the right to read the table"),
            (_, true) => diagnostic,
            (_, false) => diagnostic.hint(
                "the rest of what the server says may hold values, and is in its own log; `--from-backup` copies rows in another way",
            ),
        }
    }
}

/// Runs a script, if it says anything.
#[cfg(any(feature = "postgres", feature = "mysql"))]
async fn run(session: &mut dyn Session, script: &str) -> Result<(), DatabaseError> {
    if script.is_empty() {
        return Ok(());
    }
    session.execute(script).await.map(drop).map_err(|failure| failure.error)
}

#[cfg(test)]
mod tests {
    use underpin_core::schema::{ObjectId, ObjectKind};

    use super::*;

    /// A table whose rows refer to rows of its own by number; the copy has those that are in `copied`.
    struct Rows {
        refers: Vec<(u64, u64)>,
        copied: Vec<u64>,
    }

    #[async_trait]
    impl Transfer for Rows {
        async fn begin(&mut self) -> Result<(), Fault> {
            Ok(())
        }

        async fn first_rows(&mut self, _table: usize, limit: u64) -> Result<u64, Fault> {
            self.copied = (1..=limit).collect();
            Ok(limit)
        }

        async fn missing(&mut self, _link: &Link, offset: u64) -> Result<Vec<Key>, Fault> {
            let is_missing =
                |(from, to): &&(u64, u64)| self.copied.contains(from) && !self.copied.contains(to);
            let missing = self.refers.iter().filter(is_missing).map(|(_, to)| vec![to.to_string()]);
            Ok(missing.skip(usize::try_from(offset).unwrap_or_default()).take(1).collect())
        }

        async fn rows_of(&mut self, _link: &Link, keys: &[Key]) -> Result<u64, Fault> {
            let numbers: Vec<u64> = keys.iter().filter_map(|key| key[0].parse().ok()).collect();
            let there: Vec<u64> =
                numbers.into_iter().filter(|row| self.refers.iter().any(|(from, _)| from == row)).collect();
            self.copied.extend(&there);
            Ok(u64::try_from(there.len()).unwrap_or_default())
        }

        async fn finish(&mut self) -> Result<(), Fault> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn circles_end_and_what_refers_to_nothing_keeps_nobody_from_the_rest() {
        let table = SampledTable {
            id: ObjectId::new(ObjectKind::Table, None, "t"),
            columns: Vec::new(),
            key: Vec::new(),
            partitioned: false,
            partition: false,
        };
        let link = Link { child: 0, columns: Vec::new(), parent: 0, referenced: Vec::new() };
        let plan = SamplePlan { tables: vec![table], links: vec![link] };
        // 99 is nowhere; 5 leads back to 1.
        let refers = vec![(1, 99), (2, 4), (4, 5), (5, 1), (6, 7), (7, 6)];
        let mut rows = Rows { refers, copied: Vec::new() };
        let copied = transfer_all(&mut rows, &plan, 2).await.unwrap_or_default();
        assert_eq!(rows.copied, [1, 2, 4, 5]);
        assert_eq!(copied, [CopiedTable { table: "t".to_owned(), rows: 2, referred: 2 }]);
    }

    #[test]
    fn no_value_is_in_an_error() {
        let error = |class| DatabaseError {
            code: Some("SQLSTATE 23505".to_owned()),
            ..DatabaseError::new(class, "Key (email)=(me@here) already exists")
        };
        let fault = Fault::new("the rows of users")(error(ErrorClass::Violation)).diagnostic();
        assert_eq!(fault.message, "no sample could be copied: the rows of users: SQLSTATE 23505");
        let denied = Fault::new("the rows of users")(DatabaseError::new(ErrorClass::Permission, "denied"));
        assert!(denied.diagnostic().message.ends_with("denied"));
    }
}
