//! The start-up, the same one for every command: settings, database, report.

use std::{env, ffi::OsString, process::ExitCode};

use underpin::{
    Diagnostic, Embedded, ErrorKind, Health, OnFailure, SpawnedStartup, Startup, StartupOutcome,
    StartupReport, cli,
};

use crate::{
    ending::Ending,
    logging,
    store::{self, Store},
    talk,
};

/// What the shop is called.
const NAME: &str = "shop";

/// The shop's revisions, compiled in: nothing is read from a disk when it starts.
static MIGRATIONS: Embedded = underpin::embed!("migrations");

/// The tables of this version, for development without revisions: DEV_CREATE_TABLES creates those that
/// are missing.
const SCHEMA: &str = include_str!("../schema.sql");

/// The database of a shop that is told of none.
const DEFAULT_URL: &str = "sqlite:///./data/shop.db";

/// A directory of revisions to use instead of the embedded ones. A service of yours has no need of
/// it: it is how our tests give the shop revisions that fail.
const DIRECTORY: &str = "SHOP_MIGRATIONS";

/// A shop whose start-up went as it should, or as its operator lives with.
pub(crate) struct Started {
    pub(crate) report: StartupReport,
    pub(crate) health: Health,
    pub(crate) store: Store,
}

/// Why there is no shop; with the report, where there is one.
struct NotStarted {
    report: Option<Box<StartupReport>>,
    error: Diagnostic,
}

/// The shop's start-up, with whatever is settled already.
fn startup(settled: Startup) -> Startup {
    let startup = settled.default_url(DEFAULT_URL).schema_sql(SCHEMA).models(store::models());
    match env::var_os(DIRECTORY) {
        Some(directory) => startup.directory(directory),
        None => startup.migrations(&MIGRATIONS),
    }
}

/// Starts up, for a shop that goes on to serve.
pub(crate) async fn start(ending: &Ending) -> Result<Started, Diagnostic> {
    run(startup(Startup::new(NAME)), ending).await.map_err(|not| not.error)
}

/// Begins to start up behind a shop that serves already.
pub(crate) fn start_behind(ending: &Ending) -> Result<(SpawnedStartup, Store), Diagnostic> {
    let (startup, store) = prepare(startup(Startup::new(NAME)), ending)?;
    Ok((startup.spawn(), store))
}

/// Reads the settings, and puts together what follows them.
fn prepare(startup: Startup, ending: &Ending) -> Result<(Startup, Store), Diagnostic> {
    let settings = startup.load_settings()?;
    logging::start(settings.log())?;
    let store = Store::open(settings.database_url()?)?;
    Ok((startup.settings(settings).stop_switch(ending.switch()), store))
}

async fn run(startup: Startup, ending: &Ending) -> Result<Started, NotStarted> {
    let (startup, store) = prepare(startup, ending)?;
    match ending.or(startup.run_with_health()).await? {
        Ok((report, health)) => {
            let health = health.version(env!("CARGO_PKG_VERSION"));
            Ok(Started { report, health, store })
        }
        Err(failed) => Err(NotStarted { report: Some(failed.report), error: *failed.error }),
    }
}

/// `shop init`: the start-up alone, for a job that runs before the service does. It is strict: what
/// the service might live with is a failure here.
pub(crate) async fn init() -> Result<ExitCode, Diagnostic> {
    let startup = startup(Startup::new(NAME).on_failure(OnFailure::Abort).pinned().without_heartbeat());
    let started = run(startup, &Ending::listen()).await.map_err(|not| {
        talk::line("Database initialization failed");
        not.error
    })?;
    talk::startup(&started.report);
    match started.report.outcome {
        StartupOutcome::UpToDate
        | StartupOutcome::Applied
        | StartupOutcome::Ahead
        | StartupOutcome::Deferred => {
            talk::line("Database ready!");
            Ok(ExitCode::SUCCESS)
        }
        StartupOutcome::Pending
        | StartupOutcome::Created
        | StartupOutcome::Skipped
        | StartupOutcome::Degraded
        | StartupOutcome::Failed => {
            talk::line("Database initialization failed");
            Err(Diagnostic::new(ErrorKind::Pending, "the database was not brought to the latest revision")
                .state("nothing was changed")
                .hint("allow it with AUTO_MIGRATE_ON_STARTUP=true"))
        }
    }
}

/// `shop worker`: the start-up of a process that has no port. A real one would go on to its queue.
pub(crate) async fn report() -> Result<ExitCode, Diagnostic> {
    let (report, error) = match run(startup(Startup::new(NAME).without_heartbeat()), &Ending::listen()).await
    {
        Ok(started) => (Some(Box::new(started.report)), None),
        Err(NotStarted { report, error }) => (report, Some(error)),
    };
    if let Some(report) = report {
        let json = serde_json::to_string_pretty(&report);
        talk::line(json.map_err(|error| Diagnostic::new(ErrorKind::Internal, error.to_string()))?);
    }
    error.map_or(Ok(ExitCode::SUCCESS), Err)
}

/// `shop migrate`: Underpin's commands, which know the shop's revisions and its database.
pub(crate) async fn migrate(arguments: Vec<OsString>) -> ExitCode {
    let application = cli::Application::new(NAME)
        .called("shop migrate")
        .version(env!("CARGO_PKG_VERSION"))
        .default_url(DEFAULT_URL)
        .schema_sql(SCHEMA)
        .models(store::models());
    let application = match env::var_os(DIRECTORY) {
        Some(directory) => application.directory(directory),
        None => application.migrations(&MIGRATIONS),
    };
    ExitCode::from(cli::run(&application, arguments).await.code())
}

impl From<Diagnostic> for NotStarted {
    fn from(error: Diagnostic) -> Self {
        Self { report: None, error }
    }
}

#[cfg(test)]
mod tests {
    use underpin::{
        SchemaSource, SqlSchema,
        testing::{TestDatabase, assert_no_diff, assert_round_trip},
    };

    use super::MIGRATIONS;

    #[underpin::test(migrations = MIGRATIONS, databases(sqlite, postgres, mysql, mariadb))]
    async fn the_revisions_make_what_the_schema_says(database: TestDatabase) {
        let schema = SqlSchema::new("schema.sql", include_str!("../schema.sql")).expect("a schema");
        assert_no_diff(&database, &SchemaSource::desired(schema)).await;
    }

    #[underpin::test(migrations = MIGRATIONS, databases(sqlite, postgres, mysql, mariadb))]
    async fn what_goes_up_comes_down(database: TestDatabase) {
        assert_round_trip(database.server(), &MIGRATIONS).await;
    }

    #[underpin::test(migrations = MIGRATIONS, databases(sqlite))]
    async fn an_order_needs_a_customer(database: TestDatabase) -> Result<(), sqlx::Error> {
        let pool = database.sqlite_pool();
        let orphan = "INSERT INTO orders (customer_id, item, quantity, unit_price_cents, placed_at) \
            VALUES (1000, 'tea', 1, 1, 0)";
        assert!(sqlx::query(orphan).execute(&pool).await.is_err());
        pool.close().await;
        Ok(())
    }
}
