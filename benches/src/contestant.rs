//! Who is measured: Underpin, sqlx's own migrator, and the driver by hand, each from connecting to closing.
//! What they are measured at is prepared beforehand, as a program would have it compiled in.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::runtime::Runtime;
use underpin::{Embedded, Limits, Migrator, Target};
use underpin_tests::Engine;

use crate::{Driver, Library};

/// No benchmark is to end by a limit of time.
const LIMIT: Duration = Duration::from_secs(3_600);

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contestant {
    /// The driver connects and sends `SELECT 1`.
    SelectOne,
    /// The driver sends all SQL as one script in one transaction, where the engine has one for it.
    Script,
    /// The driver sends the SQL statement by statement in one transaction.
    Statements,
    /// Underpin with the revisions embedded.
    Underpin,
    /// Underpin with the revisions embedded, on a database that has its history's tables already.
    UnderpinAgain,
    /// Underpin with the revisions in a directory, which it reads each time.
    UnderpinDirectory,
    /// sqlx's own migrator with the migrations embedded.
    Sqlx,
}

impl Contestant {
    /// Every contestant.
    pub const ALL: [Self; 6] = [
        Self::SelectOne,
        Self::Script,
        Self::Statements,
        Self::Underpin,
        Self::UnderpinDirectory,
        Self::Sqlx,
    ];

    /// One word, for command lines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SelectOne => "select-one",
            Self::Script => "script",
            Self::Statements => "statements",
            Self::Underpin => "underpin",
            Self::UnderpinAgain => "underpin-again",
            Self::UnderpinDirectory => "underpin-directory",
            Self::Sqlx => "sqlx",
        }
    }
}

impl fmt::Display for Contestant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SelectOne => "driver: `SELECT 1`",
            Self::Script => "driver, one script",
            Self::Statements => "driver, statement by statement",
            Self::Underpin => "Underpin",
            Self::UnderpinAgain => "Underpin, with its tables there",
            Self::UnderpinDirectory => "Underpin, directory",
            Self::Sqlx => "sqlx migrator",
        })
    }
}

/// What the contestants have in their hands.
#[derive(Debug)]
pub struct Equipment {
    embedded: &'static Embedded,
    directory: PathBuf,
    migrations: sqlx::migrate::Migrator,
    statements: Vec<String>,
}

impl Equipment {
    /// Prepares everything for a library; the files go into `directory`.
    ///
    /// # Errors
    /// If the files can't be written.
    pub fn new(library: &Library, directory: &Path) -> Result<Arc<Self>> {
        library.write(directory)?;
        Ok(Arc::new(Self {
            embedded: library.embedded()?,
            directory: directory.to_owned(),
            migrations: library.migrations(),
            statements: library.statements(),
        }))
    }

    /// Lets a contestant connect to a database, do its work there, and close the connection; returns how long that
    /// took. Each is a task of the runtime, as Underpin's run always is.
    ///
    /// # Errors
    /// The contestant's.
    pub fn time(
        self: &Arc<Self>,
        runtime: &Runtime,
        contestant: Contestant,
        engine: Engine,
        url: &str,
    ) -> Result<Duration> {
        let (equipment, url) = (Arc::clone(self), url.to_owned());
        let start = Instant::now();
        runtime.block_on(runtime.spawn(async move { equipment.run(contestant, engine, &url).await }))??;
        Ok(start.elapsed())
    }

    async fn run(&self, contestant: Contestant, engine: Engine, url: &str) -> Result<()> {
        match contestant {
            Contestant::Underpin | Contestant::UnderpinAgain | Contestant::UnderpinDirectory => {
                let report = self.migrator(contestant, url).await?.upgrade_to_head().await?;
                if !report.pending.is_empty() {
                    bail!("{} revisions are left", report.pending.len());
                }
                Ok(())
            }
            Contestant::SelectOne | Contestant::Script | Contestant::Statements | Contestant::Sqlx => {
                let mut driver = Driver::connect(engine, url).await?;
                self.drive(contestant, engine, &mut driver).await?;
                driver.close().await
            }
        }
    }

    async fn drive(&self, contestant: Contestant, engine: Engine, driver: &mut Driver) -> Result<()> {
        let (begin, commit) = match engine {
            Engine::Sqlite => ("BEGIN IMMEDIATE", "COMMIT"),
            Engine::Postgres => ("BEGIN", "COMMIT"),
            // Every change of the schema commits there.
            Engine::Mysql | Engine::Mariadb => ("SELECT 1", "SELECT 1"),
        };
        match contestant {
            Contestant::Sqlx => driver.migrate(&self.migrations).await,
            Contestant::Script => {
                driver.execute(&format!("{begin};\n{};\n{commit}", self.statements.join(";\n"))).await
            }
            Contestant::Statements => {
                driver.execute(begin).await?;
                for statement in &self.statements {
                    driver.execute(statement).await?;
                }
                driver.execute(commit).await
            }
            Contestant::SelectOne
            | Contestant::Underpin
            | Contestant::UnderpinAgain
            | Contestant::UnderpinDirectory => driver.execute("SELECT 1").await,
        }
    }

    /// Does what a contestant finds done already, which is not to be timed.
    ///
    /// # Errors
    /// The migrator's.
    pub async fn prepare(&self, contestant: Contestant, url: &str) -> Result<()> {
        if contestant == Contestant::UnderpinAgain {
            let migrator = self.migrator(Contestant::Underpin, url).await?;
            migrator.stamp(vec![Target::Head], false).await.context("no stamp")?;
            migrator.stamp(vec![Target::Base], true).await.context("no stamp back")?;
        }
        Ok(())
    }

    /// Lets both migrators count everything as applied, so that the next start is at the head.
    ///
    /// # Errors
    /// The migrators'.
    pub async fn mark(&self, engine: Engine, url: &str) -> Result<()> {
        let migrator = self.migrator(Contestant::Underpin, url).await?;
        migrator.stamp(vec![Target::Head], false).await.context("no stamp")?;
        let mut driver = Driver::connect(engine, url).await?;
        driver.mark(&self.migrations).await?;
        driver.close().await
    }

    async fn migrator(&self, contestant: Contestant, url: &str) -> Result<Migrator> {
        let builder = Migrator::builder().url(url).limits(Limits { run: Some(LIMIT), ..Limits::default() });
        let builder = match contestant {
            Contestant::UnderpinDirectory => builder.directory(&self.directory),
            _ => builder.migrations(self.embedded),
        };
        Ok(builder.build().await?)
    }
}
