//! Creates the tables that a schema has and the database has not, and the types that they need. What is there already is never
//! touched, nothing is recorded as applied, and each new table is remembered as provisional.

use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    schema_file::{SchemaFile, SchemaTable},
};

use super::{dropping, list, quoted, rows};
use crate::{
    database::{Access, DatabaseError, Errand, Guard, Guarded, Interrupt, ScriptError, Session},
    history::{HistoryTables, JournalState, ProvisionalRecord, Snapshot, find_and_create_schema},
    lock::{Lock, LockSettings},
    migrate::{
        Migrator,
        catalog::Catalog,
        execute::failure,
        fingerprint,
        gate::Gate,
        run::{history_unreadable, reading},
        stop::wait,
    },
};

/// What creating the missing tables came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Created {
    /// The server, such as `PostgreSQL 16.4`.
    pub(crate) server: String,
    /// The tables that were created now.
    pub(crate) tables: Vec<String>,
}

/// A session that holds the lock, and what it needs to create tables.
struct Creation<'a> {
    session: &'a mut dyn Session,
    lock: &'a Lock,
    tables: HistoryTables,
    /// The schema of the history, where one was asked for.
    schema: Option<&'a str>,
    interrupt: &'a Interrupt,
    limit: Option<std::time::Duration>,
    run: String,
}

impl Migrator {
    /// Creates the tables that are missing. Dropping the future that this returns interrupts it.
    pub(crate) async fn create_missing(&self, schema: &SchemaFile) -> Result<Created, Diagnostic> {
        let start = Instant::now();
        let (handle, interrupt) =
            Interrupt::new(Errand::to("create the missing tables"), start, self.limits.run);
        let (migrator, schema) = (self.clone(), schema.clone());
        let task = tokio::spawn(async move {
            let mut session = migrator.open(Access::Write, &interrupt).await?;
            let created = migrator.create_on(session.as_mut(), &schema, &interrupt).await;
            session.close().await;
            created
        });
        let created = wait(task, handle, &self.stop).await.and_then(|created| created);
        created.map_err(|error| self.database.redacted(error))
    }

    async fn create_on(
        &self,
        session: &mut dyn Session,
        schema: &SchemaFile,
        interrupt: &Interrupt,
    ) -> Result<Created, Diagnostic> {
        let snapshot = reading(interrupt, self.look(session)).await?;
        let wanted = schema.tables(snapshot.server.flavour)?;
        let server = snapshot.server.title();
        let unfinished = reading(interrupt, read(session, &snapshot.tables)).await?;
        let catalog = reading(interrupt, Catalog::read(session)).await?;
        if missing(&catalog, &wanted).is_empty() && unfinished.iter().all(is_finished) {
            return Ok(Created { server, tables: Vec::new() });
        }
        let settings = LockSettings {
            service: self.service.clone(),
            run: self.actor().run,
            statement_timeout: self.limits.statement,
        };
        let lock = self.prepared_lock(session, &snapshot, &settings).await?;
        let waiting = self.waiting(&lock, interrupt);
        let Gate::Locked(now) = waiting.pass(session, |_| false).await? else {
            return Err(Diagnostic::new(ErrorKind::Internal, "the lock was passed without being taken"));
        };
        let mut creation = Creation {
            session: &mut *session,
            lock: &lock,
            tables: now.tables.clone(),
            schema: self.tables.schema(),
            interrupt,
            limit: self.limits.statement,
            run: settings.run,
        };
        let created = creation.run(&now, &wanted).await;
        lock.release(session).await;
        Ok(Created { server, tables: created? })
    }
}

impl Creation<'_> {
    fn dialect(&self) -> Dialect {
        self.session.server().flavour.dialect()
    }

    async fn run(&mut self, now: &Snapshot, wanted: &[SchemaTable]) -> Result<Vec<String>, Diagnostic> {
        self.refuse_unknown_fate(now).await?;
        let catalog = Catalog::read(self.session).await?;
        if missing(&catalog, wanted).is_empty()
            && read(self.session, &self.tables).await?.iter().all(is_finished)
        {
            return Ok(Vec::new());
        }
        self.own(&self.begin()).await?;
        let result = self.create(wanted).await;
        match (result, self.session.server().flavour.transactional_ddl()) {
            (Ok(created), true) => self.own("COMMIT").await.map(|()| created),
            (Ok(created), false) => Ok(created),
            (Err(error), true) => {
                // Fails only with the connection, whose end has the same effect.
                let _ = self.session.execute("ROLLBACK").await;
                Err(error.state("rolled back; no table was created"))
            }
            (Err(error), false) => Err(error),
        }
    }

    /// What a revision's statement that was under way has done is found out by what has changed since:
    /// nothing may change until a run has looked.
    async fn refuse_unknown_fate(&mut self, now: &Snapshot) -> Result<(), Diagnostic> {
        if now.state.as_ref().is_none_or(|state| state.dirty.is_none()) {
            return Ok(());
        }
        let journal = now.tables.read_journal(self.session).await.map_err(history_unreadable)?;
        match journal.iter().find(|entry| entry.state == JournalState::Started) {
            None => Ok(()),
            Some(entry) => Err(Diagnostic::new(
                ErrorKind::Dirty,
                format!(
                    "no table can be created now: revision {} was interrupted while statement {} of {} ran",
                    entry.revision,
                    entry.statement + 1,
                    entry.total
                ),
            )
            .state("nothing was changed now; what was done then is still there")
            .hint("finish it with `underpin upgrade`")),
        }
    }

    /// What opens the transaction, where one can hold all of it.
    fn begin(&self) -> String {
        match self.dialect() {
            // The lock is the transaction, as it is on PostgreSQL behind a pooler.
            Dialect::Sqlite => String::new(),
            Dialect::Postgres if self.lock.is_transaction() => String::new(),
            Dialect::Postgres => {
                let fence = self.lock.fence(&[]).map(|fence| format!("; {fence}")).unwrap_or_default();
                format!("BEGIN{fence}")
            }
            Dialect::Mysql => String::new(),
        }
    }

    async fn create(&mut self, wanted: &[SchemaTable]) -> Result<Vec<String>, Diagnostic> {
        self.prepare_records().await?;
        let mut position = self.tidy().await?;
        let catalog = Catalog::read(self.session).await?;
        let mut made: Vec<ProvisionalRecord> = Vec::new();
        for table in missing(&catalog, wanted) {
            position += 1;
            let record = ProvisionalRecord {
                schema: table.schema.clone().unwrap_or_else(|| catalog.current_schema.clone()),
                name: table.name.clone(),
                created_at: String::new(),
                position,
                run: self.run.clone(),
                statements: table.statements.iter().map(|statement| statement.text.clone()).collect(),
                fingerprint: None,
                adopted_by: None,
            };
            self.check_lock().await?;
            // First the record: where both can't be one transaction, a record without a table is
            // harmless, and a table without a record would be in the way for ever.
            self.own(&self.tables.remember_provisional(self.dialect(), &record)).await?;
            if let Err(error) = self.create_table(table).await {
                return Err(self.give_up(&record, &made, error).await);
            }
            made.push(record);
        }
        self.finish(&made).await?;
        Ok(made.into_iter().map(|record| record.name).collect())
    }

    async fn create_table(&mut self, table: &SchemaTable) -> Result<(), Diagnostic> {
        for statement in &table.statements {
            if let Err(guarded) = self.send(&statement.text).await {
                let guarded = guarded.map(|failure| failure.error);
                return Err(failure::of_schema(statement, &guarded, &table.name));
            }
        }
        Ok(())
    }

    /// Takes back the table that could not be finished, where no transaction does.
    async fn give_up(
        &mut self,
        record: &ProvisionalRecord,
        made: &[ProvisionalRecord],
        error: Diagnostic,
    ) -> Diagnostic {
        if self.session.server().flavour.transactional_ddl() {
            return error;
        }
        // If this fails, the record stays unfinished, and whoever comes next takes the table back.
        let drop = format!("DROP TABLE IF EXISTS {}", quoted(self.dialect(), record));
        if self.session.execute(&drop).await.is_ok() {
            let _ = self.session.execute(&self.tables.forget_provisional(self.dialect(), record)).await;
        }
        let _ = self.finish(made).await;
        let names: Vec<String> = made.iter().map(|record| record.name.clone()).collect();
        error.state(match names[..] {
            [] => "no table was created".to_owned(),
            _ => format!("{} were created before, and are provisional", list(&names)),
        })
    }

    /// Remembers how the new tables are now that all of them are there: those that refer to others
    /// show in the catalog's words on these.
    async fn finish(&mut self, made: &[ProvisionalRecord]) -> Result<(), Diagnostic> {
        let dialect = self.dialect();
        for record in made {
            let print = fingerprint::of_names(self.session, vec![record.name.clone()]).await;
            let print = print.map_err(|error| unwritten(&error))?;
            self.own(&self.tables.finish_provisional(dialect, record, &print.hash)).await?;
        }
        Ok(())
    }

    /// Makes the table of provisional tables, and the schema that it is to be in.
    async fn prepare_records(&mut self) -> Result<(), Diagnostic> {
        let dialect = self.dialect();
        if let Some((find, create)) = self.schema.and_then(|schema| find_and_create_schema(schema, dialect))
            && self.session.fetch(&find).await.map_err(|error| unwritten(&error))?.is_empty()
        {
            self.own(&create).await?;
        }
        self.own(&self.tables.create_provisional(dialect)).await
    }

    /// Forgets the tables that are gone, and takes back those that a run was cut off in, unless
    /// somebody has filled them. Returns the last place in the order of their making.
    async fn tidy(&mut self) -> Result<i64, Diagnostic> {
        let dialect = self.dialect();
        let records = read(self.session, &self.tables).await?;
        let catalog = Catalog::read(self.session).await?;
        for record in &records {
            let forget = self.tables.forget_provisional(dialect, record);
            if !catalog.has(record.kind(dialect), Some(&record.schema), &record.name) {
                self.own(&forget).await?;
            } else if !is_finished(record) && rows(self.session, record).await? == 0 {
                self.own(&dropping(dialect, record)).await?;
                self.own(&forget).await?;
            }
        }
        Ok(records.last().map_or(0, |record| record.position))
    }

    /// Whether the lock is still ours, where no transaction says so.
    async fn check_lock(&mut self) -> Result<(), Diagnostic> {
        if self.dialect() != Dialect::Mysql {
            return Ok(());
        }
        let sql = format!("SELECT 1 WHERE {}", self.lock.guard());
        match self.session.fetch(&sql).await {
            Ok(rows) if !rows.is_empty() => Ok(()),
            Ok(_) => Err(failure::lock_lost()),
            Err(error) => Err(failure::database(&error, "the lock could not be verified")),
        }
    }

    /// Sends statements of our own.
    async fn own(&mut self, script: &str) -> Result<(), Diagnostic> {
        if script.is_empty() {
            return Ok(());
        }
        self.send(script).await.map_err(|guarded| failure::own(&guarded, UNWRITTEN))
    }

    async fn send(&mut self, script: &str) -> Result<(), Guarded<ScriptError>> {
        let canceller = self.session.canceller();
        match self.interrupt.guard(self.session.execute(script), &canceller, self.limit).await? {
            Guard::Done(_) => Ok(()),
            Guard::DoneLate(_, stop) => Err(Guarded::Late(stop)),
        }
    }
}

const UNWRITTEN: &str = "the missing tables could not be recorded";

fn unwritten(error: &DatabaseError) -> Diagnostic {
    failure::database(error, UNWRITTEN)
}

fn is_finished(record: &ProvisionalRecord) -> bool {
    record.fingerprint.is_some()
}

async fn read(
    session: &mut dyn Session,
    tables: &HistoryTables,
) -> Result<Vec<ProvisionalRecord>, Diagnostic> {
    tables.read_provisional(session).await.map_err(history_unreadable)
}

fn missing<'a>(catalog: &Catalog, wanted: &'a [SchemaTable]) -> Vec<&'a SchemaTable> {
    wanted.iter().filter(|table| !catalog.has(table.kind, table.schema.as_deref(), &table.name)).collect()
}
