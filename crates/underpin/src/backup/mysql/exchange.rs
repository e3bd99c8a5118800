//! Bringing a backup of MySQL or MariaDB back: it is loaded into a second database beside the one that it is
//! for, and then the tables of the two are exchanged by one `RENAME TABLE`, which is atomic ("Atomic Data
//! Definition Statement Support" in MySQL's manual, "Atomic DDL" in MariaDB's, since 10.6.1). Where the role may
//! not make databases, it is loaded in place, and no statement holds that together.

use std::{path::Path, time::Duration};

use tokio::{fs::File, time::Instant};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    name::{literal, quote},
};

use super::{
    super::{
        failure,
        phase::{Broken, Phase},
    },
    client::Client,
    contents::{Contents, qualified},
};
use crate::{
    ScratchServer,
    database::{DatabaseError, Interrupt, Session},
    history::HistoryTables,
    migrate::failed_to,
    point::{Point, reach},
    scratch::Scratch,
};

/// How long the exchange may take, which nothing interrupts, and one of its statements wait for a lock.
const EXCHANGING: Duration = Duration::from_secs(120);
const WAITING: Duration = Duration::from_secs(50);

/// What a dump is told of which only views, triggers, routines and events are wanted.
const PROGRAMS: [&str; 7] = [
    "--no-data",
    "--no-create-info",
    "--routines",
    "--triggers",
    "--events",
    "--skip-lock-tables",
    "--skip-comments",
];
const VIEWS: [&str; 4] = ["--no-data", "--skip-triggers", "--skip-lock-tables", "--skip-comments"];

/// Puts a backup in the place of what is there.
pub(super) async fn restore(
    session: &mut dyn Session,
    client: &Client<'_>,
    tables: &HistoryTables,
    file: &Path,
) -> Result<(), Broken> {
    let interrupt = client.programs.interrupt;
    let live = current(session, interrupt).await.map_err(Broken::untouched)?;
    if let Some(why) = hindrance(session, interrupt, &live).await.map_err(Broken::untouched)? {
        tracing::info!(target: "underpin::backup", "the backup is loaded in place: {why}");
        return in_place(session, client, &live, file).await;
    }
    let beside = match Beside::create(client).await {
        Ok(beside) => beside,
        Err(error) if error.kind == ErrorKind::Permission => {
            tracing::warn!(
                target: "underpin::backup",
                "the backup is loaded in place, and what is there is dropped first, because no database could be \
                 made beside it: {}; GRANT ALL ON `underpin\\_scratch\\_%`.* allows it",
                error.message
            );
            return in_place(session, client, &live, file).await;
        }
        Err(error) => return Err(Broken::untouched(failure::unrestored(error.message))),
    };
    let names = beside.names(live);
    let exchanged = match load(client, &names.fresh, file).await {
        Ok(()) => exchange(session, client, &names, tables).await,
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

/// What speaks against a second database: nothing that could be lost, or a table elsewhere whose foreign key
/// would follow ours into the one that is dropped.
async fn hindrance(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    live: &str,
) -> Result<Option<String>, Diagnostic> {
    if contents(session, interrupt, live).await?.is_empty() {
        return Ok(Some("the database is empty".to_owned()));
    }
    let name = literal(Dialect::Mysql, live);
    let question = format!(
        "SELECT CONSTRAINT_SCHEMA, TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS \
         WHERE UNIQUE_CONSTRAINT_SCHEMA = {name} AND CONSTRAINT_SCHEMA <> {name} LIMIT 1"
    );
    let rows = ask(session, interrupt, &question).await?;
    Ok(rows.first().map(|row| format!("{}.{} refers to a table of it", row.text(0), row.text(1))))
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

/// The databases of an exchange.
struct Names {
    live: String,
    fresh: String,
    old: String,
}

/// Exchanges what two databases have. It is short, and nothing interrupts it: what goes wrong is undone.
async fn exchange(
    session: &mut dyn Session,
    client: &Client<'_>,
    names: &Names,
    tables: &HistoryTables,
) -> Result<(), Broken> {
    let waiting = client.programs.interrupt.left().map_or(WAITING, |(left, _)| left.min(WAITING));
    let (_handle, patience) = Interrupt::new(Instant::now(), Some(EXCHANGING));
    let client = &client.under(&patience);
    let limits =
        format!("SET SESSION lock_wait_timeout = {}, foreign_key_checks = 0", waiting.as_secs().max(1));
    run(session, &patience, &limits).await.map_err(Broken::untouched)?;
    let exchange = Exchange::prepare(session, client, names, tables).await.map_err(Broken::untouched)?;
    let exchanged = exchange.carry_out(session, client).await;
    // The session may be gone, and what it was told with it.
    let _ = run(session, &patience, "SET SESSION foreign_key_checks = @@GLOBAL.foreign_key_checks").await;
    exchanged
}

/// What is needed for an exchange, and for undoing it.
struct Exchange<'a> {
    names: &'a Names,
    /// What the database has now, and what stands beside its tables, as a script.
    before: Contents,
    dress_before: Vec<u8>,
    /// The same of the backup.
    after: Contents,
    dress_after: Vec<u8>,
    /// The tables of the backup that come last: a run that finds none of them knows that something is wrong.
    last: Vec<String>,
}

impl<'a> Exchange<'a> {
    async fn prepare(
        session: &mut dyn Session,
        client: &Client<'_>,
        names: &'a Names,
        tables: &HistoryTables,
    ) -> Result<Self, Diagnostic> {
        let before = contents(session, client.programs.interrupt, &names.live).await?;
        let after = contents(session, client.programs.interrupt, &names.fresh).await?;
        if after.is_empty() {
            return Err(failure::unrestored("there is nothing in it"));
        }
        let dress_before = dress(client, &names.live, &names.live, &before).await?;
        let dress_after = dress(client, &names.fresh, &names.live, &after).await?;
        let of_history = format!("{}_", tables.prefix());
        let last = after.tables.iter().map(|table| table.name.clone());
        let last = last.filter(|name| name.starts_with(&of_history)).collect();
        Ok(Self { names, before, dress_before, after, dress_after, last })
    }

    async fn carry_out(&self, session: &mut dyn Session, client: &Client<'_>) -> Result<(), Broken> {
        let Names { live, fresh, .. } = self.names;
        let interrupt = client.programs.interrupt;
        let stripped = run(session, interrupt, &self.after.drop_triggers(fresh)).await;
        stripped.map_err(Broken::untouched)?;
        if self.before.has_triggers()
            && let Err(error) = run(session, interrupt, &self.before.drop_triggers(live)).await
        {
            return Err(self.dressed_again(session, client, error).await);
        }
        if let Err(error) = run(session, interrupt, &self.there()).await {
            return Err(match self.before.has_triggers() {
                true => self.dressed_again(session, client, error).await,
                false => Broken::untouched(error),
            });
        }
        reach(Point::TablesExchanged).await;
        let last = moves(self.last.iter(), fresh, live);
        let mut ended = put_on(session, client, live, &self.dress_after).await;
        if ended.is_ok() && !last.is_empty() {
            ended = run(session, interrupt, &format!("RENAME TABLE {}", last.join(", "))).await;
        }
        match ended {
            Ok(()) => Ok(()),
            Err(error) => match run(session, interrupt, &self.back()).await {
                Ok(()) => Err(self.dressed_again(session, client, error).await),
                Err(_) => Err(Broken::during(Phase::Exchanged, error)),
            },
        }
    }

    /// Takes what is there away, and puts the tables of the backup there, but for the last.
    fn there(&self) -> String {
        let Names { live, fresh, old } = self.names;
        let away = moves(self.before.tables.iter().map(|table| &table.name), live, old);
        let here = moves(self.first(), fresh, live);
        rename(away.into_iter().chain(here))
    }

    /// The same backwards.
    fn back(&self) -> String {
        let Names { live, fresh, old } = self.names;
        let away = moves(self.first(), live, fresh);
        let here = moves(self.before.tables.iter().map(|table| &table.name), old, live);
        rename(away.into_iter().chain(here))
    }

    fn first(&self) -> impl Iterator<Item = &String> {
        self.after.tables.iter().map(|table| &table.name).filter(|name| !self.last.contains(name))
    }

    /// Puts back what stood beside the tables, and tells how that leaves the database.
    async fn dressed_again(
        &self,
        session: &mut dyn Session,
        client: &Client<'_>,
        error: Diagnostic,
    ) -> Broken {
        match put_on(session, client, &self.names.live, &self.dress_before).await {
            Ok(()) => Broken::untouched(error),
            Err(_) => Broken::during(Phase::Undressed, error),
        }
    }
}

/// The views, triggers, routines and events of a database, as a script for another one.
async fn dress(
    client: &Client<'_>,
    of: &str,
    for_database: &str,
    contents: &Contents,
) -> Result<Vec<u8>, Diagnostic> {
    let mut text = client.dump(of, &PROGRAMS, &[]).await?;
    if !contents.views.is_empty() {
        let views: Vec<String> = contents.views.iter().map(|view| view.name.clone()).collect();
        text.extend(client.dump(of, &VIEWS, &views).await?);
    }
    if of == for_database {
        return Ok(text);
    }
    // Where a view names tables of several databases, the server names the database of each; and nobody else
    // has a name like that of a scratch database.
    let (from, to) = (quote(Dialect::Mysql, of), quote(Dialect::Mysql, for_database));
    Ok(replaced(&text, from.as_bytes(), to.as_bytes()))
}

/// Has a database exactly the views, triggers, routines and events of a script.
async fn put_on(
    session: &mut dyn Session,
    client: &Client<'_>,
    live: &str,
    script: &[u8],
) -> Result<(), Diagnostic> {
    let interrupt = client.programs.interrupt;
    let there = contents(session, interrupt, live).await?;
    run(session, interrupt, &there.drop_dress(live)).await?;
    client.load(live, script).await
}

fn name(scratch: &Scratch) -> String {
    scratch.database().as_url().and_then(|url| url.database_name()).unwrap_or_default().to_owned()
}

fn moves<'a>(tables: impl Iterator<Item = &'a String>, from: &str, to: &str) -> Vec<String> {
    tables.map(|table| format!("{} TO {}", qualified(from, table), qualified(to, table))).collect()
}

fn rename(moves: impl Iterator<Item = String>) -> String {
    let moves: Vec<String> = moves.collect();
    // A database may have views and routines alone.
    if moves.is_empty() { "DO 0".to_owned() } else { format!("RENAME TABLE {}", moves.join(", ")) }
}

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let (mut replaced, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        replaced.extend_from_slice(&rest[..at]);
        replaced.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    replaced.extend_from_slice(rest);
    replaced
}

async fn open(file: &Path) -> Result<File, Diagnostic> {
    let opened = File::open(file).await;
    opened.map_err(|error| failure::unrestored(format!("can't read {}: {error}", file.display())))
}

async fn contents(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    database: &str,
) -> Result<Contents, Diagnostic> {
    let canceller = session.canceller();
    answer(interrupt.guarded(Contents::of(session, database), &canceller).await)
}

async fn ask(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    question: &str,
) -> Result<Vec<crate::database::Row>, Diagnostic> {
    let canceller = session.canceller();
    answer(interrupt.guarded(session.fetch(question), &canceller).await)
}

/// Runs statements, of which the one that runs is cancelled when it is time to stop.
async fn run(session: &mut dyn Session, interrupt: &Interrupt, script: &str) -> Result<(), Diagnostic> {
    let canceller = session.canceller();
    let work = async { session.execute(script).await.map(drop).map_err(|failed| failed.error) };
    answer(interrupt.guarded(work, &canceller).await)
}

fn answer<T>(asked: Result<Result<T, DatabaseError>, crate::database::Stop>) -> Result<T, Diagnostic> {
    let answer = asked.map_err(|stop| stop.diagnostic("while a backup was restored"))?;
    answer.map_err(|error| failed_to(&error, "the backup could not be restored"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_name_is_replaced() {
        assert_eq!(replaced(b"`s`.`a`, `s`.`b`, `ss`", b"`s`", b"`live`"), b"`live`.`a`, `live`.`b`, `ss`");
        assert_eq!(replaced(b"", b"`s`", b"`live`"), b"");
    }

    #[test]
    fn tables_go_from_one_database_into_another() {
        let tables = ["a".to_owned(), "b`c".to_owned()];
        let text = rename(moves(tables.iter(), "one", "two").into_iter());
        assert_eq!(text, "RENAME TABLE `one`.`a` TO `two`.`a`, `one`.`b``c` TO `two`.`b``c`");
        assert_eq!(rename(std::iter::empty()), "DO 0");
    }
}
