//! Bringing a backup of MySQL or MariaDB back: it is loaded into a second database beside the one that it is
//! for, and the two are exchanged. Where the role may not make databases, it is loaded in place, and nothing
//! holds that together.

use std::path::Path;

use tokio::fs::File;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    name::literal,
};

use super::{
    super::{
        failure,
        phase::{Broken, Phase},
        restore::Restorer,
    },
    client::Client,
    confined,
    exchange::{Names, exchange},
    question::{ask, contents, run},
};
use crate::{
    ScratchServer,
    database::{Interrupt, Session},
    migrate::Event,
    point::{Point, reach},
    scratch::Scratch,
};

/// What lets a user make the second database.
const GRANT: &str = "GRANT ALL ON `underpin\\_scratch\\_%`.* TO …";

/// Puts a backup in the place of what is there.
pub(super) async fn restore(
    session: &mut dyn Session,
    client: &Client<'_>,
    restorer: &Restorer<'_>,
) -> Result<(), Broken> {
    let (file, events) = (restorer.file.as_path(), restorer.events);
    let interrupt = client.programs.interrupt;
    let live = current(session, interrupt).await.map_err(Broken::untouched)?;
    if restorer.confined {
        let dump = open(file).await.map_err(Broken::untouched)?;
        let loaded = confined::load(client, &live, dump).await;
        return loaded.map_err(|error| Broken::during(Phase::Emptied, error));
    }
    match hindrance(session, interrupt, &live).await.map_err(Broken::untouched)? {
        None => {}
        Some(Hindrance::Nothing) => return in_place(session, client, &live, file).await,
        Some(Hindrance::Reference(reason)) => {
            events.send(&Event::RestoringInPlace { reason });
            return in_place(session, client, &live, file).await;
        }
    }
    let beside = match Beside::create(client).await {
        Ok(beside) => beside,
        Err(error) if error.kind == ErrorKind::Permission => {
            let reason = format!("{}; {GRANT} allows a second one", error.message);
            events.send(&Event::RestoringInPlace { reason });
            return in_place(session, client, &live, file).await;
        }
        Err(error) => return Err(Broken::untouched(failure::unrestored(error.message))),
    };
    let names = beside.names(live);
    let exchanged = match load(client, &names.fresh, file).await {
        Ok(()) => exchange(session, client, &names, restorer.tables).await,
        Err(error) => Err(Broken::untouched(error)),
    };
    beside.remove().await;
    exchanged
}

/// The database of a session.
async fn current(session: &mut dyn Session, interrupt: &Interrupt) -> Result<String, Diagnostic> {
    let rows = ask(session, interrupt, "SELECT DATABASE()").await?;
    let name = rows.first().map(|row| row.text(0).to_owned()).unwrap_or_default();
    Ok(name)
}

/// What speaks against a second database.
enum Hindrance {
    /// There is nothing that could be lost.
    Nothing,
    /// A table elsewhere, whose foreign key would follow ours into the database that is dropped.
    Reference(String),
}

async fn hindrance(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    live: &str,
) -> Result<Option<Hindrance>, Diagnostic> {
    if contents(session, interrupt, live).await?.is_empty() {
        return Ok(Some(Hindrance::Nothing));
    }
    let name = literal(Dialect::Mysql, live);
    let question = format!(
        "SELECT CONSTRAINT_SCHEMA, TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS \
         WHERE UNIQUE_CONSTRAINT_SCHEMA = {name} AND CONSTRAINT_SCHEMA <> {name} LIMIT 1"
    );
    let rows = ask(session, interrupt, &question).await?;
    Ok(rows.first().map(|row| {
        Hindrance::Reference(format!("{}.{} refers to a table of this database", row.text(0), row.text(1)))
    }))
}

/// Empties the database and loads the dump. No transaction holds the two together.
async fn in_place(
    session: &mut dyn Session,
    client: &Client<'_>,
    live: &str,
    file: &Path,
) -> Result<(), Broken> {
    let interrupt = client.programs.interrupt;
    let dump = open(file).await.map_err(Broken::untouched)?;
    let script = contents(session, interrupt, live).await.map_err(Broken::untouched)?.drop_everything(live);
    let emptied = |error| Broken::during(Phase::Emptied, error);
    run(session, interrupt, &script).await.map_err(emptied)?;
    client.load(live, dump).await.map_err(emptied)
}

/// Two databases beside the one that the backup is for.
struct Beside {
    /// The backup is loaded into it.
    fresh: Scratch,
    /// What is replaced goes there.
    old: Scratch,
}

impl Beside {
    async fn create(client: &Client<'_>) -> Result<Self, Diagnostic> {
        let server = ScratchServer::of(client.database.clone());
        Ok(Self { fresh: server.create().await?, old: server.create().await? })
    }

    fn names(&self, live: String) -> Names {
        Names { live, fresh: name(&self.fresh), old: name(&self.old) }
    }

    async fn remove(self) {
        self.fresh.remove().await;
        self.old.remove().await;
    }
}

/// Loads the backup. What goes wrong here, goes wrong beside the database.
async fn load(client: &Client<'_>, fresh: &str, file: &Path) -> Result<(), Diagnostic> {
    let dump = open(file).await?;
    client.load(fresh, dump).await?;
    reach(Point::BackupLoaded).await;
    client.programs.interrupt.check().map_err(|stop| stop.diagnostic("while a backup was restored"))
}

fn name(scratch: &Scratch) -> String {
    scratch.database().as_url().and_then(|url| url.database_name()).unwrap_or_default().to_owned()
}

async fn open(file: &Path) -> Result<File, Diagnostic> {
    let opened = File::open(file).await;
    opened.map_err(|error| failure::unrestored(format!("can't read {}: {error}", file.display())))
}
